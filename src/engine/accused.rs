//! Changes that would be undone, if nothing held that. How many there are is asked before each undo, and ten thousand may
//! go bad at once, so they are counted as they come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::decision::CellId;
use crate::signal::{Change, ChangeId, TargetKey};

/// How many services are counted one by one among those that would be undone, besides the largest group.
const MOST_COUNTED: usize = 1_000;

/// Where targets lie and what they depend on. What may be to blame in place of one may be to blame in place of all that are
/// alike in this, so that they are looked at together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) environment: Option<String>,
    pub(super) cluster: Option<String>,
    pub(super) depends_on: Vec<String>,
}

impl Place {
    /// That of a target that depends on nothing.
    pub(super) fn of_nothing(target: &TargetKey) -> Self {
        let TargetKey { environment, cluster, .. } = target.clone();
        Self { environment, cluster, depends_on: Vec::new() }
    }
}

/// Who accuses which changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Accused {
    places: BTreeMap<CellId, Arc<Place>>,
    groups: BTreeMap<Arc<Place>, Group>,
}

/// The gates that accuse the changes of targets that are alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    gates: BTreeMap<CellId, Arc<Change>>,
    changes: Counts<ChangeId>,
    services: Counts<String>,
}

impl Accused {
    /// Whether this gate accuses its change.
    pub(super) fn has(&self, id: CellId) -> bool {
        self.places.contains_key(&id)
    }

    /// A gate accuses a change, of a target that lies there.
    pub(super) fn add(&mut self, id: CellId, change: &Arc<Change>, place: Place) {
        self.remove(id);
        let place = Arc::new(place);
        let group = self.groups.entry(Arc::clone(&place)).or_default();
        group.gates.insert(id, Arc::clone(change));
        group.changes.add(&change.id);
        group.services.add(&change.target.service);
        self.places.insert(id, place);
    }

    /// A gate accuses nothing any more.
    pub(super) fn remove(&mut self, id: CellId) {
        let Some(place) = self.places.remove(&id) else { return };
        let Some(group) = self.groups.get_mut(&place) else { return };
        if let Some(change) = group.gates.remove(&id) {
            group.changes.remove(&change.id);
            group.services.remove(&change.target.service);
        }
        if group.gates.is_empty() {
            self.groups.remove(&place);
        }
    }

    /// The groups there are.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&Place, &Group)> {
        self.groups.iter().map(|(place, group)| (&**place, group))
    }
}

impl Group {
    /// The accused changes of one target.
    pub(super) fn of(&self, target: &TargetKey) -> impl Iterator<Item = &Change> {
        self.gates.values().map(|change| &**change).filter(move |change| change.target == *target)
    }
}

/// What counts of all that is accused.
#[derive(Default)]
pub(super) struct Counted<'a> {
    /// Groups that count whole. No change is in two of them, as it has one target.
    pub(super) whole: Vec<(&'a Place, &'a Group)>,
    /// Changes that count without their groups.
    pub(super) single: Vec<&'a Change>,
}

impl<'a> Counted<'a> {
    /// How many changes there are together with others, but for one.
    pub(super) fn changes(&self, others: impl Iterator<Item = &'a ChangeId>, but: &ChangeId) -> usize {
        let has = |id: &ChangeId| self.whole.iter().any(|(_, group)| group.changes.has(id));
        let others = self.single.iter().map(|change| &change.id).chain(others);
        let others: BTreeSet<&ChangeId> = others.filter(|id| *id != but && !has(id)).collect();
        let whole: usize = self.whole.iter().map(|(_, group)| group.changes.len()).sum();
        whole - usize::from(has(but)) + others.len()
    }

    /// How many services there are in an environment, together with those of others.
    pub(super) fn services(
        &self,
        environment: Option<&str>,
        others: impl Iterator<Item = &'a TargetKey>,
    ) -> usize {
        let here = self.whole.iter().filter(|(place, _)| place.environment.as_deref() == environment);
        let mut groups: Vec<&Group> = here.map(|(_, group)| *group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.services.len()));
        let (largest, groups) =
            groups.split_first().map_or((None, &[][..]), |(first, more)| (Some(*first), more));
        let single = self.single.iter().map(|change| &change.target).chain(others);
        let single = single.filter(|target| target.environment.as_deref() == environment);
        let services = single.map(|target| &target.service);
        let services =
            services.chain(groups.iter().flat_map(|group| group.services.all()).take(MOST_COUNTED));
        let new = |service: &&String| largest.is_none_or(|group| !group.services.has(service));
        let more: BTreeSet<&String> = services.filter(new).collect();
        largest.map_or(0, |group| group.services.len()) + more.len()
    }
}

/// Things, and how often each is there.
#[derive(Debug, Clone)]
struct Counts<T>(BTreeMap<T, usize>);

impl<T> Default for Counts<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord + Clone> Counts<T> {
    fn add(&mut self, it: &T) {
        *self.0.entry(it.clone()).or_default() += 1;
    }

    fn remove(&mut self, it: &T) {
        if let Some(times) = self.0.get_mut(it) {
            *times -= 1;
            if *times == 0 {
                self.0.remove(it);
            }
        }
    }

    fn has(&self, it: &T) -> bool {
        self.0.contains_key(it)
    }

    /// Each of them.
    fn all(&self) -> impl Iterator<Item = &T> {
        self.0.keys()
    }

    /// How many different ones there are.
    fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signal::{ChangeKind, Provenance, TargetKey};
    use crate::unit::UnixMillis;

    /// A gate of few, on a change of few, of a service of few.
    fn change(of: u8) -> Arc<Change> {
        let environment = Some(format!("e{}", of % 2));
        Arc::new(Change {
            id: ChangeId(format!("c{}", of % 6)),
            kind: ChangeKind::Canary,
            target: TargetKey { service: format!("s{}", of % 3), environment, cluster: None },
            version: "2".to_owned(),
            previous: None,
            at: UnixMillis::new(0),
            author: None,
            git_sha: None,
            link: None,
            intent: None,
            risk: None,
            irreversible: false,
            weight: None,
            provenance: Provenance::Authenticated,
            told_by: None,
        })
    }

    /// Few of them depend on the same.
    fn place(change: &Change) -> Place {
        let TargetKey { service, environment, cluster } = change.target.clone();
        let depends_on = if service == "s0" { Vec::new() } else { vec![service] };
        Place { environment, cluster, depends_on }
    }

    proptest! {
        /// However gates come and go, there are as many changes and services as they accuse between them.
        #[test]
        fn what_is_counted_is_what_is_accused(
            turns in proptest::collection::vec((0_u8..12, any::<bool>()), 0..40),
            also in proptest::collection::vec(0_u8..8, 0..4),
            but in 0_u8..8,
        ) {
            let (mut accused, mut by) = (Accused::default(), BTreeSet::new());
            for (gate, accuses) in turns {
                if accuses {
                    let change = change(gate);
                    accused.add(CellId(gate.into()), &change, place(&change));
                    by.insert(gate);
                } else {
                    accused.remove(CellId(gate.into()));
                    by.remove(&gate);
                }
                prop_assert_eq!(accused.has(CellId(gate.into())), accuses);
            }
            let id = |of: &u8| ChangeId(format!("c{of}"));
            let (also, but): (Vec<ChangeId>, ChangeId) = (also.iter().map(id).collect(), id(&but));
            let changes: BTreeSet<ChangeId> =
                by.iter().map(|gate| change(*gate).id.clone()).chain(also.clone()).collect();
            let others = changes.iter().filter(|id| **id != but).count();
            let counted = Counted { whole: accused.groups().collect(), single: Vec::new() };
            prop_assert_eq!(counted.changes(also.iter(), &but), others);
            for environment in ["e0", "e1", "e2"] {
                let here = |target: &TargetKey| target.environment.as_deref() == Some(environment);
                let targets = by.iter().map(|gate| change(*gate).target.clone()).filter(here);
                let services: BTreeSet<String> =
                    targets.map(|target| target.service).chain(["s1".to_owned()]).collect();
                let environment = Some(environment.to_owned());
                let also = TargetKey { service: "s1".to_owned(), environment, cluster: None };
                let found = counted.services(also.environment.as_deref(), std::iter::once(&also));
                prop_assert_eq!(found, services.len());
            }
        }
    }
}
