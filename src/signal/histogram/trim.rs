//! Histograms without what lies above or below a value: `</` and `>/` of `PromQL`.

use crate::signal::histogram::Histogram;
use crate::signal::histogram::{Bucket, Buckets, Parts};

/// Which observations are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Below,
    Above,
}

/// How values are spread over a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spread {
    /// Evenly: custom bounds.
    Linear,
    /// Evenly on a logarithmic scale, above zero.
    Growing,
    /// Evenly on a logarithmic scale, below zero.
    Falling,
}

/// What is kept of a bucket, and the value that stands for it in the sum.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kept {
    count: f64,
    middle: f64,
}

impl Kept {
    const NOTHING: Self = Self { count: 0.0, middle: 0.0 };
}

impl Histogram {
    /// Only what was observed below that: `</`. Buckets are split as their values are thought to be spread, and the sum
    /// is made anew from the buckets. Nothing changes where nothing lies beyond.
    #[must_use]
    pub fn below(&self, value: f64) -> Self {
        self.trimmed(Keep::Below, value)
    }

    /// Only what was observed above that: `>/`.
    #[must_use]
    pub fn above(&self, value: f64) -> Self {
        self.trimmed(Keep::Above, value)
    }

    fn trimmed(&self, keep: Keep, at: f64) -> Self {
        let parts = &self.0;
        let growing = if parts.schema.is_custom() { Spread::Linear } else { Spread::Growing };
        let mut tally = Tally::default();
        let positive = tally.side(&parts.positive, self.positive_buckets(), |b| keep.of(b, at, growing));
        let negative =
            tally.side(&parts.negative, self.negative_buckets(), |b| keep.of(b, at, Spread::Falling));
        let mut zero_count = parts.zero_count;
        if 0.0 < zero_count {
            let counted = |side: &Buckets| side.counts().iter().any(|count| *count != 0.0);
            let reach = zero_reach(self.zero_bucket(), counted(&parts.negative), counted(&parts.positive));
            let kept = keep.of_zero(reach, at);
            zero_count = tally.add(zero_count, kept);
        }
        if !tally.is_trimmed {
            return self.clone();
        }
        let parts =
            Parts { positive, negative, zero_count, count: tally.count, sum: tally.sum, ..parts.clone() };
        let mut trimmed = Self(parts);
        trimmed.compact(0);
        trimmed
    }
}

/// What is kept of all buckets so far.
#[derive(Default)]
struct Tally {
    count: f64,
    sum: f64,
    is_trimmed: bool,
}

impl Tally {
    fn add(&mut self, before: f64, kept: Kept) -> f64 {
        self.is_trimmed |= before < kept.count || kept.count < before;
        self.count += kept.count;
        self.sum += kept.middle * kept.count;
        kept.count
    }

    fn side(
        &mut self,
        side: &Buckets,
        buckets: impl Iterator<Item = Bucket>,
        keep: impl Fn(&Bucket) -> Option<Kept>,
    ) -> Buckets {
        let cells = side.iter().zip(buckets).map(|((index, _), bucket)| {
            let count = if bucket.count == 0.0 {
                bucket.count
            } else if let Some(kept) = keep(&bucket) {
                self.add(bucket.count, kept)
            } else {
                self.is_trimmed = true;
                0.0
            };
            (index, count)
        });
        Buckets::of(cells)
    }
}

impl Keep {
    /// What is kept of a bucket; `None` where nothing is.
    fn of(self, bucket: &Bucket, at: f64, spread: Spread) -> Option<Kept> {
        let (is_whole, is_split) = match self {
            Self::Below => (bucket.upper <= at, bucket.lower < at),
            Self::Above => (at <= bucket.lower, at < bucket.upper),
        };
        if is_whole {
            Some(Kept { count: bucket.count, middle: spread.middle(bucket.lower, bucket.upper) })
        } else if !is_split {
            None
        } else if bucket.lower.is_infinite() {
            Some(self.of_endless_below(bucket, at))
        } else if bucket.upper.is_infinite() {
            Some(self.of_endless_above(bucket, at))
        } else {
            let below = bucket.count * spread.share_below(bucket, at);
            Some(match self {
                Self::Below => Kept { count: below, middle: spread.middle(bucket.lower, at) },
                Self::Above => Kept { count: bucket.count - below, middle: spread.middle(at, bucket.upper) },
            })
        }
    }

    /// Of a bucket without a lower end that is split. If it reaches above zero, its values are thought to lie above
    /// zero; else nobody can say where they lie.
    fn of_endless_below(self, bucket: &Bucket, at: f64) -> Kept {
        let (count, upper) = (bucket.count, bucket.upper);
        let is_open = upper.is_infinite();
        match self {
            Self::Below if 0.0 < at && 0.0 < upper && !is_open => {
                Kept { count: count * at / upper, middle: at / 2.0 }
            }
            Self::Below if upper <= 0.0 => Kept { count, middle: at },
            Self::Above if 0.0 <= at && at < upper && !is_open => {
                Kept { count: count * (1.0 - at / upper), middle: 0.5 * (at + upper) }
            }
            Self::Below | Self::Above => Kept::NOTHING,
        }
    }

    /// Of a bucket without an upper end that is split: all of it may lie above.
    fn of_endless_above(self, bucket: &Bucket, at: f64) -> Kept {
        match self {
            Self::Above if bucket.lower <= at => Kept { count: bucket.count, middle: at },
            Self::Below | Self::Above => Kept::NOTHING,
        }
    }

    /// Of the zero bucket.
    fn of_zero(self, Bucket { lower, upper, count, .. }: Bucket, at: f64) -> Kept {
        let whole = Kept { count, middle: 0.5 * (lower + upper) };
        match self {
            Self::Below if at <= lower => Kept::NOTHING,
            Self::Below if upper <= at => whole,
            Self::Below => {
                Kept { count: count * ((at - lower) / (upper - lower)), middle: 0.5 * (lower + at) }
            }
            Self::Above if at <= lower => whole,
            Self::Above if upper <= at => Kept::NOTHING,
            Self::Above => {
                Kept { count: count * ((upper - at) / (upper - lower)), middle: 0.5 * (at + upper) }
            }
        }
    }
}

/// How far values in the zero bucket may lie from zero: on a side where no bucket counts anything, there are none.
fn zero_reach(mut zero: Bucket, has_negative: bool, has_positive: bool) -> Bucket {
    if has_negative && !has_positive {
        zero.upper = 0.0;
    }
    if has_positive && !has_negative {
        zero.lower = 0.0;
    }
    zero
}

impl Spread {
    /// The share of a bucket that lies below a value within it.
    fn share_below(self, bucket: &Bucket, at: f64) -> f64 {
        let ln = |value: f64| libm::log2(value.abs());
        let (lower, upper) = (bucket.lower, bucket.upper);
        match self {
            Self::Linear => (at - lower) / (upper - lower),
            Self::Growing => (ln(at) - ln(lower)) / (ln(upper) - ln(lower)),
            Self::Falling => 1.0 - (ln(at) - ln(upper)) / (ln(lower) - ln(upper)),
        }
    }

    /// The value that stands for all between two.
    fn middle(self, lower: f64, upper: f64) -> f64 {
        match (lower.is_infinite(), upper.is_infinite()) {
            (true, true) => 0.0,
            (true, false) if 0.0 < upper => upper / 2.0,
            (true, false) => upper,
            (false, true) => lower,
            (false, false) => match self {
                Self::Linear => 0.5 * (lower + upper),
                Self::Growing => (lower * upper).abs().sqrt(),
                Self::Falling => -(lower * upper).abs().sqrt(),
            },
        }
    }
}
