//! Answers: what an expression is worth.

use crate::promql::eval::annotation::Annotation;
use crate::promql::eval::column::{Cell, Column, is_none};
use crate::promql::eval::grid::Grid;
use crate::promql::eval::line;
use crate::promql::text::Text;
use crate::signal::{Histogram, Labels, Point};
use crate::unit::{Span, UnixMillis};

/// What an expression is worth, and what that has to be taken with.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it is worth.
    pub value: Value,
    /// What that has to be taken with.
    pub annotations: Vec<Annotation>,
    /// How old the newest sample was that it has read, of all selectors the youngest; nothing where it read none.
    pub age: Option<Span>,
    /// How many samples were held at a time, at most.
    pub held: usize,
}

/// What an expression is worth.
#[derive(Debug, Clone)]
pub enum Value {
    /// One number.
    Scalar(f64),
    /// A text.
    Text(Text),
    /// A value for each of some series: in the order of their labels, unless the expression asks for another.
    Vector(Vec<(Labels, Point)>),
    /// Some series with values over time, in the order of their labels.
    Matrix(Vec<Row>),
}

/// A series with values over time.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its labels.
    pub labels: Labels,
    times: Times,
    column: Column,
}

/// When the places of a column are.
#[derive(Debug, Clone)]
enum Times {
    Steps(Grid),
    Each(Vec<UnixMillis>),
}

impl Row {
    /// A series with these values, in the order of their times.
    pub fn new(labels: Labels, points: Vec<(UnixMillis, Point)>) -> Self {
        let mut column = Column::empty(points.len());
        let mut times = Vec::with_capacity(points.len());
        for (index, (at, point)) in points.into_iter().enumerate() {
            times.push(at);
            column.set(index, Some(point));
        }
        Self { labels, times: Times::Each(times), column }
    }

    /// A series with a value at each step of a grid that has one.
    pub(super) const fn stepwise(labels: Labels, grid: Grid, column: Column) -> Self {
        Self { labels, times: Times::Steps(grid), column }
    }

    /// A series with values at so many steps of a grid.
    pub(super) fn sparse(labels: Labels, grid: Grid, (column, count): (&Column, usize)) -> Self {
        let mut times = Vec::with_capacity(count);
        let mut own = Column { values: Vec::with_capacity(count), histograms: Vec::new() };
        for (index, value) in column.values.iter().enumerate() {
            if column.has(index) {
                times.push(UnixMillis::new(grid.at(index)));
                own.values.push(*value);
                own.histograms.extend(column.histograms.get(index).cloned());
            }
        }
        Self { labels, times: Times::Each(times), column: own }
    }

    /// Its values, in the order of their times.
    pub fn points(&self) -> impl Iterator<Item = (UnixMillis, Point)> {
        let point = |(index, cell): (usize, Cell<'_>)| Some((self.at(index), cell.point()?));
        self.column.cells().enumerate().filter_map(point)
    }

    /// How many samples it has; a histogram counts as many as it takes.
    pub fn weight(&self) -> usize {
        let numbers = self.column.values.iter().filter(|value| !is_none(**value)).count();
        numbers + self.column.histograms.iter().flatten().map(|histogram| histogram.samples()).sum::<usize>()
    }

    /// As how many samples it counts where it is held.
    pub(super) fn room(&self) -> usize {
        let times = if let Times::Each(times) = &self.times { times.len() / 2 } else { 0 };
        self.column.weight() + line::weight(&self.labels) + times
    }

    /// Its numbers, in the order of their times.
    pub fn numbers(&self) -> impl Iterator<Item = (UnixMillis, f64)> {
        let values = self.column.values.iter().copied().enumerate();
        values.filter(|(_, value)| !is_none(*value)).map(|(index, value)| (self.at(index), value))
    }

    /// Its histograms, in the order of their times.
    pub fn histograms(&self) -> impl Iterator<Item = (UnixMillis, &Histogram)> {
        let each = self.column.histograms.iter().enumerate();
        each.filter_map(|(index, histogram)| Some((self.at(index), histogram.as_deref()?)))
    }

    fn at(&self, index: usize) -> UnixMillis {
        match &self.times {
            Times::Steps(grid) => UnixMillis::new(grid.at(index)),
            Times::Each(times) => times.get(index).copied().unwrap_or(UnixMillis::new(0)),
        }
    }
}

impl Value {
    /// Whether there is a number other than zero. NaN says nothing, and so does no number at all.
    pub fn holds(&self) -> bool {
        let says = |value: f64| value < 0.0 || 0.0 < value;
        let point = |point: &Point| matches!(point, Point::Float(value) if says(*value));
        match self {
            Self::Scalar(value) => says(*value),
            Self::Vector(elements) => elements.iter().any(|(_, value)| point(value)),
            Self::Matrix(rows) => rows.iter().flat_map(Row::points).any(|(_, value)| point(&value)),
            Self::Text(_) => false,
        }
    }
}
