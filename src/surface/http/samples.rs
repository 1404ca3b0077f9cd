//! The headers of samples that are sent: whether what they carry is remote write 1.0.

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use utoipa::ToSchema;

use crate::surface::http::body;
use crate::surface::http::problem::Problem;

/// Samples, compressed.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it is the shape of a body that is read as bytes")]
pub(super) struct Block(String);

const MEDIA_TYPE: &str = "application/x-protobuf";
/// The message of 1.0, as a media type's parameter names it.
const MESSAGE: &str = "prometheus.WriteRequest";
const COMPRESSION: &str = "snappy";
/// Senders older than this header leave it out.
const VERSION: &str = "x-prometheus-remote-write-version";

/// That a request is said to hold samples as Prometheus's remote write 1.0 sends them.
pub(super) fn are_remote_write(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if body::media_type(headers).as_deref() != Some(MEDIA_TYPE) {
        return Err(otherwise("Content-Type", text(CONTENT_TYPE.as_str())));
    }
    if let Some(message) = text(CONTENT_TYPE.as_str()).and_then(message).filter(|message| *message != MESSAGE)
    {
        return Err(otherwise("proto", Some(message)));
    }
    let encoding = text(CONTENT_ENCODING.as_str());
    if !encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case(COMPRESSION)) {
        return Err(otherwise("Content-Encoding", encoding));
    }
    match text(VERSION) {
        Some(version) if !version.starts_with("0.") => {
            Err(otherwise("X-Prometheus-Remote-Write-Version", Some(version)))
        }
        _ => Ok(()),
    }
}

/// The message that a media type names, quoted or not.
fn message(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').filter_map(|part| part.split_once('='));
    let mut named = parameters.filter(|(name, _)| name.trim().eq_ignore_ascii_case("proto"));
    named.next().map(|(_, value)| value.trim().trim_matches('"'))
}

fn otherwise(what: &str, given: Option<&str>) -> Problem {
    let given = given.map_or_else(|| "is missing".to_owned(), |given| format!("is `{given}`"));
    let error = format!("the body is not said to be remote write 1.0: its `{what}` {given}");
    let help = format!(
        "send `Content-Type: {MEDIA_TYPE}` and `Content-Encoding: {COMPRESSION}`, of the messages `{MESSAGE}`, and \
         version 0.1.0, as Prometheus does by default (`protobuf_message: {MESSAGE}`)"
    );
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error, help)
}
