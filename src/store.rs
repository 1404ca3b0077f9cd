//! The sample store: what sources sent, in memory, for as long as a gate may look back; and the reader that makes
//! counts of it.
//!
//! Nothing that it answers depends on the order in which series came to be known. What does not fit its bounds is
//! refused and counted, never silently dropped.

mod bounds;
mod asks;
mod columns;
mod stored;
mod index;
mod append;
mod graft;
mod prune;
mod select;
mod search;
mod snapshot;
mod growth;
mod stretches;
mod sight;
mod hearing;
mod lag;
mod tally;
mod spread;
mod group;

pub use append::Appended;
pub use asks::{Asks, Is};
pub use bounds::{AHEAD, Bounds, RETENTION, SAMPLES, SERIES};
pub use columns::Points;
pub use group::group_of;
pub use growth::{First, Growth, NotACount, increases};
pub use hearing::heard_up_to;
pub use lag::lags;
pub use prune::Kept;
pub use search::Search;
pub use snapshot::{Access, Lot, Reading, Snapshot, Wanted};
pub use spread::{
    Edge, Gives, Grain, Groups, Spread, coarsest, has_histograms, shared_bounds, spreads, untold,
};
pub use stored::Stored;
pub use tally::{Bases, Increase, LOOKBACK, NAMED_BASES, Window, tallies, tally};

use std::collections::{BTreeMap, BTreeSet};

use crate::store::index::{Index, SeriesId};
use crate::unit::UnixMillis;

/// Samples by series, found by their labels.
#[derive(Debug, Clone)]
pub struct Store {
    bounds: Bounds,
    series: BTreeMap<SeriesId, Stored>,
    /// Each series by the hash of its labels.
    known: BTreeSet<(u64, SeriesId)>,
    index: Index,
    /// The next series' id. None is ever used again, so a newer series has the greater one.
    next: SeriesId,
    samples: usize,
    /// No sample is older, and the oldest was that old once.
    oldest: Option<UnixMillis>,
    label_bytes: usize,
    totals: Appended,
    /// The newest time of a sample that was refused for want of room.
    lost: Option<UnixMillis>,
    swept: Option<UnixMillis>,
}

/// What a series takes besides its labels and samples, roughly: its place in the maps and lists.
const SERIES_BYTES: usize = 256;

/// What a sample takes, roughly: itself, and half as much for room to grow.
const SAMPLE_BYTES: usize = 24;

impl Store {
    /// An empty store.
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            series: BTreeMap::new(),
            known: BTreeSet::new(),
            index: Index::default(),
            next: 0,
            samples: 0,
            oldest: None,
            label_bytes: 0,
            totals: Appended::default(),
            lost: None,
            swept: None,
        }
    }

    /// What it may hold.
    pub const fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// It may hold so much from now on. What it holds by then stays.
    pub fn bound(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// Of how many series the last sample lies after one time and up to another.
    pub fn heard_last(&self, after: UnixMillis, to: UnixMillis) -> usize {
        let lasts = self.series.values().filter_map(|stored| stored.points().times.last());
        lasts.filter(|last| after < **last && **last <= to).count()
    }

    /// How many series it holds.
    pub fn series(&self) -> usize {
        self.series.len()
    }

    /// How many samples it holds; a histogram counts as many as take its room.
    pub const fn samples(&self) -> usize {
        self.samples
    }

    /// How many bytes it takes, roughly.
    pub fn bytes(&self) -> usize {
        self.samples * SAMPLE_BYTES + self.label_bytes + self.series.len() * SERIES_BYTES
    }

    /// What became of every sample since the store began.
    pub const fn totals(&self) -> Appended {
        self.totals
    }
}

#[cfg(test)]
mod tests;
