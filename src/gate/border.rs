//! The border of a rule that asks for more of two kinds at once: so many times as much, and so much more.

use crate::gate::tally::Tally;
use crate::gate::tempering::count;
use crate::gate::terms::{Bound, Design};
use crate::gate::threshold::Worse;
use crate::stats::{Direction, Pair, Planned, RatioEvidence};

/// From how many events of the old side on its share is known well enough to be held against a border.
pub(super) const KNOWN: u64 = 100;

/// How many events of before weigh against those of a look, where its own share is asked for.
const WEIGHS: f64 = 20.0;

/// The evidence that the new share lies beyond both bounds at the same looks. Where the old share moves, it may lie
/// beyond one of them at some looks and beyond the other at others, and never beyond both: then neither is kept all the
/// time, though no harm was done that anybody asked about.
#[derive(Debug, Clone)]
pub(super) struct Both {
    ratio: f64,
    difference: f64,
    worse: Worse,
    evidence: RatioEvidence,
}

impl Both {
    /// Nothing where not both are asked for, or where the old share is one that does not move.
    pub(super) fn of(bounds: &[Bound], design: Design, worse: Worse, planned: Planned) -> Option<Self> {
        let ratio = bounds.iter().find_map(|bound| match bound {
            Bound::Ratio(ratio) => Some(*ratio),
            Bound::Difference(_) | Bound::Value(_) | Bound::Reached(_) => None,
        })?;
        let difference = bounds.iter().find_map(|bound| match bound {
            Bound::Difference(difference) => Some(*difference),
            Bound::Ratio(_) | Bound::Value(_) | Bound::Reached(_) => None,
        })?;
        let direction = match worse {
            Worse::Higher => Direction::Up,
            Worse::Lower => Direction::Down,
        };
        let evidence = RatioEvidence::new(ratio, direction, planned);
        (design == Design::Concurrent).then_some(Self { ratio, difference, worse, evidence })
    }

    /// A look in strata, with what was known of the old side of each.
    pub(super) fn look(&mut self, strata: &[Pair], known: &[Tally], temper: f64) {
        let (ratio, difference, worse) = (self.ratio, self.difference, self.worse);
        let border = |(pair, known): (&Pair, &Tally)| {
            let share = share_now(pair, *known);
            let border = match (share, worse) {
                (None, _) => ratio,
                (Some(share), Worse::Higher) => ratio.max(1.0 + difference / share),
                (Some(share), Worse::Lower) => ratio.min((1.0 - difference / share).max(LEAST)),
            };
            (*pair, border)
        };
        self.evidence.look_at_borders(strata.iter().zip(known).map(border), temper);
    }

    pub(super) fn ln_now(&self) -> f64 {
        self.evidence.ln_now()
    }
}

/// The smallest ratio that a border may be.
const LEAST: f64 = 1e-6;

/// The share of the old side at a look: its own, steadied by what was before. Nothing where too little is known.
fn share_now(pair: &Pair, known: Tally) -> Option<f64> {
    if known.events < KNOWN {
        return None;
    }
    let before = count(known.events) / count(known.of);
    let weighs = count(known.of).min(WEIGHS / before);
    Some((pair.old_events + before * weighs) / (pair.old_of + weighs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Bound::{Difference, Ratio, Value};

    const LOOKS: u32 = 120;
    const LN_PROVED: f64 = 2.995_732_273_553_991;

    #[test]
    fn is_asked_of_a_ratio_and_a_difference_side_by_side() {
        for (bounds, design, asked) in [
            (&[Ratio(1.25), Difference(0.01)][..], Design::Concurrent, true),
            (&[Difference(0.01), Value(0.5), Ratio(1.25)], Design::Concurrent, true),
            (&[Ratio(1.25)], Design::Concurrent, false),
            (&[Difference(0.01), Value(0.5)], Design::Concurrent, false),
            (&[Ratio(1.25), Difference(0.01)], Design::AfterBefore, false),
            (&[Ratio(1.25), Difference(0.01)], Design::AfterShort, false),
        ] {
            let both = Both::of(bounds, design, Worse::Higher, Planned::harm(LOOKS));
            assert_eq!(both.is_some(), asked, "{bounds:?} {design:?}");
        }
    }

    /// Of the old side in this look, and of what was known of it.
    #[test]
    fn the_old_share_is_that_of_the_look_steadied_by_what_was() {
        let pair = |old_events, old_of| Pair { old_events, old_of, ..Pair::default() };
        for (pair, known, expected) in [
            (pair(10.0, 100.0), Tally { events: 99, of: 9_900 }, None),
            (pair(0.0, 0.0), Tally { events: 100, of: 10_000 }, Some(0.01)),
            (pair(20.0, 2_000.0), Tally { events: 100, of: 10_000 }, Some(0.01)),
            (pair(60.0, 2_000.0), Tally { events: 100, of: 10_000 }, Some(0.02)),
            (pair(300.0, 300.0), Tally { events: 100, of: 100 }, Some(1.0)),
        ] {
            let share = share_now(&pair, known);
            let near = share.zip(expected).map(|(share, expected)| (share - expected).abs() < 1e-12);
            assert!(near.unwrap_or(share.is_none() && expected.is_none()), "{pair:?} {known:?}: {share:?}");
        }
    }

    /// The shares of the old and the new side, and how many requests the new one has: in turn.
    type Turns = [(f64, f64, f64); 2];

    /// The most evidence that there was of both bounds together at any look, and that there was of the ratio alone.
    fn most(ratio: f64, worse: Worse, turns: Turns) -> Option<(f64, f64)> {
        let bounds = [Ratio(ratio), Difference(0.000_5)];
        let direction = if worse == Worse::Higher { Direction::Up } else { Direction::Down };
        let mut both = Both::of(&bounds, Design::Concurrent, worse, Planned::harm(LOOKS))?;
        let mut alone = RatioEvidence::new(ratio, direction, Planned::harm(LOOKS));
        let (mut together, mut by_itself) = (0.0, 0.0);
        for (old, new, of) in turns.into_iter().cycle().take(120) {
            let old_of = 19.0 * of;
            let pair = Pair { new_events: new * of, new_of: of, old_events: old * old_of, old_of };
            both.look(&[pair], &[Tally { events: 1_200, of: 1_100_000 }], 1.0);
            together = f64::max(together, both.ln_now());
            by_itself = f64::max(by_itself, alone.look(&pair, 1.0));
        }
        Some((together, by_itself))
    }

    /// Where the old share moves, a new one that is never beyond both bounds may be far beyond the ratio at some looks.
    #[test]
    fn what_is_beyond_one_bound_at_a_time_is_beyond_neither() {
        for (ratio, worse, turns) in [
            (1.25, Worse::Higher, [(0.000_1, 0.000_51, 1e5), (0.01, 0.011_25, 1e4)]),
            (0.8, Worse::Lower, [(0.000_6, 0.000_2, 1e5), (0.01, 0.009, 1e4)]),
        ] {
            let (both, alone) = most(ratio, worse, turns).unwrap_or_default();
            assert!(both < LN_PROVED && LN_PROVED < alone, "{worse:?}: {both} {alone}");
        }
        // What is beyond both at each look is found.
        for (ratio, worse, turns) in [
            (1.25, Worse::Higher, [(0.000_1, 0.000_9, 1e5), (0.01, 0.02, 1e4)]),
            (0.8, Worse::Lower, [(0.001, 0.000_2, 1e5), (0.01, 0.006, 1e4)]),
        ] {
            let (both, _) = most(ratio, worse, turns).unwrap_or_default();
            assert!(LN_PROVED < both, "{worse:?}: {both}");
        }
    }
}
