//! Searching: the series that pass, found in short turns, between which others have theirs. What is asked of labels may
//! take long, as a regular expression does, so it is asked while nobody waits for the store.

use crate::signal::Labels;
use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::index::SeriesId;
use crate::store::snapshot::{Access, Snapshot, Wanted};
use crate::store::stored::Stored;
use crate::unit::UnixMillis;

/// How many series are looked at in one turn.
pub(super) const LOOKED_AT: usize = 512;

/// How much is asked of them in one turn: where much is asked of each they are fewer.
const ASKED: usize = 1 << 12;

/// How many values of labels are asked about first, and how many series they may have, over all that is asked: what is
/// asked of a value is asked once, however many series have it.
const FEW_VALUES: usize = 1 << 11;
const FEW_SERIES: usize = 1 << 16;

/// Series that are being looked for.
#[derive(Debug)]
pub struct Search<A>(Vec<Seeking<A>>);

#[derive(Debug)]
struct Seeking<A> {
    wanted: Wanted<A>,
    ahead: Ahead,
    /// Series from this one on were not looked at.
    next: SeriesId,
    found: Vec<Found>,
}

/// What is still to be looked at.
#[derive(Debug)]
enum Ahead {
    /// All; nothing is known yet.
    Unknown,
    /// Which of these values of the label of each ask pass; nothing where there are too many.
    Values(Vec<Option<Vec<String>>>),
    /// These series, the last one first, and then the newer ones.
    Listed(Vec<SeriesId>),
    /// Those that were not looked at, as they are newer, or all.
    Newer,
    Nothing,
}

/// A series that passes.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) labels: Labels,
    pub(super) id: SeriesId,
    /// The time of its newest sample.
    pub(super) last: UnixMillis,
}

/// What an ask says of series with the values of its label.
struct Told<'a> {
    label: &'a str,
    /// Whether series without the label pass.
    without: bool,
    /// Values that do where those do not, or the other way round.
    values: Vec<String>,
}

impl<A: Asks> Search<A> {
    /// Begins to look for what is wanted.
    pub fn new(wanted: Vec<Wanted<A>>) -> Self {
        let seeking = |wanted| Seeking { wanted, ahead: Ahead::Unknown, next: 0, found: Vec::new() };
        Self(wanted.into_iter().map(seeking).collect())
    }

    /// Takes one turn; tells whether all are found.
    pub fn go_on(&mut self, access: &Access<'_>) -> bool {
        let next = self.0.iter_mut().find(|seeking| !seeking.is_done());
        next.map(|seeking| seeking.turn(access)).is_none()
    }

    /// How many series are found.
    pub fn found(&self) -> usize {
        self.0.iter().map(|seeking| seeking.found.len()).sum()
    }

    /// What there is of them now. Whoever still looks for some leaves those out.
    ///
    /// Each was found at another moment. So that all are told as of one, those that came since are looked at as well.
    pub fn done(mut self, access: &Access<'_>) -> Snapshot<A> {
        // In their order before anybody has to wait.
        self.0.iter_mut().for_each(Seeking::sort);
        let mut newer = Vec::new();
        access(&mut |store| newer = self.0.iter_mut().map(|seeking| seeking.as_of_now(store)).collect());
        let whole = self.0.into_iter().zip(newer).map(|(mut seeking, newer)| {
            if !newer.is_empty() {
                seeking.take(newer);
                seeking.sort();
            }
            (seeking.wanted, seeking.found)
        });
        Snapshot(whole.collect())
    }
}

impl<A: Asks> Seeking<A> {
    const fn is_done(&self) -> bool {
        matches!(self.ahead, Ahead::Nothing)
    }

    fn turn(&mut self, access: &Access<'_>) {
        let asks = &self.wanted.asks;
        match &mut self.ahead {
            Ahead::Unknown => access(&mut |store| {
                self.next = store.next;
                self.ahead = store.begun(asks);
            }),
            Ahead::Values(values) => {
                let told = asks.iter().zip(std::mem::take(values));
                let told: Vec<Told<'_>> =
                    told.filter_map(|(ask, values)| Some(Told::of(ask, values?))).collect();
                let mut having = None;
                access(&mut |store| having = store.having(&told));
                if let Some(mut ids) = having {
                    ids.retain(|id| *id < self.next);
                    self.ahead = Ahead::Listed(ids);
                } else {
                    (self.ahead, self.next) = (Ahead::Newer, 0);
                }
            }
            Ahead::Listed(_) | Ahead::Newer | Ahead::Nothing => {
                let mut some = Vec::new();
                access(&mut |store| some = self.some(store));
                self.take(some);
            }
        }
    }

    /// Those that are looked at in one turn, as far as they are still there.
    fn some(&mut self, store: &Store) -> Vec<Found> {
        let most = (ASKED / self.wanted.asks.len().max(1)).clamp(1, LOOKED_AT);
        match &mut self.ahead {
            Ahead::Listed(ids) => {
                let some = ids.split_off(ids.len().saturating_sub(most));
                if ids.is_empty() {
                    self.ahead = Ahead::Newer;
                }
                some.into_iter().filter_map(|id| Found::of(id, store.series.get(&id)?)).collect()
            }
            Ahead::Newer => {
                let some = self.newer(store, most);
                if store.series.range(self.next..).next().is_none() {
                    self.ahead = Ahead::Nothing;
                }
                some
            }
            Ahead::Unknown | Ahead::Values(_) | Ahead::Nothing => Vec::new(),
        }
    }

    /// So many that were not looked at.
    fn newer(&mut self, store: &Store, most: usize) -> Vec<Found> {
        let some: Vec<_> = store.series.range(self.next..).take(most).collect();
        self.next = some.last().map_or(self.next, |(id, _)| **id + 1);
        some.into_iter().filter_map(|(id, stored)| Found::of(*id, stored)).collect()
    }

    /// Keeps those that pass.
    fn take(&mut self, some: Vec<Found>) {
        let asks = &self.wanted.asks;
        let passes = |own: &Found| asks.iter().all(|ask| ask.accepts(own.labels.get(ask.label())));
        self.found.extend(some.into_iter().filter(passes));
    }

    fn sort(&mut self) {
        self.found.sort_unstable_by(|one, other| one.labels.cmp(&other.labels));
    }

    /// Takes note of what those have that it found, and tells which came since.
    fn as_of_now(&mut self, store: &Store) -> Vec<Found> {
        for own in &mut self.found {
            own.last = store.series.get(&own.id).and_then(newest).unwrap_or(own.last);
        }
        if self.is_done() { self.newer(store, usize::MAX) } else { Vec::new() }
    }
}

impl Found {
    fn of(id: SeriesId, stored: &Stored) -> Option<Self> {
        Some(Self { labels: stored.labels().clone(), id, last: newest(stored)? })
    }
}

impl<'a> Told<'a> {
    fn of<A: Asks>(ask: &'a A, values: Vec<String>) -> Self {
        let without = ask.accepts("");
        let values = values.into_iter().filter(|value| ask.accepts(value) != without).collect();
        Self { label: ask.label(), without, values }
    }
}

impl Store {
    /// Where to look for series that pass: in a list that has all of them, or else first at the values of labels.
    fn begun<A: Asks>(&self, asks: &[A]) -> Ahead {
        if let Some(list) = self.narrowest(asks) {
            return Ahead::Listed(list.to_vec());
        }
        let mut room = FEW_VALUES;
        let values = |ask: &A| {
            room = room.checked_sub(self.index.count(ask.label()))?;
            Some(self.index.values(ask.label()).map(str::to_owned).collect())
        };
        Ahead::Values(asks.iter().map(values).collect())
    }

    /// The series that have the values which pass, in the order of their ids; nothing where that does not say which.
    fn having(&self, told: &[Told<'_>]) -> Option<Vec<SeriesId>> {
        let each = |without: bool| told.iter().filter(move |told| told.without == without);
        let only = each(false).min_by_key(|told| self.count(told));
        let only = only.filter(|told| self.count(told) <= FEW_SERIES)?;
        let (mut ids, mut never) = (Vec::new(), Vec::new());
        self.add(only, &mut ids);
        for told in each(true) {
            self.add(told, &mut never);
        }
        never.sort_unstable();
        ids.retain(|id| never.binary_search(id).is_err());
        ids.sort_unstable();
        Some(ids)
    }

    /// How many series have one of these values.
    fn count(&self, told: &Told<'_>) -> usize {
        told.values.iter().map(|value| self.index.list(told.label, value).len()).sum()
    }

    /// Adds the series with one of these values, unless they would be many.
    fn add(&self, told: &Told<'_>, ids: &mut Vec<SeriesId>) {
        if ids.len() + self.count(told) <= FEW_SERIES {
            let lists = told.values.iter().map(|value| self.index.list(told.label, value));
            ids.extend(lists.flatten());
        }
    }
}

fn newest(stored: &Stored) -> Option<UnixMillis> {
    stored.points().times.last().copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signal::{Sample, Series};
    use crate::store::Points;
    use crate::store::tests::{NOW, of, secs, store};

    use std::cell::{Cell, RefCell};

    /// Asks for some values of a label, as a regular expression does.
    #[derive(Debug, Clone, PartialEq)]
    struct Among(&'static str, Vec<String>);

    impl Asks for Among {
        fn label(&self) -> &str {
            self.0
        }

        fn equal(&self) -> Option<&str> {
            if let [only] = self.1.as_slice() { Some(only) } else { None }
        }

        fn accepts(&self, value: &str) -> bool {
            self.1.iter().any(|own| own == value)
        }
    }

    const VALUES: [&str; 5] = ["", "x", "y", "z", "w"];

    fn named(one: usize, other: usize) -> Series {
        let pair = |name: &str, value: usize| (name.to_owned(), VALUES[value].to_owned());
        let labels = Labels::new(vec![pair("a", one), pair("b", other)]).unwrap();
        Series { labels, samples: vec![Sample { at: secs(0), value: 1.0 }.into()] }
    }

    /// What is asked twice of a store that others write to has one answer, and it is that of one moment.
    #[test]
    fn what_comes_while_it_is_looked_for_is_found_by_all_or_by_none() {
        for (label, values) in
            [("__name__", "x"), ("__name__", "x,y"), ("b", ",2,w"), ("b", ","), ("a", "0,1")]
        {
            let values: Vec<String> = values.split(',').map(str::to_owned).collect();
            // The same, asked otherwise.
            let both =
                [values.clone(), [values.clone(), values].concat()].map(|values| vec![Among(label, values)]);
            let store = RefCell::new(store(&[of("x a=0", &[(0, 1.0)]), of("y b=w", &[(0, 1.0)])]));
            let turn = Cell::new(1);
            let access: &Access<'_> = &|look: &mut dyn FnMut(&Store)| {
                look(&store.borrow());
                if turn.get() < 20 {
                    turn.set(turn.get() + 1);
                    let at = [(turn.get(), 1.0)];
                    let came =
                        [format!("x a={}", turn.get()), format!("y b={}", turn.get()), "x a=0".to_owned()];
                    store.borrow_mut().append(&came.map(|name| of(&name, &at)), NOW);
                }
            };
            let wanted = both.clone().map(|asks| Wanted { asks, after: secs(-1), to: secs(1 << 20) });
            let mut search = Search::new(wanted.to_vec());
            while !search.go_on(access) {}
            let there = store.borrow().clone();
            let snapshot = search.done(access);
            assert!(turn.get() < 20, "somebody wrote all the while");
            let told = |labels: &Labels, points: Points<'_>| (labels.to_string(), points.times.to_vec());
            for asks in both {
                let read = snapshot.read(&asks, (secs(-1), secs(1 << 20)), access);
                let read: Vec<_> = read.map(|lot| told(lot.labels, lot.points())).collect();
                let stored = there.select(&asks).into_iter();
                let expected: Vec<_> = stored.map(|stored| told(stored.labels(), stored.points())).collect();
                assert_eq!(read, expected, "{asks:?}");
            }
        }
    }

    /// However much is asked of series, not all of it is asked in one turn.
    #[test]
    fn a_turn_is_short() {
        struct Counted<'c>(&'c Cell<usize>);
        impl Asks for Counted<'_> {
            fn label(&self) -> &'static str {
                "a"
            }
            fn equal(&self) -> Option<&str> {
                None
            }
            fn accepts(&self, _: &str) -> bool {
                self.0.set(self.0.get() + 1);
                true
            }
        }
        let all: Vec<Series> =
            (0..3 * LOOKED_AT).map(|index| of(&format!("x c={index}"), &[(0, 1.0)])).collect();
        let store = store(&all);
        for asks in [1, 3, 100, 2 * ASKED] {
            let asked = Cell::new(0);
            let asks: Vec<Counted<'_>> = (0..asks).map(|_| Counted(&asked)).collect();
            let most = ASKED.max(asks.len());
            let mut search = Search::new(vec![Wanted { asks, after: secs(-1), to: secs(1) }]);
            while !search.go_on(&|look| look(&store)) {
                assert!(asked.take() <= most, "{most}");
            }
            assert_eq!(search.found(), all.len());
        }
    }

    /// However much is asked, what is noted of it is little.
    #[test]
    fn a_search_takes_little_room() {
        let all: Vec<Series> =
            (0..FEW_VALUES).map(|index| of(&format!("x a={index} b=w"), &[(0, 1.0)])).collect();
        let store = store(&all);
        let never = Among("b", ["", "x"].map(str::to_owned).to_vec());
        let some = Among("a", (0..10).map(|index| index.to_string()).collect());
        let mut asks = vec![never; 10 * FEW_SERIES / FEW_VALUES];
        asks.push(some.clone());
        let told: Vec<Told<'_>> = asks
            .iter()
            .map(|ask| Told::of(ask, store.index.values(ask.label()).map(str::to_owned).collect()))
            .collect();
        let mut never = Vec::new();
        for told in &told {
            store.add(told, &mut never);
        }
        assert!(never.len() <= FEW_SERIES);
        assert_eq!(store.having(&told), Some(Vec::new()), "none is without the label");
        let Ahead::Values(values) = store.begun(&vec![some; 100]) else { panic!("it has no list") };
        assert_eq!(values.iter().flatten().flatten().count(), FEW_VALUES);
    }

    proptest! {
        /// Series are found by the values of their labels, and by those that they have not.
        #[test]
        fn what_passes_is_found(
            series in prop::collection::btree_set((0_usize..4, 0_usize..4), 0..12),
            asks in prop::collection::vec((0_usize..3, prop::collection::btree_set(0_usize..5, 0..4)), 0..4),
        ) {
            let all: Vec<Series> = series.into_iter().map(|(one, other)| named(one, other)).collect();
            let store = store(&all);
            let asks = asks.into_iter().map(|(label, values)| {
                Among(["a", "b", "c"][label], values.into_iter().map(|value| VALUES[value].to_owned()).collect())
            });
            let asks: Vec<Among> = asks.collect();
            let access: &Access<'_> = &|look| look(&store);
            let mut search = Search::new(vec![Wanted { asks: asks.clone(), after: secs(-1), to: secs(1) }]);
            while !search.go_on(access) {}
            let snapshot = search.done(access);
            let found = snapshot.read(&asks, (secs(-1), secs(1)), access);
            let found: Vec<Labels> = found.map(|lot| lot.labels.clone()).collect();
            let passes = |labels: &&Labels| asks.iter().all(|ask| ask.accepts(labels.get(ask.0)));
            let mut expected: Vec<Labels> = all.iter().map(|series| &series.labels).filter(passes).cloned().collect();
            expected.sort();
            prop_assert_eq!(found, expected);
        }
    }
}
