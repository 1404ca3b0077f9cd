//! Calling somebody: what is held back, and what did not go well, is told to people by the gate's own message.

use std::sync::Arc;

use crate::decision::{
    Action, Answers, CellId, Course, DecisionId, Held, Intention, Key, Kind, Outcome, Page, Ruling, decide,
};
use crate::engine::cell::Cell;
use crate::engine::event::Effect;
use crate::engine::flight::{EXPIRES, Flight, Grounds};
use crate::engine::program::{Errand, Watch};
use crate::engine::step::Engine;
use crate::unit::{Span, UnixMillis};

/// How long somebody is still to hear of what did not end well, where nothing may be sent at first.
pub(super) const OWED_FOR: Span = Span::from_secs(24 * 3_600);

/// A call for somebody.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) key: Key,
    pub(super) decision: DecisionId,
    pub(super) grounds: Grounds,
    pub(super) page: Page,
    /// When it is of no use any more.
    pub(super) until: UnixMillis,
}

impl Engine {
    /// Calls somebody about what a decision wanted and may not have.
    pub(super) fn page_held(
        &mut self,
        (key, kind): (&Key, Kind),
        (decision, grounds): (DecisionId, Grounds),
        now: UnixMillis,
    ) -> Vec<Effect> {
        if !calls(kind, &grounds.ruling) {
            return Vec::new();
        }
        let page = self.page_key(key, &grounds.ruling, now);
        self.page(page, (decision, grounds, Page::Held), now)
    }

    /// Calls somebody about an action that did not end well. Where that is held, for the switch or a budget, they are called
    /// once it is not.
    pub(super) fn page_ended(&mut self, call: Call, now: UnixMillis) -> Vec<Effect> {
        let Call { key, decision, grounds, page, .. } = call.clone();
        let effects = self.page(key, (decision, grounds, page), now);
        let is_owed = effects.is_empty() && now < call.until && !self.past.knows(&call.key);
        let id = call.decision.cell;
        // Rules that have no such gate for a while may have it again.
        if is_owed && (self.cells.contains_key(&id) || self.aside.iter().any(|(_, cell)| cell.id == id)) {
            self.uncalled.push(call);
        }
        effects
    }

    /// The call about how an action ended, where somebody has to hear of it.
    pub(super) fn call(&self, intention: &Intention, outcome: Outcome, grounds: &Grounds) -> Option<Call> {
        // What came too late for a change that another one took the place of is nobody's trouble.
        let cell = self.cells.get(&intention.decision.cell)?;
        let matters = match outcome {
            Outcome::Taken | Outcome::Verified => false,
            Outcome::Expired => self.past.overtaken(&cell.change).is_none(),
            Outcome::Unverified | Outcome::Failed => true,
        };
        // However often it is tried to give back what was held, somebody is called once.
        let key = if intention.key.gives_back() {
            Key(intention.decision.to_string()).page("not given back", UnixMillis::new(0))
        } else {
            intention.key.page(outcome.word(), intention.at)
        };
        (matters && intention.kind.changes_target()).then(|| Call {
            key,
            decision: intention.decision,
            grounds: grounds.clone(),
            page: Page::Ended(outcome),
            until: intention.at.plus(OWED_FOR),
        })
    }

    /// Calls those who were to be called and were not: that was held, the ledger refused, or the process died before.
    pub(super) fn call_again(&mut self, now: UnixMillis) -> Vec<Effect> {
        let uncalled = std::mem::take(&mut self.uncalled);
        uncalled.into_iter().flat_map(|call| self.page_ended(call, now)).collect()
    }

    /// Whoever is about to be called, and is not until it is known what is said, is owed that again: by other rules it may be
    /// something else, or there may be nobody for a while.
    pub(super) fn owe_again(&mut self) {
        for key in self.those(Flight::is_a_call_to_be) {
            let Some(flight) = self.flights.get(&key) else { continue };
            let Some(page) = flight.intention.page else { continue };
            let (decision, grounds) = (flight.intention.decision, flight.grounds.clone());
            let until = flight.intention.at.plus(OWED_FOR);
            self.flights.remove(&key);
            self.past.withdrawn(&key);
            self.uncalled.push(Call { key, decision, grounds, page, until });
        }
    }

    /// Whether somebody is still to be called about what a gate saw.
    pub(super) fn owes_a_call_about(&self, id: CellId) -> bool {
        self.uncalled.iter().any(|call| call.decision.cell == id)
    }

    /// Whether what somebody was to be called for may never have been: then it is judged again, and they are.
    pub(super) fn nobody_called(
        &self,
        cell: &Cell,
        key: &Key,
        (kind, ruling): (Kind, &Ruling),
        at: UnixMillis,
    ) -> bool {
        let watch = &self.program.watches[cell.watch];
        let page = self.page_key(key, ruling, at);
        calls(kind, ruling) && messenger(watch).is_some() && !self.past.knows(&page)
    }

    /// The same reason is told again once it was judged again, and no sooner, however often voices change.
    fn page_key(&self, about: &Key, ruling: &Ruling, at: UnixMillis) -> Key {
        about.page(&reason(ruling), at.floor(self.program.approve_within))
    }

    fn page(
        &mut self,
        key: Key,
        (decision, grounds, page): (DecisionId, Grounds, Page),
        now: UnixMillis,
    ) -> Vec<Effect> {
        let Some(cell) = self.cells.get(&decision.cell) else { return Vec::new() };
        let watch = &self.program.watches[cell.watch];
        let Some(action) = messenger(watch) else { return Vec::new() };
        let mut case = self.case(&cell.change, watch, &Errand::Do(Arc::clone(&action)), now);
        (case.superseded, case.floor) = (None, None);
        if self.past.knows(&key) || decide(&case).course != Course::Act {
            return Vec::new();
        }
        let intention = Intention {
            key,
            decision,
            action: action.name.clone(),
            kind: action.kind,
            change: cell.change.id.clone(),
            target: cell.change.target.clone(),
            at: now,
            expires: now.plus(EXPIRES),
            claims: self.claims(&action),
            page: Some(page),
            aim: None,
            answers: Answers::default(),
        };
        vec![self.intend(intention, (Some(action), grounds), now)]
    }
}

/// Whether somebody has to hear of it: a person is asked, or what would take a release back is held. What waits for another
/// action, or is about what does not run any more, needs nobody.
fn calls(kind: Kind, ruling: &Ruling) -> bool {
    let passes = |held: &Held| {
        matches!(
            held,
            Held::InFlight(_)
                | Held::Superseded(_)
                | Held::Shadow
                | Held::Doubted(_)
                | Held::SwitchedOff(_)
                | Held::ServiceOff(_)
                | Held::Declined(_)
        )
    };
    match ruling.course {
        Course::Act => false,
        Course::Ask => kind.changes_target(),
        Course::Hold => kind.takes_back() && !ruling.spoke.iter().any(passes),
    }
}

/// What holds it, in words of which none stands for another.
fn reason(ruling: &Ruling) -> String {
    let words: Vec<&str> = ruling.spoke.iter().map(Held::word).collect();
    words.join(" ")
}

/// The gate's way to tell somebody: the lowest rung of its ladder that does. `check` finds gates that have none.
fn messenger(watch: &Watch) -> Option<Arc<Action>> {
    watch.errands.fail.iter().find_map(|(_, errand)| match errand {
        Errand::Do(action) if action.kind == Kind::Notify => Some(Arc::clone(action)),
        Errand::Do(_) | Errand::Ask => None,
    })
}
