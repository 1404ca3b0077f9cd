//! Series of a script: `from -1h every 15s: requests_total{track="canary"} 0+10x40`.

use std::sync::Arc;

use crate::promql;
use crate::promql::MatchOp;
use crate::run::story::script::line::Line;
use crate::run::story::script::{Misread, Moment, Row};
use crate::signal::{Labels, NAME, Point, WrittenValue, written_values};
use crate::unit::Span;

const FORM: &str = "from T every T: SERIES VALUES";

/// A series, and when it begins.
pub(super) fn series(line: Line<'_>) -> Result<(Moment, Row), Misread> {
    let (head, series) = line.rest().split_once(':').ok_or(Misread::Missing(FORM))?;
    let mut head = Line::of(head);
    let from = head.moment(FORM)?;
    if !head.skip("every") {
        return Err(Misread::Missing(FORM));
    }
    let every = head.span(FORM)?;
    if every.is_zero() {
        return Err(Misread::NoStep);
    }
    let late =
        if head.skip("late") { head.span("from T every T late T: SERIES VALUES")? } else { Span::ZERO };
    head.end()?;
    let series = series.trim();
    let (name, values) = series.split_at(end(series));
    let values: Vec<Option<Point>> = written_values(values)?.into_iter().map(|own| own.map(point)).collect();
    if values.is_empty() {
        return Err(Misread::Missing(FORM));
    }
    let labels = labels(name).ok_or_else(|| Misread::Series(name.to_owned()))?;
    Ok((from, Row { every, late, labels, values }))
}

fn point(value: WrittenValue) -> Point {
    match value {
        WrittenValue::Number(value) => Point::Float(value),
        WrittenValue::Histogram(written) => Point::Histogram(Arc::new(written.histogram)),
    }
}

/// Where a series ends and its values begin. A label's value may hold anything.
pub(super) fn end(text: &str) -> usize {
    let (mut quoted, mut inside, mut before) = (false, false, ' ');
    for (at, c) in text.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '{' if !quoted => inside = true,
            '}' if !quoted => return at + 1,
            c if c.is_whitespace() && !inside => return at,
            _ => {}
        }
        before = c;
    }
    text.len()
}

/// The labels of a series, which is written as a selector with `=` alone.
pub(super) fn labels(text: &str) -> Option<Labels> {
    let plan = promql::parse(text, promql::Features::NONE).ok()?;
    let selector = plan.as_selector()?;
    let mut pairs = vec![(NAME.to_owned(), selector.name.as_ref()?.text.clone())];
    for matcher in &selector.matchers {
        if matcher.op != MatchOp::Equal {
            return None;
        }
        pairs.push((matcher.label.clone(), matcher.value.as_str()?.to_owned()));
    }
    Labels::new(pairs).ok()
}
