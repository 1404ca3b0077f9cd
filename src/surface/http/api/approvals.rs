//! What people are asked, and what they say to it.

use std::collections::BTreeSet;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::decision::DecisionId;
use crate::engine::{NotAsked, Said};
use crate::surface::approvals::Approvals;
use crate::surface::http::api::{Answered, Front, LARGEST_JSON};
use crate::surface::http::auth::Caller;
use crate::surface::http::body;
use crate::surface::http::changes::Line;
use crate::surface::http::problem::{self, Problem};

/// The most bytes of a reason.
const LONGEST_WHY: usize = 1_000;

/// What somebody says to what they are asked.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Consent {
    /// Whether it is to be done. A no holds for this change.
    approve: bool,
    /// What they were shown to speak against it, by the words of `GET /v1/approvals`. All of it has to be named.
    #[serde(default)]
    #[schema(examples(json!(["needs_approval"])))]
    lifts: BTreeSet<String>,
    /// Why: one line.
    #[serde(default)]
    #[schema(value_type = Option<Line>, nullable = false)]
    why: String,
}

/// What came of it.
#[derive(Serialize, ToSchema)]
struct Counted {
    /// The decision.
    #[schema(examples("4f2a9c01b7e3d655-1"))]
    decision: String,
    /// How many agreed so far.
    people: usize,
    /// How many have to.
    needed: usize,
    /// What is done now: `act`, `ask` or `hold`.
    #[schema(examples("act"))]
    course: String,
}

/// Tells what people are asked now, the oldest first.
#[utoipa::path(
    get, path = "/v1/approvals", tag = "approvals",
    responses((status = 200, description = "What waits for somebody", body = Approvals))
)]
pub(super) async fn approvals(State(front): State<Front>) -> Answered {
    Ok(Json(front.desk.approvals().await?).into_response())
}

/// Says yes or no to what a decision asks.
///
/// Whoever told of the change, or made it, may not agree. It is answered once it is written down.
#[utoipa::path(
    post, path = "/v1/decisions/{id}/approval", tag = "approvals", request_body = Consent,
    params(("id" = String, Path, description = "The id of the decision", pattern = "^[0-9a-f]{1,16}-[0-9]{1,9}$",
        example = "4f2a9c01b7e3d655-1")),
    responses(
        (status = 200, description = "It counts", body = Counted),
        (status = 400, description = "It says nothing to what is asked", body = problem::Told),
        (status = 404, description = "There is no such decision", body = problem::Told),
        (status = 409, description = "That is not asked any more, or not of them", body = problem::Told),
        (status = 413, description = "It is larger than that may be", body = problem::Told),
        (status = 415, description = "It is not said to be JSON", body = problem::Told),
    )
)]
pub(super) async fn approve(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    let help = "`GET /v1/approvals` tells what is asked";
    let Path(text) = id.map_err(|error| Problem::bad(error.body_text(), help))?;
    let decision: DecisionId = text.parse().map_err(|error| Problem::bad(format!("{error}"), help))?;
    body::is_json(&headers)?;
    let said = read(&body::read(body, LARGEST_JSON).await?)?;
    let nobody = || {
        let help = "give out a token with `may: [approve]` under `access:` in the server file";
        Problem::new(StatusCode::FORBIDDEN, "nobody knows who says so", help)
    };
    let by = caller.name().ok_or_else(nobody)?;
    let Consent { approve: agrees, lifts, why } = said;
    let agreed =
        front.desk.say(Said { decision, by, agrees, lifts, why }).await?.map_err(|why| refused(&why))?;
    let counted = Counted {
        decision: decision.to_string(),
        people: agreed.people,
        needed: agreed.needed,
        course: agreed.course.to_string(),
    };
    Ok(Json(counted).into_response())
}

fn read(body: &[u8]) -> Result<Consent, Problem> {
    let help =
        "send `{\"approve\": true, \"lifts\": [..]}`, with the words of `holds` in `GET /v1/approvals`";
    let said: Consent = serde_json::from_slice(body)
        .map_err(|error| Problem::bad(format!("this says neither yes nor no: {error}"), help))?;
    if LONGEST_WHY < said.why.len() || said.why.chars().any(char::is_control) {
        let error = format!("`why` is a line of up to {LONGEST_WHY} bytes");
        return Err(Problem::bad(error, "say it in fewer words"));
    }
    Ok(said)
}

fn refused(why: &NotAsked) -> Problem {
    let (status, help) = match why {
        NotAsked::Unknown(_) => (StatusCode::NOT_FOUND, "`GET /v1/approvals` tells what is asked"),
        NotAsked::Over(_) | NotAsked::Expired { .. } | NotAsked::NotLiftable(_) => {
            (StatusCode::CONFLICT, "`GET /v1/approvals` tells what is asked now")
        }
        NotAsked::OwnChange(_) | NotAsked::Already(_) => {
            (StatusCode::CONFLICT, "ask somebody else, with a token of their own")
        }
        NotAsked::NotSpoken(_) | NotAsked::LeftOut(_) => {
            (StatusCode::BAD_REQUEST, "name in `lifts` each `word` of `holds` in `GET /v1/approvals`")
        }
    };
    Problem::new(status, why.to_string(), help)
}
