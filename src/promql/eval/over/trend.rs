//! `deriv` and `predict_linear`: the line that lies nearest to the numbers of a window.

use crate::promql::eval::column::Column;
use crate::promql::eval::grid::seconds;
use crate::promql::eval::meter::UNLOOKED;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::seen::Floats;
use crate::promql::eval::over::sliding::Sliding;
use crate::promql::eval::over::total::{SHORT, unruly};
use crate::promql::eval::sum::Sum;
use crate::promql::eval::window::Window;
use crate::signal::Point;
use crate::unit::UnixMillis;

/// A line: its slope, and its height at the moment asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Trend {
    slope: f64,
    height: f64,
}

pub(super) fn deriv(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let floats = Floats::of(window, around)?;
    // Near the times in use, so that little is lost of them.
    let at = floats.times.first()?.millis();
    trend(&floats, at, around).map(|trend| Point::Float(trend.slope))
}

/// The moment is that of the evaluation, wherever the window lies.
pub(super) fn predict_linear(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let trend = trend(&Floats::of(window, around)?, around.at, around)?;
    Some(Point::Float(trend.slope * around.number(0) + trend.height))
}

pub(super) fn moving_deriv(course: &Course<'_>) -> Option<Column> {
    moving(course, deriv, |fit, _| fit.trend(0.0).slope)
}

pub(super) fn moving_predict_linear(course: &Course<'_>) -> Option<Column> {
    moving(course, predict_linear, |fit, around| {
        let base = course.track.points().times.first().map_or(0, |time| time.millis());
        let trend = fit.trend(seconds(around.at.saturating_sub(base)));
        trend.slope * around.number(0) + trend.height
    })
}

fn trend(floats: &Floats<'_>, at: i64, around: &Around<'_>) -> Option<Trend> {
    let (values, times) = (&floats.values, &floats.times);
    let first = *values.first()?;
    if values.len() < 2 {
        return None;
    }
    #[expect(clippy::float_cmp, reason = "only the very same numbers make a level line")]
    if values.iter().skip(1).all(|value| *value == first) {
        return Some(level(first));
    }
    let (mut x, mut y, mut xy, mut xx, mut n) =
        (Sum::default(), Sum::default(), Sum::default(), Sum::default(), 0.0);
    for (times, values) in times.chunks(UNLOOKED).zip(values.chunks(UNLOOKED)) {
        around.goes_on(values.len())?;
        for (time, value) in times.iter().zip(values) {
            let after = seconds(time.millis().saturating_sub(at));
            n += 1.0;
            x = x.plus(after);
            y = y.plus(*value);
            xy = xy.plus(after * value);
            xx = xx.plus(after * after);
        }
    }
    let (x, y, xy, xx) = (x.value(), y.value(), xy.value(), xx.value());
    let slope = (xy - x * y / n) / (xx - x * x / n);
    Some(Trend { slope, height: y / n - slope * x / n })
}

/// The line through numbers that are all the same.
fn level(value: f64) -> Trend {
    if value.is_infinite() {
        Trend { slope: f64::NAN, height: f64::NAN }
    } else {
        Trend { slope: 0.0, height: value }
    }
}

/// What a line is found by: the means of times and numbers, and how both vary about them.
#[derive(Debug, Clone, Copy)]
struct Fit {
    count: f64,
    time: Sum,
    value: Sum,
    times: Sum,
    both: Sum,
    first: f64,
    level: bool,
}

impl Fit {
    fn of(time: f64, value: f64) -> Self {
        let none = Sum::default();
        let (time, value, first) = (Sum::of(time), Sum::of(value), value);
        Self { count: 1.0, time, value, times: none, both: none, first, level: true }
    }

    #[expect(clippy::float_cmp, reason = "only the very same numbers make a level line")]
    fn with(self, other: Self) -> Self {
        let all = self.count + other.count;
        let (later, higher) = (other.time.minus(self.time).value(), other.value.minus(self.value).value());
        let (part, weight) = (other.count / all, self.count * other.count / all);
        Self {
            count: all,
            time: self.time.plus(later * part),
            value: self.value.plus(higher * part),
            times: self.times.with(other.times).plus(later * later * weight),
            both: self.both.with(other.both).plus(later * higher * weight),
            first: self.first,
            level: self.level && other.level && self.first == other.first,
        }
    }

    fn trend(self, at: f64) -> Trend {
        if self.level {
            return level(self.first);
        }
        let slope = self.both.value() / self.times.value();
        Trend { slope, height: self.value.value() + slope * Sum::of(at).minus(self.time).value() }
    }
}

fn moving(
    course: &Course<'_>,
    plain: super::Plain,
    told: impl Fn(Fit, &Around<'_>) -> f64,
) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() {
        return None;
    }
    let unruly = unruly(points.values);
    let base = points.times.first().map_or(0, |time| time.millis());
    let one = |index: usize| {
        let at = points.times.get(index).copied().map_or(base, UnixMillis::millis);
        Fit::of(seconds(at.saturating_sub(base)), points.values.get(index).copied().unwrap_or_default())
    };
    let mut sliding = Sliding::new(one, Fit::with);
    Some(course.points(|step, part| {
        let around = course.around(step);
        if part.len() <= SHORT || 0 < unruly.within(part.start, part.end) {
            return plain(&Window::of(points, part, course.reach, step), &around);
        }
        sliding.over(part).map(|fit| Point::Float(told(fit, &around)))
    }))
}
