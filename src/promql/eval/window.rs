//! Windows: the samples of each series that a range function sees at each step.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::promql::eval::column::{Cell, Column, is_none};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::layout::{Layout, Pace};
use crate::promql::eval::line::Line;
use crate::promql::eval::meter::{Hold, Meter, SERIES};
use crate::promql::eval::reach::Reach;
use crate::promql::eval::read;
use crate::signal::histogram::Hint;
use crate::signal::{Histogram, Labels, Point, is_stale};
use crate::store::{Lot, Points};
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
    meter: &'e Meter<'e>,
    /// What is held of samples that are not stored.
    _hold: Option<Hold<'e>>,
}

enum Samples<'e> {
    Read(Lot<'e>),
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
    /// What was read of a series; `watched` has it told of each histogram whether its counter fell.
    pub(super) fn read(lot: Lot<'e>, watched: bool, meter: &'e Meter<'e>) -> Self {
        let labels = Cow::Borrowed(lot.labels);
        let points = lot.points();
        let watched = watched && !points.histograms.is_empty();
        let samples = if watched || points.values.iter().any(|value| is_stale(*value)) {
            Samples::Made(Made::without_ends(points, watched))
        } else {
            Samples::Read(lot)
        };
        Self { labels, unnamed: false, samples, meter, _hold: None }
    }

    /// What a line was worth at the steps of a subquery. Its samples are counted as held, its moments beside its values.
    pub(super) fn evaluated(
        line: Line<'e>,
        moments: impl Iterator<Item = i64>,
        meter: &'e Meter<'e>,
    ) -> Result<Self, EvalError> {
        let weight = line.column.weight();
        let mut hold = Hold::new(meter);
        hold.add(weight)?;
        meter.work(SERIES)?;
        let samples = Samples::Made(Made::of(&line.column, moments, meter));
        Ok(Self { labels: line.labels, unnamed: line.unnamed, samples, meter, _hold: Some(hold) })
    }

    /// How much work it is to go through one of its samples, at most so often as the function does that sees all of it.
    pub(super) fn pace(&self) -> Pace<'e> {
        let points = self.points();
        let parts: usize = points.histograms.iter().flatten().map(|histogram| histogram.samples()).sum();
        Pace { meter: self.meter, sample: 1 + HISTOGRAM * parts / points.len().max(1) }
    }

    pub(super) fn points(&self) -> Points<'_> {
        match &self.samples {
            Samples::Read(lot) => lot.points(),
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
    ) -> Result<Column, EvalError> {
        let points = self.points();
        let layout = Layout::of(points.times, reach, self.meter)?;
        let value = |index, part| value(index, &Window::of(points, part, reach, index));
        Ok(layout.points(self.pace(), value))
    }
}

/// How much work it is to go through sixteen bytes of a histogram, which are put into new ones.
const HISTOGRAM: usize = 8;

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

    fn of(column: &Column, moments: impl Iterator<Item = i64>, meter: &Meter<'_>) -> Self {
        let mut made = Self::default();
        for (index, (at, cell)) in moments.zip(column.cells()).enumerate() {
            if meter.is_over_at(index, 1) {
                break;
            }
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
