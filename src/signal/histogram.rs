//! Native histograms: counts in buckets whose bounds follow from a resolution, or are written down.
//!
//! Every sum is made in the order in which Prometheus makes it, as the order decides the last bits.

#![expect(private_bounds, reason = "nobody else counts with anything but numbers")]

mod error;
mod growth;
mod schema;
mod cell;
mod buckets;
mod bucket;
mod zero;
mod arithmetic;
mod compensated;
mod reset;
mod trim;
mod quantile;
mod fraction;
mod at_most;
mod moments;
mod classic;
mod text;
#[cfg(test)]
mod tests;

pub use arithmetic::{Met, MixedSchemas};
pub use bucket::Bucket;
pub use buckets::{BucketSpan, Buckets};
pub use classic::{ClassicError, from_classic};
pub use compensated::Compensated;
pub use error::HistogramError;
pub use fraction::Fraction;
pub use quantile::{NanObservations, Quantile};
pub use schema::{Bounds, Resolution, Schema};
pub(in crate::signal) use text::Shortest;

use cell::Cell;

/// What is known of whether a counter started anew before a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hint {
    /// Nothing: it has to be seen from the counts.
    #[default]
    Unknown,
    /// It started anew.
    Reset,
    /// It went on.
    NotReset,
    /// It is no counter.
    Gauge,
}

impl Hint {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Reset, Self::NotReset, Self::Gauge];

    /// As the scripts write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Reset => "reset",
            Self::NotReset => "not_reset",
            Self::Gauge => "gauge",
        }
    }
}

/// What a histogram is made of, before it is known to hold together.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts<C = f64> {
    /// Where the bounds lie.
    pub schema: Schema,
    /// The zero bucket reaches from minus this to this.
    pub zero_threshold: f64,
    /// How many lie in the zero bucket.
    pub zero_count: C,
    /// How many were observed; those that are NaN lie in no bucket.
    pub count: C,
    /// The sum of what was observed.
    pub sum: C,
    /// Buckets above the zero bucket; all buckets where the bounds are written down.
    pub positive: Buckets<C>,
    /// Buckets below the zero bucket, counted from it.
    pub negative: Buckets<C>,
    /// Whether the counter started anew.
    pub hint: Hint,
}

/// A native histogram.
#[derive(Debug, Clone)]
pub struct Histogram(Parts);

impl Histogram {
    /// A histogram of these parts.
    pub fn new(parts: Parts) -> Result<Self, HistogramError> {
        parts.hold_together()?;
        Ok(Self(parts))
    }

    /// What it is made of.
    pub fn parts(&self) -> &Parts {
        &self.0
    }

    /// What it is made of, to be changed and put together anew with [`Self::new`].
    pub fn into_parts(self) -> Parts {
        self.0
    }

    /// Where its bounds lie.
    pub fn schema(&self) -> &Schema {
        &self.0.schema
    }

    /// How many were observed.
    pub fn count(&self) -> f64 {
        self.0.count
    }

    /// The sum of what was observed.
    pub fn sum(&self) -> f64 {
        self.0.sum
    }

    /// Whether the counter started anew.
    pub fn hint(&self) -> Hint {
        self.0.hint
    }

    /// The same, with that said of whether the counter started anew.
    #[must_use]
    pub fn with_hint(mut self, hint: Hint) -> Self {
        self.0.hint = hint;
        self
    }

    /// Whether both are the same to the last bit, as `==` of `PromQL` means it: what the hints say does not matter.
    pub fn same_as(&self, other: &Self) -> bool {
        let (own, other) = (&self.0, &other.0);
        let bits = |parts: &Parts| [parts.count, parts.sum, parts.zero_count].map(f64::to_bits);
        own.schema == other.schema
            && bits(own) == bits(other)
            && own.zero_threshold.total_cmp(&other.zero_threshold).is_eq()
            && own.negative.same_as(&other.negative)
            && own.positive.same_as(&other.positive)
    }

    /// Leaves out buckets that count nothing, but for at most that many side by side between others.
    pub fn compact(&mut self, most_between: u32) {
        self.0.positive.compact(most_between);
        self.0.negative.compact(most_between);
    }

    /// The same at that resolution; `None` where it is coarser already or its bounds are written down.
    pub fn reduced(&self, resolution: Resolution) -> Option<Self> {
        let mut parts = self.0.clone();
        parts.reduce(resolution).then_some(Self(parts))
    }

    /// As how many samples Prometheus's limits count it: 16 bytes are one.
    pub fn samples(&self) -> usize {
        let parts = &self.0;
        let spans = parts.positive.spans().len() + parts.negative.spans().len();
        let bounds = if let Schema::Custom(bounds) = &parts.schema { bounds.len() } else { 0 };
        let words = spans + parts.positive.len() + parts.negative.len() + bounds;
        (FIXED_BYTES + TIME_BYTES + 8 * words) / SAMPLE_BYTES
    }
}

/// What Prometheus reckons for a histogram without its buckets.
const FIXED_BYTES: usize = 168;
/// What it reckons for a moment.
const TIME_BYTES: usize = 8;
/// What it reckons for a plain sample with its moment.
const SAMPLE_BYTES: usize = 16;

impl Default for Parts {
    /// An empty histogram with one bucket for each power of two.
    fn default() -> Self {
        Self {
            schema: Schema::Exponential(Resolution::default()),
            zero_threshold: 0.0,
            zero_count: 0.0,
            count: 0.0,
            sum: 0.0,
            positive: Buckets::default(),
            negative: Buckets::default(),
            hint: Hint::Unknown,
        }
    }
}

impl<C: Cell> Parts<C> {
    /// Merges buckets until they have that resolution; says whether they have it then.
    fn reduce(&mut self, to: Resolution) -> bool {
        let Schema::Exponential(from) = self.schema else { return false };
        if to < from {
            let new_index = |index: i32| from.index_in(to, index);
            self.positive = self.positive.regrouped(new_index);
            self.negative = self.negative.regrouped(new_index);
            self.schema = Schema::Exponential(to);
        }
        to <= from
    }
}

impl Parts {
    fn hold_together(&self) -> Result<(), HistogramError> {
        let bounds = match &self.schema {
            Schema::Exponential(resolution) => return self.within_reach(*resolution),
            Schema::Custom(bounds) => bounds,
        };
        if self.zero_count != 0.0 || self.zero_threshold != 0.0 {
            return Err(HistogramError::CustomZero {
                count: self.zero_count,
                threshold: self.zero_threshold,
            });
        }
        if !self.negative.is_empty() {
            return Err(HistogramError::CustomNegative { buckets: self.negative.len() });
        }
        match (self.positive.first_index(), self.positive.last_index()) {
            (Some(first), _) if first < 0 => Err(HistogramError::BeforeBounds { index: first }),
            (_, Some(last)) if usize::try_from(last).is_ok_and(|last| bounds.len() < last) => {
                Err(HistogramError::BeyondBounds { index: last, bounds: bounds.len() })
            }
            _ => Ok(()),
        }
    }

    fn within_reach(&self, resolution: Resolution) -> Result<(), HistogramError> {
        let reach = resolution.reach();
        let sides = [&self.positive, &self.negative].into_iter();
        let mut ends = sides.flat_map(|side| side.first_index().into_iter().chain(side.last_index()));
        match ends.find(|index| reach < index.saturating_abs()) {
            None => Ok(()),
            Some(index) => Err(HistogramError::BeyondReach { index, reach }),
        }
    }
}
