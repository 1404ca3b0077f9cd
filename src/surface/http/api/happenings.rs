//! The route by which things are heard of as they happen: server-sent events.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::sync::mpsc;

use crate::surface::http::api::Front;
use crate::surface::http::problem::{self, Problem};

/// Tells of things as they happen, as server-sent events, until whoever listens goes.
///
/// Each has the name of what happened (`awaited`, `began`, `looked`, `decided`, `refused`, `sent`, `answered`, `closed`,
/// `ended`, `withdrawn`, `reloaded`) and an object `Event` as its data. Nothing is kept for those who are not there: whoever falls behind, or comes
/// again with `Last-Event-ID`, gets the event `lost` with how many `events` it did not hear of; `GET /v1/gates` then tells
/// how things stand.
#[utoipa::path(
    get, path = "/v1/events", tag = "gates",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the event that was heard last", nullable = false)),
    responses(
        (status = 200, description = "What happens", body = String, content_type = "text/event-stream"),
        (status = 503, description = "So many listen already that there is no place, or backstop stops", body = problem::Told),
    )
)]
pub(super) async fn events(State(front): State<Front>, headers: HeaderMap) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").and_then(|last| last.to_str().ok());
    let listener = front.desk.listeners().join(last).map_err(Problem::later)?;
    let (frames, heard) = mpsc::channel(1);
    tokio::spawn(listener.follow(frames));
    // Proxies that gather answers would keep what happens to themselves.
    let head = [(CONTENT_TYPE.as_str(), "text/event-stream"), ("x-accel-buffering", "no")];
    Ok((head, Body::new(Heard(heard))).into_response())
}

/// What is heard, as a body.
struct Heard(mpsc::Receiver<Bytes>);

impl HttpBody for Heard {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|frame| frame.map(|bytes| Ok(Frame::data(bytes))))
    }
}
