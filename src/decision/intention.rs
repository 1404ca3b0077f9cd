//! Intentions: what is about to be done. One is written down before anything is sent, and the ledger may refuse it.

use std::fmt;

use ring::digest;

use crate::decision::action::Kind;
use crate::decision::aim::Aim;
use crate::decision::limit::Scope;
use crate::signal::{ChangeId, Fingerprint, TargetKey};
use crate::template::Answers;
use crate::unit::{Name, Rate, Span, UnixMillis, hex};

/// What tells one effect from every other: made of the change, the target and the action alone, so that no restart and
/// no retry can ever make another one. It goes out with each attempt, for the receiver to know a repetition by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub String);

/// What tells one gate watching one change from every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub u64);

/// What tells one decision from every other: its cell, and the number of the decision there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DecisionId {
    /// The cell.
    pub cell: CellId,
    /// The number, from 1.
    pub number: u32,
}

/// What is about to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Intention {
    /// What tells it from every other.
    pub key: Key,
    /// What decided it.
    pub decision: DecisionId,
    /// The action.
    pub action: Name,
    /// What it is for.
    pub kind: Kind,
    /// The change that it is about.
    pub change: ChangeId,
    /// What it is done to.
    pub target: TargetKey,
    /// When it was decided.
    pub at: UnixMillis,
    /// When nothing is sent any more: evidence ages.
    pub expires: UnixMillis,
    /// The budgets that it is paid from. The ledger counts them in the transaction that writes it down.
    pub claims: Vec<Claim>,
    /// What somebody is called for, where it is not what the decision wanted that is told.
    pub page: Option<Page>,
    /// What is done to the target's object; nothing for a webhook.
    pub aim: Option<Box<Aim>>,
    /// What the queries of its texts found before it was written down: each attempt says the same.
    pub answers: Answers,
}

/// What somebody is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// What a decision wanted is held back.
    Held,
    /// What it wanted was done, or tried, and this is how it ended.
    Ended(Outcome),
    /// What was taken back runs again.
    Reapplied,
    /// The change was taken back, and things were not seen to be well in time.
    Unrecovered,
}

/// A budget that an intention is paid from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Of which action; none: of every action that changes a target.
    pub of: Option<Name>,
    /// Over what it counts.
    pub scope: Scope,
    /// How often.
    pub rate: Rate,
}

/// Why nothing is intended that was decided: the ledger refuses it, but for what came to speak against it before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It was written down before: at most one effect for a key.
    Known,
    /// Another action on the same target has not ended.
    InFlight(Key),
    /// A budget is spent.
    Budget(Claim),
    /// Automation is switched off.
    SwitchedOff(String),
    /// Another process writes this ledger now.
    Fenced,
    /// Automation is switched off for the service.
    ServiceOff(String),
    /// Something came to speak against it while it was found out what its texts ask.
    Meanwhile(String),
}

/// What came of one attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Accepted {
        /// The status.
        status: u16,
        /// How the answer began.
        excerpt: String,
    },
    /// It was not taken; the receiver says so.
    Rejected {
        /// The status.
        status: u16,
        /// How the answer began.
        excerpt: String,
        /// How long the receiver asks to be left alone, where it does.
        retry_after: Option<Span>,
    },
    /// Nothing was sent: there was no connection.
    Unsent {
        /// Why.
        why: String,
    },
    /// It was sent, and nobody knows what came of it.
    Lost {
        /// Why.
        why: String,
    },
    /// Nothing was done: what it is done to is not any more what the decision rests on.
    Overtaken {
        /// What is otherwise.
        why: String,
    },
}

/// How an intention ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The receiver took it, and nothing says how to see that it worked.
    Taken,
    /// It was seen to have worked.
    Verified,
    /// It was not seen to have worked in time: a person has to look.
    Unverified,
    /// The receiver did not take it.
    Failed,
    /// Nothing was sent while it still made sense.
    Expired,
}

impl Outcome {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Verified => "verified",
            Self::Unverified => "unverified",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

impl Key {
    /// The key of an action on a target for a change.
    pub fn of(change: &ChangeId, target: &TargetKey, action: &Name) -> Self {
        let digest = hashed(action.as_str(), change, target);
        Self(format!("act_{}", hex(&digest.as_ref()[..12])))
    }

    /// The key of a call for somebody about what has a key: once for each reason in each stretch of time.
    pub fn page(&self, reason: &str, stretch: UnixMillis) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        for part in [self.0.as_str(), reason, &stretch.millis().to_string()] {
            hash.update(&(part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(format!("page_{}", hex(&hash.finish().as_ref()[..12])))
    }

    /// The key of the nth attempt to give back what something of this key held.
    pub fn give_back(&self, nth: u32) -> Self {
        let digest = digest::digest(&digest::SHA256, format!("{self} {nth}").as_bytes());
        Self(format!("{GIVES_BACK}{}", hex(&digest.as_ref()[..12])))
    }

    /// Whether it is that of giving back what was held.
    pub fn gives_back(&self) -> bool {
        self.0.starts_with(GIVES_BACK)
    }
}

const GIVES_BACK: &str = "back_";

impl CellId {
    /// The cell of a gate that watches a change of a target: whoever tells of changes may call those of several targets
    /// by one name, as a pipeline does that ships to each of them.
    pub fn of(gate: &Name, change: &ChangeId, target: &TargetKey) -> Self {
        let digest = hashed(gate.as_str(), change, target);
        Self(digest.as_ref()[..8].iter().fold(0, |id, byte| id << 8 | u64::from(*byte)))
    }
}

impl CellId {
    /// What an alert asks for about a change. It has an id of its own each time that an alert fires anew, as its decisions
    /// are numbered from one on.
    pub fn of_alert(
        rule: &Name,
        change: &ChangeId,
        (target, fingerprint): (&TargetKey, &Fingerprint),
        at: UnixMillis,
    ) -> Self {
        let digest = hashed(&format!("{rule} {} {}", fingerprint.0, at.millis()), change, target);
        Self(digest.as_ref()[..8].iter().fold(0, |id, byte| id << 8 | u64::from(*byte)))
    }
}

/// With its length, no part can pass for a piece of another.
fn hashed(what: &str, change: &ChangeId, target: &TargetKey) -> digest::Digest {
    let mut hash = digest::Context::new(&digest::SHA256);
    let parts = [
        &change.0,
        &target.service,
        target.environment.as_deref().unwrap_or_default(),
        target.cluster.as_deref().unwrap_or_default(),
        what,
    ];
    for part in parts {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finish()
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.cell, self.number)
    }
}

impl std::str::FromStr for CellId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

/// Why a text is no decision's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of a decision; they look like `4f2a9c01b7e3d655-1`")]
pub struct DecisionIdError(String);

impl std::str::FromStr for DecisionId {
    type Err = DecisionIdError;

    fn from_str(text: &str) -> Result<Self, DecisionIdError> {
        let wrong = || DecisionIdError(text.to_owned());
        let (cell, number) = text.split_once('-').ok_or_else(wrong)?;
        let cell = cell.parse().map_err(|_| wrong())?;
        Ok(Self { cell, number: number.parse().map_err(|_| wrong())? })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known => f.write_str("it was written down before"),
            Self::InFlight(key) => write!(f, "the action {key} on the same target has not ended"),
            Self::Budget(claim) => write!(f, "the budget of {} {} is spent", claim.rate, claim.scope.words()),
            Self::SwitchedOff(why) => write!(f, "automation is switched off: {why}"),
            Self::ServiceOff(why) => write!(f, "automation is switched off for the service: {why}"),
            Self::Meanwhile(why) => write!(f, "while it was found out what its texts ask: {why}"),
            Self::Fenced => f.write_str("another process writes this ledger now"),
        }
    }
}
