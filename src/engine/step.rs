//! The one step: an event leads to effects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::decision::{CellId, Key};
use crate::engine::cell::{Cell, Phase};
use crate::engine::event::{Effect, Event, Notice};
use crate::engine::flight::Flight;
use crate::engine::giving_back::Custody;
use crate::engine::incidents::Incidents;
use crate::engine::page::Call;
use crate::engine::past::Past;
use crate::engine::program::Program;
use crate::engine::release::Releases;
use crate::engine::scouts::Scouts;
use crate::engine::together::Trouble;
use crate::gate::{Early, Ending, Gate, Verdict};
use crate::ledger::Record;
use crate::signal::{Change, TargetKey};
use crate::unit::{Name, UnixMillis};

/// How many cells that stopped are kept for whoever asks; the ledger keeps them all.
const MOST_OVER: usize = 1_000;

/// The engine.
#[derive(Debug, Clone)]
pub struct Engine {
    /// What it goes by.
    pub(super) program: Arc<Program>,
    /// One for each gate that watches a change.
    pub(super) cells: BTreeMap<CellId, Cell>,
    /// The cells of each target: there may be ten thousand, and each change is of one.
    pub(super) watching: BTreeMap<TargetKey, BTreeSet<CellId>>,
    /// What happened across all of them.
    pub(super) past: Past,
    /// What is known of alerts.
    pub(super) incidents: Incidents,
    /// Intentions on their way.
    pub(super) flights: BTreeMap<Key, Flight>,
    /// Releases that several gates watch.
    pub(super) releases: Releases,
    /// What goes wrong at one time, over all of them.
    pub(super) trouble: Trouble,
    /// Whoever was to be called and was not.
    pub(super) uncalled: Vec<Call>,
    /// Looks at objects.
    pub(super) scouts: Scouts,
    /// What is held against git.
    pub(super) custody: Custody,
    /// Cells that stopped, of gates that the rules do not have now, each with its gate: their evidence counts again, should
    /// the rules have them again.
    pub(super) aside: Vec<(Name, Cell)>,
    /// The latest moment that it knows of: a clock that steps back does not take time back.
    now: UnixMillis,
}

impl Engine {
    /// An engine that nothing has happened to.
    pub fn new(program: Arc<Program>) -> Self {
        let (cells, past, flights) = (BTreeMap::new(), Past::default(), BTreeMap::new());
        let (releases, watching) = (Releases::default(), BTreeMap::new());
        let (aside, now) = (Vec::new(), UnixMillis::new(i64::MIN));
        let (trouble, uncalled, scouts) = (Trouble::default(), Vec::new(), Scouts::default());
        let (incidents, custody) = (Incidents::default(), Custody::default());
        Self {
            program,
            cells,
            watching,
            past,
            incidents,
            flights,
            releases,
            trouble,
            uncalled,
            scouts,
            custody,
            aside,
            now,
        }
    }

    /// The latest moment that it knows of.
    pub(super) const fn now(&self) -> UnixMillis {
        self.now
    }

    /// What it goes by.
    pub const fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// The cells, in the order of their ids.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells.values()
    }

    /// A cell.
    pub fn cell(&self, id: CellId) -> Option<&Cell> {
        self.cells.get(&id)
    }

    /// The cells of a target, in the order of their ids.
    pub(super) fn of(&self, target: &TargetKey) -> impl Iterator<Item = &Cell> {
        let ids = self.watching.get(target).into_iter().flatten();
        ids.filter_map(|id| self.cells.get(id))
    }

    /// Intentions on their way.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.values()
    }

    /// An intention on its way.
    pub fn flight(&self, key: &Key) -> Option<&Flight> {
        self.flights.get(key)
    }

    /// What happened across all cells.
    pub const fn past(&self) -> &Past {
        &self.past
    }

    /// What is known of alerts.
    pub const fn incidents(&self) -> &Incidents {
        &self.incidents
    }

    /// When a cell next wants to know something, after this moment.
    pub fn next_turn(&self, now: UnixMillis) -> Option<UnixMillis> {
        self.cells.values().filter_map(Cell::next_turn).filter(|at| now < *at).min()
    }

    /// What follows from an event.
    pub fn step(&mut self, event: Event, now: UnixMillis) -> Vec<Effect> {
        self.now = self.now.max(now);
        let now = self.now;
        match event {
            Event::Tick => self.tick(now),
            Event::Changed(change) => self.changed(*change, now),
            Event::Traffic { cell: id, to, seen } => {
                let heard = |cell: &mut Cell| cell.traffic(to, seen, now);
                let mut effects = self.cells.get_mut(&id).map(heard).unwrap_or_default();
                effects.extend(self.wind_up(id, now));
                effects
            }
            Event::Opening { cell, opening } => {
                let program = Arc::clone(&self.program);
                let open = |cell: &mut Cell| cell.open(&program.watches[cell.watch].gate, opening, now);
                let effects = self.cells.get_mut(&cell).map(open).unwrap_or_default();
                self.note(cell);
                effects
            }
            Event::Counted { cell: id, at, found } => {
                let look = |cell: &mut Cell| cell.counted(at, found, now);
                let mut effects = self.cells.get_mut(&id).map(look).unwrap_or_default();
                effects.extend(self.looked(id, now));
                effects
            }
            Event::Fared { cell, at, found, idle } => self.fared((cell, at), (found, idle), now),
            Event::Unheard { cell: id, deaf } => {
                if let Some(cell) = self.cells.get_mut(&id) {
                    cell.unheard(deaf);
                }
                self.wind_up(id, now)
            }
            Event::Journaled { key, attempt } => self.journaled(key, attempt, now),
            Event::Refused { key, why } => self.refused(key, why, now),
            Event::Answered { key, attempt, answer } => self.answered(&key, (attempt, answer), now),
            Event::Verified { key, holds, at } => self.verified(&key, (holds, at), now),
            Event::Unseen { key } => {
                let next = self.flights.get(&key).and_then(|flight| flight.unseen(now));
                next.map(|next| self.follow(&key, next, now)).unwrap_or_default()
            }
            Event::Informed(inquiry, answers) => self.informed(&inquiry, answers, now),
            Event::Surveyed { key, sight } => self.surveyed(&key, sight, now),
            Event::Progressed { key, progress, at } => self.progressed(&key, (&progress, at), now),
            Event::Switched(turn) => {
                self.past.off.turn(&turn);
                vec![Effect::Switch { at: now, turn }]
            }
            Event::Said(said) => self.said(*said, now).map(|(_, effects)| effects).unwrap_or_default(),
            Event::Reloaded(rules) => self.reloaded(rules, now),
            Event::Alerted(told) => self.alerted(*told, now),
            Event::Frozen(announced) => {
                self.past.announce(announced.clone(), now);
                vec![Effect::Write(now, Record::Frozen(announced))]
            }
        }
    }

    /// Has every look written down that is not: nobody knows when it will be asked again.
    pub fn write_down(&mut self, now: UnixMillis) -> Vec<Effect> {
        self.cells.values_mut().filter_map(|cell| cell.write(now)).collect()
    }

    fn tick(&mut self, now: UnixMillis) -> Vec<Effect> {
        let open = self.cells.values().filter(|cell| !cell.is_over());
        let open: Vec<CellId> = open.map(|cell| cell.id).collect();
        let mut effects: Vec<Effect> = open.into_iter().flat_map(|id| self.wind_up(id, now)).collect();
        effects.extend(self.by_urgency().flat_map(|cell| cell.tick(now)));
        effects.extend(self.settle_waiting(now));
        effects.extend(self.give_up(now));
        effects.extend(self.call_again(now));
        effects.extend(self.unsurveyed(now));
        effects.extend(self.give_back(now));
        effects.extend(self.ask(now));
        effects.extend(self.carry(now));
        self.past.forget(now);
        self.forget();
        effects
    }

    /// A change: whatever watched the one before stops, and whatever watches such a change begins.
    fn changed(&mut self, change: Change, now: UnixMillis) -> Vec<Effect> {
        let Some(change) = self.past.change(change) else { return Vec::new() };
        let mut effects = vec![Effect::Write(now, Record::Changed((*change).clone()))];
        let superseded = self.of(&change.target).filter(|cell| self.ending(cell) == Some(Ending::Superseded));
        let superseded: Vec<CellId> = superseded.map(|cell| cell.id).collect();
        for id in superseded {
            effects.extend(self.end(id, Ending::Superseded, now));
        }
        effects.extend(self.move_on(&change.target, now));
        let watching = self.program.watching(&change);
        for watch in &watching {
            let gate = &self.program.watches[*watch].gate;
            let id = CellId::of(&gate.name, &change.id, &change.target);
            // What was told of late was overtaken before anybody could look; what is told of again is watched already.
            if self.is_superseded(gate, &change) || self.cells.contains_key(&id) {
                continue;
            }
            let cell = self.program.cell(id, *watch, (Arc::clone(&change), None));
            let awaited = Record::Awaited {
                cell: id,
                gate: gate.name.clone(),
                change: change.id.clone(),
                target: change.target.clone(),
                at: now,
                share: Some(cell.terms().share),
                alarm: None,
            };
            self.insert(cell);
            effects.push(Effect::Write(now, awaited));
            effects.push(Effect::Tell(Notice::Awaited(id)));
        }
        effects
    }

    /// What follows from a look: a decision, an end. A look of the past, while later ones are due, leads to neither.
    fn looked(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        let weighed = self.weigh(id);
        self.note(id);
        let mut effects = match self.cells.get(&id) {
            Some(cell) if cell.lags_behind(now) => cell.tick(now),
            Some(_) => self.settle(id, now),
            None => Vec::new(),
        };
        // What the others showed may have waited for this look.
        if weighed {
            effects.extend(self.others(id).into_iter().flat_map(|other| self.settle_up(other, now)));
        }
        if self.may_settle_waiting() {
            effects.extend(self.settle_waiting(now));
        }
        effects
    }

    /// Comes to the end of a cell that has nothing left to wait for.
    pub(super) fn wind_up(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        // Another gate that stopped may have been what its last look waited for.
        if self.cells.get(&id).is_some_and(|cell| cell.next_weight().is_some()) {
            self.weigh(id);
        }
        let cell = self.cells.get(&id).filter(|cell| !cell.lags_behind(now));
        if cell.is_some_and(|cell| self.ending(cell).is_some()) { self.settle(id, now) } else { Vec::new() }
    }

    /// The same for a cell of which no look is due.
    pub(super) fn settle_up(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        let looks = |cell: &&Cell| cell.began().is_some() && !cell.lags_behind(now);
        if self.cells.get(&id).as_ref().is_some_and(looks) { self.settle(id, now) } else { Vec::new() }
    }

    /// Decides on where a cell stands that waited for something else than a look.
    pub(super) fn settle_or_wind_up(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        let mut effects = self.settle_up(id, now);
        effects.extend(self.wind_up(id, now));
        effects
    }

    /// Decides on where a cell stands, and ends it where nothing is left to wait for.
    fn settle(&mut self, id: CellId, now: UnixMillis) -> Vec<Effect> {
        if self.cells.get(&id).is_none_or(Cell::is_over) {
            return Vec::new();
        }
        let mut effects = self.rule(id, now);
        if let Some(why) = self.cells.get(&id).and_then(|cell| self.ending(cell)) {
            effects.extend(self.end(id, why, now));
        }
        effects
    }

    /// Why a cell has nothing left to wait for. One whose intention is on its way waits for that.
    fn ending(&self, cell: &Cell) -> Option<Ending> {
        let own = |flight: &Flight| flight.intention.decision.cell == cell.id && !flight.is_a_call_to_be();
        let flies = || self.flights.values().any(own);
        if cell.is_over() {
            return None;
        }
        // A pass waits for those of the other gates: one of them may still speak against it.
        let passed = || {
            matches!(cell.standing().verdict, Verdict::Pass(_)) && {
                let release = self.release(cell);
                release.passes && !release.leans()
            }
        };
        let why = match &cell.phase {
            _ if self.is_superseded(&self.program.watches[cell.watch].gate, &cell.change) => {
                Ending::Superseded
            }
            Phase::Looking(_) if self.trouble.waits(cell) => return None,
            Phase::Awaiting { .. } if cell.waited_in_vain() => Ending::NeverBegan,
            _ if cell.is_given_up(&self.program.watches[cell.watch].gate, self.now) => Ending::Unheard,
            Phase::Looking(_) if passed() => Ending::Verdict,
            // What it saw last counts too: it waits until the other gates looked as far.
            Phase::Looking(_) if cell.is_through() && cell.next_weight().is_none() && !self.waits(cell) => {
                Ending::TimeUp
            }
            Phase::Asking => self.stops_asking(cell.id)?,
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Looking(_) | Phase::Over { .. } => {
                return None;
            }
        };
        let waits = || self.scouts.is_awaited(&cell.change.target, self.now);
        (!flies() && !waits()).then_some(why)
    }

    /// Whether another change took the place of this one.
    pub(super) fn is_superseded(&self, gate: &Gate, change: &Change) -> bool {
        gate.ends.early == Early::Superseded && self.past.overtaken(change).is_some()
    }

    pub(super) fn end(&mut self, id: CellId, why: Ending, now: UnixMillis) -> Vec<Effect> {
        let mut effects = match why {
            Ending::Verdict | Ending::TimeUp | Ending::NeverBegan | Ending::Unheard => self.conclude(id, now),
            Ending::Superseded | Ending::ActedOn | Ending::Withdrawn | Ending::Resolved => Vec::new(),
        };
        if why == Ending::Verdict {
            effects.extend(self.vouch(id, now));
        }
        let cell = self.cells.get_mut(&id).filter(|cell| !cell.is_over());
        effects.extend(cell.map(|cell| cell.end(why, now)).unwrap_or_default());
        self.note(id);
        effects
    }

    /// What passed every gate is good to go back to. What a gate that only watches says vouches for nothing.
    fn vouch(&mut self, id: CellId, now: UnixMillis) -> Option<Effect> {
        let cell = self.cells.get(&id).filter(|cell| !cell.is_over())?;
        let change = Arc::clone(&cell.change);
        if self.program.watches[cell.watch].gate.shadow || !self.past.vouch(&change, now) {
            return None;
        }
        let (target, version) = (change.target.clone(), change.version.clone());
        let vouched = Record::Vouched { cell: id, change: change.id.clone(), target, version, at: now };
        Some(Effect::Write(now, vouched))
    }

    /// Lets go of the oldest cells that stopped. A further attempt goes by its cell, so one that has an intention on
    /// its way is kept.
    fn forget(&mut self) {
        let flying: BTreeSet<CellId> =
            self.flights.values().map(|flight| flight.intention.decision.cell).collect();
        let over = self.cells.values().filter(|cell| cell.is_done() && !flying.contains(&cell.id));
        let many = over.clone().count().saturating_sub(MOST_OVER);
        if many == 0 {
            return;
        }
        // What it showed is evidence of gates of the same release that still look.
        let over = over.filter(|cell| !self.is_still_watched(cell));
        let mut over: Vec<(UnixMillis, CellId)> = over.map(|cell| (cell.change.at, cell.id)).collect();
        over.sort_unstable();
        for (_, id) in over.into_iter().take(many) {
            self.remove(id);
        }
    }
}
