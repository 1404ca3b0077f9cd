//! Classic histograms, whose buckets are series of their own, made into histograms with custom bounds.

use crate::signal::histogram::Histogram;
use crate::signal::histogram::{Bounds, Buckets, HistogramError, Parts, Schema};

/// How many buckets that count nothing stay between others where all counts are whole, as in Prometheus.
const KEPT_BETWEEN: u32 = 2;

/// Why series make no histogram.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClassicError {
    /// A bound is not a number.
    #[error("a bucket has the bound NaN; give `le` a number")]
    NanBound,
    /// A count is below 0.
    #[error("the bucket up to {bound} counts {count}; a count is at least 0")]
    NegativeBucket {
        /// Its bound.
        bound: f64,
        /// Its count.
        count: f64,
    },
    /// The count of all is below 0.
    #[error("the count is {0}; a count is at least 0")]
    NegativeCount(f64),
    /// A bucket counts less than one that it contains.
    #[error(
        "the bucket up to {bound} counts {count}, less than the {before} of the bucket before; buckets count all below them"
    )]
    NotCumulative {
        /// Its bound.
        bound: f64,
        /// Its count.
        count: f64,
        /// What the one before counts.
        before: f64,
    },
    /// The count of all is not that of the last bucket.
    #[error("the count is {count}, but the last bucket counts {last}; both count everything")]
    CountMismatch {
        /// The count.
        count: f64,
        /// What the last bucket counts.
        last: f64,
    },
    /// The buckets make no histogram.
    #[error(transparent)]
    Unfit(#[from] HistogramError),
}

/// The histogram that classic series make at one moment: for each `le` how many lie at or below it, in any order, the
/// count of all if it is known, and the sum. Where an `le` is told twice, the first counts.
pub fn from_classic(
    buckets: impl IntoIterator<Item = (f64, f64)>,
    count: Option<f64>,
    sum: f64,
) -> Result<Histogram, ClassicError> {
    let mut cumulative = sorted(buckets)?;
    if let Some(count) = count.filter(|count| *count < 0.0) {
        return Err(ClassicError::NegativeCount(count));
    }
    let highest = cumulative.last().copied();
    let count = count.or(highest.map(|(_, count)| count)).unwrap_or(0.0);
    if highest.is_none_or(|(bound, _)| bound < f64::INFINITY) {
        cumulative.push((f64::INFINITY, count));
    }
    let last = cumulative.last().map_or(count, |(_, count)| *count);
    if count < last || last < count {
        return Err(ClassicError::CountMismatch { count, last });
    }
    let is_whole = count.fract() == 0.0 && cumulative.iter().all(|(_, count)| count.fract() == 0.0);
    let bounds: Vec<f64> =
        cumulative.iter().map(|(bound, _)| *bound).filter(|bound| *bound < f64::INFINITY).collect();
    let mut before = 0.0;
    let counts = cumulative.iter().map(|(_, count)| count - std::mem::replace(&mut before, *count)).collect();
    let mut histogram = Histogram::new(Parts {
        schema: Schema::Custom(Bounds::new(bounds)?),
        positive: Buckets::from_index(0, counts)?,
        count,
        sum,
        ..Parts::default()
    })?;
    histogram.compact(if is_whole { KEPT_BETWEEN } else { 0 });
    Ok(histogram)
}

/// Buckets in the order of their bounds, each bound once.
fn sorted(buckets: impl IntoIterator<Item = (f64, f64)>) -> Result<Vec<(f64, f64)>, ClassicError> {
    let mut sorted: Vec<(f64, f64)> = Vec::new();
    for (bound, count) in buckets {
        if bound.is_nan() {
            return Err(ClassicError::NanBound);
        }
        if count < 0.0 {
            return Err(ClassicError::NegativeBucket { bound, count });
        }
        let place = sorted.partition_point(|(known, _)| *known < bound);
        if sorted.get(place).is_none_or(|(known, _)| bound < *known) {
            sorted.insert(place, (bound, count));
        }
    }
    match sorted.windows(2).find(|pair| pair[1].1 < pair[0].1) {
        None => Ok(sorted),
        Some(pair) => {
            Err(ClassicError::NotCumulative { bound: pair[1].0, count: pair[1].1, before: pair[0].1 })
        }
    }
}
