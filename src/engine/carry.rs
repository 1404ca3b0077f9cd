//! Carrying an intention through: from the ledger's word over its attempts to its end.

use std::sync::Arc;

use crate::decision::{Action, Answer, CellId, Course, Intention, Key, Kind, Outcome, Refusal, decide};
use crate::engine::cell::Cell;
use crate::engine::event::{Effect, Notice};
use crate::engine::flight::{Flight, Next, State};
use crate::engine::program::Errand;
use crate::engine::step::Engine;
use crate::gate::Ending;
use crate::ledger::Record;
use crate::unit::UnixMillis;

impl Engine {
    /// What time brings: further attempts, answers that never came, and looks at whether it worked.
    pub(super) fn carry(&mut self, now: UnixMillis) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in self.those(|flight| is_rested(flight, now)) {
            effects.extend(self.again(&key, now));
        }
        for key in self.those(|flight| flight.unanswered(now).is_some()) {
            let Some(attempt) = self.flights.get(&key).and_then(|flight| flight.unanswered(now)) else {
                continue;
            };
            let why = "no answer came back".to_owned();
            effects.extend(self.answered(&key, (attempt, Answer::Lost { why }), now));
        }
        let looked_for =
            |flight: &Flight| matches!(flight.state, State::Taken { .. } | State::Unknown { .. });
        effects.extend(self.those(looked_for).into_iter().map(|key| Effect::Verify { key }));
        effects
    }

    fn those(&self, which: impl Fn(&Flight) -> bool) -> Vec<Key> {
        let flights = self.flights.values().filter(|flight| which(flight));
        flights.map(|flight| flight.intention.key.clone()).collect()
    }

    /// The ledger holds an attempt: now it may be made.
    pub(super) fn journaled(&mut self, key: Key, attempt: u32, now: UnixMillis) -> Vec<Effect> {
        let Some(flight) = self.flights.get_mut(&key) else { return Vec::new() };
        if flight.state != (State::Journaling { attempt }) {
            return Vec::new();
        }
        flight.sent(attempt, now);
        let told = Effect::Tell(Notice::Sent(key.clone(), attempt));
        vec![told, Effect::Send { key, attempt }]
    }

    /// The ledger refused: what had not begun never was, and what had begun is over.
    pub(super) fn refused(&mut self, key: Key, why: Refusal, now: UnixMillis) -> Vec<Effect> {
        let Some(State::Journaling { attempt }) = self.flights.get(&key).map(|flight| flight.state) else {
            return Vec::new();
        };
        if attempt > 1 {
            let next = Next::End(Outcome::Expired, format!("the ledger refused a further attempt: {why}"));
            return self.follow(&key, next, now);
        }
        let cell = self.flights.remove(&key).map(|flight| flight.intention.decision.cell);
        self.past.withdrawn(&key);
        if let Some(cell) = cell.and_then(|cell| self.cells.get_mut(&cell)) {
            cell.refused(&why);
        }
        vec![Effect::Tell(Notice::Refused(key, why))]
    }

    /// An attempt was answered.
    pub(super) fn answered(
        &mut self,
        key: &Key,
        (attempt, answer): (u32, Answer),
        now: UnixMillis,
    ) -> Vec<Effect> {
        let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
        if flight.state != (State::Sent { attempt }) {
            return Vec::new();
        }
        let next = flight.answered(attempt, &answer, now);
        let told = Notice::Answered(key.clone(), attempt, answer.clone());
        let answered = Record::Answered { key: key.clone(), attempt, at: now, answer };
        let mut effects = vec![Effect::Write(now, answered), Effect::Tell(told)];
        effects.extend(self.follow(key, next, now));
        effects
    }

    /// It was looked whether it worked, as of some moment.
    pub(super) fn verified(
        &mut self,
        key: &Key,
        (holds, at): (bool, UnixMillis),
        now: UnixMillis,
    ) -> Vec<Effect> {
        let next = self.flights.get(key).and_then(|flight| flight.seen(holds, at, now));
        let mut effects = next.map(|next| self.follow(key, next, now)).unwrap_or_default();
        if self.flights.get(key).is_some_and(|flight| is_rested(flight, now)) {
            effects.extend(self.again(key, now));
        }
        effects
    }

    /// A further attempt, past every guard again.
    fn again(&mut self, key: &Key, now: UnixMillis) -> Vec<Effect> {
        let Some(flight) = self.flights.get(key) else { return Vec::new() };
        let State::Resting { next: attempt, .. } = flight.state else { return Vec::new() };
        if let Some(why) = self.speaks_against(flight, now) {
            let why = format!("not attempted again: {why}");
            return self.follow(key, Next::End(Outcome::Expired, why), now);
        }
        let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
        flight.state = State::Journaling { attempt };
        vec![Effect::Retry { key: key.clone(), attempt, at: now }]
    }

    /// What speaks against a further attempt.
    fn speaks_against(&self, flight: &Flight, now: UnixMillis) -> Option<String> {
        if flight.intention.expires < now {
            return Some(format!("it was to be done by {}, and evidence ages", flight.intention.expires));
        }
        let cell = self.cells.get(&flight.intention.decision.cell);
        let (Some(cell), Some(action)) = (cell, &flight.action) else {
            return Some("the rules do not say any more how it is done".to_owned());
        };
        let watch = &self.program.watches[cell.watch];
        if flight.intention.kind.changes_target() && self.is_superseded(&watch.gate, &cell.change) {
            return Some("another change took the place of the one that it is about".to_owned());
        }
        let ruling = decide(&self.case(&cell.change, watch, &Errand::Do(Arc::clone(action)), now));
        let held = ruling.spoke.first().map(ToString::to_string);
        (ruling.course != Course::Act).then(|| held.unwrap_or_else(|| "nothing wants it any more".to_owned()))
    }

    /// How an intention is carried out; nothing where the rules do not say so any more.
    pub(super) fn action(&self, intention: &Intention) -> Option<Arc<Action>> {
        let cell = self.cells.get(&intention.decision.cell)?;
        self.program.watches[cell.watch].action(&intention.action).cloned()
    }

    /// Leads a flight on, or to its end.
    pub(super) fn follow(&mut self, key: &Key, next: Next, now: UnixMillis) -> Vec<Effect> {
        match next {
            Next::Go(state) => {
                if let Some(flight) = self.flights.get_mut(key) {
                    flight.state = state;
                }
                Vec::new()
            }
            Next::End(outcome, why) => {
                let Some(flight) = self.flights.remove(key) else { return Vec::new() };
                let outcome = flight.ended(outcome);
                self.past.closed(key, outcome);
                let told = Effect::Tell(Notice::Closed(key.clone(), outcome, why.clone()));
                let mut effects = vec![Effect::Close { key: key.clone(), at: now, outcome, why }, told];
                let cell = flight.intention.decision.cell;
                if undid(flight.intention.kind, outcome) {
                    for id in self.watching(&flight.intention) {
                        effects.extend(self.end(id, Ending::ActedOn, now));
                    }
                }
                // It may have waited for nothing else.
                effects.extend(self.wind_up(cell, now));
                effects
            }
        }
    }

    /// Every cell that watches the change of an intention: its own, and those of other gates that have nothing on its way.
    fn watching(&self, undone: &Intention) -> Vec<CellId> {
        let own = undone.decision.cell;
        let flies = |id| self.flights.values().any(|flight| flight.intention.decision.cell == id);
        let same = |cell: &&Cell| cell.change.id == undone.change && cell.change.target == undone.target;
        let cells = self.cells.values().filter(|cell| !cell.is_over()).filter(same);
        cells.map(|cell| cell.id).filter(|id| *id == own || !flies(*id)).collect()
    }
}

/// Whether a change is taken back when an action of this kind ends so.
pub(super) const fn undid(kind: Kind, outcome: Outcome) -> bool {
    matches!(kind, Kind::Rollback) && matches!(outcome, Outcome::Taken | Outcome::Verified)
}

fn is_rested(flight: &Flight, now: UnixMillis) -> bool {
    matches!(flight.state, State::Resting { until, .. } if until <= now)
}
