//! Quantiles of a histogram.

use crate::signal::histogram::Bucket;
use crate::signal::histogram::Histogram;

/// A quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    /// The value.
    pub value: f64,
    /// What observations that are NaN did to it.
    pub nan: NanObservations,
}

/// What observations that are NaN did to a quantile: they are counted above everything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NanObservations {
    /// Nothing; mostly because there are none.
    Harmless,
    /// They made it larger than it would be without them.
    Skewed,
    /// It lies among them and is NaN.
    Hit,
}

impl Quantile {
    fn of(value: f64) -> Self {
        Self { value, nan: NanObservations::Harmless }
    }
}

/// The bucket that a rank lies in.
struct Hit {
    bucket: Bucket,
    /// How many lie in it and in those that were passed.
    count: f64,
    /// How many lie in all buckets.
    in_buckets: f64,
}

impl Histogram {
    /// The value below which that share of what was observed lies. Within a bucket, values are thought to be spread
    /// evenly on a logarithmic scale; in the zero bucket and between custom bounds, evenly.
    pub fn quantile(&self, share: f64) -> Quantile {
        if share < 0.0 {
            return Quantile::of(f64::NEG_INFINITY);
        }
        if 1.0 < share {
            return Quantile::of(f64::INFINITY);
        }
        if self.count() == 0.0 || share.is_nan() {
            return Quantile::of(f64::NAN);
        }
        let upwards = self.sum().is_nan() || share < 0.5;
        let rank = if upwards { share * self.count() } else { (1.0 - share) * self.count() };
        // Only upwards, what is NaN is counted above everything else.
        let hit = if upwards { hit(self.buckets(), rank) } else { hit(self.buckets_downwards(), rank) };
        let bucket = match self.with_ends(hit.bucket) {
            Ok(bucket) => bucket,
            Err(value) => return Quantile::of(value),
        };
        // Rounding may have made more of the buckets than there is.
        let count = if self.count() < hit.count { self.count() } else { hit.count };
        if count < rank {
            return if self.sum().is_nan() {
                Quantile { value: f64::NAN, nan: NanObservations::Hit }
            } else {
                Quantile::of(bucket.upper)
            };
        }
        let rank = if upwards { rank - (count - bucket.count) } else { count - rank };
        let skewed = self.sum().is_nan() && hit.in_buckets < self.count();
        Quantile {
            value: self.between(&bucket, rank / bucket.count),
            nan: if skewed { NanObservations::Skewed } else { NanObservations::Harmless },
        }
    }

    /// The bucket with the ends that its values are thought to have, or the value where it has none.
    fn with_ends(&self, mut bucket: Bucket) -> Result<Bucket, f64> {
        if !self.schema().is_custom() {
            if bucket.lower < 0.0 && 0.0 < bucket.upper {
                bucket = self.zero_ends(bucket);
            }
        } else if bucket.lower == f64::NEG_INFINITY {
            if bucket.upper <= 0.0 {
                return Err(bucket.upper);
            }
            bucket.lower = 0.0;
        } else if bucket.upper == f64::INFINITY {
            return Err(bucket.lower);
        }
        Ok(bucket)
    }

    /// In the zero bucket of a histogram with buckets on one side only, all values lie on that side.
    pub(super) fn zero_ends(&self, mut bucket: Bucket) -> Bucket {
        match (self.0.negative.is_empty(), self.0.positive.is_empty()) {
            (true, false) => bucket.lower = 0.0,
            (false, true) => bucket.upper = 0.0,
            (true, true) | (false, false) => (),
        }
        bucket
    }

    fn between(&self, bucket: &Bucket, share: f64) -> f64 {
        let Bucket { lower, upper, .. } = *bucket;
        if self.schema().is_custom() || (lower <= 0.0 && 0.0 <= upper) {
            return lower + (upper - lower) * share;
        }
        let (inner, outer) = (libm::log2(lower.abs()), libm::log2(upper.abs()));
        if 0.0 < lower {
            libm::exp2(inner + (outer - inner) * share)
        } else {
            -libm::exp2(outer + (inner - outer) * (1.0 - share))
        }
    }
}

fn hit(buckets: impl Iterator<Item = Bucket>, rank: f64) -> Hit {
    let nothing =
        Bucket { lower: 0.0, upper: 0.0, lower_inclusive: false, upper_inclusive: false, count: 0.0 };
    let mut buckets = buckets;
    let (mut bucket, mut count) = (nothing, 0.0);
    for next in buckets.by_ref() {
        bucket = next;
        if bucket.count != 0.0 {
            count += bucket.count;
            if rank <= count {
                break;
            }
        }
    }
    let in_buckets = buckets.fold(count, |count, bucket| count + bucket.count);
    Hit { bucket, count, in_buckets }
}
