//! Queries and their answers, as the document of the API tells of them. What is in a result, Prometheus's own pages say.

use serde::Serialize;
use serde_json::Value;
use utoipa::{IntoParams, IntoResponses, ToSchema};

use crate::surface::http::problem;

/// What a query is asked with: parameters of its own, and those of any. The document has no place for one set in another.
macro_rules! asked {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $own:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Serialize, ToSchema, IntoParams)]
        #[into_params(parameter_in = Query)]
        pub(in crate::surface::http) struct $name {
            /// The expression.
            #[schema(examples("up"))]
            query: String,
            $($(#[$says])* $own: $kind,)*
            /// How long it may take at most, as in `10s`.
            #[schema(nullable = false)]
            #[param(nullable = false)]
            timeout: Option<String>,
            /// How long a sample stands for its series, as in `5m`.
            #[schema(nullable = false)]
            #[param(nullable = false)]
            lookback_delta: Option<String>,
            /// How many series are told at most; 0: all of them.
            #[schema(nullable = false)]
            #[param(nullable = false)]
            limit: Option<String>,
            /// Whether it is told what the query took: any text but the empty one.
            #[schema(nullable = false)]
            #[param(nullable = false)]
            stats: Option<String>,
        }
    };
}

asked! {
    /// An expression at a moment.
    Instant {
        /// When it is evaluated: RFC 3339, or seconds since 1970; now, where that is not said.
        #[schema(nullable = false)]
        #[param(nullable = false)]
        time: Option<String>,
    }
}

asked! {
    /// An expression over a range.
    Ranged {
        /// From when on: RFC 3339, or seconds since 1970.
        start: String,
        /// Until when.
        end: String,
        /// How far apart the steps are, as in `15s`.
        step: String,
    }
}

/// An answer as Prometheus gives it.
#[derive(Serialize, ToSchema)]
pub(in crate::surface::http) struct PrometheusAnswer {
    /// That it is one.
    #[schema(pattern = "^success$")]
    status: String,
    /// What was found.
    data: PrometheusData,
    /// What may not be as whoever asks thinks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    warnings: Option<Vec<String>>,
    /// The same, of less weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    infos: Option<Vec<String>>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::surface::http) struct PrometheusData {
    /// Of what kind it is: `vector`, `matrix`, `scalar` or `string`.
    #[schema(pattern = "^(vector|matrix|scalar|string)$")]
    result_type: String,
    /// What was found, in the shape of its kind.
    result: Value,
    /// What the query took.
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<Value>,
}

/// A refusal as Prometheus gives it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::surface::http) struct PrometheusRefusal {
    /// That it is one.
    #[schema(pattern = "^error$")]
    status: String,
    /// Prometheus's word for what went wrong.
    #[schema(examples("bad_data"))]
    error_type: String,
    /// What went wrong.
    error: String,
}

/// What a query is answered with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it is the set of answers, which are written straight into bytes")]
pub(in crate::surface::http) enum Answers {
    /// What was found.
    #[response(status = 200)]
    Found(PrometheusAnswer),
    /// The query makes no sense.
    #[response(status = 400)]
    Bad(PrometheusRefusal),
    /// The form is larger than one may be.
    #[response(status = 413)]
    TooLarge(problem::Told),
    /// The query cannot be evaluated, or its answer is too large.
    #[response(status = 422)]
    Execution(PrometheusRefusal),
    /// The query ended as none should.
    #[response(status = 500)]
    Internal(PrometheusRefusal),
    /// The query took too long, or backstop stops.
    #[response(status = 503)]
    Later(PrometheusRefusal),
}
