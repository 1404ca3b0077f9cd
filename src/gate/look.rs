//! Looks: what a gate found at one moment.

use std::fmt;

use crate::gate::tally::{Counted, Tally};
use crate::gate::verdict::Arm;
use crate::signal::Deaf;
use crate::unit::UnixMillis;

/// One look of a gate.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Up to when it counted.
    pub at: UnixMillis,
    /// What it found for each check.
    pub found: Vec<Found>,
}

/// What one look found for one check.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Counts.
    Counts(Counts),
    /// How high a measure stood.
    Levels(Levels),
    /// What an expression said.
    Value(f64),
    /// Nothing. What was counted meanwhile comes with a later look.
    Missing(Gap),
    /// Nothing either, as these instances lack a bucket.
    Lacking(Lacking),
}

/// How many instances that lack a bucket are named.
pub const MOST_LACKING: usize = 3;

/// The longest name of one, in characters.
pub const LONGEST_LACKING: usize = 80;

/// The instances of a side whose histogram lacks a bucket that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lacking {
    /// Of which side.
    pub arm: Arm,
    /// The first of them, up to [`MOST_LACKING`].
    pub named: Vec<String>,
    /// How many there are.
    pub count: u32,
}

/// Counts since the look before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Of each strand, in the order of the opening.
    pub strands: Vec<Counted>,
    /// Of what the change does not touch, in the order of the opening.
    pub aside: Vec<Tally>,
    /// The coarsest resolution of a native histogram that had merged away a border: it is counted at its next bound, on the
    /// side where less is proved.
    pub merged: Option<i8>,
    /// Of each label by which the mix is watched, in the order of the opening: of each value, and at last of all others. The
    /// old side is one group, or none where nothing runs beside the new one.
    pub mixes: Vec<Counted>,
}

/// How high a measure stood on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Levels {
    /// The new side.
    pub new: f64,
    /// The old side; zero where nothing runs beside the new one, which is held against its baseline.
    pub old: f64,
}

/// Why a look found nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// A side was not heard of lately.
    Silent(Arm),
    /// Samples are on their way: a series is not as far as others that came with it so far, or a process is late.
    Behind(Arm),
    /// The marked events have no series, and nobody knows that this means none.
    Unmarked(Arm),
    /// A series that ought to count does not: it holds a fraction, something negative, or no number.
    NotACount(Arm),
    /// More marked events than events: the two are not of one thing.
    Incoherent(Arm),
    /// A measure or an expression has no value, or more than one.
    NoValue,
    /// The histogram has no bucket there any more.
    NoBucket(Arm),
    /// Nothing was known of the old side's histogram before the first look, so no bucket could be chosen.
    NoHistory,
    /// The source was not heard.
    Unheard(Deaf),
}

impl Gap {
    /// One word for it, for labels and for machines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Silent(_) => "silent",
            Self::Behind(_) => "behind",
            Self::Unmarked(_) => "unmarked",
            Self::NotACount(_) => "not_a_count",
            Self::Incoherent(_) => "incoherent",
            Self::NoValue => "no_value",
            Self::NoBucket(_) => "no_bucket",
            Self::NoHistory => "no_history",
            Self::Unheard(deaf) => deaf.word(),
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |arm: Arm| match arm {
            Arm::New => "new",
            Arm::Old => "old",
        };
        match self {
            Self::Silent(arm) => write!(f, "the {} side was not heard of lately", side(*arm)),
            Self::Behind(arm) => {
                write!(f, "samples of the {} side come late, and are waited for", side(*arm))
            }
            Self::Unmarked(arm) => write!(
                f,
                "the marked events of the {} side have no series, and nothing says that this means none",
                side(*arm)
            ),
            Self::NotACount(arm) => write!(f, "a series of the {} side is no counter", side(*arm)),
            Self::Incoherent(arm) => {
                write!(f, "the {} side has more marked events than events", side(*arm))
            }
            Self::NoBucket(arm) => write!(f, "the histogram of the {} side lacks a bucket", side(*arm)),
            Self::NoHistory => f.write_str(
                "nothing was known of the old side's histogram before the first look, so no bucket could be chosen",
            ),
            Self::NoValue => f.write_str("there is no value, or more than one"),
            Self::Unheard(deaf) => write!(f, "the source {deaf}"),
        }
    }
}

impl From<Counted> for Found {
    fn from(counted: Counted) -> Self {
        Self::Counts(Counts { strands: vec![counted], ..Counts::default() })
    }
}

impl Lacking {
    /// These instances of a side, by their names.
    pub fn new(arm: Arm, names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
        names.truncate(MOST_LACKING);
        let named = names.iter().map(|name| name.chars().take(LONGEST_LACKING).collect()).collect();
        Self { arm, named, count }
    }
}

impl Levels {
    /// Whether both are numbers that can be held against each other.
    pub const fn are_numbers(&self) -> bool {
        self.new.is_finite() && self.old.is_finite()
    }
}

impl Found {
    /// Whether something was found.
    pub const fn is_there(&self) -> bool {
        !matches!(self, Self::Missing(_) | Self::Lacking(_))
    }

    /// The instances that it found wanting.
    pub const fn lacking(&self) -> Option<&Lacking> {
        match self {
            Self::Lacking(lacking) => Some(lacking),
            Self::Missing(_) | Self::Counts(_) | Self::Levels(_) | Self::Value(_) => None,
        }
    }

    /// Why it found nothing.
    pub const fn gap(&self) -> Option<Gap> {
        match self {
            Self::Missing(gap) => Some(*gap),
            Self::Lacking(lacking) => Some(Gap::NoBucket(lacking.arm)),
            Self::Counts(_) | Self::Levels(_) | Self::Value(_) => None,
        }
    }
}
