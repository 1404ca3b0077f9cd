//! Reading the rules again, as it is asked.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::surface::http::api::desk::{NotReloaded, Reloaded};
use crate::surface::http::api::{Answered, Front};
use crate::surface::http::problem::{self, Problem};

/// Where it is asked, as of Prometheus.
pub(super) const PATH: &str = "/-/reload";

const STAYS: &str = "the rules that were read before stay in force; put the files right, and ask again";

/// Rules that are in force.
#[derive(Serialize, ToSchema)]
pub(super) struct InForce {
    /// The SHA-256 of their files, in hex.
    config: String,
    /// How many gates they have.
    gates: usize,
    /// How many targets.
    targets: usize,
    /// What they say that takes a start of backstop to come into force.
    takes_a_start: Vec<String>,
}

/// Why the rules that were read before stay in force.
#[derive(Serialize, ToSchema)]
pub(super) struct Broken {
    /// What went wrong.
    error: String,
    /// The way out.
    help: String,
    /// What is wrong with the files, as `backstop check` tells people; null where it is nothing in them.
    report: Option<String>,
    /// The same, as `backstop check --output json` tells machines.
    findings: Vec<Value>,
}

/// Reads the rules and settings again, and answers once they are in force: as a whole, or not at all.
#[utoipa::path(
    post, path = "/-/reload", tag = "backstop",
    responses(
        (status = 200, description = "They are in force", body = InForce),
        (status = 422, description = "They are broken, so those that were read before stay", body = Broken),
        (status = 503, description = "Nobody can say now", body = problem::Told),
    )
)]
pub(super) async fn reload(State(front): State<Front>) -> Answered {
    match front.desk.reload().await {
        Ok(Reloaded { config, gates, targets, kept }) => {
            Ok(Json(InForce { config, gates, targets, takes_a_start: kept }).into_response())
        }
        Err(NotReloaded::Broken { report, findings }) => {
            let findings = findings["findings"].as_array().cloned().unwrap_or_default();
            Ok(broken("the rules are broken".to_owned(), Some(report), findings))
        }
        Err(NotReloaded::Refused(why)) => Ok(broken(why, None, Vec::new())),
        Err(NotReloaded::Unavailable(why)) => Err(Problem::later(why)),
    }
}

fn broken(error: String, report: Option<String>, findings: Vec<Value>) -> Response {
    let told = Broken { error, help: STAYS.to_owned(), report, findings };
    (StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response()
}
