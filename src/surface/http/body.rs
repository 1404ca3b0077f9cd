//! Bodies of requests: of the kind that is expected, and no larger.

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::surface::http::problem::Problem;

/// All of a body of at most so many bytes.
pub(super) async fn read(body: Body, most: usize) -> Result<Bytes, Problem> {
    let too_large = || {
        let error = format!("the body is larger than {most} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, error, "send less at a time")
    };
    // One that says so beforehand is not read at all.
    if usize::try_from(body.size_hint().lower()).is_ok_and(|declared| most < declared) {
        return Err(too_large());
    }
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Problem::bad("the body broke off", "send it again")),
    }
}

/// The media type that a request says it has, without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next()?.trim().to_ascii_lowercase())
}

/// That a request holds JSON. A page in somebody's browser cannot send that here without asking first, which it is
/// denied; so this also keeps such pages out where no token does.
pub(super) fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    if media_type(headers).as_deref() == Some("application/json") {
        return Ok(());
    }
    let (error, help) = ("the body is not said to be JSON", "send `Content-Type: application/json`");
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, error, help))
}
