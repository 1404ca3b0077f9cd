//! Records: each says one thing that happened.

use std::collections::BTreeSet;

use crate::decision::{
    Aim, Alarm, Announced, Answer, Answers, Authorship, Case, CellId, DecisionId, Incident, Intention, Key,
    Mode, Occasion, Outcome, Recovery, Refusal, Ruling,
};
use crate::gate::{Ending, Look, Opening, Standing, Terms};
use crate::ledger::kind::Kind;
use crate::signal::{Change, ChangeId, TargetKey};
use crate::unit::{Name, Span, UnixMillis};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// backstop began to write.
    Started {
        /// Its version.
        version: String,
        /// The version of its judgement: within one, the same counts lead to the same bits.
        judge: u32,
        /// The SHA-256 of its rules, in hex.
        config: String,
        /// How far automation may go.
        mode: Mode,
    },
    /// Other rules are in force from here on. What that ended is written down behind it.
    Reloaded {
        /// The SHA-256 of the rules, in hex.
        config: String,
        /// How far automation may go.
        mode: Mode,
    },
    /// A change was told or seen.
    Changed(Change),
    /// A gate waits for a change to have traffic.
    Awaited {
        /// The gate and the change, as one.
        cell: CellId,
        /// The gate.
        gate: Name,
        /// The change.
        change: ChangeId,
        /// The change's target.
        target: TargetKey,
        /// When.
        at: UnixMillis,
        /// The gate's share of the release's evidence, which no later rules change; older ledgers do not say.
        share: Option<f64>,
        /// The alert that began it; nothing where the change itself did.
        alarm: Option<Box<Alarm>>,
    },
    /// A gate began to look at a change.
    Opened {
        /// The gate and the change, as one.
        cell: CellId,
        /// The gate.
        gate: Name,
        /// The change.
        change: ChangeId,
        /// The change's target.
        target: TargetKey,
        /// When.
        at: UnixMillis,
        /// Where its counts begin.
        from: UnixMillis,
        /// How often it looks.
        every: Span,
        /// The numbers its verdicts rest on.
        terms: Terms,
        /// What was known before the first look.
        opening: Opening,
    },
    /// A gate looked, once or a few times.
    Looked {
        /// Which.
        cell: CellId,
        /// The number of the first of these looks, from 1.
        first: u32,
        /// What each counted.
        looks: Vec<Look>,
    },
    /// A decision was made.
    Decided {
        /// What tells it from every other.
        id: DecisionId,
        /// About which gate and change.
        cell: CellId,
        /// After which look.
        look: u32,
        /// When.
        at: UnixMillis,
        /// What led to it.
        occasion: Occasion,
        /// Where the gate stood.
        standing: Standing,
        /// Every fact it rests on.
        case: Box<Case>,
        /// What it says.
        ruling: Ruling,
        /// Where the gate's rule stood and who had written it last, as far as that was known.
        written: Option<Box<Authorship>>,
    },
    /// Something is about to be done.
    Intended(Intention),
    /// It is about to be tried again.
    Retried {
        /// What.
        key: Key,
        /// The number of this attempt; the first was 1.
        attempt: u32,
        /// Which step of it, from 0.
        step: u8,
        /// When.
        at: UnixMillis,
        /// What is done from here on, where another look led elsewhere.
        aim: Option<Box<Aim>>,
        /// What the queries of its texts found, where that is known only by now.
        answers: Answers,
    },
    /// An attempt had an answer, or none.
    Answered {
        /// What was attempted.
        key: Key,
        /// The number of the attempt.
        attempt: u32,
        /// Which step of it, from 0.
        step: u8,
        /// When.
        at: UnixMillis,
        /// What came of it.
        answer: Answer,
    },
    /// Nothing more is done about an intention.
    Closed {
        /// Which.
        key: Key,
        /// When.
        at: UnixMillis,
        /// How it ended.
        outcome: Outcome,
        /// Why, in words.
        why: String,
    },
    /// Automation was switched off or on.
    Switched {
        /// When.
        at: UnixMillis,
        /// Why it is off; none: it is on again.
        off: Option<String>,
        /// By whom.
        by: String,
        /// For which service; none: for everything.
        service: Option<String>,
        /// Whether a file says so, which is read again after a restart.
        file: bool,
    },
    /// A gate watches a change no longer.
    Ended {
        /// Which.
        cell: CellId,
        /// When.
        at: UnixMillis,
        /// After which look.
        look: u32,
        /// Where it stood.
        standing: Standing,
        /// Why.
        why: Ending,
    },
    /// The ledger refused an intention, or something came to speak against it before.
    Refused {
        /// Which.
        key: Key,
        /// When.
        at: UnixMillis,
        /// Why.
        why: Refusal,
    },
    /// Somebody who was asked said yes or no.
    Consented {
        /// What asked them.
        decision: DecisionId,
        /// What it is about.
        key: Key,
        /// When.
        at: UnixMillis,
        /// Who.
        by: Name,
        /// Whether they agree.
        agrees: bool,
        /// The words of the guards that they were shown and agree to lift.
        lifts: BTreeSet<String>,
        /// Why, where they said.
        why: String,
    },
    /// An alert was told of that was not known, or is resolved.
    Alerted(Box<Incident>),
    /// A freeze was announced, or lifted.
    Frozen(Announced),
    /// A person took this ledger for what it is, though it was found to be a restored or older one.
    Accepted {
        /// When.
        at: UnixMillis,
        /// Who.
        by: String,
        /// Why.
        why: String,
        /// Since when it was doubted.
        since: UnixMillis,
    },
    /// The version that a change brought passed every gate that watched it, so there is something to go back to.
    Vouched {
        /// The gate that said so last, and the change.
        cell: CellId,
        /// The change.
        change: ChangeId,
        /// The change's target.
        target: TargetKey,
        /// The version.
        version: String,
        /// When.
        at: UnixMillis,
    },
    /// A gate looks whether things are well after its change was taken back, or what came of that is known.
    Recovery {
        /// Which.
        cell: CellId,
        /// When.
        at: UnixMillis,
        /// How far it is with that.
        recovery: Recovery,
    },
    /// Something that a later version wrote. It is kept as it is, and its place in the chain verifies.
    Unknown {
        /// The number of its kind.
        kind: u8,
        /// What it says, in whichever way.
        payload: Vec<u8>,
    },
}

impl Record {
    /// The number of its kind.
    pub fn kind(&self) -> u8 {
        let kind = match self {
            Self::Started { .. } => Kind::Started,
            Self::Reloaded { .. } => Kind::Reloaded,
            Self::Changed(_) => Kind::Changed,
            Self::Awaited { .. } => Kind::Awaited,
            Self::Opened { .. } => Kind::Opened,
            Self::Looked { .. } => Kind::Looked,
            Self::Decided { .. } => Kind::Decided,
            Self::Intended(_) => Kind::Intended,
            Self::Retried { .. } => Kind::Retried,
            Self::Answered { .. } => Kind::Answered,
            Self::Closed { .. } => Kind::Closed,
            Self::Switched { .. } => Kind::Switched,
            Self::Ended { .. } => Kind::Ended,
            Self::Refused { .. } => Kind::Refused,
            Self::Consented { .. } => Kind::Consented,
            Self::Alerted(_) => Kind::Alerted,
            Self::Frozen(_) => Kind::Frozen,
            Self::Accepted { .. } => Kind::Accepted,
            Self::Vouched { .. } => Kind::Vouched,
            Self::Recovery { .. } => Kind::Recovery,
            Self::Unknown { kind, .. } => return *kind,
        };
        kind.number()
    }

    /// The gate and change it is about, where it says so itself.
    pub fn cell(&self) -> Option<CellId> {
        match self {
            Self::Awaited { cell, .. }
            | Self::Opened { cell, .. }
            | Self::Looked { cell, .. }
            | Self::Decided { cell, .. }
            | Self::Vouched { cell, .. }
            | Self::Recovery { cell, .. }
            | Self::Ended { cell, .. } => Some(*cell),
            Self::Intended(intention) => Some(intention.decision.cell),
            Self::Consented { decision, .. } => Some(decision.cell),
            Self::Started { .. }
            | Self::Reloaded { .. }
            | Self::Changed(_)
            | Self::Retried { .. }
            | Self::Answered { .. }
            | Self::Closed { .. }
            | Self::Switched { .. }
            | Self::Refused { .. }
            | Self::Alerted(_)
            | Self::Frozen(_)
            | Self::Accepted { .. }
            | Self::Unknown { .. } => None,
        }
    }
}
