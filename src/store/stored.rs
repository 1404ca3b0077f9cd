//! A stored series: its labels, and its samples in the order of their times.

use crate::signal::{Labels, Observation, Sample, is_stale};
use crate::store::columns::{Columns, Points};
use crate::unit::{Span, UnixMillis};

/// A series with the samples that are kept of it.
#[derive(Debug, Clone)]
pub struct Stored {
    labels: Labels,
    columns: Columns,
    /// Whether samples of it were dropped: then the first that is kept is not its first.
    forgot: bool,
}

/// What became of a sample that was to be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// It is kept.
    Newest,
    /// There is one of that time.
    Known,
    /// There is a later one.
    Late,
}

impl Stored {
    pub(super) fn new(labels: Labels) -> Self {
        Self { labels, columns: Columns::default(), forgot: false }
    }

    /// What it is known by.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// All that is kept, markers of its end among it.
    pub fn points(&self) -> Points<'_> {
        self.columns.points()
    }

    /// Every sample, markers of its end among them; a histogram is no number.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        samples(self.points())
    }

    /// The samples after `from` and up to `to`, markers of its end among them.
    pub fn between(&self, from: UnixMillis, to: UnixMillis) -> impl Iterator<Item = Sample> {
        samples(self.points().between(from, to))
    }

    /// What an expression that is evaluated at `at` sees of it: its last sample less than `lookback` ago, unless that
    /// one says that it ended.
    pub fn seen(&self, at: UnixMillis, lookback: Span) -> Option<Sample> {
        let points = self.points();
        let newest = points.up_to(at).checked_sub(1).and_then(|index| points.sample(index))?;
        (at.minus(lookback) < newest.at && !is_stale(newest.value)).then_some(newest)
    }

    /// Its last value up to a time, however old; a marker of its end is no value.
    pub fn last(&self, at: UnixMillis) -> Option<Sample> {
        let points = self.points();
        let before = points.part(0, points.up_to(at));
        let index = before.values.iter().rposition(|value| !is_stale(*value))?;
        before.sample(index)
    }

    /// Its sample of exactly that time.
    pub(super) fn at(&self, at: UnixMillis) -> Option<Sample> {
        let points = self.points();
        points.sample(points.times.binary_search(&at).ok()?)
    }

    /// Its first value after a time.
    pub(super) fn next(&self, after: UnixMillis) -> Option<Sample> {
        let points = self.points();
        samples(points.part(points.up_to(after), points.len())).find(|sample| !is_stale(sample.value))
    }

    /// Its first value.
    pub(super) fn first(&self) -> Option<Sample> {
        self.samples().find(|sample| !is_stale(sample.value))
    }

    pub(super) const fn forgot(&self) -> bool {
        self.forgot
    }

    /// Adds a sample, unless there is one of its time or a later one. A sender that times out sends its batch again:
    /// keeping the first copy makes that change nothing.
    pub(super) fn add(&mut self, observation: Observation) -> Added {
        match self.points().times.last() {
            Some(newest) if observation.at <= *newest => {
                if self.at(observation.at).is_some() {
                    Added::Known
                } else {
                    Added::Late
                }
            }
            Some(_) | None => {
                self.columns.push(observation);
                Added::Newest
            }
        }
    }

    /// All that is kept, as it came.
    pub(super) fn observations(&self) -> impl Iterator<Item = Observation> {
        let points = self.points();
        (0..points.len()).filter_map(move |index| points.observation(index))
    }

    /// Drops all samples, to be given others.
    pub(super) fn empty(&mut self) {
        self.columns = Columns::default();
    }

    /// Drops the samples before a time, and tells as how many those were counted.
    pub(super) fn forget(&mut self, before: UnixMillis) -> usize {
        let dropped = self.columns.forget(before);
        self.forgot |= 0 < dropped;
        dropped
    }

    /// The same, but for the last number before that time, against which the next one is held.
    pub(super) fn forget_all_but_last(&mut self, before: UnixMillis) -> usize {
        let points = self.points();
        let old = points.times.partition_point(|time| *time < before);
        let counts = |index: &usize| {
            points.values.get(*index).is_some_and(|value| !value.is_nan())
                || points.histogram(*index).is_some()
        };
        let last = (0..old).rev().find(counts).or_else(|| old.checked_sub(1));
        let last = last.and_then(|last| points.times.get(last)).copied();
        last.map_or(0, |last| self.forget(last))
    }

    /// As how many samples all that is kept counts.
    pub(super) fn weight(&self) -> usize {
        let points = self.points();
        if points.histograms.is_empty() {
            return points.len();
        }
        self.observations().map(|observation| observation.weight()).sum()
    }

    pub(super) fn into_labels(self) -> Labels {
        self.labels
    }

    pub(super) fn is_empty(&self) -> bool {
        self.points().is_empty()
    }
}

fn samples(points: Points<'_>) -> impl Iterator<Item = Sample> {
    let both = points.times.iter().zip(points.values);
    both.map(|(at, value)| Sample { at: *at, value: *value })
}
