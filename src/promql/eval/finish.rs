//! Finishing: what the whole expression is worth, made into an answer.

use crate::promql::eval::Evaluation;
use crate::promql::eval::answer::{Row, Value};
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::Lines;
use crate::promql::eval::over;
use crate::promql::eval::query::When;
use crate::promql::eval::window::Windows;
use crate::signal::{Labels, Point};
use crate::store::Points;
use crate::unit::UnixMillis;

pub(super) fn finish<'e>(evaluation: &Evaluation<'e>, held: Held<'e>) -> Result<Value, EvalError> {
    let grid = evaluation.query.grid();
    match (held, evaluation.query.when) {
        (Held::Text(text), _) => Ok(Value::Text(text)),
        (Held::Scalar(values), When::At(_)) => Ok(Value::Scalar(values.first().copied().unwrap_or(f64::NAN))),
        (Held::Scalar(values), When::Range { .. }) => {
            let column = Column { values, histograms: Vec::new() };
            Ok(Value::Matrix(vec![row(Labels::default(), &column, grid)]))
        }
        (Held::Lines(lines), When::At(_)) => vector(evaluation, lines),
        (Held::Lines(lines), When::Range { .. }) => matrix(evaluation, lines, grid),
        (Held::Windows(windows), _) => samples(windows),
    }
}

fn vector<'e>(evaluation: &Evaluation<'e>, lines: Lines<'e>) -> Result<Value, EvalError> {
    let ordered = lines.ordered;
    let kept = lines.unnamed(evaluation.meter, true)?.collect(evaluation.meter)?;
    let elements = kept.each().filter_map(|line| {
        let point = line.column.cell(0).point()?;
        Some((line.labels.into_owned(), point))
    });
    let mut elements: Vec<(Labels, Point)> = elements.collect();
    if !ordered {
        elements.sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    Ok(Value::Vector(elements))
}

fn matrix<'e>(evaluation: &Evaluation<'e>, lines: Lines<'e>, grid: Grid) -> Result<Value, EvalError> {
    let kept = lines.unnamed(evaluation.meter, false)?.collect(evaluation.meter)?;
    let rows = kept.each().map(|line| row(line.labels.into_owned(), &line.column, grid));
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by(|one, other| one.labels.cmp(&other.labels));
    Ok(Value::Matrix(rows))
}

fn row(labels: Labels, column: &Column, grid: Grid) -> Row {
    let points = grid.moments().zip(column.cells());
    let points = points.filter_map(|(at, cell)| Some((UnixMillis::new(at), cell.point()?)));
    Row { labels, points: points.collect() }
}

/// The samples of a range vector as they are.
fn samples(windows: Windows<'_>) -> Result<Value, EvalError> {
    let reach = windows.reach;
    let (after, to) = (UnixMillis::new(reach.start(0)), UnixMillis::new(reach.end(0)));
    let mut rows = Vec::new();
    for track in windows.each {
        let track = track?;
        let points = match reach.extended {
            Some(extended) => over::extended(&track.points(), extended, (after.millis(), to.millis()))?,
            None => as_they_are(track.points().between(after, to)),
        };
        if !points.is_empty() {
            rows.push(Row { labels: track.labels.into_owned(), points });
        }
    }
    rows.sort_by(|one, other| one.labels.cmp(&other.labels));
    Ok(Value::Matrix(rows))
}

fn as_they_are(points: Points<'_>) -> Vec<(UnixMillis, Point)> {
    let point = |index: usize| {
        let sample = points.sample(index)?;
        let histogram = points.histogram(index).map(|histogram| Point::Histogram(histogram.clone()));
        Some((sample.at, histogram.unwrap_or(Point::Float(sample.value))))
    };
    (0..points.len()).filter_map(point).collect()
}
