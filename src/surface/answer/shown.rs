//! What a query came to, whoever evaluated it, as far as people are shown it.

use crate::promql::{Row, Value};
use crate::signal::{Labels, Point};
use crate::surface::answer::number::written;
use crate::unit::{UnixMillis, escaped};

/// What a query came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// One number or text.
    Alone(Worth),
    /// Series at one moment.
    Moment(Vec<(Labels, Worth)>),
    /// Series over time.
    Times(Vec<(Labels, Vec<(UnixMillis, Worth)>)>),
}

/// What something is worth.
#[derive(Debug, Clone, PartialEq)]
pub enum Worth {
    /// A number.
    Number(f64),
    /// What is no number, in words: a histogram in Prometheus's notation, or a text.
    Words(String),
}

impl Worth {
    fn of(point: &Point) -> Self {
        match point {
            Point::Float(value) => Self::Number(*value),
            Point::Histogram(histogram) => Self::Words(histogram.to_string()),
        }
    }

    /// As it is printed, in one line.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Number(value) => written(*value),
            Self::Words(text) => escaped(text.clone()),
        }
    }
}

impl From<&Value> for Shown {
    fn from(value: &Value) -> Self {
        match value {
            Value::Scalar(value) => Self::Alone(Worth::Number(*value)),
            Value::Text(text) => {
                Self::Alone(Worth::Words(String::from_utf8_lossy(text.as_bytes()).into_owned()))
            }
            Value::Vector(elements) => {
                let element = |(labels, point): &(Labels, Point)| (labels.clone(), Worth::of(point));
                Self::Moment(elements.iter().map(element).collect())
            }
            Value::Matrix(rows) => {
                let of = |row: &Row| row.points().map(|(at, point)| (at, Worth::of(&point))).collect();
                Self::Times(rows.iter().map(|row| (row.labels.clone(), of(row))).collect())
            }
        }
    }
}

/// What a series is called, in one line that no terminal obeys.
pub(super) fn name(labels: &Labels) -> String {
    escaped(labels.to_string())
}
