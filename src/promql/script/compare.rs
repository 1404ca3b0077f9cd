//! Comparing what an expression is worth with what is expected, as exactly as the scripts ask for.

use std::collections::{BTreeMap, BTreeSet};

use crate::promql::eval::{Row, Value};
use crate::promql::script::case::{Expected, ExpectedRow, Worth};
use crate::promql::script::row::Written;
use crate::promql::script::told::{self, Difference};
use crate::signal::histogram::{Buckets, Histogram};
use crate::signal::{Labels, Point, is_stale};

/// How far numbers may lie apart, as a part of both.
const APART: f64 = 1e-6;

/// Holds a value against what is expected.
pub(super) fn compare(worth: &Worth, ordered: bool, value: &Value) -> Result<(), Difference> {
    let same = match (worth, value) {
        (Worth::Series(expected), Value::Vector(elements)) if !expected.windows => {
            let got = elements.iter().enumerate().map(|(position, (labels, point))| {
                (labels, Got { position, points: vec![(Some(0), point.clone())] })
            });
            return series(expected, ordered, &got.collect());
        }
        (Worth::Series(expected), Value::Matrix(rows)) if !ordered => {
            sorted(value)?;
            let got = rows.iter().enumerate().map(|(position, row)| {
                let points = row.points().map(|(at, point)| (expected.steps.index(at), point));
                (&row.labels, Got { position, points: points.collect() })
            });
            return series(expected, false, &got.collect());
        }
        (Worth::Scalar(expected), Value::Scalar(got)) => alike(*expected, *got),
        (Worth::Text(expected), Value::Text(got)) => expected == got,
        (Worth::Scalar(_) | Worth::Text(_) | Worth::Series(_), _) => false,
    };
    if same { Ok(()) } else { Err(Difference { expected: told::worth(worth), got: told::value(value) }) }
}

/// Whether the rows of a matrix stand in the order of their labels.
pub(super) fn sorted(value: &Value) -> Result<(), Difference> {
    let Value::Matrix(rows) = value else { return Ok(()) };
    let wrong = |pair: &&[Row]| matches!(pair, [one, other] if other.labels < one.labels);
    match rows.windows(2).find(wrong) {
        Some([one, other]) => Err(Difference {
            expected: "series in the order of their labels".to_owned(),
            got: format!("{} before {}", one.labels, other.labels),
        }),
        Some(_) | None => Ok(()),
    }
}

/// The one value of what a scalar is over a range.
pub(super) fn as_scalar(elements: Vec<(Labels, Point)>) -> Value {
    match elements.as_slice() {
        [(labels, Point::Float(value))] if labels.is_empty() => Value::Scalar(*value),
        _ => Value::Vector(elements),
    }
}

/// What came of a series: each point with the step that it belongs to.
struct Got {
    position: usize,
    points: Vec<(Option<usize>, Point)>,
}

fn series(expected: &Expected, ordered: bool, got: &BTreeMap<&Labels, Got>) -> Result<(), Difference> {
    let labels: BTreeSet<&Labels> = expected.rows.keys().chain(got.keys().copied()).collect();
    let (mut wanted, mut found) = (Vec::new(), Vec::new());
    for labels in labels {
        let (own, other) = (expected.rows.get(labels), got.get(labels));
        if let (Some(own), Some(other)) = (own, other)
            && agrees(own, other)
            && !(ordered && own.position != other.position)
        {
            continue;
        }
        wanted.extend(own.map(|row| told::expected(labels, row)));
        found.extend(other.map(|got| told::got(labels, &got.points)));
    }
    if wanted.is_empty() && found.is_empty() {
        return Ok(());
    }
    Err(Difference { expected: told::rows(wanted.into_iter()), got: told::rows(found.into_iter()) })
}

fn agrees(expected: &ExpectedRow, got: &Got) -> bool {
    let wanted =
        expected.values.iter().enumerate().filter_map(|(index, value)| Some((index, value.as_ref()?)));
    let wanted: Vec<(usize, &Written)> = wanted.collect();
    wanted.len() == got.points.len()
        && wanted
            .into_iter()
            .zip(&got.points)
            .all(|((index, value), (at, point))| *at == Some(index) && is(value, point))
}

fn is(expected: &Written, got: &Point) -> bool {
    match (expected, got) {
        (Written::Float(expected), Point::Float(got)) => alike(*expected, *got),
        (Written::Histogram { histogram, hint }, Point::Histogram(got)) => {
            alike_histograms(histogram, got) && (!hint || histogram.hint() == got.hint())
        }
        (Written::Float(_) | Written::Histogram { .. }, _) => false,
    }
}

/// Alike as the scripts take it: any NaN is like any other, but not like the marker of an end.
#[expect(clippy::float_cmp, reason = "infinities are equal or they are not")]
fn alike(expected: f64, got: f64) -> bool {
    if expected.is_nan() || got.is_nan() {
        return expected.is_nan() && got.is_nan() && is_stale(expected) == is_stale(got);
    }
    let (size, apart) = (expected.abs() + got.abs(), (expected - got).abs());
    if expected == got {
        true
    } else if expected == 0.0 || got == 0.0 || size < f64::MIN_POSITIVE {
        apart < APART * f64::MIN_POSITIVE
    } else {
        apart / size.min(f64::MAX) < APART
    }
}

#[expect(clippy::float_cmp, reason = "a threshold is never computed")]
fn alike_histograms(expected: &Histogram, got: &Histogram) -> bool {
    let (mut expected, mut got) = (expected.clone(), got.clone());
    expected.compact(0);
    got.compact(0);
    let (own, other) = (expected.parts(), got.parts());
    own.schema == other.schema
        && own.zero_threshold == other.zero_threshold
        && alike(own.count, other.count)
        && alike(own.sum, other.sum)
        && alike(own.zero_count, other.zero_count)
        && alike_buckets(&own.negative, &other.negative)
        && alike_buckets(&own.positive, &other.positive)
}

fn alike_buckets(expected: &Buckets, got: &Buckets) -> bool {
    expected.spans().eq(got.spans())
        && expected.counts().iter().zip(got.counts()).all(|(own, other)| alike(*own, *other))
}
