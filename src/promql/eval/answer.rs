//! Answers: what an expression is worth.

use crate::promql::eval::annotation::Annotation;
use crate::promql::text::Text;
use crate::signal::{Labels, Point};
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
    /// Its values, in the order of their times.
    pub points: Vec<(UnixMillis, Point)>,
}

impl Value {
    /// Whether there is a number other than zero. NaN says nothing, and so does no number at all.
    pub fn holds(&self) -> bool {
        let says = |value: f64| value < 0.0 || 0.0 < value;
        let point = |point: &Point| matches!(point, Point::Float(value) if says(*value));
        match self {
            Self::Scalar(value) => says(*value),
            Self::Vector(elements) => elements.iter().any(|(_, value)| point(value)),
            Self::Matrix(rows) => rows.iter().flat_map(|row| &row.points).any(|(_, value)| point(value)),
            Self::Text(_) => false,
        }
    }
}
