//! Tallies: by how much the counters that a gate asks for went up, in groups.

use std::collections::BTreeSet;

use crate::signal::Labels;
use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::growth::{NotACount, increases};
use crate::store::sight::Sights;
use crate::store::stored::Stored;
use crate::unit::{Span, UnixMillis};

/// How long a series or a target has to be silent to be gone, unless told otherwise: as long as Prometheus looks back.
pub const LOOKBACK: Span = Span::from_secs(300);

/// How many bases are named.
pub const NAMED_BASES: usize = 8;

/// A stretch of time in which increases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// After when.
    pub from: UnixMillis,
    /// Up to when.
    pub to: UnixMillis,
    /// How long silence has to last to be a gap.
    pub lookback: Span,
}

/// By how much counters went up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Increase {
    /// Each group's.
    pub groups: Vec<u64>,
    /// How many series had a value in the window.
    pub series: u32,
    /// The series of which the first value counts for nothing, since nobody knows when they began.
    pub bases: Bases,
    /// When one of them was last seen up to the end of the window; before its start, where all are silent.
    pub newest: Option<UnixMillis>,
    /// A series that does not count, and is left out: of several the first by its labels.
    pub fault: Option<NotACount>,
}

/// Series whose first value counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bases {
    /// The first of them by their labels, up to [`NAMED_BASES`].
    pub named: Vec<Labels>,
    /// How many there are.
    pub count: u32,
}

impl Increase {
    /// All groups together.
    pub fn sum(&self) -> u64 {
        self.groups.iter().fold(0, |sum, group| sum.saturating_add(*group))
    }

    pub(super) fn accuse(&mut self, fault: NotACount) {
        if self.fault.as_ref().is_none_or(|known| fault.series < known.series) {
            self.fault = Some(fault);
        }
    }
}

/// By how much the counters that pass went up in each window, each in the group that `group` finds for its labels: one
/// of so many from 0. Where it finds none, the series is left out.
pub fn tallies<A: Asks>(
    store: &Store,
    asks: &[A],
    windows: &[Window],
    groups: usize,
    group: impl Fn(&Labels) -> Option<usize>,
) -> Vec<Increase> {
    // They are looked for once: a baseline has hundreds of windows.
    let chosen: Vec<(&Stored, usize)> = store
        .matching(asks)
        .filter_map(|stored| Some((stored, group(stored.labels()).filter(|group| *group < groups)?)))
        .collect();
    windows.iter().map(|window| tally_of(store, &chosen, window, groups)).collect()
}

/// The same for one window.
pub fn tally<A: Asks>(
    store: &Store,
    asks: &[A],
    window: &Window,
    groups: usize,
    group: impl Fn(&Labels) -> Option<usize>,
) -> Increase {
    tallies(store, asks, &[*window], groups, group).pop().unwrap_or_default()
}

fn tally_of(store: &Store, chosen: &[(&Stored, usize)], window: &Window, groups: usize) -> Increase {
    let mut increase = Increase { groups: vec![0; groups], ..Increase::default() };
    let mut bases = BTreeSet::new();
    let mut sights = Sights::new(store, *window);
    for (stored, group) in chosen {
        let growth = match increases(stored, window) {
            Ok(growth) => growth,
            Err(fault) => {
                increase.accuse(fault);
                continue;
            }
        };
        increase.newest = increase.newest.max(growth.newest);
        increase.series += u32::from(growth.newest.is_some_and(|newest| window.from < newest));
        let place = &mut increase.groups[*group];
        *place = place.saturating_add(growth.by);
        let Some(first) = growth.first else { continue };
        if sights.began_within(stored, first.at) {
            *place = place.saturating_add(first.count);
        } else {
            bases.insert(stored.labels());
        }
    }
    increase.bases = Bases::of(&bases);
    increase
}

impl Bases {
    pub(super) fn of(labels: &BTreeSet<&Labels>) -> Self {
        let named = labels.iter().take(NAMED_BASES).map(|labels| (*labels).clone()).collect();
        Self { named, count: u32::try_from(labels.len()).unwrap_or(u32::MAX) }
    }
}
