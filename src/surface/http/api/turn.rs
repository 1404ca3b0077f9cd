//! Switching automation off and on, as it is asked.

use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::signal::LONGEST_FIELD;
use crate::surface::http::changes::Line;
use crate::surface::http::problem::Problem;
use crate::surface::watching::OffShown;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    off: Option<String>,
    on: Option<bool>,
    service: Option<String>,
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
    /// The service; without one: everything.
    #[schema(value_type = Option<Line>, examples("checkout"))]
    service: Option<String>,
}

/// On.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SwitchOn {
    /// It is never said to be false.
    #[schema(value_type = True)]
    on: bool,
    /// The service; without one: everything, but for what was switched off by itself.
    #[schema(value_type = Option<Line>, examples("checkout"))]
    service: Option<String>,
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
#[schema(as = Switched)]
pub(super) struct Turned {
    /// What was turned: a service; null: everything.
    pub(super) service: Option<String>,
    /// Why it is off; null: it is on.
    pub(super) off: Option<String>,
    /// Who turned it.
    pub(super) by: String,
    /// All that is off now.
    pub(super) switched_off: Vec<OffShown>,
}

/// What is switched off.
#[derive(Serialize, ToSchema)]
pub(super) struct AllOff {
    /// All of it.
    pub(super) switched_off: Vec<OffShown>,
}

/// What is to be turned: a service or everything; why that is to be off; nothing: it is to be on.
pub(super) fn read(body: &[u8]) -> Result<(Option<String>, Option<String>), Problem> {
    let help = "send `{\"off\": \"the reason\"}` or `{\"on\": true}`, with a `service` where it is about one";
    let bad = |error: String| Problem::bad(error, help);
    let asked: Asked =
        serde_json::from_slice(body).map_err(|error| bad(format!("this switches nothing: {error}")))?;
    match asked {
        Asked { off: None, on: Some(true), service } => Ok((service, None)),
        Asked { off: Some(why), on: None, service } => {
            if why.trim().is_empty() {
                return Err(bad("whoever finds automation off will want to know why".to_owned()));
            }
            if LONGEST_FIELD < why.len() || why.contains(char::is_control) {
                return Err(bad(format!("a reason is one line of up to {LONGEST_FIELD} bytes")));
            }
            Ok((service, Some(why)))
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
            (r#"{"off":"maintenance"}"#, Some((None, Some("maintenance".to_owned())))),
            (r#"{"on":true}"#, Some((None, None))),
            (
                r#"{"off":"a sale","service":"shop"}"#,
                Some((Some("shop".to_owned()), Some("a sale".to_owned()))),
            ),
            (r#"{"on":true,"service":"shop"}"#, Some((Some("shop".to_owned()), None))),
            (r#"{"service":"shop"}"#, None),
            (r#"{"off":"x","servce":"shop"}"#, None),
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
