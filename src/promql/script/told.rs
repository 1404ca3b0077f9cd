//! Telling what went otherwise, in the words of the scripts themselves.

use std::fmt;

use crate::promql::eval::Value;
use crate::promql::number::Number;
use crate::promql::script::case::{ExpectedRow, Worth};
use crate::promql::script::row::Written;
use crate::signal::{Labels, Notated, Point, is_stale};

/// So many series of a difference are told.
const MOST_TOLD: usize = 10;

/// Something that went otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The number of its line.
    pub line: usize,
    /// The expression.
    pub expression: String,
    /// How it was put, where that is not how it stands.
    pub put: String,
    /// What was expected, and what came.
    pub what: Difference,
}

/// What was expected, and what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.expression)?;
        if !self.put.is_empty() {
            writeln!(f, "  put:      {}", self.put)?;
        }
        let under = "\n            ";
        writeln!(f, "  expected: {}", self.what.expected.replace('\n', under))?;
        write!(f, "  got:      {}", self.what.got.replace('\n', under))
    }
}

/// A value, in lines.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Scalar(value) => number(*value),
        Value::Text(text) => text.to_string(),
        Value::Vector(elements) => {
            rows(elements.iter().map(|(labels, point)| format!("{labels} {}", self::point(point))))
        }
        Value::Matrix(matrix) => rows(matrix.iter().map(|row| {
            let points = row.points().map(|(at, point)| format!("{}@{}", self::point(&point), at.millis()));
            format!("{} {}", row.labels, points.collect::<Vec<_>>().join(" "))
        })),
    }
}

/// What is expected, in lines.
pub(super) fn worth(worth: &Worth) -> String {
    match worth {
        Worth::Scalar(value) => number(*value),
        Worth::Text(text) => text.to_string(),
        Worth::Series(series) => rows(series.rows.iter().map(|(labels, row)| expected(labels, row))),
    }
}

/// Lines, the first of them; or that there are none.
pub(super) fn rows(rows: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = rows.collect();
    match all.len().checked_sub(MOST_TOLD) {
        _ if all.is_empty() => "nothing".to_owned(),
        None | Some(0) => all.join("\n"),
        Some(more) => format!("{}\nand {more} more", all[..MOST_TOLD].join("\n")),
    }
}

/// What is expected of a series.
pub(super) fn expected(labels: &Labels, row: &ExpectedRow) -> String {
    let written =
        |value: &Option<Written>| value.as_ref().map_or("_".to_owned(), |value| point(&value.point()));
    line(labels, row.values.iter().map(written))
}

/// What came of it: points with the steps that they belong to.
pub(super) fn got(labels: &Labels, points: &[(Option<usize>, Point)]) -> String {
    let mut words = Vec::new();
    for (index, value) in points {
        match index {
            None => words.push(format!("{} between steps", point(value))),
            Some(index) => {
                words.extend((words.len()..*index).map(|_| "_".to_owned()));
                words.push(point(value));
            }
        }
    }
    line(labels, words.into_iter())
}

fn line(labels: &Labels, words: impl Iterator<Item = String>) -> String {
    format!("{labels} {}", words.collect::<Vec<_>>().join(" "))
}

fn point(point: &Point) -> String {
    match point {
        Point::Float(value) => number(*value),
        Point::Histogram(histogram) => Notated(histogram).to_string(),
    }
}

pub(super) fn number(value: f64) -> String {
    if is_stale(value) { "stale".to_owned() } else { Number(value).to_string() }
}
