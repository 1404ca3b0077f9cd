//! Windows: the samples of each series that a range function sees at each step.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::promql::eval::column::{Cell, Column, is_none};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::line::Line;
use crate::promql::eval::reach::Reach;
use crate::promql::eval::read;
use crate::signal::histogram::Hint;
use crate::signal::{Histogram, Labels, Point, is_stale};
use crate::store::Points;
use crate::unit::UnixMillis;

/// Series with all samples that a range vector has of them over all steps, made one at a time.
pub(super) struct Windows<'e> {
    pub(super) reach: Reach,
    pub(super) each: Box<dyn Iterator<Item = Result<Track<'e>, EvalError>> + 'e>,
    /// Whether the labels tell them apart with the name off.
    pub(super) apart: bool,
}

/// The samples of one series; no marker of an end among them.
pub(super) struct Track<'e> {
    pub(super) labels: Cow<'e, Labels>,
    /// Whether the metric's name is still to be taken off.
    pub(super) unnamed: bool,
    samples: Samples<'e>,
}

enum Samples<'e> {
    Stored(Points<'e>),
    Made(Made),
}

/// Samples that are not stored like this.
#[derive(Default)]
struct Made {
    times: Vec<UnixMillis>,
    values: Vec<f64>,
    histograms: Vec<Option<Arc<Histogram>>>,
    starts: Vec<Option<UnixMillis>>,
}

/// What a range function sees of one series at one step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'w> {
    /// The samples after `from` and up to `to`; those around as well where the window is extended.
    pub(super) points: Points<'w>,
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) reach: &'w Reach,
}

impl<'w> Window<'w> {
    /// The window of a step that holds this part of all samples.
    pub(super) fn of(points: Points<'w>, part: Range<usize>, reach: &'w Reach, step: usize) -> Self {
        Self {
            points: points.part(part.start, part.end),
            from: reach.start(step),
            to: reach.end(step),
            reach,
        }
    }
}

impl<'e> Track<'e> {
    /// What is stored of a series; `watched` has it told of each histogram whether its counter fell.
    pub(super) fn stored(labels: &'e Labels, points: Points<'e>, watched: bool) -> Self {
        let watched = watched && !points.histograms.is_empty();
        let samples = if watched || points.values.iter().any(|value| is_stale(*value)) {
            Samples::Made(Made::without_ends(points, watched))
        } else {
            Samples::Stored(points)
        };
        Self { labels: Cow::Borrowed(labels), unnamed: false, samples }
    }

    /// What a line was worth at the steps of a subquery.
    pub(super) fn evaluated(line: Line<'e>, moments: impl Iterator<Item = i64>) -> Self {
        let samples = Samples::Made(Made::of(&line.column, moments));
        Self { labels: line.labels, unnamed: line.unnamed, samples }
    }

    pub(super) fn points(&self) -> Points<'_> {
        match &self.samples {
            Samples::Stored(points) => *points,
            Samples::Made(made) => Points {
                times: &made.times,
                values: &made.values,
                histograms: &made.histograms,
                starts: &made.starts,
            },
        }
    }

    /// What a function makes of the window at each step; it is not asked where there are no samples.
    pub(super) fn each_window(
        &self,
        reach: &Reach,
        mut value: impl FnMut(usize, &Window<'_>) -> Option<Point>,
    ) -> Column {
        let points = self.points();
        self.each_part(reach, |index, part| value(index, &Window::of(points, part, reach, index)))
    }

    /// The same for a function that knows all samples and asks only which of them lie in the window.
    pub(super) fn each_part(
        &self,
        reach: &Reach,
        mut value: impl FnMut(usize, Range<usize>) -> Option<Point>,
    ) -> Column {
        let times = self.points().times;
        let mut column = Column::empty(reach.grid.len());
        let (mut low, mut high) = (0, 0);
        for index in 0..reach.grid.len() {
            let (after, until) = reach.samples(index);
            // No step looks further back than the one before it.
            low = advanced(times, low, after);
            high = advanced(times, high.max(low), until);
            if low < high {
                column.set(index, value(index, low..high));
            }
        }
        column
    }
}

/// How many times there are up to `until`, of which the first so many are known to be.
pub(super) fn advanced(times: &[UnixMillis], known: usize, until: i64) -> usize {
    let until = UnixMillis::new(until);
    let rest = times.get(known..).unwrap_or_default();
    // Most steps go on by few samples.
    match rest.iter().take(NEAR).position(|time| until < *time) {
        Some(further) => known + further,
        None => known + rest.partition_point(|time| *time <= until),
    }
}

const NEAR: usize = 16;

impl Made {
    fn without_ends(points: Points<'_>, watched: bool) -> Self {
        let mut made = Self::default();
        for index in 0..points.len() {
            let Some(sample) = points.sample(index).filter(|sample| !is_stale(sample.value)) else {
                continue;
            };
            made.times.push(sample.at);
            made.values.push(sample.value);
            let told = if watched { read::watched(points, index) } else { points.histogram(index).cloned() };
            if !points.histograms.is_empty() {
                made.histograms.push(told);
            }
            made.starts.extend(points.starts.get(index));
        }
        made
    }

    fn of(column: &Column, moments: impl Iterator<Item = i64>) -> Self {
        let mut made = Self::default();
        for (at, cell) in moments.zip(column.cells()) {
            let (value, histogram) = match cell {
                Cell::None => continue,
                Cell::Float(value) => (value, None),
                Cell::Histogram(histogram) => (f64::NAN, Some(unhinted(histogram))),
            };
            debug_assert!(!is_none(value));
            made.times.push(UnixMillis::new(at));
            made.values.push(value);
            if column.is_mixed() {
                made.histograms.push(histogram);
            }
        }
        made
    }
}

/// A histogram without what its hint says of the one before it: that may be another one here.
fn unhinted(histogram: &Arc<Histogram>) -> Arc<Histogram> {
    match histogram.hint() {
        Hint::Unknown | Hint::Gauge => histogram.clone(),
        Hint::Reset | Hint::NotReset => Arc::new(Histogram::clone(histogram).with_hint(Hint::Unknown)),
    }
}
