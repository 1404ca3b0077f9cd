//! The drive: events in, effects carried out. It is the one loop between the engine and the world, and the same one for
//! a service, for a story and for the simulator: they differ in the [`World`] they give it.

mod inquire;
mod seen;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::Handle;

use crate::archive::{Archive, Attempt, Posting, Receipt};
use crate::decision::{CellId, Key, Refusal};
use crate::engine::{Agreement, Ask, Cell, Effect, Engine, Event, NotAsked, Rules, Said};
use crate::ledger::{Entry, Record};
use crate::run::counting::{Counted, Counting, Question, unanswered};
use crate::run::world::{Asked, By, Met, Supply, World};
use crate::signal::Deaf;
use crate::store::Store;
use crate::unit::{Span, UnixMillis};

/// How long records may wait to be written down together.
const TOGETHER: Span = Span::from_secs(1);

/// How many things that are about to be done are written down together at most: the first of them waits for the last.
const MOST_TOGETHER: usize = 256;

/// How long the counts of looks are kept after their gate ended: decisions that rest on older ones are explained, and
/// not replayed.
const COUNTS_KEPT: Span = Span::from_secs(90 * 24 * 3_600);

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
    /// What is written down behind that, with its checks.
    postings: Vec<Posting>,
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
            postings: Vec::new(),
            waiting_since: None,
            unanswered: BTreeMap::new(),
            counting: BTreeMap::new(),
        }
    }

    /// Lets something happen, and carries out all that follows.
    pub fn happen(&mut self, event: Event, now: UnixMillis) -> Result<(), Stopped> {
        self.follow(event, now)?;
        self.rest(now)
    }

    /// Somebody says something to what was asked; what comes of it, or why it does not count.
    pub fn said(&mut self, said: Said, now: UnixMillis) -> Result<Result<Agreement, NotAsked>, Stopped> {
        match self.engine.said(said, now) {
            Ok((agreed, effects)) => {
                self.meet(effects, now)?;
                self.rest(now).map(|()| Ok(agreed))
            }
            Err(why) => Ok(Err(why)),
        }
    }

    /// Lets something happen beside others: what is about to be done for all of them is written down together, and the disk
    /// is waited for once.
    pub fn follow(&mut self, event: Event, now: UnixMillis) -> Result<(), Stopped> {
        self.step(event, now)?;
        if MOST_TOGETHER <= self.postings.len() {
            self.settle(now)?;
        }
        Ok(())
    }

    /// What follows from all that happened is carried out.
    pub fn rest(&mut self, now: UnixMillis) -> Result<(), Stopped> {
        self.settle(now)?;
        self.world.supplied();
        if self.waiting_since.is_some_and(|since| since.plus(TOGETHER) <= now) {
            self.flush()?;
        }
        Ok(())
    }

    fn step(&mut self, event: Event, now: UnixMillis) -> Result<(), Stopped> {
        let effects = self.engine.step(event, now);
        self.meet(effects, now)
    }

    /// Has written down what is about to be done, and what has ended; and lets follow what the ledger says to that.
    fn settle(&mut self, now: UnixMillis) -> Result<(), Stopped> {
        while !self.postings.is_empty() {
            let postings = std::mem::take(&mut self.postings);
            let receipts = self.handle.block_on(self.archive.post(&self.pending, &postings))?;
            // Whoever is fenced wrote nothing: what waits is not taken for written, and the next flush says so.
            if !receipts.contains(&Receipt::Refused(Refusal::Fenced)) {
                self.pending.clear();
                self.waiting_since = None;
            }
            for (posting, receipt) in postings.into_iter().zip(receipts) {
                let event = match posting {
                    Posting::Intend(intention) => journaled(receipt, intention.key, 1),
                    Posting::Retry { attempt, .. } => journaled(receipt, attempt.key, attempt.number),
                    Posting::Close { .. } | Posting::Refuse { .. } => continue,
                };
                self.step(event, now)?;
            }
        }
        Ok(())
    }

    /// Meets effects, and what follows from what they lead to.
    fn meet(&mut self, effects: Vec<Effect>, now: UnixMillis) -> Result<(), Stopped> {
        let (mut effects, mut events) = (effects, VecDeque::new());
        loop {
            for effect in effects {
                match self.world.meet(effect) {
                    Met::Perform(effect) => events.extend(self.perform(*effect, now)?),
                    Met::Answer(answers) => events.extend(answers),
                    Met::Died => return Err(Stopped::Died),
                }
            }
            let Some(event) = events.pop_front() else { return Ok(()) };
            effects = self.engine.step(event, now);
        }
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
                self.follow(event, now)?;
            }
        }
        for id in self.world.woken() {
            let Some((ask, _)) = self.unanswered.get(&id).cloned() else { continue };
            if let Some(event) = self.asked(ask, now, true) {
                self.follow(event, now)?;
            }
        }
        self.rest(now)
    }

    /// Carries out effects that follow from no event: those of a restored engine.
    pub fn carry_out(&mut self, effects: Vec<Effect>, now: UnixMillis) -> Result<(), Stopped> {
        for effect in effects {
            for event in self.perform(effect, now)? {
                self.follow(event, now)?;
            }
        }
        self.rest(now)
    }

    /// Writes down what waits, but for what has to be checked.
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
        self.unanswered.retain(|id, _| engine.cell(*id).is_some_and(|cell| !cell.is_done()));
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
                if let Some(why) = self.world.forbids(&intention.target.service) {
                    return Ok(vec![Event::Refused { key: intention.key, why }]);
                }
                self.postings.push(Posting::Intend(intention));
                Ok(Vec::new())
            }
            Effect::Inquire(inquiry) => Ok(self.inquire(inquiry, now).into_iter().collect()),
            Effect::Refuse { key, cell, at, why } => {
                self.postings.push(Posting::Refuse { key, cell, at, why });
                Ok(Vec::new())
            }
            Effect::Retry { key, attempt: number, step, aim, answers, at } => {
                let service = self.engine.flight(&key).map(|flight| &flight.intention.target.service);
                if let Some(why) = service.and_then(|service| self.world.forbids(service)) {
                    return Ok(vec![Event::Refused { key, why }]);
                }
                let attempt = Attempt { key, number, step, aim, answers };
                self.postings.push(Posting::Retry { attempt, at });
                Ok(Vec::new())
            }
            Effect::Send { key, attempt } => {
                if let Some(flight) = self.engine.flight(&key) {
                    self.world.send(flight, &self.engine, attempt, now);
                }
                Ok(Vec::new())
            }
            Effect::Survey { key, order } => {
                self.world.survey(key, *order);
                Ok(Vec::new())
            }
            Effect::Verify { key } => {
                if let Some(flight) = self.engine.flight(&key).filter(|flight| flight.is_on_an_object()) {
                    self.world.look(flight, now);
                    return Ok(Vec::new());
                }
                Ok(self.verify(key, now).into_iter().collect())
            }
            Effect::Close { key, at, outcome, why } => {
                self.postings.push(Posting::Close { key, at, outcome, why });
                Ok(Vec::new())
            }
            Effect::Switch { at, turn } => {
                self.flush()?;
                self.handle.block_on(self.archive.switch(at, &turn))?;
                self.world.switched(&turn);
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
        ask.is_look() && every.is_some_and(|every| every <= waited)
    }

    /// Cuts a look; what waits for its first one is told why.
    fn cut(&mut self, ask: &Ask, deaf: Deaf, now: UnixMillis) -> Option<Event> {
        self.counting.remove(&ask.cell());
        if ask.is_look() {
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
        self.engine.cell(id).filter(|cell| !cell.is_done())?;
        if let Event::Counted { at, .. } = event {
            self.world.timed(now.since(at.plus(self.engine.program().settle)), None);
            self.world.took(id, took);
        }
        Some(event)
    }
}

fn journaled(answer: Receipt, key: Key, attempt: u32) -> Event {
    match answer {
        Receipt::Journaled { .. } => Event::Journaled { key, attempt },
        Receipt::Refused(why) => Event::Refused { key, why },
    }
}
