//! The drive: events in, effects carried out. It is the one loop between the engine and the world, and the same one for
//! a service, for a story and for the simulator: they differ in the [`World`] they give it.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::Handle;

use crate::archive::{Archive, Receipt};
use crate::decision::{CellId, Deed, Key, Refusal, Verification};
use crate::engine::{Effect, Engine, Event, FRESH, Flight, Notice};
use crate::ledger::{Entry, Record};
use crate::promql::{self, Query, When};
use crate::run::question;
use crate::store::{Is, Store, heard_up_to};
use crate::unit::{Span, UnixMillis};

/// How long records may wait to be written down together.
const TOGETHER: Span = Span::from_secs(1);

/// How long the counts of looks are kept after their gate ended: decisions that rest on older ones are explained, and
/// not replayed.
const COUNTS_KEPT: Span = Span::from_secs(90 * 24 * 3_600);

/// The world outside.
pub trait World {
    /// Meets an effect before it is carried out: a simulator may let the process die here.
    fn meet(&mut self, effect: Effect) -> Met {
        Met::Perform(Box::new(effect))
    }

    /// Makes one attempt, and answers it with an event some time.
    fn send(&mut self, flight: &Flight, engine: &Engine, attempt: u32, now: UnixMillis);

    /// Tells people.
    fn tell(&mut self, notice: &Notice, engine: &Engine);
}

/// What became of an effect that was met.
pub enum Met {
    /// It is carried out.
    Perform(Box<Effect>),
    /// It is not carried out, and these are said to have come of it.
    Answer(Vec<Event>),
    /// The process died.
    Died,
}

/// Why the drive stopped.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The process died, in a simulation.
    #[error("the process died")]
    Died,
    /// The ledger cannot be written.
    #[error(transparent)]
    Archive(#[from] crate::archive::Error),
    /// A record cannot be put into bytes.
    #[error(transparent)]
    Unwritable(#[from] crate::ledger::Unwritable),
}

/// The drive.
pub struct Drive<W> {
    /// The engine.
    pub engine: Engine,
    /// The samples.
    pub store: Arc<RwLock<Store>>,
    /// The world outside.
    pub world: W,
    archive: Archive,
    handle: Handle,
    pending: Vec<Entry>,
    /// Since when the oldest pending record waits.
    waiting_since: Option<UnixMillis>,
}

impl<W: World> Drive<W> {
    /// A drive on a ledger, with the engine that was restored from it.
    pub fn new(
        engine: Engine,
        store: Arc<RwLock<Store>>,
        archive: Archive,
        handle: Handle,
        world: W,
    ) -> Self {
        Self { engine, store, world, archive, handle, pending: Vec::new(), waiting_since: None }
    }

    /// Lets something happen, and carries out all that follows.
    pub fn happen(&mut self, event: Event, now: UnixMillis) -> Result<(), Stopped> {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.engine.step(event, now) {
                match self.world.meet(effect) {
                    Met::Perform(effect) => events.extend(self.perform(*effect, now)?),
                    Met::Answer(answers) => events.extend(answers),
                    Met::Died => return Err(Stopped::Died),
                }
            }
        }
        if self.waiting_since.is_some_and(|since| since.plus(TOGETHER) <= now) {
            self.flush()?;
        }
        Ok(())
    }

    /// Carries out effects that follow from no event: those of a restored engine.
    pub fn carry_out(&mut self, effects: Vec<Effect>, now: UnixMillis) -> Result<(), Stopped> {
        for effect in effects {
            for event in self.perform(effect, now)? {
                self.happen(event, now)?;
            }
        }
        Ok(())
    }

    /// Writes everything down that waits.
    pub fn flush(&mut self) -> Result<(), Stopped> {
        if self.pending.is_empty() {
            return Ok(());
        }
        self.handle.block_on(self.archive.append(&self.pending))?;
        self.pending.clear();
        self.waiting_since = None;
        Ok(())
    }

    /// Lets go of the counts of looks that nobody will ask for any more. What was decided stays, and the chain verifies.
    pub fn thin(&mut self, now: UnixMillis) -> Result<(), Stopped> {
        self.handle.block_on(self.archive.prune(now.minus(COUNTS_KEPT)))?;
        Ok(())
    }

    /// Lets the process die: what was not written down is gone. The world goes on.
    pub fn die(self) -> W {
        self.world
    }

    /// Writes everything down that waits, and closes the ledger as one that nothing happened to.
    pub fn close(mut self) -> Result<(), Stopped> {
        self.flush()?;
        self.handle.block_on(self.archive.close())?;
        Ok(())
    }

    fn perform(&mut self, effect: Effect, now: UnixMillis) -> Result<Vec<Event>, Stopped> {
        match effect {
            Effect::Traffic { .. } | Effect::Opening { .. } | Effect::Count { .. } => {
                let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
                Ok(question::answered(&self.engine, &store, &effect).into_iter().collect())
            }
            Effect::Write(at, record) => {
                let entry = Entry::of(&record, at)?;
                self.pending.push(match self.cell_of(&record) {
                    Some(cell) => entry.about(cell),
                    None => entry,
                });
                self.waiting_since.get_or_insert(now);
                Ok(Vec::new())
            }
            Effect::Intend(intention) => {
                let key = intention.key.clone();
                let answer = self.handle.block_on(self.archive.intend(&self.pending, &intention))?;
                // Whoever is fenced wrote nothing: what waits is not taken for written, and the next flush says so.
                if answer != Receipt::Refused(Refusal::Fenced) {
                    self.pending.clear();
                    self.waiting_since = None;
                }
                Ok(vec![answered(answer, key, 1)])
            }
            Effect::Retry { key, attempt, at } => {
                self.flush()?;
                let answer = self.handle.block_on(self.archive.retry(&key, attempt, at))?;
                Ok(vec![answered(answer, key, attempt)])
            }
            Effect::Send { key, attempt } => {
                if let Some(flight) = self.engine.flight(&key) {
                    self.world.send(flight, &self.engine, attempt, now);
                }
                Ok(Vec::new())
            }
            Effect::Verify { key } => {
                let seen = self.engine.flight(&key).and_then(|flight| self.is_seen(flight, now));
                Ok(vec![match seen {
                    Some((holds, at)) => Event::Verified { key, holds, at },
                    None => Event::Unseen { key },
                }])
            }
            Effect::Close { key, at, outcome, why } => {
                self.flush()?;
                self.handle.block_on(self.archive.close_intention(&key, at, outcome, why))?;
                Ok(Vec::new())
            }
            Effect::Switch { at, off, by } => {
                self.flush()?;
                self.handle.block_on(self.archive.switch(at, off, by))?;
                Ok(Vec::new())
            }
            Effect::Tell(notice) => {
                self.world.tell(&notice, &self.engine);
                Ok(Vec::new())
            }
        }
    }

    /// The gate and change that a record is about which names an intention alone.
    fn cell_of(&self, record: &Record) -> Option<CellId> {
        let Record::Answered { key, .. } = record else { return None };
        self.engine.past().intention(key).map(|intention| intention.decision.cell)
    }

    /// Whether the action of a flight is seen to have worked, and as of when; nothing where nobody can see, because its
    /// target is not heard of. It is looked at as of when it was: on a source that was cut off, whatever should be gone is missing soon.
    fn is_seen(&self, flight: &Flight, now: UnixMillis) -> Option<(bool, UnixMillis)> {
        let deed = flight.action.as_deref().map(|action| &action.deed);
        let Some(Deed::Send(webhook)) = deed else { return Some((false, now)) };
        let Some(Verification::Expr(plan)) = &webhook.verify else { return Some((false, now)) };
        let target = self.engine.program().target(&flight.intention.target)?;
        let asks: Vec<Is<'_>> = target.select.iter().map(|(label, value)| Is { label, value }).collect();
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let heard = heard_up_to(&store, &asks, now, FRESH)?;
        let answer = promql::evaluate(plan, &Query::new(When::At(heard)), &*store);
        Some((answer.is_ok_and(|answer| answer.value.holds()), heard))
    }
}

fn answered(answer: Receipt, key: Key, attempt: u32) -> Event {
    match answer {
        Receipt::Journaled { .. } => Event::Journaled { key, attempt },
        Receipt::Refused(why) => Event::Refused { key, why },
    }
}
