//! Why numbers are no histogram.

use crate::signal::histogram::Resolution;

/// Why parts make no histogram.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HistogramError {
    /// There is no such schema.
    #[error(
        "there is no histogram schema {0}; it is between {least} and {most}, or -53 with custom bounds",
        least = Resolution::LEAST,
        most = Resolution::MOST
    )]
    Schema(i32),
    /// Spans tell of another number of buckets than there are.
    #[error("the spans tell of {told} buckets, but there are {given}; give one count for each")]
    Mismatch {
        /// How many the spans tell of.
        told: usize,
        /// How many counts there are.
        given: usize,
    },
    /// A span lies before the one that it follows.
    #[error("span {place} has offset {offset}; only the first may be below 0")]
    Backwards {
        /// Which span, from 1 on.
        place: usize,
        /// How far from the end of the one before.
        offset: i32,
    },
    /// A bucket lies further out than indexes reach.
    #[error("the spans reach beyond the last bucket index there is; make their offsets smaller")]
    TooFar,
    /// A custom bound is NaN or infinite.
    #[error("{0} is no custom bound; leave it out, as the last bucket has no upper bound anyway")]
    NoBound(f64),
    /// Custom bounds are not in order.
    #[error("custom bound {next} follows {bound}; write them in rising order, each once")]
    NotRising {
        /// A bound.
        bound: f64,
        /// The one after it.
        next: f64,
    },
    /// A zero bucket beside custom bounds.
    #[error(
        "a histogram with custom bounds has no zero bucket, but {count} observations within {threshold} of 0 are given; leave them out"
    )]
    CustomZero {
        /// How many it would hold.
        count: f64,
        /// How far it would reach.
        threshold: f64,
    },
    /// Negative buckets beside custom bounds.
    #[error(
        "a histogram with custom bounds has no negative buckets, but {buckets} are given; leave them out"
    )]
    CustomNegative {
        /// How many are given.
        buckets: usize,
    },
    /// A bucket before the first custom bound's.
    #[error("bucket {index} lies before the first custom bound; buckets with custom bounds count from 0")]
    BeforeBounds {
        /// Its index.
        index: i32,
    },
    /// A bucket after the last custom bound's.
    #[error("bucket {index} lies beyond the custom bounds; {bounds} bounds make the last bucket {bounds}")]
    BeyondBounds {
        /// Its index.
        index: i32,
        /// How many bounds there are.
        bounds: usize,
    },
    /// A bucket at which there are no numbers.
    #[error(
        "there are no numbers in bucket {index}; at this resolution they lie in buckets from -{reach} to {reach}"
    )]
    BeyondReach {
        /// Its index.
        index: i32,
        /// The last index within reach.
        reach: i32,
    },
}
