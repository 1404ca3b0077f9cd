//! Carrying an intention through: from the ledger's word over its attempts to its end.

use std::sync::Arc;

use crate::decision::{
    Action, Answer, CellId, Course, Intention, Key, Kind, Order, Outcome, Page, Progress, Refusal, Sight,
    decide,
};
use crate::engine::cell::Cell;
use crate::engine::event::{Effect, Notice};
use crate::engine::flight::{Flight, Next, State};
use crate::engine::page::{Call, OWED_FOR};
use crate::engine::program::Errand;
use crate::engine::step::Engine;
use crate::gate::Ending;
use crate::ledger::Record;
use crate::unit::UnixMillis;

impl Engine {
    /// What time brings: further attempts, answers that never came, and looks at whether it worked.
    pub(super) fn carry(&mut self, now: UnixMillis) -> Vec<Effect> {
        let mut effects = self.uninformed(now);
        effects.extend(self.inquire_again(now));
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
        for flight in self.flights.values_mut() {
            let looked_for = matches!(flight.state, State::Taken { .. } | State::Unknown { .. });
            // Samples are there or not; an object has to be asked for.
            if looked_for && (!flight.is_on_an_object() || flight.looks(now)) {
                effects.push(Effect::Verify { key: flight.intention.key.clone() });
            }
        }
        effects
    }

    pub(super) fn those(&self, which: impl Fn(&Flight) -> bool) -> Vec<Key> {
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
        if let Some(why) = flight.unfilled.take() {
            return self.answered(&key, (attempt, Answer::Unsent { why }), now);
        }
        let told = Effect::Tell(Notice::Sent(key.clone(), attempt));
        vec![told, Effect::Send { key, attempt }]
    }

    /// The ledger refused: what had not begun never was, and what had begun is over.
    pub(super) fn refused(&mut self, key: Key, why: Refusal, now: UnixMillis) -> Vec<Effect> {
        let Some(State::Journaling { attempt }) = self.flights.get(&key).map(|flight| flight.state) else {
            return Vec::new();
        };
        if self.flights.get(&key).is_some_and(|flight| 0 < flight.step) {
            // What is half done is not done, and not undone either.
            let why = format!("the ledger refused a further step: {why}");
            return self.follow(&key, Next::End(Outcome::Unverified, why), now);
        }
        if attempt > 1 {
            let next = Next::End(Outcome::Expired, format!("the ledger refused a further attempt: {why}"));
            return self.follow(&key, next, now);
        }
        let flight = self.flights.remove(&key);
        self.past.withdrawn(&key);
        if let Some(flight) = flight
            && let Some(cell) = self.cells.get_mut(&flight.intention.decision.cell)
        {
            let (decision, grounds) = (flight.intention.decision, flight.grounds);
            match flight.intention.page {
                None => cell.refused(&why),
                // Whoever was to be called was not: what is held is judged again.
                Some(Page::Held) => cell.ruled.retain(|(_, ruling)| *ruling != grounds.ruling),
                Some(page @ (Page::Ended(_) | Page::Unrecovered | Page::Reapplied))
                    if why != Refusal::Known =>
                {
                    let until = flight.intention.at.plus(OWED_FOR);
                    self.uncalled.push(Call { key: key.clone(), decision, grounds, page, until });
                }
                Some(Page::Ended(_) | Page::Unrecovered | Page::Reapplied) => {}
            }
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
        let step = flight.step;
        let next = flight.answered(attempt, &answer, now);
        let told = Notice::Answered(key.clone(), attempt, answer.clone());
        let answered = Record::Answered { key: key.clone(), attempt, step, at: now, answer };
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
        effects.extend(self.rested(key, now));
        effects
    }

    /// An object was looked at, how far it is.
    pub(super) fn progressed(
        &mut self,
        key: &Key,
        (progress, at): (&Progress, UnixMillis),
        now: UnixMillis,
    ) -> Vec<Effect> {
        let next = self.flights.get_mut(key).and_then(|flight| flight.progressed(progress, at, now));
        let mut effects = next.map(|next| self.follow(key, next, now)).unwrap_or_default();
        effects.extend(self.rested(key, now));
        effects
    }

    /// The further attempt of a flight that has rested.
    pub(super) fn rested(&mut self, key: &Key, now: UnixMillis) -> Vec<Effect> {
        let rested = self.flights.get(key).is_some_and(|flight| is_rested(flight, now));
        if rested { self.again(key, now) } else { Vec::new() }
    }

    /// A further attempt, past every guard again.
    fn again(&mut self, key: &Key, now: UnixMillis) -> Vec<Effect> {
        let Some(flight) = self.flights.get(key) else { return Vec::new() };
        let State::Resting { next: attempt, .. } = flight.state else { return Vec::new() };
        if 0 < flight.step {
            return self.finish(key, attempt, now);
        }
        if key.gives_back() {
            let why = "not attempted again: it is looked at anew whether git has moved on".to_owned();
            return self.follow(key, Next::End(Outcome::Expired, why), now);
        }
        if let Some(order) = self.order_again(flight, now) {
            let target = flight.intention.target.clone();
            if let Some(effects) = self.scouts.ask(key, (&target, order), now) {
                return effects;
            }
        }
        let sight = self.scouts.fresh(key, now);
        let Some(flight) = self.flights.get(key) else { return Vec::new() };
        let expired = flight.intention.expires < now;
        if let (Some(Sight::Unseen(_)), false) = (&sight, expired) {
            let rests = Next::Go(Flight::rests(attempt, now));
            return self.follow(key, rests, now);
        }
        if let Some(why) = self.speaks_against(flight, now) {
            return self.give_in(key, &why, now);
        }
        let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
        if let Some(inquiry) = flight.inquires(attempt, now) {
            return vec![inquiry];
        }
        flight.state = State::Journaling { attempt };
        // Steps that hold already are not in what is done from here on: it was planned by what is there now.
        let aim = sight.as_ref().and_then(Sight::aim).cloned().map(Box::new);
        flight.go_for(aim.clone());
        self.scouts.spent(key);
        vec![Effect::again(key, (attempt, 0), aim, now)]
    }

    /// It is not attempted again, as something speaks against it by now.
    pub(super) fn give_in(&mut self, key: &Key, why: &str, now: UnixMillis) -> Vec<Effect> {
        self.follow(key, Next::End(Outcome::Expired, format!("not attempted again: {why}")), now)
    }

    /// A further attempt at what is half done. It is finished as it was decided, whatever guards would say of it by now: no half
    /// of it is what anybody wanted. But for the switch, which stops everything.
    fn finish(&mut self, key: &Key, attempt: u32, now: UnixMillis) -> Vec<Effect> {
        let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
        if flight.intention.expires < now {
            let why = format!("it is half done, and was to be done by {}", flight.intention.expires);
            return self.follow(key, Next::End(Outcome::Unverified, why), now);
        }
        flight.state = State::Journaling { attempt };
        vec![Effect::again(key, (attempt, flight.step), None, now)]
    }

    /// What is wanted of the object of a flight, before anything is attempted again; nothing where it is done to none, or
    /// where something else speaks against it already.
    fn order_again(&self, flight: &Flight, now: UnixMillis) -> Option<Order> {
        if !flight.is_on_an_object() || flight.intention.expires < now {
            return None;
        }
        let cell = self.cells.get(&flight.intention.decision.cell)?;
        self.order(&cell.change, flight.action.as_deref()?, now)
    }

    /// What speaks against a further attempt.
    pub(super) fn speaks_against(&self, flight: &Flight, now: UnixMillis) -> Option<String> {
        if flight.intention.expires < now {
            return Some(format!("it was to be done by {}, and evidence ages", flight.intention.expires));
        }
        let cell = self.cells.get(&flight.intention.decision.cell);
        let (Some(cell), Some(action)) = (cell, &flight.action) else {
            return Some("the rules do not say any more how it is done".to_owned());
        };
        let watch = &self.program.watches[cell.watch];
        if watch.asks() && self.incidents.alarm(cell.id).is_none() {
            return Some("the alert that asked for it is resolved".to_owned());
        }
        let mut case = self.case(&cell.change, watch, &Errand::Do(Arc::clone(action)), now);
        // What was to be told stays worth telling.
        case.superseded = case.superseded.filter(|_| action.kind.changes_target());
        (case.consents, case.declined) = self.consents(cell, &flight.intention.key, now);
        // It was sure enough when it was decided, and is not looked at again.
        case.floor = None;
        let ruling = decide(&case);
        let held = ruling.spoke.first().map(ToString::to_string);
        (ruling.course != Course::Act).then(|| held.unwrap_or_else(|| "nothing wants it any more".to_owned()))
    }

    /// How an intention is carried out; nothing where the rules do not say so any more.
    pub(super) fn action(&self, intention: &Intention) -> Option<Arc<Action>> {
        // What is given back is no action of a rule.
        if intention.key.gives_back() {
            return None;
        }
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
            Next::Step { attempt } => {
                let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
                flight.step = flight.step.saturating_add(1);
                flight.state = State::Journaling { attempt };
                let step = flight.step;
                vec![Effect::again(key, (attempt, step), None, now)]
            }
            Next::End(outcome, why) => {
                let Some(flight) = self.flights.remove(key) else { return Vec::new() };
                let outcome = flight.ended(outcome);
                self.past.closed(key, outcome);
                self.keep(&flight.intention, outcome, now);
                let told = Effect::Tell(Notice::Closed(key.clone(), outcome, why.clone()));
                let mut effects = vec![Effect::Close { key: key.clone(), at: now, outcome, why }, told];
                let call = self.call(&flight.intention, outcome, &flight.grounds);
                effects.extend(call.into_iter().flat_map(|call| self.page_ended(call, now)));
                let cell = flight.intention.decision.cell;
                if undid(flight.intention.kind, outcome) {
                    for id in self.watching(&flight.intention) {
                        effects.extend(if id == cell {
                            self.taken_back((id, key), &flight.grounds, (now, now))
                        } else {
                            self.end(id, Ending::ActedOn, now)
                        });
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
        let same = |cell: &&Cell| cell.change.id == undone.change && !cell.is_over();
        let cells = self.of(&undone.target).filter(same);
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
