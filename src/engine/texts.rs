//! What the texts of an action ask of samples: found out before an attempt is written down, and written down with it, so
//! that whatever is sent again says the same.

use std::sync::Arc;

use crate::decision::{Action, Answers, Intention, Key, Refusal};
use crate::engine::event::Effect;
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
        key: &Key,
        (attempt, answers): (u32, Result<Answers, String>),
        now: UnixMillis,
    ) -> Vec<Effect> {
        let Some(flight) = self.flights.get_mut(key) else { return Vec::new() };
        if !matches!(flight.state, State::Inquiring { attempt: own, .. } if own == attempt) {
            return Vec::new();
        }
        flight.state = State::Journaling { attempt };
        let (found, unfilled) = match answers {
            Ok(found) => (Some(found), None),
            Err(why) => (None, Some(why)),
        };
        flight.unfilled = unfilled;
        let found = found.filter(|found| *found != flight.intention.answers).unwrap_or_default();
        flight.informed(found.clone());
        let Some(flight) = self.flights.get(key) else { return Vec::new() };
        let against = self.speaks_against(flight, now);
        match against {
            Some(why) if attempt == 1 => {
                let (cell, why) = (flight.intention.decision.cell, Refusal::Meanwhile(why));
                let refused = Effect::Refuse { key: key.clone(), cell, at: now, why: why.clone() };
                let mut effects = vec![refused];
                effects.extend(self.refused(key.clone(), why, now));
                effects
            }
            Some(why) => self.give_in(key, &why, now),
            None if attempt == 1 => vec![Effect::Intend(flight.intention.clone())],
            None => {
                let (key, aim) = (key.clone(), None);
                vec![Effect::Retry { key, attempt, step: 0, aim, answers: found, at: now }]
            }
        }
    }

    /// Goes on without what nobody said in time.
    pub(super) fn uninformed(&mut self, now: UnixMillis) -> Vec<Effect> {
        let late = |flight: &Flight| {
            let State::Inquiring { attempt, until } = flight.state else { return None };
            (until <= now).then(|| (flight.intention.key.clone(), attempt))
        };
        let late: Vec<(Key, u32)> = self.flights.values().filter_map(late).collect();
        let why = || Err(format!("what its texts ask was not found out within {FOUND_OUT_WITHIN}"));
        late.into_iter().flat_map(|(key, attempt)| self.informed(&key, (attempt, why()), now)).collect()
    }
}

impl Flight {
    /// What is found out before this attempt; nothing where its texts ask nothing.
    pub(super) fn inquires(&mut self, attempt: u32, now: UnixMillis) -> Option<Effect> {
        let webhook = self.action.as_deref()?.deed.webhook()?;
        if !webhook.asks() {
            return None;
        }
        let until = now.plus(FOUND_OUT_WITHIN).plus(KNOWN_WITHIN);
        self.state = State::Inquiring { attempt, until };
        Some(Effect::Inquire { key: self.intention.key.clone(), attempt })
    }
}
