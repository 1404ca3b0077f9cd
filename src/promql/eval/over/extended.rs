//! Growth within windows that are `anchored` or `smoothed`: from border to border, with nothing guessed.

use crate::promql::eval::over::rate::Wanted;
use crate::promql::eval::window::Window;
use crate::promql::number::as_float;
use crate::promql::selector::Extended;
use crate::signal::{Point, Sample};
use crate::store::Points;

/// The samples that a window reaches from and to: the last up to its start, else the first; and the last, or the
/// first from its end on where it is smoothed. Nothing where there is no sample within it.
pub(super) fn ends(points: &Points<'_>, extended: Extended, window: (i64, i64)) -> Option<(usize, usize)> {
    let (from, to) = window;
    let newest = points.len().checked_sub(1)?;
    let before = points.times.get(..newest)?;
    let first = before.partition_point(|time| time.millis() <= from).saturating_sub(1);
    let last = match extended {
        Extended::Anchored => newest,
        Extended::Smoothed => before.partition_point(|time| time.millis() < to),
    };
    let at = |index: usize| points.times.get(index).map(|time| time.millis());
    let beyond = extended == Extended::Smoothed && to < at(first)?;
    (from < at(last)? && !beyond).then_some((first, last))
}

/// What a series has at both borders.
pub(super) fn borders(
    points: &Points<'_>,
    (first, last): (usize, usize),
    (from, to): (i64, i64),
    (extended, counter): (Extended, bool),
) -> Option<(f64, f64)> {
    let sample = |index: usize| points.sample(index);
    if extended == Extended::Anchored {
        return Some((sample(first)?.value, sample(last)?.value));
    }
    let (begins, ends) = (sample(first)?, sample(last)?);
    let left = if begins.at.millis() < from {
        between(begins, sample(first + 1)?, from, counter)
    } else {
        begins.value
    };
    let right = match last.checked_sub(1).and_then(sample) {
        Some(before) if to < ends.at.millis() => between(before, ends, to, counter),
        Some(_) | None => ends.value,
    };
    Some((left, right))
}

/// What lies on the line between two samples. A counter that fell had nothing at the first.
pub(super) fn between(one: Sample, other: Sample, at: i64, counter: bool) -> f64 {
    let begins = if counter && other.value < one.value { 0.0 } else { one.value };
    let passed = as_float(at.saturating_sub(one.at.millis()));
    begins + (other.value - begins) * passed / as_float(other.at.millis().saturating_sub(one.at.millis()))
}

pub(super) fn grown(wanted: Wanted, extended: Extended, window: &Window<'_>) -> Option<Point> {
    let (points, span) = (&window.points, (window.from, window.to));
    let (first, last) = ends(points, extended, span)?;
    let (left, right) = borders(points, (first, last), span, (extended, wanted.counter))?;
    let mut growth = right - left;
    if wanted.counter {
        let at = |index: usize| points.times.get(index).map_or(0, |time| time.millis());
        let start = first + usize::from(at(first) <= window.from);
        let end = last + usize::from(at(last) < window.to);
        growth += lost(left, right, points.values.get(start..end).unwrap_or_default());
    }
    Some(Point::Float(if wanted.per_second { growth / window.reach.seconds } else { growth }))
}

/// What a counter lost whenever it began anew.
fn lost(left: f64, right: f64, within: &[f64]) -> f64 {
    let (mut lost, mut before) = (0.0, left);
    for value in within.iter().chain([&right]) {
        if *value < before {
            lost += before;
        }
        before = *value;
    }
    lost
}
