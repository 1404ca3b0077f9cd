//! Sums that keep what rounding loses (Neumaier), with the very steps of Prometheus, so that the last bit agrees.

/// A sum, and apart from it what rounding has cut off.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    total: f64,
    lost: f64,
}

impl Sum {
    /// The sum of one term. It differs from nothing plus that term where the term is `-0`.
    pub(super) const fn of(total: f64) -> Self {
        Self { total, lost: 0.0 }
    }

    /// With one more term.
    pub(super) fn plus(self, term: f64) -> Self {
        let Self { total: old, lost } = self;
        let total = old + term;
        let lost = if total.is_infinite() {
            0.0
        } else if term.abs() <= old.abs() {
            lost + ((old - total) + term)
        } else {
            lost + ((term - total) + old)
        };
        Self { total, lost }
    }

    /// The sum, now that no more terms come.
    pub(super) fn value(self) -> f64 {
        self.total + self.lost
    }

    fn times(self, factor: f64) -> Self {
        Self { total: factor * self.total, lost: factor * self.lost }
    }

    /// Both together.
    pub(super) fn with(self, other: Self) -> Self {
        let sum = self.plus(other.total);
        Self { lost: sum.lost + other.lost, ..sum }
    }

    /// What it is more than another.
    pub(super) fn minus(self, other: Self) -> Self {
        self.with(other.times(-1.0))
    }

    pub(super) fn over(self, divisor: f64) -> Self {
        Self { total: self.total / divisor, lost: self.lost / divisor }
    }
}

/// A mean of values that come one by one.
///
/// They are summed up as long as the sum is finite. Only then the mean itself is carried from value to value, which
/// is less exact and knows no overflow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mean {
    sum: Sum,
    count: f64,
    carried: bool,
}

impl Mean {
    /// The mean of one value.
    pub(super) const fn of(value: f64) -> Self {
        Self { sum: Sum::of(value), count: 1.0, carried: false }
    }

    /// With one more value.
    pub(super) fn plus(self, value: f64) -> Self {
        let (before, count) = (self.count, self.count + 1.0);
        let mut sum = self.sum;
        if !self.carried {
            let next = sum.plus(value);
            if !next.total.is_infinite() {
                return Self { sum: next, count, carried: false };
            }
            sum = sum.over(before);
        }
        Self { sum: sum.times(before / count).plus(value / count), count, carried: true }
    }

    /// The mean, now that no more values come.
    pub(super) fn value(self) -> f64 {
        if self.carried { self.sum.value() } else { self.sum.over(self.count).value() }
    }
}

/// The mean; none of no values.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    let (first, rest) = values.split_first()?;
    Some(rest.iter().fold(Mean::of(*first), |mean, value| mean.plus(*value)).value())
}

/// A count as a value.
pub(super) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::number::Number;

    const HUGE: f64 = f64::MAX;
    const INF: f64 = f64::INFINITY;

    #[test]
    fn what_rounding_loses_is_kept() {
        for (values, sum) in [
            (&[0.1; 10][..], 1.0),
            (&[1.0, 1e100, 1.0, -1e100], 2.0),
            (&[1e100, 1.0, -1e100, 1.0], 2.0),
            (&[HUGE, HUGE], INF),
            (&[INF, 5.0], INF),
            (&[1e100, 1.0, INF], INF),
            (&[INF, -INF], f64::NAN),
            (&[1.0, f64::NAN], f64::NAN),
            (&[], 0.0),
        ] {
            let got = values.iter().fold(Sum::default(), |sum, value| sum.plus(*value)).value();
            assert_eq!(Number(got), Number(sum), "{values:?}");
        }
    }

    #[test]
    fn a_mean_does_not_overflow() {
        for (values, expected) in [
            (&[][..], None),
            (&[3.0], Some(3.0)),
            (&[1.0, 2.0, 6.0], Some(3.0)),
            (&[1e100, 1.0, -1e100, 2.0], Some(0.75)),
            (&[HUGE, HUGE], Some(HUGE)),
            (&[-HUGE, -HUGE], Some(-HUGE)),
            (&[INF, 1.0], Some(INF)),
            (&[INF, -INF], Some(f64::NAN)),
            (&[f64::NAN, 1.0], Some(f64::NAN)),
        ] {
            assert_eq!(mean(values).map(Number), expected.map(Number), "{values:?}");
        }
    }
}
