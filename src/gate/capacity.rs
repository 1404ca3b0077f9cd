//! Capacity: what a gate could prove at all with the traffic that it sees, and how long that would take.

use crate::gate::tally::Tally;
use crate::gate::tempering::count;
use crate::gate::terms::{Bound, CheckTerms, Proof};
use crate::gate::threshold::Worse;
use crate::gate::verdict::PROVED;
use crate::stats::{Planned, Traffic};

/// How many looks a proof takes, at the traffic there is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity {
    /// A doubling of the harm; nothing where that lies within what is tolerated.
    pub to_prove_a_doubling: Option<f64>,
    /// That a release as good as the old one is no worse than it may be; nothing where that is never asked for.
    pub to_pass: Option<f64>,
}

/// The new side and the old one, each with in how many stretches as long as a look it was seen.
pub(super) type Sides = [(Tally, u32); 2];

/// How many times the traffic of the new side that of the old one has to be for its share to be as good as known.
const FIXED: f64 = 1e6;

/// However many looks are planned, an effect is as likely to be there from the first one on.
const HARM: Planned = Planned::harm(1);

impl Capacity {
    /// The capacity of a check that saw its new side and its old side, each in so many stretches as long as a look, and
    /// whose evidence is this part of the release's.
    pub(super) fn of(
        check: &CheckTerms,
        [(new, looks), (old, stretches)]: Sides,
        temper: f64,
        part: f64,
    ) -> Option<Self> {
        if new.of == 0 || old.of == 0 || looks == 0 || stretches == 0 {
            return None;
        }
        let traffic = traffic([(new, looks), (old, stretches)], temper);
        let doubled = match check.worse {
            Worse::Higher => 2.0,
            Worse::Lower => 0.5,
        };
        let alpha = 1.0 / PROVED;
        // All bounds have to be broken, so the one that takes longest counts.
        let share = traffic.old_share;
        let to_break = |bound: &Bound| {
            let (traffic, border) = match (*bound, check.worse) {
                (Bound::Ratio(ratio), _) => (traffic, ratio),
                (Bound::Difference(difference), Worse::Higher) => (traffic, (share + difference) / share),
                (Bound::Difference(difference), Worse::Lower) => (traffic, (share - difference) / share),
                (Bound::Value(value) | Bound::Reached(value), _) => {
                    (Traffic { old_of: traffic.new_of * FIXED, ..traffic }, value / share)
                }
            };
            let breaks = match check.worse {
                Worse::Higher => border < doubled,
                Worse::Lower => border > doubled,
            };
            breaks.then(|| traffic.looks_needed(border, doubled, alpha * part, HARM)).flatten()
        };
        let each: Option<Vec<f64>> = check.fails.iter().map(to_break).collect();
        let harm = each.and_then(|each| each.into_iter().reduce(f64::max));
        let pass = match &check.passes {
            Proof::Within(bounds) => ratio(bounds),
            Proof::NotContradicted | Proof::Never => None,
        };
        Some(Self {
            to_prove_a_doubling: harm,
            to_pass: pass.and_then(|bound| traffic.looks_needed(bound, 1.0, alpha, Planned::proof())),
        })
    }
}

impl Capacity {
    /// The capacity of a check on a quantile, by what it counts above the border of its harm and above that of its
    /// proof. The border lies where the bound does, so what is left is whether more of the new side lies above it.
    pub(super) fn above(
        check: &CheckTerms,
        q: f64,
        (harm, proof): (Sides, Option<Sides>),
        temper: f64,
        part: f64,
    ) -> Option<Self> {
        let traffic_of = |sides: Sides, bounds: &[Bound]| {
            let traffic = traffic(sides, temper);
            let alone = bounds.iter().all(|bound| matches!(bound, Bound::Value(_)));
            // A share that is fixed is as good as one of an old side that had any number of events.
            if alone {
                Traffic { old_of: traffic.new_of * FIXED, old_share: 1.0 - q, ..traffic }
            } else {
                traffic
            }
        };
        if harm.iter().any(|(side, looks)| side.of == 0 || *looks == 0) {
            return None;
        }
        let alpha = 1.0 / PROVED;
        let doubled = match check.worse {
            Worse::Higher => 2.0,
            Worse::Lower => 0.5,
        };
        let within: &[Bound] = match &check.passes {
            Proof::Within(within) => within,
            Proof::NotContradicted | Proof::Never => &[],
        };
        let to_pass = proof.filter(|[(new, _), _]| new.of > 0).and_then(|sides| {
            let traffic = traffic_of(sides, within);
            let share = (count(sides[0].0.events) + 0.5) / (count(sides[0].0.of) + 100.0);
            let truth = share / traffic.old_share;
            let better = if check.worse == Worse::Higher { truth < 1.0 } else { truth > 1.0 };
            better.then(|| traffic.looks_needed(1.0, truth, alpha, Planned::proof())).flatten()
        });
        let harm = traffic_of(harm, &check.fails);
        Some(Self { to_prove_a_doubling: harm.looks_needed(1.0, doubled, alpha * part, HARM), to_pass })
    }
}

fn traffic([(new, looks), (old, stretches)]: Sides, temper: f64) -> Traffic {
    Traffic {
        new_of: count(new.of) / f64::from(looks),
        old_of: count(old.of) / f64::from(stretches),
        // Half an event in a hundred more: a side that had none yet is not one that never has any.
        old_share: (count(old.events) + 0.5) / (count(old.of) + 100.0),
        temper,
    }
}

fn ratio(bounds: &[Bound]) -> Option<f64> {
    bounds.iter().find_map(|bound| match bound {
        Bound::Ratio(ratio) => Some(*ratio),
        Bound::Difference(_) | Bound::Value(_) | Bound::Reached(_) => None,
    })
}
