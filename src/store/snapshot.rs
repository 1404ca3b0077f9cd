//! Snapshots: what there is of some series at one moment, read at leisure.
//!
//! Whoever reads a store for long keeps samples from coming in and looks from being taken. So series are found in short
//! turns, between which others have theirs, and the samples of each are copied when they are asked for, a few series at
//! a time: they are worked on while they are near, and never all held. All of it is as of one moment: series only ever
//! grow at their ends, so what came later is told by its time and left out. Only what is older than the retention may
//! leave in between; nobody is promised that.
//!
//! Columns that are shared until they are written to would make copying free, and appending dear: each sample that comes
//! in while somebody reads would copy a day of its series.

use std::collections::VecDeque;
use std::slice;

use crate::signal::Labels;
use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::columns::{Columns, Points};
use crate::store::search::{Found, LOOKED_AT};
use crate::store::stored::Stored;
use crate::unit::UnixMillis;

/// How many samples are copied in one turn, and in one more series: what a core has near it, in some microseconds.
const COPIED: usize = 1 << 13;

/// How many samples a series counts as at least, as finding it takes its time.
const LEAST: usize = 64;

/// Samples that somebody wants to read: of the series that pass, those after one time and up to another.
#[derive(Debug, Clone)]
pub struct Wanted<A> {
    /// What is asked of the series.
    pub asks: Vec<A>,
    /// Samples of this time and before are not wanted.
    pub after: UnixMillis,
    /// Nor are those after this one.
    pub to: UnixMillis,
}

/// What there is of some series at one moment.
#[derive(Debug)]
pub struct Snapshot<A>(pub(super) Vec<(Wanted<A>, Vec<Found>)>);

/// How somebody gets at the store that a snapshot is of, each time for a short while.
pub type Access<'s> = dyn Fn(&mut dyn FnMut(&Store)) + 's;

/// What is read of a series.
#[derive(Debug)]
pub struct Lot<'s> {
    /// What it is known by.
    pub labels: &'s Labels,
    samples: Samples<'s>,
}

#[derive(Debug)]
enum Samples<'s> {
    Lent(Points<'s>),
    Copied(Columns),
}

/// Series of a snapshot, read one after the other.
pub struct Reading<'s> {
    access: &'s Access<'s>,
    found: slice::Iter<'s, Found>,
    after: UnixMillis,
    to: UnixMillis,
    ready: VecDeque<Lot<'s>>,
}

impl Store {
    /// How much is asked of how many series until those are found that are wanted.
    pub fn asked_of<A: Asks>(&self, wanted: &[Wanted<A>]) -> usize {
        let asked = |wanted: &Wanted<A>| {
            let among = self.narrowest(&wanted.asks).map_or(self.series.len(), <[_]>::len);
            wanted.asks.len().max(1) * (1 + among)
        };
        wanted.iter().map(asked).sum()
    }
}

impl<A: Asks + PartialEq> Snapshot<A> {
    /// How many series and how many samples it has, where that is quickly told: where they are few.
    pub fn few(&self, access: &Access<'_>) -> Option<(usize, usize)> {
        let series = self.0.iter().map(|(_, found)| found.len()).sum();
        let mut samples = 0;
        if LOOKED_AT < series {
            return None;
        }
        access(&mut |store| {
            for (Wanted { after, to, .. }, found) in &self.0 {
                samples += found.iter().map(|own| own.points(store, *after, *to).len()).sum::<usize>();
            }
        });
        Some((series, samples))
    }

    /// The series that pass, in the order of their labels, with their samples after one time and up to another.
    pub fn read<'s>(
        &'s self,
        asks: &[A],
        (after, to): (UnixMillis, UnixMillis),
        access: &'s Access<'s>,
    ) -> Reading<'s> {
        let found = self.0.iter().find(|(wanted, _)| wanted.asks == asks);
        let found = found.map_or(&[][..], |(_, found)| found).iter();
        Reading { access, found, after, to, ready: VecDeque::new() }
    }
}

impl Found {
    /// Its samples between these times, as of the moment of the snapshot.
    fn points<'s>(&self, store: &'s Store, after: UnixMillis, to: UnixMillis) -> Points<'s> {
        let points = store.series.get(&self.id).map(Stored::points).unwrap_or_default();
        points.between(after, to.min(self.last))
    }
}

impl<'s> Lot<'s> {
    /// Samples that stay where they are.
    pub const fn lent(labels: &'s Labels, points: Points<'s>) -> Self {
        Self { labels, samples: Samples::Lent(points) }
    }

    /// Its samples, markers of its end among them.
    pub fn points(&self) -> Points<'_> {
        match &self.samples {
            Samples::Lent(points) => *points,
            Samples::Copied(columns) => columns.points(),
        }
    }
}

impl Reading<'_> {
    fn copy(&mut self) {
        let Self { access, found, after, to, ready } = self;
        access(&mut |store| {
            let mut left = COPIED;
            while 0 < left
                && let Some(own) = found.next()
            {
                let points = own.points(store, *after, *to);
                left = left.saturating_sub(points.len().max(LEAST));
                if !points.is_empty() {
                    let samples = Samples::Copied(Columns::of(points));
                    ready.push_back(Lot { labels: &own.labels, samples });
                }
            }
        });
    }
}

impl<'s> Iterator for Reading<'s> {
    type Item = Lot<'s>;

    fn next(&mut self) -> Option<Lot<'s>> {
        while self.ready.is_empty() && !self.found.as_slice().is_empty() {
            self.copy();
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signal::{STALE, Sample, Series};
    use crate::store::tests::{of, secs, store};
    use crate::store::{Is, Search};

    use std::cell::RefCell;

    /// The snapshot of a store, as somebody takes it who waits for nobody.
    fn whole<'a>(store: &Store, wanted: Vec<Wanted<Is<'a>>>) -> Snapshot<Is<'a>> {
        let access: &Access<'_> = &|look| look(store);
        let mut search = Search::new(wanted);
        while !search.go_on(access) {}
        search.done(access)
    }

    fn bits(points: Points<'_>) -> Vec<(i64, u64)> {
        points.times.iter().zip(points.values).map(|(at, value)| (at.millis(), value.to_bits())).collect()
    }

    fn told<'l>(lots: impl Iterator<Item = Lot<'l>>) -> Vec<(String, Vec<(i64, u64)>)> {
        lots.map(|lot| (lot.labels.to_string(), bits(lot.points()))).collect()
    }

    #[test]
    fn what_comes_while_it_is_read_is_left_out() {
        let store = store(&[of("a", &[(0, 1.0), (10, 2.0)]), of("b", &[(0, 3.0)])]);
        let wanted = Wanted::<Is<'_>> { asks: Vec::new(), after: secs(-1), to: secs(100) };
        let snapshot = whole(&store, vec![wanted]);
        assert_eq!(snapshot.few(&|look| look(&store)), Some((2, 3)));
        let store = RefCell::new(store);
        let access: &Access<'_> = &|look: &mut dyn FnMut(&Store)| look(&store.borrow());
        let reading = snapshot.read(&[], (secs(-1), secs(100)), access);
        store.borrow_mut().append(&[of("a", &[(20, 9.0)]), of("c", &[(20, 9.0)])], secs(20));
        let samples: Vec<usize> = reading.map(|lot| lot.points().len()).collect();
        assert_eq!(samples, [2, 1]);
    }

    #[test]
    fn nobody_holds_the_store_for_longer_than_a_turn() {
        let long: Vec<(i64, f64)> = (0..i64::try_from(COPIED).unwrap()).map(|at| (at, 1.0)).collect();
        let series: Vec<Series> = (0..4).map(|name| of(&name.to_string(), &long)).collect();
        let store = store(&series);
        let wanted = Wanted::<Is<'_>> { asks: Vec::new(), after: secs(-1), to: secs(1 << 20) };
        let snapshot = whole(&store, vec![wanted]);
        let turns = RefCell::new(0);
        let access: &Access<'_> = &|look: &mut dyn FnMut(&Store)| {
            *turns.borrow_mut() += 1;
            look(&store);
        };
        let mut seen = 0;
        for lot in snapshot.read(&[], (secs(-1), secs(1 << 20)), access) {
            seen += 1;
            assert_eq!((lot.points().len(), *turns.borrow()), (COPIED, seen));
        }
        assert_eq!(seen, 4);
    }

    proptest! {
        /// Whatever is wanted is there, and read as it would be from the whole.
        #[test]
        fn a_snapshot_has_what_is_wanted(
            series in prop::collection::vec(prop::collection::btree_set(0_i64..60, 0..12), 1..6),
            wants in prop::collection::vec((0_usize..6, 0_i64..60, 0_i64..60), 0..4),
        ) {
            let all: Vec<Series> = series.iter().enumerate().map(|(index, times)| {
                let value = |at: &i64| if at % 7 == 0 { f64::from_bits(STALE) } else { f64::from(u32::try_from(*at).unwrap()) };
                Series {
                    labels: of(&index.to_string(), &[]).labels,
                    samples: times.iter().map(|at| Sample { at: secs(*at), value: value(at) }.into()).collect(),
                }
            }).collect();
            let store = store(&all);
            let names: Vec<String> = (0..6).map(|index| index.to_string()).collect();
            let wanted = wants.iter().map(|(index, after, to)| Wanted {
                asks: vec![Is { label: crate::signal::NAME, value: &names[*index] }],
                after: secs(*after),
                to: secs(*to),
            });
            let wanted: Vec<Wanted<Is<'_>>> = wanted.collect();
            let snapshot = whole(&store, wanted.clone());
            for own in wanted {
                let access: &Access<'_> = &|look| look(&store);
                let read = snapshot.read(&own.asks, (own.after, own.to), access);
                let found = store.select(&own.asks).into_iter();
                let each = found.map(|stored| (stored.labels().to_string(), bits(stored.points().between(own.after, own.to))));
                let expected: Vec<_> = each.filter(|(_, samples)| !samples.is_empty()).collect();
                prop_assert_eq!(told(read), expected);
            }
        }
    }
}
