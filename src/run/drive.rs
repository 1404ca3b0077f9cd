//! The drive: events in, effects carried out. It is the one loop between the engine and the world, and the same one for
//! a service, for a story and for the simulator: they differ in the [`World`] they give it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::Handle;

use crate::archive::{Archive, Receipt};
use crate::decision::{CellId, Deed, Key, Refusal, Verification};
use crate::engine::{Ask, Cell, Effect, Engine, Event, FRESH, Rules};
use crate::ledger::{Entry, Record};
use crate::promql::{self, Query, When};
use crate::run::counting::{Counted, Counting, Question, unanswered};
use crate::run::world::{Asked, By, Met, Supply, World};
use crate::signal::Deaf;
use crate::store::{Is, Store, heard_up_to};
use crate::unit::{Span, UnixMillis};

/// How long records may wait to be written down together.
const TOGETHER: Span = Span::from_secs(1);

/// How long the counts of looks are kept after their gate ended: decisions that rest on older ones are explained, and
/// not replayed.
const COUNTS_KEPT: Span = Span::from_secs(90 * 24 * 3_600);

/// How far apart a source is asked whether something worked.
const VERIFIED_EVERY: Span = Span::from_secs(15);

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
    /// What cells asked that their sources have not answered yet, and since when.
    unanswered: BTreeMap<CellId, (Ask, UnixMillis)>,
    /// Of whom is counted elsewhere what they asked, and since when. Whoever is not here does not want the answer any more.
    counting: BTreeMap<CellId, (Arc<()>, UnixMillis)>,
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
        Self {
            engine,
            store,
            world,
            archive,
            handle,
            pending: Vec::new(),
            waiting_since: None,
            unanswered: BTreeMap::new(),
            counting: BTreeMap::new(),
        }
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
        self.world.supplied();
        if self.waiting_since.is_some_and(|since| since.plus(TOGETHER) <= now) {
            self.flush()?;
        }
        Ok(())
    }

    /// Other rules come into force. It is written down when this returns, and nothing is answered that was asked before.
    pub fn renew(&mut self, rules: Rules, now: UnixMillis) -> Result<(), Stopped> {
        self.unanswered.clear();
        self.counting.clear();
        self.happen(Event::Reloaded(rules), now)?;
        self.flush()
    }

    /// Something came from a source, or was counted: what could not be answered is looked at again.
    pub fn resupply(&mut self, now: UnixMillis) -> Result<(), Stopped> {
        for counted in self.world.counted() {
            if let Some(event) = self.answered(counted, now) {
                self.happen(event, now)?;
            }
        }
        for id in self.world.woken() {
            let Some((ask, _)) = self.unanswered.get(&id).cloned() else { continue };
            if let Some(event) = self.asked(ask, now, true) {
                self.happen(event, now)?;
            }
        }
        self.world.supplied();
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

    /// Lets go of samples that nobody will look at any more.
    pub fn sweep(&mut self, now: UnixMillis) {
        self.store.write().unwrap_or_else(PoisonError::into_inner).prune(now);
        self.world.sweep(&self.engine);
        let engine = &self.engine;
        self.unanswered.retain(|id, _| engine.cell(*id).is_some_and(|cell| !cell.is_over()));
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
            Effect::Ask(ask) => Ok(self.asked(ask, now, false).into_iter().collect()),
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
                Ok(vec![journaled(answer, key, 1)])
            }
            Effect::Retry { key, attempt, at } => {
                self.flush()?;
                let answer = self.handle.block_on(self.archive.retry(&key, attempt, at))?;
                Ok(vec![journaled(answer, key, attempt)])
            }
            Effect::Send { key, attempt } => {
                if let Some(flight) = self.engine.flight(&key) {
                    self.world.send(flight, &self.engine, attempt, now);
                }
                Ok(Vec::new())
            }
            Effect::Verify { key } => Ok(vec![match self.is_seen(&key, now) {
                Some((holds, at)) => Event::Verified { key, holds, at },
                None => Event::Unseen { key },
            }]),
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

    /// Has a cell's question answered, from the samples of its target's source.
    fn asked(&mut self, ask: Ask, now: UnixMillis, woken: bool) -> Option<Event> {
        let id = ask.cell();
        let cell = self.engine.cell(id)?;
        if let Some((_, since)) = self.counting.get(&id) {
            let waited = now.since(*since);
            return if self.overdue(&ask, waited) { self.cut(&ask, Deaf::Uncounted, now) } else { None };
        }
        let program = self.engine.program();
        let source = program.target(&cell.change.target)?.source.as_ref();
        let (settle, every) = (program.settle, cell.every());
        let to = ask.to();
        let since = self.unanswered.get(&id).filter(|(known, _)| *known == ask).map(|(_, since)| *since);
        let waited = since.map_or(Span::ZERO, |since| now.since(since));
        // Whoever waits is woken, and does not look at each tick whether something came.
        if since.is_some() && self.world.wakes() && waited < every && !woken {
            return None;
        }
        let by = By::Cell { cell, opens: matches!(ask, Ask::Opening { .. }) };
        let present = now.minus(settle).floor(every);
        let supply = source.map_or(Supply::Sent, |source| {
            self.world.supply(&Asked { source, by, to, present }, &self.engine)
        });
        let store = match supply {
            Supply::Sent => Arc::clone(&self.store),
            Supply::There(store) => store,
            // A look that is not answered within the time to the next one is cut; what it would have counted comes later. Where
            // it was asked late, the source is not to blame.
            Supply::Not(why) if every <= waited => {
                return self.cut(&ask, why.unwrap_or(Deaf::Late), now);
            }
            Supply::Not(_) => {
                self.unanswered.insert(id, (ask, since.unwrap_or(now)));
                return None;
            }
        };
        self.unanswered.remove(&id);
        let question = Question::of(&self.engine, ask)?;
        let wanted = Arc::new(());
        let counting = Counting { question, store, wanted: Arc::downgrade(&wanted) };
        self.counting.insert(id, (wanted, now));
        let counted = self.world.count(counting)?;
        self.answered(counted, now)
    }

    /// Whether a look is counted for longer than until the next one is due. What was before the first look may take its time.
    fn overdue(&self, ask: &Ask, waited: Span) -> bool {
        let every = self.engine.cell(ask.cell()).map(Cell::every);
        matches!(ask, Ask::Count { .. }) && every.is_some_and(|every| every <= waited)
    }

    /// Cuts a look; what waits for its first one is told why.
    fn cut(&mut self, ask: &Ask, deaf: Deaf, now: UnixMillis) -> Option<Event> {
        self.counting.remove(&ask.cell());
        if matches!(ask, Ask::Count { .. }) {
            let late = now.since(ask.to().plus(self.engine.program().settle));
            self.world.timed(late, Some(deaf));
        }
        unanswered(&self.engine, ask, deaf)
    }

    /// What a cell asked was counted.
    fn answered(&mut self, counted: Counted, now: UnixMillis) -> Option<Event> {
        let Counted { cell: id, wanted, event, took } = counted;
        wanted.upgrade()?;
        self.counting.remove(&id);
        // It may have been superseded meanwhile.
        self.engine.cell(id).filter(|cell| !cell.is_over())?;
        if let Event::Counted { at, .. } = event {
            self.world.timed(now.since(at.plus(self.engine.program().settle)), None);
            self.world.took(id, took);
        }
        Some(event)
    }

    /// Whether the action of a flight is seen to have worked, and as of when; nothing where nobody can see, because its
    /// target is not heard of. It is looked at as of when it was: on a source that was cut off, whatever should be gone is missing soon.
    fn is_seen(&mut self, key: &Key, now: UnixMillis) -> Option<(bool, UnixMillis)> {
        let flight = self.engine.flight(key)?;
        let deed = flight.action.as_deref().map(|action| &action.deed);
        let Some(Deed::Send(webhook)) = deed else { return Some((false, now)) };
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

fn journaled(answer: Receipt, key: Key, attempt: u32) -> Event {
    match answer {
        Receipt::Journaled { .. } => Event::Journaled { key, attempt },
        Receipt::Refused(why) => Event::Refused { key, why },
    }
}
