//! Samples: values at moments.

use std::sync::Arc;

use crate::signal::{Histogram, Labels};
use crate::unit::UnixMillis;

/// A value at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When.
    pub at: UnixMillis,
    /// The value; [`is_stale`] tells whether it says that the series ended.
    pub value: f64,
}

/// What was observed at a moment: a number or a histogram, and since when it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// When.
    pub at: UnixMillis,
    /// When the counter that this is began to count, where that was told.
    pub start: Option<UnixMillis>,
    /// What.
    pub point: Point,
}

/// A number or a histogram.
#[derive(Debug, Clone)]
pub enum Point {
    /// A number.
    Float(f64),
    /// A histogram.
    Histogram(Arc<Histogram>),
}

impl Observation {
    /// A histogram at a moment.
    pub fn histogram(at: UnixMillis, histogram: Histogram) -> Self {
        Self { at, start: None, point: Point::Histogram(Arc::new(histogram)) }
    }

    /// The number that it is.
    pub const fn number(&self) -> Option<f64> {
        match &self.point {
            Point::Float(value) => Some(*value),
            Point::Histogram(_) => None,
        }
    }

    /// As how many plain samples it is counted: a histogram takes the room of many.
    pub fn weight(&self) -> usize {
        self.point.weight()
    }
}

impl Point {
    /// As how many plain samples it is counted: a histogram takes the room of many.
    pub fn weight(&self) -> usize {
        match self {
            Self::Float(_) => 1,
            Self::Histogram(histogram) => histogram.samples(),
        }
    }
}

impl PartialEq for Point {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Float(one), Self::Float(other)) => one == other,
            (Self::Histogram(one), Self::Histogram(other)) => {
                one.same_as(other) && one.hint() == other.hint()
            }
            (Self::Float(_), Self::Histogram(_)) | (Self::Histogram(_), Self::Float(_)) => false,
        }
    }
}

impl From<Sample> for Observation {
    fn from(Sample { at, value }: Sample) -> Self {
        Self { at, start: None, point: Point::Float(value) }
    }
}

/// Samples of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is known by.
    pub labels: Labels,
    /// Its samples, as they were sent.
    pub samples: Vec<Observation>,
}

/// The one NaN by which Prometheus says that a series ended.
pub const STALE: u64 = 0x7ff0_0000_0000_0002;

/// Whether a value says that its series ended.
pub const fn is_stale(value: f64) -> bool {
    value.to_bits() == STALE
}
