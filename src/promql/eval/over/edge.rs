//! Functions of a window's first and last sample, and of how many there are.

use crate::promql::eval::grid::seconds;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::sum;
use crate::promql::eval::window::Window;
use crate::signal::Point;
use crate::unit::UnixMillis;

pub(super) fn count(window: &Window<'_>, _: &Around<'_>) -> Option<Point> {
    let samples = window.points.len();
    (0 < samples).then(|| Point::Float(sum::count(samples)))
}

pub(super) fn present(window: &Window<'_>, _: &Around<'_>) -> Option<Point> {
    (!window.points.is_empty()).then_some(Point::Float(1.0))
}

pub(super) fn first(window: &Window<'_>, _: &Around<'_>) -> Option<Point> {
    point(window, 0)
}

pub(super) fn last(window: &Window<'_>, _: &Around<'_>) -> Option<Point> {
    point(window, window.points.len().checked_sub(1)?)
}

pub(super) fn time_of_first(window: &Window<'_>, _: &Around<'_>) -> Option<Point> {
    window.points.times.first().copied().map(time)
}

pub(super) fn time_of_last(window: &Window<'_>, _: &Around<'_>) -> Option<Point> {
    window.points.times.last().copied().map(time)
}

fn point(window: &Window<'_>, index: usize) -> Option<Point> {
    let value = *window.points.values.get(index)?;
    let histogram = window.points.histogram(index);
    Some(histogram.map_or(Point::Float(value), |histogram| Point::Histogram(histogram.clone())))
}

/// A moment as a value.
pub(super) fn time(at: UnixMillis) -> Point {
    Point::Float(seconds(at.millis()))
}
