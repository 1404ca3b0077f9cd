//! Two values at the same time: does the new one lie beyond the old one more often, and further, than it may?

use crate::stats::grid::Direction;
use crate::stats::mixture::Mixture;
use crate::stats::planned::Planned;
use crate::stats::split::at_least_one;

/// How much is staked, as a share of what was won so far. Nobody has to know the effect beforehand.
const STAKES: [f64; 9] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/// How many sizes are remembered: a day of looks twice a minute, and some. Those that follow are ranked among them,
/// which is evidence as well and costs no more at any look.
const MOST_RANKED: usize = 4096;

/// What is less than this, measured against the values, is left over from rounding.
const LEAST: f64 = 1e-12;

/// By how much the new value lies beyond what the old one tolerates, which is `tolerance` times its own size more, or
/// less. Nothing where one of the two is missing.
pub fn beyond(new: f64, old: f64, tolerance: f64, harm: Direction) -> Option<f64> {
    if !new.is_finite() || !old.is_finite() {
        return None;
    }
    let slack = tolerance * old.abs();
    let beyond = match harm {
        Direction::Up => new - (old + slack),
        Direction::Down => (old - slack) - new,
    };
    if beyond.is_nan() {
        return None;
    }
    let told = beyond.abs() > LEAST * new.abs().max(old.abs());
    Some(if told { beyond.clamp(-f64::MAX, f64::MAX) } else { 0.0 })
}

/// Whether it matters how far a value lies beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// It does, as a rank among all so far. Holds where harmless differences are as large on one side as on the other.
    Ranked,
    /// Only whether it lies beyond matters. Holds wherever harmless values lie beyond at most every other time.
    Ignored,
}

/// The evidence that new values lie beyond what the old ones tolerate. Values of one look are held against each other
/// alone, so that a trend or a wave that both follow is no effect.
#[derive(Debug, Clone)]
pub struct RankEvidence {
    size: Size,
    /// The sizes of the differences so far, in order.
    sizes: Vec<f64>,
    mixture: Mixture<{ STAKES.len() }>,
}

impl RankEvidence {
    /// No evidence yet.
    pub fn new(size: Size, planned: Planned) -> Self {
        Self { size, sizes: Vec::new(), mixture: Mixture::new(planned, [1.0; STAKES.len()]) }
    }

    /// Takes in by how much a look's value lies beyond, and gives the logarithm of the evidence now. The differences
    /// follow one another in runs of the length of `temper`. One that is missing or zero says nothing.
    ///
    /// A larger difference is never less evidence at its own look. At later ones it may be, where sizes are ranked:
    /// theirs are smaller beside it.
    pub fn look(&mut self, beyond: Option<f64>, temper: f64) -> f64 {
        let temper = at_least_one(temper);
        let told = beyond.filter(|beyond| beyond.is_finite() && beyond.abs() > 0.0);
        let factors = told.map_or([0.0; STAKES.len()], |beyond| {
            let won = self.rank(beyond.abs()).copysign(beyond);
            STAKES.map(|stake| libm::log1p(stake * won) / temper)
        });
        self.mixture.look(factors)
    }

    /// The logarithm of the evidence now.
    pub fn ln_now(&self) -> f64 {
        self.mixture.ln_now()
    }

    /// The rank of a size among all so far and itself, as a share; of those that tie, it comes in the middle.
    fn rank(&mut self, size: f64) -> f64 {
        if self.size == Size::Ignored {
            return 1.0;
        }
        let less = self.sizes.partition_point(|known| *known < size);
        let less_or_same = self.sizes.partition_point(|known| *known <= size);
        let rank = (f64::midpoint(count(less), count(less_or_same)) + 1.0) / (count(self.sizes.len()) + 1.0);
        if self.sizes.len() < MOST_RANKED {
            self.sizes.insert(less_or_same, size);
        }
        rank
    }
}

/// The fewest differences that tell how long their runs are, and what is assumed with fewer.
const FEWEST: usize = 20;
const UNKNOWN: f64 = 3.0;

/// Beyond this the estimate is too uncertain to divide by what it leaves.
const MOST_ALIKE: f64 = 0.9;

/// The length of the runs in which differences follow one another, from those before the change. Better 120 of them
/// than a few; those that are no numbers are left out.
pub fn rank_temper(history: &[f64]) -> f64 {
    let history: Vec<f64> = history.iter().copied().filter(|beyond| beyond.is_finite()).collect();
    if history.len() < FEWEST {
        return UNKNOWN;
    }
    let ranks = centred_ranks(&history);
    let all: f64 = ranks.iter().map(|rank| rank * rank).sum();
    // Where all are the same, nothing was seen of what follows what.
    if all <= 0.0 {
        return UNKNOWN;
    }
    let after = ranks.iter().skip(1);
    let alike = ranks.iter().zip(after).map(|(rank, next)| rank * next).sum::<f64>() / all;
    // Within a standard error of none.
    if alike <= 1.0 / libm::sqrt(count(history.len())) {
        return 1.0;
    }
    let alike = alike.min(MOST_ALIKE);
    (1.0 + alike) / (1.0 - alike)
}

/// The ranks, about their mean. Those that tie share the middle one: in the order of time they would follow one
/// another more than they do.
fn centred_ranks(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = count(values.len()) / 2.0;
    let rank = |value: &f64| {
        let less = sorted.partition_point(|other| other < value);
        let less_or_same = sorted.partition_point(|other| other <= value);
        f64::midpoint(count(less), count(less_or_same)) - middle
    };
    values.iter().map(rank).collect()
}

#[expect(clippy::cast_precision_loss, reason = "some thousands of looks")]
fn count(many: usize) -> f64 {
    many as f64
}
