//! `stddev_over_time` and `stdvar_over_time`: how far the numbers of a window lie from their mean.

use crate::promql::eval::column::Column;
use crate::promql::eval::meter::UNLOOKED;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::seen::Floats;
use crate::promql::eval::over::sliding::Sliding;
use crate::promql::eval::over::total::{SHORT, unruly};
use crate::promql::eval::sum::{Sum, count};
use crate::promql::eval::window::Window;
use crate::signal::Point;

pub(super) fn stdvar(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    variance(&Floats::of(window, around)?.values, around).map(Point::Float)
}

pub(super) fn stddev(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let variance = variance(&Floats::of(window, around)?.values, around)?;
    Some(Point::Float(variance.sqrt()))
}

pub(super) fn moving_stdvar(course: &Course<'_>) -> Option<Column> {
    moving(course, stdvar, |variance| variance)
}

pub(super) fn moving_stddev(course: &Course<'_>) -> Option<Column> {
    moving(course, stddev, f64::sqrt)
}

fn variance(values: &[f64], around: &Around<'_>) -> Option<f64> {
    let (mut mean, mut squares, mut seen) = (Sum::default(), Sum::default(), 0.0);
    for part in values.chunks(UNLOOKED) {
        around.goes_on(part.len())?;
        for value in part {
            seen += 1.0;
            let off = value - mean.value();
            mean = mean.plus(off / seen);
            squares = squares.plus(off * (value - mean.value()));
        }
    }
    Some(squares.value() / seen)
}

/// The mean of numbers, and what their distances from it come to when squared.
///
/// Put together so, only positive terms are added up: nothing cancels out, as it would in sums of squares.
#[derive(Debug, Clone, Copy)]
struct Moments {
    count: f64,
    mean: Sum,
    squares: Sum,
}

impl Moments {
    fn of(value: f64) -> Self {
        Self { count: 1.0, mean: Sum::of(value), squares: Sum::default() }
    }

    fn with(self, other: Self) -> Self {
        let all = self.count + other.count;
        let apart = other.mean.minus(self.mean).value();
        let mean = self.mean.plus(apart * (other.count / all));
        let between = apart * apart * (self.count * other.count / all);
        Self { count: all, mean, squares: self.squares.with(other.squares).plus(between) }
    }
}

fn moving(course: &Course<'_>, plain: super::Plain, told: fn(f64) -> f64) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() {
        return None;
    }
    let unruly = unruly(points.values);
    let one = |index: usize| Moments::of(points.values.get(index).copied().unwrap_or_default());
    let mut sliding = Sliding::new(one, Moments::with);
    Some(course.points(|step, part| {
        if part.len() <= SHORT || 0 < unruly.within(part.start, part.end) {
            return plain(&Window::of(points, part, course.reach, step), &course.around(step));
        }
        let seen = count(part.len());
        sliding.over(part).map(|moments| Point::Float(told(moments.squares.value() / seen)))
    }))
}
