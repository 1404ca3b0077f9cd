//! The index: which series have which value of which label.

use std::collections::{BTreeMap, BTreeSet};

use crate::signal::Labels;

/// Names a series within its store. A newer series has the greater one.
pub(super) type SeriesId = u64;

/// The series of each value of each label, in the order of their ids.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(BTreeMap<String, BTreeMap<String, Vec<SeriesId>>>);

impl Index {
    /// The series that have this label with this value, which is not the empty one.
    pub(super) fn list(&self, label: &str, value: &str) -> &[SeriesId] {
        self.0.get(label).and_then(|values| values.get(value)).map_or(&[], Vec::as_slice)
    }

    /// The values of a label.
    pub(super) fn values(&self, label: &str) -> impl Iterator<Item = &str> {
        self.0.get(label).into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// How many values a label has.
    pub(super) fn count(&self, label: &str) -> usize {
        self.0.get(label).map_or(0, BTreeMap::len)
    }

    /// Adds a series that is newer than all that are in it, so that each list stays in order.
    pub(super) fn add(&mut self, id: SeriesId, labels: &Labels) {
        for (name, value) in labels.iter() {
            if !self.0.contains_key(name) {
                self.0.insert(name.to_owned(), BTreeMap::new());
            }
            let Some(values) = self.0.get_mut(name) else { continue };
            match values.get_mut(value) {
                Some(ids) => ids.push(id),
                None => drop(values.insert(value.to_owned(), vec![id])),
            }
        }
    }

    /// Takes out series, given in the order of their ids; each list is gone through once, however many leave it.
    pub(super) fn remove(&mut self, gone: &[(SeriesId, Labels)]) {
        let pairs: BTreeSet<(&str, &str)> = gone.iter().flat_map(|(_, labels)| labels.iter()).collect();
        for (name, value) in pairs {
            let Some(values) = self.0.get_mut(name) else { continue };
            if let Some(ids) = values.get_mut(value) {
                ids.retain(|id| gone.binary_search_by_key(id, |(gone, _)| *gone).is_err());
                if ids.is_empty() {
                    values.remove(value);
                }
            }
            if values.is_empty() {
                self.0.remove(name);
            }
        }
    }
}
