//! Functions of the time and of the query, and those between numbers and series.

use std::borrow::Cow;

use crate::promql::eval::call::Called;
use crate::promql::eval::column::{Cell, Column};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::seconds;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::map::{larger, smaller};
use crate::promql::eval::meter::{Hold, Meter, SERIES};
use crate::promql::eval::numbers::Numbers;
use crate::promql::eval::read::{self, Reads};
use crate::signal::{Labels, Point};
use crate::unit::Span;

pub(super) fn call(mut called: Called<'_>) -> Result<Held<'_>, EvalError> {
    let (grid, query, meter) = (called.grid, called.evaluation.query, called.evaluation.meter);
    let same = |number: f64| Numbers::same(meter, number, grid.len()).map(Held::Scalar);
    let whole = query.grid();
    Ok(match called.call.function.name {
        "time" => Held::Scalar(Numbers::of(meter, grid.len(), grid.moments().map(seconds))?),
        "pi" => same(std::f64::consts::PI)?,
        "max_of" => Held::Scalar(either(called.scalar(0), &called.scalar(1), larger)),
        "min_of" => Held::Scalar(either(called.scalar(0), &called.scalar(1), smaller)),
        "start" => same(seconds(whole.start()))?,
        "end" => same(seconds(query.end().millis()))?,
        "step" => same(span(query.step()))?,
        "range" => same(seconds(query.end().millis() - whole.start()))?,
        "vector" => {
            let column = Column { values: called.scalar(0).into_values(), histograms: Vec::new() };
            let line = Line { labels: Cow::Owned(Labels::default()), unnamed: false, column };
            Held::Lines(Lines::of(meter, [line], true)?)
        }
        "scalar" => Held::Scalar(alone(meter, called.lines(0), grid.len())?),
        "timestamp" => Held::Lines(told(called, Reads::Time)?),
        "start_timestamp" => Held::Lines(told(called, Reads::Start)?),
        _ => Held::Lines(Lines::none()),
    })
}

fn span(span: Span) -> f64 {
    seconds(i64::try_from(span.millis()).unwrap_or(i64::MAX))
}

fn either<'e>(mut one: Numbers<'e>, other: &[f64], of: fn(f64, f64) -> f64) -> Numbers<'e> {
    one.iter_mut().zip(other).for_each(|(one, other)| *one = of(*one, *other));
    one
}

/// The value of the one series that there is at a step; NaN where there are more or none, or it is a histogram.
fn alone<'e>(meter: &'e Meter<'e>, lines: Lines<'e>, len: usize) -> Result<Numbers<'e>, EvalError> {
    let mut hold = Hold::new(meter);
    hold.add(len)?;
    let mut found = vec![(0_usize, f64::NAN); len];
    for line in lines {
        let line = line?;
        meter.work(SERIES + len)?;
        for (own, cell) in found.iter_mut().zip(line.column.cells()) {
            if let Cell::Float(value) = cell {
                *own = (own.0 + 1, value);
            }
        }
    }
    let alone = found.into_iter().map(|(count, value)| if count == 1 { value } else { f64::NAN });
    Numbers::of(meter, len, alone)
}

/// When a sample was taken, where the argument is a selector; else when it is evaluated.
fn told(mut called: Called<'_>, reads: Reads) -> Result<Lines<'_>, EvalError> {
    let (evaluation, grid) = (called.evaluation, called.grid);
    if let Some((selector, node)) = called.selector(0) {
        let reach = evaluation.reach(selector, node, grid)?;
        return Ok(read::newest(evaluation.stock, evaluation.meter, selector, reach, reads));
    }
    let meter = evaluation.meter;
    Ok(called.lines(0).map(move |mut line| {
        line.column = line.column.map(meter, |index, _| Some(Point::Float(seconds(grid.at(index)))));
        line
    }))
}
