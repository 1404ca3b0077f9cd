//! Families: the series of one histogram that is told in buckets, and the native one of the same labels.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::histogram::bucket::Shares;
use crate::promql::eval::histogram::{line, name};
use crate::promql::eval::line::Line;
use crate::promql::eval::meter::{Hold, Kept, Meter, SERIES};
use crate::signal::{Histogram, Labels, Point};
use crate::unit::Extent;

/// The label that says the bound of a bucket.
const BOUND: &str = "le";

/// Who asks about histograms.
pub(super) struct Asks<'a> {
    pub(super) function: &'static str,
    /// Where the series stand.
    pub(super) of: Extent,
    pub(super) annotations: &'a Annotations,
}

/// Series by the histograms that they belong to.
pub(super) struct Families<'a, 'e> {
    meter: &'e Meter<'e>,
    lines: Kept<'e, Line<'e>>,
    each: Vec<Family>,
    asks: &'a Asks<'a>,
}

#[derive(Default)]
struct Family {
    /// The lines of the buckets with their bounds, the smallest first.
    buckets: Vec<(f64, usize)>,
    /// The lines that have native histograms.
    natives: Vec<usize>,
}

/// Sorts the series of an argument into families.
pub(super) fn families<'a, 'e>(
    called: &mut Called<'e>,
    index: usize,
    asks: &'a Asks<'a>,
) -> Result<Families<'a, 'e>, EvalError> {
    let meter = called.evaluation.meter;
    let lines = called.lines(index).collect(meter)?;
    let mut known: BTreeMap<Labels, Family> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        meter.work(SERIES + line.column.len())?;
        let key = line.labels.only(|name| name != BOUND);
        let family = known.entry(key).or_default();
        if line.column.is_mixed() {
            family.natives.push(index);
        }
        if line.column.cells().any(|cell| matches!(cell, Cell::Float(_))) {
            match bound(line.labels.get(BOUND)) {
                Some(bound) => family.buckets.push((bound, index)),
                None => asks.malformed(line),
            }
        }
    }
    let mut families: Vec<Family> = known.into_values().collect();
    for family in &mut families {
        family.buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    }
    Ok(Families { meter, lines, each: families, asks })
}

/// The bound of a bucket as Go reads it.
fn bound(text: &str) -> Option<f64> {
    if text.is_empty() { None } else { text.parse().ok() }
}

impl Asks<'_> {
    fn malformed(&self, line: &Line<'_>) {
        let text = format!(
            "bucket label \"le\" is missing or has a malformed value of {:?}{}",
            line.labels.get(BOUND),
            named(name(line))
        );
        self.annotations.warn(self.of, text);
    }

    fn mixed(&self, line: &Line<'_>) {
        let text = format!("vector contains a mix of classic and native histograms{}", named(name(line)));
        self.annotations.warn(self.of, text);
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" for metric name \"{name}\"") }
}

impl<'e> Families<'_, 'e> {
    /// What becomes of each histogram, native or told in buckets, at each step.
    pub(super) fn lines(
        &self,
        len: usize,
        native: impl Fn(usize, &Histogram, &str) -> f64,
        classic: impl Fn(usize, &mut Shares, &str) -> f64,
    ) -> Result<Kept<'e, Line<'e>>, EvalError> {
        self.some_lines(
            len,
            |index, histogram, name| Some(native(index, histogram, name)),
            |index, buckets, name| Some(classic(index, buckets, name)),
        )
    }

    /// The same where there may be nothing at some steps.
    pub(super) fn some_lines(
        &self,
        len: usize,
        native: impl Fn(usize, &Histogram, &str) -> Option<f64>,
        classic: impl Fn(usize, &mut Shares, &str) -> Option<f64>,
    ) -> Result<Kept<'e, Line<'e>>, EvalError> {
        let mut made = Kept::new(self.meter);
        let mut shares = Shares::default();
        for family in &self.each {
            let mut hold = Hold::new(self.meter);
            hold.add(len.saturating_mul(1 + family.natives.len()))?;
            let mut column = Column::empty(len);
            let mut natives: Vec<Column> = family.natives.iter().map(|_| Column::empty(len)).collect();
            for step in 0..len {
                self.meter.work(1 + family.buckets.len() + self.work(family, step))?;
                let first = self.buckets(family, step, &mut shares);
                let there = self.natives(family, step);
                match (first, there.as_slice()) {
                    (Some(first), []) => {
                        let value = classic(step, &mut shares, name(first));
                        column.set(step, value.map(Point::Float));
                    }
                    // Nobody knows which of them is meant.
                    (Some(_), [(_, line, _), ..]) => self.asks.mixed(line),
                    (None, there) => {
                        for (place, line, histogram) in there {
                            let value = native(step, histogram, name(line));
                            natives[*place].set(step, value.map(Point::Float));
                        }
                    }
                }
            }
            // Each is counted again as it goes over to the lines.
            drop(hold);
            for (of, column) in family.natives.iter().zip(natives) {
                let line = line(&self.lines[*of], column);
                made.push(line.weight(), line)?;
            }
            if let Some((_, first)) = family.buckets.first() {
                let first = &self.lines[*first];
                let labels = Cow::Owned(first.labels.only(|name| name != BOUND));
                let line = Line { labels, unnamed: first.unnamed, column };
                made.push(line.weight(), line)?;
            }
        }
        made.retain(|line| !line.column.is_void());
        Ok(made)
    }

    /// How much work the native histograms are at a step.
    fn work(&self, family: &Family, step: usize) -> usize {
        family.natives.iter().map(|index| self.lines[*index].column.cell(step).work()).sum()
    }

    /// The buckets that there are at a step, and a line of them.
    fn buckets(&self, family: &Family, step: usize, shares: &mut Shares) -> Option<&Line<'e>> {
        shares.clear();
        let mut first = None;
        for (bound, index) in &family.buckets {
            let line = &self.lines[*index];
            if let Cell::Float(count) = line.column.cell(step) {
                shares.push(*bound, count);
                first = first.or(Some(line));
            }
        }
        first
    }

    /// The native histograms that there are at a step.
    fn natives(&self, family: &Family, step: usize) -> Vec<(usize, &Line<'e>, &Arc<Histogram>)> {
        let native = |(place, index): (usize, &usize)| {
            let line = &self.lines[*index];
            match line.column.cell(step) {
                Cell::Histogram(histogram) => Some((place, line, histogram)),
                Cell::Float(_) | Cell::None => None,
            }
        };
        family.natives.iter().enumerate().filter_map(native).collect()
    }
}
