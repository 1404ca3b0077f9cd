//! Problems: why a request is not answered as asked, and the way out.

use std::fmt;

use axum::Json;
use axum::http::header::{CONNECTION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::unit::escaped;

/// What went wrong, told to whoever asked.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    error: String,
    help: String,
    beside: Beside,
}

/// What went wrong, and the way out.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Told {
    /// What went wrong.
    #[schema(examples("there is no decision 4f2a9c01b7e3d655-9"))]
    error: String,
    /// The way out.
    #[schema(examples("`GET /v1/gates` tells of decisions by their ids"))]
    help: String,
}

/// What a header says beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// When to ask again.
    Later,
    /// How to say who asks.
    Unknown,
    /// That nothing more is answered on this connection.
    Closing,
}

/// What is wrong, and the way out.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.error, self.help)
    }
}

impl Problem {
    /// A problem with its way out.
    pub fn new(status: StatusCode, error: impl Into<String>, help: impl Into<String>) -> Self {
        Self { status, error: error.into(), help: help.into(), beside: Beside::Nothing }
    }

    /// A request that cannot be understood.
    pub fn bad(error: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, help)
    }

    /// Something that would be answered at another time.
    pub fn later(error: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, error, "ask again in some seconds");
        Self { beside: Beside::Later, ..problem }
    }

    /// A caller who has to say who they are.
    pub(crate) fn unknown(error: impl Into<String>) -> Self {
        let help = "send `Authorization: Bearer TOKEN`, with the token of an entry of `access` in the server file; or its `who` and its token as user and password";
        Self { beside: Beside::Unknown, ..Self::new(StatusCode::UNAUTHORIZED, error, help) }
    }

    /// The same problem, at the end of its connection.
    pub(crate) fn closing(self) -> Self {
        Self { beside: Beside::Closing, ..self }
    }

    /// Its status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// What went wrong.
    pub fn error(&self) -> &str {
        &self.error
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Json(Told { error: escaped(self.error), help: escaped(self.help) });
        let mut response = (self.status, body).into_response();
        let header = match self.beside {
            Beside::Nothing => None,
            Beside::Later => Some((RETRY_AFTER, "5")),
            Beside::Unknown => Some((WWW_AUTHENTICATE, "Bearer realm=\"backstop\"")),
            Beside::Closing => Some((CONNECTION, "close")),
        };
        response.headers_mut().extend(header.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}
