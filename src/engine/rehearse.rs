//! Rehearsals: what would be done to the object of a target, were a gate to want it now, and which guards would speak.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::{Action, Case, Order, Sight};
use crate::engine::program::{Errand, Watch};
use crate::engine::step::Engine;
use crate::signal::{Change, ChangeId, ChangeKind, Provenance, TargetKey};
use crate::unit::{Name, UnixMillis};

/// What would be done to an object.
#[derive(Debug, Clone)]
pub struct Rehearsal {
    /// The gate that leads to it.
    pub gate: Name,
    /// The action.
    pub action: Arc<Action>,
    /// What would be wanted of the object.
    pub order: Order,
    /// Every fact that is known, but for those of the evidence, and of the object.
    case: Case,
}

impl Rehearsal {
    /// Every fact, with what a look at the object came to.
    pub fn case(&self, sight: Sight) -> Case {
        Case { sight: Some(sight), ..self.case.clone() }
    }
}

impl Engine {
    /// What would be done to the object of a target about its last change, each action once.
    pub fn rehearsals(&self, target: &TargetKey, now: UnixMillis) -> Vec<Rehearsal> {
        let Some(it) = self.program.target(target) else { return Vec::new() };
        let last = self.past.changes().filter(|change| change.target == *target).last();
        let change = last.map_or_else(|| unknown(target, now), |change| Change::clone(change));
        let mut found: BTreeMap<Name, Rehearsal> = BTreeMap::new();
        let fits = |watch: &&Watch| watch.gate.matches.fits(|label| it.label(label));
        for watch in self.program.watches.iter().filter(fits) {
            for action in watch.actions() {
                let Some(order) = self.order(&change, action, now) else { continue };
                let case = self.case(&change, watch, &Errand::Do(Arc::clone(action)), now);
                let (gate, action) = (watch.gate.name.clone(), Arc::clone(action));
                found.entry(action.name.clone()).or_insert(Rehearsal { gate, action, order, case });
            }
        }
        found.into_values().collect()
    }
}

/// A change that nobody told of, where none is known.
fn unknown(target: &TargetKey, at: UnixMillis) -> Change {
    Change {
        id: ChangeId(String::new()),
        kind: ChangeKind::Deployment,
        target: target.clone(),
        version: String::new(),
        previous: None,
        at,
        author: None,
        git_sha: None,
        link: None,
        intent: None,
        risk: None,
        irreversible: false,
        weight: None,
        provenance: Provenance::Authenticated,
        told_by: None,
    }
}
