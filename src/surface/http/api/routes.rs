//! The routes in one table: how each is asked, the role that it takes, and what answers it. The document of the API is held
//! against it.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, post};

use crate::config::Role;
use crate::surface::http::api::{
    Front, approvals, decision, freezes, gates, happenings, healthy, incidents, list, metrics, openapi,
    ready, record, reload, switch, switches, write,
};
use crate::surface::http::auth::{HEALTHY, READY, permit};
use crate::surface::http::query;

/// A route.
pub(super) struct Route {
    /// How it is asked.
    pub(super) method: &'static str,
    /// Where.
    pub(super) path: &'static str,
    /// The role that it takes; nothing: anybody may.
    pub(super) role: Option<Role>,
    /// What answers it.
    to: fn() -> MethodRouter<Front>,
}

const fn route(
    method: &'static str,
    path: &'static str,
    role: Option<Role>,
    to: fn() -> MethodRouter<Front>,
) -> Route {
    Route { method, path, role, to }
}

/// Every route.
pub(super) const ROUTES: &[Route] = &[
    route("post", "/v1/changes", Some(Role::Change), || post(record)),
    route("get", "/v1/changes", Some(Role::Read), || get(list)),
    route("get", "/v1/gates", Some(Role::Read), || get(gates)),
    route("post", incidents::ALERTMANAGER, Some(Role::Alert), || post(incidents::alertmanager)),
    route("get", incidents::INCIDENTS, Some(Role::Read), || get(incidents::incidents)),
    route("get", "/v1/events", Some(Role::Read), || get(happenings::events)),
    route("get", "/v1/decisions/{id}", Some(Role::Read), || get(decision)),
    route("get", "/v1/approvals", Some(Role::Read), || get(approvals::approvals)),
    route("post", "/v1/decisions/{id}/approval", Some(Role::Approve), || post(approvals::approve)),
    route("post", "/v1/switch", Some(Role::Operate), || post(switch)),
    route("get", "/v1/switch", Some(Role::Read), || get(switches)),
    route("post", "/v1/freezes", Some(Role::Operate), || post(freezes::announce)),
    route("get", "/v1/freezes", Some(Role::Read), || get(freezes::list)),
    route("delete", "/v1/freezes/{name}", Some(Role::Operate), || delete(freezes::lift)),
    route("get", "/v1/openapi.json", Some(Role::Read), || get(openapi)),
    route("post", "/api/v1/write", Some(Role::Ingest), || post(write)),
    route("get", query::INSTANT, Some(Role::Read), || get(query::instant)),
    route("post", query::INSTANT, Some(Role::Read), || post(query::instant_posted)),
    route("get", query::RANGE, Some(Role::Read), || get(query::range)),
    route("post", query::RANGE, Some(Role::Read), || post(query::range_posted)),
    route("get", "/metrics", Some(Role::Read), || get(metrics)),
    route("post", reload::PATH, Some(Role::Admin), || post(reload::reload)),
    route("get", HEALTHY, None, || get(healthy)),
    route("get", READY, None, || get(ready)),
];

/// All of them.
pub(super) fn all() -> Router<Front> {
    ROUTES.iter().fold(Router::new(), |router, route| {
        let to = (route.to)();
        let to = match route.role {
            Some(role) => to.route_layer(from_fn_with_state(role, permit)),
            None => to,
        };
        router.route(route.path, to)
    })
}
