//! Histograms as Prometheus prints them.

use crate::signal::histogram::{Bucket, Histogram};
use std::fmt;

/// From which power of ten on Prometheus writes numbers with an exponent here.
const LARGE: f64 = 1e6;
/// Below which power of ten it does so.
const SMALL: f64 = 1e-4;

/// A number in the shortest way that says it wholly, as Go's `%g` writes it.
pub(in crate::signal) struct Shortest(pub(in crate::signal) f64);

impl fmt::Display for Shortest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.0;
        if number.is_nan() {
            return f.write_str("NaN");
        }
        if number.is_infinite() {
            return f.write_str(if number < 0.0 { "-Inf" } else { "+Inf" });
        }
        if number == 0.0 || (SMALL..LARGE).contains(&number.abs()) {
            return write!(f, "{number}");
        }
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        write!(f, "{digits}e{sign}{exponent:0>2}")
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (open, close) =
            (if self.lower_inclusive { '[' } else { '(' }, if self.upper_inclusive { ']' } else { ')' });
        let [lower, upper, count] = [self.lower, self.upper, self.count].map(Shortest);
        write!(f, "{open}{lower},{upper}{close}:{count}")
    }
}

impl fmt::Display for Histogram {
    /// `{count:22, sum:3, (0.5,1]:5, (1,2]:17}`: buckets that count nothing are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{count:{}, sum:{}", Shortest(self.count()), Shortest(self.sum()))?;
        let below: Vec<Bucket> = self.negative_buckets().collect();
        let buckets = below.into_iter().rev().chain([self.zero_bucket()]).chain(self.positive_buckets());
        for bucket in buckets.filter(|bucket| bucket.count != 0.0) {
            write!(f, ", {bucket}")?;
        }
        f.write_str("}")
    }
}
