//! What the texts of an action ask of samples: found out before an attempt is written down, and written down with it, so
//! that whatever is sent again says the same.

use std::sync::Arc;

use crate::decision::{Action, Answers, Intention, Page, Refusal};
use crate::engine::event::{Effect, Inquiry};
use crate::engine::flight::{Flight, Grounds, State};
use crate::engine::step::Engine;
use crate::unit::{Span, UnixMillis};

/// How long it may take to find out what the texts of an action ask.
pub const FOUND_OUT_WITHIN: Span = Span::from_secs(10);

/// How much longer it may take until that is known here.
const KNOWN_WITHIN: Span = Span::from_secs(5);

impl Engine {
    /// Something is about to be done.
    pub(super) fn intend(
        &mut self,
        intention: Intention,
        (action, grounds): (Option<Arc<Action>>, Grounds),
        now: UnixMillis,
    ) -> Effect {
        let key = intention.key.clone();
        self.past.intended(intention.clone());
        let mut flight = Flight::new(intention.clone(), action, grounds);
        let effect = match flight.inquires(1, now) {
            Some(effect) => effect,
            None => Effect::Intend(intention),
        };
        self.flights.insert(key, flight);
        effect
    }

    /// It is known what the texts of an action ask, or why nobody can say. Meanwhile something may have come to speak
    /// against it.
    pub(super) fn informed(
        &mut self,
        inquiry: &Inquiry,
        answers: Result<Answers, String>,
        now: UnixMillis,
    ) -> Vec<Effect> {
        let Inquiry { key, attempt, until } = inquiry;
        let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
        if flight.state != (State::Inquiring { attempt: *attempt, until: Some(*until) }) {
            return Vec::new();
        }
        flight.state = State::Journaling { attempt: *attempt };
        let found = flight.learn(answers);
        let Some(flight) = self.flights.get(key) else { return Vec::new() };
        match self.speaks_against(flight, now) {
            Some(why) if *attempt == 1 => {
                let (cell, why) = (flight.intention.decision.cell, Refusal::Meanwhile(why));
                let refused = Effect::Refuse { key: key.clone(), cell, at: now, why: why.clone() };
                let mut effects = vec![refused];
                effects.extend(self.refused(key.clone(), why, now));
                effects
            }
            Some(why) => self.give_in(key, &why, now),
            None if *attempt == 1 => vec![Effect::Intend(flight.intention.clone())],
            None => {
                let (key, attempt) = (key.clone(), *attempt);
                vec![Effect::Retry { key, attempt, step: 0, aim: None, answers: found, at: now }]
            }
        }
    }

    /// Goes on without what nobody said in time.
    pub(super) fn uninformed(&mut self, now: UnixMillis) -> Vec<Effect> {
        let late: Vec<Inquiry> =
            self.flights.values().filter_map(Flight::inquiry).filter(|own| own.until <= now).collect();
        let why = || Err(format!("what its texts ask was not found out within {FOUND_OUT_WITHIN}"));
        late.into_iter().flat_map(|inquiry| self.informed(&inquiry, why(), now)).collect()
    }

    /// Other rules are in force, and so it is found out what the texts ask by these, if they do.
    pub(super) fn inquire_again(&mut self, now: UnixMillis) -> Vec<Effect> {
        let outdated = |flight: &Flight| matches!(flight.state, State::Inquiring { until: None, .. });
        let mut effects = Vec::new();
        for key in self.those(outdated) {
            let Some(flight) = self.flights.get_mut(&key) else { continue };
            let State::Inquiring { attempt, .. } = flight.state else { continue };
            if let Some(effect) = flight.inquires(attempt, now) {
                effects.push(effect);
            } else {
                flight.state = State::Inquiring { attempt, until: Some(now) };
                let known = flight.intention.answers.clone();
                effects.extend(self.informed(&Inquiry { key, attempt, until: now }, Ok(known), now));
            }
        }
        effects
    }
}

impl Flight {
    /// What is found out before this attempt; nothing where its texts ask nothing. People are told the same each time, whatever
    /// was not known at first.
    pub(super) fn inquires(&mut self, attempt: u32, now: UnixMillis) -> Option<Effect> {
        let action = self.action.as_deref()?;
        let webhook = action.deed.webhook()?;
        let is_said = 1 < attempt && action.says_why();
        if self.is_on_an_object() || is_said || !webhook.asks() {
            return None;
        }
        let until = now.plus(FOUND_OUT_WITHIN).plus(KNOWN_WITHIN);
        self.state = State::Inquiring { attempt, until: Some(until) };
        self.inquiry().map(Effect::Inquire)
    }

    /// Whether somebody is about to be called about how something ended, and it is not known yet what they are told. Nothing
    /// waits for that.
    pub(super) const fn is_a_call_to_be(&self) -> bool {
        matches!(self.state, State::Inquiring { attempt: 1, .. })
            && matches!(self.intention.page, Some(Page::Ended(_) | Page::Unrecovered | Page::Reapplied))
    }

    /// What is being found out.
    fn inquiry(&self) -> Option<Inquiry> {
        let State::Inquiring { attempt, until } = self.state else { return None };
        Some(Inquiry { key: self.intention.key.clone(), attempt, until: until? })
    }

    /// Takes in what was found out, and gives what of it is not known to the ledger. People are told all the same where
    /// nobody can say.
    fn learn(&mut self, answers: Result<Answers, String>) -> Answers {
        match answers {
            Ok(found) => {
                self.unfilled = None;
                // What was known is not asked again, so there are others where there are more.
                let is_more = !found.0.keys().eq(self.intention.answers.0.keys());
                let found = if is_more { found } else { Answers::default() };
                self.knows(found.clone());
                found
            }
            Err(why) => {
                let says_why = self.action.as_deref().is_some_and(Action::says_why);
                self.unfilled = Some(why).filter(|_| !says_why);
                Answers::default()
            }
        }
    }
}
