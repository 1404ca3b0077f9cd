//! A stored series: its labels, and its samples in the order of their times.

use std::collections::VecDeque;

use crate::signal::{Labels, Sample, is_stale};
use crate::unit::{Span, UnixMillis};

/// A series with the samples that are kept of it.
#[derive(Debug, Clone)]
pub struct Stored {
    labels: Labels,
    /// Each later than the one before it.
    samples: VecDeque<Sample>,
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
        Self { labels, samples: VecDeque::new(), forgot: false }
    }

    /// What it is known by.
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Every sample, markers of its end among them.
    pub fn samples(&self) -> impl Iterator<Item = Sample> {
        self.samples.iter().copied()
    }

    /// The samples after `from` and up to `to`, markers of its end among them.
    pub fn between(&self, from: UnixMillis, to: UnixMillis) -> impl Iterator<Item = Sample> {
        let start = self.up_to(from);
        self.samples.range(start..self.up_to(to).max(start)).copied()
    }

    /// What an expression that is evaluated at `at` sees of it: its last sample less than `lookback` ago, unless that
    /// one says that it ended.
    pub fn seen(&self, at: UnixMillis, lookback: Span) -> Option<Sample> {
        let newest = self.up_to(at).checked_sub(1).and_then(|index| self.samples.get(index)).copied()?;
        (at.minus(lookback) < newest.at && !is_stale(newest.value)).then_some(newest)
    }

    /// Its last value up to a time, however old; a marker of its end is no value.
    pub fn last(&self, at: UnixMillis) -> Option<Sample> {
        self.samples.range(..self.up_to(at)).rev().find(|sample| !is_stale(sample.value)).copied()
    }

    /// Its sample of exactly that time.
    pub(super) fn at(&self, at: UnixMillis) -> Option<Sample> {
        let found = self.samples.binary_search_by_key(&at, |kept| kept.at).ok()?;
        self.samples.get(found).copied()
    }

    /// Its first value after a time.
    pub(super) fn next(&self, after: UnixMillis) -> Option<Sample> {
        self.samples.range(self.up_to(after)..).find(|sample| !is_stale(sample.value)).copied()
    }

    /// Its first value.
    pub(super) fn first(&self) -> Option<Sample> {
        self.samples.iter().find(|sample| !is_stale(sample.value)).copied()
    }

    pub(super) const fn forgot(&self) -> bool {
        self.forgot
    }

    /// Adds a sample, unless there is one of its time or a later one. A sender that times out sends its batch again:
    /// keeping the first copy makes that change nothing.
    pub(super) fn add(&mut self, sample: Sample) -> Added {
        match self.samples.back() {
            Some(newest) if sample.at <= newest.at => {
                if self.at(sample.at).is_some() {
                    Added::Known
                } else {
                    Added::Late
                }
            }
            Some(_) | None => {
                self.samples.push_back(sample);
                Added::Newest
            }
        }
    }

    /// Drops the samples before a time, and tells how many those were.
    pub(super) fn forget(&mut self, before: UnixMillis) -> usize {
        let dropped = self.samples.partition_point(|sample| sample.at < before);
        if dropped == 0 {
            return 0;
        }
        self.samples.drain(..dropped);
        self.forgot = true;
        if self.samples.len() < self.samples.capacity() / 4 {
            self.samples.shrink_to(self.samples.len() * 2);
        }
        dropped
    }

    pub(super) fn into_labels(self) -> Labels {
        self.labels
    }

    pub(super) fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    fn up_to(&self, at: UnixMillis) -> usize {
        self.samples.partition_point(|sample| sample.at <= at)
    }
}
