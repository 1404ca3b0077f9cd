//! The past: what happened across all cells. Budgets, cool-downs and loop guards count from it, and it is built from
//! the ledger, so no restart forgets any of it.

mod intentions;
mod irreversible;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::{
    Announced, DecisionId, Freeze, Intention, Key, Kind, Outcome, Scope, StepName, Switches,
};
use crate::engine::carry::undid;
use crate::engine::good::{Good, brings_a_version};
use crate::engine::past::intentions::Intentions;
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
    done: Intentions,
    good: Good,
    /// What is switched off.
    pub off: Switches,
    /// Freezes that were announced.
    announced: BTreeMap<Name, (Announced, Freeze)>,
}

/// An intention that the ledger took, or is asked to take.
#[derive(Debug, Clone, PartialEq)]
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

    /// The change of the target that came after this one, the last of them.
    pub fn overtaken(&self, change: &Change) -> Option<&ChangeId> {
        let newest = self.changes.get(&change.target).and_then(|known| known.last());
        newest.map(|newest| &newest.id).filter(|newest| **newest != change.id)
    }

    /// Whether something else came to the target after this change. That what ran before it is told of again, or what
    /// passed there, is how a pipeline tells that this one was taken back.
    pub(super) fn is_moved_on(&self, change: &Change) -> bool {
        let before =
            change.previous.as_ref().or_else(|| self.earlier(change).last().map(|last| &last.version));
        let is_back = |version: &String| {
            before.is_some_and(|before| same_version(before, version))
                || self.vouched(&change.target).iter().any(|good| same_version(good, version))
        };
        let known = self.changes.get(&change.target).into_iter().flatten();
        let mut later = known.skip_while(|other| other.id != change.id).skip(1);
        later.any(|other| sort(other.kind) != sort(change.kind) || !is_back(&other.version))
    }

    /// The last change of a target.
    pub fn last(&self, target: &TargetKey) -> Option<&Arc<Change>> {
        self.changes.get(target)?.last()
    }

    /// Whether nothing is known to have run there before.
    pub fn is_first(&self, change: &Change) -> bool {
        change.previous.is_none() && self.earlier(change).next().is_none()
    }

    fn earlier<'a>(&'a self, change: &'a Change) -> impl Iterator<Item = &'a Arc<Change>> {
        let known = self.changes.get(&change.target).into_iter().flatten();
        known.take_while(|other| other.id != change.id)
    }

    /// A freeze is announced, in place of any of its name; one that is over already is lifted.
    pub(super) fn announce(&mut self, announced: Announced, now: UnixMillis) {
        let freeze = announced.freeze();
        let name = announced.name.clone();
        if announced.until <= now {
            self.announced.remove(&name);
        } else {
            self.announced.insert(name, (announced, freeze));
        }
    }

    /// Freezes that were announced, by their names.
    pub fn announced(&self) -> impl Iterator<Item = &Announced> {
        self.announced.values().map(|(announced, _)| announced)
    }

    pub(super) fn freezes(&self) -> impl Iterator<Item = &Freeze> {
        self.announced.values().map(|(_, freeze)| freeze)
    }

    /// Adds an intention, before the ledger is asked: whatever is decided until it answers has to count this one.
    pub fn intended(&mut self, intention: Intention) {
        self.done.add(intention);
    }

    /// The ledger did not take an intention, so it never was one.
    pub(super) fn withdrawn(&mut self, key: &Key) {
        self.done.remove(key);
    }

    /// Lets go of what ended so long ago that nothing counts from it.
    pub(super) fn forget(&mut self, now: UnixMillis) {
        self.announced.retain(|_, (announced, _)| now < announced.until);
        self.done.forget(now.minus(REMEMBERED));
    }

    /// An intention ended.
    pub fn closed(&mut self, key: &Key, outcome: Outcome) {
        self.done.close(key, outcome);
    }

    /// What ended, and how.
    pub(super) fn ended(&self) -> Vec<(Intention, Outcome)> {
        self.done.changing().filter_map(|done| Some((done.intention.clone(), done.outcome?))).collect()
    }

    /// The key of an action for this change of which nobody saw whether it worked.
    pub fn unverified(&self, change: &ChangeId) -> Option<&Key> {
        let mut own = self.done.of_change(change);
        own.find(|done| done.outcome == Some(Outcome::Unverified)).map(|done| &done.intention.key)
    }

    /// The intention of this key.
    pub fn intention(&self, key: &Key) -> Option<&Intention> {
        self.done.get(key).map(|done| &done.intention)
    }

    /// The intention of this key, and how it ended.
    pub(super) fn done(&self, key: &Key) -> Option<&Done> {
        self.done.get(key)
    }

    /// Whether an intention of this key was ever written down.
    pub fn knows(&self, key: &Key) -> bool {
        self.done.get(key).is_some()
    }

    /// The key of an open action that changes this target, but for `own`.
    pub fn in_flight(&self, target: &TargetKey, own: Option<&Key>) -> Option<&Key> {
        let other = |done: &&Done| done.outcome.is_none() && Some(&done.intention.key) != own;
        self.done.of_target(target).find(other).map(|done| &done.intention.key)
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
            // What is given back follows from what was paid for.
            let is_paid = !intention.key.gives_back();
            same && is_paid && Some(&intention.key) != own && of.is_none_or(|name| *name == intention.action)
        };
        let stretch = self.done.after(now.minus(rate.per()));
        u32::try_from(stretch.filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// When this target was last acted on for another change.
    pub fn last_acted(&self, target: &TargetKey, change: &ChangeId) -> Option<UnixMillis> {
        // What is given back to git is what the next release comes by.
        let other = |done: &&Done| done.intention.change != *change && !done.intention.key.gives_back();
        self.done.of_target(target).filter(other).map(|done| done.intention.at).max()
    }

    /// Whether a change was taken back.
    pub(super) fn undid(&self, change: &ChangeId) -> bool {
        let undid = |done: &Done| done.outcome.is_some_and(|outcome| undid(done.intention.kind, outcome));
        self.done.of_change(change).any(undid)
    }

    /// A change passed every gate that watched it. Whether that was not known, and is of any use.
    pub fn vouch(&mut self, change: &Change, at: UnixMillis) -> bool {
        brings_a_version(change) && self.good.add((&change.target, &change.id), &change.version, at)
    }

    /// A version passed, as the ledger says.
    pub(super) fn vouched_for(&mut self, of: (&TargetKey, &ChangeId), version: &str, at: UnixMillis) {
        self.good.add(of, version, at);
    }

    /// The versions that passed there, the last one last.
    pub fn vouched(&self, target: &TargetKey) -> Vec<String> {
        self.good.of(target)
    }

    /// The versions that an undo must not lead to: that of the change itself, and those that were taken back there and
    /// have not passed since.
    pub fn quarantined(&self, change: &Change) -> Vec<String> {
        let known = self.changes.get(&change.target).into_iter().flatten();
        let version = |done: &Done| {
            let undone = known.clone().find(|other| other.id == done.intention.change)?;
            let passed = self.good.since(&change.target, &undone.version, done.intention.at);
            (!passed).then(|| undone.version.clone())
        };
        let taken_back = |done: &&Done| {
            let stayed = matches!(done.outcome, Some(Outcome::Failed | Outcome::Expired));
            done.intention.kind == Kind::Rollback && !stayed
        };
        let here = self.done.of_target(&change.target);
        let mut versions: Vec<String> = here.filter(taken_back).filter_map(version).collect();
        versions.push(change.version.clone());
        versions.sort_unstable();
        versions.dedup();
        versions
    }

    /// Versions with the commits that brought them, as far as those who told of changes said which: what keeps a target as
    /// git says knows of commits alone.
    pub(super) fn with_commits(&self, target: &TargetKey, mut versions: Vec<String>) -> Vec<String> {
        let known = self.changes.get(target).into_iter().flatten();
        let brought = known.filter(|change| versions.contains(&change.version));
        let commits: Vec<String> = brought.filter_map(|change| change.git_sha.clone()).collect();
        versions.extend(commits);
        versions
    }

    /// Whether a target's release is held, and it was backstop that did it last.
    pub fn holds(&self, target: &TargetKey) -> bool {
        let worked = |done: &&Done| matches!(done.outcome, Some(Outcome::Taken | Outcome::Verified));
        let by_kind = |kind: Kind| match kind {
            Kind::Pause => Some(true),
            Kind::Resume | Kind::Promote | Kind::Rollback => Some(false),
            Kind::SetWeight | Kind::ToggleFlag | Kind::Restart | Kind::Notify | Kind::Other => None,
        };
        // Of what was done to an object its steps say it: an aborted release that begins again is held as before. One that is
        // undone without being let go on was not held any more.
        let by_step = |step: &StepName| match step {
            StepName::Pause => Some(true),
            StepName::Resume
            | StepName::Undo
            | StepName::Abort
            | StepName::Promote
            | StepName::PromoteFull => Some(false),
            StepName::Retry
            | StepName::Restart
            | StepName::Detach
            | StepName::Terminate
            | StepName::Attach => None,
        };
        let moved = |done: &Done| match &done.intention.aim {
            Some(aim) => aim.steps.iter().rev().find_map(by_step),
            None => by_kind(done.intention.kind),
        };
        self.done.of_target(target).filter(worked).filter_map(moved).last().unwrap_or(false)
    }

    /// What took changes back, each with its decision.
    pub(super) fn undone_by(&self) -> Vec<(Key, DecisionId)> {
        let undid = |done: &&Done| done.outcome.is_some_and(|outcome| undid(done.intention.kind, outcome));
        self.done
            .changing()
            .filter(undid)
            .map(|done| (done.intention.key.clone(), done.intention.decision))
            .collect()
    }

    /// What is being undone of other changes, or was a short while ago.
    pub fn undone(&self, change: &ChangeId, now: UnixMillis) -> impl Iterator<Item = &Intention> {
        let other = |done: &&Done| done.intention.change != *change;
        self.undone_lately(now).filter(other).map(|done| &done.intention)
    }

    /// The change of a target that is being undone, or was a short while ago.
    pub(super) fn undone_of(&self, target: &TargetKey, now: UnixMillis) -> Option<&Change> {
        let done = self.undone_lately(now).find(|done| done.intention.target == *target)?;
        let known = self.changes.get(target)?;
        known.iter().find(|change| change.id == done.intention.change).map(|change| &**change)
    }

    fn undone_lately(&self, now: UnixMillis) -> impl Iterator<Item = &Done> {
        let lately = self.done.open().chain(self.done.after(now.minus(UNDONE_FOR)));
        lately.filter(|done| done.intention.kind == Kind::Rollback)
    }

    /// When the version was taken back here that a change brings: by another change that brought it before.
    pub fn taken_back(&self, change: &Change) -> Option<UnixMillis> {
        let known = self.changes.get(&change.target)?;
        let brought = |id: &ChangeId| {
            *id != change.id
                && known.iter().any(|other| other.id == *id && same_version(&other.version, &change.version))
        };
        // Where nobody saw whether it worked, it may have.
        let may_have = |outcome| matches!(outcome, Outcome::Taken | Outcome::Verified | Outcome::Unverified);
        let here = self.done.of_target(&change.target).filter(|done| done.intention.kind == Kind::Rollback);
        let taken_back = here.filter(|done| done.outcome.is_some_and(may_have));
        taken_back.filter(|done| brought(&done.intention.change)).map(|done| done.intention.at).max()
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
