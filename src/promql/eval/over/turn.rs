//! `changes` and `resets`: how often a series became another, or began anew.

use std::ops::Range;

use crate::promql::eval::column::Column;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::counts::Counts;
use crate::promql::eval::over::{Course, rate, rate_of_histograms};
use crate::promql::eval::reach::Reach;
use crate::promql::eval::window::Window;
use crate::promql::selector::Extended;
use crate::signal::Point;
use crate::store::Points;

/// Whether something happened between a sample and the one before.
type Happens = fn(&Points<'_>, usize, bool) -> bool;

pub(super) fn changes(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    counted(window, around, changed)
}

pub(super) fn resets(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    counted(window, around, reset)
}

pub(super) fn moving_changes(course: &Course<'_>) -> Option<Column> {
    moving(course, changed)
}

pub(super) fn moving_resets(course: &Course<'_>) -> Option<Column> {
    moving(course, reset)
}

#[expect(clippy::float_cmp, reason = "any other number is a change")]
fn changed(points: &Points<'_>, index: usize, _starts: bool) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    match (points.histogram(before), points.histogram(index)) {
        (None, None) => match (points.values.get(before), points.values.get(index)) {
            (Some(one), Some(other)) => one != other && !(one.is_nan() && other.is_nan()),
            (_, _) => false,
        },
        (Some(one), Some(other)) => !one.same_as(other),
        (_, _) => true,
    }
}

fn reset(points: &Points<'_>, index: usize, starts: bool) -> bool {
    let Some(before) = index.checked_sub(1) else { return false };
    match (points.histogram(before), points.histogram(index)) {
        (None, None) => rate::is_reset(points, index, starts),
        (Some(_), Some(_)) => rate_of_histograms::is_reset(points, index, starts),
        (_, _) => true,
    }
}

/// From which of its samples a window counts: an anchored one from the last up to its start. Nothing where no sample
/// lies within it.
fn base(points: &Points<'_>, part: &Range<usize>, reach: &Reach, from: i64) -> Option<usize> {
    if reach.extended != Some(Extended::Anchored) {
        return Some(part.start);
    }
    let before = points.times.get(part.clone())?.partition_point(|time| time.millis() <= from);
    (before < part.len()).then_some(part.start + before.saturating_sub(1))
}

fn counted(window: &Window<'_>, around: &Around<'_>, happens: Happens) -> Option<Point> {
    let (points, len) = (&window.points, window.points.len());
    let base = base(points, &(0..len), window.reach, window.from)?;
    let count = (base + 1..len).filter(|index| happens(points, *index, around.starts)).count();
    u32::try_from(count).ok().map(|count| Point::Float(f64::from(count)))
}

/// How often it happened up to each sample is counted once.
fn moving(course: &Course<'_>, happens: Happens) -> Option<Column> {
    let points = course.track.points();
    if points.len() < 2 {
        return None;
    }
    let counts = Counts::of(points.len(), |index| happens(&points, index, course.around.starts));
    Some(course.numbers(|step, part| {
        let base = base(&points, &part, course.reach, course.reach.start(step))?;
        Some(f64::from(counts.between(base, part.end - 1)))
    }))
}
