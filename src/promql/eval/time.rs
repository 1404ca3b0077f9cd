//! Functions of the time and of the query, and those between numbers and series.

use std::borrow::Cow;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::seconds;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::map::{larger, smaller};
use crate::promql::eval::read::{self, Reads};
use crate::signal::{Labels, Point};
use crate::unit::Span;

pub(super) fn call(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let (grid, query) = (called.grid, called.evaluation.query);
    let whole = query.grid();
    Ok(match called.call.function.name {
        "time" => Held::Scalar(grid.moments().map(seconds).collect()),
        "pi" => Held::Scalar(vec![std::f64::consts::PI; grid.len()]),
        "max_of" => Held::Scalar(either(called.scalar(0), &called.scalar(1), larger)),
        "min_of" => Held::Scalar(either(called.scalar(0), &called.scalar(1), smaller)),
        "start" => Held::Scalar(vec![seconds(whole.start()); grid.len()]),
        "end" => Held::Scalar(vec![seconds(query.end().millis()); grid.len()]),
        "step" => Held::Scalar(vec![span(query.step()); grid.len()]),
        "range" => Held::Scalar(vec![seconds(query.end().millis() - whole.start()); grid.len()]),
        "vector" => {
            let column = Column { values: called.scalar(0), histograms: Vec::new() };
            let line = Line { labels: Cow::Owned(Labels::default()), unnamed: false, column };
            Held::Lines(Lines::of(vec![line], true))
        }
        "scalar" => Held::Scalar(alone(called.lines(0), grid.len())?),
        "timestamp" => Held::Lines(told(called, Reads::Time)?),
        "start_timestamp" => Held::Lines(told(called, Reads::Start)?),
        _ => Held::Lines(Lines::none()),
    })
}

fn span(span: Span) -> f64 {
    seconds(i64::try_from(span.millis()).unwrap_or(i64::MAX))
}

fn either(one: Vec<f64>, other: &[f64], of: fn(f64, f64) -> f64) -> Vec<f64> {
    one.into_iter().zip(other).map(|(one, other)| of(one, *other)).collect()
}

/// The value of the one series that there is at a step; NaN where there are more or none, or it is a histogram.
fn alone(lines: Lines<'_>, len: usize) -> Result<Vec<f64>, EvalError> {
    let mut found = vec![(0_usize, f64::NAN); len];
    for line in lines {
        for (own, cell) in found.iter_mut().zip(line?.column.cells()) {
            if let Cell::Float(value) = cell {
                *own = (own.0 + 1, value);
            }
        }
    }
    Ok(found.into_iter().map(|(count, value)| if count == 1 { value } else { f64::NAN }).collect())
}

/// When a sample was taken, where the argument is a selector; else when it is evaluated.
fn told(mut called: Called<'_>, reads: Reads) -> Result<Lines<'_>, EvalError> {
    let (evaluation, grid) = (called.evaluation, called.grid);
    if let Some((selector, node)) = called.selector(0) {
        let reach = evaluation.reach(selector, node, grid)?;
        return Ok(read::newest(evaluation.store, evaluation.meter, selector, reach, reads));
    }
    Ok(called.lines(0).map(move |mut line| {
        line.column = line.column.map(|index, _| Some(Point::Float(seconds(grid.at(index)))));
        line
    }))
}
