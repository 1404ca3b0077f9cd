//! The routes: what can be asked, by whom, and who answers.

mod desk;
mod reload;
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
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Semaphore;

use crate::config::Role;
use crate::decision::DecisionId;
use crate::signal::ChangeId;
use crate::surface::http::auth::{Access, Caller, HEALTHY, READY, identify, permit};
use crate::surface::http::body;
use crate::surface::http::changes;
use crate::surface::http::problem::Problem;
use crate::surface::http::query;
use crate::surface::http::samples;

pub use desk::{Desk, NotReloaded, Pending, Recorded, Reloaded, Unavailable, WriteError};

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
    pub(super) plans: Arc<query::Plans>,
}

/// What can be asked about a list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    limit: Option<usize>,
}

/// Which gates are asked about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    change: Option<String>,
}

type Answered = Result<Response, Problem>;

/// All routes.
pub fn router(desk: Arc<dyn Desk>, access: Access) -> Router {
    let needs = |role: Role, route: MethodRouter<Front>| route.route_layer(from_fn_with_state(role, permit));
    Router::new()
        .route("/v1/changes", needs(Role::Change, post(record)))
        .route("/v1/changes", needs(Role::Read, get(list)))
        .route("/v1/gates", needs(Role::Read, get(gates)))
        .route("/v1/decisions/{id}", needs(Role::Read, get(decision)))
        .route("/v1/switch", needs(Role::Operate, post(switch)))
        .route("/api/v1/write", needs(Role::Ingest, post(write)))
        .route(query::INSTANT, needs(Role::Read, get(query::instant).post(query::instant)))
        .route(query::RANGE, needs(Role::Read, get(query::range).post(query::range)))
        .route("/metrics", needs(Role::Read, get(metrics)))
        .route(reload::PATH, needs(Role::Admin, post(reload::reload).put(reload::reload)))
        .route(HEALTHY, get(|| async { "backstop is here.\n" }))
        .route(READY, get(ready))
        .fallback(nowhere)
        .method_not_allowed_fallback(otherwise)
        .layer(from_fn_with_state(Arc::new(access), identify))
        .layer(map_response(plainly))
        .with_state(Front { desk, writes: Arc::new(Semaphore::new(WRITES_AT_ONCE)), plans: Arc::default() })
}

async fn record(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    body::is_json(&headers)?;
    let body = body::read(body, LARGEST_JSON).await?;
    let change = changes::read(&body, front.desk.now(), caller.provenance())?;
    let recorded = front.desk.record_change(change).await?;
    let status = if recorded.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(json!({ "id": recorded.id.0, "new": recorded.new }))).into_response())
}

async fn list(State(front): State<Front>, page: Result<Query<Page>, QueryRejection>) -> Answered {
    let help = format!("ask for `?limit=N`, with N from 1 to {CHANGES_AT_ONCE}");
    let Query(page) = page.map_err(|error| Problem::bad(error.body_text(), &help))?;
    let limit = page.limit.unwrap_or(CHANGES);
    if !(1..=CHANGES_AT_ONCE).contains(&limit) {
        return Err(Problem::bad(format!("{limit} changes cannot be listed"), help));
    }
    let changes = front.desk.changes(limit).await?;
    Ok(Json(json!({ "changes": changes })).into_response())
}

async fn gates(State(front): State<Front>, which: Result<Query<Which>, QueryRejection>) -> Answered {
    let help = "ask for `?change=ID`, with an id that `GET /v1/changes` tells, or for all";
    let Query(which) = which.map_err(|error| Problem::bad(error.body_text(), help))?;
    Ok(Json(front.desk.gates(which.change.map(ChangeId)).await?).into_response())
}

async fn decision(State(front): State<Front>, id: Result<Path<String>, PathRejection>) -> Answered {
    let help = "`GET /v1/gates` tells of decisions by their ids";
    let Path(text) = id.map_err(|error| Problem::bad(error.body_text(), help))?;
    let id: DecisionId = text.parse().map_err(|error| Problem::bad(format!("{error}"), help))?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, format!("there is no decision {id}"), help);
    Ok(Json(front.desk.decision(id).await?.ok_or_else(missing)?).into_response())
}

async fn switch(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    body::is_json(&headers)?;
    let off = turn::read(&body::read(body, LARGEST_JSON).await?)?;
    front.desk.switch(off.clone(), caller.to_string()).await?;
    Ok(Json(json!({ "off": off, "by": caller.to_string() })).into_response())
}

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

async fn metrics(State(front): State<Front>) -> Answered {
    let kind = [(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")];
    Ok((kind, front.desk.metrics().await).into_response())
}

async fn ready(State(front): State<Front>) -> Answered {
    front.desk.ready().await.map_err(|why| Problem::later(format!("backstop is not ready: {why}")))?;
    Ok("backstop is ready.\n".into_response())
}

async fn nowhere(uri: Uri) -> Problem {
    let error = format!("there is nothing at `{}`", uri.path());
    let help = "there are /v1/changes, /v1/gates, /v1/decisions/ID, /v1/switch, /api/v1/write, /api/v1/query, \
                /api/v1/query_range, /metrics, /-/healthy, /-/ready and /-/reload";
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
