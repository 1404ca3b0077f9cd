//! How values become text, as Go's `fmt` prints them.

mod flags;
mod float;
mod format;
mod text;

use crate::template::paper::{Full, Paper};
use crate::template::value::Value;

pub(super) use float::general;
pub(super) use format::formatted;
pub(super) use text::is_printed;

use flags::Flags;

/// What an action prints.
pub(super) fn shown(paper: &mut Paper, value: &Value) -> Result<(), Full> {
    if *value == Value::Missing {
        return paper.write("<no value>");
    }
    // A sample is shown without the sign of a pointer, which only the functions print.
    nested(paper, value, 'v', &mut Flags::default())
}

/// What `print` makes: spaces stand only where neither neighbour is a text.
pub(super) fn joined(paper: &mut Paper, values: &[Value]) -> Result<(), Full> {
    let mut before_is_text = true;
    for value in values {
        let is_text = value.bytes().is_some();
        if !before_is_text && !is_text {
            paper.write(" ")?;
        }
        before_is_text = is_text;
        one(paper, value, 'v', &mut Flags::default())?;
    }
    Ok(())
}

/// What `println` makes.
pub(super) fn line(paper: &mut Paper, values: &[Value]) -> Result<(), Full> {
    for (place, value) in values.iter().enumerate() {
        if place != 0 {
            paper.write(" ")?;
        }
        one(paper, value, 'v', &mut Flags::default())?;
    }
    paper.write("\n")
}

/// An argument of a function that prints.
fn one(paper: &mut Paper, value: &Value, verb: char, flags: &mut Flags) -> Result<(), Full> {
    if verb == 'T' {
        return text::plain(paper, value.type_name().as_bytes(), 's', flags);
    }
    if *value == Value::Missing && verb == 'v' {
        return flags.pad(paper, b"<nil>");
    }
    if *value == Value::Missing {
        return bad(paper, value, verb, flags);
    }
    if value.is_sample() {
        paper.write("&")?;
    }
    nested(paper, value, verb, flags)
}

/// A value, whether it stands alone or within another.
fn nested(paper: &mut Paper, value: &Value, verb: char, flags: &mut Flags) -> Result<(), Full> {
    match value {
        Value::Missing => paper.write("<nil>"),
        Value::Bool(truth) if matches!(verb, 't' | 'v') => {
            flags.pad(paper, if *truth { b"true" } else { b"false" })
        }
        Value::Int(whole) => {
            if flags.whole(paper, whole.unsigned_abs(), *whole < 0, verb)? {
                Ok(())
            } else {
                bad(paper, value, verb, flags)
            }
        }
        Value::Byte(byte) => {
            if flags.whole(paper, u64::from(*byte), false, verb)? {
                Ok(())
            } else {
                bad(paper, value, verb, flags)
            }
        }
        Value::Float(number) => {
            if float::verb(paper, *number, verb, flags)? {
                Ok(())
            } else {
                bad(paper, value, verb, flags)
            }
        }
        Value::Complex(real, imaginary) if float::is_verb(verb) => {
            let plus = flags.plus;
            paper.write("(")?;
            float::verb(paper, *real, verb, flags)?;
            flags.plus = true;
            float::verb(paper, *imaginary, verb, flags)?;
            flags.plus = plus;
            paper.write("i)")
        }
        Value::Bool(_) | Value::Complex(..) => bad(paper, value, verb, flags),
        Value::Text(bytes) | Value::Html(bytes) => text_or_bad(paper, bytes, value, verb, flags),
        Value::Time(at) if !flags.go => {
            let shown = crate::template::clock::shown(*at);
            text_or_bad(paper, shown.as_bytes(), value, verb, flags)
        }
        Value::Time(at) => paper.write(crate::template::clock::shown(*at)),
        Value::List(_) | Value::Labels(_) | Value::Arguments(_) | Value::Record(_) => {
            several(paper, value, verb, flags)
        }
    }
}

fn text_or_bad(
    paper: &mut Paper,
    bytes: &[u8],
    value: &Value,
    verb: char,
    flags: &mut Flags,
) -> Result<(), Full> {
    if matches!(verb, 'v' | 's' | 'x' | 'X' | 'q') {
        return text::plain(paper, bytes, verb, flags);
    }
    bad(paper, value, verb, flags)
}

/// Values within a value, each printed as the whole was asked for.
fn several(paper: &mut Paper, value: &Value, verb: char, flags: &mut Flags) -> Result<(), Full> {
    let between = if flags.go { ", " } else { " " };
    let (open, close) = match (value, flags.go) {
        (Value::List(_), false) => ("[", "]"),
        (Value::Labels(_) | Value::Arguments(_), false) => ("map[", "]"),
        (Value::Record(_), _) | (_, true) => ("{", "}"),
        _ => ("", ""),
    };
    if flags.go {
        paper.write(value.type_name().trim_start_matches('*'))?;
    }
    paper.write(open)?;
    let mut first = true;
    let mut part =
        |paper: &mut Paper, key: Option<&Value>, name: Option<&str>, value: &Value, flags: &mut Flags| {
            if !std::mem::take(&mut first) {
                paper.write(between)?;
            }
            if let Some(key) = key {
                nested(paper, key, verb, flags)?;
                paper.write(":")?;
            }
            if let Some(name) = name.filter(|_| flags.go || flags.names) {
                paper.write(name)?;
                paper.write(":")?;
            }
            nested(paper, value, verb, flags)
        };
    match value {
        Value::List(list) => list.iter().try_for_each(|value| part(paper, None, None, value, flags))?,
        Value::Labels(labels) => labels.iter().try_for_each(|(key, value)| {
            part(paper, Some(&Value::text(key)), None, &Value::text(value), flags)
        })?,
        Value::Arguments(made) => made
            .entries
            .iter()
            .try_for_each(|(key, value)| part(paper, Some(&Value::text(key)), None, value, flags))?,
        Value::Record(record) => {
            record.fields.iter().try_for_each(|(name, value)| part(paper, None, Some(name), value, flags))?;
        }
        Value::Missing
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Complex(..)
        | Value::Text(_)
        | Value::Html(_)
        | Value::Time(_) => {}
    }
    paper.write(close)
}

/// A value that does not go with its verb.
fn bad(paper: &mut Paper, value: &Value, verb: char, flags: &mut Flags) -> Result<(), Full> {
    paper.write("%!")?;
    paper.write(verb.encode_utf8(&mut [0; 4]))?;
    paper.write("(")?;
    if *value == Value::Missing {
        paper.write("<nil>")?;
    } else {
        paper.write(value.type_name())?;
        paper.write("=")?;
        one(paper, value, 'v', flags)?;
    }
    paper.write(")")
}
