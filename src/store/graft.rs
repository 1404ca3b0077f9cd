//! Grafting: what a source says of a stretch takes the place of what was known of it.
//!
//! Samples that are fetched come in stretches, and stretches overlap: to see late samples, and because two selectors may
//! have a series in common. Within its stretch an answer is the truth; what lies outside of it stays.

use std::collections::BTreeSet;

use crate::signal::{Observation, Series};
use crate::store::Store;
use crate::store::append::Appended;
use crate::store::stored::{Added, Stored};
use crate::unit::UnixMillis;

impl Store {
    /// Takes in what a source says of the series in `batch` behind `from` and up to `to`. A sample at `from` stands for
    /// all that was before it, and counts only where nothing is known of that time.
    pub fn graft(&mut self, batch: Vec<Series>, (from, to): (UnixMillis, UnixMillis)) -> Appended {
        let mut appended = Appended::default();
        let mut empty = BTreeSet::new();
        for Series { labels, samples } in batch {
            let id = match self.find(&labels) {
                Some(id) => id,
                None if samples.is_empty() => continue,
                None if self.bounds.series <= self.series.len() => {
                    self.lost = self.lost.max(samples.last().map(|sample| sample.at));
                    appended.over_series += samples.len() as u64;
                    continue;
                }
                None => self.begin(&labels),
            };
            let room = self.bounds.samples.saturating_sub(self.samples);
            if let Some(first) = samples.first() {
                self.reaches_back_to(first.at);
            }
            let Some(stored) = self.series.get_mut(&id) else { continue };
            let grown = stored.graft(samples, (from, to), room);
            self.samples = self.samples.saturating_add(grown.gained).saturating_sub(grown.gone);
            // There was no room for any of it, or none of it lies in its stretch.
            if stored.is_empty() {
                empty.insert(id);
            } else {
                empty.remove(&id);
            }
            self.lost = self.lost.max(grown.lost);
            appended += grown.appended;
        }
        self.drop_series(empty.into_iter().collect());
        self.totals += appended;
        appended
    }
}

/// What a graft did.
#[derive(Debug, Clone, Copy, Default)]
struct Grown {
    appended: Appended,
    /// By how many samples there are more, and fewer.
    gained: usize,
    gone: usize,
    /// The newest that there was no room for.
    lost: Option<UnixMillis>,
}

impl Stored {
    fn graft(
        &mut self,
        mut samples: Vec<Observation>,
        (from, to): (UnixMillis, UnixMillis),
        room: usize,
    ) -> Grown {
        let known = self.points();
        let is_known_before = known.times.first().is_some_and(|first| *first <= from);
        let is_in = |at: UnixMillis| at <= to && (from < at || !is_known_before && at == from);
        samples.retain(|sample| is_in(sample.at));
        let (begin, end) = (if is_known_before { known.up_to(from) } else { 0 }, known.up_to(to));
        let repeated = known.times.get(begin..end).unwrap_or_default();
        let mut grown = Grown::default();
        grown.appended.duplicate = repeated.len().min(samples.len()) as u64;
        // Mostly an answer only goes on where the last one ended, and what it repeats is as it was.
        let repeats = samples.iter().map(|sample| &sample.at).take(repeated.len()).eq(repeated);
        if repeats && end == known.len() {
            samples.drain(..repeated.len());
        } else {
            let all: Vec<Observation> = self.observations().collect();
            grown.gone = all.iter().map(Observation::weight).sum();
            let (before, rest) = all.split_at(begin);
            let after = rest.iter().filter(|sample| to < sample.at).cloned();
            samples = before.iter().cloned().chain(samples).chain(after).collect();
            self.empty();
        }
        for sample in samples {
            let (at, weight) = (sample.at, sample.weight());
            if room + grown.gone < grown.gained + weight {
                grown.lost = Some(at);
                grown.appended.over_samples += 1;
                continue;
            }
            if self.add(sample) == Added::Newest {
                grown.gained += weight;
                grown.appended.taken += 1;
            }
        }
        grown
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::tests::{NOW, of, secs};
    use crate::store::{Bounds, Is};

    fn samples(store: &Store) -> Vec<(i64, f64)> {
        let all: [Is<'_>; 0] = [];
        let all = store.select(&all);
        all.iter().flat_map(|one| one.samples()).map(|s| (s.at.millis() / 1_000, s.value)).collect()
    }

    #[test]
    fn an_answer_is_the_truth_within_its_stretch() {
        let known: &[(i64, f64)] = &[(10, 1.0), (20, 2.0), (30, 3.0)];
        for (what, answer, stretch, expected) in [
            ("goes on", vec![(40, 4.0)], (30, 40), vec![(10, 1.0), (20, 2.0), (30, 3.0), (40, 4.0)]),
            (
                "repeats",
                vec![(20, 2.0), (30, 3.0), (40, 4.0)],
                (10, 40),
                vec![(10, 1.0), (20, 2.0), (30, 3.0), (40, 4.0)],
            ),
            (
                "came late",
                vec![(20, 2.0), (25, 9.0), (30, 3.0)],
                (10, 30),
                vec![(10, 1.0), (20, 2.0), (25, 9.0), (30, 3.0)],
            ),
            (
                "earlier",
                vec![(1, 0.5), (5, 0.7), (10, 1.0)],
                (1, 10),
                vec![(1, 0.5), (5, 0.7), (10, 1.0), (20, 2.0), (30, 3.0)],
            ),
            ("gone there", vec![(30, 3.0)], (10, 30), vec![(10, 1.0), (30, 3.0)]),
            (
                "stands for what was before, which is known",
                vec![(15, 1.5), (20, 2.0)],
                (15, 20),
                known.to_vec(),
            ),
            ("outside", vec![(5, 0.0), (50, 5.0)], (10, 30), vec![(10, 1.0)]),
            ("nothing new", vec![(20, 2.0), (30, 3.0)], (10, 30), known.to_vec()),
        ] {
            let mut store = Store::new(Bounds::default());
            store.append(&[of("a", known)], NOW);
            store.graft(vec![of("a", &answer)], (secs(stretch.0), secs(stretch.1)));
            assert_eq!(samples(&store), expected, "{what}");
            assert_eq!(store.samples(), expected.len(), "{what}");
        }
    }

    proptest! {
        /// In whatever stretches and order a source is asked, what is known is what it has.
        #[test]
        fn stretches_lead_to_what_the_source_has(
            truth in prop::collection::btree_set(1_i64..100, 1..40),
            asked in prop::collection::vec((0_i64..90, 1_i64..60), 1..8),
        ) {
            let mut store = Store::new(Bounds::default());
            let mut covered = [false; 200];
            for (from, length) in asked {
                let within = |at: &&i64| from < **at && **at <= from + length;
                #[expect(clippy::cast_precision_loss, reason = "below a hundred")]
                let answer: Vec<(i64, f64)> = truth.iter().filter(within).map(|at| (*at, *at as f64)).collect();
                store.graft(vec![of("a", &answer)], (secs(from), secs(from + length)));
                covered.iter_mut().enumerate().filter(|(at, _)| within(&&i64::try_from(*at).unwrap())).for_each(|(_, known)| *known = true);
            }
            let known: Vec<i64> = samples(&store).into_iter().map(|(at, _)| at).collect();
            let expected: Vec<i64> = truth.into_iter().filter(|at| covered[usize::try_from(*at).unwrap()]).collect();
            prop_assert_eq!(store.samples(), expected.len());
            prop_assert_eq!(known, expected);
        }

        /// It never holds more than there is room for, and says so.
        #[test]
        fn bounds_hold(room in 0_usize..6, series in 0_usize..3, answers in prop::collection::vec((0_u8..3, 0_i64..20, 1_i64..20, prop::sample::select(vec![0_i64, 100])), 1..8)) {
            let mut store = Store::new(Bounds { samples: room, series, ..Bounds::default() });
            for (which, from, length, late) in answers {
                let answer: Vec<(i64, f64)> = (from + 1..=from + length).map(|at| (at + late, 0.0)).collect();
                let name = ["a", "b", "c"][usize::from(which)];
                let appended = store.graft(vec![of(name, &answer)], (secs(from), secs(from + length)));
                prop_assert!(store.samples() <= room && store.series() <= series);
                prop_assert_eq!(store.select::<Is<'_>>(&[]).iter().filter(|own| own.points().is_empty()).count(), 0);
                prop_assert!(late > 0 || appended.refused() > 0 || samples(&store).len() >= answer.len().min(1));
            }
        }
    }
}
