//! The one place where the wall clock is read.

use std::time::{Duration, Instant, SystemTime};

use crate::unit::UnixMillis;

/// What time it is.
#[expect(clippy::disallowed_methods, reason = "this is the one place; from here on time is an argument")]
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    UnixMillis::new(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// How long ago the machine was started, in microseconds, or a moment more: whoever told it to do something did so before.
/// It is exact to a hundredth of a second, by which it is rounded up.
pub(crate) fn booted() -> Option<u64> {
    const EXACT_TO: u64 = 10_000;
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    let seconds: u64 = seconds.parse().ok()?;
    let hundredths: u64 = hundredths.parse().ok()?;
    Some(seconds * 1_000_000 + (hundredths + 1) * EXACT_TO)
}

/// How long something takes, whatever becomes of the wall clock meanwhile.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins now.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// How long ago that was.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
