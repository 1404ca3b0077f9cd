//! Go's functions that neither print nor compare.

use std::sync::Arc;

use crate::template::bound::DEEPEST_ARGUMENTS;
use crate::template::call::Wrong;
use crate::template::value::{Arguments, Value};

pub(super) fn answered(name: &str, arguments: &[Value]) -> Result<Value, Wrong> {
    if name == "args" {
        return gathered(arguments);
    }
    let Some((first, rest)) = arguments.split_first() else { return Ok(Value::Missing) };
    match name {
        "not" => Ok(Value::Bool(!first.truth())),
        "len" => match first.length() {
            Some(length) => Ok(Value::Int(i64::try_from(length).unwrap_or(i64::MAX))),
            None => Err(format!("{} has no length", first.kind()).into()),
        },
        "index" if *first == Value::Missing => Err("`index` has nothing to look into".into()),
        "index" => rest.iter().try_fold(first.clone(), |value, index| element(&value, index)),
        "slice" => stretch(first, rest),
        _ => Err(format!("`call` wants a function, and this is {}", first.kind()).into()),
    }
}

fn gathered(arguments: &[Value]) -> Result<Value, Wrong> {
    let depth = 1 + arguments.iter().map(Value::depth).max().unwrap_or(0);
    if DEEPEST_ARGUMENTS < depth {
        return Err(format!("`args` stands more than {DEEPEST_ARGUMENTS} deep in `args`").into());
    }
    let named = arguments.iter().enumerate().map(|(place, value)| (format!("arg{place}"), value.clone()));
    Ok(Value::Arguments(Arc::new(Arguments { depth, entries: named.collect() })))
}

fn element(of: &Value, index: &Value) -> Result<Value, Wrong> {
    match of {
        Value::Labels(labels) => {
            let found = labels.get(key(index)?.as_ref());
            Ok(Value::text(found.map_or("", String::as_str)))
        }
        Value::Arguments(made) => {
            Ok(made.entries.get(key(index)?.as_ref()).cloned().unwrap_or(Value::Missing))
        }
        Value::Text(text) | Value::Html(text) => {
            let place = place(index, text.len())?;
            text.get(place).copied().map(Value::Byte).ok_or_else(|| outside(place, text.len()))
        }
        Value::List(list) => {
            let place = place(index, list.len())?;
            list.get(place).cloned().ok_or_else(|| outside(place, list.len()))
        }
        Value::Missing
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Complex(..)
        | Value::Record(_)
        | Value::Time(_) => Err(format!("`index` cannot look into {}", of.kind()).into()),
    }
}

fn key(index: &Value) -> Result<std::borrow::Cow<'_, str>, Wrong> {
    // Only a plain text is a key: Go holds a marked one for another type.
    if let Value::Text(text) = index {
        return Ok(String::from_utf8_lossy(text));
    }
    Err(format!("a key is a text, and this is {}", index.kind()).into())
}

fn place(index: &Value, length: usize) -> Result<usize, Wrong> {
    let no_place = || format!("a place is a whole number, and this is {}", index.kind());
    let whole = index.whole().ok_or_else(no_place)?;
    usize::try_from(whole).ok().filter(|place| *place <= length).ok_or_else(|| outside(whole, length))
}

fn outside(place: impl std::fmt::Display, length: usize) -> Wrong {
    format!("there is no place {place} among {length}").into()
}

fn stretch(of: &Value, bounds: &[Value]) -> Result<Value, Wrong> {
    let (Value::Text(_) | Value::Html(_) | Value::List(_)) = of else {
        return Err(format!("`slice` cannot cut {}", of.kind()).into());
    };
    let length = of.length().unwrap_or(0);
    let most = if matches!(of, Value::List(_)) { 3 } else { 2 };
    if most < bounds.len() {
        return Err(format!("`slice` takes {most} places here, and has {}", bounds.len()).into());
    }
    let mut places = vec![0, length];
    for (number, bound) in bounds.iter().enumerate() {
        let place = place(bound, length)?;
        match places.get_mut(number) {
            Some(known) => *known = place,
            None => places.push(place),
        }
    }
    if let Some([from, to, ..]) = places.windows(2).find(|pair| pair[1] < pair[0]) {
        return Err(format!("a stretch cannot begin at {from} and end at {to}").into());
    }
    let cut = places[0]..places[1];
    Ok(match of {
        Value::Html(text) => Value::Html(text[cut].into()),
        Value::List(list) => Value::List(list[cut].into()),
        Value::Text(text) => Value::text(&text[cut]),
        Value::Missing
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Byte(_)
        | Value::Float(_)
        | Value::Complex(..)
        | Value::Labels(_)
        | Value::Arguments(_)
        | Value::Record(_)
        | Value::Time(_) => Value::Missing,
    })
}
