//! The shapes of records.

use crate::decision;
use crate::gate;
use crate::ledger::record::Record as Domain;
use crate::ledger::wire::answers::Answers;
use crate::ledger::wire::decision::{
    Announced, Answer, Authorship, Case, Intention, Mode, Occasion, Outcome, Refusal, Ruling,
};
use crate::ledger::wire::gate::{Arm, Ending, Gap, Opening, Standing, Tally, Terms};
use crate::ledger::wire::incident::{Alarm, Incident};
use crate::ledger::wire::object::Aim;
use crate::ledger::wire::scalar::{Base64, Real};
use crate::ledger::wire::signal::{Change, Target};

/// Whether a step is the only one, or the first: older ledgers know no others.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
const fn is_first(step: &u8) -> bool {
    *step == 0
}

// Looks are stored as counts, not in this shape; they have one so that a record can be shown to whoever asks.
mirror_enum!(Record of Domain {
    Started { version: String, judge: u32, config: String, mode: Mode },
    Reloaded { config: String, mode: Mode },
    Changed(Change),
    Awaited {
        cell: String,
        gate: String,
        change: String,
        target: Target,
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        share: Option<Real>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alarm: Option<Box<Alarm>>,
    },
    Opened {
        cell: String,
        gate: String,
        change: String,
        target: Target,
        at: i64,
        from: i64,
        every: u64,
        terms: Terms,
        opening: Opening,
    },
    Looked { cell: String, first: u32, looks: Vec<Look> },
    Decided {
        id: String,
        cell: String,
        look: u32,
        at: i64,
        occasion: Occasion,
        standing: Standing,
        case: Box<Case>,
        ruling: Ruling,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        written: Option<Box<Authorship>>,
    },
    Intended(Intention),
    Retried {
        key: String,
        attempt: u32,
        #[serde(default, skip_serializing_if = "is_first")]
        step: u8,
        at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        aim: Option<Box<Aim>>,
        #[serde(default, skip_serializing_if = "Answers::is_empty")]
        answers: Answers,
    },
    Answered {
        key: String,
        attempt: u32,
        #[serde(default, skip_serializing_if = "is_first")]
        step: u8,
        at: i64,
        answer: Answer,
    },
    Closed { key: String, at: i64, outcome: Outcome, why: String },
    Switched {
        at: i64,
        off: Option<String>,
        by: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        service: Option<String>,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        file: bool,
    },
    Ended { cell: String, at: i64, look: u32, standing: Standing, why: Ending },
    Refused { key: String, at: i64, why: Refusal },
    Consented {
        decision: String,
        key: String,
        at: i64,
        by: String,
        agrees: bool,
        lifts: Vec<String>,
        why: String,
    },
    Alerted(Box<Incident>),
    Frozen(Announced),
    Accepted { at: i64, by: String, why: String, since: i64 },
    Vouched { cell: String, change: String, target: Target, version: String, at: i64 },
    Recovery { cell: String, at: i64, recovery: Recovery },
    Unknown { kind: u8, payload: Base64 },
});

mirror_enum!(Recovery of decision::Recovery {
    Begun { key: String, since: i64, until: i64 },
    Recovered { look: Look, idle: bool },
    Unrecovered { last: Option<Look> },
    Superseded,
    Withdrawn,
});

mirror_struct!(Look of gate::Look { at: i64, found: Vec<Found> });

mirror_enum!(Found of gate::Found { Counts(Counts), Levels(Levels), Value(Real), Missing(Gap), Lacking(Lacking) });

mirror_struct!(Lacking of gate::Lacking { arm: Arm, named: Vec<String>, count: u32 });

mirror_struct!(Counts of gate::Counts {
    strands: Vec<Counted>,
    aside: Vec<Tally>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    merged: Option<i8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mixes: Vec<Counted>,
});

mirror_struct!(Counted of gate::Counted { new: Tally, old: Vec<Tally> });

mirror_struct!(Levels of gate::Levels { new: Real, old: Real });
