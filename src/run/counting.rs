//! Counting: what a cell asks of samples, with all that it takes to answer, so that it is answered on any thread, and the
//! same wherever its samples came from.

use std::sync::{Arc, PoisonError, RwLock, Weak};
use std::time::Duration;

use crate::decision::CellId;
use crate::engine::{Ask, Engine, Event, Program, Reading, Window};
use crate::gate::{CheckTerms, Found, Gap, Settled, Target};
use crate::run::clock::Stopwatch;
use crate::signal::{Deaf, TargetKey};
use crate::store::Store;
use crate::unit::UnixMillis;

/// What a cell asks, with what it knows that the answer takes.
#[derive(Debug)]
pub(crate) struct Question {
    program: Arc<Program>,
    watch: usize,
    /// The target, by its number in the program.
    target: usize,
    cell: CellId,
    sought: Sought,
}

/// What is to be found out.
#[derive(Debug)]
enum Sought {
    /// Whether there was traffic.
    Traffic(Window),
    /// What was before the first look.
    Before {
        terms: Vec<CheckTerms>,
        change: UnixMillis,
        from: UnixMillis,
        /// What is counted beside the target, and whether that depends on it.
        beside: Vec<(usize, bool)>,
    },
    /// What a look finds, of what was settled before the first one.
    Look { windows: Vec<Window>, at: UnixMillis, settled: Arc<[Settled]> },
    /// How things are after its change was taken back.
    Recovery { windows: Vec<Window>, at: UnixMillis, settled: Arc<[Settled]>, idle: Option<Window> },
}

impl Question {
    /// Of the cell that asks; nothing where that or its target is not there.
    pub(crate) fn of(engine: &Engine, ask: Ask) -> Option<Self> {
        let (id, program) = (ask.cell(), engine.program());
        let cell = engine.cell(id)?;
        let place = |key: &TargetKey| program.targets.place(key);
        let target = place(&cell.change.target)?;
        let sought = match ask {
            Ask::Traffic { window, .. } => Sought::Traffic(window),
            Ask::Opening { from, .. } => {
                let beside = engine.beside(cell).into_iter();
                let beside = beside.filter_map(|(beside, depends)| Some((place(&beside.to_key())?, depends)));
                let terms = cell.terms().checks.clone();
                Sought::Before { terms, change: cell.change.at, from, beside: beside.collect() }
            }
            Ask::Count { windows, at, .. } => Sought::Look { windows, at, settled: cell.settled() },
            Ask::Recovery { window, idle, .. } => {
                let windows = vec![window; cell.terms().checks.len()];
                Sought::Recovery { windows, at: window.to, settled: cell.settled(), idle }
            }
        };
        Some(Self { program: Arc::clone(program), watch: cell.watch, target, cell: id, sought })
    }

    /// The answer that these samples give.
    pub(crate) fn answer(&self, store: &Store) -> Event {
        let (cell, Program { targets, watches, .. }) = (self.cell, &*self.program);
        let (gate, target) = (&watches[self.watch].gate, &targets[self.target]);
        let reading = Reading { store, gate, target, targets };
        match &self.sought {
            Sought::Traffic(window) => Event::Traffic { cell, to: window.to, seen: reading.traffic(*window) },
            Sought::Before { terms, change, from, beside } => {
                let beside: Vec<(&Target, bool)> =
                    beside.iter().map(|(target, depends)| (&targets[*target], *depends)).collect();
                Event::Opening { cell, opening: reading.opening(terms, *change, *from, &beside) }
            }
            Sought::Look { windows, at, settled } => {
                Event::Counted { cell, at: *at, found: reading.count(windows, settled) }
            }
            Sought::Recovery { windows, at, settled, idle } => {
                let idle = idle.is_some_and(|window| reading.idle(window));
                Event::Fared { cell, at: *at, found: reading.count(windows, settled), idle }
            }
        }
    }
}

/// What follows where a source does not answer a cell in time.
pub(crate) fn unanswered(engine: &Engine, ask: &Ask, deaf: Deaf) -> Option<Event> {
    match ask {
        Ask::Traffic { cell, .. } | Ask::Opening { cell, .. } => Some(Event::Unheard { cell: *cell, deaf }),
        Ask::Count { cell, at, .. } => {
            Some(Event::Counted { cell: *cell, at: *at, found: nothing(engine, *cell, deaf)? })
        }
        Ask::Recovery { cell, window, .. } => {
            let found = nothing(engine, *cell, deaf)?;
            Some(Event::Fared { cell: *cell, at: window.to, found, idle: false })
        }
    }
}

/// What a look finds that is cut.
fn nothing(engine: &Engine, cell: CellId, deaf: Deaf) -> Option<Vec<Found>> {
    let checks = engine.cell(cell)?.terms().checks.len();
    Some(vec![Found::Missing(Gap::Unheard(deaf)); checks])
}

/// A question that is to be answered from these samples.
#[derive(Debug)]
pub struct Counting {
    pub(crate) question: Question,
    pub(crate) store: Arc<RwLock<Store>>,
    /// It lives as long as somebody wants the answer.
    pub(crate) wanted: Weak<()>,
}

/// What was counted for a cell.
#[derive(Debug)]
pub struct Counted {
    pub(crate) cell: CellId,
    /// It lives as long as somebody wants the answer.
    pub(crate) wanted: Weak<()>,
    pub(crate) event: Event,
    pub(crate) took: Duration,
}

impl Counting {
    /// Whether it is a look. Whatever else is asked takes longer, and can wait.
    pub(crate) const fn is_look(&self) -> bool {
        matches!(self.question.sought, Sought::Look { .. } | Sought::Recovery { .. })
    }

    /// Whether somebody still wants the answer: its look may have been cut, or other rules have come into force.
    pub(crate) fn is_wanted(&self) -> bool {
        0 < self.wanted.strong_count()
    }

    /// Counts.
    pub fn counted(self) -> Counted {
        let Self { question, store, wanted } = self;
        let watch = Stopwatch::start();
        let event = question.answer(&store.read().unwrap_or_else(PoisonError::into_inner));
        Counted { cell: question.cell, wanted, event, took: watch.elapsed() }
    }
}
