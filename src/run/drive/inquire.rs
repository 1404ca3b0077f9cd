//! What the texts of an action ask, before it.

use crate::engine::{Event, Inquiry};
use crate::run::drive::Drive;
use crate::run::research::Research;
use crate::run::world::World;
use crate::unit::UnixMillis;

impl<W: World> Drive<W> {
    /// Has found out what the texts of an action ask.
    pub(super) fn inquire(&mut self, inquiry: Inquiry, now: UnixMillis) -> Option<Event> {
        let flight = self.engine.flight(&inquiry.key)?;
        let url = self.world.external_url();
        let mut research = match Research::of(flight, &self.engine, (&inquiry, url.as_deref()), now) {
            Ok(research) => research,
            Err(why) => return Some(Event::Informed(inquiry, Err(why))),
        };
        // Of what is known nobody is asked.
        if research.next().is_none() {
            return Some(research.told());
        }
        self.world.inquire(research, &self.store)
    }
}
