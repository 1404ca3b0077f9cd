//! How many observations lie at or below a value, where a histogram tells that exactly.

use crate::signal::histogram::{Bucket, Histogram, Resolution, Schema};

impl Histogram {
    /// How many observations lie at or below a value above zero; `None` where it lies within a bucket that counts
    /// something, and so nobody knows. Those that are NaN lie nowhere.
    pub fn at_most(&self, value: f64) -> Option<f64> {
        let zero = std::iter::once(self.zero_bucket());
        let below = self.negative_buckets().map(|bucket| bucket.count).sum::<f64>();
        let mut above = zero.chain(self.positive_buckets()).filter(|bucket| bucket.count != 0.0);
        above.try_fold(below, |sum, Bucket { lower, upper, count, .. }| {
            if upper <= value { Some(sum + count) } else { (value <= lower).then_some(sum) }
        })
    }

    /// The value nearest to one above zero at which is known how many observations lie at or below: that one, or else the
    /// next bound from there on, upwards or downwards. Bounds that are written down may lie far apart, so there only the
    /// value itself.
    pub fn nearest_known(&self, value: f64, up: bool) -> Option<f64> {
        let is_known = |value: &f64| self.at_most(*value).is_some();
        if is_known(&value) {
            return Some(value);
        }
        let Schema::Exponential(resolution) = self.schema() else { return None };
        let (lower, upper) = resolution.around(value);
        let next = if up { upper.max(self.parts().zero_threshold) } else { lower };
        Some(next).filter(is_known)
    }

    /// The bounds above zero between which anything was observed, at a resolution no finer than that, and so many
    /// doublings beyond on both sides; those that are written down, where they are. At most so many.
    pub fn bounds(&self, finest: Resolution, beyond: u8, most: usize) -> Vec<f64> {
        let resolution = match self.schema() {
            Schema::Custom(bounds) => {
                return bounds.iter().copied().filter(|bound| 0.0 < *bound).take(most).collect();
            }
            Schema::Exponential(resolution) => finest.min(*resolution),
        };
        let Some(reduced) = self.reduced(resolution) else { return Vec::new() };
        let positive = &reduced.parts().positive;
        let filled = || positive.iter().filter(|(_, count)| *count != 0.0).map(|(index, _)| index);
        let (Some(first), Some(last)) = (filled().next(), filled().last()) else { return Vec::new() };
        let per_doubling = 1_i32 << resolution.number().max(0).unsigned_abs();
        let further = i32::from(beyond).saturating_mul(per_doubling);
        let (from, to) = (first.saturating_sub(further), last.saturating_add(further));
        let bounds = (from..=to).map(|index| resolution.bound(index));
        let threshold = self.parts().zero_threshold;
        bounds.filter(|bound| threshold <= *bound && 0.0 < *bound && *bound < f64::MAX).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{WrittenValue, written_values};

    fn histogram(text: &str) -> Histogram {
        match written_values(text).unwrap().pop() {
            Some(Some(WrittenValue::Histogram(written))) => written.histogram,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_lies_at_or_below_a_value_is_known_at_bounds() {
        // (0.5, 1] holds 2, (1, 2] holds none, (2, 4] holds 3; within 0.001 of 0 lies 1, from -2 to -1 lie 4.
        let own =
            "{{schema:0 count:10 z_bucket:1 z_bucket_w:0.001 buckets:[2 0 3] n_offset:1 n_buckets:[4]}}";
        let custom = "{{schema:-53 count:6 custom_values:[0.1 0.5] buckets:[1 2 3]}}";
        for (text, value, known) in [
            (own, 0.000_5, None),
            (own, 0.001, Some(5.0)),
            (own, 0.5, Some(5.0)),
            (own, 0.7, None),
            (own, 1.0, Some(7.0)),
            // Nothing was observed there, so it is known that nothing lies between.
            (own, 1.5, Some(7.0)),
            (own, 4.0, Some(10.0)),
            (own, 1e9, Some(10.0)),
            (custom, 0.05, None),
            (custom, 0.1, Some(1.0)),
            (custom, 0.3, None),
            (custom, 0.5, Some(3.0)),
            (custom, 0.6, None),
        ] {
            assert_eq!(histogram(text).at_most(value), known, "{value} in {text}");
        }
    }

    #[test]
    fn the_nearest_value_that_is_known_is_a_bound() {
        let own = "{{schema:0 count:6 z_bucket:1 z_bucket_w:0.001 buckets:[2 0 3]}}";
        let coarse = "{{schema:-2 count:2 offset:1 buckets:[2]}}";
        let custom = "{{schema:-53 count:6 custom_values:[0.1 0.5] buckets:[1 2 3]}}";
        for (text, value, down, up) in [
            (own, 1.0, Some(1.0), Some(1.0)),
            (own, 0.7, Some(0.5), Some(1.0)),
            (own, 3.9, Some(2.0), Some(4.0)),
            (own, 1.5, Some(1.5), Some(1.5)),
            (own, 0.000_5, None, Some(0.001)),
            (coarse, 2.0, Some(1.0), Some(16.0)),
            (custom, 0.3, None, None),
            (custom, 0.5, Some(0.5), Some(0.5)),
        ] {
            let own = histogram(text);
            assert_eq!(
                (own.nearest_known(value, false), own.nearest_known(value, true)),
                (down, up),
                "{value} in {text}"
            );
        }
    }

    #[test]
    fn values_lie_in_the_bucket_around_them() {
        for schema in -4..=8 {
            let resolution = Resolution::new(schema).unwrap();
            for index in [-900, -17, -1, 0, 1, 8, 333] {
                if schema < 0 && 200 < i32::abs(index) {
                    continue;
                }
                let (lower, upper) = (resolution.bound(index - 1), resolution.bound(index));
                for value in [upper, lower.next_up(), lower.midpoint(upper)] {
                    assert_eq!(resolution.around(value), (lower, upper), "{value} at {schema}");
                }
            }
        }
    }

    #[test]
    fn bounds_reach_beyond_what_was_observed() {
        let finest = |schema| Resolution::new(schema).unwrap();
        let own = histogram("{{schema:1 count:3 offset:-1 buckets:[1 0 2]}}");
        assert_eq!(own.bounds(finest(0), 1, 99), [0.5, 1.0, 2.0, 4.0]);
        assert_eq!(own.bounds(finest(8), 0, 99).len(), 3);
        assert_eq!(own.bounds(finest(0), 1, 2), [0.5, 1.0]);
        let custom = histogram("{{schema:-53 count:6 custom_values:[-1 0.1 0.5] buckets:[1 2 3]}}");
        assert_eq!(custom.bounds(finest(3), 9, 99), [0.1, 0.5]);
        assert_eq!(histogram("{{schema:1}}").bounds(finest(3), 9, 99), [0.0; 0]);
    }
}
