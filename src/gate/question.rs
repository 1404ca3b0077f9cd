//! What a check asks of the metrics.

use crate::gate::bucket_unit::BucketUnit;
use crate::promql;
use crate::unit::Span;

/// One question.
#[derive(Debug, Clone)]
pub enum Question {
    /// How large a share of events has a property.
    Proportion(Proportion),
    /// Which value a share of the observations stays under.
    Quantile(Quantile),
    /// How large a share of the observations lies above a bound.
    Slow(Slow),
    /// The mean of a measure.
    Mean {
        /// The measure.
        of: promql::Plan,
    },
    /// Whatever PromQL says: a value, with no statistics behind it.
    Expr {
        /// The expression.
        expr: promql::Plan,
        /// How many of the last looks have to agree.
        looks: Looks,
    },
}

/// Events with a property among all of them.
#[derive(Debug, Clone)]
pub struct Proportion {
    /// The events with the property.
    pub events: Events,
    /// All of them.
    pub of: promql::Plan,
    /// How long after the event it is counted: an order comes some time after its cart.
    pub lag: Span,
    /// What a missing series of marked events means.
    pub absent: Absent,
}

/// The events that are counted.
#[derive(Debug, Clone)]
pub enum Events {
    /// Such as errors: more is worse.
    Bad(promql::Plan),
    /// Such as orders: fewer is worse.
    Good(promql::Plan),
}

/// What a missing series means. A typo must never read as health, so it is zero only where the series is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    /// Not known: the check is inconclusive.
    Unknown,
    /// Zero, if the other side has such a series.
    ZeroIfOnOtherSide,
    /// Zero, if such a series was seen within this time.
    ZeroIfSeenIn(Span),
}

/// A quantile of a histogram.
#[derive(Debug, Clone)]
pub struct Quantile {
    /// The share of the observations under it, between 0 and 1.
    pub q: f64,
    /// The histogram: a native one, or a classic one by its family's name.
    pub of: promql::Plan,
    /// Which of the two, where the rule says.
    pub buckets: Option<Buckets>,
    /// In which unit its buckets are.
    pub unit: BucketUnit,
}

/// The share of observations above a bound, which is the same on both sides: of two counts, so nothing is estimated.
#[derive(Debug, Clone)]
pub struct Slow {
    /// The histogram: a native one, or a classic one by its family's name.
    pub of: promql::Plan,
    /// The bounds, rising. Without any, buckets are chosen by how the old side did before the new one is read.
    pub over: Vec<Span>,
    /// Which of the two, where the rule says.
    pub buckets: Option<Buckets>,
    /// In which unit its buckets are.
    pub unit: BucketUnit,
}

/// How a histogram is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Buckets {
    /// As `_bucket` series with an `le` label.
    Classic,
    /// As one series of histograms.
    Native,
}

/// How many of the last looks have to agree: `3 of 5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Looks {
    agree: u32,
    of: u32,
}

/// Why a text is no number of looks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LooksError {
    /// It is not of the form.
    #[error("`{0}` is not how many looks agree; write `3 of 5`")]
    Malformed(String),
    /// None, or more than there are.
    #[error("{agree} of {of} looks can never agree; write at least 1 and at most {of}")]
    OutOfReach {
        /// How many have to agree.
        agree: u32,
        /// Of how many.
        of: u32,
    },
}

impl Looks {
    /// How many have to agree.
    pub const fn agree(self) -> u32 {
        self.agree
    }

    /// Of how many.
    pub const fn of(self) -> u32 {
        self.of
    }
}

impl std::str::FromStr for Looks {
    type Err = LooksError;

    fn from_str(text: &str) -> Result<Self, LooksError> {
        let malformed = || LooksError::Malformed(text.to_owned());
        let (agree, of) = text.split_once(" of ").ok_or_else(malformed)?;
        let agree = agree.trim().parse().map_err(|_| malformed())?;
        let of = of.trim().parse().map_err(|_| malformed())?;
        if of == 0 {
            return Err(malformed());
        }
        if agree == 0 || agree > of {
            Err(LooksError::OutOfReach { agree, of })
        } else {
            Ok(Self { agree, of })
        }
    }
}

impl Question {
    /// Whether it rests on statistics, and so has a confidence.
    pub const fn has_confidence(&self) -> bool {
        !matches!(self, Self::Expr { .. })
    }

    /// Its expressions, in the order of their keys.
    pub fn plans(&self) -> Vec<&promql::Plan> {
        match self {
            Self::Proportion(proportion) => {
                let (Events::Bad(events) | Events::Good(events)) = &proportion.events;
                vec![events, &proportion.of]
            }
            Self::Quantile(quantile) => vec![&quantile.of],
            Self::Slow(slow) => vec![&slow.of],
            Self::Mean { of } => vec![of],
            Self::Expr { expr, .. } => vec![expr],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_can_agree() {
        for (text, fits) in [
            ("3 of 5", true),
            ("1 of 1", true),
            ("0 of 5", false),
            ("6 of 5", false),
            ("3", false),
            ("three of five", false),
            ("3 of", false),
        ] {
            assert_eq!(text.parse::<Looks>().is_ok(), fits, "{text}");
        }
    }
}
