//! Histograms added, subtracted, multiplied and divided.

use crate::signal::histogram::Histogram;
use crate::signal::histogram::cell::Cell;
use crate::signal::histogram::{Bounds, Buckets, Hint, Parts, Resolution, Schema};

/// What was found when two histograms were put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Met {
    /// One says that its counter started anew, the other that it did not.
    pub hints_collide: bool,
    /// Both had custom bounds, but not the same: only those that both had are left.
    pub bounds_differ: bool,
}

/// One histogram has exponential buckets and the other has custom ones: nothing can be made of both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a histogram with exponential buckets and one with custom buckets cannot be put together; convert one of them"
)]
pub struct MixedSchemas;

impl Histogram {
    /// Adds another. Resolution, zero bucket and custom bounds become those that both can be told in.
    ///
    /// Buckets that count nothing may be left: `PromQL` compacts what its operators return.
    pub fn add(&mut self, other: &Self) -> Result<Met, MixedSchemas> {
        self.0.combine(&other.0, 1.0)
    }

    /// Subtracts another, in the same way. `PromQL` calls the result of its `-` a gauge, but not that of an average.
    pub fn subtract(&mut self, other: &Self) -> Result<Met, MixedSchemas> {
        self.0.combine(&other.0, -1.0)
    }

    /// Multiplies every count and the sum; what is multiplied by less than 0 is a gauge.
    pub fn multiply(&mut self, factor: f64) {
        self.0.multiply(factor);
    }

    /// Divides every count and the sum; what is divided by less than 0 is a gauge. By 0, no bucket is left.
    pub fn divide(&mut self, divisor: f64) {
        self.0.divide(divisor);
    }

    /// The same with every count and the sum below zero, as unary minus makes it: a gauge.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.multiply(-1.0);
        self
    }

    /// Whether a count, the sum or a bucket is infinite: then an average has to be made step by step.
    pub fn overflows(&self) -> bool {
        let parts = &self.0;
        let buckets = parts.positive.counts().iter().chain(parts.negative.counts());
        [parts.zero_count, parts.count, parts.sum].iter().chain(buckets).any(|count| count.is_infinite())
    }
}

impl Hint {
    /// What is known of both together, and whether they contradict each other.
    fn with(self, other: Self) -> (Self, bool) {
        match (self, other) {
            _ if self == other => (self, false),
            (Self::Gauge, _) | (_, Self::Gauge) => (Self::Gauge, false),
            (Self::Unknown, _) | (_, Self::Unknown) => (Self::Unknown, false),
            (Self::Reset | Self::NotReset, Self::Reset | Self::NotReset) => (Self::Unknown, true),
        }
    }
}

impl<C: Cell> Parts<C> {
    /// Adds what the sign makes of another.
    pub(super) fn combine(&mut self, other: &Parts, sign: f64) -> Result<Met, MixedSchemas> {
        let met = match (self.schema.clone(), &other.schema) {
            (Schema::Custom(own), Schema::Custom(theirs)) => {
                self.combine_custom(&own, other, theirs, sign);
                Met { hints_collide: false, bounds_differ: own != *theirs }
            }
            (Schema::Exponential(own), Schema::Exponential(theirs)) => {
                self.combine_exponential(own, other, *theirs, sign);
                Met::default()
            }
            (Schema::Exponential(_), Schema::Custom(_)) | (Schema::Custom(_), Schema::Exponential(_)) => {
                return Err(MixedSchemas);
            }
        };
        self.count = self.count.plus(C::of(sign * other.count));
        self.sum = self.sum.plus(C::of(sign * other.sum));
        let (hint, hints_collide) = self.hint.with(other.hint);
        self.hint = hint;
        Ok(Met { hints_collide, ..met })
    }

    fn combine_exponential(&mut self, own: Resolution, other: &Parts, theirs: Resolution, sign: f64) {
        let zero = self.reconcile_zero(other);
        let zero = C::from_kahan(zero).scaled(|count| sign * count);
        self.zero_count = self.zero_count.plus(zero);
        let coarser = own.min(theirs);
        self.reduce(coarser);
        let (bounds, threshold) = (self.schema.clone(), self.zero_threshold);
        for (side, more) in [(&mut self.positive, &other.positive), (&mut self.negative, &other.negative)] {
            // What lies within the zero bucket was counted there.
            let skipped = |indexes: &mut dyn Iterator<Item = i32>| {
                indexes.take_while(|index| bounds.bound(*index) <= threshold).count()
            };
            if coarser < theirs {
                let more = more.map(C::of).regrouped(|index| theirs.index_in(coarser, index));
                let skipped = skipped(&mut more.cells().map(|(index, _)| index));
                side.absorb(&more, skipped, |count| count.scaled(|count| sign * count));
            } else {
                let skipped = skipped(&mut more.iter().map(|(index, _)| index));
                side.absorb(more, skipped, |count| C::of(sign * count));
            }
        }
    }

    fn combine_custom(&mut self, own: &Bounds, other: &Parts, theirs: &Bounds, sign: f64) {
        if own == theirs {
            self.positive.absorb(&other.positive, 0, |count| C::of(sign * count));
            return;
        }
        let shared = own.shared_with(theirs);
        let mut counts = vec![C::default(); shared.len() + 1];
        self.positive.spread(own, &shared, &mut counts, |count| count);
        other.positive.spread(theirs, &shared, &mut counts, |count| C::of(sign * count));
        let cells = (0_i32..).zip(counts).filter(|(_, count)| !count.is_nothing());
        self.positive = Buckets::of(cells);
        self.schema = Schema::Custom(shared);
    }

    pub(super) fn multiply(&mut self, factor: f64) {
        self.scale(|count| count * factor);
        if factor < 0.0 {
            self.hint = Hint::Gauge;
        }
    }

    pub(super) fn divide(&mut self, divisor: f64) {
        if divisor == 0.0 {
            self.positive = Buckets::default();
            self.negative = Buckets::default();
        }
        self.scale(|count| count / divisor);
        if divisor < 0.0 {
            self.hint = Hint::Gauge;
        }
    }

    fn scale(&mut self, scale: impl Fn(f64) -> f64) {
        for count in [&mut self.zero_count, &mut self.count, &mut self.sum] {
            *count = count.scaled(&scale);
        }
        for count in self.positive.counts_mut().chain(self.negative.counts_mut()) {
            *count = count.scaled(&scale);
        }
    }
}

impl<C: Cell> Buckets<C> {
    /// Adds every bucket to the one of fewer bounds that holds it.
    pub(super) fn spread<D: Cell>(
        &self,
        bounds: &Bounds,
        fewer: &Bounds,
        counts: &mut [D],
        as_theirs: impl Fn(C) -> D,
    ) {
        for (index, count) in self.cells() {
            let upper = usize::try_from(index).ok().and_then(|index| bounds.get(index));
            let place = upper.map_or(fewer.len(), |upper| fewer.partition_point(|bound| bound < upper));
            if let Some(into) = counts.get_mut(place) {
                *into = into.plus(as_theirs(count));
            }
        }
    }
}
