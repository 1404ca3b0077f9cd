//! The judge: the same engine and the same reading as those of a service, for one gate and one change, with nothing
//! that is done about it.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::decision::CellId;
use crate::engine::Effect;
use crate::engine::{Cell, Engine, Event, Phase};
use crate::gate::{Ending, Standing, Target, Trial};
use crate::ledger::{Began, Episode, Record};
use crate::run::counting::Question;
use crate::run::gate::task::Task;
use crate::store::Store;
use crate::unit::UnixMillis;

/// A gate that judges a change.
pub(super) struct Judge {
    engine: Engine,
    cell: CellId,
    records: Vec<Record>,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It waits for the new side's first event.
    Awaiting,
    /// It lets the new side warm up, up to this moment.
    Warming(UnixMillis),
    /// It looks.
    Looking,
    /// It is done, for this reason.
    Over(Ending),
}

/// What a verdict rests on.
pub(super) struct Evidence {
    pub(super) began: Option<Began>,
    pub(super) trial: Option<Trial>,
}

impl Judge {
    pub(super) fn new(task: &Task, now: UnixMillis) -> Self {
        let cell = CellId::of(&task.gate().name, &task.change.id, &task.change.target);
        let mut judge = Self { engine: Engine::new(Arc::clone(&task.program)), cell, records: Vec::new() };
        let nothing = Store::new(crate::store::Bounds::default());
        judge.happen(Event::Changed(Box::new(task.change.clone())), &nothing, now);
        judge
    }

    /// The targets that are counted beside the one that is judged.
    pub(super) fn beside(&self) -> Vec<Target> {
        let beside = self.cell().map(|cell| self.engine.beside(cell)).unwrap_or_default();
        beside.into_iter().map(|(target, _)| target.clone()).collect()
    }

    /// Takes all looks that are due, from these samples.
    pub(super) fn look(&mut self, store: &Store, now: UnixMillis) {
        // One answer may lead to a question that is asked with the next tick alone.
        while self.happen(Event::Tick, store, now) {}
    }

    /// Lets something happen, and all that follows; whether anything was asked.
    fn happen(&mut self, event: Event, store: &Store, now: UnixMillis) -> bool {
        let mut asked = false;
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.engine.step(event, now) {
                match effect {
                    Effect::Ask(ask) => {
                        let question = Question::of(&self.engine, ask);
                        asked |= question.is_some();
                        events.extend(question.map(|question| question.answer(store)));
                    }
                    Effect::Write(_, record) => self.records.push(record),
                    // No verdict leads to anything here, so nothing else is ever wanted but to tell.
                    Effect::Intend(_)
                    | Effect::Retry { .. }
                    | Effect::Survey { .. }
                    | Effect::Inquire(_)
                    | Effect::Refuse { .. }
                    | Effect::Send { .. }
                    | Effect::Verify { .. }
                    | Effect::Close { .. }
                    | Effect::Switch { .. }
                    | Effect::Tell(_) => {}
                }
            }
        }
        asked
    }

    fn cell(&self) -> Option<&Cell> {
        self.engine.cell(self.cell)
    }

    pub(super) fn standing(&self) -> Standing {
        self.cell().map_or(Standing::UNLOOKED, Cell::standing)
    }

    pub(super) fn stage(&self) -> Stage {
        match self.cell().map(|cell| &cell.phase) {
            Some(Phase::Awaiting { .. }) => Stage::Awaiting,
            Some(Phase::Warming { from }) => Stage::Warming(*from),
            // No alert is told of here.
            Some(Phase::Looking(_) | Phase::Asking) => Stage::Looking,
            Some(Phase::Over { why, .. }) => Stage::Over(*why),
            None => Stage::Over(Ending::Withdrawn),
        }
    }

    /// What its verdict rests on. That of a gate which stopped is folded again from what it wrote down.
    pub(super) fn evidence(&self) -> Evidence {
        let episode = Episode::of(self.records.iter().cloned());
        let trial = match self.cell().map(|cell| &cell.phase) {
            Some(Phase::Looking(looking)) => Some(looking.trial.clone()),
            _ => episode.trial(self.standing().looks),
        };
        Evidence { began: episode.began, trial }
    }
}
