//! The mean of a histogram, and how far its values lie from it.

use crate::signal::histogram::Bucket;
use crate::signal::histogram::Histogram;
use crate::signal::histogram::cell::Kahan;

impl Histogram {
    /// The mean of what was observed.
    pub fn mean(&self) -> f64 {
        self.sum() / self.count()
    }

    /// The mean square of the distance from the mean, as if all values of a bucket lay in its middle.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        let squares =
            self.buckets().filter(|bucket| bucket.count != 0.0).fold(Kahan::default(), |sum, bucket| {
                let distance = self.middle(&bucket) - mean;
                sum.add(bucket.count * distance * distance)
            });
        squares.total() / self.count()
    }

    /// The root of the variance.
    pub fn deviation(&self) -> f64 {
        self.variance().sqrt()
    }

    fn middle(&self, bucket: &Bucket) -> f64 {
        if self.schema().is_custom() {
            return 0.5 * (bucket.upper + bucket.lower);
        }
        if bucket.lower <= 0.0 && 0.0 <= bucket.upper {
            return 0.0;
        }
        let middle = (bucket.upper * bucket.lower).sqrt();
        if bucket.upper < 0.0 { -middle } else { middle }
    }
}
