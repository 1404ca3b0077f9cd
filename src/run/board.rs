//! The board: where each gate stands, and what came of it, for whoever watches the watcher. It is written at each look, of
//! which a gate has one in a while; whoever reads it copies what is there, and never holds up the engine.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::histogram::Histogram;

use crate::decision::{CellId, Course, Kind, Recovery};
use crate::engine::{Cell, Effect, Engine, Notice};
use crate::gate::{Gap, Glance};
use crate::ledger::Record;
use crate::surface::metrics::{CellFigures, CheckFigures, GateFigures, Spread, WatchFigures, Whom, lateness};
use crate::unit::{Span, UnixMillis};

/// The board.
pub(crate) struct Board {
    rows: Mutex<Rows>,
    late: Histogram,
}

#[derive(Default)]
struct Rows {
    cells: BTreeMap<CellId, Arc<CellFigures>>,
    gates: BTreeMap<String, GateFigures>,
    missing: BTreeMap<&'static str, u64>,
    holds: BTreeMap<&'static str, u64>,
    actions: BTreeMap<(&'static str, &'static str), u64>,
    recoveries: BTreeMap<&'static str, u64>,
    budgets: BTreeMap<(String, &'static str), (u32, u32)>,
    checks_took: Spread,
    gates_took: Spread,
    /// How long the questions of the look at hand took to answer.
    took: BTreeMap<CellId, Duration>,
}

impl Default for Board {
    fn default() -> Self {
        Self { rows: Mutex::default(), late: lateness() }
    }
}

impl Board {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds the rows against what there is: gates that are new, and those that are gone.
    pub(crate) fn fill(&self, engine: &Engine) {
        let mut rows = self.rows();
        let open = || engine.cells().filter(|cell| !cell.is_over());
        rows.cells.retain(|id, _| engine.cell(*id).is_some_and(|cell| !cell.is_over()));
        rows.took.clear();
        // Those that are known are as their last look left them.
        for cell in open() {
            if !rows.cells.contains_key(&cell.id) {
                rows.stands(cell, engine);
            }
        }
        let mut gates = std::mem::take(&mut rows.gates);
        for watch in &engine.program().watches {
            let gate = &watch.gate;
            let mut own = gates.remove(gate.name.as_str()).unwrap_or_default();
            own.rules = gate.checks.len() as u64;
            own.interval = seconds(gate.every);
            own.watches = 0;
            rows.gates.insert(gate.name.to_string(), own);
        }
        for cell in open() {
            if let Some(own) = rows.gates.get_mut(gate(cell, engine)) {
                own.watches += 1;
            }
        }
    }

    /// An effect is about to be carried out: a decision is written down with all that it rests on.
    pub(crate) fn meet(&self, effect: &Effect) {
        let Effect::Write(_, Record::Decided { case, ruling, .. }) = effect else { return };
        let mut rows = self.rows();
        if ruling.course != Course::Act {
            for held in &ruling.spoke {
                *rows.holds.entry(held.word()).or_default() += 1;
            }
        }
        for budget in &case.budgets {
            let of = budget.of.as_ref().map(ToString::to_string).unwrap_or_default();
            rows.budgets.insert((of, budget.scope.word()), (budget.spent, budget.rate.times()));
        }
    }

    /// The questions of a look were answered, or could not be, and that took so long.
    pub(crate) fn took(&self, cell: CellId, took: Duration) {
        self.rows().took.insert(cell, took);
    }

    /// A look was taken, or cut, so long after it could have been.
    pub(crate) fn timed(&self, late: Span) {
        self.late.observe(seconds(late));
    }

    /// Something happened; tells how long a look took, where it was one.
    pub(crate) fn tell(&self, notice: &Notice, engine: &Engine, now: UnixMillis) -> Duration {
        let mut rows = self.rows();
        let mut took = Duration::ZERO;
        match notice {
            Notice::Awaited(id) => rows.watches(*id, engine),
            Notice::Began(id, _) => {
                if let Some(cell) = engine.cell(*id) {
                    rows.stands(cell, engine);
                }
            }
            Notice::Looked(id, _) => {
                if let Some(cell) = engine.cell(*id) {
                    rows.stands(cell, engine);
                    took = rows.took.remove(id).unwrap_or_default();
                    rows.looked((cell, took.as_secs_f64()), engine, now);
                }
            }
            Notice::Closed(key, outcome, _) => {
                let kind = engine.past().intention(key).map_or(Kind::Other, |intention| intention.kind);
                *rows.actions.entry((kind.word(), outcome.word())).or_default() += 1;
            }
            Notice::Ended(id, ..) | Notice::Withdrawn { cell: id, .. } => rows.ended(*id),
            Notice::Reloaded { .. } => {
                drop(rows);
                self.fill(engine);
            }
            Notice::Decided(..)
            | Notice::Refused(..)
            | Notice::Sent(..)
            | Notice::Answered(..)
            | Notice::Alerted(_)
            | Notice::Recovery(_, Recovery::Begun { .. }) => {}
            Notice::Recovery(_, recovery) => *rows.recoveries.entry(recovery.word()).or_default() += 1,
        }
        took
    }

    /// What is on it.
    pub(crate) fn figures(&self) -> WatchFigures {
        let rows = self.rows();
        WatchFigures {
            gates: rows.gates.clone(),
            cells: rows.cells.values().cloned().collect(),
            missing: rows.missing.clone(),
            holds: rows.holds.clone(),
            actions: rows.actions.clone(),
            recoveries: rows.recoveries.clone(),
            budgets: rows.budgets.clone(),
            late: Some(self.late.clone()),
            checks_took: rows.checks_took.clone(),
            gates_took: rows.gates_took.clone(),
        }
    }
}

impl Rows {
    /// A gate begins to watch a change.
    fn watches(&mut self, id: CellId, engine: &Engine) {
        let Some(cell) = engine.cell(id) else { return };
        if let Some(own) = self.gates.get_mut(gate(cell, engine)) {
            own.watches += 1;
        }
        self.stands(cell, engine);
    }

    /// Where a gate stands.
    fn stands(&mut self, cell: &Cell, engine: &Engine) {
        let known = self.cells.get(&cell.id).map(|known| Arc::clone(&known.whom));
        let whom = known.unwrap_or_else(|| {
            let target = &cell.change.target;
            Arc::new(Whom {
                gate: gate(cell, engine).to_owned(),
                service: target.service.clone(),
                environment: target.environment.clone().unwrap_or_default(),
                cluster: target.cluster.clone().unwrap_or_default(),
            })
        });
        let standing = cell.standing();
        let checks = cell.terms().checks.iter().enumerate().map(|(index, terms)| {
            let glance = cell.trial().and_then(|trial| trial.glance(index));
            let (new, old) = glance.map(|glance| (glance.new, glance.old)).unwrap_or_default();
            CheckFigures { check: terms.name.to_string(), new, old, fails: terms.fails.clone() }
        });
        let figures = CellFigures {
            whom,
            changed: cell.change.at.millis(),
            verdict: standing.verdict,
            confidence: standing.confidence(),
            looks: standing.looks,
            checks: checks.collect(),
        };
        self.cells.insert(cell.id, Arc::new(figures));
    }

    /// A look was taken, or cut.
    fn looked(&mut self, (cell, took): (&Cell, f64), engine: &Engine, now: UnixMillis) {
        let checks = cell.terms().checks.len();
        let glance = |index: usize| -> Option<Glance> { cell.trial()?.glance(index) };
        let gaps: Vec<Gap> = (0..checks).filter_map(|index| glance(index)?.gap).collect();
        for gap in &gaps {
            *self.missing.entry(gap.word()).or_default() += 1;
        }
        let unheard = gaps.iter().filter(|gap| matches!(gap, Gap::Unheard(_))).count();
        self.gates_took.took(took, 1);
        #[expect(clippy::cast_precision_loss, reason = "a gate has few checks")]
        self.checks_took.took(took / checks.max(1) as f64, checks as u64);
        let Some(own) = self.gates.get_mut(gate(cell, engine)) else { return };
        own.iterations += 1;
        own.missed += u64::from(unheard == checks && 0 < checks);
        own.evaluations += checks as u64;
        own.failures += unheard as u64;
        own.last_duration = took;
        #[expect(clippy::cast_precision_loss, reason = "292 years in milliseconds are below 2^53")]
        let at = now.millis() as f64 / 1_000.0;
        own.last_at = Some(at);
    }

    /// A gate stopped watching a change.
    fn ended(&mut self, id: CellId) {
        self.took.remove(&id);
        let Some(known) = self.cells.remove(&id) else { return };
        if let Some(own) = self.gates.get_mut(&known.whom.gate) {
            own.watches = own.watches.saturating_sub(1);
        }
    }
}

fn gate<'e>(cell: &Cell, engine: &'e Engine) -> &'e str {
    engine.program().watches[cell.watch].gate.name.as_str()
}

#[expect(clippy::cast_precision_loss, reason = "292 years in milliseconds are below 2^53")]
fn seconds(span: Span) -> f64 {
    span.millis() as f64 / 1_000.0
}
