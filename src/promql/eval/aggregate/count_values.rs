//! `count_values`: how many series have each value.

use std::borrow::Cow;

use crate::promql::eval::aggregate::Aggregating;
use crate::promql::eval::column::{Cell, Column, is_none};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::group::Groups;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::{Hold, SERIES, samples_of};
use crate::promql::eval::sorted::sort;
use crate::promql::name::is_label_name;
use crate::promql::node::{Grouping, GroupingKind};
use crate::promql::text::Text;
use crate::signal::{Labels, NAME};

pub(super) fn count_values<'e>(
    mut aggregating: Aggregating<'e>,
    label: &Text,
) -> Result<Lines<'e>, EvalError> {
    let (evaluation, own) = (aggregating.evaluation, aggregating.own);
    let Some(label) = label.as_str().filter(|label| is_label_name(label)) else {
        return Err(EvalError::Argument(format!("invalid label name {label}")));
    };
    let replaces = Label { name: label, without: own.grouping.as_ref() }.is_left_out();
    let mut groups = Groups::new(own.grouping.as_ref());
    let (meter, mut hold) = (evaluation.meter, Hold::new(evaluation.meter));
    let mut seen = Vec::new();
    for line in std::mem::replace(&mut aggregating.lines, Lines::none()) {
        let line = line?;
        meter.work(groups.work() + line.column.len())?;
        let known = groups.len();
        let group = groups.of(&line.labels.with(label, ""), false);
        if known < groups.len() {
            hold.add(groups.weight(group))?;
        }
        hold.add(line.column.count().saturating_mul(samples_of(size_of::<Seen>())))?;
        for (step, cell) in line.column.cells().enumerate() {
            meter.work(cell.work())?;
            let told = match cell {
                Cell::None => continue,
                _ if replaces => Told::Nothing,
                Cell::Float(value) if value.is_nan() => Told::Number(f64::NAN.to_bits()),
                Cell::Float(value) => Told::Number(value.to_bits()),
                Cell::Histogram(histogram) => {
                    let text = histogram.to_string();
                    // One alone may be some thousand letters long.
                    hold.add(samples_of(text.len()))?;
                    Told::Words(text)
                }
            };
            seen.push(Seen { group, told, step });
        }
    }
    sort(meter, &mut seen, Ord::cmp)?;
    let apart = groups.are_nameless() && label != NAME;
    let groups: Vec<Labels> = groups.each().map(|(labels, _)| labels).collect();
    let (label, len) = (label.to_owned(), aggregating.grid.len());
    let mut seen = seen.into_iter().peekable();
    let made = std::iter::from_fn(move || {
        let first = seen.next()?;
        let mut column = Column::empty(len);
        let mut add = |step: usize| {
            let own = &mut column.values[step];
            *own = if is_none(*own) { 1.0 } else { *own + 1.0 };
        };
        add(first.step);
        while let Some(next) = seen.next_if(|next| (next.group, &next.told) == (first.group, &first.told)) {
            add(next.step);
        }
        // All of them are held until the last is gone.
        let _: &Hold<'_> = &hold;
        let labels = groups.get(first.group).map(|labels| first.told.beside(labels, &label));
        let line = Line { labels: Cow::Owned(labels.unwrap_or_default()), unnamed: false, column };
        Some(meter.work(SERIES + len).map(|()| line))
    });
    Ok(Lines::new(made, apart))
}

/// That a series of a group has a value at a step.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    group: usize,
    told: Told,
    step: usize,
}

/// What a value is told as. Different numbers have different texts, which are only made once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// The label goes, so that all values are one.
    Nothing,
    /// The bits of a number.
    Number(u64),
    Words(String),
}

impl Told {
    fn beside(&self, labels: &Labels, label: &str) -> Labels {
        match self {
            Self::Nothing => labels.clone(),
            Self::Number(bits) => labels.with(label, &plain(f64::from_bits(*bits))),
            Self::Words(text) => labels.with(label, text),
        }
    }
}

/// The label that values are told in.
struct Label<'l> {
    name: &'l str,
    without: Option<&'l Grouping>,
}

impl Label<'_> {
    /// Whether no series of the answer has it.
    fn is_left_out(&self) -> bool {
        self.without.is_some_and(|grouping| {
            let listed = grouping.labels.iter().any(|label| label.name == self.name);
            grouping.kind == GroupingKind::Without && (listed || self.name == NAME)
        })
    }
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
