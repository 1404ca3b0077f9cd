//! Numbers for people.

use crate::template::call::Wrong;
use crate::template::clock;
use crate::template::number;
use crate::template::print::general;
use crate::template::quote::quote;
use crate::template::value::Value;
use crate::unit::{Span, SpanError};

const LARGER: [&str; 8] = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
const LARGER_1024: [&str; 8] = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const SMALLER: [&str; 8] = ["m", "u", "n", "p", "f", "a", "z", "y"];

pub(super) fn answered(name: &str, arguments: &[Value]) -> Result<Value, Wrong> {
    let [value] = arguments else { return Ok(Value::Missing) };
    if name == "parseDuration" {
        return Ok(Value::Float(duration(value)?));
    }
    let number = number_of(value)?;
    if name == "toTime" {
        return clock::moment(number).map(Value::Time).map_err(Wrong::Because);
    }
    let text = match name {
        "humanize" if number.abs() < 1.0 => smaller(number),
        "humanize" => larger(number, 1000.0, &LARGER),
        "humanize1024" if number.abs() <= 1.0 => general(number, 4),
        "humanize1024" => larger(number, 1024.0, &LARGER_1024),
        "humanizeDuration" => lasting(number),
        "humanizePercentage" => general(number * 100.0, 4) + "%",
        _ if !number.is_finite() => general(number, 4),
        _ => clock::shown(clock::moment(number).map_err(Wrong::Because)?),
    };
    Ok(Value::text(text))
}

/// A number, or a text that reads as one.
fn number_of(value: &Value) -> Result<f64, Wrong> {
    match value {
        Value::Float(number) => Ok(*number),
        #[expect(clippy::cast_precision_loss, reason = "Go rounds here too")]
        Value::Int(whole) => Ok(*whole as f64),
        Value::Text(text) => {
            let text = String::from_utf8_lossy(text);
            number::parsed(&text).ok_or_else(|| format!("{} is no number", quote(&text)).into())
        }
        Value::Missing
        | Value::Bool(_)
        | Value::Byte(_)
        | Value::Complex(..)
        | Value::Html(_)
        | Value::List(_)
        | Value::Labels(_)
        | Value::Arguments(_)
        | Value::Record(_)
        | Value::Time(_) => Err(format!("a number is wanted here, and this is {}", value.kind()).into()),
    }
}

fn larger(number: f64, step: f64, prefixes: &[&str]) -> String {
    let (mut left, mut prefix) = (number, "");
    if number.is_finite() {
        for next in prefixes {
            if left.abs() < step {
                break;
            }
            left /= step;
            prefix = next;
        }
    }
    general(left, 4) + prefix
}

fn smaller(number: f64) -> String {
    let (mut left, mut prefix) = (number, "");
    if number != 0.0 {
        for next in SMALLER {
            if 1.0 <= left.abs() {
                break;
            }
            left *= 1000.0;
            prefix = next;
        }
    }
    general(left, 4) + prefix
}

#[expect(clippy::cast_possible_truncation, reason = "Go truncates, and what is out of range is clamped")]
fn lasting(number: f64) -> String {
    if !number.is_finite() {
        return general(number, 4);
    }
    if number.abs() < 1.0 {
        return smaller(number) + "s";
    }
    let sign = if number < 0.0 { "-" } else { "" };
    let whole = number.abs() as i64;
    let (days, hours, minutes, seconds) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", general(number.abs(), 4)),
        (0, 0, _) => format!("{sign}{minutes}m {seconds}s"),
        (0, ..) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
    }
}

/// A duration, in seconds.
fn duration(value: &Value) -> Result<f64, Wrong> {
    let text = String::from_utf8_lossy(value.bytes().unwrap_or_default());
    let span: Span = text.parse().map_err(|error| match error {
        SpanError::TooLong(_) => format!("{} is too long", quote(&text)),
        SpanError::Empty | SpanError::Malformed(_) => {
            format!("{} is no duration; write one as `1h30m`", quote(&text))
        }
    })?;
    #[expect(clippy::cast_precision_loss, reason = "the bound lies within a float's whole numbers")]
    let seconds = span.millis() as f64 / 1000.0;
    Ok(seconds)
}
