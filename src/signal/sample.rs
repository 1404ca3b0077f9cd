//! Samples: values at moments.

use crate::signal::Labels;
use crate::unit::UnixMillis;

/// A value at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When.
    pub at: UnixMillis,
    /// The value; [`is_stale`] tells whether it says that the series ended.
    pub value: f64,
}

/// Samples of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is known by.
    pub labels: Labels,
    /// Its samples, as they were sent.
    pub samples: Vec<Sample>,
}

/// The one NaN by which Prometheus says that a series ended.
pub const STALE: u64 = 0x7ff0_0000_0000_0002;

/// Whether a value says that its series ended.
pub const fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE
}
