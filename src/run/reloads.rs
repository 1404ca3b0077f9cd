//! What became of reading the rules again, counted for whoever watches the watcher.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use crate::surface::metrics::ReloadFigures;
use crate::unit::UnixMillis;

/// What became of reading the rules again.
#[derive(Debug, Default)]
pub(crate) struct Reloads {
    /// How often other rules came into force.
    pub(crate) taken: AtomicU64,
    /// How often those that were in force stayed, as something was wrong.
    pub(crate) refused: AtomicU64,
    /// Whether something was wrong the last time.
    pub(crate) last_failed: AtomicBool,
    /// When those that are in force were read.
    pub(crate) last_taken: AtomicI64,
}

impl Reloads {
    /// The first ones were read.
    pub(crate) fn began(&self, now: UnixMillis) {
        self.last_taken.store(now.millis(), Ordering::Relaxed);
    }

    /// Others are in force.
    pub(crate) fn taken(&self, now: UnixMillis) {
        self.taken.fetch_add(1, Ordering::Relaxed);
        self.last_failed.store(false, Ordering::Relaxed);
        self.began(now);
    }

    /// Something was wrong.
    pub(crate) fn refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
        self.last_failed.store(true, Ordering::Relaxed);
    }

    pub(crate) fn figures(&self) -> ReloadFigures {
        ReloadFigures {
            taken: self.taken.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            last_succeeded: !self.last_failed.load(Ordering::Relaxed),
            last_taken: UnixMillis::new(self.last_taken.load(Ordering::Relaxed)),
        }
    }
}
