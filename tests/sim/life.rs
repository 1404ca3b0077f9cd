//! The life of a world: its hours, one tick after the other, with every death and every start.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use backstop::archive::Archive;
use backstop::decision::{Kind, Turn};
use backstop::engine::{Cell, Effect, Event, Program, Rules, restore};
use backstop::ledger::Record;
use backstop::run::drive::{Drive, Stopped};
use backstop::run::world::{Met, World as _};
use backstop::signal::Series;
use backstop::store::{Bounds, Store};
use backstop::unit::{Span, UnixMillis};
use tokio::runtime::Handle;

use crate::Planted;
use crate::outside::{Outside, REFUSED, change};
use crate::plan::{Fault, MINUTE, Plan, SECOND};
use crate::rules::{Ceilings, Edition, WIDE};
use crate::tail::Tail;
use crate::town::{SCRAPE, Town};

/// When every world begins.
const BEGINNING: UnixMillis = UnixMillis::new(1_767_225_600_000);

/// How long before that its town had customers.
const BEFORE: i64 = 35 * MINUTE;

/// How fine its clock is.
const TICK: i64 = 5 * SECOND;

/// When everything has to have come to an end.
const LATEST: i64 = 300 * MINUTE;

/// The chain of every ledger, and how far back a start looks, as in the service.
const CHAIN: u32 = 1;
const REMEMBERED: Span = Span::from_secs(30 * 24 * 3_600);

/// A world.
pub(crate) struct Life {
    handle: Handle,
    ledger: PathBuf,
    ceilings: Ceilings,
    /// The rules that are in force, or that the next start goes by, and how many came into force before them.
    edition: Edition,
    editions: usize,
    program: Arc<Program>,
    plan: Plan,
    town: Town,
    store: Arc<RwLock<Store>>,
    at: i64,
    /// By how much backstop's clock is off.
    off_by: i64,
    alive: Option<Drive<Outside>>,
    dead: Option<Dead>,
    /// What follows the death that is armed.
    next_death: (i64, bool),
    /// Batches whose senders wait for the process.
    waiting: Vec<Vec<Series>>,
    /// Changes that were told and confirmed, by their numbers in the plan.
    told: usize,
    faults: usize,
    switched: Vec<bool>,
    pub(crate) restarts: u64,
}

struct Dead {
    outside: Outside,
    until: i64,
    store_is_kept: bool,
}

impl Life {
    pub(crate) fn new(seed: u64, folder: &Path, handle: &Handle, planted: Planted, verbose: bool) -> Self {
        let mut plan = Plan::of(seed);
        if planted == Planted::Refuses {
            plan.faults.push((REFUSED, Fault::Stop { store_is_kept: true }));
        }
        let ledger = folder.join("ledger.db");
        let forgetful = planted == Planted::NoBudget;
        let ceilings = if forgetful { WIDE } else { plan.ceilings };
        let edition = Edition::FIRST;
        let town = Town::of(seed, &plan);
        let archive = handle.block_on(Archive::open(&ledger, CHAIN)).unwrap();
        handle.block_on(archive.close()).unwrap();
        let reader = handle.block_on(Archive::read_only(&ledger)).unwrap();
        let outside = Outside::new(Tail::new(reader, handle.clone()), plan.clone(), planted, verbose);
        let mut life = Self {
            handle: handle.clone(),
            ledger,
            ceilings,
            edition,
            editions: 0,
            program: ceilings.program(&edition),
            plan,
            town,
            store: Arc::new(RwLock::new(Store::new(Bounds::default()))),
            at: -BEFORE,
            off_by: 0,
            alive: None,
            dead: Some(Dead { outside, until: 0, store_is_kept: true }),
            next_death: (0, true),
            waiting: Vec::new(),
            told: 0,
            faults: 0,
            switched: Vec::new(),
            restarts: 0,
        };
        while life.at < 0 {
            life.feed();
            life.at += SCRAPE;
        }
        life
    }

    /// Lives until everything has come to an end.
    pub(crate) fn live(&mut self) {
        while self.at <= LATEST {
            self.outside().at = self.at;
            self.go_wrong();
            for rollout in
                self.plan.rollouts.iter().filter(|one| (self.at - TICK..self.at).contains(&(one.at - 1)))
            {
                self.town.release(rollout);
            }
            self.receiver_does();
            if self.at % SCRAPE == 0 {
                self.feed();
            }
            self.start_if_due();
            self.tell();
            for answer in self.outside().answers() {
                self.happen(answer);
            }
            self.resupply();
            self.happen(Event::Tick);
            self.receiver_does();
            // A world that went wrong once goes wrong at every tick from then on.
            if self.is_over() || !self.outside().faults.is_empty() {
                return;
            }
            self.at += TICK;
        }
        let minutes = LATEST / MINUTE;
        self.outside().fault(&format!("end: not everything came to an end within {minutes} minutes"));
    }

    fn now(&self) -> UnixMillis {
        UnixMillis::new(BEGINNING.millis() + self.at + self.off_by)
    }

    fn outside(&mut self) -> &mut Outside {
        match (&mut self.alive, &mut self.dead) {
            (Some(drive), _) => &mut drive.world,
            (None, Some(dead)) => &mut dead.outside,
            (None, None) => unreachable!("a process is alive or dead"),
        }
    }

    fn receiver_does(&mut self) {
        for done in self.outside().do_now() {
            if done.kind == Kind::Rollback {
                self.town.take_back(done.service, &done.change);
            }
            if done.kind == Kind::Pause {
                self.town.pause(done.service);
            }
        }
    }

    fn feed(&mut self) {
        let batches = self.town.batches(self.at, BEGINNING);
        let lost = self.dead.as_ref().is_some_and(|dead| !dead.store_is_kept);
        match (&self.dead, lost) {
            (Some(_), true) => {}
            (Some(_), false) if 0 <= self.at => self.waiting.extend(batches),
            _ => self.append(&batches),
        }
    }

    fn append(&self, batches: &[Vec<Series>]) {
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        for batch in batches {
            store.append(batch, self.now());
        }
    }

    fn go_wrong(&mut self) {
        while let Some((_, fault)) =
            self.plan.faults.get(self.faults).filter(|(at, _)| *at <= self.at).copied()
        {
            self.faults += 1;
            match fault {
                Fault::Death { dies, for_so_long, store_is_kept } => {
                    self.outside().dies = Some(dies);
                    self.next_death = (for_so_long, store_is_kept);
                }
                Fault::Stop { store_is_kept } => self.stop(store_is_kept),
                Fault::Receiver(service, manner) => self.outside().manners[service] = manner,
                Fault::Clock(by) => self.off_by = by,
                Fault::Switch(off) => self.switched.push(off),
                Fault::Reset(service) => self.town.reset(service),
                Fault::Reload => self.reload(),
            }
        }
    }

    /// Has the next edition of the rules come into force: at once, or with the next start.
    fn reload(&mut self) {
        let before = std::mem::replace(&mut self.edition, self.plan.editions[self.editions]);
        self.editions += 1;
        self.program = self.ceilings.program(&self.edition);
        let now = self.now();
        let rules =
            Rules { program: Arc::clone(&self.program), config: format!("edition {}", self.editions) };
        let Some(drive) = &mut self.alive else { return };
        let cells: Vec<Cell> = drive.engine.cells().cloned().collect();
        let ended = if drive.world.planted == Planted::Forgets {
            let reader = self.handle.block_on(Archive::read_only(&self.ledger)).unwrap();
            let records = self.handle.block_on(reader.unfinished(now.minus(REMEMBERED))).unwrap();
            drive.engine = restore(rules.program, records, now).0;
            Ok(())
        } else {
            drive.renew(rules, now)
        };
        if self.see(ended) {
            for cell in &cells {
                self.goes_on(cell, &before);
            }
        }
    }

    /// What has to hold of a gate across a reload: one that asks what it asked has lost nothing, and one that does not has
    /// ended.
    fn goes_on(&mut self, old: &Cell, before: &Edition) {
        let rollout = self.plan.rollout(&old.change.id.0);
        let (was, is) = (before.edits[rollout.service].asks(), self.edition.edits[rollout.service].asks());
        let named = |asks: Option<(&'static str, &str)>| asks.map(|(gate, _)| gate);
        // One that did not begin yet asks what it is told to ask when it does.
        let stays = was == is || named(was) == named(is) && old.began().is_none() && !old.is_over();
        let Some(drive) = &self.alive else { return };
        let new = drive.engine.cell(old.id);
        // It may have ended: an action that nobody can see any more does, and a gate that waited for that alone.
        let kept = new.is_some_and(|new| new.standing() == old.standing());
        if stays && !kept {
            let (id, was, new) = (old.id, old.standing(), new.map(Cell::standing));
            self.outside()
                .fault(&format!("reload: {id} asks what it asked, and went from {was:?} to {new:?}"));
        } else if !stays && new.is_some_and(|new| !new.is_over()) {
            let id = old.id;
            self.outside().fault(&format!("reload: {id} goes on, and asks something else"));
        }
    }

    /// Stops the process as an operator would, and starts it at once.
    fn stop(&mut self, store_is_kept: bool) {
        let Some(mut drive) = self.alive.take() else { return };
        drive.flush().unwrap();
        self.dead = Some(Dead { outside: drive.die(), until: self.at, store_is_kept });
    }

    fn died(&mut self) {
        let Some(drive) = self.alive.take() else { return };
        let (for_so_long, store_is_kept) = self.next_death;
        self.dead = Some(Dead { outside: drive.die(), until: self.at + for_so_long, store_is_kept });
        self.next_death = (0, true);
    }

    fn start_if_due(&mut self) {
        while let Some(dead) = self.dead.take_if(|dead| dead.until <= self.at) {
            if !dead.store_is_kept {
                self.store = Arc::new(RwLock::new(Store::new(Bounds::default())));
            }
            let waiting = std::mem::take(&mut self.waiting);
            self.append(&waiting);
            self.start(dead.outside);
        }
    }

    /// Starts the process from what the ledger knows. It may die while it does what follows from that.
    fn start(&mut self, mut outside: Outside) {
        let now = self.now();
        outside.process += 1;
        outside.tail.read();
        outside.tail.mode = self.edition.mode;
        self.restarts += 1;
        let archive = self.handle.block_on(Archive::open(&self.ledger, CHAIN)).unwrap();
        let reader = archive.reader();
        let records = self.handle.block_on(reader.unfinished(now.minus(REMEMBERED))).unwrap();
        let (engine, effects) = restore(Arc::clone(&self.program), records, now);
        for open in self.handle.block_on(reader.open_intentions()).unwrap() {
            let closes = |effect: &Effect| matches!(effect, Effect::Close { key, .. } if *key == open.key);
            if engine.flight(&open.key).is_none() && !effects.iter().any(closes) {
                outside.fault(&format!("forgotten: {} is open, and a start does not know it", open.key));
            }
        }
        for open in self.handle.block_on(reader.open_cells()).unwrap() {
            let ends = |effect: &Effect| matches!(effect, Effect::Write(_, Record::Ended { cell, .. }) if *cell == open.cell);
            if engine.cell(open.cell).is_none() && !effects.iter().any(ends) {
                outside.fault(&format!("forgotten: {} is open, and a start does not know it", open.cell));
            }
        }
        for rollout in &self.plan.rollouts[..self.told] {
            if !engine.past().changes().any(|change| change.id.0 == rollout.id) {
                outside
                    .fault(&format!("forgotten: {} was confirmed, and a start does not know it", rollout.id));
            }
        }
        let store = Arc::clone(&self.store);
        self.alive = Some(Drive::new(engine, store, archive, self.handle.clone(), outside));
        for effect in effects {
            let Some(drive) = &mut self.alive else { return };
            match drive.world.meet(effect) {
                Met::Perform(effect) => {
                    let carried = drive.carry_out(vec![*effect], now);
                    self.see(carried);
                }
                Met::Answer(_) => {}
                Met::Died => self.died(),
            }
        }
    }

    /// Whether it went on.
    fn see(&mut self, ended: Result<(), Stopped>) -> bool {
        match ended {
            Ok(()) => return true,
            Err(Stopped::Died) => {}
            Err(other) => self.outside().fault(&format!("ledger: {other}")),
        }
        self.died();
        false
    }

    /// What was counted elsewhere since the last tick comes in.
    fn resupply(&mut self) {
        let now = self.now();
        let Some(drive) = &mut self.alive else { return };
        let ended = drive.resupply(now);
        self.see(ended);
    }

    fn happen(&mut self, event: Event) -> bool {
        let now = self.now();
        let Some(drive) = &mut self.alive else { return false };
        let ended = drive.happen(event, now);
        self.see(ended)
    }

    /// Tells of changes, again until it is confirmed; and turns the switch.
    fn tell(&mut self) {
        while let Some(rollout) = self.plan.rollouts.get(self.told).filter(|one| one.told <= self.at) {
            let change = change(rollout, BEGINNING);
            if !self.happen(Event::Changed(Box::new(change))) {
                return;
            }
            let Some(drive) = &mut self.alive else { return };
            let flushed = drive.flush();
            if !self.see(flushed) {
                return;
            }
            self.told += 1;
        }
        while let Some(off) = self.switched.first().copied() {
            let off = off.then(|| "the simulator says so".to_owned());
            if !self.happen(Event::Switched(Turn::of_all(off, "the simulator"))) {
                return;
            }
            self.switched.remove(0);
        }
    }

    fn is_over(&self) -> bool {
        let Some(drive) = &self.alive else { return false };
        self.told == self.plan.rollouts.len()
            && self.faults == self.plan.faults.len()
            && drive.engine.cells().all(backstop::engine::Cell::is_done)
            && drive.engine.flights().next().is_none()
    }

    /// Ends it, and hands back what was seen of it.
    pub(crate) fn end(mut self) -> (Outside, Plan, u64) {
        if let Some(mut drive) = self.alive.take() {
            let flushed = drive.flush();
            self.dead = Some(Dead { outside: drive.die(), until: self.at, store_is_kept: true });
            if let Err(error) = flushed {
                self.outside().fault(&format!("ledger: {error}"));
            }
        }
        let mut outside = self.dead.unwrap().outside;
        outside.tail.read();
        (outside, self.plan, self.restarts - 1)
    }
}
