//! Capacity: what a gate could prove at all with the traffic that it sees, and how long that would take.

use crate::gate::tally::Tally;
use crate::gate::tempering::count;
use crate::gate::terms::{Bound, CheckTerms, Proof};
use crate::gate::threshold::Worse;
use crate::gate::verdict::PROVED;
use crate::stats::Traffic;

/// How many looks a proof takes, at the traffic there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// A doubling of the harm; nothing where that lies within what is tolerated.
    pub to_prove_a_doubling: Option<f64>,
    /// That a release as good as the old one is no worse than it may be; nothing where that is never asked for.
    pub to_pass: Option<f64>,
}

impl Capacity {
    /// The capacity of a check that saw its new side and its old side, each in so many stretches as long as a look, and
    /// whose evidence is this part of the release's.
    pub(super) fn of(
        check: &CheckTerms,
        [(new, looks), (old, stretches)]: [(Tally, u32); 2],
        temper: f64,
        part: f64,
    ) -> Option<Self> {
        if new.of == 0 || old.of == 0 || looks == 0 || stretches == 0 {
            return None;
        }
        let traffic = Traffic {
            new_of: count(new.of) / f64::from(looks),
            old_of: count(old.of) / f64::from(stretches),
            // Half an event in a hundred more: a side that had none yet is not one that never has any.
            old_share: (count(old.events) + 0.5) / (count(old.of) + 100.0),
            temper,
        };
        let doubled = match check.worse {
            Worse::Higher => 2.0,
            Worse::Lower => 0.5,
        };
        let tolerates = |bound: f64| match check.worse {
            Worse::Higher => bound >= doubled,
            Worse::Lower => bound <= doubled,
        };
        let alpha = 1.0 / PROVED;
        let harm = ratio(&check.fails).filter(|bound| !tolerates(*bound));
        let pass = match &check.passes {
            Proof::Within(bounds) => ratio(bounds),
            Proof::NotContradicted | Proof::Never => None,
        };
        Some(Self {
            to_prove_a_doubling: harm.and_then(|bound| traffic.looks_needed(bound, doubled, alpha * part)),
            to_pass: pass.and_then(|bound| traffic.looks_needed(bound, 1.0, alpha)),
        })
    }
}

fn ratio(bounds: &[Bound]) -> Option<f64> {
    bounds.iter().find_map(|bound| match bound {
        Bound::Ratio(ratio) => Some(*ratio),
        Bound::Difference(_) | Bound::Value(_) => None,
    })
}
