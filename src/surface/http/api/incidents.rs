//! The way in for alerts, and what became of them.

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::engine::Outcomes;
use crate::surface::http::alerts;
use crate::surface::http::api::{Answered, Front};
use crate::surface::http::auth::Caller;
use crate::surface::http::body;
use crate::surface::http::problem::{self, Problem};
use crate::surface::incidents::IncidentsNow;

/// The path of the way in.
pub(super) const ALERTMANAGER: &str = "/v1/incidents/alertmanager";
/// The path of what became of them.
pub(super) const INCIDENTS: &str = "/v1/incidents";

/// How many notifications are read at once: together with their size, how much memory they take.
pub const ALERTS_AT_ONCE: usize = 4;
/// How many incidents are shown at most.
const MOST_INCIDENTS: usize = 1_000;
/// How many are shown where nobody said.
const INCIDENTS_SHOWN: usize = 100;

/// What became of the alerts of a notification.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Heard {
    /// Alerts of a target that were not known.
    taken: u64,
    /// Alerts of which nothing was new.
    merged: u64,
    /// Alerts that are over.
    resolved: u64,
    /// Alerts that were not known, and are no target's.
    unclaimed: u64,
    /// Alerts that were not known, and could be of several targets.
    ambiguous: u64,
    /// Alerts that nobody told of, as there were too many.
    left_out: u64,
}

impl From<Outcomes> for Heard {
    fn from(outcomes: Outcomes) -> Self {
        let Outcomes { taken, merged, resolved, unclaimed, ambiguous, left_out } = outcomes;
        Self { taken, merged, resolved, unclaimed, ambiguous, left_out }
    }
}

/// What can be asked about incidents.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Page {
    /// How many incidents are shown.
    #[param(minimum = 1, maximum = 1000, default = 100, nullable = false)]
    limit: Option<usize>,
}

/// Takes what Alertmanager's webhook tells. It is answered once that cannot be lost any more.
///
/// What cannot be written down now is answered with 503, and Alertmanager comes again. An alert is one incident from its first
/// firing until it is resolved, whoever tells of it and however often; one that is resolved leads to nothing.
#[utoipa::path(
    post, path = "/v1/incidents/alertmanager", tag = "incidents", request_body = alerts::Told,
    responses(
        (status = 200, description = "It is recorded", body = Heard),
        (status = 400, description = "It tells of no alerts, or in another version", body = problem::Told),
        (status = 413, description = "It is larger than is read", body = problem::Told),
        (status = 415, description = "It is not said to be JSON", body = problem::Told),
    )
)]
pub(super) async fn alertmanager(
    State(front): State<Front>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    let refused = |problem: Problem| {
        front.desk.refuse_alerts();
        problem
    };
    body::is_json(&headers).map_err(refused)?;
    // Whoever comes in between tells of it again.
    let Ok(_permit) = front.alerts.try_acquire() else {
        return Err(Problem::later(format!("{ALERTS_AT_ONCE} others are telling of alerts")));
    };
    let body = body::read(body, alerts::LARGEST_ALERTS).await.map_err(refused)?;
    let (now, by) = (front.desk.now(), (caller.to_string(), caller.provenance()));
    // Of eight megabytes it takes a while, in which others are answered.
    let read = tokio::task::spawn_blocking(move || alerts::read(&body, now, by)).await;
    let told = read.map_err(|_| Problem::later("backstop is stopping"))?.map_err(refused)?;
    let heard: Heard = front.desk.record_alerts(told).await?.into();
    Ok(Json(heard).into_response())
}

/// Shows incidents, those that are open before those that are over, and the newest first. `left_out` tells how many more there
/// are than were asked for.
#[utoipa::path(
    get, path = "/v1/incidents", tag = "incidents", params(Page),
    responses(
        (status = 200, description = "Incidents", body = IncidentsNow),
        (status = 400, description = "That is no number of incidents", body = problem::Told),
    )
)]
pub(super) async fn incidents(
    State(front): State<Front>,
    page: Result<Query<Page>, QueryRejection>,
) -> Answered {
    let help = format!("ask for `?limit=N`, with N from 1 to {MOST_INCIDENTS}");
    let Query(page) = page.map_err(|error| Problem::bad(error.body_text(), &help))?;
    let limit = page.limit.unwrap_or(INCIDENTS_SHOWN);
    if !(1..=MOST_INCIDENTS).contains(&limit) {
        return Err(Problem::bad(format!("{limit} incidents cannot be shown"), help));
    }
    Ok(Json(front.desk.incidents(limit).await?).into_response())
}
