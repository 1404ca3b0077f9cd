//! Terms: the numbers of a gate that its verdicts rest on. They are recorded before the first look and never change
//! after it, since thresholds that are moved after looking promise nothing.

use crate::gate::check::ChangeTrait;
use crate::gate::threshold::Worse;
use crate::unit::Name;

/// The terms of a gate for one change.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// How the two sides stand to each other.
    pub design: Design,
    /// How many looks are planned.
    pub looks: u32,
    /// The first look at which a pass may count.
    pub pass_from: u32,
    /// The share of the release's evidence that is this gate's: one over the number of gates that watch the change.
    pub share: f64,
    /// The checks, in the order of the gate.
    pub checks: Vec<CheckTerms>,
}

/// How the two sides stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Design {
    /// They run at the same time, so whatever hits both cancels.
    Concurrent,
    /// One came before the other.
    AfterBefore,
}

/// The terms of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckTerms {
    /// What it is called.
    pub name: Name,
    /// What kind of answer its question has.
    pub asked: Asked,
    /// Whether it is judged: nothing else has a say.
    pub judged: Judged,
    /// Its weight against the other checks that are judged.
    pub weight: f64,
    /// Which way is worse.
    pub worse: Worse,
    /// What all has to be proved for it to fail.
    pub fails: Vec<Bound>,
    /// What is enough for a pass.
    pub passes: Proof,
    /// How many events the new side has to have had before it may say anything.
    pub at_least: u64,
    /// Whether a pass of the gate needs a pass of this check.
    pub critical: bool,
    /// What the change was declared to be, where the rule has other thresholds for that: these are they.
    pub because: Option<ChangeTrait>,
}

/// What kind of answer a question has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Asked {
    /// A share of events.
    Share,
    /// What this share of the observations stays under.
    Quantile {
        /// The share.
        q: f64,
    },
    /// How high a measure stands.
    Level,
    /// Whether an expression breaks its bounds: in so many of so many looks.
    Votes {
        /// How many have to agree.
        agree: u32,
        /// Of how many.
        of: u32,
    },
}

/// Whether a check has a say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It has.
    Yes,
    /// It only watches.
    Shadow,
    /// backstop cannot judge such a question yet; the word says which.
    NotYet(Unjudged),
}

/// Questions that cannot be judged yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unjudged {
    /// A mean.
    Mean,
    /// An expression.
    Expr,
    /// A proportion of something other than plain counters.
    NoCounter,
}

/// What a side is held to. Each is a border that harm lies beyond, in the direction that is worse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// The new share over the old one.
    Ratio(f64),
    /// The new share less the old one, in the direction that is worse; of a quantile, in the unit of its buckets.
    Difference(f64),
    /// The new share alone; of a quantile, in the unit of its buckets.
    Value(f64),
    /// What an expression says, the border itself included: a threshold can tell that apart, evidence cannot.
    Reached(f64),
}

/// What is enough for a pass.
#[derive(Debug, Clone, PartialEq)]
pub enum Proof {
    /// That the new side is proved to lie within all of these.
    Within(Vec<Bound>),
    /// That nothing spoke against it until the end.
    NotContradicted,
    /// Nothing: a pass of this check is never asked for.
    Never,
}
