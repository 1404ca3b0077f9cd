//! Restoring: the engine as it was, from the ledger. Evidence is folded again from its counts, and an intention without
//! an outcome is of unknown outcome until somebody has looked.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::{
    Answer, Answers, Case, CellId, Course, DecisionId, Intention, Key, Kind, Occasion, Outcome, Recovery,
    Ruling, Turn, Wish,
};
use crate::engine::cell::{Phase, Undone, Withdrawn};
use crate::engine::event::Effect;
use crate::engine::flight::{Flight, Grounds, Next, State};
use crate::engine::program::Program;
use crate::engine::step::Engine;
use crate::gate::{Ending, Look, Opening, Standing, Terms, Trial};
use crate::ledger::Record;
use crate::signal::{Change, ChangeId, TargetKey};
use crate::unit::{Name, Span, UnixMillis};

/// The engine after all these records, in their order, and what follows from how they end.
pub fn restore(
    program: Arc<Program>,
    records: impl IntoIterator<Item = Record>,
    now: UnixMillis,
) -> (Engine, Vec<Effect>) {
    let mut restoring = Restoring {
        engine: Engine::new(program),
        changes: BTreeMap::new(),
        wanted: BTreeMap::new(),
        held: BTreeMap::new(),
        decided: BTreeMap::new(),
        answered: BTreeMap::new(),
        withdrawn: BTreeMap::new(),
        closed: BTreeMap::new(),
        recoveries: BTreeMap::new(),
    };
    for record in records {
        restoring.take(record);
    }
    restoring.finish(now)
}

struct Restoring {
    engine: Engine,
    changes: BTreeMap<(ChangeId, TargetKey), Arc<Change>>,
    /// Which cell decided that something is to be done, and on which occasion.
    wanted: BTreeMap<Key, (CellId, Occasion)>,
    /// What was held back for somebody to hear of.
    held: BTreeMap<Key, ((CellId, Occasion), Kind, UnixMillis)>,
    /// Where gates stood when it was decided.
    decided: BTreeMap<DecisionId, Grounds>,
    /// What followed from the last answer of a flight; nothing while its last attempt has none.
    answered: BTreeMap<Key, Next>,
    /// Cells that the rules have no gate for, or one that asks something else, with their evidence.
    withdrawn: BTreeMap<CellId, (Withdrawn, Option<Trial>)>,
    /// When intentions ended.
    closed: BTreeMap<Key, UnixMillis>,
    /// What took the change of a cell back that looks whether things are well again, and when it was not seen that they are.
    recoveries: BTreeMap<CellId, (Key, Option<UnixMillis>)>,
}

impl Restoring {
    fn take(&mut self, record: Record) {
        match record {
            Record::Changed(change) => {
                if let Some(change) = self.engine.past.change(change) {
                    self.changes.insert((change.id.clone(), change.target.clone()), change);
                }
            }
            Record::Awaited { cell, gate, change, target, share, .. } => {
                self.cell(cell, (&gate, share), &(change, target));
            }
            Record::Opened { cell, gate, change, target, from, every, terms, opening, .. } => {
                let withdrawn = Withdrawn::new(&gate, &change, &target);
                self.cell(cell, (&gate, None), &(change, target));
                self.opened((cell, withdrawn), (from, every), (terms, &opening));
            }
            Record::Looked { cell, looks, .. } => self.looked(cell, &looks),
            Record::Decided { id, occasion, standing, case, ruling, .. } => {
                self.decided((id, occasion), standing, (&case, ruling));
            }
            Record::Intended(intention) => self.intended(intention),
            Record::Retried { key, attempt, step, aim, answers, .. } => {
                let answered = self.answered.remove(&key).is_some();
                if let Some(flight) = self.engine.flights.get_mut(&key) {
                    flight.in_doubt |= !answered;
                    flight.go_for(aim);
                    flight.knows(answers);
                    flight.step = step;
                    flight.state = State::Sent { attempt };
                }
            }
            Record::Answered { key, attempt, at, answer, .. } => self.answered(key, (attempt, &answer), at),
            Record::Closed { key, at, outcome, .. } => self.closed(key, outcome, at),
            Record::Recovery { cell, at, recovery } => self.recovery(cell, at, recovery),
            Record::Refused { key, why, .. } => {
                let wanted = self.wanted.remove(&key).filter(|_| !self.engine.past.knows(&key));
                if let Some(cell) = wanted.and_then(|(cell, _)| self.engine.cells.get_mut(&cell)) {
                    cell.refused(&why);
                }
            }
            said @ Record::Consented { .. } => {
                if let Some(cell) = said.cell().and_then(|cell| self.engine.cells.get_mut(&cell)) {
                    cell.told(&said);
                }
            }
            Record::Alerted(incident) => self.engine.incidents.recall(*incident),
            Record::Vouched { change, target, version, at, .. } => {
                self.engine.past.vouched_for((&target, &change), &version, at);
            }
            // What a file says is read from there.
            Record::Switched { off, by, service, file, .. } if !file => {
                self.engine.past.off.turn(&Turn { service, off, by, file });
            }
            Record::Ended { cell, standing, why, .. } => {
                self.withdrawn.remove(&cell);
                if why == Ending::Withdrawn {
                    // It stays so, should the rules have such a gate again.
                    self.engine.remove(cell);
                }
                if let Some(cell) = self.engine.cells.get_mut(&cell) {
                    cell.phase = Phase::Over { standing, why };
                }
            }
            // Those that are over are let go of with the first tick.
            Record::Frozen(announced) => {
                let from = announced.from;
                self.engine.past.announce(announced, from);
            }
            Record::Started { .. }
            | Record::Reloaded { .. }
            | Record::Accepted { .. }
            | Record::Switched { .. }
            | Record::Unknown { .. } => {}
        }
    }

    fn decided(
        &mut self,
        (id, occasion): (DecisionId, Occasion),
        standing: Standing,
        (case, ruling): (&Case, Ruling),
    ) {
        let (release, wish) = (case.release, case.wish.clone());
        self.decided.insert(id, Grounds { standing, release, wish, ruling: ruling.clone() });
        let Some(cell) = self.engine.cells.get_mut(&id.cell) else { return };
        if let Some((key, kind)) = wanted(case, &cell.change) {
            cell.ruled_on(key.clone(), &ruling, (id, case.at));
            let (asked, at) = ((id.cell, occasion), case.at);
            if ruling.course == Course::Act {
                self.wanted.insert(key, asked);
            } else {
                self.held.insert(key, (asked, kind, at));
            }
        }
        cell.decisions = cell.decisions.max(id.number);
        cell.ruled.retain(|(known, _)| *known != occasion);
        cell.ruled.push((occasion, ruling));
    }

    fn cell(&mut self, id: CellId, (gate, share): (&Name, Option<f64>), change: &(ChangeId, TargetKey)) {
        let engine = &mut self.engine;
        if engine.cells.contains_key(&id) || self.withdrawn.contains_key(&id) {
            return;
        }
        let known = self.changes.get(change);
        match known.and_then(|known| Some((engine.program.still(gate, known)?, known))) {
            Some((watch, known)) => {
                engine.insert(engine.program.cell(id, watch, (Arc::clone(known), share)));
            }
            None => {
                self.withdrawn.insert(id, (Withdrawn::new(gate, &change.0, &change.1), None));
            }
        }
    }

    fn opened(
        &mut self,
        (id, withdrawn): (CellId, Withdrawn),
        (from, every): (UnixMillis, Span),
        (terms, opening): (Terms, &Opening),
    ) {
        if let Some(cell) = self.engine.cells.get_mut(&id).filter(|cell| cell.asks_as(every, &terms)) {
            return cell.resume(from, terms, opening);
        }
        self.engine.remove(id);
        self.withdrawn.insert(id, (withdrawn, Some(Trial::open(terms, opening))));
    }

    fn looked(&mut self, id: CellId, looks: &[Look]) {
        for look in looks {
            if let Some(cell) = self.engine.cells.get_mut(&id) {
                cell.look(look);
            } else if let Some((_, Some(trial))) = self.withdrawn.get_mut(&id) {
                trial.look(look);
            }
        }
    }

    fn intended(&mut self, intention: Intention) {
        let engine = &mut self.engine;
        let action = engine.action(&intention);
        let key = intention.key.clone();
        // Of what has ended, the decision may be gone from the ledger; nothing is sent for that any more.
        let of_nothing = intention.key.gives_back().then(Grounds::of_nothing);
        if let Some(grounds) = of_nothing.or_else(|| self.decided.get(&intention.decision).cloned()) {
            let mut flight = Flight::new(intention.clone(), action, grounds);
            flight.state = State::Sent { attempt: 1 };
            engine.flights.insert(key, flight);
        }
        engine.past.intended(Intention { answers: Answers::default(), ..intention });
    }

    fn closed(&mut self, key: Key, outcome: Outcome, at: UnixMillis) {
        self.engine.past.closed(&key, outcome);
        self.engine.flights.remove(&key);
        self.closed.insert(key, at);
    }

    fn recovery(&mut self, id: CellId, at: UnixMillis, recovery: Recovery) {
        let Recovery::Begun { key, since, until } = recovery else {
            let unrecovered = matches!(recovery, Recovery::Unrecovered { .. }).then_some(at);
            if let Some((key, _)) = self.recoveries.remove(&id).filter(|_| unrecovered.is_some()) {
                self.recoveries.insert(id, (key, unrecovered));
            }
            if let Some(cell) = self.engine.cells.get_mut(&id) {
                cell.recovered(recovery);
            }
            return;
        };
        let decision = self.engine.past.intention(&key).map(|intention| intention.decision);
        let grounds = decision.and_then(|decision| self.decided.get(&decision));
        if let Some((cell, grounds)) = self.engine.cells.get_mut(&id).zip(grounds) {
            let (key, grounds) = (key.clone(), grounds.clone());
            cell.recovers(Undone { key, grounds, since, until });
        }
        self.recoveries.insert(id, (key, None));
    }

    fn answered(&mut self, key: Key, (attempt, answer): (u32, &Answer), at: UnixMillis) {
        if let Some(flight) = self.engine.flights.get_mut(&key) {
            let next = flight.answered(attempt, answer, at);
            self.answered.insert(key, next);
        }
    }

    /// What follows from how the records end.
    fn finish(self, now: UnixMillis) -> (Engine, Vec<Effect>) {
        let Self { mut engine, answered, withdrawn, wanted, held, decided, closed, recoveries, .. } = self;
        let cells: Vec<CellId> = engine.cells.keys().copied().collect();
        for cell in cells {
            engine.weigh(cell);
        }
        engine.note_all();
        let mut effects = Vec::new();
        // What was decided and is not known to the ledger was refused without a word: it is judged again.
        for (key, (cell, occasion)) in wanted {
            if let (Some(cell), false) = (engine.cells.get_mut(&cell), engine.past.knows(&key)) {
                cell.ruled.retain(|(known, _)| *known != occasion);
            }
        }
        for (key, ((id, occasion), kind, at)) in held {
            let Some(cell) = engine.cells.get(&id) else { continue };
            let ruled = cell.ruled.iter().find(|(known, _)| *known == occasion);
            if ruled.is_some_and(|(_, ruling)| engine.nobody_called(cell, &key, (kind, ruling), at))
                && let Some(cell) = engine.cells.get_mut(&id)
            {
                cell.ruled.retain(|(known, _)| *known != occasion);
            }
        }
        let keys: Vec<Key> = engine.flights.keys().cloned().collect();
        for key in keys {
            let action = engine.flights.get(&key).and_then(|flight| engine.action(&flight.intention));
            let Some(flight) = engine.flights.get_mut(&key) else { continue };
            flight.action.clone_from(&action);
            let next = match (answered.get(&key), flight.state) {
                (Some(Next::Go(state)), _) => {
                    flight.state = *state;
                    flight.redirect(action).unwrap_or(Next::Go(*state))
                }
                (Some(next @ (Next::End(..) | Next::Step { .. })), _) => next.clone(),
                (None, State::Sent { attempt }) => flight.unknown(attempt, now),
                (
                    None,
                    State::Inquiring { .. }
                    | State::Journaling { .. }
                    | State::Taken { .. }
                    | State::Unknown { .. }
                    | State::Resting { .. },
                ) => continue,
            };
            effects.extend(engine.follow(&key, next, now));
        }
        engine.keep_all(now);
        // The call for somebody about how an intention ended is written down after that, and so may be missing.
        for (intention, outcome) in engine.past.ended() {
            let grounds = decided.get(&intention.decision);
            let call = grounds.and_then(|grounds| engine.call(&intention, outcome, grounds));
            engine.uncalled.extend(call.filter(|call| now < call.until));
        }
        // The end of a cell is written down after that of its intention, and so may be missing.
        for (key, decision) in engine.past.undone_by() {
            let since = closed.get(&key).copied().unwrap_or(now);
            if let Some(grounds) = decided.get(&decision) {
                effects.extend(engine.taken_back((decision.cell, &key), grounds, (since, now)));
            }
            effects.extend(engine.end(decision.cell, Ending::ActedOn, now));
        }
        effects.extend(engine.recover(recoveries, &decided, now));
        for (cell, (withdrawn, trial)) in withdrawn {
            let standing = trial.map_or(Standing::UNLOOKED, |trial| trial.standing());
            effects.extend(withdrawn.ends(cell, standing, now));
        }
        (engine, effects)
    }
}

/// What a decision wants done, and what for.
fn wanted(case: &Case, change: &Change) -> Option<(Key, Kind)> {
    match &case.wish {
        Wish::Do { action, kind, .. } => Some((Key::of(&change.id, &change.target, action), *kind)),
        Wish::Ask | Wish::Nothing => None,
    }
}
