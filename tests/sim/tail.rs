//! The tail: what the ledger holds, read by somebody else, row by row as it is written.

use std::collections::{BTreeMap, BTreeSet};

use backstop::archive::Reader;
use backstop::decision::{Course, DecisionId, Intention, Key, Occasion, Outcome};
use backstop::gate::{Standing, Verdict};
use backstop::ledger::{Record, Row};
use backstop::signal::TargetKey;
use tokio::runtime::Handle;

use crate::rules::ROLLBACK;

/// What the ledger holds, as far as it was read.
pub(crate) struct Tail {
    reader: Reader,
    handle: Handle,
    pub(crate) rows: Vec<Row>,
    /// Attempts that may be made.
    pub(crate) held: BTreeSet<(Key, u32)>,
    pub(crate) intended: BTreeMap<Key, Intention>,
    pub(crate) decided: BTreeMap<DecisionId, (Standing, Course)>,
    pub(crate) closed: BTreeMap<Key, Outcome>,
    /// The changes that somebody would have liked to roll back, whether or not it was.
    pub(crate) alarmed: BTreeSet<String>,
    pub(crate) off: bool,
    pub(crate) decisions: [u64; 3],
    pub(crate) retries: u64,
    open: BTreeMap<TargetKey, Key>,
    cells: BTreeMap<u64, String>,
    /// What is wrong with what it holds.
    pub(crate) faults: Vec<String>,
}

impl Tail {
    pub(crate) fn new(reader: Reader, handle: Handle) -> Self {
        Self {
            reader,
            handle,
            rows: Vec::new(),
            held: BTreeSet::new(),
            intended: BTreeMap::new(),
            decided: BTreeMap::new(),
            closed: BTreeMap::new(),
            alarmed: BTreeSet::new(),
            off: false,
            decisions: [0; 3],
            retries: 0,
            open: BTreeMap::new(),
            cells: BTreeMap::new(),
            faults: Vec::new(),
        }
    }

    /// Reads what was written since.
    pub(crate) fn read(&mut self) {
        loop {
            let after = self.rows.last().map_or(0, |row| row.header.seq);
            let rows = self.handle.block_on(self.reader.rows(after)).unwrap();
            if rows.is_empty() {
                return;
            }
            for row in &rows {
                if let Some(record) = row.record().unwrap() {
                    self.take(record);
                }
            }
            self.rows.extend(rows);
        }
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Awaited { cell, change, .. } => {
                self.cells.insert(cell.0, change.0);
            }
            Record::Decided { id, cell, occasion, standing, ruling, .. } => {
                let rung =
                    if let Occasion::Fail { rung: Some(rung) } = occasion { rung.share() } else { 0.0 };
                if ROLLBACK <= rung {
                    self.alarmed.insert(self.cells[&cell.0].clone());
                }
                self.decisions[ruling.course as usize] += 1;
                self.decided.insert(id, (standing, ruling.course));
            }
            Record::Intended(intention) => self.intended(intention),
            Record::Retried { key, attempt, .. } => {
                self.retries += 1;
                self.held.insert((key, attempt));
            }
            Record::Closed { key, outcome, why, .. } => {
                if why.is_empty() {
                    self.faults.push(format!("reason: {key} was closed without one"));
                }
                if self.closed.insert(key.clone(), outcome).is_some() {
                    self.faults.push(format!("close: {key} was closed twice"));
                }
                self.open.retain(|_, open| *open != key);
            }
            Record::Switched { off, .. } => self.off = off.is_some(),
            Record::Started { .. }
            | Record::Reloaded { .. }
            | Record::Changed(_)
            | Record::Opened { .. }
            | Record::Looked { .. }
            | Record::Answered { .. }
            | Record::Ended { .. }
            | Record::Refused { .. }
            | Record::Unknown { .. } => {}
        }
    }

    fn intended(&mut self, intention: Intention) {
        let key = intention.key.clone();
        self.held.insert((key.clone(), 1));
        if intention.kind.changes_target()
            && let Some(other) = self.open.insert(intention.target.clone(), key.clone())
        {
            self.faults.push(format!("flight: {key} was intended while {other} was open on its target"));
        }
        if self.intended.insert(key.clone(), intention).is_some() {
            self.faults.push(format!("key: {key} was intended twice"));
        }
    }

    /// Whether what an intention rests on reached this confidence, and whether that is a failure.
    pub(crate) fn rests_on(&self, decision: DecisionId, confidence: f64) -> Option<(bool, bool)> {
        let (standing, course) = self.decided.get(&decision)?;
        let reached = *course == Course::Act && -(1.0 - confidence).ln() <= standing.ln_most + 1e-9;
        Some((reached, matches!(standing.verdict, Verdict::Fail(_))))
    }
}
