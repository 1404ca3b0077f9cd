//! What can be proved with the traffic there is, and how long that takes.

use crate::stats::grid::{ALTERNATIVES, Alternative, Direction, NEAR, grid};
use crate::stats::pair::Pair;
use crate::stats::planned::{Planned, Prior};
use crate::stats::split::{Split, at_least_one};

/// What a look is expected to see.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traffic {
    /// All there are on the new side.
    pub new_of: f64,
    /// All there are on the old side.
    pub old_of: f64,
    /// The share of events on the old side.
    pub old_share: f64,
    /// The size of the clusters in which events come.
    pub temper: f64,
}

impl Traffic {
    /// How many looks it takes until it is proved at the level `alpha` that the ratio of the shares lies beyond
    /// `border`, if it is `truth`, by evidence that is planned so. Nothing where no number of looks would do.
    pub fn looks_needed(&self, border: f64, truth: f64, alpha: f64, planned: Planned) -> Option<f64> {
        // A ratio of nothing has no logarithm; so few events are as good as none.
        let truth = truth.max(1e-12);
        let expected = Pair {
            new_events: self.new_of * truth * self.old_share,
            new_of: self.new_of,
            old_events: self.old_of * self.old_share,
            old_of: self.old_of,
        };
        let split = Split::of(&expected, at_least_one(self.temper))?;
        let information = split.ln_likelihood(split.share(border), Alternative::new(truth / border));
        // What it costs not to know how large the effect is, nor when it sets in.
        let unknown = -libm::log(about(truth / border, planned.prior) * planned.first);
        let looks = (libm::log(1.0 / alpha) + unknown) / information;
        (looks.is_finite() && looks > 0.0).then_some(looks)
    }
}

/// How far off the truth an alternative may be that finds it about as soon.
const ABOUT: f64 = 1.3;

/// The weight of the alternatives that are about so far beyond the border. Where all are alike it is that of one, which
/// is more than it takes.
fn about(beyond: f64, prior: Prior) -> f64 {
    let ln_weights: [f64; ALTERNATIVES] = prior.ln_weights(NEAR);
    let one = ln_weights.map(libm::exp);
    let least = one.iter().copied().fold(f64::INFINITY, f64::min);
    match prior {
        Prior::Even => least,
        Prior::Near => {
            let direction = if beyond < 1.0 { Direction::Down } else { Direction::Up };
            let near = |alternative: &Alternative| {
                libm::fabs(alternative.ln - libm::log(beyond)) <= libm::log(ABOUT)
            };
            let weights = grid(direction).into_iter().zip(one);
            weights
                .filter(|(alternative, _)| near(alternative))
                .map(|(_, weight)| weight)
                .sum::<f64>()
                .max(least)
        }
    }
}
