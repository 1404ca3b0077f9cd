//! Intentions, found by what asks for them: there may be tens of thousands in a month, and each case asks for several.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};

use crate::decision::{Intention, Key, Outcome};
use crate::engine::past::Done;
use crate::signal::{ChangeId, TargetKey};
use crate::unit::UnixMillis;

/// Intentions.
#[derive(Debug, Clone, Default)]
pub(super) struct Intentions {
    all: BTreeMap<Key, Done>,
    /// All of them, the oldest first.
    times: BTreeSet<(UnixMillis, Key)>,
    /// Those that change a target, the oldest first.
    changing: BTreeSet<(UnixMillis, Key)>,
    /// The same, of each target.
    targets: BTreeMap<TargetKey, BTreeSet<(UnixMillis, Key)>>,
    /// The same, of each change.
    changes: BTreeMap<ChangeId, BTreeSet<(UnixMillis, Key)>>,
    /// The same, as long as they have not ended.
    open: BTreeSet<(UnixMillis, Key)>,
}

impl Intentions {
    /// Adds one that has not ended, in place of any of its key.
    pub(super) fn add(&mut self, intention: Intention) {
        self.remove(&intention.key);
        let place = (intention.at, intention.key.clone());
        self.times.insert(place.clone());
        if intention.kind.changes_target() {
            self.targets.entry(intention.target.clone()).or_default().insert(place.clone());
            self.changes.entry(intention.change.clone()).or_default().insert(place.clone());
            self.open.insert(place.clone());
            self.changing.insert(place);
        }
        self.all.insert(intention.key.clone(), Done { intention, outcome: None });
    }

    /// Takes one out.
    pub(super) fn remove(&mut self, key: &Key) {
        let Some(Done { intention, .. }) = self.all.remove(key) else { return };
        let place = (intention.at, intention.key);
        for places in [&mut self.times, &mut self.changing, &mut self.open] {
            places.remove(&place);
        }
        drop_from(&mut self.targets, &intention.target, &place);
        drop_from(&mut self.changes, &intention.change, &place);
    }

    /// One ended.
    pub(super) fn close(&mut self, key: &Key, outcome: Outcome) {
        if let Some(done) = self.all.get_mut(key) {
            done.outcome = Some(outcome);
            self.open.remove(&(done.intention.at, key.clone()));
        }
    }

    /// Takes out those that ended and were intended up to this moment.
    pub(super) fn forget(&mut self, until: UnixMillis) {
        let old = self.times.iter().take_while(|(at, _)| *at <= until);
        let ended = |key: &Key| self.all.get(key).is_none_or(|done| done.outcome.is_some());
        let ended: Vec<Key> = old.map(|(_, key)| key).filter(|key| ended(key)).cloned().collect();
        for key in ended {
            self.remove(&key);
        }
    }

    /// The one of this key.
    pub(super) fn get(&self, key: &Key) -> Option<&Done> {
        self.all.get(key)
    }

    /// Those that change a target and were intended after this moment; what is dated later counts as well.
    pub(super) fn after(&self, at: UnixMillis) -> impl Iterator<Item = &Done> {
        // No key is longer than the one that follows all others of that moment.
        let from = (Excluded((at, Key("\u{10ffff}".to_owned()))), Unbounded);
        self.those(self.changing.range(from))
    }

    /// Those that change a target and have not ended.
    pub(super) fn open(&self) -> impl Iterator<Item = &Done> {
        self.those(self.open.iter())
    }

    /// Those that change a target.
    pub(super) fn changing(&self) -> impl Iterator<Item = &Done> {
        self.those(self.changing.iter())
    }

    /// Those that change this target.
    pub(super) fn of_target(&self, target: &TargetKey) -> impl Iterator<Item = &Done> {
        self.those(self.targets.get(target).into_iter().flatten())
    }

    /// Those that change a target for this change.
    pub(super) fn of_change(&self, change: &ChangeId) -> impl Iterator<Item = &Done> {
        self.those(self.changes.get(change).into_iter().flatten())
    }

    fn those<'a>(
        &'a self,
        places: impl Iterator<Item = &'a (UnixMillis, Key)>,
    ) -> impl Iterator<Item = &'a Done> {
        places.filter_map(|(_, key)| self.all.get(key))
    }
}

fn drop_from<K: Ord>(
    index: &mut BTreeMap<K, BTreeSet<(UnixMillis, Key)>>,
    key: &K,
    place: &(UnixMillis, Key),
) {
    if let Some(places) = index.get_mut(key) {
        places.remove(place);
        if places.is_empty() {
            index.remove(key);
        }
    }
}
