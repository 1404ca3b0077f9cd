//! Giving back: what keeps an object as git says was held for a rollback, and is given back once git does not ask any more
//! for what was taken back. Nobody tells of that, since nothing is rolled out while it is held: it is looked at.

use std::collections::BTreeMap;

use crate::decision::{
    Approval, Course, Intention, Key, Kind, Misfit, Mode, Move, Order, Outcome, Page, Ruling, Sight, Wish,
};
use crate::engine::event::Effect;
use crate::engine::flight::{EXPIRES, Grounds};
use crate::engine::page::{Call, OWED_FOR};
use crate::engine::step::Engine;
use crate::gate::{Release, Standing};
use crate::unit::{Span, UnixMillis};

/// How far apart it is looked at whether something may be given back.
const LOOKED_EVERY: Span = Span::from_secs(60);

/// By how many times that grows at the most, where it is not taken back: once for each attempt.
const MOST_PATIENCE: u32 = 59;

/// The rollbacks that hold what keeps their objects, each with when it is looked at next.
#[derive(Debug, Clone, Default)]
pub(super) struct Custody(BTreeMap<Key, UnixMillis>);

impl Engine {
    /// A rollback holds what keeps its object from now on, where it had to; one of which nobody knows how it ended may.
    pub(super) fn keep(&mut self, intention: &Intention, outcome: Outcome, now: UnixMillis) {
        let may_hold = match outcome {
            Outcome::Taken | Outcome::Verified | Outcome::Unverified => true,
            Outcome::Failed | Outcome::Expired => false,
        };
        let is_kept = intention.aim.as_ref().is_some_and(|aim| aim.keeper.is_some());
        if may_hold && is_kept && intention.kind == Kind::Rollback {
            self.custody.0.insert(intention.key.clone(), now);
        }
    }

    /// Takes up again what was held before a restart.
    pub(super) fn keep_all(&mut self, now: UnixMillis) {
        for (intention, outcome) in self.past.ended() {
            self.keep(&intention, outcome, now);
        }
    }

    /// Looks at what is held, and gives back what may be.
    pub(super) fn give_back(&mut self, now: UnixMillis) -> Vec<Effect> {
        let due: Vec<Key> =
            self.custody.0.iter().filter(|(_, next)| **next <= now).map(|(key, _)| key.clone()).collect();
        due.into_iter().flat_map(|key| self.look_after(&key, now)).collect()
    }

    fn look_after(&mut self, held: &Key, now: UnixMillis) -> Vec<Effect> {
        let Some(rollback) = self.past.intention(held).cloned() else {
            self.custody.0.remove(held);
            return Vec::new();
        };
        let (key, nth, given) = self.giving(held);
        if given {
            self.custody.0.remove(held);
        }
        let (false, false, Some(order)) =
            (given, self.flights.contains_key(&key), self.order_back(&rollback, now))
        else {
            return Vec::new();
        };
        if let Some(effects) = self.scouts.ask(&key, (&rollback.target, order), now) {
            return effects;
        }
        let sight = self.scouts.fresh(&key, now);
        self.scouts.spent(&key);
        let patience = u64::from(1 + nth.min(MOST_PATIENCE));
        let next = now.plus(Span::from_millis(LOOKED_EVERY.millis() * patience));
        self.custody.0.insert(held.clone(), next);
        let Some(Sight::Seen(seen)) = sight else { return Vec::new() };
        match (seen.aim, &*seen.misfits) {
            (Some(aim), []) => self.attach(key, Intention { aim: Some(Box::new(aim)), ..rollback }, now),
            (_, [Misfit::NotOurs]) => {
                // Somebody gave it back by hand, or took it over.
                self.custody.0.remove(held);
                Vec::new()
            }
            (_, [Misfit::Reapplied { .. }]) if self.past.undid(&rollback.change) => {
                self.page_reapplied(&rollback, now)
            }
            _ => Vec::new(),
        }
    }

    /// The key of the next attempt to give back what a rollback held, and which it is; and whether an earlier one worked.
    fn giving(&self, held: &Key) -> (Key, u32, bool) {
        let mut nth = 0;
        loop {
            let key = held.give_back(nth);
            match self.past.done(&key).and_then(|done| done.outcome) {
                Some(Outcome::Taken | Outcome::Verified) => return (key, nth, true),
                Some(Outcome::Unverified | Outcome::Failed | Outcome::Expired) => nth += 1,
                None => return (key, nth, false),
            }
        }
    }

    /// What is wanted of what was held; nothing while anything speaks against touching it.
    fn order_back(&self, rollback: &Intention, now: UnixMillis) -> Option<Order> {
        let (target, aim) = (self.program.target(&rollback.target)?, rollback.aim.as_deref()?);
        let change = self
            .past
            .changes()
            .find(|change| change.id == rollback.change && change.target == rollback.target)?;
        let off =
            self.past.off.everything().is_some() || self.past.off.service(&rollback.target.service).is_some();
        let beside: Vec<&Intention> = self.held_off().filter(|other| is_beside(other, rollback)).collect();
        let waits = off
            || self.program.doubted.is_some()
            || self.program.mode != Mode::Act
            || self.frozen(change, Kind::Resume, now).is_some()
            || self.past.in_flight(&rollback.target, None).is_some()
            || self.flights.values().any(|flight| is_beside(&flight.intention, rollback));
        (!waits).then(|| Order {
            object: aim.object.clone(),
            cluster: target.cluster.clone(),
            gitops: aim.keeper.clone(),
            through: aim.through.clone(),
            does: Move::GiveBack,
            version: change.version.clone(),
            commit: change.git_sha.clone(),
            vouched: Vec::new(),
            quarantined: beside.iter().flat_map(|other| self.taken_back_by(other)).collect(),
            holds: true,
            at: now,
        })
    }

    /// The versions that were taken back where a rollback was, with their commits.
    fn taken_back_by(&self, rollback: &Intention) -> Vec<String> {
        let mut changes = self.past.changes();
        let change = changes.find(|it| it.id == rollback.change && it.target == rollback.target);
        let versions = change.map(|change| self.past.quarantined(change)).unwrap_or_default();
        self.past.with_commits(&rollback.target, versions)
    }

    fn attach(&mut self, key: Key, rollback: Intention, now: UnixMillis) -> Vec<Effect> {
        let intention = Intention {
            key,
            kind: Kind::Resume,
            at: now,
            expires: now.plus(EXPIRES),
            // What follows from a rollback is not paid for again.
            claims: Vec::new(),
            page: None,
            ..rollback
        };
        vec![self.intend(intention, (None, Grounds::of_nothing()), now)]
    }

    /// Calls somebody, once: backstop does nothing against whoever brings back what was taken back.
    fn page_reapplied(&mut self, rollback: &Intention, now: UnixMillis) -> Vec<Effect> {
        let (action, kind) = (rollback.action.clone(), rollback.kind);
        let wish = Wish::Do { action, kind, approval: Approval::None, able: true };
        let call = Call {
            key: rollback.key.page("reapplied", UnixMillis::new(0)),
            decision: rollback.decision,
            grounds: Grounds { wish, ..Grounds::of_nothing() },
            page: Page::Reapplied,
            until: rollback.at.plus(OWED_FOR),
        };
        self.page_ended(call, now)
    }

    /// The rollbacks for which something is held that keeps their objects as git says.
    pub fn held_off(&self) -> impl Iterator<Item = &Intention> {
        self.custody.0.keys().filter_map(|key| self.past.intention(key))
    }
}

/// Whether both hold the same, each for its own object: what is given back is so for all that it keeps.
fn is_beside(one: &Intention, other: &Intention) -> bool {
    let keeper = |it: &Intention| it.aim.as_ref().and_then(|aim| aim.keeper.clone());
    keeper(one) == keeper(other) && one.target.cluster == other.target.cluster
}

impl Grounds {
    /// What rests on no evidence: it follows from something else that was done.
    pub(super) fn of_nothing() -> Self {
        let standing = Standing::UNLOOKED;
        let ruling = Ruling { course: Course::Act, spoke: Vec::new() };
        Self { standing, release: Release::alone(&standing), wish: Wish::Nothing, ruling }
    }
}
