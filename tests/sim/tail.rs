//! The tail: what the ledger holds, read by somebody else, row by row as it is written.

use std::collections::{BTreeMap, BTreeSet};

use backstop::archive::Reader;
use backstop::decision::{
    Answers, CellId, Course, DecisionId, Intention, Key, Mode, Occasion, Outcome, Recovery,
};
use backstop::gate::{Ending, Standing, Verdict};
use backstop::ledger::{Record, Row};
use backstop::signal::TargetKey;
use backstop::unit::UnixMillis;
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
    /// How far automation may go.
    pub(crate) mode: Mode,
    /// How many looks each gate took since it began.
    looks: BTreeMap<u64, u32>,
    pub(crate) reloads: u64,
    pub(crate) withdrawn: u64,
    pub(crate) decisions: [u64; 3],
    pub(crate) retries: u64,
    ended: BTreeSet<u64>,
    open: BTreeMap<TargetKey, Key>,
    cells: BTreeMap<u64, String>,
    /// The gates that look whether things are well after their change was taken back.
    recovering: BTreeSet<u64>,
    /// Until when they have to be.
    until: BTreeMap<u64, UnixMillis>,
    /// What came of that, by its word.
    pub(crate) recoveries: BTreeMap<&'static str, u64>,
    /// What the texts of actions asked, and is said since.
    pub(crate) answers: BTreeMap<Key, Answers>,
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
            mode: Mode::Act,
            looks: BTreeMap::new(),
            reloads: 0,
            withdrawn: 0,
            decisions: [0; 3],
            retries: 0,
            ended: BTreeSet::new(),
            open: BTreeMap::new(),
            cells: BTreeMap::new(),
            recovering: BTreeSet::new(),
            until: BTreeMap::new(),
            recoveries: BTreeMap::new(),
            faults: Vec::new(),
            answers: BTreeMap::new(),
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
            Record::Retried { key, attempt, answers, .. } => {
                self.retries += 1;
                self.found(&key, answers);
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
            Record::Reloaded { mode, .. } => {
                self.reloads += 1;
                self.mode = mode;
            }
            Record::Opened { cell, .. } => {
                if self.looks.insert(cell.0, 0).is_some() {
                    self.faults.push(format!("counts: {cell} began twice"));
                }
            }
            Record::Looked { cell, first, looks } => self.looked(cell, first, looks.len()),
            Record::Ended { cell, why, .. } => {
                self.withdrawn += u64::from(why == Ending::Withdrawn);
                if !self.ended.insert(cell.0) {
                    self.faults.push(format!("end: {cell} ended twice"));
                }
            }
            Record::Recovery { cell, at, recovery } => self.recovery(cell, at, &recovery),
            Record::Started { .. }
            | Record::Changed(_)
            | Record::Answered { .. }
            | Record::Refused { .. }
            | Record::Consented { .. }
            | Record::Alerted(_)
            | Record::Frozen(_)
            | Record::Accepted { .. }
            | Record::Vouched { .. }
            | Record::Unknown { .. } => {}
        }
    }

    /// It is looked once whether things are well, after something was done, and that comes to one end: nobody is told in time
    /// that they are not, and everybody who is told was told late.
    fn recovery(&mut self, cell: CellId, at: UnixMillis, recovery: &Recovery) {
        let word = recovery.word();
        let known = *self.recoveries.entry(word).and_modify(|known| *known += 1).or_insert(1);
        let fits = match recovery {
            Recovery::Begun { key, since, until } => {
                self.until.insert(cell.0, *until);
                // The end of the rollback is written down with this, in either order.
                self.intended.contains_key(key)
                    && since < until
                    && !self.ended.contains(&cell.0)
                    && self.recovering.insert(cell.0)
            }
            Recovery::Unrecovered { .. } => {
                self.until.remove(&cell.0).is_some_and(|until| until <= at) && self.recovering.remove(&cell.0)
            }
            Recovery::Recovered { .. } | Recovery::Superseded | Recovery::Withdrawn => {
                self.recovering.remove(&cell.0)
            }
        };
        if !fits {
            self.faults.push(format!("recovery: {cell} is {word} at {at}, the {known}th of all"));
        }
    }

    /// Looks follow on one another from the first, whatever happens in between, and none comes after the end.
    fn looked(&mut self, cell: CellId, first: u32, looks: usize) {
        let known = self.looks.entry(cell.0).or_default();
        if *known + 1 != first || self.ended.contains(&cell.0) {
            self.faults
                .push(format!("counts: {cell} took look {first} behind look {known}, or after its end"));
        }
        *known += u32::try_from(looks).unwrap();
    }

    fn intended(&mut self, intention: Intention) {
        let key = intention.key.clone();
        self.found(&key, intention.answers.clone());
        self.held.insert((key.clone(), 1));
        if intention.kind.changes_target()
            && let Some(other) = self.open.insert(intention.target.clone(), key.clone())
        {
            self.faults.push(format!("flight: {key} was intended while {other} was open on its target"));
        }
        // Where people are asked what is to be done, they are told by itself.
        let barred = match self.mode {
            Mode::Act => false,
            Mode::Ask => intention.kind.changes_target(),
            Mode::Shadow => true,
        };
        if barred {
            self.faults.push(format!("mode: {key} was intended, and the mode is {}", self.mode));
        }
        if self.intended.insert(key.clone(), intention).is_some() {
            self.faults.push(format!("key: {key} was intended twice"));
        }
    }

    /// What was found out is said from then on.
    fn found(&mut self, key: &Key, answers: Answers) {
        if !answers.is_empty() {
            self.answers.insert(key.clone(), answers);
        }
    }

    /// Whether a decision was that something is done.
    pub(crate) fn acts_on(&self, decision: DecisionId) -> bool {
        self.decided.get(&decision).is_some_and(|(_, course)| *course == Course::Act)
    }

    /// Whether what an intention rests on reached this confidence, and whether that is a failure.
    pub(crate) fn rests_on(&self, decision: DecisionId, confidence: f64) -> Option<(bool, bool)> {
        let (standing, course) = self.decided.get(&decision)?;
        let reached = *course == Course::Act && -(1.0 - confidence).ln() <= standing.ln_most + 1e-9;
        Some((reached, matches!(standing.verdict, Verdict::Fail(_))))
    }
}
