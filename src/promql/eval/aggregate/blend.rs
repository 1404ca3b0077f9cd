//! Blends: the sum or the mean of histograms.

use crate::promql::number::as_float;
use crate::signal::Histogram;
use crate::signal::histogram::{Compensated, Hint, Met, MixedSchemas};

/// The sum or the mean of histograms that come one by one.
///
/// For a mean they are summed up as long as the sum is finite. Only then the mean itself is carried on.
pub(super) struct Blend {
    /// Nothing once some could not be put together.
    sum: Option<Compensated>,
    /// Of a mean, whether it is carried on.
    carried: Option<bool>,
    count: i64,
    hints: Hints,
}

/// What was said of the counters.
#[derive(Default)]
struct Hints {
    reset: bool,
    went_on: bool,
}

impl Blend {
    pub(super) fn of(first: &Histogram, mean: bool) -> Self {
        let sum = Some(Compensated::new(first));
        let mut blend = Self { sum, carried: mean.then_some(false), count: 1, hints: Hints::default() };
        blend.hint(first.hint());
        blend
    }

    pub(super) fn add(&mut self, histogram: &Histogram) -> Result<Met, MixedSchemas> {
        let Some(sum) = &mut self.sum else { return Ok(Met::default()) };
        let before = as_float(self.count);
        self.count += 1;
        let count = as_float(self.count);
        let met = match &mut self.carried {
            Some(carried) => mean(sum, carried, histogram, (before, count)),
            None => sum.add(histogram),
        };
        self.hint(histogram.hint());
        if met.is_err() {
            self.sum = None;
        }
        met
    }

    /// Whether some say that their counter began anew, and others that theirs went on.
    pub(super) const fn hints_collide(&self) -> bool {
        self.hints.reset && self.hints.went_on
    }

    /// What they make; nothing where they could not be put together.
    pub(super) fn made(self) -> Option<Histogram> {
        let mut sum = self.sum?;
        if self.carried == Some(false) {
            sum.divide(as_float(self.count));
        }
        let mut made = sum.total();
        made.compact(0);
        Some(made)
    }

    fn hint(&mut self, hint: Hint) {
        self.hints.reset |= hint == Hint::Reset;
        self.hints.went_on |= hint == Hint::NotReset;
    }
}

fn mean(
    sum: &mut Compensated,
    carried: &mut bool,
    histogram: &Histogram,
    (before, count): (f64, f64),
) -> Result<Met, MixedSchemas> {
    if !*carried {
        let mut next = sum.clone();
        let met = next.add(histogram)?;
        if !next.rounded().overflows() {
            *sum = next;
            return Ok(met);
        }
        *carried = true;
        sum.divide(before);
    }
    sum.multiply(before / count);
    let mut part = histogram.clone();
    part.divide(count);
    sum.add(&part)
}
