//! Which verdict leads to which action.

use std::collections::BTreeSet;
use std::fmt;

use crate::unit::{Confidence, Name, Place, Span};

/// How far automation may go by itself: each mode allows what those before it allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// It says what it would have done.
    Shadow,
    /// It asks a person first.
    Ask,
    /// It acts.
    Act,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Shadow => "shadow",
            Self::Ask => "ask",
            Self::Act => "act",
        })
    }
}

/// What a policy does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Asks a person.
    Ask,
    /// Carries out an action of this name.
    Do {
        /// Its name.
        action: Name,
        /// Where it was named.
        place: Place,
    },
}

/// One rung of the ladder: from this confidence on, do this.
#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    /// The release's confidence.
    pub confidence: Confidence,
    /// What is done.
    pub act: Act,
}

/// What happens to a gate that could not decide in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// How long after its beginning.
    pub after: Span,
    /// What is done.
    pub act: Act,
}

/// Evidence that by itself leads to a pause at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weak {
    /// Nothing runs beside the new version, so whatever else began with it looks the same.
    AfterBefore,
    /// A threshold has no statistics behind it.
    Expr,
    /// An alert says that something is wrong, and not that the change did it.
    Alert,
}

/// What a gate's verdicts lead to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Policy {
    /// A failed verdict, by confidence; the highest rung that is reached counts.
    pub fail: Vec<Rung>,
    /// A passed one.
    pub pass: Option<Act>,
    /// No verdict in time.
    pub inconclusive: Option<Undecided>,
    /// A failed verdict on a target's first release, where there is nothing to go back to.
    pub first_release: Option<Act>,
    /// Weak evidence that may undo by itself, said in so many words.
    pub may_undo_on: BTreeSet<Weak>,
}
