//! Changes that would be undone, if nothing held that. How many there are is asked before each undo, and ten thousand may
//! go bad at once, so they are counted as they come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::decision::CellId;
use crate::gate::Target;
use crate::signal::{Change, ChangeId};

impl Place {
    /// That of a target; nothing where it depends on nothing.
    pub(super) fn of(target: &Target) -> Option<Self> {
        let Target { environment, cluster, depends_on, .. } = target;
        (!depends_on.is_empty()).then(|| Self {
            environment: environment.clone(),
            cluster: cluster.clone(),
            depends_on: depends_on.clone(),
        })
    }
}

/// Who accuses which changes.
#[derive(Debug, Clone, Default)]
pub(super) struct Accused {
    /// The gates that accuse the change of a target that depends on nothing.
    own: BTreeMap<CellId, Arc<Change>>,
    /// Those changes.
    changes: Counts<ChangeId>,
    /// The services of those targets, by their environments.
    services: BTreeMap<Option<String>, Counts<String>>,
    /// The gates that accuse the change of a target that depends on something, which may be to blame in its place.
    dependent: BTreeMap<Place, Group>,
    /// Where those are found.
    places: BTreeMap<CellId, Place>,
}

/// The gates that accuse changes of targets that are alike, and those changes.
pub(super) type Group = BTreeMap<CellId, Arc<Change>>;

/// Where targets lie and what they depend on. What may be to blame in place of one may be to blame in place of all that are
/// alike in this, so it is looked for once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Their environment.
    pub(super) environment: Option<String>,
    /// Their cluster.
    pub(super) cluster: Option<String>,
    /// The services that they call.
    pub(super) depends_on: Vec<String>,
}

impl Accused {
    /// Whether this gate accuses its change.
    pub(super) fn has(&self, id: CellId) -> bool {
        self.own.contains_key(&id) || self.places.contains_key(&id)
    }

    /// A gate accuses a change, of a target that depends on something, or on nothing.
    pub(super) fn add(&mut self, id: CellId, change: &Arc<Change>, place: Option<Place>) {
        if let Some(place) = place {
            self.dependent.entry(place.clone()).or_default().insert(id, Arc::clone(change));
            self.places.insert(id, place);
        } else if self.own.insert(id, Arc::clone(change)).is_none() {
            self.changes.add(&change.id);
            self.services.entry(change.target.environment.clone()).or_default().add(&change.target.service);
        }
    }

    /// A gate accuses nothing any more.
    pub(super) fn remove(&mut self, id: CellId) {
        if let Some(place) = self.places.remove(&id)
            && let Some(group) = self.dependent.get_mut(&place)
        {
            group.remove(&id);
            if group.is_empty() {
                self.dependent.remove(&place);
            }
        }
        let Some(change) = self.own.remove(&id) else { return };
        self.changes.remove(&change.id);
        if let Some(services) = self.services.get_mut(&change.target.environment) {
            services.remove(&change.target.service);
        }
    }

    /// The changes of targets that depend on nothing.
    pub(super) const fn changes(&self) -> &Counts<ChangeId> {
        &self.changes
    }

    /// How many services there are of those targets in an environment, together with others.
    pub(super) fn services<'a>(
        &self,
        environment: Option<&str>,
        others: impl Iterator<Item = &'a String>,
    ) -> usize {
        let nobody = Counts::default();
        self.services.get(&environment.map(str::to_owned)).unwrap_or(&nobody).with(others, None)
    }

    /// Those that accuse the changes of targets that depend on something.
    pub(super) fn dependent(&self) -> impl Iterator<Item = (&Place, &Group)> {
        self.dependent.iter()
    }
}

/// Things, and how often each is there.
#[derive(Debug, Clone)]
pub(super) struct Counts<T>(BTreeMap<T, usize>);

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

    /// How many different ones there are together with others, but for one.
    pub(super) fn with<'a>(&self, others: impl IntoIterator<Item = &'a T>, but: Option<&T>) -> usize
    where
        T: 'a,
    {
        let new = |it: &&T| !self.0.contains_key(*it) && Some(*it) != but;
        let others: BTreeSet<&T> = others.into_iter().filter(new).collect();
        self.0.len() - usize::from(but.is_some_and(|but| self.0.contains_key(but))) + others.len()
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
                    accused.add(CellId(gate.into()), &change(gate), None);
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
            prop_assert_eq!(accused.changes().with(&also, Some(&but)), others);
            for environment in ["e0", "e1", "e2"] {
                let here = |target: &TargetKey| target.environment.as_deref() == Some(environment);
                let targets = by.iter().map(|gate| change(*gate).target.clone()).filter(here);
                let services: BTreeSet<String> =
                    targets.map(|target| target.service).chain(["s1".to_owned()]).collect();
                let also = ["s1".to_owned()];
                prop_assert_eq!(accused.services(Some(environment), also.iter()), services.len());
            }
        }
    }
}
