//! Openings: what was known before the first look, and what was settled then: later looks count just that.

use std::fmt;

use crate::gate::look::Levels;
use crate::gate::tally::Tally;
use crate::signal::TargetKey;
use crate::unit::Span;

/// How many slices a check is asked for by itself: those with the most traffic. The rest is one more.
pub const MOST_SLICES: usize = 20;

/// How many targets that a change does not touch are counted beside it.
pub const MOST_ASIDE: usize = 8;

/// What was known before the first look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Opening {
    /// For each check.
    pub checks: Vec<Before>,
}

/// What was known of a check.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Before {
    /// Its strands: the whole first, then its slices.
    pub strands: Vec<Strand>,
    /// How high its measure stood, stretch by stretch: on two halves of the old side at the same time; or, as `new` the
    /// later half of the time before and as `old` the earlier one.
    pub levels: Vec<Levels>,
    /// What the new side had in the last stretch before.
    pub lately: Tally,
    /// What the change does not touch.
    pub aside: Vec<Aside>,
    /// The resolution of the old side's native histogram, where its bounds grow: between them there is none.
    pub resolution: Option<i8>,
    /// Where its counts come from.
    pub origin: Option<Origin>,
    /// By which labels the mix of both sides is watched, where nobody asks by any.
    pub mixes: Vec<Mix>,
}

/// What the old side had by the values of a label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mix {
    /// The label.
    pub label: String,
    /// Its values with the most traffic.
    pub values: Vec<String>,
    /// What the old side had of each before the first look, and at last of all others.
    pub before: Vec<Tally>,
}

/// A label with the values that are counted of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MixBy {
    /// The label.
    pub label: String,
    /// Its values.
    pub values: Vec<String>,
}

/// The most characters of a question that are kept.
pub const LONGEST_ASKED: usize = 400;

/// Where the counts of a check come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What is asked about the new side, in PromQL.
    pub new: String,
    /// What is asked about the old side, where both run at the same time.
    pub old: Option<String>,
    /// How many series answered for the new side right before the first look.
    pub new_series: u32,
    /// How many for the old side.
    pub old_series: Option<u32>,
    /// How old the newest sample of a side may be at a look.
    pub fresh: Span,
}

/// One of the counts that a check consists of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Strand {
    /// What it counts.
    pub part: Part,
    /// Rows of counts, one for each stretch as long as a look: of the old side by groups, or, where nothing runs beside
    /// the new side, its baseline in one group.
    pub rows: Vec<Vec<Tally>>,
}

/// What a strand counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// Of which slice; none: of all of them.
    pub slice: Option<Slice>,
    /// Observations above which bounds; none: whatever the check marks.
    pub border: Option<Border>,
}

/// A slice of the traffic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slice {
    /// The values of the labels that a check is asked by, in their order.
    Of(Vec<String>),
    /// Whatever is not in a slice of its own.
    Other,
}

/// Bounds of buckets that observations are counted above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Border {
    /// That of the new side; infinite where no bucket lies there, and then nothing can be shown.
    pub new: f64,
    /// That of the old side; where that of the new side is infinite, where it should lie.
    pub old: f64,
    /// What it can show.
    pub shows: Shows,
}

/// What a count above a border can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Harm and its absence.
    Both,
    /// Harm.
    Harm,
    /// The absence of harm.
    Proof,
}

/// A target that the change does not touch: if it fares worse as well, something else is the matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// Which.
    pub target: TargetKey,
    /// Whether what is changed depends on it.
    pub dependency: bool,
    /// What it had before.
    pub before: Tally,
}

/// What was settled of a check: later looks count just that.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// What each of its strands counts.
    pub parts: Vec<Part>,
    /// What the change does not touch.
    pub aside: Vec<TargetKey>,
    /// By which labels its mix is counted.
    pub mixes: Vec<MixBy>,
}

impl Before {
    /// What it settles.
    pub fn settled(&self) -> Settled {
        Settled {
            parts: self.strands.iter().map(|strand| strand.part.clone()).collect(),
            aside: self.aside.iter().map(|aside| aside.target.clone()).collect(),
            mixes: self.mixes.iter().map(Mix::by).collect(),
        }
    }
}

impl Mix {
    fn by(&self) -> MixBy {
        MixBy { label: self.label.clone(), values: self.values.clone() }
    }
}

impl Border {
    /// Where a bucket is missing.
    pub fn lacks(&self) -> Option<f64> {
        (!self.new.is_finite()).then_some(self.old)
    }
}

impl Part {
    /// Whether its count has a say in this.
    pub fn shows(&self, shows: Shows) -> bool {
        self.border.is_none_or(|border| border.shows == Shows::Both || border.shows == shows)
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // What has none of the labels is a slice as well, and has to be called something.
            Self::Of(values) if values.iter().all(String::is_empty) => f.write_str("(no label)"),
            Self::Of(values) => f.write_str(&values.join(" ")),
            Self::Other => f.write_str("other"),
        }
    }
}
