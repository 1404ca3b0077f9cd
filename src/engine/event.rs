//! Everything that can happen to the engine, and everything that it can want.

use crate::decision::{
    Aim, Announced, Answer, Answers, CellId, Course, DecisionId, Incident, Intention, Key, Order, Outcome,
    Progress, Recovery, Refusal, Sight, Turn,
};
use crate::engine::consent::Said;
use crate::engine::program::Rules;
use crate::gate::{Ending, Found, Opening, Standing};
use crate::ledger::Record;
use crate::signal::{Change, ChangeId, Deaf, Notification, TargetKey};
use crate::unit::{Name, UnixMillis};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Time went on.
    Tick,
    /// Somebody told of a change.
    Changed(Box<Change>),
    /// Answers [`Ask::Traffic`]: whether there was any.
    Traffic {
        /// Who asked.
        cell: CellId,
        /// Up to when was looked.
        to: UnixMillis,
        /// Whether the new side had an event.
        seen: bool,
    },
    /// Answers [`Ask::Opening`].
    Opening {
        /// Who asked.
        cell: CellId,
        /// What was known before.
        opening: Opening,
    },
    /// Answers [`Ask::Count`].
    Counted {
        /// Who asked.
        cell: CellId,
        /// Up to when was counted.
        at: UnixMillis,
        /// What was found for each check.
        found: Vec<Found>,
    },
    /// Answers [`Ask::Recovery`].
    Fared {
        /// Who asked.
        cell: CellId,
        /// Up to when was counted.
        at: UnixMillis,
        /// What was found for each check.
        found: Vec<Found>,
        /// Whether the new side was idle, where that was asked.
        idle: bool,
    },
    /// Answers [`Ask::Traffic`] and [`Ask::Opening`] where the source is not heard; a look that is cut for want of an
    /// answer is one that found nothing.
    Unheard {
        /// Who asked.
        cell: CellId,
        /// Why.
        deaf: Deaf,
    },
    /// The ledger holds an intention, or a further attempt at it.
    Journaled {
        /// Of which.
        key: Key,
        /// The number of the attempt.
        attempt: u32,
    },
    /// The ledger refused an intention or an attempt.
    Refused {
        /// Of which.
        key: Key,
        /// Why.
        why: Refusal,
    },
    /// Answers [`Effect::Send`].
    Answered {
        /// Of which.
        key: Key,
        /// The number of the attempt.
        attempt: u32,
        /// What came of it.
        answer: Answer,
    },
    /// Answers [`Effect::Verify`].
    Verified {
        /// Of which.
        key: Key,
        /// Whether it is seen to have worked.
        holds: bool,
        /// As of when: samples come in later than things happen.
        at: UnixMillis,
    },
    /// Answers [`Effect::Verify`] where nobody can see: no samples come in, or not for long enough yet, or who is asked does
    /// not say.
    Unseen {
        /// Of which.
        key: Key,
    },
    /// Answers [`Effect::Inquire`]: what the texts ask came to; or why they cannot be filled.
    Informed(Inquiry, Result<Answers, String>),
    /// Answers [`Effect::Survey`].
    Surveyed {
        /// For which action.
        key: Key,
        /// What it came to.
        sight: Sight,
    },
    /// Answers [`Effect::Verify`] where an object was looked at.
    Progressed {
        /// Of which.
        key: Key,
        /// How far it is.
        progress: Progress,
        /// As of when.
        at: UnixMillis,
    },
    /// Somebody turned the kill switch.
    Switched(Turn),
    /// Somebody says something to what was asked. What is not asked of them counts for nothing.
    Said(Box<Said>),
    /// The rules were read again, and from now on these are in force.
    Reloaded(Rules),
    /// Somebody told of alerts.
    Alerted(Box<Notification>),
    /// Somebody announced a freeze, or that it is over.
    Frozen(Announced),
}

/// What a cell wants to know of samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// Whether the new side had traffic.
    Traffic {
        /// Who asks.
        cell: CellId,
        /// In which stretch.
        window: Window,
    },
    /// What was before the first look.
    Opening {
        /// Who asks.
        cell: CellId,
        /// Where its counts begin.
        from: UnixMillis,
    },
    /// What a look finds.
    Count {
        /// Who asks.
        cell: CellId,
        /// In which stretch, for each check.
        windows: Vec<Window>,
        /// The look's time.
        at: UnixMillis,
    },
    /// How things are after its change was taken back.
    Recovery {
        /// Who asks.
        cell: CellId,
        /// What every check counts in.
        window: Window,
        /// In which stretch the new side may turn out to be idle, with its other side still asked for something.
        idle: Option<Window>,
    },
}

impl Ask {
    /// Who asks.
    pub const fn cell(&self) -> CellId {
        match self {
            Self::Traffic { cell, .. }
            | Self::Opening { cell, .. }
            | Self::Count { cell, .. }
            | Self::Recovery { cell, .. } => *cell,
        }
    }

    /// Up to when samples have to be there.
    pub const fn to(&self) -> UnixMillis {
        match self {
            Self::Traffic { window, .. } | Self::Recovery { window, .. } => window.to,
            Self::Opening { from, .. } => *from,
            Self::Count { at, .. } => *at,
        }
    }

    /// Whether it is a look, which is cut where it is not answered within the time to the next one.
    pub const fn is_look(&self) -> bool {
        matches!(self, Self::Count { .. } | Self::Recovery { .. })
    }
}

/// Something that is wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// To know something of samples.
    Ask(Ask),
    /// To have something written down; it may wait for others.
    Write(UnixMillis, Record),
    /// To have an intention written down, behind all that was to be written before; the ledger may refuse.
    Intend(Intention),
    /// To have a further attempt written down, or a further step of one; the ledger may refuse.
    Retry {
        /// Of which.
        key: Key,
        /// The number of the attempt.
        attempt: u32,
        /// Which step of it, from 0.
        step: u8,
        /// What is done from here on, where another look led elsewhere.
        aim: Option<Box<Aim>>,
        /// What the queries of its texts found, where that is known only by now.
        answers: Answers,
        /// When.
        at: UnixMillis,
    },
    /// To have an object looked at, for what is wanted of it.
    Survey {
        /// For which action.
        key: Key,
        /// What is wanted.
        order: Box<Order>,
    },
    /// To have found out what the texts of an action ask, before an attempt at it is written down.
    Inquire(Inquiry),
    /// To have written down why what was decided is not intended after all.
    Refuse {
        /// What.
        key: Key,
        /// Which gate and change it is about.
        cell: CellId,
        /// When.
        at: UnixMillis,
        /// Why.
        why: Refusal,
    },
    /// To have one attempt made.
    Send {
        /// Of which.
        key: Key,
        /// The number of the attempt.
        attempt: u32,
    },
    /// To see whether it worked.
    Verify {
        /// Of which.
        key: Key,
    },
    /// To have the end of an intention written down.
    Close {
        /// Of which.
        key: Key,
        /// When.
        at: UnixMillis,
        /// How it ended.
        outcome: Outcome,
        /// Why.
        why: String,
    },
    /// To have the kill switch written down.
    Switch {
        /// When.
        at: UnixMillis,
        /// How.
        turn: Turn,
    },
    /// To have people told, in the log.
    Tell(Notice),
}

impl Effect {
    /// A further attempt, or a further step of one, that says what those before it did.
    pub(super) fn again(
        key: &Key,
        (attempt, step): (u32, u8),
        aim: Option<Box<Aim>>,
        at: UnixMillis,
    ) -> Self {
        Self::Retry { key: key.clone(), attempt, step, aim, answers: Answers::default(), at }
    }
}

/// What tells one inquiry from every other: nothing that an earlier one found is taken for what a later one asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// For which action.
    pub key: Key,
    /// Before which attempt.
    pub attempt: u32,
    /// How long it is waited for.
    pub until: UnixMillis,
}

/// A stretch of time: behind `from`, up to `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Where it begins; this moment is not in it.
    pub from: UnixMillis,
    /// Where it ends; this moment is.
    pub to: UnixMillis,
}

/// Something worth telling.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// A gate waits for a change to have traffic.
    Awaited(CellId),
    /// A gate counts from this moment on.
    Began(CellId, UnixMillis),
    /// A look was taken.
    Looked(CellId, Standing),
    /// Something was decided.
    Decided(DecisionId, Course),
    /// The ledger refused, or something came to speak against it before.
    Refused(Key, Refusal),
    /// An attempt is made.
    Sent(Key, u32),
    /// It was answered.
    Answered(Key, u32, Answer),
    /// An intention ended.
    Closed(Key, Outcome, String),
    /// A gate stopped watching.
    Ended(CellId, Ending, Standing),
    /// A gate stopped watching because the rules have no such gate any more, or one that asks something else. Nobody
    /// knows its cell from now on, so all of it is told.
    Withdrawn {
        /// What was its cell.
        cell: CellId,
        /// The gate.
        gate: Name,
        /// The change.
        change: ChangeId,
        /// The change's target.
        target: TargetKey,
        /// Where it stood.
        standing: Standing,
    },
    /// Other rules are in force from now on.
    Reloaded {
        /// The SHA-256 of their files, in hex.
        config: String,
        /// How many gates were withdrawn by that.
        withdrawn: usize,
    },
    /// An alert was told of that was not known, or is resolved.
    Alerted(Box<Incident>),
    /// A gate looks whether things are well after its change was taken back, or what came of that is known.
    Recovery(CellId, Recovery),
}
