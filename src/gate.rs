//! Gates: checks that apply to a kind of change of some targets for a time.
//!
//! This is what a gate *is* once its file has been read: nothing here can be half-written. How a gate is written
//! down belongs to `config`.

mod threshold;
mod bucket_unit;
mod question;
mod check;
mod window;
mod target;
mod spec;
mod tally;
mod look;
mod opening;
mod border;
mod borders;
mod terms;
mod verdict;
mod tempering;
mod mix;
mod process;
mod aside;
mod strands;
mod levels;
mod votes;
mod inquiry;
mod release;
mod capacity;
mod trial;

pub use crate::signal::{Deaf, FluxApp, GitOps, GitOpsKind, Object, ObjectError, ObjectKind};
pub use borders::{FINEST_NATIVE, Histogram, beyond};
pub use bucket_unit::BucketUnit;
pub use capacity::Capacity;
pub use check::{ChangeTrait, Check, Floor, Override, Passes, Weight, WeightError};
pub use levels::LevelsAccount;
pub use look::{Counts, Found, Gap, LONGEST_LACKING, Lacking, Levels, Look, MOST_LACKING};
pub use mix::{Unlike, is_relative};
pub use opening::{
    Aside, Before, Border, LONGEST_ASKED, MOST_ASIDE, MOST_SLICES, Mix, MixBy, Opening, Origin, Part,
    Settled, Shows, Slice, Strand,
};
pub use question::{Absent, Buckets, Events, Looks, LooksError, Proportion, Quantile, Question, Slow};
pub use release::{Release, named, together};
pub use spec::{Gate, Upon};
pub use tally::{Counted, MOST_GROUPS, Tally};
pub use target::Target;
pub use terms::{
    Asked, Bound, CheckTerms, Design, ENOUGH_BASELINE, Judged, Proof, QuestionId, TIME_OF_DAY, Terms,
    Unjudged, WHOLE_DAY,
};
pub use threshold::{Purpose, Quantity, Scale, Side, Threshold, Thresholds, Worse};
pub use trial::{Account, Fares, Glance, SliceAccount, StrandAccount, Trial};
pub use verdict::{Arm, Ending, Finding, LEANING, PROVED, Shortfall, Standing, Verdict, sureness};
pub use votes::VotesAccount;
pub use window::{
    Baseline, Begins, Comparison, Early, Ends, Length, Match, Start, Stretches, Tracks, TracksError,
};
