//! The smallest and the greatest number of a window, and when it was.

use crate::promql::eval::column::Column;
use crate::promql::eval::grid::seconds;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::edge::time;
use crate::promql::eval::over::seen::Floats;
use crate::promql::eval::over::sliding::Sliding;
use crate::promql::eval::window::Window;
use crate::signal::Point;
use crate::unit::UnixMillis;

/// Whether a number takes the place of one before it.
type Beyond = fn(&f64, &f64) -> bool;

pub(super) fn min(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    outermost(window, around, f64::lt).map(|(value, _)| Point::Float(value))
}

pub(super) fn max(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    outermost(window, around, f64::gt).map(|(value, _)| Point::Float(value))
}

/// Of several the last, whereas their value is that of the first: `-0` is as small as `0`.
pub(super) fn time_of_min(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    outermost(window, around, f64::le).map(|(_, at)| time(at))
}

pub(super) fn time_of_max(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    outermost(window, around, f64::ge).map(|(_, at)| time(at))
}

pub(super) fn moving_min(course: &Course<'_>) -> Option<Column> {
    moving(course, f64::lt, |value, _| value)
}

pub(super) fn moving_max(course: &Course<'_>) -> Option<Column> {
    moving(course, f64::gt, |value, _| value)
}

pub(super) fn moving_time_of_min(course: &Course<'_>) -> Option<Column> {
    moving(course, f64::le, |_, at| seconds(at.millis()))
}

pub(super) fn moving_time_of_max(course: &Course<'_>) -> Option<Column> {
    moving(course, f64::ge, |_, at| seconds(at.millis()))
}

/// NaN gives way to anything, and takes the place of nothing but NaN.
fn further(beyond: Beyond, most: (f64, UnixMillis), next: (f64, UnixMillis)) -> (f64, UnixMillis) {
    if beyond(&next.0, &most.0) || most.0.is_nan() { next } else { most }
}

fn outermost(window: &Window<'_>, around: &Around<'_>, beyond: Beyond) -> Option<(f64, UnixMillis)> {
    let floats = Floats::of(window, around)?;
    let all = floats.values.iter().copied().zip(floats.times.iter().copied());
    all.reduce(|most, next| further(beyond, most, next))
}

fn moving(course: &Course<'_>, beyond: Beyond, told: fn(f64, UnixMillis) -> f64) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() {
        return None;
    }
    let value = |index: usize| {
        let sample = points.sample(index);
        sample.map_or((f64::NAN, UnixMillis::new(0)), |sample| (sample.value, sample.at))
    };
    let mut sliding = Sliding::new(value, |most, next| further(beyond, most, next));
    Some(course.numbers(|_, part| sliding.over(part).map(|(value, at)| told(value, at))))
}
