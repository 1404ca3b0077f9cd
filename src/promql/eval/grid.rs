//! Grids: the moments at which an expression is evaluated.

use crate::promql::number::as_float;
use crate::unit::{Span, UnixMillis};

/// Moments that lie one step apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    start: i64,
    step: i64,
    len: usize,
}

impl Grid {
    /// One moment.
    pub(super) const fn one(at: UnixMillis) -> Self {
        Self { start: at.millis(), step: 1, len: 1 }
    }

    /// The moments from one up to another; the first alone where the other is earlier.
    pub(super) fn between(from: UnixMillis, to: UnixMillis, step: Span) -> Self {
        let step = i64::try_from(step.millis()).unwrap_or(i64::MAX).max(1);
        let steps = to.millis().saturating_sub(from.millis()).max(0) / step;
        Self {
            start: from.millis(),
            step,
            len: usize::try_from(steps).map_or(usize::MAX, |s| s.saturating_add(1)),
        }
    }

    /// The multiples of a step after one moment and up to another.
    pub(super) fn multiples(after: i64, to: i64, step: i64) -> Self {
        let step = step.max(1);
        let start = after.div_euclid(step).saturating_add(1).saturating_mul(step);
        let steps = to.saturating_sub(start).div_euclid(step).saturating_add(1);
        Self { start, step, len: usize::try_from(steps).unwrap_or_default() }
    }

    /// The same, at its first moment alone.
    pub(super) const fn first_alone(self) -> Self {
        Self { len: 1, ..self }
    }

    /// How many moments there are.
    pub(super) const fn len(self) -> usize {
        self.len
    }

    pub(super) const fn start(self) -> i64 {
        self.start
    }

    pub(super) const fn step(self) -> i64 {
        self.step
    }

    /// The moment of a step.
    pub(super) fn at(self, index: usize) -> i64 {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        self.start.saturating_add(self.step.saturating_mul(index))
    }

    /// Every moment.
    pub(super) fn moments(self) -> impl Iterator<Item = i64> {
        (0..self.len).map(move |index| self.at(index))
    }
}

/// A moment as PromQL tells it.
pub(super) fn seconds(millis: i64) -> f64 {
    as_float(millis) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_lie_after_the_first_and_up_to_the_last() {
        for (after, to, step, expected) in [
            (0, 60, 20, vec![20, 40, 60]),
            (-1, 60, 20, vec![0, 20, 40, 60]),
            (-41, -1, 20, vec![-40, -20]),
            (5, 19, 20, vec![]),
            (5, 20, 20, vec![20]),
            (20, 20, 20, vec![]),
        ] {
            let got: Vec<i64> = Grid::multiples(after, to, step).moments().collect();
            assert_eq!(got, expected, "({after}, {to}] by {step}");
        }
    }
}
