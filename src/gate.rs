//! Gates: checks that apply to a kind of change of some targets for a time.
//!
//! This is what a gate *is* once its file has been read: nothing here can be half-written. How a gate is written
//! down belongs to `config`.

mod threshold;
mod question;
mod check;
mod window;
mod target;
mod spec;

pub use check::{ChangeTrait, Check, Floor, Override, Passes, Weight, WeightError};
pub use question::{Absent, Buckets, Events, Looks, LooksError, Proportion, Quantile, Question};
pub use spec::{Gate, Upon};
pub use target::{GitOps, GitOpsKind, Object, ObjectError, ObjectKind, Target};
pub use threshold::{Purpose, Quantity, Scale, Side, Threshold, Thresholds, Worse};
pub use window::{
    Baseline, Begins, Comparison, Early, Ends, Length, Match, Start, Stretches, Tracks, TracksError,
};
