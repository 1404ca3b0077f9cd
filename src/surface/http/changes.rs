//! Changes as pipelines tell of them, and as they are shown.

use ring::digest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::signal::{
    Change, ChangeId, ChangeKind, LONGEST_FIELD, Provenance, TargetKey, TrafficPart, TrafficPartError,
};
use crate::surface::http::problem::Problem;
use crate::unit::{Name, Span, UnixMillis, hex, nearest};

/// How far ahead the clock of whoever tells may be.
pub const LATEST: Span = Span::from_secs(5 * 60);
/// How long ago a change may be that is told of.
pub const EARLIEST: Span = Span::from_secs(7 * 24 * 3_600);

/// A change as it is told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeTold)]
pub(super) struct Told {
    /// The service that was changed.
    #[schema(value_type = Line, examples("checkout"))]
    service: String,
    /// Its environment.
    #[schema(max_length = 4096, examples("production"))]
    environment: Option<String>,
    /// Its cluster.
    #[schema(max_length = 4096)]
    cluster: Option<String>,
    /// The version that the change brought.
    #[schema(value_type = Line, examples("2.4.1"))]
    version: String,
    /// The version that it took the place of.
    #[schema(max_length = 4096, examples("2.4.0"))]
    previous: Option<String>,
    /// What kind of change it is; a deployment, where that is not said.
    #[schema(value_type = Option<KindWord>)]
    kind: Option<String>,
    /// When it took effect: RFC 3339, or whole seconds since 1970, in the last seven days and no more than five minutes ahead;
    /// now, where that is not said.
    #[schema(value_type = Option<Moment>)]
    at: Option<Value>,
    /// Who made it.
    #[schema(max_length = 4096)]
    author: Option<String>,
    /// The commit that it was built from.
    #[schema(max_length = 4096)]
    git_sha: Option<String>,
    /// A page about it.
    #[schema(max_length = 4096, pattern = "^(https?://.*)?$", examples("https://ci.example.com/1"))]
    link: Option<String>,
    /// What it is meant to do, where a rule has thresholds of its own for that.
    #[schema(max_length = 4096)]
    intent: Option<String>,
    /// How risky it is held to be, likewise.
    #[schema(max_length = 4096)]
    risk: Option<String>,
    /// Whether what ran before can run again as it was: where it cannot, as after a migration that drops a column, a person is
    /// asked before anything goes back past it. It can, where that is not said.
    reversible: Option<bool>,
    /// Its part of the traffic.
    #[schema(pattern = r"^(100|[0-9]{1,2}(\.[0-9]{1,2})?)%$", examples("5%"))]
    weight: Option<String>,
    /// What tells it from every other; made of the kind, the target, the version and the time, where it is not said.
    #[schema(max_length = 4096)]
    id: Option<String>,
}

/// A line with something in it, no longer than a field may be.
pub(super) struct Line;

impl PartialSchema for Line {
    fn schema() -> RefOr<Schema> {
        let line = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(LONGEST_FIELD));
        line.pattern(Some(r"^[^\x00-\x1f\x7f-\x9f]*\S[^\x00-\x1f\x7f-\x9f]*$")).into()
    }
}

impl ToSchema for Line {}

/// A kind of change.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "it is the set of words, which kinds of changes know themselves")]
pub(super) enum KindWord {
    /// A new version of a service, all at once.
    Deployment,
    /// A new version beside the old one.
    Canary,
    /// A change of configuration.
    Config,
    /// A change beneath the service.
    Infrastructure,
    /// A feature flag that was turned.
    Flag,
}

/// A moment.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "it is the two ways in which one is written")]
pub(super) enum Moment {
    /// RFC 3339, or the seconds as a text.
    Written(String),
    /// Seconds since 1970.
    Seconds(i64),
}

/// A change as it is shown.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Change)]
pub struct Shown {
    /// What tells it from every other.
    #[schema(examples("chg_0f2a9c01b7e3"))]
    pub id: String,
    /// What kind of change it is.
    #[schema(value_type = KindWord)]
    pub kind: &'static str,
    /// The service that was changed.
    pub service: String,
    /// Its environment.
    pub environment: Option<String>,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The version that the change brought.
    pub version: String,
    /// The version that it took the place of.
    pub previous: Option<String>,
    /// When it took effect.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who made it.
    pub author: Option<String>,
    /// The commit that it was built from.
    pub git_sha: Option<String>,
    /// A page about it.
    pub link: Option<String>,
    /// What it is meant to do.
    pub intent: Option<String>,
    /// How risky it is held to be.
    pub risk: Option<String>,
    /// Whether what ran before can run again as it was.
    pub reversible: bool,
    /// Its part of the traffic.
    #[schema(examples("5%"))]
    pub weight: Option<String>,
    /// Who told of it: `authenticated`, `unauthenticated` or `inferred`.
    #[schema(examples("authenticated"))]
    pub provenance: &'static str,
    /// Who that was, where it is somebody known.
    #[schema(examples("ci"))]
    pub told_by: Option<String>,
}

/// The change that a body tells of. One that does not say when is taken to be of now.
///
/// Whoever tells of one change twice should say when it was: from that, the service, the version and the kind, both get
/// the same id, and so are one.
pub fn read(
    body: &[u8],
    now: UnixMillis,
    (provenance, told_by): (Provenance, Option<Name>),
) -> Result<Change, Problem> {
    let told: Told = serde_json::from_slice(body).map_err(|error| {
        Problem::bad(
            format!("this tells of no change: {error}"),
            "send a JSON object such as `{\"service\": \"checkout\", \"version\": \"2.4.1\"}`",
        )
    })?;
    let at = moment(told.at.as_ref(), now)?;
    let kind = kind(told.kind.as_deref())?;
    let target = TargetKey {
        service: required("service", told.service)?,
        environment: optional("environment", told.environment)?,
        cluster: optional("cluster", told.cluster)?,
    };
    let version = required("version", told.version)?;
    let id = match optional("id", told.id)? {
        Some(id) => ChangeId(id),
        None => derived(kind, &target, &version, at),
    };
    Ok(Change {
        id,
        kind,
        target,
        version,
        previous: optional("previous", told.previous)?,
        at,
        author: optional("author", told.author)?,
        git_sha: optional("git_sha", told.git_sha)?,
        link: address(optional("link", told.link)?)?,
        intent: optional("intent", told.intent)?,
        risk: optional("risk", told.risk)?,
        irreversible: told.reversible == Some(false),
        weight: weight(told.weight.as_deref())?,
        provenance,
        told_by,
    })
}

fn required(field: &str, text: String) -> Result<String, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::bad(format!("`{field}` is empty"), format!("say which {field} it is")));
    }
    if LONGEST_FIELD < text.len() {
        let error = format!("`{field}` has {} bytes, and {LONGEST_FIELD} are the most", text.len());
        return Err(Problem::bad(error, "say it in fewer words"));
    }
    if let Some(bad) = text.chars().find(|c| c.is_control()) {
        let error = format!("`{field}` holds the control character {bad:?}");
        return Err(Problem::bad(error, "take it out"));
    }
    Ok(text)
}

/// A field that may be left out; one that is empty is.
fn optional(field: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    text.filter(|text| !text.is_empty()).map(|text| required(field, text)).transpose()
}

fn weight(text: Option<&str>) -> Result<Option<TrafficPart>, Problem> {
    let bad = |error: TrafficPartError| {
        Problem::bad(format!("`weight`: {error}"), "leave it out where nobody knows")
    };
    text.map(|text| text.parse().map_err(bad)).transpose()
}

fn kind(word: Option<&str>) -> Result<ChangeKind, Problem> {
    let Some(word) = word else { return Ok(ChangeKind::Deployment) };
    let words = ChangeKind::NAMED.map(|(word, _)| word);
    ChangeKind::NAMED.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind).ok_or_else(|| {
        let help = match nearest(word, words) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it is one of {}", words.join(", ")),
        };
        let shown: String = word.chars().take(40).collect();
        Problem::bad(format!("`{shown}` is no kind of change"), help)
    })
}

fn moment(at: Option<&Value>, now: UnixMillis) -> Result<UnixMillis, Problem> {
    let at: Option<UnixMillis> = match at {
        None => return Ok(now),
        Some(Value::String(text)) => text.parse().ok(),
        Some(Value::Number(number)) => number.to_string().parse().ok(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => None,
    };
    let Some(at) = at else {
        let help = "write RFC 3339, as in `2026-11-21T14:30:00Z`, or whole seconds since 1970";
        return Err(Problem::bad("`at` is no time", help));
    };
    if LATEST < at.since(now) {
        let error = format!("`at` is {at}, which is {} from now", at.since(now));
        let help = format!(
            "nothing is told of more than {LATEST} ahead; see whether both clocks are right (here it is {now})"
        );
        return Err(Problem::bad(error, help));
    }
    if EARLIEST < now.since(at) {
        let error = format!("`at` is {at}, which is {} ago", now.since(at));
        let help = format!(
            "changes are taken that are up to {EARLIEST} old; is it in seconds, and not milliseconds?"
        );
        return Err(Problem::bad(error, help));
    }
    Ok(at)
}

/// An address that a page may link to: one that a browser opens, and does not run.
fn address(link: Option<String>) -> Result<Option<String>, Problem> {
    match link {
        Some(link) if !["https://", "http://"].iter().any(|scheme| link.starts_with(scheme)) => Err(
            Problem::bad("`link` is no address of a page", "write a whole one: `https://ci.example.com/1`"),
        ),
        link => Ok(link),
    }
}

/// An id that the same change always gets.
fn derived(kind: ChangeKind, target: &TargetKey, version: &str, at: UnixMillis) -> ChangeId {
    let mut hash = digest::Context::new(&digest::SHA256);
    let (environment, cluster) = (target.environment.as_deref(), target.cluster.as_deref());
    for part in [
        kind.word(),
        &target.service,
        environment.unwrap_or_default(),
        cluster.unwrap_or_default(),
        version,
        &at.millis().to_string(),
    ] {
        // With its length, no part can pass for a piece of another.
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    ChangeId(format!("chg_{}", hex(&hash.finish().as_ref()[..6])))
}

/// A change as it is shown.
pub fn shown(change: &Change) -> Shown {
    Shown {
        id: change.id.0.clone(),
        kind: change.kind.word(),
        service: change.target.service.clone(),
        environment: change.target.environment.clone(),
        cluster: change.target.cluster.clone(),
        version: change.version.clone(),
        previous: change.previous.clone(),
        at: change.at.to_string(),
        author: change.author.clone(),
        git_sha: change.git_sha.clone(),
        link: change.link.clone(),
        intent: change.intent.clone(),
        risk: change.risk.clone(),
        reversible: !change.irreversible,
        weight: change.weight.map(|weight| weight.to_string()),
        provenance: match change.provenance {
            Provenance::Authenticated => "authenticated",
            Provenance::Unauthenticated => "unauthenticated",
            Provenance::Inferred => "inferred",
        },
        told_by: change.told_by.as_ref().map(ToString::to_string),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 2026-11-21T14:30:00Z
    const NOW: UnixMillis = UnixMillis::new(1_795_271_400_000);

    fn told(text: &str) -> Result<Change, Problem> {
        read(text.as_bytes(), NOW, (Provenance::Authenticated, None))
    }

    /// A change with these fields beside those that have to be there.
    fn with(fields: &str) -> Result<Change, Problem> {
        told(&format!("{{\"service\":\"a\",\"version\":\"1\",{fields}}}"))
    }

    #[test]
    fn reads_all_that_is_told() {
        let text = r#"{"service":"checkout","environment":"production","cluster":"eu-1","version":"2.4.1",
            "previous":"2.4.0","kind":"canary","at":"2026-11-21T14:29:00Z","author":"ada","git_sha":"abc",
            "link":"https://ci.example.com/1","intent":"schema-change","risk":"high","weight":"2.5%","id":"build-17"}"#;
        let change = told(text).unwrap();
        let value = json!(shown(&change));
        let sent: Value = serde_json::from_str(text).unwrap();
        for (field, told) in sent.as_object().unwrap() {
            assert_eq!(&value[field], told, "{field}");
        }
        assert_eq!(value["provenance"], "authenticated");
    }

    #[test]
    fn fills_in_what_is_left_out() {
        let change = told(r#"{"service":"checkout","version":"2","previous":"","author":null}"#).unwrap();
        assert_eq!(
            (change.kind, change.at, change.previous, change.author),
            (ChangeKind::Deployment, NOW, None, None)
        );
        let value = json!(shown(&told(r#"{"service":"checkout","version":"2"}"#).unwrap()));
        assert_eq!((&value["environment"], &value["kind"]), (&Value::Null, &"deployment".into()));
    }

    #[test]
    fn times_are_near_and_written_either_way() {
        for (at, read) in [
            ("1795271400", Some(0)),
            ("\"1795271400\"", Some(0)),
            ("\"2026-11-21T15:30:00+01:00\"", Some(0)),
            ("\"2026-11-21T14:30:00.250Z\"", Some(250)),
            ("1795271700", Some(300_000)),
            ("1795271701", None),
            ("1794666600", Some(-604_800_000)),
            ("1794666599", None),
            ("1795271400000", None),
            ("1795271400.5", None),
            ("-1", None),
            ("\"yesterday\"", None),
            ("true", None),
            ("[1795271400]", None),
            ("99999999999999999999", None),
        ] {
            let change = with(&format!("\"at\":{at}"));
            assert_eq!(change.map(|change| change.at.millis() - NOW.millis()).ok(), read, "{at}");
        }
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let long = format!("\"author\":\"{}\"", "x".repeat(LONGEST_FIELD + 1));
        for (fields, error) in [
            ("\"servce\":\"b\"", "unknown field `servce`"),
            ("\"service\":\"b\"", "duplicate field `service`"),
            ("\"author\":7", "expected a string"),
            ("\"weight\":\"0.05\"", "`weight`: `0.05` is no part of the traffic"),
            ("\"author\":\"a\\u001b[31m\"", "`author` holds the control character"),
            ("\"version2\":1", "unknown field `version2`"),
            ("\"kind\":\"deploymnt\"", "`deploymnt` is no kind of change"),
            ("\"link\":\"javascript:alert(1)\"", "`link` is no address"),
            ("\"previous\":\"  \"", "`previous` is empty"),
            (&long, "`author` has 4097 bytes"),
        ] {
            let problem = with(fields).unwrap_err();
            assert_eq!(problem.status().as_u16(), 400);
            assert!(problem.error().contains(error), "{fields:.40}: {}", problem.error());
        }
        for (text, error) in [
            ("", "EOF"),
            ("{}", "missing field `service`"),
            (r#"{"service":"a"}"#, "missing field `version`"),
            (r#"{"service":"","version":"1"}"#, "`service` is empty"),
            (r#"{"service":"a","version":" "}"#, "`version` is empty"),
            (r#"{"service":"a","version":"1"} x"#, "trailing characters"),
            ("[]", "this tells of no change"),
            ("\u{1}", "this tells of no change"),
        ] {
            let problem = told(text).unwrap_err();
            assert!(problem.error().contains(error), "{text}: {}", problem.error());
        }
        assert!(with(&format!("\"author\":\"{}\"", "x".repeat(LONGEST_FIELD))).is_ok());
    }

    #[test]
    fn told_twice_it_is_one() {
        let id = |fields: &str| with(fields).unwrap().id.0;
        let one = id("\"at\":1795271400");
        assert_eq!(one, id("\"at\":\"2026-11-21T14:30:00Z\",\"author\":\"ada\",\"kind\":\"deployment\""));
        assert!(one.len() == 16 && one.starts_with("chg_"), "{one}");
        for other in [
            "\"at\":1795271401",
            "\"at\":1795271400,\"kind\":\"canary\"",
            "\"at\":1795271400,\"environment\":\"b\"",
            "\"at\":1795271400,\"cluster\":\"b\"",
        ] {
            assert_ne!(one, id(other), "{other}");
        }
        // No part passes for a piece of another.
        assert_ne!(id("\"environment\":\"b\",\"at\":1795271400"), id("\"cluster\":\"b\",\"at\":1795271400"));
        assert_eq!(id("\"id\":\"build-17\""), "build-17");
    }
}
