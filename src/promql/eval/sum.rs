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

    fn over(self, divisor: f64) -> Self {
        Self { total: self.total / divisor, lost: self.lost / divisor }
    }
}

/// The mean; none of no values.
///
/// The values are summed up as long as the sum is finite. Only then the mean itself is carried from value to value,
/// which is less exact and knows no overflow.
pub(super) fn mean(values: &[f64]) -> Option<f64> {
    let (first, rest) = values.split_first()?;
    let (mut sum, mut carried, mut count) = (Sum::of(*first), false, 1.0);
    for value in rest {
        let before = count;
        count += 1.0;
        if !carried {
            let next = sum.plus(*value);
            if !next.total.is_infinite() {
                sum = next;
                continue;
            }
            carried = true;
            sum = sum.over(before);
        }
        sum = sum.times(before / count).plus(*value / count);
    }
    Some(if carried { sum.value() } else { sum.over(count).value() })
}

/// A count as a value.
pub(super) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The value that no other lies `beyond`; NaN only where all are.
pub(super) fn outermost(values: &[f64], beyond: fn(&f64, &f64) -> bool) -> Option<f64> {
    let (first, rest) = values.split_first()?;
    let further = |most: f64, value: &f64| if beyond(value, &most) || most.is_nan() { *value } else { most };
    Some(rest.iter().fold(*first, further))
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

    #[test]
    fn nan_is_outermost_only_alone() {
        for (values, least, most) in [
            (&[2.0, 1.0, 3.0][..], 1.0, 3.0),
            (&[f64::NAN, 1.0], 1.0, 1.0),
            (&[1.0, f64::NAN], 1.0, 1.0),
            (&[f64::NAN, f64::NAN], f64::NAN, f64::NAN),
            (&[-INF, INF], -INF, INF),
        ] {
            let got = (outermost(values, f64::lt), outermost(values, f64::gt));
            let got = (got.0.map(Number), got.1.map(Number));
            assert_eq!(got, (Some(Number(least)), Some(Number(most))), "{values:?}");
        }
    }
}
