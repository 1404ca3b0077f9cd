//! One side alone: is its share beyond a fixed one?

use crate::stats::grid::{ALTERNATIVES, Alternative, Direction, NEAR, grid};
use crate::stats::mixture::Mixture;
use crate::stats::pair::counted;
use crate::stats::planned::Planned;
use crate::stats::split::at_least_one;

/// The evidence that a share lies beyond a fixed one.
#[derive(Debug, Clone)]
pub struct ValueEvidence {
    /// Each alternative with the logarithm of what every single one without regard to the event is multiplied by.
    grid: [(Alternative, f64); ALTERNATIVES],
    mixture: Mixture<ALTERNATIVES>,
}

impl ValueEvidence {
    /// No evidence yet. The share lies between zero and one.
    pub fn new(share: f64, direction: Direction, planned: Planned) -> Self {
        let share = share.clamp(0.0, 1.0);
        // The odds are so many times those of the border, so that no alternative is a share above one.
        let grid = grid(direction).map(|alternative| (alternative, libm::log1p(alternative.beyond * share)));
        Self { grid, mixture: Mixture::new(planned, NEAR) }
    }

    /// Takes in a look, whose events come in clusters of the size of `temper`, and gives the logarithm of the evidence
    /// now.
    pub fn look(&mut self, events: f64, of: f64, temper: f64) -> f64 {
        let (of, temper) = (counted(of), at_least_one(temper));
        let events = counted(events).min(of);
        let others = of - events;
        self.mixture.look(
            self.grid.map(|(alternative, rise)| (events * (alternative.ln - rise) - others * rise) / temper),
        )
    }

    /// The logarithm of the evidence now.
    pub fn ln_now(&self) -> f64 {
        self.mixture.ln_now()
    }
}
