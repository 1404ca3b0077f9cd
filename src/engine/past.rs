//! The past: what happened across all cells. Budgets, cool-downs and loop guards count from it, and it is built from
//! the ledger, so no restart forgets any of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::{CellId, Intention, Key, Kind, Outcome, Scope};
use crate::engine::carry::undid;
use crate::signal::{Change, ChangeId, ChangeKind, TargetKey};
use crate::unit::{Name, Rate, Span, UnixMillis};

/// How many changes of a target are remembered.
const MOST_CHANGES: usize = 200;

/// How long an undone change counts as being undone: its cause may still be at work.
const UNDONE_FOR: Span = Span::from_secs(1_800);

/// How long an intention that ended is remembered: longer than budgets and waits reach back. The ledger knows it still.
pub const REMEMBERED: Span = Span::from_secs(30 * 24 * 3_600);

/// What happened.
#[derive(Debug, Clone, Default)]
pub struct Past {
    changes: BTreeMap<TargetKey, Vec<Arc<Change>>>,
    done: Vec<Done>,
    /// Why automation is switched off, where it is.
    pub off: Option<String>,
}

/// An intention that the ledger took, or is asked to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What was intended.
    pub intention: Intention,
    /// How it ended; nothing while it has not.
    pub outcome: Option<Outcome>,
}

impl Past {
    /// Adds a change; nothing if it is known already.
    pub fn change(&mut self, change: Change) -> Option<Arc<Change>> {
        let known = self.changes.entry(change.target.clone()).or_default();
        if known.iter().any(|other| other.id == change.id) {
            return None;
        }
        let change = Arc::new(change);
        known.push(Arc::clone(&change));
        // Of two of one moment, the one that was told later came later: the sort is stable.
        known.sort_by_key(|change| change.at);
        if MOST_CHANGES < known.len() {
            known.remove(0);
        }
        Some(change)
    }

    /// All changes that are remembered, the newest last within each target.
    pub fn changes(&self) -> impl Iterator<Item = &Arc<Change>> {
        self.changes.values().flatten()
    }

    /// Whether the version that a change brought already ran there before the one that it replaced. A canary that goes
    /// on to all, or a version that is told of again, replaces nothing.
    pub fn ran_before(&self, change: &Change) -> bool {
        let same = |other: &Change| same_version(&other.version, &change.version);
        let earlier: Vec<_> =
            self.earlier(change).filter(|other| sort(other.kind) == sort(change.kind)).collect();
        let others = earlier.iter().rposition(|other| !same(other)).map_or(0, |last| last + 1);
        let (before, going_on) = earlier.split_at(others);
        // Going on from there, it replaces what was replaced there; else something ran in between that nobody told of.
        let replaces = |version: &String| {
            let told = going_on.iter().filter_map(|other| other.previous.as_ref());
            let known = before.last().map(|other| &other.version);
            told.chain(known).any(|replaced| same_version(replaced, version))
        };
        let in_between = change.previous.as_ref().filter(|previous| !same_version(previous, &change.version));
        let came_back = !going_on.is_empty() && in_between.is_some_and(|previous| !replaces(previous));
        came_back || before.iter().any(|other| same(other))
    }

    /// Whether another change of the target came after this one.
    pub fn overtaken(&self, change: &Change) -> bool {
        let newest = self.changes.get(&change.target).and_then(|known| known.last());
        newest.is_some_and(|newest| newest.id != change.id)
    }

    /// Whether nothing is known to have run there before.
    pub fn is_first(&self, change: &Change) -> bool {
        change.previous.is_none() && self.earlier(change).next().is_none()
    }

    fn earlier<'a>(&'a self, change: &'a Change) -> impl Iterator<Item = &'a Arc<Change>> {
        let known = self.changes.get(&change.target).into_iter().flatten();
        known.take_while(|other| other.id != change.id)
    }

    /// Adds an intention, before the ledger is asked: whatever is decided until it answers has to count this one.
    pub fn intended(&mut self, intention: Intention) {
        self.done.push(Done { intention, outcome: None });
    }

    /// The ledger did not take an intention, so it never was one.
    pub(super) fn withdrawn(&mut self, key: &Key) {
        self.done.retain(|done| done.intention.key != *key);
    }

    /// Lets go of what ended so long ago that nothing counts from it.
    pub(super) fn forget(&mut self, now: UnixMillis) {
        self.done.retain(|done| done.outcome.is_none() || now.minus(REMEMBERED) < done.intention.at);
    }

    /// An intention ended.
    pub fn closed(&mut self, key: &Key, outcome: Outcome) {
        let own = self.done.iter_mut().filter(|done| done.intention.key == *key);
        own.for_each(|done| done.outcome = Some(outcome));
    }

    /// The key of an action for this change of which nobody saw whether it worked.
    pub fn unverified(&self, change: &ChangeId) -> Option<&Key> {
        let own =
            |done: &&Done| done.intention.change == *change && done.outcome == Some(Outcome::Unverified);
        self.changing().find(own).map(|done| &done.intention.key)
    }

    /// The intention of this key.
    pub fn intention(&self, key: &Key) -> Option<&Intention> {
        self.done.iter().map(|done| &done.intention).find(|intention| intention.key == *key)
    }

    /// Whether an intention of this key was ever written down.
    pub fn knows(&self, key: &Key) -> bool {
        self.done.iter().any(|done| done.intention.key == *key)
    }

    /// The key of an open action that changes this target, but for `own`.
    pub fn in_flight(&self, target: &TargetKey, own: Option<&Key>) -> Option<&Key> {
        let on_target = |done: &&Done| done.intention.target == *target && Some(&done.intention.key) != own;
        self.changing().filter(|done| done.outcome.is_none()).find(on_target).map(|done| &done.intention.key)
    }

    /// How often an action of this name, or any, was intended in the stretch of the rate that ends now, but for `own`:
    /// a further attempt does not pay twice.
    pub fn spent(
        &self,
        (of, scope): (Option<&Name>, Scope),
        (target, own): (&TargetKey, Option<&Key>),
        (rate, now): (Rate, UnixMillis),
    ) -> u32 {
        let counts = |done: &&Done| {
            let intention = &done.intention;
            let same = match scope {
                Scope::Service => intention.target.service == target.service,
                Scope::Environment => intention.target.environment == target.environment,
                Scope::Everywhere => true,
            };
            same && Some(&intention.key) != own
                && now.minus(rate.per()) < intention.at
                && of.is_none_or(|name| *name == intention.action)
        };
        u32::try_from(self.changing().filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// When this target was last acted on for another change.
    pub fn last_acted(&self, target: &TargetKey, change: &ChangeId) -> Option<UnixMillis> {
        let other = |done: &&Done| done.intention.target == *target && done.intention.change != *change;
        self.changing().filter(other).map(|done| done.intention.at).max()
    }

    /// The cells whose change was taken back.
    pub(super) fn undone_by(&self) -> Vec<CellId> {
        let undid = |done: &&Done| done.outcome.is_some_and(|outcome| undid(done.intention.kind, outcome));
        self.done.iter().filter(undid).map(|done| done.intention.decision.cell).collect()
    }

    /// How many other changes are being undone, or were a short while ago.
    pub fn undone(&self, change: &ChangeId, now: UnixMillis) -> u32 {
        let mut others: Vec<&ChangeId> = self
            .changing()
            .filter(|done| done.intention.kind == Kind::Rollback && done.intention.change != *change)
            .filter(|done| done.outcome.is_none() || now.minus(UNDONE_FOR) < done.intention.at)
            .map(|done| &done.intention.change)
            .collect();
        others.sort_unstable();
        others.dedup();
        u32::try_from(others.len()).unwrap_or(u32::MAX)
    }

    fn changing(&self) -> impl Iterator<Item = &Done> {
        self.done.iter().filter(|done| done.intention.kind.changes_target())
    }
}

/// What a change is of. A canary and a deployment bring versions of one service; a flag's are its variants.
const fn sort(kind: ChangeKind) -> ChangeKind {
    match kind {
        ChangeKind::Deployment | ChangeKind::Canary => ChangeKind::Deployment,
        ChangeKind::Config | ChangeKind::Infrastructure | ChangeKind::Flag => kind,
    }
}

/// `v2.4.1` and `2.4.1` are one version.
fn same_version(one: &str, other: &str) -> bool {
    let bare = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
    bare(one) == bare(other)
}
