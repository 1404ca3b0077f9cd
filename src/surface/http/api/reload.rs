//! Reading the rules again, as it is asked.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::surface::http::api::desk::{NotReloaded, Reloaded};
use crate::surface::http::api::{Answered, Front};
use crate::surface::http::problem::Problem;

/// Where it is asked, as of Prometheus.
pub(super) const PATH: &str = "/-/reload";

const STAYS: &str = "the rules that were read before stay in force; put the files right, and ask again";

/// Has the rules read again, and answers once they are in force.
pub(super) async fn reload(State(front): State<Front>) -> Answered {
    match front.desk.reload().await {
        Ok(Reloaded { config, gates, targets, kept }) => {
            let told = json!({ "config": config, "gates": gates, "targets": targets, "takes_a_start": kept });
            Ok(Json(told).into_response())
        }
        Err(NotReloaded::Broken { report, findings }) => Ok(broken(&report, &findings["findings"])),
        Err(NotReloaded::Refused(why)) => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, why, STAYS)),
        Err(NotReloaded::Unavailable(why)) => Err(Problem::later(why)),
    }
}

/// Files that are broken: it is said as `backstop check` says it, to people and to machines.
fn broken(report: &str, findings: &serde_json::Value) -> Response {
    let error = "the rules are broken";
    let told = json!({ "error": error, "help": STAYS, "report": report, "findings": findings });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response()
}
