//! Figures of a source: how often it was asked, what came of it, and what that cost.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::signal::Deaf;
use crate::source::prometheus::Error;

/// What is counted while it is asked.
#[derive(Debug, Default)]
pub(super) struct Figures {
    answered: AtomicU64,
    /// By the place of each in [`Deaf::ALL`].
    deaf: [AtomicU64; Deaf::ALL.len()],
    bytes: AtomicU64,
    micros: AtomicU64,
    waited: AtomicU64,
}

/// What was counted up to a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Questions that were answered, and well.
    pub answered: u64,
    /// Bytes of answers of any kind.
    pub bytes: u64,
    /// How long answers took, all together.
    pub spent: Duration,
    /// Questions that had to wait for their turn, or for one before them.
    pub waited: u64,
    deaf: [u64; Deaf::ALL.len()],
}

impl Usage {
    /// Questions on which nothing was heard, of each kind, in the order of [`Deaf::ALL`].
    pub fn deaf(&self) -> impl Iterator<Item = (Deaf, u64)> {
        Deaf::ALL.into_iter().zip(self.deaf)
    }
}

impl Figures {
    pub(super) fn read(&self) -> Usage {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        Usage {
            answered: read(&self.answered),
            bytes: read(&self.bytes),
            spent: Duration::from_micros(read(&self.micros)),
            waited: read(&self.waited),
            deaf: self.deaf.each_ref().map(read),
        }
    }

    /// Counts how a question ended.
    pub(super) fn ended<T>(&self, ended: &Result<T, Error>, is_partial: impl FnOnce(&T) -> bool) {
        let deaf = match ended {
            Ok(heard) if is_partial(heard) => Deaf::Partial,
            Ok(_) => {
                self.answered.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Err(error) => error.kind(),
        };
        let place = Deaf::ALL.iter().position(|known| *known == deaf);
        if let Some(figure) = place.and_then(|place| self.deaf.get(place)) {
            figure.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn spent(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    pub(super) fn waited(&self) {
        self.waited.fetch_add(1, Ordering::Relaxed);
    }
}
