//! Functions that sort what an instant query answers.

use std::cmp::Ordering;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::Cell;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines};

pub(super) fn call(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let evaluation = called.evaluation;
    let name = called.call.function.name;
    let lines = called.lines(0);
    // A subquery has many steps in an instant query, too.
    if 1 < called.grid.len() {
        let text =
            "sort is ineffective for range queries since results are always ordered by labels".to_owned();
        evaluation.annotations.warn(called.whole(), text);
        return Ok(Held::Lines(lines));
    }
    let apart = lines.apart;
    let mut kept = lines.collect(evaluation.meter)?;
    if name.starts_with("sort_by_label") {
        let labels: Vec<String> = (1..called.len())
            .map(|index| called.text(index))
            .map(|text| text.as_str().unwrap_or_default().to_owned())
            .collect();
        kept.sort(|one, other| by_labels(one, other, &labels))?;
        if name.ends_with("_desc") {
            kept.reverse();
        }
    } else {
        let largest = name.ends_with("_desc");
        kept.retain(|line| matches!(line.column.cell(0), Cell::Float(_)));
        kept.sort(|one, other| further(value(one), value(other), largest))?;
    }
    Ok(Held::Lines(Lines::kept(kept, apart).in_this_order()))
}

fn value(line: &Line<'_>) -> f64 {
    if let Cell::Float(value) = line.column.cell(0) { value } else { f64::NAN }
}

/// By some labels first, in which numbers are told by their size, then by all.
fn by_labels(one: &Line<'_>, other: &Line<'_>, labels: &[String]) -> Ordering {
    for label in labels {
        let (own, others) = (one.labels.get(label), other.labels.get(label));
        if own != others {
            return naturally(own, others);
        }
    }
    one.labels.cmp(&other.labels)
}

/// How two different texts stand: runs of digits as numbers, all else as text.
fn naturally(one: &str, other: &str) -> Ordering {
    let (mut own, mut others) = (runs(one), runs(other));
    loop {
        let (run, against) = match (own.next(), others.next()) {
            (Some(run), Some(against)) => (run, against),
            (None, None) => return one.cmp(other),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
        };
        let order = match (run.parse::<i64>(), against.parse::<i64>()) {
            (Ok(run), Ok(against)) => run.cmp(&against),
            (Ok(_) | Err(_), _) => run.cmp(against),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The runs of digits and of other letters of a text.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        Some(run)
    })
}

/// Which of two numbers comes first; NaN comes last either way.
pub(super) fn further(one: f64, other: f64, largest: bool) -> Ordering {
    match (one.is_nan(), other.is_nan()) {
        (false, false) => {
            let order = one.partial_cmp(&other).unwrap_or(Ordering::Equal);
            if largest { order.reverse() } else { order }
        }
        (one, other) => one.cmp(&other),
    }
}
