//! Signals: what the world tells backstop, before anything is made of it.

mod labels;
mod sample;
mod notation;
mod part;
mod change;

pub use change::{Change, ChangeId, ChangeKind, LONGEST_FIELD, Provenance, TargetKey};
pub use labels::{Labels, LabelsError, NAME};
pub use notation::{MOST_SAMPLES, NotationError, written_samples};
pub use part::{TrafficPart, TrafficPartError};
pub use sample::{STALE, Sample, Series, is_stale};
