//! Laws over whatever may be in a store.

use proptest::prelude::*;

use crate::signal::{Labels, NAME, Sample, Series, is_stale};
use crate::store::tests::{NOW, contents, counted, secs, stale, store, window};
use crate::store::{Asks, Is, increases};

/// An ask of either kind.
#[derive(Debug, Clone)]
struct Ask {
    label: &'static str,
    value: String,
    equal: bool,
}

impl Asks for Ask {
    fn label(&self) -> &str {
        self.label
    }

    fn equal(&self) -> Option<&str> {
        self.equal.then_some(self.value.as_str())
    }

    fn accepts(&self, value: &str) -> bool {
        (value == self.value) == self.equal
    }
}

fn any_labels() -> impl Strategy<Value = Labels> {
    ["[xy]", "[12]?", "[12]?"].prop_map(|[name, a, b]| {
        Labels::new(vec![(NAME.to_owned(), name), ("a".to_owned(), a), ("b".to_owned(), b)]).unwrap()
    })
}

fn any_ask() -> impl Strategy<Value = Ask> {
    (prop::sample::select(vec![NAME, "a", "b", "c"]), "[xy12]?", any::<bool>())
        .prop_map(|(label, value, equal)| Ask { label, value, equal })
}

/// Counters with restarts, gaps and ends, each series once.
fn any_batch() -> impl Strategy<Value = Vec<Series>> {
    let value = prop_oneof![8 => (0_u32..50).prop_map(f64::from), 1 => Just(stale())];
    let samples = prop::collection::btree_map(0_i64..200, value, 1..20);
    prop::collection::btree_map(any_labels(), samples, 0..12).prop_map(|series| {
        let sample = |(at, value)| Sample { at: secs(at), value };
        let series = series.into_iter();
        series
            .map(|(labels, samples)| Series {
                labels,
                samples: samples.into_iter().map(sample).map(Into::into).collect(),
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn a_batch_that_comes_again_changes_nothing(batch in any_batch(), half in 0_usize..12) {
        let whole = store(&batch);
        let mut again = store(&batch);
        again.append(&batch, NOW);
        prop_assert_eq!(contents(&whole), contents(&again));
        let half = half.min(batch.len());
        let mut halves = store(&batch[..half]);
        halves.append(&batch[half..], NOW);
        prop_assert_eq!(contents(&whole), contents(&halves));
        prop_assert_eq!(whole.samples(), halves.samples());
    }

    #[test]
    fn the_order_of_a_batch_does_not_matter(batch in any_batch(), from in 0_i64..200, length in 0_i64..200) {
        let reversed: Vec<Series> = batch.iter().rev().cloned().collect();
        let (one, other) = (store(&batch), store(&reversed));
        prop_assert_eq!(contents(&one), contents(&other));
        for metric in ["x", "y"] {
            prop_assert_eq!(counted(&one, metric, from, from + length), counted(&other, metric, from, from + length));
        }
    }

    #[test]
    fn selecting_is_filtering(batch in any_batch(), asks in prop::collection::vec(any_ask(), 0..4)) {
        let store = store(&batch);
        let passes = |series: &&Series| asks.iter().all(|ask| ask.accepts(series.labels.get(ask.label)));
        // The batch is in the order of its labels.
        let expected: Vec<&Labels> = batch.iter().filter(passes).map(|series| &series.labels).collect();
        let found: Vec<&Labels> = store.select(&asks).iter().map(|stored| stored.labels()).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn increases_add_up(batch in any_batch(), mut cuts in prop::array::uniform3(0_i64..220)) {
        cuts.sort_unstable();
        let [a, b, c] = cuts.map(secs);
        let store = store(&batch);
        for stored in store.select::<Is<'_>>(&[]) {
            if stored.last(a).is_none() {
                continue;
            }
            let by = |from, to| increases(stored, &window(from, to)).unwrap().by;
            prop_assert_eq!(by(a, b) + by(b, c), by(a, c));
        }
    }

    #[test]
    fn no_count_is_lost_between_looks(batch in any_batch(), step in 1_i64..50) {
        let store = store(&batch);
        for stored in store.select::<Is<'_>>(&[]) {
            // By hand: the first value, and each that follows less the one before it, or in full after a restart.
            let values: Vec<f64> = stored.samples().map(|sample| sample.value).filter(|value| !is_stale(*value)).collect();
            let steps = values.windows(2).map(|pair| if pair[1] < pair[0] { pair[1] } else { pair[1] - pair[0] });
            let expected: f64 = steps.sum();
            let looks = (-1..210).step_by(usize::try_from(step).unwrap());
            let by: u64 = looks.map(|at| increases(stored, &window(secs(at), secs(at + step))).unwrap().by).sum();
            prop_assert!((expected - f64::from(u32::try_from(by).unwrap())).abs() < 0.5);
        }
    }
}
