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
mod tally;
mod terms;
mod verdict;
mod tempering;
mod process;
mod capacity;
mod trial;

pub use capacity::Capacity;
pub use check::{ChangeTrait, Check, Floor, Override, Passes, Weight, WeightError};
pub use question::{Absent, Buckets, Events, Looks, LooksError, Proportion, Quantile, Question};
pub use spec::{Gate, Upon};
pub use tally::{Counted, Look, MOST_GROUPS, Opening, Tally};
pub use target::{GitOps, GitOpsKind, Object, ObjectError, ObjectKind, Target};
pub use terms::{Bound, CheckTerms, Design, Judged, Proof, Terms, Unjudged};
pub use threshold::{Purpose, Quantity, Scale, Side, Threshold, Thresholds, Worse};
pub use trial::{Account, Trial};
pub use verdict::{Arm, Ending, Finding, LEANING, PROVED, Shortfall, Standing, Verdict};
pub use window::{
    Baseline, Begins, Comparison, Early, Ends, Length, Match, Start, Stretches, Tracks, TracksError,
};
