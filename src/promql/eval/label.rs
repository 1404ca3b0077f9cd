//! `label_replace` and `label_join`: functions that make labels of labels.

use std::borrow::Cow;

use regex::Regex;

use crate::promql::eval::call::Called;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines, merged};
use crate::promql::name::is_label_name;
use crate::promql::text::Text;
use crate::signal::{Labels, NAME};

pub(super) fn call(called: Called<'_>) -> Result<Held<'_>, EvalError> {
    if called.call.function.name == "label_join" { join(called) } else { replace(called) }
}

fn replace(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let [into, with, from, pattern] = [1, 2, 3, 4].map(|index| called.text(index));
    let into = named(&into, "label_replace", "destination")?;
    let own = &called.call.pattern;
    let Some(regex) = pattern.as_str().and_then(|pattern| own.of(pattern)) else {
        return Err(argument(format!("invalid regular expression in label_replace(): {}", shown(&pattern))));
    };
    let (from, with) = (shown(&from), shown(&with));
    relabelled(called, &into, move |labels| {
        let captures = regex.captures(labels.get(&from));
        captures.map(|captures| expanded(&with, regex, &captures)).transpose()
    })
}

fn join(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let into = called.text(1);
    let into = named(&into, "label_join", "destination")?;
    let between = shown(&called.text(2));
    let mut from = Vec::new();
    for index in 3..called.len() {
        from.push(named(&called.text(index), "label_join", "source")?);
    }
    relabelled(called, &into, move |labels| {
        let parts: Vec<&str> = from.iter().map(|name| labels.get(name)).collect();
        let len = parts.iter().map(|part| part.len()).sum::<usize>();
        fitting(len.saturating_add(between.len().saturating_mul(parts.len())))?;
        Ok(Some(parts.join(&between)))
    })
}

/// The series with one label made anew; as they are where there is nothing to make it of.
fn relabelled<'e>(
    mut called: Called<'e>,
    into: &str,
    value: impl Fn(&Labels) -> Result<Option<String>, EvalError> + 'e,
) -> Result<Held<'e>, EvalError> {
    let meter = called.evaluation.meter;
    let into = into.to_owned();
    let lines = called.lines(0);
    let lines = Iterator::map(lines, move |line| {
        let line = line?;
        // A pattern may take long over a long label.
        meter.go_on()?;
        let Some(value) = value(&line.labels)? else { return Ok(line) };
        let labels = line.labels.with(&into, &value);
        // What is named anew is not what lost its name.
        let unnamed = line.unnamed && into != NAME;
        Ok(Line { labels: Cow::Owned(labels), unnamed, ..line })
    });
    let merged = merged(meter, Lines::new(lines, false).collect(meter)?, false)?;
    Ok(Held::Lines(Lines::kept(merged, false)))
}

fn named(text: &Text, function: &str, which: &str) -> Result<String, EvalError> {
    match text.as_str().filter(|name| is_label_name(name)) {
        Some(name) => Ok(name.to_owned()),
        None => Err(argument(format!("invalid {which} label name in {function}(): {}", shown(text)))),
    }
}

/// The most bytes that a label's value may come to. Labels that are made of themselves double each time.
const LONGEST: usize = 1 << 20;

/// That a label's value of so many bytes may be made.
fn fitting(len: usize) -> Result<(), EvalError> {
    if len <= LONGEST {
        return Ok(());
    }
    Err(argument(format!("a label's value of {len} bytes would be made; {LONGEST} are the most")))
}

fn argument(text: String) -> EvalError {
    EvalError::Argument(text)
}

fn shown(text: &Text) -> String {
    String::from_utf8_lossy(text.as_bytes()).into_owned()
}

/// A template with the groups of a match put in: `$1`, `${1}`, `$name`, and `$$` for a dollar. As in Go, what is no
/// reference stands for nothing but itself, and a group that there is none of for nothing.
fn expanded(template: &str, regex: &Regex, captures: &regex::Captures<'_>) -> Result<String, EvalError> {
    let mut made = String::new();
    let mut rest = template;
    while let Some(at) = rest.find('$') {
        made.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            made.push('$');
            rest = behind;
        } else if let Some((name, behind)) = reference(rest) {
            made.push_str(group(name, regex, captures));
            fitting(made.len())?;
            rest = behind;
        } else {
            made.push('$');
        }
    }
    made.push_str(rest);
    fitting(made.len())?;
    Ok(made)
}

/// The name of a reference behind its dollar, and what follows.
fn reference(text: &str) -> Option<(&str, &str)> {
    let braced = text.strip_prefix('{');
    let inner = braced.unwrap_or(text);
    let end = inner.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, behind) = inner.split_at(end);
    if name.is_empty() {
        return None;
    }
    match braced {
        Some(_) => behind.strip_prefix('}').map(|behind| (name, behind)),
        None => Some((name, behind)),
    }
}

fn group<'t>(name: &str, regex: &Regex, captures: &regex::Captures<'t>) -> &'t str {
    let found = match name.parse::<usize>() {
        Ok(number) if name == "0" || !name.starts_with('0') => captures.get(number),
        Ok(_) | Err(_) => {
            let known = regex.capture_names().flatten().any(|known| known == name);
            if known { captures.name(name) } else { None }
        }
    };
    found.map_or("", |found| found.as_str())
}
