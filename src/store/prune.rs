//! Pruning: what is older than the retention leaves, and what nobody wants.

use std::collections::BTreeMap;

use crate::signal::Labels;
use crate::store::Store;
use crate::store::append::{hash, label_bytes};
use crate::store::asks::Asks;
use crate::store::index::SeriesId;
use crate::store::stored::Stored;
use crate::unit::{Span, UnixMillis};

/// A sweep goes through every series, so there are this many in the time of one retention and no more. A sample may
/// outlive its time by as much.
const SWEEPS: u64 = 32;

/// How many series are shortened in one turn, between which others have theirs.
const AT_ONCE: usize = 10_000;

/// From when on each series is wanted, as of some moment.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    since: BTreeMap<SeriesId, UnixMillis>,
    /// Series from here on came to be later.
    next: SeriesId,
}

impl Store {
    /// Drops the series that pass.
    pub fn clear<A: Asks>(&mut self, asks: &[A]) {
        let mut ids: Vec<SeriesId> = self.named(asks).map(|(id, _)| id).collect();
        ids.sort_unstable();
        self.drop_series(ids);
    }

    /// Drops samples that are older than the retention, and series that are left with none; tells how many samples.
    /// It does nothing until the next sweep is due, so it may be called at every tick.
    pub fn prune(&mut self, now: UnixMillis) -> usize {
        let pause = Span::from_millis(self.bounds.retention.millis() / SWEEPS);
        if self.swept.is_some_and(|swept| now.since(swept) < pause) {
            return 0;
        }
        self.swept = Some(now);
        let before = now.minus(self.bounds.retention);
        let dropped = self.series.values_mut().map(|stored| stored.forget(before)).sum();
        self.samples -= dropped;
        self.oldest = self.oldest.max(Some(before));
        self.drop_empty();
        dropped
    }

    /// From when on each series is wanted, where there are such needs: of series that pass these asks, from a moment on.
    pub fn kept<'a, A: Asks + 'a>(&self, needs: impl IntoIterator<Item = (&'a [A], UnixMillis)>) -> Kept {
        let mut since: BTreeMap<SeriesId, UnixMillis> = BTreeMap::new();
        for (asks, from) in needs {
            for (id, _) in self.named(asks) {
                since.entry(id).and_modify(|known| *known = from.min(*known)).or_insert(from);
            }
        }
        Kept { since, next: self.next }
    }

    /// Drops what nobody wants of some series, beginning with the first; tells which comes next. Of one that is wanted its
    /// last number stays for as long as the retention: a counter that comes back has a history.
    pub fn shorten(&mut self, kept: &Kept, first: SeriesId) -> Option<SeriesId> {
        let some = kept.since.range(first..).take(AT_ONCE);
        for (id, from) in some {
            let Some(stored) = self.series.get_mut(id) else { continue };
            self.samples -= stored.forget_all_but_last(*from);
        }
        kept.since.range(first..).nth(AT_ONCE).map(|(id, _)| *id)
    }

    /// Drops series that nobody wants. One that came to be since it was asked who wants which stays.
    pub fn leave(&mut self, kept: &Kept) {
        let retention = self.bounds.retention;
        let is_wanted = |id: &SeriesId, stored: &Stored| {
            let newest = stored.points().times.last();
            let known = |from: &UnixMillis| newest.is_some_and(|newest| from.minus(retention) <= *newest);
            kept.next <= *id || kept.since.get(id).is_some_and(known)
        };
        let unwanted = self.series.iter().filter(|(id, stored)| !is_wanted(id, stored));
        let unwanted: Vec<SeriesId> = unwanted.map(|(id, _)| *id).collect();
        self.drop_series(unwanted);
    }

    fn drop_empty(&mut self) {
        let empty = self.series.iter().filter(|(_, stored)| stored.is_empty()).map(|(id, _)| *id);
        let empty = empty.collect();
        self.drop_series(empty);
    }

    /// Drops series, given in the order of their ids, with all that is left of them.
    pub(super) fn drop_series(&mut self, ids: Vec<SeriesId>) {
        let gone = ids.into_iter().filter_map(|id| Some((id, self.series.remove(&id)?)));
        let gone: Vec<(SeriesId, Stored)> = gone.collect();
        self.samples -= gone.iter().map(|(_, stored)| stored.weight()).sum::<usize>();
        let gone: Vec<(SeriesId, Labels)> =
            gone.into_iter().map(|(id, stored)| (id, stored.into_labels())).collect();
        for (id, labels) in &gone {
            self.known.remove(&(hash(labels), *id));
            self.label_bytes -= label_bytes(labels);
        }
        self.index.remove(&gone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{NOW, of, secs, series};
    use crate::store::{Bounds, Is, Window, increases};

    fn all(store: &Store) -> Vec<(String, usize)> {
        let all = store.select::<Is<'_>>(&[]);
        all.iter().map(|own| (own.labels().to_string(), own.points().len())).collect()
    }

    fn keep(store: &mut Store, needs: &[(Is<'_>, i64)]) {
        let kept = store.kept(needs.iter().map(|(ask, from)| (std::slice::from_ref(ask), secs(*from))));
        let mut next = Some(0);
        while let Some(first) = next {
            next = store.shorten(&kept, first);
        }
        store.leave(&kept);
    }

    #[test]
    fn each_series_is_kept_from_when_whoever_wants_it_earliest_wants_it() {
        let mut store = Store::new(Bounds::default());
        let texts = ["m a=1 b=1 | 0..900/10 | 0+1", "m a=2 b=1 | 0..900/10 | 0+1", "m a=3 | 0..900/10 | 0+1"];
        store.append(&texts.map(series), NOW);
        let is = |label, value| Is { label, value };
        let kept = store.kept([(&[is("a", "1")][..], secs(800)), (&[is("b", "1")][..], secs(500))]);
        // It came after it was asked who wants which.
        store.append(&[series("m a=4 | 900..950/10 | 0+1")], NOW);
        assert_eq!(store.shorten(&kept, 0), None);
        store.leave(&kept);
        let expected = [("m{a=\"1\", b=\"1\"}", 42), ("m{a=\"2\", b=\"1\"}", 42), ("m{a=\"4\"}", 6)];
        assert_eq!(all(&store), expected.map(|(labels, len)| (labels.to_owned(), len)));
        assert_eq!(store.samples(), 90);
        keep(&mut store, &[]);
        assert_eq!((store.series(), store.samples(), store.bytes()), (0, 0, 0));
    }

    /// What comes back goes on from where it was, whatever was let go of meanwhile; in the end it is nobody's.
    #[test]
    fn a_counter_that_comes_back_has_a_history() {
        let mut store = Store::new(Bounds::default());
        let nan = f64::NAN;
        store.append(&[of("m a=1", &[(0, 7.0), (10, 9.0), (20, nan)]), of("m a=2", &[(0, nan)])], NOW);
        let is = Is { label: crate::signal::NAME, value: "m" };
        keep(&mut store, &[(is, 4_000)]);
        assert_eq!(store.samples(), 3);
        store.append(&[of("m a=1", &[(5_000, 10.0)])], NOW);
        let window = Window { from: secs(4_000), to: secs(6_000), lookback: crate::store::LOOKBACK };
        let stored = store.select(&[is])[0];
        let growth = increases(stored, &window).unwrap();
        assert_eq!((growth.by, growth.first), (1, None));
        let later = i64::try_from(crate::store::RETENTION.millis() / 1_000).unwrap();
        keep(&mut store, &[(is, later + 1)]);
        assert_eq!(store.series(), 1, "one has been silent for longer than anything is kept");
    }

    /// A gate that has waited for an hour keeps its own samples, and not those of a hundred that look.
    #[test]
    fn one_that_waits_does_not_keep_the_history_of_all() {
        let mut store = Store::new(Bounds::default());
        for service in 0..101 {
            let all: Vec<_> = (0..10)
                .map(|number| series(&format!("m s={service} n={number} | 0..5400/15 | 0+1")))
                .collect();
            store.append(&all, NOW);
        }
        let before = store.bytes();
        let names: Vec<String> = (0..101).map(|service| service.to_string()).collect();
        let needs = names
            .iter()
            .enumerate()
            .map(|(service, name)| (Is { label: "s", value: name }, if service == 0 { 0 } else { 4_500 }));
        keep(&mut store, &needs.collect::<Vec<_>>());
        let after = store.bytes();
        assert!(after * 10 < before * 3, "{before} bytes became {after}");
    }
}
