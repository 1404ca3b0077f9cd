//! Native histograms as they travel: whole numbers told bucket by bucket as differences, or floats.

use prost::{DecodeError, Message};

use crate::signal::histogram::Resolution;
use crate::signal::histogram::{Bounds, BucketSpan, Buckets, Hint, HistogramError, Parts, Schema};
use crate::signal::{Histogram, Observation, Point, STALE, is_stale};
use crate::source::remote_write::wire::{self, Count, ZeroCount};
use crate::unit::UnixMillis;

/// The most bytes of one histogram: some ten thousand buckets.
pub const LONGEST_HISTOGRAM: usize = 1 << 16;

/// The largest count of which a float still tells each from the next.
const MOST: u64 = 1 << 53;

/// Why a histogram is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Unfit {
    /// More bytes than are read.
    #[error("it takes {has} bytes; the most is {LONGEST_HISTOGRAM}: have its sender limit its buckets")]
    Long {
        /// How many.
        has: usize,
    },
    /// Its bytes are no message.
    #[error("it is no `prometheus.Histogram`: {0}")]
    Malformed(#[from] DecodeError),
    /// Whole numbers beside floats.
    #[error("its count is {count}, but its buckets are {buckets}; both have to be of one kind")]
    Mixed {
        /// Of which kind its count is.
        count: &'static str,
        /// Of which kind its buckets are.
        buckets: &'static str,
    },
    /// A count is below zero or no number.
    #[error("{what} counts {count}; a count is at least 0")]
    Negative {
        /// What.
        what: &'static str,
        /// How many.
        count: f64,
    },
    /// A count is beyond what a float holds.
    #[error("{what} counts more than 2^53, beyond which a float cannot tell counts apart")]
    TooMany {
        /// What.
        what: &'static str,
    },
    /// Its buckets hold another number than it counts.
    #[error("its buckets hold {buckets} observations, but its count is {count}")]
    Mismatch {
        /// How many lie in its buckets.
        buckets: u64,
        /// Its count.
        count: u64,
    },
    /// The zero bucket has no width that there is.
    #[error("its zero bucket reaches to {0}; it has to reach to 0 or beyond")]
    ZeroThreshold(f64),
    /// Bounds beside a schema that has its own.
    #[error("it has {given} custom bounds, but schema {schema}; they stand only with schema -53")]
    Bounds {
        /// How many.
        given: usize,
        /// The schema.
        schema: i32,
    },
    /// There is no such hint.
    #[error("there is no reset hint {0}; it is between 0 and 3")]
    Hint(i32),
    /// Its parts do not hold together.
    #[error(transparent)]
    Parts(#[from] HistogramError),
}

/// Reads a histogram; one that says that its series ended is the marker of that. What can be told of its time comes with
/// the error.
pub(super) fn read(bytes: &[u8]) -> Result<Observation, (Option<UnixMillis>, Unfit)> {
    if LONGEST_HISTOGRAM < bytes.len() {
        return Err((None, Unfit::Long { has: bytes.len() }));
    }
    let wired = wire::Histogram::decode(bytes).map_err(|error| (None, error.into()))?;
    let at = UnixMillis::new(wired.timestamp);
    if is_stale(wired.sum) {
        return Ok(Observation { at, start: None, point: Point::Float(f64::from_bits(STALE)) });
    }
    let histogram = parts(wired).and_then(|parts| Ok(Histogram::new(parts)?));
    histogram.map(|histogram| Observation::histogram(at, histogram)).map_err(|why| (Some(at), why))
}

fn parts(wired: wire::Histogram) -> Result<Parts, Unfit> {
    let (schema, times) = schema(wired.schema, wired.custom_values)?;
    if !(0.0..f64::INFINITY).contains(&wired.zero_threshold) {
        return Err(Unfit::ZeroThreshold(wired.zero_threshold));
    }
    let hint = usize::try_from(wired.reset_hint).ok().and_then(|place| HINTS.get(place));
    let mut parts = Parts {
        schema,
        zero_threshold: wired.zero_threshold,
        sum: wired.sum,
        hint: *hint.ok_or(Unfit::Hint(wired.reset_hint))?,
        ..Parts::default()
    };
    let spans = |spans: &[wire::BucketSpan]| -> Vec<BucketSpan> {
        spans.iter().map(|span| BucketSpan { offset: span.offset, length: span.length }).collect()
    };
    let (positive, negative) = (spans(&wired.positive_spans), spans(&wired.negative_spans));
    let floats = !(wired.positive_counts.is_empty() && wired.negative_counts.is_empty());
    let wholes = !(wired.positive_deltas.is_empty() && wired.negative_deltas.is_empty());
    match (wired.count, wired.zero_count) {
        (Some(Count::Float(count)), zero) => {
            let zero = match zero {
                Some(ZeroCount::Float(zero)) => zero,
                Some(ZeroCount::Whole(0)) | None => 0.0,
                Some(ZeroCount::Whole(_)) => return Err(Unfit::Mixed { count: FLOAT, buckets: WHOLE }),
            };
            if wholes {
                return Err(Unfit::Mixed { count: FLOAT, buckets: WHOLE });
            }
            parts.count = at_least_0("it", count)?;
            parts.zero_count = at_least_0("its zero bucket", zero)?;
            let counts = wired.positive_counts.iter().chain(&wired.negative_counts);
            counts.copied().try_for_each(|count| at_least_0("a bucket", count).map(drop))?;
            parts.positive = Buckets::new(positive, wired.positive_counts)?.merged(times);
            parts.negative = Buckets::new(negative, wired.negative_counts)?.merged(times);
        }
        (count, zero) => {
            let Some(Count::Whole(count)) = count.or(Some(Count::Whole(0))) else { return Ok(parts) };
            let zero = match zero {
                Some(ZeroCount::Whole(zero)) => zero,
                None => 0,
                Some(ZeroCount::Float(_)) => return Err(Unfit::Mixed { count: WHOLE, buckets: FLOAT }),
            };
            if floats {
                return Err(Unfit::Mixed { count: WHOLE, buckets: FLOAT });
            }
            let mut held = zero;
            let mut summed = |deltas: &[i64]| summed(deltas, &mut held);
            let (above, below) = (summed(&wired.positive_deltas)?, summed(&wired.negative_deltas)?);
            // Observations that are no numbers lie in no bucket; they make the sum none too.
            if held != count && !(wired.sum.is_nan() && held < count) {
                return Err(Unfit::Mismatch { buckets: held, count });
            }
            parts.count = whole("it", count)?;
            parts.zero_count = whole("its zero bucket", zero)?;
            parts.positive = Buckets::new(positive, above)?.merged(times);
            parts.negative = Buckets::new(negative, below)?.merged(times);
        }
    }
    Ok(parts)
}

const WHOLE: &str = "a whole number";
const FLOAT: &str = "a float";

/// The hints in the order of their numbers.
const HINTS: [Hint; 4] = [Hint::Unknown, Hint::Reset, Hint::NotReset, Hint::Gauge];

/// Where its bounds lie, and how many times its buckets have to be merged for that.
fn schema(number: i32, bounds: Vec<f64>) -> Result<(Schema, u32), Unfit> {
    if number == Schema::CUSTOM {
        return Ok((Schema::Custom(Bounds::new(bounds)?), 0));
    }
    if !bounds.is_empty() {
        return Err(Unfit::Bounds { given: bounds.len(), schema: number });
    }
    let (resolution, times) = Resolution::told(number)?;
    Ok((Schema::Exponential(resolution), times))
}

/// Counts of which each is told as the difference to the one before, and all of them together added to what is `held`.
fn summed(deltas: &[i64], held: &mut u64) -> Result<Vec<f64>, Unfit> {
    let what = "a bucket";
    let mut count = 0_i64;
    let mut counts = Vec::with_capacity(deltas.len());
    for delta in deltas {
        count = count.checked_add(*delta).ok_or(Unfit::TooMany { what })?;
        #[expect(clippy::cast_precision_loss, reason = "it is only shown")]
        let own = u64::try_from(count).map_err(|_| Unfit::Negative { what, count: count as f64 })?;
        *held = held.saturating_add(own);
        counts.push(whole(what, own)?);
    }
    Ok(counts)
}

fn whole(what: &'static str, count: u64) -> Result<f64, Unfit> {
    #[expect(clippy::cast_precision_loss, reason = "it is at most 2^53")]
    if count <= MOST { Ok(count as f64) } else { Err(Unfit::TooMany { what }) }
}

fn at_least_0(what: &'static str, count: f64) -> Result<f64, Unfit> {
    if 0.0 <= count { Ok(count) } else { Err(Unfit::Negative { what, count }) }
}

/// A histogram to be sent: in whole numbers where all of it is whole and adds up, as instruments send it, else in floats.
pub(super) fn wired(at: UnixMillis, histogram: &Histogram) -> wire::Histogram {
    let mut wired = in_floats(at, histogram);
    let parts = histogram.parts();
    let (Some(count), Some(zero)) = (is_whole(parts.count), is_whole(parts.zero_count)) else { return wired };
    let (Some(above), Some(below)) = (deltas(&parts.positive), deltas(&parts.negative)) else { return wired };
    let mut held = zero;
    let adds_up = [&above, &below].into_iter().all(|deltas| summed(deltas, &mut held).is_ok());
    if adds_up && held == count {
        wired.count = Some(Count::Whole(count));
        wired.zero_count = Some(ZeroCount::Whole(zero));
        (wired.positive_deltas, wired.negative_deltas) = (above, below);
        (wired.positive_counts, wired.negative_counts) = (Vec::new(), Vec::new());
    }
    wired
}

fn is_whole(count: f64) -> Option<u64> {
    #[expect(clippy::cast_precision_loss, reason = "2^53 is a float")]
    let most = MOST as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is whole, and up to 2^53"
    )]
    ((0.0..=most).contains(&count) && count.fract() == 0.0).then_some(count as u64)
}

/// Each count as the difference to the one before; nothing where one is not whole.
fn deltas(buckets: &Buckets) -> Option<Vec<i64>> {
    let mut before = 0;
    let whole = buckets.counts().iter().map(|count| i64::try_from(is_whole(*count)?).ok());
    whole.map(|count| count.map(|count| count - std::mem::replace(&mut before, count))).collect()
}

fn in_floats(at: UnixMillis, histogram: &Histogram) -> wire::Histogram {
    let parts = histogram.parts();
    let spans = |buckets: &Buckets| -> Vec<wire::BucketSpan> {
        buckets.spans().map(|span| wire::BucketSpan { offset: span.offset, length: span.length }).collect()
    };
    let hint = HINTS.iter().zip(0..).find(|(hint, _)| **hint == parts.hint);
    wire::Histogram {
        count: Some(Count::Float(parts.count)),
        sum: parts.sum,
        schema: parts.schema.number(),
        zero_threshold: parts.zero_threshold,
        zero_count: Some(ZeroCount::Float(parts.zero_count)),
        negative_spans: spans(&parts.negative),
        negative_deltas: Vec::new(),
        negative_counts: parts.negative.counts().to_vec(),
        positive_spans: spans(&parts.positive),
        positive_deltas: Vec::new(),
        positive_counts: parts.positive.counts().to_vec(),
        reset_hint: hint.map_or(0, |(_, number)| number),
        timestamp: at.millis(),
        custom_values: match &parts.schema {
            Schema::Custom(bounds) => bounds.to_vec(),
            Schema::Exponential(_) => Vec::new(),
        },
    }
}
