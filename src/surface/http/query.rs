//! Queries as Prometheus takes them, and refusals as it gives them: whoever can ask a Prometheus can ask backstop.

mod documented;
mod fields;
mod plans;
mod read;

pub(super) use documented::{PrometheusAnswer, PrometheusRefusal};
pub(super) use plans::Plans;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use crate::promql::{EvalError, Plan, When};
use crate::surface::answer::refusal;
use crate::surface::http::api::Front;
use crate::surface::http::body;
use crate::surface::http::query::fields::Fields;
use crate::unit::{Span, UnixMillis};

/// Where queries go: at a moment, and over a range.
pub(super) const INSTANT: &str = "/api/v1/query";
pub(super) const RANGE: &str = "/api/v1/query_range";

/// Whether something at this address is a query, which may take longer than all else.
pub(super) fn is_query(uri: &Uri) -> bool {
    [INSTANT, RANGE].contains(&uri.path())
}

/// How long a query may take, unless whoever asks has less time.
pub const LONGEST_QUERY: Span = Span::from_secs(120);

/// How many steps a range has at most, as in Prometheus.
pub const MOST_STEPS: i64 = 11_000;

/// The most bytes of a query that is posted: an expression at its longest, escaped.
const LARGEST_FORM: usize = 4 << 20;

/// A query that is to be answered.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The expression as it is written.
    pub text: String,
    /// The expression.
    pub plan: Arc<Plan>,
    /// When it is evaluated.
    pub when: When,
    /// How long a sample stands for its series, where that is said.
    pub lookback: Option<Span>,
    /// How long it may take.
    pub within: Span,
    /// How many series are told at most, where that is said.
    pub limit: Option<usize>,
    /// Whether it is told what it took.
    pub stats: bool,
}

/// Why a query is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It makes no sense.
    #[error("{0}")]
    Bad(String),
    /// It cannot be evaluated.
    #[error("{0}")]
    Evaluation(EvalError),
    /// It takes longer than it may.
    #[error("query timed out in {0}")]
    Late(&'static str),
    /// Its answer is larger than any that is given.
    #[error(
        "the answer has {has} samples, and {most} are the most that are told at once; ask for fewer series or longer steps"
    )]
    TooLarge {
        /// How many it has.
        has: usize,
        /// How many it may have.
        most: usize,
    },
    /// It ended as no query should.
    #[error("the query broke off; please report it with the log")]
    Broken,
    /// Nobody answers any more.
    #[error("backstop is stopping")]
    Stopping,
}

impl From<EvalError> for Refused {
    fn from(error: EvalError) -> Self {
        if error == EvalError::Stopped {
            Self::Late("expression evaluation")
        } else {
            Self::Evaluation(error)
        }
    }
}

impl Refused {
    /// The status, and Prometheus's name for what went wrong.
    const fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Bad(_) => (StatusCode::BAD_REQUEST, "bad_data"),
            Self::Late(_) => (StatusCode::SERVICE_UNAVAILABLE, "timeout"),
            Self::Evaluation(_) | Self::TooLarge { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "execution"),
            Self::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            Self::Stopping => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, kind) = self.kind();
        (status, [(CONTENT_TYPE, JSON)], refusal(kind, &self.to_string())).into_response()
    }
}

const JSON: &str = "application/json";

/// Evaluates an expression at a moment, as Prometheus does.
#[utoipa::path(
    get,
    path = "/api/v1/query",
    tag = "prometheus",
    params(documented::Instant),
    responses(documented::Answers)
)]
pub(super) async fn instant(state: State<Front>, uri: Uri, headers: HeaderMap, body: Body) -> Response {
    answered(state, uri, headers, body, read::instant).await
}

/// Evaluates an expression over a range, as Prometheus does.
#[utoipa::path(
    get,
    path = "/api/v1/query_range",
    tag = "prometheus",
    params(documented::Ranged),
    responses(documented::Answers)
)]
pub(super) async fn range(state: State<Front>, uri: Uri, headers: HeaderMap, body: Body) -> Response {
    answered(state, uri, headers, body, read::range).await
}

/// The same, with the parameters in a form.
#[utoipa::path(
    post, path = "/api/v1/query", tag = "prometheus", responses(documented::Answers),
    request_body(content = documented::Instant, content_type = "application/x-www-form-urlencoded")
)]
pub(super) async fn instant_posted(
    state: State<Front>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Response {
    instant(state, uri, headers, body).await
}

/// The same, with the parameters in a form.
#[utoipa::path(
    post, path = "/api/v1/query_range", tag = "prometheus", responses(documented::Answers),
    request_body(content = documented::Ranged, content_type = "application/x-www-form-urlencoded")
)]
pub(super) async fn range_posted(state: State<Front>, uri: Uri, headers: HeaderMap, body: Body) -> Response {
    range(state, uri, headers, body).await
}

async fn answered(
    State(front): State<Front>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
    read: fn(&Fields, UnixMillis, &Plans) -> Result<Asked, Refused>,
) -> Response {
    let form = match form(&headers, body).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let fields = Fields::of(&form, uri.query().unwrap_or_default());
    let asked = match read(&fields, front.desk.now(), &front.plans) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    match front.desk.query(asked).await {
        Ok(answer) => ([(CONTENT_TYPE, JSON)], answer).into_response(),
        Err(refused) => refused.into_response(),
    }
}

/// The form that a query is posted in; nothing where it is not.
async fn form(headers: &HeaderMap, body: Body) -> Result<Bytes, Response> {
    if body::media_type(headers).as_deref() != Some("application/x-www-form-urlencoded") {
        return Ok(Bytes::new());
    }
    body::read(body, LARGEST_FORM).await.map_err(IntoResponse::into_response)
}
