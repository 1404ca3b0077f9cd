//! `rate`, `increase` and `delta` of histograms.

use std::sync::Arc;

use crate::promql::eval::column::Column;
use crate::promql::eval::over::Course;
use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::over::counts::Counts;
use crate::promql::eval::over::rate::{Shown, Wanted};
use crate::promql::eval::over::seen::{Seen, histograms};
use crate::promql::eval::over::started::{began, overlaps};
use crate::promql::eval::window::Window;
use crate::signal::histogram::{Hint, MixedSchemas, Parts, Resolution, Schema};
use crate::signal::{Histogram, Point};
use crate::store::Points;

pub(super) fn grown(wanted: Wanted, window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let all = histograms(&window.points);
    let resets: Vec<usize> = if wanted.counter {
        (1..all.len()).filter(|index| is_reset(&window.points, *index, around.starts)).collect()
    } else {
        Vec::new()
    };
    let overlap = |index| overlaps(&window.points, index);
    if 1 < all.len() && wanted.counter && around.starts && (1..all.len()).any(overlap) {
        around.tell(Remark::StartsOverlap);
    }
    let schema = told(same_kind(wanted, &all, resets.first() == Some(&1), around), around)?;
    of_window(wanted, window, around, &Known { all: &all, resets: resets.iter().copied(), schema })
}

/// Whether a counter began anew before a histogram.
pub(super) fn is_reset(points: &Points<'_>, index: usize, starts: bool) -> bool {
    let before = index.checked_sub(1).and_then(|before| points.histogram(before));
    match (before, points.histogram(index)) {
        (Some(before), Some(now)) => starts && began(points, index) || now.has_reset_since(before),
        (_, _) => false,
    }
}

/// The coarsest resolution of all that matter, if they have one.
fn same_kind(
    wanted: Wanted,
    all: &[&Histogram],
    first_is_lost: bool,
    around: &Around<'_>,
) -> Result<Option<Resolution>, MixedSchemas> {
    let ([first, .., last], Some(second)) = (all, all.get(1)) else { return Ok(None) };
    let is_gauge = |histogram: &Histogram| histogram.hint() == Hint::Gauge;
    if wanted.counter && all.iter().any(|histogram| is_gauge(histogram)) {
        around.tell(Remark::NotCounter);
    }
    // Of one that is lost before the second nothing is needed, not even that it is of the same kind.
    let base = if first_is_lost { second } else { first };
    let between = if wanted.counter { all.get(1..all.len() - 1).unwrap_or_default() } else { &[] };
    let mut coarsest = None;
    for histogram in [*base, *last].iter().chain(between) {
        if histogram.schema().is_custom() != base.schema().is_custom() {
            return Err(MixedSchemas);
        }
        if let Schema::Exponential(resolution) = histogram.schema() {
            coarsest = Some(coarsest.map_or(*resolution, |known: Resolution| known.min(*resolution)));
        }
    }
    Ok(coarsest)
}

/// What is known of the histograms of a window.
struct Known<'k, Resets> {
    all: &'k [&'k Histogram],
    /// Before which of them the counter began anew.
    resets: Resets,
    schema: Option<Resolution>,
}

/// The growth of the whole window, of which samples show only a part.
fn of_window(
    wanted: Wanted,
    window: &Window<'_>,
    around: &Around<'_>,
    known: &Known<'_, impl Iterator<Item = usize> + Clone>,
) -> Option<Point> {
    let (first, shown) = (known.all.first()?, Shown::of(wanted, window, around)?);
    let growth = if 1 < known.all.len() { told(known.growth(wanted, around), around)? } else { None };
    let count = growth.as_ref().map_or(0.0, Histogram::count);
    let factor = shown.factor(wanted, window, count, first.count())?;
    let mut growth = match (growth, shown.began) {
        (growth, None) => growth?,
        (None, Some(_)) => (*first).clone(),
        (Some(mut growth), Some(_)) => {
            let met = told(growth.add(first), around)?;
            around.remarks.tell_met(met, Remark::Added);
            growth
        }
    };
    growth.multiply(factor);
    Some(Point::Histogram(Arc::new(growth)))
}

fn told<T>(result: Result<T, MixedSchemas>, around: &Around<'_>) -> Option<T> {
    if result.is_err() {
        around.tell(Remark::MixedSchemas);
    }
    result.ok()
}

impl<Resets: Iterator<Item = usize> + Clone> Known<'_, Resets> {
    /// By how much they went up, with what the counter had whenever it began anew.
    fn growth(&self, wanted: Wanted, around: &Around<'_>) -> Result<Option<Histogram>, MixedSchemas> {
        let ([first, .., last], Some(second)) = (self.all, self.all.get(1)) else { return Ok(None) };
        let mut resets = self.resets.clone().peekable();
        let first_is_lost = resets.next_if_eq(&1).is_some();
        let mut growth =
            self.schema.and_then(|schema| last.reduced(schema)).unwrap_or_else(|| (*last).clone());
        let met =
            if first_is_lost { growth.subtract(&empty_like(second)?)? } else { growth.subtract(first)? };
        around.remarks.tell_met(met, Remark::Subtracted);
        for before in resets.filter_map(|index| self.all.get(index.checked_sub(1)?)) {
            if around.goes_on(before.samples()).is_none() {
                return Ok(None);
            }
            around.remarks.tell_met(growth.add(before)?, Remark::Added);
        }
        if !wanted.counter && (first.hint() != Hint::Gauge || last.hint() != Hint::Gauge) {
            around.tell(Remark::NotGauge);
        }
        let mut growth = growth.with_hint(Hint::Gauge);
        growth.compact(0);
        Ok(Some(growth))
    }
}

/// A histogram with the same bounds that counted nothing.
fn empty_like(histogram: &Histogram) -> Result<Histogram, MixedSchemas> {
    Histogram::new(Parts { schema: histogram.schema().clone(), ..Parts::default() }).map_err(|_| MixedSchemas)
}

/// With a list of all resets, each window needs only those within it. Where the histograms are not all of one kind
/// each window is looked at by itself.
pub(super) fn moving(wanted: Wanted, course: &Course<'_>) -> Option<Column> {
    let points = course.track.points();
    if Seen::of(points) != Seen::Histograms {
        return None;
    }
    let all = histograms(&points);
    let first = all.first()?;
    let alike = |histogram: &&Histogram| {
        histogram.schema() == first.schema()
            && (histogram.hint() == Hint::Gauge) == (first.hint() == Hint::Gauge)
    };
    if !all.iter().all(alike) {
        return None;
    }
    let schema = if let Schema::Exponential(resolution) = first.schema() { Some(*resolution) } else { None };
    let starts = course.around.starts;
    let resets: Vec<usize> = if wanted.counter {
        (1..points.len()).filter(|index| is_reset(&points, *index, starts)).collect()
    } else {
        Vec::new()
    };
    let overlapping =
        (wanted.counter && starts).then(|| Counts::of(points.len(), |index| overlaps(&points, index)));
    let (mut low, mut high) = (0, 0);
    Some(course.points(|step, part| {
        while resets.get(low).is_some_and(|reset| *reset <= part.start) {
            low += 1;
        }
        while resets.get(high).is_some_and(|reset| *reset < part.end) {
            high += 1;
        }
        let around = course.around(step);
        if overlapping.as_ref().is_some_and(|counts| 0 < counts.between(part.start, part.end - 1)) {
            around.tell(Remark::StartsOverlap);
        }
        if wanted.counter && 1 < part.len() && first.hint() == Hint::Gauge {
            around.tell(Remark::NotCounter);
        }
        let start = part.start;
        let resets = resets.get(low..high).unwrap_or_default().iter().map(|reset| reset - start);
        let window = Window::of(points, part.clone(), course.reach, step);
        of_window(wanted, &window, &around, &Known { all: all.get(part)?, resets, schema })
    }))
}
