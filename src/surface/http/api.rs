//! The routes: what can be asked, by whom, and who answers.

mod approvals;
mod desk;
mod document;
mod freezes;
mod happenings;
mod incidents;
mod reload;
mod routes;
mod turn;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};

use crate::decision::{DecisionId, Turn};
use crate::signal::ChangeId;
use crate::surface::decisions::Decision;
use crate::surface::http::api::turn::{Switch, Turned};
use crate::surface::http::auth::{Access, Caller, identify};
use crate::surface::http::body;
use crate::surface::http::changes;
use crate::surface::http::problem::{self, Problem};
use crate::surface::http::query;
use crate::surface::http::samples;
use crate::surface::watching::{Chosen, GATES, MOST_GATES, Watching, offs};

pub use desk::{
    Desk, NotFrozen, NotReloaded, NotSwitched, Pending, Recorded, Reloaded, Unavailable, WriteError,
};
pub use incidents::ALERTS_AT_ONCE;

/// The most bytes of what is asked in JSON: every field of a change at its longest.
const LARGEST_JSON: usize = 128 * 1024;
/// The most bytes of samples, compressed.
const LARGEST_WRITE: usize = 32 * 1024 * 1024;
/// How many bodies of samples are read at once: together with their size, how much memory they take.
pub const WRITES_AT_ONCE: usize = 16;
/// How many changes are listed at most.
pub const CHANGES_AT_ONCE: usize = 1_000;
/// How many changes are listed where nobody said.
const CHANGES: usize = 100;

/// What every route has at hand.
#[derive(Clone)]
pub(super) struct Front {
    pub(super) desk: Arc<dyn Desk>,
    writes: Arc<Semaphore>,
    alerts: Arc<Semaphore>,
    pub(super) plans: Arc<query::Plans>,
}

/// What can be asked about a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// How many changes are listed.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<usize>,
}

/// Which gates are asked about.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The change whose gates are asked about, with what each check shows.
    #[param(nullable = false)]
    change: Option<String>,
    /// How many gates are shown.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<usize>,
}

/// What became of a change that was told.
#[derive(Serialize, ToSchema)]
struct Kept {
    /// What tells it from every other.
    #[schema(examples("chg_0f2a9c01b7e3"))]
    id: String,
    /// Whether nobody had told of it before.
    new: bool,
}

/// The last changes.
#[derive(Serialize, ToSchema)]
struct Changes {
    /// The newest first.
    #[schema(value_type = Vec<changes::Shown>)]
    changes: Vec<serde_json::Value>,
}

type Answered = Result<Response, Problem>;

/// All routes.
pub fn router(desk: Arc<dyn Desk>, access: Access) -> Router {
    routes::all()
        .fallback(nowhere)
        .method_not_allowed_fallback(otherwise)
        .layer(from_fn_with_state(Arc::new(access), identify))
        .layer(map_response(plainly))
        .with_state(Front {
            desk,
            writes: Arc::new(Semaphore::new(WRITES_AT_ONCE)),
            alerts: Arc::new(Semaphore::new(ALERTS_AT_ONCE)),
            plans: Arc::default(),
        })
}

/// Records a change. It is answered once that cannot be lost any more.
///
/// Whoever tells of one change twice should say when it was: from that, the service, the version and the kind both get the
/// same id, and so are one.
#[utoipa::path(
    post, path = "/v1/changes", tag = "changes", request_body = changes::Told,
    responses(
        (status = 201, description = "It is recorded", body = Kept),
        (status = 200, description = "It was known already", body = Kept),
        (status = 400, description = "It tells of no change", body = problem::Told),
        (status = 413, description = "It is larger than a change may be", body = problem::Told),
        (status = 415, description = "It is not said to be JSON", body = problem::Told),
    )
)]
async fn record(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    body::is_json(&headers)?;
    let body = body::read(body, LARGEST_JSON).await?;
    let change = changes::read(&body, front.desk.now(), (caller.provenance(), caller.name()))?;
    let recorded = front.desk.record_change(change).await?;
    let status = if recorded.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(Kept { id: recorded.id.0, new: recorded.new })).into_response())
}

/// Lists the last changes, the newest first.
#[utoipa::path(
    get, path = "/v1/changes", tag = "changes", params(Page),
    responses(
        (status = 200, description = "The last changes", body = Changes),
        (status = 400, description = "That is no number of changes", body = problem::Told),
    )
)]
async fn list(State(front): State<Front>, page: Result<Query<Page>, QueryRejection>) -> Answered {
    let help = format!("ask for `?limit=N`, with N from 1 to {CHANGES_AT_ONCE}");
    let Query(page) = page.map_err(|error| Problem::bad(error.body_text(), &help))?;
    let limit = page.limit.unwrap_or(CHANGES);
    if !(1..=CHANGES_AT_ONCE).contains(&limit) {
        return Err(Problem::bad(format!("{limit} changes cannot be listed"), help));
    }
    let changes = front.desk.changes(limit).await?;
    Ok(Json(Changes { changes }).into_response())
}

/// Tells what is watched now, where it stands, and what is on its way.
///
/// Gates that watch something come before those that stopped, and those of the newest changes first. `left_out` tells how many
/// more there are than were asked for.
#[utoipa::path(
    get, path = "/v1/gates", tag = "gates", params(Which),
    responses(
        (status = 200, description = "What is watched", body = Watching),
        (status = 400, description = "That asks for nothing that is here", body = problem::Told),
    )
)]
async fn gates(State(front): State<Front>, which: Result<Query<Which>, QueryRejection>) -> Answered {
    let help = format!(
        "ask for `?change=ID`, with an id that `GET /v1/changes` tells, or for all, and for `limit=N`, with N from 1 to \
         {MOST_GATES}"
    );
    let Query(which) = which.map_err(|error| Problem::bad(error.body_text(), &help))?;
    let limit = which.limit.unwrap_or(GATES);
    if !(1..=MOST_GATES).contains(&limit) {
        return Err(Problem::bad(format!("{limit} gates cannot be shown"), help));
    }
    let chosen = Chosen { change: which.change.map(ChangeId), limit };
    Ok(Json(front.desk.gates(chosen).await?).into_response())
}

/// Tells of a decision with its grounds.
#[utoipa::path(
    get, path = "/v1/decisions/{id}", tag = "decisions",
    params(("id" = String, Path, description = "The id of the decision", pattern = "^[0-9a-f]{1,16}-[0-9]{1,9}$",
        example = "4f2a9c01b7e3d655-1")),
    responses(
        (status = 200, description = "The decision", body = Decision),
        (status = 400, description = "That is no id of a decision", body = problem::Told),
        (status = 404, description = "There is no such decision", body = problem::Told),
    )
)]
async fn decision(State(front): State<Front>, id: Result<Path<String>, PathRejection>) -> Answered {
    let help = "`GET /v1/gates` tells of decisions by their ids";
    let Path(text) = id.map_err(|error| Problem::bad(error.body_text(), help))?;
    let id: DecisionId = text.parse().map_err(|error| Problem::bad(format!("{error}"), help))?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, format!("there is no decision {id}"), help);
    Ok(Json(front.desk.decision(id).await?.ok_or_else(missing)?).into_response())
}

/// Switches automation off, for a reason, or on: for everything, or for one service.
///
/// What is off is so at once, also for whatever is on its way to a receiver; this is answered once it is written down. What the
/// `switch_file` of the server file holds is lifted there alone.
#[utoipa::path(
    post, path = "/v1/switch", tag = "switch", request_body = Switch,
    responses(
        (status = 200, description = "How automation stands now", body = Turned),
        (status = 400, description = "It says neither off nor on, gives no reason, or names no service that is known",
            body = problem::Told),
        (status = 409, description = "A file holds it", body = problem::Told),
        (status = 413, description = "It is larger than a reason may be", body = problem::Told),
        (status = 415, description = "It is not said to be JSON", body = problem::Told),
    )
)]
async fn switch(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    body::is_json(&headers)?;
    let (service, off) = turn::read(&body::read(body, LARGEST_JSON).await?)?;
    let by = caller.to_string();
    let turn = Turn { service: service.clone(), off: off.clone(), by: by.clone(), file: false };
    front.desk.switch(turn).await?;
    let switched_off = offs(&front.desk.switches()?);
    Ok(Json(Turned { service, off, by, switched_off }).into_response())
}

/// Tells what is switched off.
#[utoipa::path(
    get, path = "/v1/switch", tag = "switch",
    responses((status = 200, description = "What is switched off", body = turn::AllOff))
)]
async fn switches(State(front): State<Front>) -> Answered {
    Ok(Json(turn::AllOff { switched_off: offs(&front.desk.switches()?) }).into_response())
}

/// Takes samples, as Prometheus's remote write 1.0 sends them.
#[utoipa::path(
    post, path = "/api/v1/write", tag = "prometheus",
    request_body(
        content = samples::Block, content_type = "application/x-protobuf",
        description = "The message `prometheus.WriteRequest`, compressed with snappy"
    ),
    params(
        ("Content-Encoding" = String, Header, description = "`snappy`", pattern = "^snappy$"),
        ("X-Prometheus-Remote-Write-Version" = Option<String>, Header, description = "`0.1.0`", pattern = "^0[.]",
            nullable = false),
    ),
    responses(
        (status = 204, description = "They are taken"),
        (status = 400, description = "Some cannot be taken, and never will be; the others are", body = problem::Told),
        (status = 413, description = "They are more than are read at once", body = problem::Told),
        (status = 415, description = "They are not said to be remote write 1.0", body = problem::Told),
    )
)]
async fn write(State(front): State<Front>, headers: HeaderMap, body: Body) -> Answered {
    samples::are_remote_write(&headers)?;
    // Whoever comes in between sends their samples again.
    let Ok(_permit) = front.writes.try_acquire() else {
        return Err(Problem::later(format!("{WRITES_AT_ONCE} others are sending samples")));
    };
    let body = body::read(body, LARGEST_WRITE).await?;
    match front.desk.write(body).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT.into_response()),
        Err(WriteError::Bad(why)) => {
            Err(Problem::bad(why, "what was good of it is kept; sending it again changes nothing"))
        }
        Err(WriteError::TooLarge(why)) => {
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, why, "send fewer samples at once"))
        }
        Err(WriteError::Unavailable(why)) => Err(Problem::later(why)),
    }
}

/// Figures about backstop itself, as OpenMetrics.
#[utoipa::path(
    get, path = "/metrics", tag = "backstop",
    responses((status = 200, description = "The figures", body = String,
        content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8"))
)]
async fn metrics(State(front): State<Front>) -> Answered {
    let kind = [(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    Ok((kind, front.desk.metrics().await).into_response())
}

/// Tells whether it is there.
#[utoipa::path(
    get, path = "/-/healthy", tag = "backstop",
    responses((status = 200, description = "It is there", body = String, content_type = "text/plain; charset=utf-8"))
)]
async fn healthy() -> &'static str {
    "backstop is here.\n"
}

/// This document.
#[utoipa::path(
    get, path = "/v1/openapi.json", tag = "backstop",
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value, content_type = "application/json"))
)]
async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], document::text()).into_response()
}

/// Tells whether it watches: the engine lives, and its ledger can be written.
#[utoipa::path(
    get, path = "/-/ready", tag = "backstop",
    responses(
        (status = 200, description = "It is ready", body = String, content_type = "text/plain; charset=utf-8"),
        (status = 503, description = "It is not", body = problem::Told),
    )
)]
async fn ready(State(front): State<Front>) -> Answered {
    front.desk.ready().await.map_err(|why| Problem::later(format!("backstop is not ready: {why}")))?;
    Ok("backstop is ready.\n".into_response())
}

async fn nowhere(uri: Uri) -> Problem {
    let error = format!("there is nothing at `{}`", uri.path());
    let help = "`GET /v1/openapi.json` tells of all that there is";
    Problem::new(StatusCode::NOT_FOUND, error, help)
}

async fn otherwise(uri: Uri) -> Problem {
    let error = format!("`{}` is not asked in this way", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, error, "the header `Allow` tells the ways")
}

/// An answer that nothing between here and there keeps, and that no browser takes for what it is not.
async fn plainly(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
