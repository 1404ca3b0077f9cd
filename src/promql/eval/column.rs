//! Columns: what one series is worth at every step.

use std::sync::Arc;

use crate::promql::eval::meter::Meter;
use crate::signal::{Histogram, Point, STALE, is_stale};

/// What stands where a series has no value. No value of a series is the stale marker, so it needs no bitmap beside.
pub(super) const NONE: f64 = f64::from_bits(STALE);

/// Whether there is no number: nothing, or a histogram.
pub(super) const fn is_none(value: f64) -> bool {
    is_stale(value)
}

/// One value for each step.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// The numbers; [`NONE`] where there is nothing, or a histogram.
    pub(super) values: Vec<f64>,
    /// The histograms; empty where there are none, else one place for each step.
    pub(super) histograms: Vec<Option<Arc<Histogram>>>,
}

/// How much work it is to make sixteen bytes of a histogram anew.
const MADE: usize = 8;

/// A value of a column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'c> {
    None,
    Float(f64),
    Histogram(&'c Arc<Histogram>),
}

impl Column {
    /// A column with nothing in it.
    pub(super) fn empty(len: usize) -> Self {
        Self { values: vec![NONE; len], histograms: Vec::new() }
    }

    /// The same number at every step.
    pub(super) fn of(value: f64, len: usize) -> Self {
        Self { values: vec![value; len], histograms: Vec::new() }
    }

    pub(super) const fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn cell(&self, index: usize) -> Cell<'_> {
        let value = self.values.get(index).copied().unwrap_or(NONE);
        if !is_none(value) {
            return Cell::Float(value);
        }
        self.histograms.get(index).and_then(Option::as_ref).map_or(Cell::None, Cell::Histogram)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        (0..self.len()).map(|index| self.cell(index))
    }

    /// Whether there is something at a step.
    pub(super) fn has(&self, index: usize) -> bool {
        !matches!(self.cell(index), Cell::None)
    }

    /// At how many steps there is something.
    pub(super) fn count(&self) -> usize {
        let numbers = self.values.iter().filter(|value| !is_none(**value)).count();
        numbers + self.histograms.iter().flatten().count()
    }

    /// Whether there is nothing at any step.
    pub(super) fn is_void(&self) -> bool {
        self.values.iter().all(|value| is_none(*value)) && self.histograms.iter().all(Option::is_none)
    }

    /// Whether there are histograms in it.
    pub(super) fn is_mixed(&self) -> bool {
        !self.histograms.is_empty()
    }

    pub(super) fn set(&mut self, index: usize, point: Option<Point>) {
        let (value, histogram) = match point {
            None => (NONE, None),
            Some(Point::Float(value)) => (value, None),
            Some(Point::Histogram(histogram)) => (NONE, Some(histogram)),
        };
        if histogram.is_some() && self.histograms.is_empty() {
            self.histograms = vec![None; self.values.len()];
        }
        if let Some(place) = self.values.get_mut(index) {
            *place = value;
        }
        if let Some(place) = self.histograms.get_mut(index) {
            *place = histogram;
        }
    }

    /// A column of as many steps, made cell by cell.
    pub(super) fn map(
        mut self,
        meter: &Meter<'_>,
        mut each: impl FnMut(usize, Cell<'_>) -> Option<Point>,
    ) -> Self {
        for index in 0..self.len() {
            if meter.is_over_at(index, 1) || self.is_mixed() && meter.is_over(self.cell(index).work()) {
                break;
            }
            let point = match self.cell(index) {
                Cell::None => continue,
                cell @ (Cell::Float(_) | Cell::Histogram(_)) => each(index, cell),
            };
            self.set(index, point);
        }
        self
    }

    /// What stands at the one step, at so many.
    pub(super) fn repeated(&self, len: usize) -> Self {
        let mut column = Self::empty(len);
        for index in 0..len {
            column.set(index, self.cell(0).point());
        }
        column
    }

    /// Takes over what another has; a step at which both have something is told.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), usize> {
        for index in 0..self.len() {
            let Some(point) = other.cell(index).point() else { continue };
            if self.has(index) {
                return Err(index);
            }
            self.set(index, Some(point));
        }
        Ok(())
    }

    /// How many samples it is worth where it is kept.
    pub(super) fn weight(&self) -> usize {
        self.len() + self.histograms.iter().flatten().map(|histogram| histogram.samples()).sum::<usize>()
    }
}

impl Cell<'_> {
    /// How much work it is to make something of it.
    pub(super) fn work(self) -> usize {
        match self {
            Self::None | Self::Float(_) => 1,
            Self::Histogram(histogram) => MADE * histogram.samples(),
        }
    }

    pub(super) fn point(self) -> Option<Point> {
        match self {
            Self::None => None,
            Self::Float(value) => Some(Point::Float(value)),
            Self::Histogram(histogram) => Some(Point::Histogram(histogram.clone())),
        }
    }
}
