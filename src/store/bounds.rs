//! Bounds: how much is kept, and for how long.

use crate::unit::Span;

/// How long samples are kept unless told otherwise: the baselines of gates that compare with yesterday.
pub const RETENTION: Span = Span::from_secs(25 * 3_600);

/// How many series are kept unless told otherwise.
pub const SERIES: usize = 100_000;

/// How many samples are kept in all unless told otherwise: a gigabyte and a half, roughly.
pub const SAMPLES: usize = 64_000_000;

/// How far ahead of the clock a sample may lie unless told otherwise: clocks of senders differ by seconds, but a
/// sample from tomorrow would have every sample until then refused as out of order.
pub const AHEAD: Span = Span::from_secs(600);

/// What a store may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// How long samples are kept.
    pub retention: Span,
    /// How many series.
    pub series: usize,
    /// How many samples, over all series. A histogram counts as many as take its room.
    pub samples: usize,
    /// How far ahead of the clock a sample may lie.
    pub ahead: Span,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { retention: RETENTION, series: SERIES, samples: SAMPLES, ahead: AHEAD }
    }
}
