//! Switching automation off and on, as it is asked.

use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::signal::LONGEST_FIELD;
use crate::surface::http::changes::Line;
use crate::surface::http::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    off: Option<String>,
    on: Option<bool>,
}

/// Automation, off for a reason or on: one of the two.
#[derive(Serialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
#[expect(dead_code, reason = "it is the two ways in which it is asked")]
pub(super) enum Switch {
    /// Off.
    Off(SwitchOff),
    /// On again.
    On(SwitchOn),
}

/// Off, for a reason.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchOff {
    /// Why: one line.
    #[schema(value_type = Line, examples("maintenance"))]
    off: String,
}

/// On.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchOn {
    /// It is never said to be false.
    #[schema(value_type = True)]
    on: bool,
}

/// What is only ever true.
pub(super) struct True;

impl PartialSchema for True {
    fn schema() -> RefOr<Schema> {
        let values = [serde_json::Value::Bool(true)];
        ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some(values)).into()
    }
}

impl ToSchema for True {}

/// How automation stands now.
#[derive(Serialize, ToSchema)]
pub(super) struct Switched {
    /// Why it is off; null: it is on.
    pub(super) off: Option<String>,
    /// Who turned it.
    pub(super) by: String,
}

/// Why automation is to be off; nothing: it is to be on.
pub(super) fn read(body: &[u8]) -> Result<Option<String>, Problem> {
    let help = "send `{\"off\": \"the reason\"}` or `{\"on\": true}`";
    let bad = |error: String| Problem::bad(error, help);
    let asked: Asked =
        serde_json::from_slice(body).map_err(|error| bad(format!("this switches nothing: {error}")))?;
    match asked {
        Asked { off: None, on: Some(true) } => Ok(None),
        Asked { off: Some(why), on: None } => {
            if why.trim().is_empty() {
                return Err(bad("whoever finds automation off will want to know why".to_owned()));
            }
            if LONGEST_FIELD < why.len() || why.contains(char::is_control) {
                return Err(bad(format!("a reason is one line of up to {LONGEST_FIELD} bytes")));
            }
            Ok(Some(why))
        }
        Asked { .. } => Err(bad("this says neither off nor on".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_off_for_a_reason_or_on() {
        let long = format!("{{\"off\":\"{}\"}}", "x".repeat(LONGEST_FIELD + 1));
        for (text, read_as) in [
            (r#"{"off":"maintenance"}"#, Some(Some("maintenance".to_owned()))),
            (r#"{"on":true}"#, Some(None)),
            (r#"{"on":false}"#, None),
            (r#"{"off":"x","on":true}"#, None),
            (r#"{"off":" "}"#, None),
            (r#"{"off":"a\nb"}"#, None),
            (r#"{"off":true}"#, None),
            (r#"{"of":"x"}"#, None),
            ("{}", None),
            ("", None),
            (&long, None),
        ] {
            assert_eq!(read(text.as_bytes()).ok(), read_as, "{text:.40}");
        }
    }
}
