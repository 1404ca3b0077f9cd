//! Finishing: what the whole expression is worth, made into an answer.

use crate::promql::eval::Evaluation;
use crate::promql::eval::answer::{Row, Value};
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid::Grid;
use crate::promql::eval::held::Held;
use crate::promql::eval::line::Lines;
use crate::promql::eval::meter::{Hold, Kept, SERIES};
use crate::promql::eval::over;
use crate::promql::eval::query::When;
use crate::promql::eval::sorted::sort;
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
            let column = Column { values: values.into_values(), histograms: Vec::new() };
            Ok(Value::Matrix(vec![Row::stepwise(Labels::default(), grid, column)]))
        }
        (Held::Lines(lines), When::At(_)) => vector(evaluation, lines),
        (Held::Lines(lines), When::Range { .. }) => matrix(evaluation, lines, grid),
        (Held::Windows(windows), _) => samples(evaluation, windows),
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
        sort(evaluation.meter, &mut elements, |(one, _), (other, _)| one.cmp(other))?;
    }
    Ok(Value::Vector(elements))
}

fn matrix<'e>(evaluation: &Evaluation<'e>, lines: Lines<'e>, grid: Grid) -> Result<Value, EvalError> {
    let mut rows = Kept::new(evaluation.meter);
    for line in lines.unnamed(evaluation.meter, false)? {
        let line = line?;
        evaluation.meter.work(SERIES + line.column.len())?;
        let count = line.column.count();
        if 0 < count {
            let row = row(line.labels.into_owned(), (line.column, count), grid);
            rows.push(row.room(), row)?;
        }
    }
    let mut rows: Vec<Row> = rows.each().collect();
    sort(evaluation.meter, &mut rows, |one, other| one.labels.cmp(&other.labels))?;
    Ok(Value::Matrix(rows))
}

/// A series with values at most steps has a place for each.
fn row(labels: Labels, (column, count): (Column, usize), grid: Grid) -> Row {
    if grid.len() <= count.saturating_mul(SPARSE) {
        return Row::stepwise(labels, grid, column);
    }
    Row::sparse(labels, grid, (&column, count))
}

/// At fewer steps than one in so many, a place for each would be mostly room for nothing.
const SPARSE: usize = 4;

/// The samples of a range vector as they are.
fn samples<'e>(evaluation: &Evaluation<'e>, windows: Windows<'e>) -> Result<Value, EvalError> {
    let reach = windows.reach;
    let (after, to) = (UnixMillis::new(reach.start(0)), UnixMillis::new(reach.end(0)));
    let (mut rows, mut hold) = (Vec::new(), Hold::new(evaluation.meter));
    for track in windows.each {
        let track = track?;
        let weight = weight(&track.points().between(after, to));
        evaluation.meter.work(SERIES + weight)?;
        hold.add(weight)?;
        let points = match reach.extended {
            Some(extended) => over::extended(&track.points(), extended, (after.millis(), to.millis()))?,
            None => as_they_are(track.points().between(after, to)),
        };
        if !points.is_empty() {
            rows.push(Row::new(track.labels.into_owned(), points));
        }
    }
    sort(evaluation.meter, &mut rows, |one, other| one.labels.cmp(&other.labels))?;
    Ok(Value::Matrix(rows))
}

/// How many samples they are worth where they are kept.
fn weight(points: &Points<'_>) -> usize {
    let histograms = points.histograms.iter().flatten();
    points.len() + histograms.map(|histogram| histogram.samples()).sum::<usize>()
}

fn as_they_are(points: Points<'_>) -> Vec<(UnixMillis, Point)> {
    let point = |index: usize| {
        let sample = points.sample(index)?;
        let histogram = points.histogram(index).map(|histogram| Point::Histogram(histogram.clone()));
        Some((sample.at, histogram.unwrap_or(Point::Float(sample.value))))
    };
    (0..points.len()).filter_map(point).collect()
}
