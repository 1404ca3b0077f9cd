//! Histograms of an answer, which shows no schema: only the buckets that count something, each with its ends.

use crate::signal::histogram::{Bounds, Buckets, Parts, Resolution, Schema};
use crate::signal::{Histogram, Observation};
use crate::source::prometheus::wire::HistogramPoint;

/// A bucket as it is shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    lower: f64,
    upper: f64,
    count: f64,
}

/// Reads a histogram. Where its bounds are those of no resolution they are taken to be written down, those of them that
/// show.
pub(super) fn read(point: HistogramPoint) -> Result<Observation, String> {
    let HistogramPoint { at, histogram } = point;
    let buckets: Vec<Shown> = histogram
        .buckets
        .iter()
        .map(|(_, lower, upper, count)| Shown { lower: lower.0, upper: upper.0, count: count.0 })
        .collect();
    let whole = Parts { count: histogram.count.0, sum: histogram.sum.0, ..Parts::default() };
    let parts = (Resolution::LEAST..=Resolution::MOST)
        .rev()
        .filter_map(|number| Resolution::new(i32::from(number)).ok())
        .find_map(|resolution| exponential(&buckets, resolution, &whole));
    let parts = match parts {
        Some(parts) => parts,
        None => custom(&buckets, whole).map_err(|error| error.to_string())?,
    };
    Histogram::new(parts)
        .map(|histogram| Observation::histogram(at, histogram))
        .map_err(|why| why.to_string())
}

/// The histogram of this resolution that these are the buckets of, if there is one.
fn exponential(buckets: &[Shown], resolution: Resolution, whole: &Parts) -> Option<Parts> {
    let mut parts = Parts { schema: Schema::Exponential(resolution), ..whole.clone() };
    let is_zero = |bucket: &&Shown| bucket.lower.total_cmp(&-bucket.upper).is_eq();
    if let Some(zero) = buckets.iter().find(is_zero) {
        parts.zero_threshold = zero.upper;
        parts.zero_count = zero.count;
    }
    let (mut positive, mut negative) = (Vec::new(), Vec::new());
    for bucket in buckets.iter().filter(|bucket| !is_zero(bucket)) {
        let (side, near, far) = if 0.0 <= bucket.lower {
            (&mut positive, bucket.lower, bucket.upper)
        } else {
            (&mut negative, -bucket.upper, -bucket.lower)
        };
        side.push((index(resolution, near, far, parts.zero_threshold)?, bucket.count));
    }
    // They are shown upwards.
    negative.reverse();
    parts.positive = side(&positive)?;
    parts.negative = side(&negative)?;
    Some(parts)
}

fn side(cells: &[(i32, f64)]) -> Option<Buckets> {
    let mut end = 0;
    let mut spans = Vec::with_capacity(cells.len());
    for (index, _) in cells {
        spans.push(crate::signal::histogram::BucketSpan { offset: index.checked_sub(end)?, length: 1 });
        end = index.checked_add(1)?;
    }
    Buckets::new(spans, cells.iter().map(|(_, count)| *count).collect()).ok()
}

/// The index of the bucket with these ends, of which the nearer one may be hidden by the zero bucket.
fn index(resolution: Resolution, near: f64, far: f64, hidden: f64) -> Option<i32> {
    if !far.is_finite() {
        return None;
    }
    let same = |one: f64, other: f64| one.total_cmp(&other).is_eq();
    #[expect(clippy::cast_possible_truncation, reason = "a logarithm of a float is small")]
    let about = libm::ldexp(libm::log2(far), i32::from(resolution.number())).round() as i32;
    (about.saturating_sub(1)..=about.saturating_add(1)).find(|index| {
        let inner = resolution.bound(index.saturating_sub(1));
        same(resolution.bound(*index), far) && (same(inner, near) || (inner < near && same(near, hidden)))
    })
}

fn custom(buckets: &[Shown], whole: Parts) -> Result<Parts, crate::signal::histogram::HistogramError> {
    let mut bounds: Vec<f64> = buckets.iter().flat_map(|bucket| [bucket.lower, bucket.upper]).collect();
    bounds.retain(|bound| bound.is_finite());
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let mut counts = vec![0.0; bounds.len() + 1];
    for bucket in buckets {
        counts[bounds.partition_point(|bound| *bound < bucket.upper)] += bucket.count;
    }
    let mut parts = whole;
    parts.schema = Schema::Custom(Bounds::new(bounds)?);
    parts.positive = Buckets::from_index(0, counts)?;
    Ok(parts)
}
