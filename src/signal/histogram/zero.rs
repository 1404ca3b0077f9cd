//! Zero buckets of different widths.

use crate::signal::histogram::cell::{Cell, Kahan};
use crate::signal::histogram::{Buckets, Parts};

/// A zero bucket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Zero {
    pub(super) count: Kahan,
    pub(super) threshold: f64,
}

impl<C: Cell> Parts<C> {
    fn zero(&self) -> Zero {
        Zero { count: self.zero_count.kahan(), threshold: self.zero_threshold }
    }

    /// What the zero bucket would be if it reached that far or, where that lies within a bucket that counts something,
    /// to the end of that bucket.
    pub(super) fn zero_widened(&self, threshold: f64) -> Zero {
        let mut zero = Zero { threshold, ..self.zero() };
        if threshold <= self.zero_threshold {
            return zero;
        }
        let own = self.zero_count.kahan().sum;
        loop {
            // What rounding took from a count that has to begin again is kept, as Prometheus keeps it.
            zero.count.sum = own;
            let _ = self.swallow(&self.positive, &mut zero);
            // On the negative side a further reach makes what was found on the positive side too little.
            if !self.swallow(&self.negative, &mut zero) {
                return zero;
            }
        }
    }

    /// Counts in the buckets that begin below the threshold; says whether it had to be moved.
    fn swallow(&self, side: &Buckets<C>, zero: &mut Zero) -> bool {
        for (index, count) in side.cells() {
            let (inner, outer) = (self.schema.bound(index.wrapping_sub(1)), self.schema.bound(index));
            if zero.threshold <= inner {
                break;
            }
            zero.count = zero.count.plus(count.kahan());
            if zero.threshold < outer {
                let counts = count.kahan().sum != 0.0;
                if counts {
                    zero.threshold = outer;
                }
                return counts;
            }
        }
        false
    }

    /// Widens the zero bucket until both have the same, and tells what the other's would count.
    pub(super) fn reconcile_zero(&mut self, other: &Parts) -> Kahan {
        let mut their = other.zero();
        // A threshold that is NaN would never be equal.
        while their.threshold < self.zero_threshold || self.zero_threshold < their.threshold {
            if their.threshold < self.zero_threshold {
                their = other.zero_widened(self.zero_threshold);
            }
            if self.zero_threshold < their.threshold {
                let zero = self.zero_widened(their.threshold);
                self.zero_threshold = zero.threshold;
                self.zero_count = C::from_kahan(zero.count);
                self.cut_within_zero();
            }
        }
        their.count
    }

    fn cut_within_zero(&mut self) {
        let (schema, threshold) = (&self.schema, self.zero_threshold);
        let is_within = |index: i32| schema.bound(index.wrapping_sub(1)) < threshold;
        self.positive.cut_while(is_within);
        self.negative.cut_while(is_within);
    }
}
