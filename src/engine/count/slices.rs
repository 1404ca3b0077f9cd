//! Slices: which of them a check is asked by, and in which of them a series is.

use std::collections::BTreeMap;

use crate::engine::count::{Places, Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{MOST_SLICES, Slice};
use crate::promql::Selector;
use crate::signal::Labels;
use crate::store::Increase;

/// How many slices are looked through for those with the most traffic.
const MOST_VALUES: usize = 10_000;

/// By how much what is counted went up on the old side in a window, in such places.
pub(super) type Counted<'a> = &'a dyn Fn(Window, Places<'_>) -> Option<Increase>;

/// The labels that a check is asked by.
#[derive(Clone, Copy)]
pub(super) struct Slicing<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) by: &'a [String],
}

impl Slicing<'_> {
    /// The slices with the most traffic on the old side, and one for the rest; none where nobody asks for them.
    pub(super) fn most(&self, of: &Selector, windows: &[Window], counted: Counted<'_>) -> Vec<Slice> {
        let Some(whole) = whole(windows).filter(|_| !self.by.is_empty()) else { return Vec::new() };
        let mut values: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        for stored in self.reading.store.select(&self.reading.asks_of(of, Whose::Old)) {
            let next = values.len();
            if next < MOST_VALUES {
                values.entry(self.values(stored.labels())).or_insert(next);
            }
        }
        let many = values.len();
        let group = |labels: &Labels| Some(values.get(&self.values(labels)).copied().unwrap_or(many));
        let traffic = counted(whole, (many + 1, &group)).unwrap_or_default();
        let had = |index: usize| traffic.groups.get(index).copied().unwrap_or_default();
        let mut ranked: Vec<(u64, Vec<String>)> =
            values.iter().map(|(values, index)| (had(*index), values.clone())).collect();
        ranked.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.1.cmp(&other.1)));
        ranked.truncate(MOST_SLICES);
        ranked.into_iter().map(|(_, values)| Slice::Of(values)).chain([Slice::Other]).collect()
    }

    /// The number of the slice that a series is in; what is in none of its own is in the last.
    pub(super) fn place(&self, labels: &Labels, slices: &[Slice]) -> usize {
        if slices.is_empty() {
            return 0;
        }
        let own = self.values(labels);
        let known = slices.iter().position(|slice| matches!(slice, Slice::Of(values) if *values == own));
        known.unwrap_or(slices.len() - 1)
    }

    /// The values of the labels that the check is asked by.
    fn values(&self, labels: &Labels) -> Vec<String> {
        self.by.iter().map(|name| labels.get(name).to_owned()).collect()
    }
}

/// All windows as one.
pub(super) fn whole(windows: &[Window]) -> Option<Window> {
    Some(Window { from: windows.first()?.from, to: windows.last()?.to })
}
