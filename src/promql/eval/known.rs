//! The functions that are evaluated.

use std::cmp::Ordering;

use crate::promql::eval::absent::absent_labels;
use crate::promql::eval::covered::refuse;
use crate::promql::eval::element::{Element, Held};
use crate::promql::eval::error::NotCovered;
use crate::promql::eval::rate::{Motion, latest, stretched};
use crate::promql::eval::sum::{Sum, count, mean, outermost};
use crate::promql::eval::window::Window;
use crate::promql::number::as_float;
use crate::promql::selector::Selector;
use crate::signal::Labels;
use crate::unit::{Extent, UnixMillis};

/// How a function is evaluated.
#[derive(Debug, Clone, Copy)]
pub(super) enum Known {
    /// One value of the window of each series.
    Window(fn(&Window) -> Option<f64>),
    /// A value of each value, with the numbers that follow the vector.
    Each(fn(f64, &[f64]) -> f64),
    /// As that, but of a lower and an upper bound, and nothing where they are the wrong way round.
    Clamp,
    Absent,
    AbsentOverTime,
    Vector,
    Scalar,
    Time,
    Timestamp,
}

/// What a call stands in.
pub(super) struct Around<'p> {
    /// The moment of the query.
    pub(super) at: UnixMillis,
    /// The selector that its first argument is, brackets aside.
    pub(super) selector: Option<&'p Selector>,
}

impl Known {
    /// The function of that name; the extent is that of the name.
    pub(super) fn named(name: &str, extent: Extent) -> Result<Self, NotCovered> {
        Ok(match name {
            "rate" => Self::Window(|window| stretched(window, Motion::Rate)),
            "increase" => Self::Window(|window| stretched(window, Motion::Increase)),
            "delta" => Self::Window(|window| stretched(window, Motion::Delta)),
            "irate" => Self::Window(|window| latest(window, true)),
            "idelta" => Self::Window(|window| latest(window, false)),
            "changes" => Self::Window(|window| Some(steps(window, differ))),
            "resets" => Self::Window(|window| Some(steps(window, |before, after| after < before))),
            "sum_over_time" => Self::Window(|window| {
                Some(values(window).iter().copied().fold(Sum::default(), Sum::plus).value())
            }),
            "avg_over_time" => Self::Window(|window| mean(&values(window))),
            "min_over_time" => Self::Window(|window| outermost(&values(window), f64::lt)),
            "max_over_time" => Self::Window(|window| outermost(&values(window), f64::gt)),
            "count_over_time" => Self::Window(|window| Some(count(window.samples.len()))),
            "first_over_time" => Self::Window(|window| window.samples.first().map(|first| first.value)),
            "last_over_time" => Self::Window(|window| window.samples.last().map(|last| last.value)),
            "present_over_time" => Self::Window(|_| Some(1.0)),
            "abs" => Self::Each(|value, _| value.abs()),
            "ceil" => Self::Each(|value, _| value.ceil()),
            "floor" => Self::Each(|value, _| value.floor()),
            "round" => Self::Each(|value, to| round(value, to.first().copied().unwrap_or(1.0))),
            "clamp_min" => Self::Each(|value, bounds| bounds.iter().copied().fold(value, larger)),
            "clamp_max" => Self::Each(|value, bounds| bounds.iter().copied().fold(value, smaller)),
            "clamp" => Self::Clamp,
            "absent" => Self::Absent,
            "absent_over_time" => Self::AbsentOverTime,
            "vector" => Self::Vector,
            "scalar" => Self::Scalar,
            "time" => Self::Time,
            "timestamp" => Self::Timestamp,
            _ => return refuse(extent, &format!("`{name}`")),
        })
    }

    /// Calls the function.
    pub(super) fn call(self, around: &Around<'_>, arguments: Vec<Held>) -> Held {
        let mut arguments = arguments.into_iter();
        let first = arguments.next();
        let numbers: Vec<f64> = arguments.map(|argument| argument.scalar()).collect();
        let alone = |value: f64| Held::Vector(vec![Element::new(Labels::default(), value)]);
        match (self, first) {
            (Self::Time, _) => Held::Scalar(seconds(around.at)),
            (Self::Vector, Some(of)) => alone(of.scalar()),
            (Self::Scalar, Some(of)) => Held::Scalar(match of.vector().as_slice() {
                [only] => only.value,
                _ => f64::NAN,
            }),
            (Self::Absent, Some(of)) => absent(of.vector().is_empty(), around),
            (Self::AbsentOverTime, Some(of)) => absent(of.windows().is_empty(), around),
            (Self::Window(value), Some(of)) => Held::Vector(
                of.windows()
                    .into_iter()
                    .filter_map(|window| value(&window).map(|value| Element::new(window.labels, value)))
                    .collect(),
            ),
            (Self::Each(value), Some(of)) => each(of, |element| value(element.value, &numbers)),
            (Self::Clamp, Some(of)) => clamp(of, &numbers),
            (Self::Timestamp, Some(of)) => {
                let read = around.selector.is_some();
                each(of, |element| seconds(if read { element.at } else { around.at }))
            }
            (_, None) => Held::Vector(Vec::new()),
        }
    }
}

fn each(of: Held, value: impl Fn(&Element) -> f64) -> Held {
    let mut elements = of.vector();
    for element in &mut elements {
        element.value = value(element);
    }
    Held::Vector(elements)
}

fn absent(absent: bool, around: &Around<'_>) -> Held {
    let labels = || around.selector.map_or_else(Labels::default, absent_labels);
    Held::Vector(if absent { vec![Element::new(labels(), 1.0)] } else { Vec::new() })
}

fn clamp(of: Held, bounds: &[f64]) -> Held {
    let [lower, upper] = bounds else { return Held::Vector(Vec::new()) };
    if upper < lower {
        return Held::Vector(Vec::new());
    }
    each(of, |element| larger(*lower, smaller(*upper, element.value)))
}

fn values(window: &Window) -> Vec<f64> {
    window.samples.iter().map(|sample| sample.value).collect()
}

/// How many samples have something to the one before.
fn steps(window: &Window, counts: fn(f64, f64) -> bool) -> f64 {
    let steps = window.samples.windows(2).filter(|pair| counts(pair[0].value, pair[1].value));
    count(steps.count())
}

/// NaN after NaN is no change.
fn differ(before: f64, after: f64) -> bool {
    before.partial_cmp(&after) != Some(Ordering::Equal) && !(before.is_nan() && after.is_nan())
}

/// To the nearest multiple; up where two are equally near. The inverse comes first, as in Prometheus.
fn round(value: f64, multiple: f64) -> f64 {
    let inverse = 1.0 / multiple;
    (value * inverse + 0.5).floor() / inverse
}

/// As Go has it: NaN wins, but infinity over it; and 0 is above -0.
fn larger(one: f64, other: f64) -> f64 {
    if one == f64::INFINITY || other == f64::INFINITY {
        f64::INFINITY
    } else if one.is_nan() || other.is_nan() {
        f64::NAN
    } else if one.total_cmp(&other).is_lt() {
        other
    } else {
        one
    }
}

fn smaller(one: f64, other: f64) -> f64 {
    -larger(-one, -other)
}

fn seconds(at: UnixMillis) -> f64 {
    as_float(at.millis()) / 1_000.0
}
