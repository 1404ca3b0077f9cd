//! `double_exponential_smoothing`: the newest number of a window, with less and less of all before it.

use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::Around;
use crate::promql::eval::over::seen::Floats;
use crate::promql::eval::over::sliding::Sliding;
use crate::promql::eval::over::total::{SHORT, unruly};
use crate::promql::eval::window::Window;
use crate::signal::Point;

/// How much of what is new goes into the level, and into the trend.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Factors {
    level: f64,
    trend: f64,
}

impl Factors {
    fn of(around: &Around<'_>) -> Option<Self> {
        let (level, trend) = (around.number(0), around.number(1));
        for (factor, name, letter) in [(level, "smoothing", "sf"), (trend, "trend", "tf")] {
            if factor <= 0.0 || 1.0 <= factor {
                let text =
                    format!("invalid {name} factor. Expected: 0 < {letter} < 1, got: {}", fixed(factor));
                around.remarks.fail(EvalError::Argument(text));
                return None;
            }
        }
        Some(Self { level, trend })
    }
}

/// A number as Go prints it with `%f`.
fn fixed(number: f64) -> String {
    if number == f64::INFINITY { "+Inf".to_owned() } else { format!("{number:.6}") }
}

/// The level and the one before it, and the trend.
#[derive(Debug, Clone, Copy)]
struct State {
    before: f64,
    level: f64,
    trend: f64,
}

impl State {
    /// The first two numbers give the first level and the first trend, which the second does not change.
    fn begun(first: f64, second: f64, factors: Factors) -> Self {
        let state = Self { before: 0.0, level: first, trend: second - first };
        state.moved(second, state.trend, factors)
    }

    fn next(self, value: f64, factors: Factors) -> Self {
        let risen = factors.trend * (self.level - self.before);
        self.moved(value, risen + (1.0 - factors.trend) * self.trend, factors)
    }

    fn moved(self, value: f64, trend: f64, factors: Factors) -> Self {
        let level = factors.level * value + (1.0 - factors.level) * (self.level + trend);
        Self { before: self.level, level, trend }
    }
}

pub(super) fn smoothed(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let factors = Factors::of(around)?;
    let floats = Floats::of(window, around)?;
    let [first, second, rest @ ..] = &*floats.values else { return None };
    let begun = State::begun(*first, *second, factors);
    let state = rest.iter().fold(begun, |state, value| state.next(*value, factors));
    Some(Point::Float(state.level))
}

/// What samples in a row make of a state: a linear part, the same for as many samples, and what they add to it.
#[derive(Debug, Clone, Copy)]
struct Row {
    samples: usize,
    adds: State,
}

/// What so many samples, each 0, make of a state: of one that is all level before, all level, and all trend.
type Power = [State; 3];

impl State {
    const NOTHING: Self = Self { before: 0.0, level: 0.0, trend: 0.0 };
    const EACH: Power = [
        Self { before: 1.0, ..Self::NOTHING },
        Self { level: 1.0, ..Self::NOTHING },
        Self { trend: 1.0, ..Self::NOTHING },
    ];

    fn plus(self, other: Self, times: f64) -> Self {
        Self {
            before: self.before + other.before * times,
            level: self.level + other.level * times,
            trend: self.trend + other.trend * times,
        }
    }

    fn then(self, [before, level, trend]: &Power) -> Self {
        Self::NOTHING.plus(*before, self.before).plus(*level, self.level).plus(*trend, self.trend)
    }
}

/// What as many samples do, for each number of them.
fn powers(factors: Factors, most: usize) -> Vec<Power> {
    let next = |power: &Power| Some(power.map(|state| state.next(0.0, factors)));
    std::iter::successors(Some(State::EACH), next).take(most + 1).collect()
}

/// The factors, if they are the same at every step.
fn steady(course: &Course<'_>) -> Option<Factors> {
    let factors = |step: usize| {
        let around = course.around(step);
        (around.number(0).to_bits(), around.number(1).to_bits())
    };
    let first = factors(0);
    let steady = (1..course.reach.grid.len()).all(|step| factors(step) == first);
    let within = |number: f64| 0.0 < number && number < 1.0;
    let (level, trend) = (f64::from_bits(first.0), f64::from_bits(first.1));
    (steady && within(level) && within(trend)).then_some(Factors { level, trend })
}

/// Each sample makes a linear thing of the state, so rows of samples can be put together.
pub(super) fn moving_smoothed(course: &Course<'_>) -> Option<Column> {
    let points = course.track.points();
    if !points.histograms.is_empty() || points.len() <= SHORT {
        return None;
    }
    let factors = steady(course)?;
    let powers = powers(factors, points.len());
    let nothing = State::EACH;
    let after = |samples: usize| powers.get(samples).unwrap_or(&nothing);
    let unruly = unruly(points.values);
    let value = |index: usize| points.values.get(index).copied().unwrap_or_default();
    let one = |index: usize| Row {
        samples: 1,
        adds: State { level: factors.level * value(index), ..State::NOTHING },
    };
    let mut sliding = Sliding::new(one, |row: Row, next: Row| Row {
        samples: row.samples + next.samples,
        adds: row.adds.then(after(next.samples)).plus(next.adds, 1.0),
    });
    Some(course.points(|step, part| {
        if part.len() <= SHORT || 0 < unruly.within(part.start, part.end) {
            return smoothed(&Window::of(points, part, course.reach, step), &course.around(step));
        }
        let begun = State::begun(value(part.start), value(part.start + 1), factors);
        let row = sliding.over(part.start + 2..part.end)?;
        Some(Point::Float(begun.then(after(row.samples)).plus(row.adds, 1.0).level))
    }))
}
