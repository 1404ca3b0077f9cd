//! Aggregations that take series as they come, and keep one thing for each group and step.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::promql::aggregation::Aggregator;
use crate::promql::eval::aggregate::Aggregating;
use crate::promql::eval::aggregate::blend::Blend;
use crate::promql::eval::column::{Cell, Column, NONE, is_none};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::group::Groups;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Hold;
use crate::promql::eval::sum::{Mean, Sum};
use crate::signal::{Histogram, Labels, NAME, Point};

/// What is kept of the numbers of a group at a step.
trait Fold: Copy {
    /// Whether histograms count as well.
    const HISTOGRAMS: Histograms;

    fn of(value: f64) -> Self;

    #[must_use]
    fn plus(self, value: f64) -> Self;

    fn value(self) -> f64;
}

/// What becomes of histograms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Histograms {
    /// They are left out.
    Ignored,
    /// Each counts as one thing that is there.
    Counted,
    /// They make one histogram, and do not mix with numbers.
    Blended,
}

pub(super) fn fold(aggregating: Aggregating<'_>) -> Result<Lines<'_>, EvalError> {
    match aggregating.own.op {
        Aggregator::Sum => folded::<Sum>(aggregating),
        Aggregator::Avg => folded::<Mean>(aggregating),
        Aggregator::Count => folded::<Count>(aggregating),
        Aggregator::Min => folded::<Least>(aggregating),
        Aggregator::Max => folded::<Most>(aggregating),
        Aggregator::Stddev => folded::<Deviation>(aggregating),
        Aggregator::Stdvar => folded::<Spread>(aggregating),
        Aggregator::Group
        | Aggregator::Topk
        | Aggregator::Bottomk
        | Aggregator::Quantile
        | Aggregator::CountValues
        | Aggregator::Limitk
        | Aggregator::LimitRatio => folded::<There>(aggregating),
    }
}

/// What is kept of the groups.
struct Kept<F> {
    /// Of each group, for each step.
    numbers: Vec<Vec<Option<F>>>,
    blends: BTreeMap<(usize, usize), Blend>,
}

fn folded<F: Fold>(mut aggregating: Aggregating<'_>) -> Result<Lines<'_>, EvalError> {
    let (evaluation, own, len) = (aggregating.evaluation, aggregating.own, aggregating.grid.len());
    let mut groups = Groups::new(own.grouping.as_ref());
    let mut kept = Kept::<F> { numbers: Vec::new(), blends: BTreeMap::new() };
    let mut hold = Hold::new(evaluation.meter);
    let lines = std::mem::replace(&mut aggregating.lines, Lines::none());
    for line in lines {
        let line = line?;
        evaluation.meter.work(groups.work() + line.column.len())?;
        if line.column.is_void() {
            continue;
        }
        let group = groups.of(&line.labels, line.unnamed);
        if kept.numbers.len() < groups.len() {
            hold.add(groups.weight(group).saturating_add(len))?;
            kept.numbers.push(vec![None; len]);
        }
        add(&mut kept.numbers[group], &line.column.values);
        if line.column.is_mixed() {
            kept.add_histograms(&aggregating, group, &line, &mut hold)?;
        }
    }
    let apart = groups.are_nameless();
    let mut columns: Vec<Column> = kept.numbers.into_iter().map(|numbers| column(&numbers)).collect();
    finish_blends(&aggregating, &mut columns, kept.blends);
    let made = groups.each().zip(columns);
    let made = made.map(|((labels, unnamed), column)| Line { labels: Cow::Owned(labels), unnamed, column });
    // Each is counted again as it goes over to the lines.
    drop(hold);
    Lines::of(evaluation.meter, made, apart)
}

fn add<F: Fold>(kept: &mut [Option<F>], values: &[f64]) {
    for (own, value) in kept.iter_mut().zip(values) {
        if !is_none(*value) {
            *own = Some(match *own {
                None => F::of(*value),
                Some(fold) => fold.plus(*value),
            });
        }
    }
}

fn column<F: Fold>(numbers: &[Option<F>]) -> Column {
    let values = numbers.iter().map(|fold| fold.map_or(NONE, Fold::value)).collect();
    Column { values, histograms: Vec::new() }
}

impl<F: Fold> Kept<F> {
    fn add_histograms(
        &mut self,
        aggregating: &Aggregating<'_>,
        group: usize,
        line: &Line<'_>,
        hold: &mut Hold<'_>,
    ) -> Result<(), EvalError> {
        for (index, cell) in line.column.cells().enumerate() {
            let Cell::Histogram(histogram) = cell else { continue };
            aggregating.evaluation.meter.work(cell.work())?;
            if F::HISTOGRAMS == Histograms::Blended && !self.blends.contains_key(&(group, index)) {
                hold.add(histogram.samples())?;
            }
            match F::HISTOGRAMS {
                Histograms::Ignored => aggregating.ignored(aggregating.extent()),
                Histograms::Counted => add(&mut self.numbers[group][index..=index], &[1.0]),
                Histograms::Blended => self.blend(aggregating, (group, index), (&line.labels, histogram)),
            }
        }
        Ok(())
    }

    fn blend(
        &mut self,
        aggregating: &Aggregating<'_>,
        place: (usize, usize),
        (labels, histogram): (&Labels, &Histogram),
    ) {
        let mean = aggregating.own.op == Aggregator::Avg;
        let Some(blend) = self.blends.get_mut(&place) else {
            self.blends.insert(place, Blend::of(histogram, mean));
            return;
        };
        let annotations = aggregating.evaluation.annotations;
        match blend.add(histogram) {
            Ok(met) if met.bounds_differ => {
                let text = "mismatched custom buckets were reconciled during aggregation".to_owned();
                annotations.inform(aggregating.extent(), text);
            }
            Ok(_) => {}
            Err(_) => {
                let name = labels.get(NAME);
                let text = format!(
                    "vector contains a mix of histograms with exponential and custom buckets schemas for metric name {name:?}"
                );
                annotations.warn(aggregating.extent(), text);
            }
        }
    }
}

/// How much work it is to make a histogram of a blend.
const BLENDED: usize = 256;

/// What numbers and histograms there are at one step of a group do not mix.
fn finish_blends(
    aggregating: &Aggregating<'_>,
    columns: &mut [Column],
    blends: BTreeMap<(usize, usize), Blend>,
) {
    let annotations = aggregating.evaluation.annotations;
    for ((group, index), blend) in blends {
        if aggregating.evaluation.meter.is_over(BLENDED) {
            return;
        }
        let Some(column) = columns.get_mut(group) else { continue };
        if column.has(index) {
            let text = "encountered a mix of histograms and floats for aggregation".to_owned();
            annotations.warn(aggregating.extent(), text);
            column.set(index, None);
            continue;
        }
        if blend.hints_collide() {
            let text = "conflicting counter resets during histogram aggregation".to_owned();
            annotations.warn(aggregating.extent(), text);
        }
        column.set(index, blend.made().map(|histogram| Point::Histogram(histogram.into())));
    }
}

impl Fold for Sum {
    const HISTOGRAMS: Histograms = Histograms::Blended;

    fn of(value: f64) -> Self {
        Self::of(value)
    }

    fn plus(self, value: f64) -> Self {
        Self::plus(self, value)
    }

    fn value(self) -> f64 {
        Self::value(self)
    }
}

impl Fold for Mean {
    const HISTOGRAMS: Histograms = Histograms::Blended;

    fn of(value: f64) -> Self {
        Self::of(value)
    }

    fn plus(self, value: f64) -> Self {
        Self::plus(self, value)
    }

    fn value(self) -> f64 {
        Self::value(self)
    }
}

#[derive(Clone, Copy)]
struct Count(f64);

impl Fold for Count {
    const HISTOGRAMS: Histograms = Histograms::Counted;

    fn of(_: f64) -> Self {
        Self(1.0)
    }

    fn plus(self, _: f64) -> Self {
        Self(self.0 + 1.0)
    }

    fn value(self) -> f64 {
        self.0
    }
}

/// That there is something.
#[derive(Clone, Copy)]
struct There;

impl Fold for There {
    const HISTOGRAMS: Histograms = Histograms::Counted;

    fn of(_: f64) -> Self {
        Self
    }

    fn plus(self, _: f64) -> Self {
        Self
    }

    fn value(self) -> f64 {
        1.0
    }
}

/// The smallest number; NaN only where there is no other.
#[derive(Clone, Copy)]
struct Least(f64);

impl Fold for Least {
    const HISTOGRAMS: Histograms = Histograms::Ignored;

    fn of(value: f64) -> Self {
        Self(value)
    }

    fn plus(self, value: f64) -> Self {
        if value < self.0 || self.0.is_nan() { Self(value) } else { self }
    }

    fn value(self) -> f64 {
        self.0
    }
}

/// The largest number; NaN only where there is no other.
#[derive(Clone, Copy)]
struct Most(f64);

impl Fold for Most {
    const HISTOGRAMS: Histograms = Histograms::Ignored;

    fn of(value: f64) -> Self {
        Self(value)
    }

    fn plus(self, value: f64) -> Self {
        if self.0 < value || self.0.is_nan() { Self(value) } else { self }
    }

    fn value(self) -> f64 {
        self.0
    }
}

/// How far numbers lie from their mean, squared (Welford).
#[derive(Clone, Copy)]
struct Spread {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Fold for Spread {
    const HISTOGRAMS: Histograms = Histograms::Ignored;

    fn of(value: f64) -> Self {
        Self { count: 1.0, mean: value, squares: if value.is_finite() { 0.0 } else { f64::NAN } }
    }

    fn plus(self, value: f64) -> Self {
        let count = self.count + 1.0;
        let delta = value - self.mean;
        let mean = self.mean + delta / count;
        Self { count, mean, squares: self.squares + delta * (value - mean) }
    }

    fn value(self) -> f64 {
        self.squares / self.count
    }
}

#[derive(Clone, Copy)]
struct Deviation(Spread);

impl Fold for Deviation {
    const HISTOGRAMS: Histograms = Histograms::Ignored;

    fn of(value: f64) -> Self {
        Self(Spread::of(value))
    }

    fn plus(self, value: f64) -> Self {
        Self(self.0.plus(value))
    }

    fn value(self) -> f64 {
        self.0.value().sqrt()
    }
}
