//! Freezes, as they are announced, told and lifted.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decision::{Announced, Kind, LONGEST_FREEZE, LONGEST_WHY};
use crate::signal::LONGEST_FIELD;
use crate::surface::freezes::Freezes;
use crate::surface::http::api::{Answered, Front, LARGEST_JSON};
use crate::surface::http::auth::Caller;
use crate::surface::http::body;
use crate::surface::http::changes::Line;
use crate::surface::http::problem::{self, Problem};
use crate::unit::{Name, UnixMillis, nearest};

const HELP: &str = "send `{\"freeze\": \"peak\", \"why\": \"the reason\", \"until\": \"2026-12-01T00:00:00Z\"}`, \
                    with `services`, `environments` and `holds` as lists where it is not about everything";

/// The most patterns of a freeze.
const MOST_PATTERNS: usize = 100;

/// A freeze as it is announced. It begins now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FreezeTold)]
pub(super) struct Told {
    /// What it is called.
    #[schema(examples("peak"))]
    freeze: String,
    /// Why nothing may be changed: one line.
    #[schema(value_type = Line, examples("the busiest days"))]
    why: String,
    /// When it is over: RFC 3339, within 30 days.
    #[schema(examples("2026-12-01T00:00:00Z"))]
    until: String,
    /// The services that it is about, with `*` for any letters; without them: all.
    #[serde(default)]
    services: Option<Vec<String>>,
    /// The environments, likewise.
    #[serde(default)]
    environments: Option<Vec<String>>,
    /// What it holds back, by what actions are for; without it: all but `notify`.
    #[serde(default)]
    holds: Option<Vec<String>>,
}

/// A freeze that holds, or one that is lifted.
#[derive(Serialize, ToSchema)]
pub(super) struct Frozen {
    /// What it is called.
    freeze: String,
    /// Who announced or lifted it.
    by: String,
}

/// Announces a freeze from now on: nothing that it is about is changed without a person until it is over.
#[utoipa::path(
    post, path = "/v1/freezes", tag = "freezes", request_body = Told,
    responses(
        (status = 201, description = "It holds", body = Frozen),
        (status = 400, description = "It is none, or would hold nothing", body = problem::Told),
        (status = 409, description = "There is one of this name, or there are too many", body = problem::Told),
        (status = 413, description = "It is larger than a freeze may be", body = problem::Told),
        (status = 415, description = "It is not said to be JSON", body = problem::Told),
    )
)]
pub(super) async fn announce(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    body::is_json(&headers)?;
    let announced = read(&body::read(body, LARGEST_JSON).await?, caller.to_string(), front.desk.now())?;
    let frozen = Frozen { freeze: announced.name.to_string(), by: announced.by.clone() };
    front.desk.freeze(announced).await??;
    Ok((StatusCode::CREATED, Json(frozen)).into_response())
}

/// Tells of freezes: those that were announced, and those of the server file.
#[utoipa::path(
    get, path = "/v1/freezes", tag = "freezes",
    responses((status = 200, description = "Freezes", body = Freezes))
)]
pub(super) async fn list(State(front): State<Front>) -> Answered {
    Ok(Json(front.desk.freezes().await?).into_response())
}

/// Lifts a freeze that was announced.
#[utoipa::path(
    delete, path = "/v1/freezes/{name}", tag = "freezes",
    params(("name" = String, Path, description = "What it is called", example = "peak")),
    responses(
        (status = 200, description = "It is lifted", body = Frozen),
        (status = 400, description = "That is no name", body = problem::Told),
        (status = 404, description = "None of this name was announced", body = problem::Told),
        (status = 409, description = "It stands in the server file", body = problem::Told),
    )
)]
pub(super) async fn lift(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    name: Result<Path<String>, PathRejection>,
) -> Answered {
    let help = "`GET /v1/freezes` tells of those that there are";
    let Path(text) = name.map_err(|error| Problem::bad(error.body_text(), help))?;
    let name: Name = text.parse().map_err(|error| Problem::bad(format!("{error}"), help))?;
    let frozen = Frozen { freeze: name.to_string(), by: caller.to_string() };
    front.desk.lift(name, caller.to_string()).await??;
    Ok(Json(frozen).into_response())
}

/// The freeze that a body tells of, from now on.
fn read(body: &[u8], by: String, now: UnixMillis) -> Result<Announced, Problem> {
    let bad = |error: String| Problem::bad(error, HELP);
    let told: Told =
        serde_json::from_slice(body).map_err(|error| bad(format!("this tells of no freeze: {error}")))?;
    let name: Name = told.freeze.parse().map_err(|error| bad(format!("`freeze`: {error}")))?;
    let why = told.why;
    if why.trim().is_empty() || LONGEST_WHY < why.len() || why.contains(char::is_control) {
        return Err(bad(format!(
            "`why` is one line of up to {LONGEST_WHY} bytes that says why nothing may be changed"
        )));
    }
    let until: UnixMillis = told.until.parse().map_err(|error| bad(format!("`until`: {error}")))?;
    if until <= now {
        return Err(bad(format!("`until` is {until}, and now it is {now} already")));
    }
    if now.plus(LONGEST_FREEZE) < until {
        let error = format!("`until` is {until}, which is more than {LONGEST_FREEZE} from now ({now})");
        return Err(Problem::bad(error, "write it into `freezes:` of the server file"));
    }
    Ok(Announced {
        name,
        why,
        by,
        from: now,
        until,
        services: patterns("services", told.services)?,
        environments: patterns("environments", told.environments)?,
        holds: holds(told.holds)?,
    })
}

fn patterns(key: &str, told: Option<Vec<String>>) -> Result<Vec<String>, Problem> {
    let Some(told) = told else { return Ok(Vec::new()) };
    if told.is_empty() || MOST_PATTERNS < told.len() {
        let error = format!("`{key}` names {}, and may name 1 to {MOST_PATTERNS}", told.len());
        return Err(Problem::bad(error, "leave it out, for all of them"));
    }
    let is_wrong = |text: &&String| {
        text.trim().is_empty() || LONGEST_FIELD < text.len() || text.contains(char::is_control)
    };
    match told.iter().find(is_wrong) {
        Some(text) => Err(Problem::bad(format!("`{key}` has `{text}`, which is no name"), HELP)),
        None => Ok(told),
    }
}

fn holds(told: Option<Vec<String>>) -> Result<std::collections::BTreeSet<Kind>, Problem> {
    let known: Vec<_> = Kind::NAMED.into_iter().filter(|(_, kind)| kind.changes_target()).collect();
    let Some(told) = told else {
        return Ok(known.iter().map(|(_, kind)| *kind).chain([Kind::Other]).collect());
    };
    let kind = |text: &String| {
        let named = known.iter().find(|(word, _)| word == text);
        named.map(|(_, kind)| *kind).ok_or_else(|| {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            let help = match nearest(text, words.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("what may be held: `{}`", words.join("`, `")),
            };
            Problem::bad(format!("`holds` has `{text}`, which is nothing that changes a target"), help)
        })
    };
    if told.is_empty() {
        return Err(Problem::bad("`holds` is empty, so nothing would be held", HELP));
    }
    told.iter().map(kind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freeze_has_a_reason_and_an_end() {
        let now: UnixMillis = "2026-11-27T00:00:00Z".parse().unwrap();
        let whole = r#"{"freeze":"peak","why":"busy","until":"2026-12-01T00:00:00Z"}"#;
        let with = |more: &str| whole.replace('}', &format!(",{more}}}"));
        for (body, expected) in [
            (whole.to_owned(), ""),
            (with(r#""services":["shop","cart-*"],"environments":["production"],"holds":["rollback"]"#), ""),
            (r#"{"freeze":"peak","until":"2026-12-01T00:00:00Z"}"#.to_owned(), "missing field `why`"),
            (r#"{"freeze":"peak","why":"busy"}"#.to_owned(), "missing field `until`"),
            (whole.replace("busy", " "), "`why` is one line"),
            (
                whole.replace("2026-12-01T00:00:00Z", "2026-11-27T00:00:00Z"),
                "now it is 2026-11-27T00:00:00Z already",
            ),
            (whole.replace("2026-12-01T00:00:00Z", "2026-12-27T00:00:00Z"), ""),
            (whole.replace("2026-12-01T00:00:00Z", "2026-12-27T00:00:01Z"), "more than 30d from now"),
            (whole.replace("2026-12-01T00:00:00Z", "monday"), "`until`:"),
            (whole.replace("peak", "no name!"), "`freeze`:"),
            (with(r#""services":[]"#), "`services` names 0"),
            (with(r#""services":[""]"#), "which is no name"),
            (with(r#""holds":[]"#), "`holds` is empty"),
            (with(r#""holds":["rolback"]"#), "did you mean `rollback`?"),
            (with(r#""holds":["notify"]"#), "nothing that changes a target"),
            (with(r#""hold":["rollback"]"#), "unknown field `hold`"),
        ] {
            let read = read(body.as_bytes(), "jo".to_owned(), now).map_err(|problem| problem.to_string());
            match read {
                Ok(announced) => assert!(expected.is_empty() && announced.from == now, "{body}"),
                Err(why) => assert!(!expected.is_empty() && why.contains(expected), "{body}: {why}"),
            }
        }
    }
}
