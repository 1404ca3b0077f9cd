//! Why nothing was heard from a source: the little of it that is worth keeping with a look.

use std::fmt;

/// Why nothing was heard from a source. What was asked, and what it said, stays with the error that this is the kind of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deaf {
    /// It cannot be asked as it is set up: its address is none, or a secret cannot be read.
    Unusable,
    /// No connection came about, or it broke.
    Unreachable,
    /// It took too long.
    Late,
    /// It does not let us in, or nobody gives us the token that it wants.
    Unwelcome,
    /// It sends us elsewhere.
    Redirected,
    /// It takes the question for none.
    Refused,
    /// It says that it failed.
    Failed,
    /// It says that it is asked too much.
    Overloaded,
    /// It is left alone for a while, after it said so or could not be reached.
    BackingOff,
    /// It was asked as often as it may be.
    OverBudget,
    /// What it answers is no answer.
    Garbage,
    /// It has more than is taken.
    TooMuch,
    /// It answers, and says itself that something is missing.
    Partial,
    /// It has so much that it was not counted in time.
    Uncounted,
}

impl Deaf {
    /// All of them, in their order.
    pub const ALL: [Self; 14] = [
        Self::Unusable,
        Self::Unreachable,
        Self::Late,
        Self::Unwelcome,
        Self::Redirected,
        Self::Refused,
        Self::Failed,
        Self::Overloaded,
        Self::BackingOff,
        Self::OverBudget,
        Self::Garbage,
        Self::TooMuch,
        Self::Partial,
        Self::Uncounted,
    ];

    /// One word for it, for labels and for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unusable => "unusable",
            Self::Unreachable => "unreachable",
            Self::Late => "late",
            Self::Unwelcome => "unwelcome",
            Self::Redirected => "redirected",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Overloaded => "overloaded",
            Self::BackingOff => "backing_off",
            Self::OverBudget => "over_budget",
            Self::Garbage => "garbage",
            Self::TooMuch => "too_much",
            Self::Partial => "partial",
            Self::Uncounted => "uncounted",
        }
    }

    /// Whether it may be gone when the same is asked again.
    pub const fn may_pass(self) -> bool {
        match self {
            Self::Unreachable
            | Self::Late
            | Self::Failed
            | Self::Overloaded
            | Self::BackingOff
            | Self::OverBudget
            | Self::Partial
            | Self::Uncounted => true,
            Self::Unusable
            | Self::Unwelcome
            | Self::Redirected
            | Self::Refused
            | Self::Garbage
            | Self::TooMuch => false,
        }
    }
}

/// What follows on "the source".
impl fmt::Display for Deaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unusable => "cannot be asked as it is set up",
            Self::Unreachable => "cannot be reached",
            Self::Late => "did not answer in time",
            Self::Unwelcome => "does not let us in",
            Self::Redirected => "sends us elsewhere",
            Self::Refused => "takes the question for none",
            Self::Failed => "says that it failed",
            Self::Overloaded => "says that it is asked too much",
            Self::BackingOff => "is left alone for a while, as it could not answer",
            Self::OverBudget => "was asked as often as its budget lets it be",
            Self::Garbage => "answers what is no answer",
            Self::TooMuch => "has more than is taken",
            Self::Partial => "answers in part only",
            Self::Uncounted => "has so many samples of it that they were not counted in time",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_has_a_word_and_a_clause_of_its_own() {
        let words: BTreeSet<&str> = Deaf::ALL.iter().map(|deaf| deaf.word()).collect();
        let clauses: BTreeSet<String> = Deaf::ALL.iter().map(Deaf::to_string).collect();
        assert_eq!((words.len(), clauses.len()), (Deaf::ALL.len(), Deaf::ALL.len()));
        assert!(Deaf::ALL.is_sorted());
        for word in words {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{word}");
        }
    }
}
