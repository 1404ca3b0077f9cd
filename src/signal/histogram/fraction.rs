//! Which share of what was observed lies between two values.

use crate::signal::histogram::Bucket;
use crate::signal::histogram::Histogram;

/// A share of what was observed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fraction {
    /// The share.
    pub value: f64,
    /// Some of what was observed is NaN, and lies outside.
    pub has_nan: bool,
}

/// A value, and how many lie below it as soon as that is known.
struct Mark {
    value: f64,
    rank: Option<f64>,
}

impl Histogram {
    /// The share of what was observed that lies between two values.
    pub fn fraction(&self, lower: f64, upper: f64) -> Fraction {
        if self.count() == 0.0 || lower.is_nan() || upper.is_nan() {
            return Fraction { value: f64::NAN, has_nan: false };
        }
        if upper <= lower {
            return Fraction { value: 0.0, has_nan: false };
        }
        let (mut low, mut high) = (Mark { value: lower, rank: None }, Mark { value: upper, rank: None });
        let (mut rank, mut count) = (0.0, 0.0);
        let mut buckets = self.buckets();
        for bucket in buckets.by_ref() {
            count += bucket.count;
            low.pass(self, &bucket, rank);
            high.pass(self, &bucket, rank);
            if low.rank.is_some() && high.rank.is_some() {
                break;
            }
            rank += bucket.count;
        }
        let mut has_nan = false;
        if self.sum().is_nan() {
            count = buckets.fold(count, |count, bucket| count + bucket.count);
            has_nan = count < self.count();
        } else {
            count = self.count();
        }
        let below = |mark: &Mark| match mark.rank {
            Some(rank) if count < rank => count,
            Some(rank) => rank,
            None => count,
        };
        Fraction { value: (below(&high) - below(&low)) / self.count(), has_nan }
    }
}

impl Mark {
    /// Looks whether the value lies before the end of the next bucket.
    fn pass(&mut self, histogram: &Histogram, bucket: &Bucket, rank: f64) {
        if self.rank.is_some() {
            return;
        }
        let is_zero = bucket.lower <= 0.0 && 0.0 <= bucket.upper;
        let bucket = if is_zero { histogram.zero_ends(*bucket) } else { *bucket };
        if self.value <= bucket.lower {
            self.rank = Some(rank);
        } else if self.value < bucket.upper {
            let is_linear = is_zero || histogram.schema().is_custom();
            self.rank = Some(if is_linear {
                linear(&bucket, self.value, rank)
            } else {
                exponential(&bucket, self.value, rank)
            });
        }
    }
}

/// How many lie below a value if those in its bucket are spread evenly.
fn linear(bucket: &Bucket, value: f64, rank: f64) -> f64 {
    if bucket.lower == f64::NEG_INFINITY {
        return bucket.count;
    }
    rank + bucket.count * (value - bucket.lower) / (bucket.upper - bucket.lower)
}

/// How many lie below a value if those in its bucket are spread evenly on a logarithmic scale.
fn exponential(bucket: &Bucket, value: f64, rank: f64) -> f64 {
    let [lower, upper, at] = [bucket.lower, bucket.upper, value].map(|value| libm::log2(value.abs()));
    let share =
        if 0.0 < value { (at - lower) / (upper - lower) } else { 1.0 - (at - upper) / (lower - upper) };
    rank + bucket.count * share
}
