//! The document of the API, as OpenAPI. What each route says for itself stands beside it; what holds for all of them (who may
//! ask, what is answered to whoever may not, or comes at a bad time) is added here.

use std::sync::OnceLock;

use axum::body::Bytes;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Header, Object, Ref, RefOr, Schema, Type};
use utoipa::{Modify, OpenApi};

use crate::surface::events::Event;
use crate::surface::http::api::routes::{ROUTES, Route};
use crate::surface::http::{api, query};

/// The name of the way in which whoever asks says who they are.
const TOKEN: &str = "token";

/// Bodies of requests, and events, in which fields may be left out. In an answer every field stands, where it has nothing to
/// say as null.
const ASKED: [&str; 10] = [
    "ChangeTold",
    "FreezeTold",
    "AlertsTold",
    "AlertTold",
    "Consent",
    "SwitchOff",
    "SwitchOn",
    "Instant",
    "Ranged",
    "Event",
];

/// Fields of answers that do not always stand there.
const NOT_ALWAYS: [&str; 4] = ["checks", "warnings", "infos", "stats"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "backstop",
        description = "Watches a release after it ships and takes it back when the evidence says so.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        api::record,
        api::list,
        api::gates,
        api::incidents::alertmanager,
        api::incidents::incidents,
        api::happenings::events,
        api::decision,
        api::approvals::approvals,
        api::approvals::approve,
        api::switch,
        api::switches,
        api::freezes::announce,
        api::freezes::list,
        api::freezes::lift,
        api::openapi,
        api::write,
        query::instant,
        query::instant_posted,
        query::range,
        query::range_posted,
        api::metrics,
        api::reload::reload,
        api::healthy,
        api::ready,
    ),
    components(schemas(Event, query::PrometheusAnswer, query::PrometheusRefusal)),
    modifiers(&Common)
)]
struct Document;

/// What holds for all routes.
struct Common;

/// The document as JSON.
pub(super) fn text() -> Bytes {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    TEXT.get_or_init(|| Document::openapi().to_json().unwrap_or_default().into()).clone()
}

impl Modify for Common {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
            "The token of an entry of `access` in the server file. Where there is no such entry, nobody needs one.",
        ));
        components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme.build()));
        for (name, schema) in &mut components.schemas {
            if let RefOr::T(Schema::Object(object)) = schema
                && !ASKED.contains(&name.as_str())
            {
                let stands = |field: &&String| !NOT_ALWAYS.contains(&field.as_str());
                object.required = object.properties.keys().filter(stands).cloned().collect();
            }
        }
        for route in ROUTES {
            let Some(item) = document.paths.paths.get_mut(route.path) else { continue };
            let operation = match route.method {
                "post" => item.post.as_mut(),
                "delete" => item.delete.as_mut(),
                _ => item.get.as_mut(),
            };
            if let Some(operation) = operation {
                complete(operation, route);
            }
        }
    }
}

/// Says of a route who may ask it, and what whoever may not is told.
fn complete(operation: &mut Operation, route: &Route) {
    let responses = &mut operation.responses.responses;
    let mut add = |status: &str, response: Response| {
        responses.entry(status.to_owned()).or_insert(RefOr::T(response));
    };
    let Some(role) = route.role else { return };
    let says = format!("Takes the role `{role}`.");
    operation.description = Some(match operation.description.take() {
        Some(text) => format!("{text}\n\n{says}"),
        None => says,
    });
    operation.security = Some(vec![SecurityRequirement::new(TOKEN, Vec::<String>::new())]);
    add("401", problem("Nobody known asks", Some(("WWW-Authenticate", "How to say who asks"))));
    add("403", problem(&format!("Whoever asks has not the role `{role}`"), None));
    add(
        "503",
        problem("This cannot be answered now", Some(("Retry-After", "After how many seconds to ask again"))),
    );
}

fn problem(what: &str, header: Option<(&str, &str)>) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description(what).content("application/json", content);
    match header {
        Some((name, says)) => {
            let mut header = Header::new(Object::with_type(Type::String));
            header.description = Some(says.to_owned());
            response.header(name, header)
        }
        None => response,
    }
    .build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_route_is_documented_and_each_that_is_documented_is_there() {
        let document = Document::openapi();
        let mut documented = BTreeSet::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in [("get", &item.get), ("post", &item.post), ("delete", &item.delete)] {
                documented.extend(operation.as_ref().map(|_| (method, path.as_str())));
            }
            let others = [&item.put, &item.patch, &item.head, &item.options, &item.trace];
            assert!(others.into_iter().all(Option::is_none), "{path}");
        }
        let there: BTreeSet<_> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!(documented, there);
    }

    #[test]
    fn whatever_takes_a_role_says_so() {
        let text = String::from_utf8(text().to_vec()).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        for route in ROUTES {
            let operation = &document["paths"][route.path][route.method];
            let says = operation["description"].as_str().unwrap_or_default();
            let role = route.role.map(|role| format!("`{role}`"));
            assert_eq!(operation["security"].is_array(), role.is_some(), "{}", route.path);
            assert_eq!(operation["responses"]["401"].is_object(), role.is_some(), "{}", route.path);
            assert!(role.is_none_or(|role| says.contains(&role)), "{}: {says}", route.path);
        }
        assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    }
}
