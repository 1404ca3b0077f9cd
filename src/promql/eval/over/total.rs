//! `sum_over_time` and `avg_over_time`.

use crate::promql::eval::column::Column;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::over::counts::Counts;
use crate::promql::eval::over::seen::Seen;
use crate::promql::eval::over::sliding::Sliding;
use crate::promql::eval::over::total_of_histograms;
use crate::promql::eval::sum::{self, Sum};
use crate::promql::eval::window::Window;
use crate::signal::Point;

/// Up to how many samples a window is summed up one by one: that agrees with Prometheus to the last bit.
pub(super) const SHORT: usize = 64;

/// Numbers beyond this may come to more than there are numbers for, so that the order of the sum matters.
const HUGE: f64 = 1e300;

/// What is made of a sum of so many numbers.
type Told = fn(Sum, usize) -> f64;

pub(super) fn sum(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    match Seen::of(window.points) {
        Seen::Floats => {
            let sum = window.points.values.iter().fold(Sum::default(), |sum, value| sum.plus(*value));
            Some(Point::Float(sum.value()))
        }
        Seen::Histograms => total_of_histograms::sum(window, around),
        Seen::Mixed => mixed(around),
    }
}

pub(super) fn avg(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    match Seen::of(window.points) {
        Seen::Floats => sum::mean(window.points.values).map(Point::Float),
        Seen::Histograms => total_of_histograms::avg(window, around),
        Seen::Mixed => mixed(around),
    }
}

fn mixed(around: &Around<'_>) -> Option<Point> {
    around.tell(Remark::Mixed);
    None
}

pub(super) fn moving_sum(course: &Course<'_>) -> Option<Column> {
    moving(course, sum, |sum, _| sum.value())
}

pub(super) fn moving_avg(course: &Course<'_>) -> Option<Column> {
    moving(course, avg, |sum, count| sum.over(sum::count(count)).value())
}

/// Which numbers are too large for sums in another order, or none at all.
pub(super) fn unruly(values: &[f64]) -> Counts {
    Counts::of(values.len(), |index| !values.get(index).is_some_and(|value| value.abs() < HUGE))
}

fn moving(course: &Course<'_>, plain: super::Plain, told: Told) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() {
        return None;
    }
    let unruly = unruly(points.values);
    let one = |index: usize| Sum::of(points.values.get(index).copied().unwrap_or_default());
    let mut sliding = Sliding::new(one, Sum::with);
    Some(course.points(|step, part| {
        if part.len() <= SHORT || 0 < unruly.within(part.start, part.end) {
            return plain(&Window::of(points, part, course.reach, step), &course.around(step));
        }
        let count = part.len();
        sliding.over(part).map(|sum| Point::Float(told(sum, count)))
    }))
}
