//! Selectors that are `smoothed`, and range vectors that are `anchored` or `smoothed`, as they stand by themselves.

use std::sync::Arc;

use crate::promql::eval::annotation::Annotations;
use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::{Meter, SERIES};
use crate::promql::eval::over::around::{Around, Remark, Remarks};
use crate::promql::eval::over::extended::{between, borders, ends};
use crate::promql::eval::over::extended_histograms;
use crate::promql::eval::over::seen::{Seen, histograms};
use crate::promql::eval::reach::Reach;
use crate::promql::eval::window::{Track, Window, Windows};
use crate::promql::selector::Extended;
use crate::signal::Point;
use crate::signal::histogram::Hint;
use crate::store::Points;
use crate::unit::{Extent, UnixMillis};

/// What smoothed series are worth at each step.
pub(in crate::promql::eval) fn interpolated<'e>(
    windows: Windows<'e>,
    of: Extent,
    annotations: &'e Annotations,
    meter: &'e Meter<'e>,
) -> Lines<'e> {
    let reach = windows.reach;
    let lines = windows.each.map(move |track| {
        let track = track?;
        let remarks = Remarks::new(&track.labels, of, annotations);
        let around = Around { remarks: &remarks, numbers: &[], step: 0, at: 0, starts: false, meter };
        let column = column(&track, &reach, &around)?;
        meter.work(SERIES)?;
        Ok(Line { labels: track.labels, unnamed: track.unnamed, column })
    });
    Lines::new(lines, windows.apart)
}

/// What lies between the samples around each step; the last one where none comes after it.
fn column(track: &Track<'_>, reach: &Reach, around: &Around<'_>) -> Result<Column, EvalError> {
    track.each_window(reach, |_, window| {
        let points = &window.points;
        let next = points.times.partition_point(|time| time.millis() < window.to);
        match Seen::of(*points) {
            Seen::Mixed => {
                around.tell(Remark::Mixed);
                None
            }
            Seen::Floats => float(points, next, window.to),
            Seen::Histograms => histogram(window, next, around),
        }
    })
}

fn float(points: &Points<'_>, next: usize, at: i64) -> Option<Point> {
    let sample = |index: usize| points.sample(index);
    Some(Point::Float(match (next.checked_sub(1).and_then(sample), sample(next)) {
        (_, Some(next)) if next.at.millis() == at => next.value,
        (Some(before), Some(next)) => between(before, next, at, false),
        (Some(before), None) => before.value,
        (None, _) => return None,
    }))
}

fn histogram(window: &Window<'_>, next: usize, around: &Around<'_>) -> Option<Point> {
    let (points, at) = (&window.points, window.to);
    let time = |index: usize| points.times.get(index).map(|time| time.millis());
    if time(next) == Some(at) {
        return points.histogram(next).map(|histogram| Point::Histogram(histogram.clone()));
    }
    let before = next.checked_sub(1)?;
    let all = histograms(points);
    let one = *all.get(before)?;
    let (Some(other), Some(since), Some(until)) = (all.get(next), time(before), time(next)) else {
        // Its hint tells of the sample before it, not of what it is worth.
        return Some(Point::Histogram(Arc::new(one.clone().with_hint(Hint::Unknown))));
    };
    let counter = one.hint() != Hint::Gauge || other.hint() != Hint::Gauge;
    let alike = one.schema().is_custom() == other.schema().is_custom();
    let result = extended_histograms::between((one, other), (since, until), at, (counter, around));
    match result {
        Ok(histogram) if alike => Some(Point::Histogram(Arc::new(histogram))),
        Ok(_) | Err(_) => {
            around.tell(Remark::MixedSchemas);
            None
        }
    }
}

/// The samples of an extended window, with one at each border in place of those around.
pub(in crate::promql::eval) fn extended(
    points: &Points<'_>,
    extended: Extended,
    (from, to): (i64, i64),
) -> Result<Vec<(UnixMillis, Point)>, EvalError> {
    if Seen::of(*points) != Seen::Floats {
        let text = format!("{} modifier is not supported with histograms", extended.text());
        return Err(EvalError::Argument(text));
    }
    let Some(found) = ends(points, extended, (from, to)) else { return Ok(Vec::new()) };
    let Some((left, right)) = borders(points, found, (from, to), (extended, false)) else {
        return Ok(Vec::new());
    };
    let within = (found.0..=found.1).filter_map(|index| points.sample(index));
    let within = within.filter(|sample| from < sample.at.millis() && sample.at.millis() < to);
    let within = within.map(|sample| (sample.at, Point::Float(sample.value)));
    let border = |at: i64, value: f64| (UnixMillis::new(at), Point::Float(value));
    Ok([border(from, left)].into_iter().chain(within).chain([border(to, right)]).collect())
}
