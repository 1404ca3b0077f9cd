//! Two sides at the same time: is the new share more than so many times the old one?

use crate::stats::grid::{ALTERNATIVES, Alternative, Direction, NEAR, grid};
use crate::stats::mixture::Mixture;
use crate::stats::pair::Pair;
use crate::stats::planned::Planned;
use crate::stats::split::{Split, at_least_one};

/// The evidence that the new share lies beyond `ratio` times the old one. Whatever hits both sides cancels, and the
/// split of the traffic may change at any look.
#[derive(Debug, Clone)]
pub struct RatioEvidence {
    ratio: f64,
    grid: [Alternative; ALTERNATIVES],
    mixture: Mixture<ALTERNATIVES>,
}

impl RatioEvidence {
    /// No evidence yet. The ratio is positive.
    pub fn new(ratio: f64, direction: Direction, planned: Planned) -> Self {
        Self { ratio, grid: grid(direction), mixture: Mixture::new(planned, NEAR) }
    }

    /// Takes in a look, whose events come in clusters of the size of `temper`, and gives the logarithm of the evidence
    /// now. A look in which a side had no traffic says nothing.
    pub fn look(&mut self, pair: &Pair, temper: f64) -> f64 {
        self.look_in_strata(std::slice::from_ref(pair), temper)
    }

    /// The same of a look in strata, each of which compares like with like: a new side that serves other routes than the
    /// old one is no worse for that.
    pub fn look_in_strata(&mut self, strata: &[Pair], temper: f64) -> f64 {
        let ratio = self.ratio;
        self.look_at_borders(strata.iter().map(|pair| (*pair, ratio)), temper)
    }

    /// The same where the border of each stratum lies elsewhere at this look.
    pub fn look_at_borders(&mut self, strata: impl Iterator<Item = (Pair, f64)>, temper: f64) -> f64 {
        let mut factors = [0.0; ALTERNATIVES];
        for (pair, ratio) in strata {
            let Some(split) = Split::of(&pair.counted(), at_least_one(temper)) else { continue };
            let share = split.share(ratio);
            for (factor, alternative) in factors.iter_mut().zip(&self.grid) {
                *factor += split.ln_likelihood(share, *alternative);
            }
        }
        self.mixture.look(factors)
    }

    /// The logarithm of the evidence now.
    pub fn ln_now(&self) -> f64 {
        self.mixture.ln_now()
    }
}
