//! Kinds of records, by the numbers that headers carry. A number is never given to anything else.

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// backstop began to write.
    Started,
    /// A change was told or seen.
    Changed,
    /// A gate waits for a change to have traffic.
    Awaited,
    /// A gate began to look at a change.
    Opened,
    /// A gate looked.
    Looked,
    /// A decision was made.
    Decided,
    /// Something is about to be done.
    Intended,
    /// It is about to be tried again.
    Retried,
    /// An attempt had an answer, or none.
    Answered,
    /// Nothing more is done about an intention.
    Closed,
    /// Automation was switched off or on.
    Switched,
    /// A gate watches a change no longer.
    Ended,
    /// The ledger refused an intention.
    Refused,
    /// Other rules came into force.
    Reloaded,
    /// Somebody who was asked said yes or no.
    Consented,
    /// An alert was told of, or is resolved.
    Alerted,
    /// A freeze was announced, or lifted.
    Frozen,
    /// A ledger that was doubted was accepted.
    Accepted,
    /// A version passed.
    Vouched,
    /// It is looked whether things are well after a change was taken back, or what came of that is known.
    Recovery,
}

impl Kind {
    /// Each kind with its number and its word.
    pub const ALL: [(u8, &'static str, Self); 20] = [
        (1, "started", Self::Started),
        (2, "changed", Self::Changed),
        (3, "opened", Self::Opened),
        (4, "looked", Self::Looked),
        (5, "decided", Self::Decided),
        (6, "intended", Self::Intended),
        (7, "retried", Self::Retried),
        (8, "answered", Self::Answered),
        (9, "closed", Self::Closed),
        (10, "switched", Self::Switched),
        (11, "ended", Self::Ended),
        (12, "refused", Self::Refused),
        (13, "awaited", Self::Awaited),
        (14, "reloaded", Self::Reloaded),
        (15, "consented", Self::Consented),
        (17, "alerted", Self::Alerted),
        (16, "frozen", Self::Frozen),
        (21, "accepted", Self::Accepted),
        (18, "vouched", Self::Vouched),
        (20, "recovery", Self::Recovery),
    ];

    /// Its number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Started => 1,
            Self::Changed => 2,
            Self::Opened => 3,
            Self::Looked => 4,
            Self::Decided => 5,
            Self::Intended => 6,
            Self::Retried => 7,
            Self::Answered => 8,
            Self::Closed => 9,
            Self::Switched => 10,
            Self::Ended => 11,
            Self::Refused => 12,
            Self::Awaited => 13,
            Self::Reloaded => 14,
            Self::Consented => 15,
            Self::Alerted => 17,
            Self::Frozen => 16,
            Self::Accepted => 21,
            Self::Vouched => 18,
            Self::Recovery => 20,
        }
    }

    /// The kind of this number; nothing for one that a later version gave out.
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.iter().find(|(known, ..)| *known == number).map(|(.., kind)| *kind)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(.., kind)| *kind == self).map_or("", |(_, word, _)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_kinds_are_one() {
        for (number, _, kind) in Kind::ALL {
            assert_eq!((kind.number(), Kind::of(number)), (number, Some(kind)));
        }
        assert_eq!([0, 100, 255].map(Kind::of), [None; 3]);
    }
}
