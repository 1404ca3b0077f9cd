//! The bell: whoever has something for the engine's thread wakes it by this, and does not fill its queue.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::run::control::{Command, Line};

/// Wakes the engine's thread, once until it looks.
pub(crate) struct Bell {
    line: Line,
    rung: AtomicBool,
}

impl Bell {
    pub(crate) const fn new(line: Line) -> Self {
        Self { line, rung: AtomicBool::new(false) }
    }

    /// There is something to look at. Where the queue is full, the next tick looks.
    pub(crate) fn ring(&self) {
        if !self.rung.swap(true, Ordering::SeqCst) && self.line.say(Command::Supplied).is_err() {
            self.rung.store(false, Ordering::SeqCst);
        }
    }

    /// Whoever is about to look hears it first, so that whatever comes from then on rings again.
    pub(crate) fn heard(&self) {
        self.rung.store(false, Ordering::SeqCst);
    }
}
