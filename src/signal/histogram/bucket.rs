//! Buckets with their bounds.

use crate::signal::histogram::Histogram;
use crate::signal::histogram::Schema;

/// A bucket with its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Where it begins.
    pub lower: f64,
    /// Where it ends.
    pub upper: f64,
    /// Whether what lies on the lower bound is counted.
    pub lower_inclusive: bool,
    /// Whether what lies on the upper bound is counted.
    pub upper_inclusive: bool,
    /// How many lie in it.
    pub count: f64,
}

impl Bucket {
    fn positive(schema: &Schema, (index, count): (i32, f64)) -> Self {
        let (lower, upper) = (schema.bound(index.wrapping_sub(1)), schema.bound(index));
        let (lower_inclusive, upper_inclusive) =
            if schema.is_custom() { (index == 0, true) } else { (lower < 0.0, 0.0 < upper) };
        Self { lower, upper, lower_inclusive, upper_inclusive, count }
    }

    fn negative(schema: &Schema, (index, count): (i32, f64)) -> Self {
        let (lower, upper) = (-schema.bound(index), -schema.bound(index.wrapping_sub(1)));
        Self { lower, upper, lower_inclusive: lower < 0.0, upper_inclusive: 0.0 < upper, count }
    }

    /// As far as it lies outside the zero bucket.
    fn outside(mut self, threshold: f64) -> Self {
        if self.upper < 0.0 && -threshold < self.upper {
            self.upper = -threshold;
        } else if 0.0 < self.lower && self.lower < threshold {
            self.lower = threshold;
        }
        self
    }
}

impl Histogram {
    /// Buckets above the zero bucket, upwards; all of them where the bounds are written down.
    pub fn positive_buckets(&self) -> impl Iterator<Item = Bucket> {
        self.0.positive.cells().map(|cell| Bucket::positive(&self.0.schema, cell))
    }

    /// Buckets below the zero bucket, downwards.
    pub fn negative_buckets(&self) -> impl Iterator<Item = Bucket> {
        self.0.negative.cells().map(|cell| Bucket::negative(&self.0.schema, cell))
    }

    /// The zero bucket.
    pub fn zero_bucket(&self) -> Bucket {
        let threshold = self.0.zero_threshold;
        Bucket {
            lower: -threshold,
            upper: threshold,
            lower_inclusive: true,
            upper_inclusive: true,
            count: self.0.zero_count,
        }
    }

    /// All buckets upwards; the zero bucket where it counts something, and others as far as they lie outside it.
    pub fn buckets(&self) -> impl Iterator<Item = Bucket> {
        let schema = &self.0.schema;
        let below = self.0.negative.cells_back().map(|cell| Bucket::negative(schema, cell));
        let above = self.0.positive.cells().map(|cell| Bucket::positive(schema, cell));
        self.around_zero(below, above)
    }

    /// All buckets downwards.
    pub fn buckets_downwards(&self) -> impl Iterator<Item = Bucket> {
        let schema = &self.0.schema;
        let above = self.0.positive.cells_back().map(|cell| Bucket::positive(schema, cell));
        let below = self.0.negative.cells().map(|cell| Bucket::negative(schema, cell));
        self.around_zero(above, below)
    }

    fn around_zero(
        &self,
        before: impl Iterator<Item = Bucket>,
        after: impl Iterator<Item = Bucket>,
    ) -> impl Iterator<Item = Bucket> {
        let threshold = self.0.zero_threshold;
        let zero = (0.0 < self.0.zero_count).then(|| self.zero_bucket());
        let before = before.map(move |bucket| bucket.outside(threshold));
        before.chain(zero).chain(after.map(move |bucket| bucket.outside(threshold)))
    }
}
