//! Recovery: what is seen after a change was taken back, by the gate that had it taken back.

use crate::decision::intention::Key;
use crate::gate::Look;
use crate::unit::UnixMillis;

/// How far it is with looking whether things are well again, or what came of that.
#[derive(Debug, Clone, PartialEq)]
pub enum Recovery {
    /// It is looked from now on.
    Begun {
        /// What took the change back.
        key: Key,
        /// When that ended: only what comes later counts.
        since: UnixMillis,
        /// Until when things have to be well.
        until: UnixMillis,
    },
    /// They are well again.
    Recovered {
        /// The look that showed it.
        look: Look,
        /// Whether it shows that nobody asks the new side for anything any more, where its other side is still asked.
        idle: bool,
    },
    /// They were not seen to be well in time: a person has to look.
    Unrecovered {
        /// The last look that found anything; where none did, the last one.
        last: Option<Look>,
    },
    /// Another change came to the target, so nobody knows what would have become of this one.
    Superseded,
    /// The rules have no such gate any more, or one that asks something else.
    Withdrawn,
}

impl Recovery {
    /// Its word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "recovering",
            Self::Recovered { .. } => "recovered",
            Self::Unrecovered { .. } => "unrecovered",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }
}
