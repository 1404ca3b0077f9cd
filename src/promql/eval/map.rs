//! Functions that make one number of each.

use std::f64::consts::PI;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{NONE, is_none};
use crate::promql::eval::line::Lines;
use crate::promql::eval::numbers::Numbers;

/// How a number is made of another, and of the numbers that the function is given besides.
pub(super) type Each = fn(f64, &[f64]) -> Option<f64>;

/// The function of that name. Those that the machine may round in its own way come from `libm`, which does not.
#[rustfmt::skip]
pub(super) fn named(name: &str) -> Option<Each> {
    Some(match name {
        "abs" => |value, _| Some(value.abs()),
        "acos" => |value, _| Some(libm::acos(value)),
        "acosh" => |value, _| Some(libm::acosh(value)),
        "asin" => |value, _| Some(libm::asin(value)),
        "asinh" => |value, _| Some(libm::asinh(value)),
        "atan" => |value, _| Some(libm::atan(value)),
        "atanh" => |value, _| Some(libm::atanh(value)),
        "ceil" => |value, _| Some(value.ceil()),
        "clamp" => |value, bounds| clamped(value, bounds),
        "clamp_max" => |value, bounds| Some(bounds.iter().copied().fold(value, smaller)),
        "clamp_min" => |value, bounds| Some(bounds.iter().copied().fold(value, larger)),
        "cos" => |value, _| Some(libm::cos(value)),
        "cosh" => |value, _| Some(libm::cosh(value)),
        "deg" => |value, _| Some(value * 180.0 / PI),
        "exp" => |value, _| Some(libm::exp(value)),
        "floor" => |value, _| Some(value.floor()),
        "ln" => |value, _| Some(libm::log(value)),
        "log10" => |value, _| Some(libm::log10(value)),
        "log2" => |value, _| Some(libm::log2(value)),
        "rad" => |value, _| Some(value * PI / 180.0),
        "round" => |value, to| Some(round(value, to.first().copied().unwrap_or(1.0))),
        "sgn" => |value, _| Some(sign(value)),
        "sin" => |value, _| Some(libm::sin(value)),
        "sinh" => |value, _| Some(libm::sinh(value)),
        "sqrt" => |value, _| Some(value.sqrt()),
        "tan" => |value, _| Some(libm::tan(value)),
        "tanh" => |value, _| Some(libm::tanh(value)),
        _ => return None,
    })
}

/// How much work it is to make a number of another, of which some take series of terms.
const MAPPED: usize = 8;

pub(super) fn call(mut called: Called<'_>, each: Each) -> Lines<'_> {
    let meter = called.evaluation.meter;
    let numbers: Vec<Numbers<'_>> = (1..called.len()).map(|index| called.scalar(index)).collect();
    let mut beside = vec![0.0; numbers.len()];
    called.lines(0).map(move |mut line| {
        line.column.histograms.clear();
        for (index, value) in line.column.values.iter_mut().enumerate() {
            if is_none(*value) {
                continue;
            }
            if meter.is_over_at(index, MAPPED) {
                break;
            }
            for (own, steps) in beside.iter_mut().zip(&numbers) {
                *own = steps[index];
            }
            *value = each(*value, &beside).unwrap_or(NONE);
        }
        line
    })
}

/// Between a lower and an upper bound; nothing where they are the wrong way round.
fn clamped(value: f64, bounds: &[f64]) -> Option<f64> {
    let [lower, upper] = bounds else { return None };
    if upper < lower { None } else { Some(larger(*lower, smaller(*upper, value))) }
}

fn sign(value: f64) -> f64 {
    if value < 0.0 {
        -1.0
    } else if 0.0 < value {
        1.0
    } else {
        value
    }
}

/// The nearest multiple, the upper one of two that are as near.
fn round(value: f64, multiple: f64) -> f64 {
    // Multiplied by the inverse, as Prometheus does: a division would have other last bits.
    let inverse = 1.0 / multiple;
    (value * inverse + 0.5).floor() / inverse
}

/// As Go has it: NaN wins, but infinity over it; and 0 is above -0.
pub(super) fn larger(one: f64, other: f64) -> f64 {
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

pub(super) fn smaller(one: f64, other: f64) -> f64 {
    -larger(-one, -other)
}
