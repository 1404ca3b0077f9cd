//! Excerpts: a copy of what somebody wants to read at leisure, made a little at a time.
//!
//! Whoever reads a store for long keeps samples from coming in and looks from being taken. So a reader copies what it
//! needs in many short turns, between which others have theirs, and reads the copy. All of it is as of one moment: series
//! only ever grow at their ends, so what came later is told by its time and left out.
//!
//! Columns that are shared until they are written to would make copying free, and appending dear: each sample that comes
//! in while somebody reads would copy a day of its series.

use std::collections::BTreeMap;

use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::index::SeriesId;
use crate::store::stored::Stored;
use crate::unit::UnixMillis;

/// How many series are looked at in one turn.
const LOOKED_AT: usize = 512;

/// How many samples are copied in one turn, and in one more series; a few milliseconds.
const COPIED: usize = 1 << 18;

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

/// A copy that is being made.
#[derive(Debug)]
pub struct Excerpt<A> {
    wanted: Vec<Wanted<A>>,
    /// Series that may pass what stands at that place among what is wanted.
    candidates: Vec<(usize, SeriesId)>,
    /// Series that pass, with the times between which samples are wanted.
    found: BTreeMap<SeriesId, (UnixMillis, UnixMillis)>,
    /// What is still to be copied, once all is found.
    ahead: Option<Vec<(SeriesId, UnixMillis, UnixMillis)>>,
    samples: usize,
    copied: Copied,
}

/// A copy of a part of a store, to be read and never added to.
#[derive(Debug)]
pub struct Copied(Store);

impl Copied {
    /// What was copied. Nobody can add to it: it knows its series by going through them.
    pub const fn store(&self) -> &Store {
        &self.0
    }
}

impl Store {
    /// Begins an excerpt.
    pub fn excerpt<A: Asks>(&self, wanted: Vec<Wanted<A>>) -> Excerpt<A> {
        let candidates = wanted.iter().enumerate();
        let candidates = candidates
            .flat_map(|(place, wanted)| self.candidates(&wanted.asks).into_iter().map(move |id| (place, id)));
        Excerpt {
            candidates: candidates.collect(),
            found: BTreeMap::new(),
            ahead: None,
            samples: 0,
            copied: Copied(Self { unlisted: true, ..Self::new(self.bounds) }),
            wanted,
        }
    }
}

impl<A: Asks> Excerpt<A> {
    /// Takes one turn at the store that it was begun from; tells whether it is done.
    pub fn go_on(&mut self, store: &Store) -> bool {
        if !self.candidates.is_empty() {
            self.find(store);
            return false;
        }
        if self.ahead.is_none() {
            self.mark(store);
            return false;
        }
        self.copy(store);
        self.ahead.as_ref().is_some_and(Vec::is_empty)
    }

    /// How many series are found that pass.
    pub fn series(&self) -> usize {
        self.found.len().max(self.ahead.as_ref().map_or(0, Vec::len))
    }

    /// How many samples there are to copy, once that is known.
    pub fn samples(&self) -> Option<usize> {
        self.ahead.as_ref().map(|_| self.samples)
    }

    /// The copy.
    pub fn done(self) -> Copied {
        self.copied
    }

    fn find(&mut self, store: &Store) {
        let from = self.candidates.len().saturating_sub(LOOKED_AT);
        for (place, id) in self.candidates.drain(from..) {
            let (Some(wanted), Some(stored)) = (self.wanted.get(place), store.series.get(&id)) else {
                continue;
            };
            if wanted.asks.iter().all(|ask| ask.accepts(stored.labels().get(ask.label()))) {
                let span = self.found.entry(id).or_insert((wanted.after, wanted.to));
                *span = (span.0.min(wanted.after), span.1.max(wanted.to));
            }
        }
    }

    /// Takes note of what is there of each series now.
    fn mark(&mut self, store: &Store) {
        let mut ahead = Vec::new();
        for (id, (after, to)) in std::mem::take(&mut self.found) {
            let points = store.series.get(&id).map(Stored::points).unwrap_or_default();
            let points = points.between(after, to);
            if let Some(last) = points.times.last() {
                self.samples += points.len();
                ahead.push((id, after, *last));
            }
        }
        self.ahead = Some(ahead);
    }

    fn copy(&mut self, store: &Store) {
        let Some(ahead) = &mut self.ahead else { return };
        let mut left = COPIED;
        while let Some((id, after, to)) = if 0 < left { ahead.pop() } else { None } {
            let Some(stored) = store.series.get(&id) else { continue };
            let part = stored.part(after, to);
            let count = part.points().len();
            left = left.saturating_sub(count.max(1));
            self.copied.0.samples += count;
            self.copied.0.series.insert(id, part);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signal::{STALE, Sample, Series};
    use crate::store::Is;
    use crate::store::tests::{of, secs, store};

    fn whole(store: &Store, wanted: Vec<Wanted<Is<'_>>>) -> Copied {
        let mut excerpt = store.excerpt(wanted);
        while !excerpt.go_on(store) {}
        assert_eq!(excerpt.samples(), Some(excerpt.copied.0.samples));
        excerpt.done()
    }

    fn told(store: &Store) -> Vec<(String, Vec<(i64, u64)>)> {
        let each = |stored: &&Stored| {
            let samples = stored.samples().map(|sample| (sample.at.millis(), sample.value.to_bits()));
            (stored.labels().to_string(), samples.collect())
        };
        store.select::<Is<'_>>(&[]).iter().map(each).collect()
    }

    #[test]
    fn what_comes_while_it_is_made_is_left_out() {
        let mut store = store(&[of("a", &[(0, 1.0), (10, 2.0)]), of("b", &[(0, 3.0)])]);
        let wanted = Wanted { asks: Vec::new(), after: secs(-1), to: secs(100) };
        let mut excerpt = store.excerpt::<Is<'_>>(vec![wanted]);
        while excerpt.samples().is_none() {
            assert!(!excerpt.go_on(&store));
        }
        store.append(&[of("a", &[(20, 9.0)]), of("c", &[(20, 9.0)])], secs(20));
        while !excerpt.go_on(&store) {}
        let copied = excerpt.done();
        assert_eq!(copied.store().samples(), 3);
        assert_eq!(copied.store().series(), 2);
    }

    proptest! {
        /// Whatever is wanted is there, and read as it would be from the whole.
        #[test]
        fn an_excerpt_holds_what_is_wanted(
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
            let copied = whole(&store, wanted.clone());
            for Wanted { asks, after, to } in wanted {
                let read = |store: &Store| -> Vec<Vec<(i64, u64)>> {
                    let found = store.select(&asks);
                    let each = found.iter().map(|stored| stored.between(after, to).map(|sample| (sample.at.millis(), sample.value.to_bits())).collect());
                    each.filter(|samples: &Vec<_>| !samples.is_empty()).collect()
                };
                prop_assert_eq!(read(copied.store()), read(&store));
            }
            let everything = Wanted { asks: Vec::new(), after: secs(-1), to: secs(60) };
            prop_assert_eq!(told(whole(&store, vec![everything]).store()), told(&store));
        }
    }
}
