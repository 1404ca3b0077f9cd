//! `count_values`: how many series have each value.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::promql::eval::aggregate::Aggregating;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::group::Groups;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::name::is_label_name;
use crate::promql::node::GroupingKind;
use crate::promql::text::Text;
use crate::signal::{Labels, Point};

pub(super) fn count_values<'e>(
    mut aggregating: Aggregating<'e>,
    label: &Text,
) -> Result<Lines<'e>, EvalError> {
    let (evaluation, own) = (aggregating.evaluation, aggregating.own);
    let Some(label) = label.as_str().filter(|label| is_label_name(label)) else {
        return Err(EvalError::Argument(format!("invalid label name {label}")));
    };
    let without = own.grouping.as_ref().is_some_and(|grouping| grouping.kind == GroupingKind::Without);
    let lines = std::mem::replace(&mut aggregating.lines, Lines::none()).collect(evaluation.meter)?;
    let mut made: BTreeMap<Labels, Column> = BTreeMap::new();
    for line in lines.iter() {
        let mut texts: BTreeMap<String, Labels> = BTreeMap::new();
        for (index, cell) in line.column.cells().enumerate() {
            let text = match cell {
                Cell::None => continue,
                Cell::Float(value) => plain(value),
                Cell::Histogram(histogram) => histogram.to_string(),
            };
            let labels = texts.entry(text).or_insert_with_key(|text| {
                let labels = line.labels.with(label, text);
                let mut groups = Groups::new(own.grouping.as_ref());
                groups.of(&labels, false);
                let grouped = groups.each().next().map_or_else(Labels::default, |(labels, _)| labels);
                if without { grouped } else { grouped.with(label, text) }
            });
            let column = made.entry(labels.clone()).or_insert_with(|| Column::empty(line.column.len()));
            let before = if let Cell::Float(count) = column.cell(index) { count } else { 0.0 };
            column.set(index, Some(Point::Float(before + 1.0)));
        }
    }
    let made =
        made.into_iter().map(|(labels, column)| Line { labels: Cow::Owned(labels), unnamed: false, column });
    Ok(Lines::of(made.collect(), false))
}

/// A number as a label's value: in full, however long that is.
fn plain(value: f64) -> String {
    match value {
        value if value.is_nan() => "NaN".to_owned(),
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        value => format!("{value}"),
    }
}
