//! Whether an action worked: by samples, or by an address that says so.

use std::sync::{Arc, PoisonError};

use crate::decision::{Key, Verification};
use crate::engine::{Event, FRESH};
use crate::promql::{self, Query, When};
use crate::run::drive::Drive;
use crate::run::world::{Asked, By, Supply, World};
use crate::store::{Is, heard_up_to};
use crate::unit::{Span, UnixMillis};

/// How far apart a source is asked whether something worked.
const VERIFIED_EVERY: Span = Span::from_secs(15);

impl<W: World> Drive<W> {
    /// Looks whether the action of a flight worked. Samples answer at once, an address some time.
    pub(super) fn verify(&mut self, key: Key, now: UnixMillis) -> Option<Event> {
        if let Some(flight) = self.engine.flight(&key)
            && let Some(webhook) = flight.action.as_deref().and_then(|action| action.deed.webhook())
            && matches!(webhook.verify, Some(Verification::Url(_)))
        {
            return self.world.look_at(flight, &self.engine, now);
        }
        Some(match self.is_seen(&key, now) {
            Some((holds, at)) => Event::Verified { key, holds, at },
            None => Event::Unseen { key },
        })
    }

    /// Whether the action of a flight is seen to have worked, and as of when; nothing where nobody can see, because its
    /// target is not heard of. It is looked at as of when it was: on a source that was cut off, whatever should be gone is missing soon.
    fn is_seen(&mut self, key: &Key, now: UnixMillis) -> Option<(bool, UnixMillis)> {
        let flight = self.engine.flight(key)?;
        let webhook = flight.action.as_deref().and_then(|action| action.deed.webhook());
        let Some(webhook) = webhook else { return Some((false, now)) };
        let Some(Verification::Expr(plan)) = &webhook.verify else { return Some((false, now)) };
        let target = self.engine.program().target(&flight.intention.target)?;
        let asks: Vec<Is<'_>> = target.select.iter().map(|(label, value)| Is { label, value }).collect();
        let present = now.minus(self.engine.program().settle).floor(VERIFIED_EVERY);
        let supply = target.source.as_ref().map_or(Supply::Sent, |source| {
            let by = By::Action(key, plan);
            self.world.supply(&Asked { source, by, to: present, present }, &self.engine)
        });
        let (store, known) = match supply {
            Supply::Sent => (Arc::clone(&self.store), now),
            Supply::There(store) => (store, present),
            Supply::Not(_) => return None,
        };
        let store = store.read().unwrap_or_else(PoisonError::into_inner);
        let heard = heard_up_to(&store, &asks, now, FRESH)?.min(known);
        let answer = promql::evaluate(plan, &Query::new(When::At(heard)), &*store);
        Some((answer.is_ok_and(|answer| answer.value.holds()), heard))
    }
}
