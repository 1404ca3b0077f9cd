//! A body that tells when it is asked for.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// A body that tells when it is asked for. That is only once there is a connection, and before the first byte of the
/// request goes out: until then, nothing was sent.
pub(super) struct Watched {
    bytes: Option<Bytes>,
    begun: Arc<AtomicBool>,
}

impl Watched {
    /// A body of these bytes.
    pub(super) fn new(bytes: Vec<u8>, begun: Arc<AtomicBool>) -> Self {
        Self { bytes: Some(Bytes::from(bytes)), begun }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.begun.store(true, Ordering::SeqCst);
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
