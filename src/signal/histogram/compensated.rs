//! Sums of many histograms that keep what rounding takes.

use crate::signal::histogram::Histogram;
use crate::signal::histogram::cell::{Cell, Kahan};
use crate::signal::histogram::{Met, MixedSchemas, Parts};

/// A sum of histograms, or their mean step by step, with what rounding took from every count.
#[derive(Debug, Clone)]
pub struct Compensated(Parts<Kahan>);

impl Compensated {
    /// A sum that begins with that.
    pub fn new(first: &Histogram) -> Self {
        let parts = &first.0;
        Self(Parts {
            schema: parts.schema.clone(),
            zero_threshold: parts.zero_threshold,
            zero_count: Kahan::of(parts.zero_count),
            count: Kahan::of(parts.count),
            sum: Kahan::of(parts.sum),
            positive: parts.positive.map(Kahan::of),
            negative: parts.negative.map(Kahan::of),
            hint: parts.hint,
        })
    }

    /// Adds another.
    pub fn add(&mut self, other: &Histogram) -> Result<Met, MixedSchemas> {
        self.0.combine(&other.0, 1.0)
    }

    /// Multiplies every count and the sum.
    pub fn multiply(&mut self, factor: f64) {
        self.0.multiply(factor);
    }

    /// Divides every count and the sum.
    pub fn divide(&mut self, divisor: f64) {
        self.0.divide(divisor);
    }

    /// What it is without what rounding took: enough to ask whether it overflows.
    pub fn rounded(&self) -> Histogram {
        self.made(|kahan| kahan.sum)
    }

    /// The sum, with what rounding took.
    pub fn total(&self) -> Histogram {
        self.made(Kahan::total)
    }

    fn made(&self, number: impl Fn(Kahan) -> f64) -> Histogram {
        let parts = &self.0;
        Histogram(Parts {
            schema: parts.schema.clone(),
            zero_threshold: parts.zero_threshold,
            zero_count: number(parts.zero_count),
            count: number(parts.count),
            sum: number(parts.sum),
            positive: parts.positive.map(&number),
            negative: parts.negative.map(&number),
            hint: parts.hint,
        })
    }
}
