//! Signals: what the world tells backstop, before anything is made of it.

mod labels;
mod sample;
mod change;

pub use change::{Change, ChangeId, ChangeKind, LONGEST_FIELD, Provenance, TargetKey};
pub use labels::{Labels, LabelsError, NAME};
pub use sample::{STALE, Sample, Series, is_stale};
