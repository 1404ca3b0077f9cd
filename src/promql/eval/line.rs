//! Lines: series on their way through an expression, one at a time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::meter::{Kept, Meter, SERIES, samples_of};
use crate::signal::{Labels, NAME};

/// A series with what it is worth at every step.
#[derive(Debug, Clone)]
pub(super) struct Line<'e> {
    pub(super) labels: Cow<'e, Labels>,
    /// Whether the metric's name is still to be taken off.
    pub(super) unnamed: bool,
    pub(super) column: Column,
}

/// What says what a metric is: its name, and the type and unit that Prometheus can be told to add. They go together.
pub(super) fn is_metadata(label: &str) -> bool {
    [NAME, "__type__", "__unit__"].contains(&label)
}

impl Line<'_> {
    /// How many samples it is worth where it is kept; its labels count where they are not those of the store.
    pub(super) fn weight(&self) -> usize {
        let labels = match &self.labels {
            Cow::Borrowed(_) => 0,
            Cow::Owned(labels) => weight(labels),
        };
        self.column.weight().saturating_add(labels)
    }

    /// Its labels as they are once the name is off.
    pub(super) fn unname(&mut self) {
        if self.unnamed {
            self.unnamed = false;
            if self.labels.iter().any(|(name, _)| is_metadata(name)) {
                self.labels = Cow::Owned(self.labels.only(|name| !is_metadata(name)));
            }
        }
    }
}

/// How many samples labels are worth where they are kept.
pub(super) fn weight(labels: &Labels) -> usize {
    samples_of(labels.iter().map(|(name, value)| name.len() + value.len()).sum())
}

/// How many lines may be made of one another on demand before they are all made: each level of this stands on the
/// stack, and an expression may be as deep as its text is long.
const DEEPEST: usize = 100;

/// Lines that are made one at a time, so that an aggregation never holds all of what it makes one of.
pub(super) struct Lines<'e> {
    each: Box<dyn Iterator<Item = Result<Line<'e>, EvalError>> + 'e>,
    depth: usize,
    /// Whether the labels tell them apart with the name off.
    pub(super) apart: bool,
    /// Whether they stand in an order that somebody asked for.
    pub(super) ordered: bool,
}

impl<'e> Lines<'e> {
    pub(super) fn new(each: impl Iterator<Item = Result<Line<'e>, EvalError>> + 'e, apart: bool) -> Self {
        Self { each: Box::new(each), depth: 1, apart, ordered: false }
    }

    pub(super) fn none() -> Self {
        Self::new(std::iter::empty(), true)
    }

    /// Lines that are there already.
    pub(super) fn of(
        meter: &'e Meter<'e>,
        lines: impl IntoIterator<Item = Line<'e>>,
        apart: bool,
    ) -> Result<Self, EvalError> {
        let mut kept = Kept::new(meter);
        for line in lines {
            meter.work(SERIES + line.column.len())?;
            kept.push(line.weight(), line)?;
        }
        Ok(Self::kept(kept, apart))
    }

    pub(super) fn in_this_order(self) -> Self {
        Self { ordered: true, ..self }
    }

    /// Each made into another.
    pub(super) fn map(self, mut each: impl FnMut(Line<'e>) -> Line<'e> + 'e) -> Self {
        let depth = self.depth + 1;
        let lines = self.each.map(move |line| line.map(&mut each));
        Self { each: Box::new(lines), depth, apart: self.apart, ordered: self.ordered }
    }

    /// The same, all made where too many stand behind one another.
    pub(super) fn shallow(self, meter: &'e Meter<'e>) -> Result<Self, EvalError> {
        if self.depth < DEEPEST {
            return Ok(self);
        }
        let (apart, ordered) = (self.apart, self.ordered);
        Ok(Self { ordered, ..Self::kept(self.collect(meter)?, apart) })
    }

    /// Lines that were collected.
    pub(super) fn kept(kept: Kept<'e, Line<'e>>, apart: bool) -> Self {
        Self::new(kept.each().map(Ok), apart)
    }

    /// All of them; what has no value at any step is left out.
    pub(super) fn collect(self, meter: &'e Meter<'e>) -> Result<Kept<'e, Line<'e>>, EvalError> {
        let mut kept = Kept::new(meter);
        for line in self.each {
            let line = line?;
            meter.work(SERIES + line.column.len())?;
            if !line.column.is_void() {
                kept.push(line.weight(), line)?;
            }
        }
        Ok(kept)
    }

    /// The same with the names off that are to go. Lines that no label tells apart any more become one where they
    /// never have values at the same step; `never` says that they must not.
    pub(super) fn unnamed(self, meter: &'e Meter<'e>, never: bool) -> Result<Self, EvalError> {
        if self.apart {
            return Ok(self.map(|mut line| {
                line.unname();
                line
            }));
        }
        let ordered = self.ordered;
        let mut kept = self.collect(meter)?;
        for line in kept.iter_mut() {
            meter.work(SERIES)?;
            line.unname();
        }
        let merged = merged(meter, kept, never)?;
        Ok(Self { ordered, ..Self::kept(merged, true) })
    }
}

impl<'e> Iterator for Lines<'e> {
    type Item = Result<Line<'e>, EvalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.each.next()
    }
}

/// Lines of which no two have the same labels.
pub(super) fn merged<'e>(
    meter: &Meter<'_>,
    mut lines: Kept<'e, Line<'e>>,
    never: bool,
) -> Result<Kept<'e, Line<'e>>, EvalError> {
    let mut known: BTreeMap<&Labels, usize> = BTreeMap::new();
    let mut doubled = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        meter.work(SERIES)?;
        match known.entry(line.labels.as_ref()) {
            Entry::Occupied(first) => doubled.push((*first.get(), index)),
            Entry::Vacant(place) => drop(place.insert(index)),
        }
    }
    for (first, index) in doubled.iter().copied() {
        let (front, back) = lines.split_at_mut(index);
        let (Some(one), Some(other)) = (front.get_mut(first), back.first()) else { continue };
        meter.work(other.column.len())?;
        if never || one.column.merge(&other.column).is_err() {
            return Err(EvalError::SameLabels(other.labels.as_ref().clone()));
        }
    }
    lines.remove(doubled.iter().map(|(_, index)| *index));
    Ok(lines)
}
