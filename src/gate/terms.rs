//! Terms: the numbers of a gate that its verdicts rest on. They are recorded before the first look and never change
//! after it, since thresholds that are moved after looking promise nothing.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use crate::gate::check::ChangeTrait;
use crate::gate::threshold::Worse;
use crate::unit::{Name, Span};

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
    /// The same, where the old side is known for so short a time that what comes now and then may not have come in it.
    AfterShort,
}

/// Below this much baseline bursts may all have come after the change, so they are expected unseen.
pub const ENOUGH_BASELINE: Span = Span::from_secs(4 * 3_600);

/// Below this much baseline it does not hold every time of day.
pub const WHOLE_DAY: Span = Span::from_secs(24 * 3_600);

/// How many times as high a share may be by the time of day alone, or as low: what a wave of a third over the day makes of
/// an hour and the four before it. A smaller ratio is not to be told from that.
pub const TIME_OF_DAY: f64 = 1.25;

impl Design {
    /// After against a baseline of this length right before.
    pub fn after(baseline: Span) -> Self {
        if baseline < ENOUGH_BASELINE { Self::AfterShort } else { Self::AfterBefore }
    }
}

impl CheckTerms {
    /// The same after a baseline of this length right before. One that does not hold every time of day shows neither less
    /// harm than the time of day alone may do, nor harm that it may hide: so a share has to be as much worse, and a ratio
    /// within which it passes leaves as much room.
    #[must_use]
    pub fn after(mut self, baseline: Span) -> Self {
        if baseline >= WHOLE_DAY || self.asked != Asked::Share {
            return self;
        }
        let (at_least, worse) = match self.worse {
            Worse::Higher => (TIME_OF_DAY, f64::max as fn(f64, f64) -> f64),
            Worse::Lower => (1.0 / TIME_OF_DAY, f64::min as fn(f64, f64) -> f64),
        };
        let (mut told, mut relative) = (false, false);
        for bound in &mut self.fails {
            match bound {
                Bound::Ratio(ratio) => (*ratio, told) = (worse(*ratio, at_least), true),
                Bound::Difference(_) => relative = true,
                Bound::Value(_) | Bound::Reached(_) => {}
            }
        }
        if relative && !told {
            self.fails.push(Bound::Ratio(at_least));
        }
        if let Proof::Within(within) = &mut self.passes {
            for bound in within {
                if let Bound::Ratio(ratio) = bound {
                    *ratio /= at_least;
                }
            }
        }
        self
    }
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
    /// What tells its question from every other; older ledgers do not say.
    pub question: Option<QuestionId>,
}

/// What tells what a check asks about a target from everything else that can be asked. It stays the same for as long as
/// the counts of one can be added to those of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QuestionId(pub u64);

impl fmt::Display for QuestionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for QuestionId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        u64::from_str_radix(text, 16).map(Self)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use Bound::{Difference, Ratio, Value};

    fn check(asked: Asked, worse: Worse, fails: &[Bound], passes: &[Bound]) -> Result<CheckTerms, String> {
        Ok(CheckTerms {
            name: "errors".parse().map_err(|error| format!("{error}"))?,
            asked,
            judged: Judged::Yes,
            weight: 1.0,
            worse,
            fails: fails.to_vec(),
            passes: Proof::Within(passes.to_vec()),
            at_least: 0,
            critical: false,
            because: None,
            question: None,
        })
    }

    #[test]
    fn bursts_are_expected_unseen_after_less_than_four_hours() {
        for (minutes, design) in [
            (30, Design::AfterShort),
            (239, Design::AfterShort),
            (240, Design::AfterBefore),
            (1_440, Design::AfterBefore),
        ] {
            assert_eq!(Design::after(Span::from_secs(60 * minutes)), design, "{minutes} minutes");
        }
    }

    /// Which way is worse, what fails and what passes, after how many hours, and what then fails and passes.
    type Row<'a> = (Worse, &'a [Bound], &'a [Bound], u64, &'a [Bound], &'a [Bound]);

    #[test]
    fn what_the_time_of_day_may_do_is_no_harm_and_rules_none_out() -> Result<(), String> {
        use Worse::{Higher, Lower};
        let usual = &[Ratio(1.25), Difference(0.01)];
        let rows: &[Row<'_>] = &[
            (Higher, &[Ratio(1.0)], &[Ratio(2.0)], 4, &[Ratio(1.25)], &[Ratio(1.6)]),
            (Higher, &[Ratio(1.0)], &[Ratio(2.0)], 24, &[Ratio(1.0)], &[Ratio(2.0)]),
            (Higher, &[Ratio(2.0)], &[Ratio(1.25)], 4, &[Ratio(2.0)], &[Ratio(1.0)]),
            (Higher, usual, &[Difference(0.01)], 1, usual, &[Difference(0.01)]),
            (Higher, &[Difference(0.01)], &[], 4, &[Difference(0.01), Ratio(1.25)], &[]),
            (Higher, &[Value(0.01)], &[Value(0.01)], 4, &[Value(0.01)], &[Value(0.01)]),
            (Lower, &[Ratio(1.0)], &[Ratio(0.5)], 4, &[Ratio(0.8)], &[Ratio(0.625)]),
            (Lower, &[Ratio(0.5)], &[Ratio(0.8)], 4, &[Ratio(0.5)], &[Ratio(1.0)]),
            (Lower, &[Difference(0.01)], &[], 23, &[Difference(0.01), Ratio(0.8)], &[]),
        ];
        for (worse, fails, passes, hours, then_fails, then_passes) in rows {
            let hours = Span::from_secs(3_600 * hours);
            let after = check(Asked::Share, *worse, fails, passes)?.after(hours);
            assert_eq!(
                after,
                check(Asked::Share, *worse, then_fails, then_passes)?,
                "{fails:?} after {hours}"
            );
            // A quantile is held to what was written.
            let quantile = check(Asked::Quantile { q: 0.99 }, *worse, fails, passes)?;
            assert_eq!(quantile.clone().after(hours), quantile);
        }
        Ok(())
    }
}
