//! Changes that cannot be undone, among those that going back would undo.

use crate::decision::{Irreversible, Sight};
use crate::engine::good::brings_a_version;
use crate::engine::past::{Past, same_version, sort};
use crate::signal::Change;

impl Past {
    /// The last change that cannot be undone, of those that going back from a change would undo: itself, what came after it,
    /// and what came before it, back to the version that is gone back to. Of an object that is known; of anything else it is
    /// the one before. What is configured or migrated in between is no such version, but is left behind with the others.
    pub(in crate::engine) fn irreversible(
        &self,
        change: &Change,
        sight: Option<&Sight>,
    ) -> Option<Irreversible> {
        let to = sight.and_then(Sight::aim).and_then(|aim| aim.to.as_ref());
        let alike = |other: &Change| sort(other.kind) == sort(change.kind);
        let known = self.changes.get(&change.target).map(Vec::as_slice).unwrap_or_default();
        let place = known.iter().position(|other| other.id == change.id);
        let stays = |(at, other): (usize, &Change)| match to {
            Some(to) => {
                brings_a_version(other)
                    && (to.is_of(&other.version) || other.git_sha.as_ref().is_some_and(|sha| to.is_of(sha)))
            }
            None => Some(at) < place && alike(other) && !same_version(&other.version, &change.version),
        };
        let undone = known.iter().enumerate().rev().take_while(|(at, other)| !stays((*at, other)));
        // Going back to another configuration leaves versions where they are.
        let goes = |other: &Change| brings_a_version(change) || alike(other);
        let mut irreversible = undone
            .map(|(_, other)| &**other)
            .filter(|other| other.irreversible && goes(other) && !self.undid(&other.id));
        // It may be so long ago that it is not remembered.
        let own = || Some(change).filter(|change| change.irreversible);
        irreversible.next().or_else(own).map(|other| Irreversible {
            change: other.id.clone(),
            version: other.version.clone(),
            judged: other.id == change.id,
        })
    }
}
