//! Appending: which samples are taken, and what became of the others.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::AddAssign;

use crate::signal::{Labels, Observation, Series};
use crate::store::Store;
use crate::store::index::SeriesId;
use crate::store::stored::{Added, Stored};
use crate::unit::UnixMillis;

/// What became of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Appended {
    /// Kept.
    pub taken: u64,
    /// There was one of the same series and time; the first is kept.
    pub duplicate: u64,
    /// Older than the newest of its series.
    pub out_of_order: u64,
    /// Older than anything that is kept.
    pub too_old: u64,
    /// Further ahead of the clock than clocks differ.
    pub in_the_future: u64,
    /// Of a series that there is no room for.
    pub over_series: u64,
    /// There is no room for more samples.
    pub over_samples: u64,
}

impl Appended {
    /// How many were neither taken nor known.
    pub const fn refused(self) -> u64 {
        self.out_of_order + self.too_old + self.in_the_future + self.over_series + self.over_samples
    }

    fn tell(&mut self, fate: Fate) {
        *match fate {
            Fate::Added(Added::Newest) => &mut self.taken,
            Fate::Added(Added::Known) => &mut self.duplicate,
            Fate::Added(Added::Late) => &mut self.out_of_order,
            Fate::TooOld => &mut self.too_old,
            Fate::InTheFuture => &mut self.in_the_future,
            Fate::OverSeries => &mut self.over_series,
            Fate::OverSamples => &mut self.over_samples,
        } += 1;
    }
}

impl AddAssign for Appended {
    fn add_assign(&mut self, other: Self) {
        self.taken += other.taken;
        self.duplicate += other.duplicate;
        self.out_of_order += other.out_of_order;
        self.too_old += other.too_old;
        self.in_the_future += other.in_the_future;
        self.over_series += other.over_series;
        self.over_samples += other.over_samples;
    }
}

/// What became of one sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Added(Added),
    TooOld,
    InTheFuture,
    OverSeries,
    OverSamples,
}

impl Store {
    /// Appends a batch. What cannot be taken is counted, and hinders nothing that can.
    pub fn append(&mut self, batch: &[Series], now: UnixMillis) -> Appended {
        let mut appended = Appended::default();
        for series in batch {
            appended += self.observe(&series.labels, series.samples.iter().cloned(), now);
        }
        appended
    }

    /// Appends what was observed of one series, histograms among it.
    pub fn observe(
        &mut self,
        labels: &Labels,
        observations: impl IntoIterator<Item = Observation>,
        now: UnixMillis,
    ) -> Appended {
        let mut appended = Appended::default();
        let mut id = self.find(labels);
        for observation in observations {
            appended.tell(self.take(&mut id, labels, observation, now));
        }
        self.totals += appended;
        appended
    }

    fn take(
        &mut self,
        id: &mut Option<SeriesId>,
        labels: &Labels,
        sample: Observation,
        now: UnixMillis,
    ) -> Fate {
        if sample.at < now.minus(self.bounds.retention) {
            return Fate::TooOld;
        }
        if now.plus(self.bounds.ahead) < sample.at {
            return Fate::InTheFuture;
        }
        if id.is_none() && self.bounds.series <= self.series.len() {
            self.lost = self.lost.max(Some(sample.at));
            return Fate::OverSeries;
        }
        if self.bounds.samples <= self.samples {
            return self.without_room(*id, sample.at);
        }
        // A series comes to be with its first sample, so that none is ever empty.
        let id = *id.get_or_insert_with(|| self.begin(labels));
        let (at, weight) = (sample.at, sample.weight());
        let added = self.series.get_mut(&id).map_or(Added::Late, |stored| stored.add(sample));
        if added == Added::Newest {
            self.samples += weight;
            self.reaches_back_to(at);
        }
        Fate::Added(added)
    }

    pub(super) fn reaches_back_to(&mut self, at: UnixMillis) {
        self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
    }

    /// A full store still knows a sample that it has.
    fn without_room(&mut self, id: Option<SeriesId>, at: UnixMillis) -> Fate {
        let stored = id.and_then(|id| self.series.get(&id));
        if stored.and_then(|stored| stored.at(at)).is_some() {
            return Fate::Added(Added::Known);
        }
        self.lost = self.lost.max(Some(at));
        Fate::OverSamples
    }

    /// The series with these very labels.
    pub fn known(&self, labels: &Labels) -> Option<&Stored> {
        self.series.get(&self.find(labels)?)
    }

    pub(super) fn find(&self, labels: &Labels) -> Option<SeriesId> {
        let hash = hash(labels);
        let alike = self.known.range((hash, SeriesId::MIN)..=(hash, SeriesId::MAX)).map(|(_, id)| *id);
        alike.into_iter().find(|id| self.series.get(id).is_some_and(|stored| stored.labels() == labels))
    }

    pub(super) fn begin(&mut self, labels: &Labels) -> SeriesId {
        let id = self.next;
        self.next += 1;
        self.known.insert((hash(labels), id));
        self.index.add(id, labels);
        self.label_bytes += label_bytes(labels);
        self.series.insert(id, Stored::new(labels.clone()));
        id
    }
}

/// Finds labels quickly. It is the same in every run and is never iterated; many labels of one hash cannot be made
/// up in advance, which a sender could do with a simpler one to make each look-up slow.
pub(super) fn hash(labels: &Labels) -> u64 {
    let mut hasher = DefaultHasher::new();
    labels.hash(&mut hasher);
    hasher.finish()
}

/// What labels take, roughly: their texts, and the place of the end of each.
pub(super) fn label_bytes(labels: &Labels) -> usize {
    labels.iter().map(|(name, value)| name.len() + value.len() + 2 * size_of::<usize>()).sum()
}
