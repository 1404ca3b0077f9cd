//! Whether a counter started anew between two histograms.

use crate::signal::histogram::Histogram;
use crate::signal::histogram::{Bounds, Buckets, Hint, Parts, Schema};

impl Histogram {
    /// Whether the counter started anew after `earlier`: its hint says so or, where that says nothing, a count fell or
    /// a bucket is gone. A gauge is taken for a counter here.
    pub fn has_reset_since(&self, earlier: &Self) -> bool {
        match self.hint() {
            Hint::Reset => true,
            Hint::NotReset => false,
            Hint::Unknown | Hint::Gauge => self.0.has_fallen_since(&earlier.0),
        }
    }
}

impl Histogram {
    /// What its hint is once it is known what came right before it in its series, as Prometheus's storage has it:
    /// nothing is said where there is nothing to compare with.
    pub fn hint_after(&self, earlier: Option<&Self>) -> Hint {
        match (self.hint(), earlier) {
            (Hint::Gauge | Hint::Reset, _) => self.hint(),
            (Hint::Unknown | Hint::NotReset, None) => Hint::Unknown,
            (Hint::Unknown | Hint::NotReset, Some(earlier)) => {
                let fewer = self.count() < earlier.count();
                let unlike = earlier.hint() == Hint::Gauge || !fewer && !self.0.is_laid_out_like(&earlier.0);
                // That it fell is left for whoever looks at both.
                let silent = unlike || self.0.has_fallen_since(&earlier.0);
                if silent { Hint::Unknown } else { Hint::NotReset }
            }
        }
    }
}

impl Parts {
    /// Whether both have the same exponential buckets; what custom bounds are tells nothing here.
    #[expect(clippy::float_cmp, reason = "a threshold is the same or another")]
    fn is_laid_out_like(&self, other: &Self) -> bool {
        self.schema.number() == other.schema.number() && self.zero_threshold == other.zero_threshold
    }

    fn has_fallen_since(&self, earlier: &Self) -> bool {
        if self.count < earlier.count {
            return true;
        }
        match (&self.schema, &earlier.schema) {
            (Schema::Custom(own), Schema::Custom(theirs)) if own == theirs => {
                has_fallen(self.positive.iter(), earlier.positive.iter())
            }
            (Schema::Custom(own), Schema::Custom(theirs)) => {
                let shared = own.shared_with(theirs);
                let now = spread(&self.positive, own, &shared);
                let before = spread(&earlier.positive, theirs, &shared);
                now.iter().zip(before).any(|(now, before)| *now < before)
            }
            (Schema::Exponential(own), Schema::Exponential(theirs)) if own <= theirs => {
                let new_index = |index: i32| theirs.index_in(*own, index);
                self.zero_has_fallen_since(earlier)
                    || self.side_has_fallen(&self.positive, &earlier.positive.regrouped(new_index))
                    || self.side_has_fallen(&self.negative, &earlier.negative.regrouped(new_index))
            }
            // Buckets of another kind, or finer ones, come only with a new counter.
            (Schema::Exponential(_) | Schema::Custom(_), Schema::Exponential(_) | Schema::Custom(_)) => true,
        }
    }

    fn zero_has_fallen_since(&self, earlier: &Self) -> bool {
        if self.zero_threshold < earlier.zero_threshold {
            return true;
        }
        let before = earlier.zero_widened(self.zero_threshold);
        // A zero bucket that ends within a bucket that counted something comes only with a new counter.
        self.zero_threshold < before.threshold || self.zero_count < before.count.sum
    }

    fn side_has_fallen(&self, now: &Buckets, before: &Buckets) -> bool {
        let is_zero = |cell: &(i32, f64)| self.schema.bound(cell.0) <= self.zero_threshold;
        has_fallen(now.iter().skip_while(is_zero), before.iter().skip_while(is_zero))
    }
}

/// Whether a bucket counts less than before. Once there is no bucket any more, Prometheus asks only for the first one
/// that is gone, and so must this.
fn has_fallen(now: impl Iterator<Item = (i32, f64)>, before: impl Iterator<Item = (i32, f64)>) -> bool {
    let mut now = now.peekable();
    for (index, count) in before {
        while now.next_if(|(own, _)| *own < index).is_some() {}
        match now.peek() {
            None => return count != 0.0,
            Some((own, _)) if index < *own && count != 0.0 => return true,
            Some((own, own_count)) if *own == index && *own_count < count => return true,
            Some(_) => (),
        }
    }
    false
}

fn spread(buckets: &Buckets, bounds: &Bounds, fewer: &Bounds) -> Vec<f64> {
    let mut counts = vec![0.0; fewer.len() + 1];
    buckets.spread(bounds, fewer, &mut counts, |count| count);
    counts
}
