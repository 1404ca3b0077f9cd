//! The cells: each rule on the same rollouts, harmless and harmful.

use super::gate::{Judge, Outcome, Rule};
use super::rival::calibrated::{self, Limits, STATISTICS};
use super::rival::{RIVALS, Seen};
use super::spread;
use super::tally::Times;
use super::traffic::{BEFORE, Cell, Effect, Rollout};

/// How many of those before the first look tell how events come in clusters: an hour.
const HISTORY: usize = 120;

/// How many rollouts there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) harmless: u64,
    pub(crate) harmful: u64,
    /// At a border of what is tolerated.
    pub(crate) border: u64,
    pub(crate) baseline: u64,
    /// Of each kind of real traffic.
    pub(crate) strained: u64,
    /// For the rules of others that are slow to judge.
    pub(crate) slow: u64,
    /// Whether the rules of others are held against the same traffic at all.
    pub(crate) rivals: bool,
}

impl Size {
    pub(crate) const FULL: Self = Self {
        harmless: 3000,
        harmful: 750,
        border: 500,
        baseline: 500,
        strained: 2000,
        slow: 300,
        rivals: true,
    };
    /// Enough to see that a promise is broken by far, and that what is found fast is.
    pub(crate) const SHORT: Self =
        Self { harmless: 40, harmful: 40, border: 20, baseline: 30, strained: 60, slow: 0, rivals: false };
}

/// Half the errors more, twice and five times as many.
pub(crate) const EFFECTS: [f64; 3] = [1.5, 2.0, 5.0];

/// The worst that the default rule tolerates.
pub(crate) const BORDER: Effect = Effect::Border(1.25, 0.000_5);

/// What a judge said of many rollouts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Judged {
    pub(crate) failed: Times,
    pub(crate) sure: Times,
    pub(crate) passed: Times,
    pub(crate) refused: Times,
}

impl FromIterator<Outcome> for Judged {
    fn from_iter<I: IntoIterator<Item = Outcome>>(outcomes: I) -> Self {
        let outcomes: Vec<Outcome> = outcomes.into_iter().collect();
        let times = |which: fn(&Outcome) -> Option<u32>| outcomes.iter().map(which).collect();
        Self {
            failed: times(|outcome| outcome.failed),
            sure: times(|outcome| outcome.sure),
            passed: times(|outcome| outcome.passed),
            refused: times(|outcome| outcome.refused),
        }
    }
}

/// What came of a kind of rollout.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) cell: Cell,
    /// By the rule that fails at whatever is proved to be worse.
    pub(crate) any_worse: Judged,
    /// By the default rule.
    pub(crate) usual: Judged,
    /// By the rules of others, where they were asked.
    pub(crate) rivals: Vec<Times>,
    /// By the fixed rules that were calibrated in this cell against any harm, and against more than the default tolerates.
    pub(crate) calibrated: [Vec<Times>; 2],
}

/// The harmless rollouts of a cell, and those of each effect.
#[derive(Debug, Clone)]
pub(crate) struct Studied {
    pub(crate) harmless: Found,
    pub(crate) harmful: Vec<Found>,
}

/// Follows one rule through a rollout.
pub(crate) fn judged(rule: &Rule, rollout: &Rollout) -> Outcome {
    let rows = rollout.before[BEFORE - HISTORY..].iter().map(|beat| beat.old.to_vec()).collect();
    let mut judge = Judge::beside(rule, rows);
    Outcome::of(rollout.looks.iter().map(|beat| judge.look(&[Some((beat.new, &beat.old[..]))])))
}

/// Runs cells, each with its effects.
pub(crate) fn study(cells: &[Cell], size: Size) -> Vec<Studied> {
    spread::each(cells, |cell| studied(*cell, size))
}

fn studied(cell: Cell, size: Size) -> Studied {
    let borders = [Effect::NONE, BORDER].map(|effect| (effect, effect.of(cell.base) / cell.base));
    let limits: Vec<(f64, Limits)> = if size.rivals {
        borders.map(|(effect, ratio)| (ratio, limits(cell.with(effect), ratio, size.harmless))).to_vec()
    } else {
        Vec::new()
    };
    let harmless = found(cell, size.harmless, size, &[]);
    let harmful =
        EFFECTS.map(|times| found(cell.with(Effect::Times(times)), size.harmful, size, &limits)).to_vec();
    Studied { harmless, harmful }
}

/// The limits that just one harmless rollout in a hundred exceeds, where the harmless ones are as bad as is tolerated.
fn limits(cell: Cell, ratio: f64, rollouts: u64) -> Limits {
    // Chance of its own, or the limits would be drawn from what they are held against.
    let peaks = (0..rollouts).map(|number| calibrated::peaks(&Seen::of(&cell.rollout(!number)), ratio));
    calibrated::limits(&peaks.collect::<Vec<_>>())
}

fn found(cell: Cell, rollouts: u64, size: Size, limits: &[(f64, Limits)]) -> Found {
    let (mut any_worse, mut usual) = (Vec::new(), Vec::new());
    let mut rivals = RIVALS.map(|_| Vec::new());
    let mut calibrated = [(); 2].map(|()| [(); STATISTICS].map(|()| Vec::new()));
    for number in 0..rollouts {
        let rollout = cell.rollout(number);
        any_worse.push(judged(&Rule::any_worse(), &rollout));
        usual.push(judged(&Rule::usual(), &rollout));
        if !size.rivals {
            continue;
        }
        let seen = Seen::of(&rollout);
        for (rival, times) in RIVALS.iter().zip(&mut rivals) {
            if !rival.is_slow() || number < size.slow {
                times.push(rival.takes_back(&seen, cell.base));
            }
        }
        for ((ratio, limits), times) in limits.iter().zip(&mut calibrated) {
            for (look, times) in calibrated::exceeded(&seen, *ratio, limits).iter().zip(times) {
                times.push(*look);
            }
        }
    }
    let times = |looks: Vec<Option<u32>>| looks.into_iter().collect::<Times>();
    Found {
        cell,
        any_worse: any_worse.into_iter().collect(),
        usual: usual.into_iter().collect(),
        rivals: rivals.map(times).into(),
        calibrated: calibrated.map(|statistics| statistics.map(times).into()),
    }
}
