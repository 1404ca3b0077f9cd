//! Evidence that stays valid however often we look.
//!
//! Each process is a number that begins at one and whose mean cannot rise above one while the new side is no worse
//! than it may be. So the chance that it ever reaches `n` is at most one in `n`, over any number of looks and wherever
//! somebody stops. All arithmetic is on its logarithm, and every transcendental function is that of the pinned
//! `libm`, so that the same counts give the same bits on every machine.

mod pair;
mod planned;
mod mean;
mod grid;
mod split;
mod mixture;
mod ratio;
mod difference;
mod value;
mod baseline;
mod dispersion;
mod root;
mod interval;
mod traffic;
mod rank;
mod culprit;

pub use baseline::BaselineEvidence;
pub use culprit::culprits;
pub use difference::{Aim, DifferenceEvidence};
pub use dispersion::{Dispersion, phi_upper, tempered};
pub use grid::Direction;
pub use interval::{Interval, baseline_interval, ratio_estimate, ratio_interval};
pub use mean::{ln_mean, ln_sum_exp};
pub use pair::Pair;
pub use planned::{CAP, Planned, Prior};
pub use rank::{RankEvidence, Size, beyond, rank_temper};
pub use ratio::RatioEvidence;
pub use traffic::Traffic;
pub use value::ValueEvidence;
