//! The mix of traffic: where one side has more of what fails more often anyway, a total compares the mixes, and not the
//! versions. What that alone would make is reckoned by direct standardisation: the old side's own shares, weighed by the
//! new side's traffic.

use crate::gate::look::Counts;
use crate::gate::opening::Mix;
use crate::gate::tally::{Counted, Tally};
use crate::gate::tempering::count;
use crate::gate::terms::{Asked, Bound, CheckTerms, Design, Terms};
use crate::gate::threshold::Worse;

/// By how much of the way to the threshold another mix may move a total: beyond that it is not the version that is judged.
const OF_THE_WAY: f64 = 0.25;

/// By how many standard errors it has to move it, so that a mix which differs by chance is no other mix.
const SURE: f64 = 3.0;

/// How much of the new side's traffic the values have to hold that both sides are known to have.
const COVERED: f64 = 0.5;

/// From what share of its events on a value is one of the marked events themselves, and from what part of them on in
/// such values a label tells these apart and no traffic.
const MARKED: f64 = 0.5;

/// The mixes of one check.
#[derive(Debug, Clone)]
pub(super) struct Mixes {
    design: Design,
    /// What all has to be broken for harm, and in which direction that lies.
    fails: Vec<Bound>,
    worse: Worse,
    by: Vec<Sums>,
    unlike: Option<Unlike>,
}

/// What both sides had, by the values of one label.
#[derive(Debug, Clone)]
struct Sums {
    label: String,
    values: Vec<(Tally, Tally)>,
}

/// A label by which the two sides have mixes so unlike that a total compares those.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlike {
    /// The label.
    pub label: String,
    /// The share of the old side.
    pub old: f64,
    /// What it would be with the mix of the new side, were every value as it is on the old side.
    pub mixed: f64,
}

impl Mixes {
    pub(super) fn new(terms: &Terms, check: &CheckTerms, known: &[Mix]) -> Self {
        let old = |before: &Tally| match terms.design {
            // What both sides have at the same time is compared, so that nothing that was before tells them apart.
            Design::Concurrent => Tally::default(),
            Design::AfterBefore | Design::AfterShort => *before,
        };
        let sums = |mix: &Mix| Sums {
            label: mix.label.clone(),
            values: mix.before.iter().map(|before| (Tally::default(), old(before))).collect(),
        };
        let known = if is_relative(check) { known } else { &[] };
        Self {
            design: terms.design,
            fails: check.fails.clone(),
            worse: check.worse,
            by: known.iter().map(sums).collect(),
            unlike: None,
        }
    }

    /// A look, of a check whose events come in clusters of this size.
    pub(super) fn look(&mut self, counts: &Counts, temper: f64) {
        let mut counted = counts.mixes.iter();
        for sums in &mut self.by {
            for (new, old) in &mut sums.values {
                let Some(Counted { new: more, old: beside }) = counted.next() else { return };
                *new = new.and(*more);
                if self.design == Design::Concurrent {
                    *old = old.and(Tally::sum(beside));
                }
            }
        }
        self.unlike = self.by.iter().find_map(|sums| sums.unlike((&self.fails, self.worse), temper));
    }

    /// The first label by which the mixes are unlike.
    pub(super) const fn unlike(&self) -> Option<&Unlike> {
        self.unlike.as_ref()
    }
}

impl Sums {
    fn unlike(&self, (fails, worse): (&[Bound], Worse), temper: f64) -> Option<Unlike> {
        // The others are many values, of which either side may have its own.
        let named = self.values.split_last().map_or(&[][..], |(_, named)| named);
        let known = || named.iter().filter(|(_, old)| old.of > 0);
        let all = Tally::sum(self.values.iter().map(|(new, _)| new));
        let (new, old) = (Tally::sum(known().map(|(new, _)| new)), Tally::sum(known().map(|(_, old)| old)));
        if new.of == 0 || old.of == 0 || count(new.of) < COVERED * count(all.of) || tells_marked(known()) {
            return None;
        }
        let share = count(old.events) / count(old.of);
        let (mut mixed, mut variance) = (0.0, 0.0);
        let (mut square_new, mut square_old) = (0.0, 0.0);
        for (here, there) in known() {
            let (weight, usual) = (count(here.of) / count(new.of), count(there.of) / count(old.of));
            let own = count(there.events) / count(there.of);
            // Half an event more, as none at all is no certainty.
            let likely = (count(there.events) + 0.5) / (count(there.of) + 1.0);
            mixed += weight * own;
            square_new += weight * own * own;
            square_old += usual * own * own;
            variance += (weight - usual) * (weight - usual) * likely * (1.0 - likely) / count(there.of);
        }
        variance += (square_new - mixed * mixed).max(0.0) / count(new.of);
        variance += (square_old - share * share).max(0.0) / count(old.of);
        let least = (OF_THE_WAY * way(share, fails, worse)).max(SURE * libm::sqrt(variance * temper));
        let moved = (mixed - share).abs();
        (least < moved).then(|| Unlike { label: self.label.clone(), old: share, mixed })
    }
}

/// Whether a label only says which events are marked, as a status does: where most of them have values of their own.
fn tells_marked<'a>(known: impl Iterator<Item = &'a (Tally, Tally)> + Clone) -> bool {
    let old = Tally::sum(known.clone().map(|(_, old)| old));
    let common = old.of < old.events.saturating_mul(2);
    let rarer = |tally: &Tally| if common { tally.of.saturating_sub(tally.events) } else { tally.events };
    let own = known.map(|(_, old)| old).filter(|old| MARKED * count(old.of) < count(rarer(old)));
    let own = own.fold(0_u64, |sum, old| sum.saturating_add(rarer(old)));
    MARKED * count(rarer(&old)) < count(own)
}

/// How far it is from a share to what its check tolerates: all bounds have to be broken, so the furthest counts.
fn way(share: f64, fails: &[Bound], worse: Worse) -> f64 {
    let sign = match worse {
        Worse::Higher => 1.0,
        Worse::Lower => -1.0,
    };
    let way = |bound: &Bound| match bound {
        Bound::Ratio(ratio) => sign * (ratio - 1.0) * share,
        Bound::Difference(difference) => *difference,
        Bound::Value(value) | Bound::Reached(value) => sign * (value - share),
    };
    fails.iter().map(way).fold(0.0, f64::max)
}

/// Whether a check compares two sides at all: a guardrail of a fixed value does not.
pub fn is_relative(check: &CheckTerms) -> bool {
    let fixed = |bound: &Bound| matches!(bound, Bound::Value(_) | Bound::Reached(_));
    check.asked == Asked::Share && !check.fails.iter().all(fixed)
}
