//! Comparisons: only what is alike is compared.

use std::cmp::Ordering;

use crate::template::call::Wrong;
use crate::template::value::Value;

pub(super) fn compared(name: &str, arguments: &[Value]) -> Result<bool, Wrong> {
    let Some((first, rest)) = arguments.split_first() else { return Ok(false) };
    if name == "eq" {
        for other in rest {
            if equal(first, other)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let Some(other) = rest.first() else { return Ok(false) };
    match name {
        "ne" => equal(first, other).map(|equal| !equal),
        "lt" => less(first, other),
        // As Go has it, so that `gt` holds for what is no number.
        "gt" => Ok(!(less(first, other)? || equal(first, other)?)),
        "ge" => less(first, other).map(|less| !less),
        _ => Ok(less(first, other)? || equal(first, other)?),
    }
}

#[expect(clippy::float_cmp, reason = "equal means equal here")]
fn equal(one: &Value, other: &Value) -> Result<bool, Wrong> {
    if let (Some(one), Some(other)) = (one.bytes(), other.bytes()) {
        return Ok(one == other);
    }
    if let (Some(one), Some(other)) = (one.whole(), other.whole()) {
        return Ok(one == other);
    }
    match (one, other) {
        (Value::Missing, other) => Ok(*other == Value::Missing),
        (_, Value::Missing) => Ok(false),
        (Value::Bool(one), Value::Bool(other)) => Ok(one == other),
        (Value::Float(one), Value::Float(other)) => Ok(one == other),
        (Value::Complex(a, b), Value::Complex(c, d)) => Ok(a == c && b == d),
        _ => Err(unlike(one, other)),
    }
}

fn less(one: &Value, other: &Value) -> Result<bool, Wrong> {
    if let (Some(one), Some(other)) = (one.bytes(), other.bytes()) {
        return Ok(one.cmp(other) == Ordering::Less);
    }
    if let (Some(one), Some(other)) = (one.whole(), other.whole()) {
        return Ok(one < other);
    }
    match (one, other) {
        (Value::Float(one), Value::Float(other)) => Ok(one < other),
        _ => Err(unlike(one, other)),
    }
}

fn unlike(one: &Value, other: &Value) -> Wrong {
    let (one, other) = (one.kind(), other.kind());
    let help = if one == "a number" || other == "a number" { "; write a number as `1.0`" } else { "" };
    format!("{one} cannot be compared with {other}{help}").into()
}
