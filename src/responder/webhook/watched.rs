//! A body that tells when it is asked for, and is not given where nothing may go out any more.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

use crate::responder::webhook::Stop;

/// Whether a request has begun to go out.
pub(in crate::responder) struct Begun {
    sent: AtomicBool,
    stopped: OnceLock<String>,
    stop: Stop,
}

/// Why a request was kept from going out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(in crate::responder) struct Stopped(String);

impl Begun {
    /// One that has not, and that is asked once more whether it may.
    pub(in crate::responder) fn new(stop: Stop) -> Self {
        Self { sent: AtomicBool::new(false), stopped: OnceLock::new(), stop }
    }

    /// It goes out.
    pub(super) fn send(&self) {
        self.sent.store(true, Ordering::SeqCst);
    }

    /// Whether any of it may have gone out.
    pub(in crate::responder) fn is_sent(&self) -> bool {
        self.sent.load(Ordering::SeqCst)
    }

    /// Why it was kept from going out, where it was.
    pub(in crate::responder) fn stopped(&self) -> Option<&str> {
        self.stopped.get().map(String::as_str)
    }

    fn may_go(&self) -> Result<(), Stopped> {
        if self.is_sent() {
            return Ok(());
        }
        if let Some(why) = (self.stop)() {
            return Err(Stopped(self.stopped.get_or_init(|| why).clone()));
        }
        self.send();
        Ok(())
    }
}

/// A body that tells when it is asked for. That is only once there is a connection, and before the first byte of the
/// request goes out: until then, nothing was sent, and whoever then says no keeps all of it back.
pub(in crate::responder) struct Watched {
    bytes: Option<Bytes>,
    begun: Arc<Begun>,
}

impl Watched {
    /// A body of these bytes.
    pub(in crate::responder) fn new(bytes: Vec<u8>, begun: Arc<Begun>) -> Self {
        Self { bytes: Some(Bytes::from(bytes)), begun }
    }
}

impl Body for Watched {
    type Data = Bytes;
    type Error = Stopped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Stopped>>> {
        if let Err(stopped) = self.begun.may_go() {
            return Poll::Ready(Some(Err(stopped)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}
