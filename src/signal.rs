//! Signals: what the world tells backstop, before anything is made of it.

mod labels;
mod sample;
pub mod histogram;
mod notation;
mod part;
mod change;
mod alert;
mod object;
mod deaf;

pub use alert::{ALERT_NAME, Alert, Fingerprint, Notification};
pub use change::{Change, ChangeId, ChangeKind, LONGEST_FIELD, Provenance, TargetKey};
pub use deaf::Deaf;
pub use histogram::Histogram;
pub use labels::{BOUND, INSTANCE, JOB, Labels, LabelsError, NAME};
pub use notation::{
    HistogramNotationError, MOST_SAMPLES, Notated, NotationError, RowError, WrittenHistogram, WrittenValue,
    written_samples, written_values,
};
pub use object::{FluxApp, FluxKind, GitOps, GitOpsKind, Object, ObjectError, ObjectKind};
pub use part::{TrafficPart, TrafficPartError};
pub use sample::{Observation, Point, STALE, Sample, Series, is_stale};
