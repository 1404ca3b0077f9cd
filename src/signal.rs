//! Signals: what the world tells backstop, before anything is made of it.

mod labels;
mod sample;
pub mod histogram;
mod notation;
mod part;
mod change;
mod deaf;

pub use change::{Change, ChangeId, ChangeKind, LONGEST_FIELD, Provenance, TargetKey};
pub use deaf::Deaf;
pub use histogram::Histogram;
pub use labels::{BOUND, INSTANCE, JOB, Labels, LabelsError, NAME};
pub use notation::{
    HistogramNotationError, MOST_SAMPLES, Notated, NotationError, RowError, WrittenHistogram, WrittenValue,
    written_samples, written_values,
};
pub use part::{TrafficPart, TrafficPartError};
pub use sample::{Observation, Point, STALE, Sample, Series, is_stale};
