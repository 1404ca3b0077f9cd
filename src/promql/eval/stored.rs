//! Selecting from the store.

use crate::promql::selector::Selector;
use crate::signal::Series;
use crate::store::{Store, Stored};
use crate::unit::UnixMillis;

/// Finds the series that a selector means in a store.
pub fn of_store(store: &Store) -> impl Fn(&Selector, UnixMillis, UnixMillis) -> Vec<Series> + '_ {
    |selector, from, to| {
        let copy = |stored: &&Stored| Series {
            labels: stored.labels().clone(),
            samples: stored.between(from, to).collect(),
        };
        store.select(&selector.asks()).iter().map(copy).collect()
    }
}
