//! An episode: everything that the ledger says about one gate that watched one change.

use std::collections::BTreeSet;

use crate::decision::{
    Aim, Alarm, Answer, Answers, Authorship, Case, DecisionId, Intention, Key, Occasion, Outcome, Recovery,
    Refusal, Ruling,
};
use crate::gate::{Ending, Look, Opening, Standing, Terms, Trial};
use crate::ledger::Record;
use crate::signal::Change;
use crate::unit::{Name, Span, UnixMillis};

/// What the ledger says about one gate that watched one change, in its order.
#[derive(Debug, Clone, Default)]
pub struct Episode {
    /// The gate.
    pub gate: Option<Name>,
    /// The change.
    pub change: Option<Change>,
    /// The alert that began it; nothing where the change itself did.
    pub alarm: Option<Box<Alarm>>,
    /// What it began with; nothing if it never began.
    pub began: Option<Began>,
    /// Its looks, from the first on, each with its number.
    pub looks: Vec<(u32, Look)>,
    /// What was decided.
    pub decisions: Vec<Decided>,
    /// What was done about it.
    pub deeds: Vec<Deed>,
    /// How it ended; nothing while it has not.
    pub ended: Option<(UnixMillis, Ending)>,
    /// What was seen after its change was taken back, in its order.
    pub recovery: Vec<(UnixMillis, Recovery)>,
}

/// What a gate began with.
#[derive(Debug, Clone, PartialEq)]
pub struct Began {
    /// From when on it counted.
    pub from: UnixMillis,
    /// How often it looked.
    pub every: Span,
    /// The numbers that its verdicts rest on.
    pub terms: Terms,
    /// What was known before.
    pub opening: Opening,
}

/// A decision, as it is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// What tells it from every other.
    pub id: DecisionId,
    /// After which look.
    pub look: u32,
    /// When.
    pub at: UnixMillis,
    /// What led to it.
    pub occasion: Occasion,
    /// Where the gate stood.
    pub standing: Standing,
    /// Every fact it rests on.
    pub case: Box<Case>,
    /// What it says.
    pub ruling: Ruling,
    /// Where the gate's rule stood and who had written it last, as far as that was known.
    pub written: Option<Box<Authorship>>,
}

/// Something that happened to an intention.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// To which.
    pub key: Key,
    /// When.
    pub at: UnixMillis,
    /// What.
    pub what: DeedKind,
}

/// What happened to an intention.
#[derive(Debug, Clone, PartialEq)]
pub enum DeedKind {
    /// It was written down, and with that its first attempt.
    Intended(Box<Intention>),
    /// A further attempt was written down, or the next step.
    Retried {
        /// The number of the attempt.
        attempt: u32,
        /// Which step of it, from 0.
        step: u8,
        /// What is done from here on, where another look led elsewhere.
        aim: Option<Box<Aim>>,
        /// What the queries of its texts found, where that is known only by now.
        answers: Answers,
    },
    /// An attempt was answered.
    Answered {
        /// The number of the attempt.
        attempt: u32,
        /// Which step of it, from 0.
        step: u8,
        /// What came of it.
        answer: Answer,
    },
    /// It ended.
    Closed(Outcome, String),
    /// The ledger refused it.
    Refused(Refusal),
    /// Somebody who was asked said yes or no to it.
    Said(Box<Consented>),
}

/// What somebody said who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consented {
    /// Who.
    pub by: Name,
    /// Whether they agree.
    pub agrees: bool,
    /// To lift what.
    pub lifts: BTreeSet<String>,
    /// Why, where they said.
    pub why: String,
}

impl Episode {
    /// The episode of these records: those of one cell, of its change and of its intentions.
    pub fn of(records: impl IntoIterator<Item = Record>) -> Self {
        let mut episode = Self::default();
        records.into_iter().for_each(|record| episode.take(record));
        episode
    }

    /// A decision.
    pub fn decision(&self, id: DecisionId) -> Option<&Decided> {
        self.decisions.iter().find(|decided| decided.id == id)
    }

    /// The evidence after so many looks, folded again from its counts; nothing where counts are missing.
    pub fn trial(&self, looks: u32) -> Option<Trial> {
        let began = self.began.as_ref()?;
        let mut trial = Trial::open(began.terms.clone(), &began.opening);
        // They stand in their order, so the next one is where it should be, or gone.
        for (number, (known, look)) in (1..=looks).zip(&self.looks) {
            if *known != number {
                return None;
            }
            trial.look(look);
        }
        if trial.looks() < looks {
            return None;
        }
        Some(trial)
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Changed(change) => self.change = Some(change),
            Record::Awaited { gate, alarm, .. } => {
                self.gate = Some(gate);
                self.alarm = self.alarm.take().or(alarm);
            }
            Record::Opened { gate, from, every, terms, opening, .. } => {
                self.gate = Some(gate);
                self.began = Some(Began { from, every, terms, opening });
            }
            Record::Looked { first, looks, .. } => self.looks.extend((first..).zip(looks)),
            Record::Decided { id, look, at, occasion, standing, case, ruling, written, .. } => {
                let decided = Decided { id, look, at, occasion, standing, case, ruling, written };
                self.decisions.push(decided);
            }
            Record::Intended(intention) => {
                let (key, at) = (intention.key.clone(), intention.at);
                self.deeds.push(Deed { key, at, what: DeedKind::Intended(Box::new(intention)) });
            }
            Record::Retried { key, attempt, step, at, aim, answers } => {
                self.deeds.push(Deed { key, at, what: DeedKind::Retried { attempt, step, aim, answers } });
            }
            Record::Answered { key, attempt, step, at, answer } => {
                self.deeds.push(Deed { key, at, what: DeedKind::Answered { attempt, step, answer } });
            }
            Record::Closed { key, at, outcome, why } => {
                self.deeds.push(Deed { key, at, what: DeedKind::Closed(outcome, why) });
            }
            Record::Refused { key, at, why } => {
                self.deeds.push(Deed { key, at, what: DeedKind::Refused(why) });
            }
            Record::Consented { key, at, by, agrees, lifts, why, .. } => {
                let said = Consented { by, agrees, lifts, why };
                self.deeds.push(Deed { key, at, what: DeedKind::Said(Box::new(said)) });
            }
            Record::Ended { at, why, .. } => self.ended = Some((at, why)),
            Record::Recovery { at, recovery, .. } => self.recovery.push((at, recovery)),
            Record::Started { .. }
            | Record::Reloaded { .. }
            | Record::Switched { .. }
            | Record::Alerted(_)
            | Record::Frozen(_)
            | Record::Accepted { .. }
            | Record::Vouched { .. }
            | Record::Unknown { .. } => {}
        }
    }
}
