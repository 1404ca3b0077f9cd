//! How long a window is and how far a selector looks back: a constant, or arithmetic on the query's own step
//! and range.

mod read;

pub(super) use read::Reader;

use crate::promql::number::{Number, rounded};
use crate::promql::token::{Token, seconds};
use crate::unit::Span;
use std::fmt;

/// Seconds beyond which Prometheus's 64 bits of nanoseconds do not reach.
const LONGEST: f64 = 9_223_372_036.854_776;

/// A duration as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// Seconds.
    Fixed(Number),
    /// The query's step: `step()`.
    Step,
    /// The query's range: `range()`.
    Range,
    /// `-` before it; `+` changes nothing and is not kept.
    Negated(Box<Length>),
    /// Arithmetic.
    Computed(Box<Length>, Arithmetic, Box<Length>),
    /// The shorter of two: `min_of(a, b)`.
    Shorter(Box<Length>, Box<Length>),
    /// The longer of two: `max_of(a, b)`.
    Longer(Box<Length>, Box<Length>),
}

/// What is done with two durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `^`
    Power,
}

impl Arithmetic {
    const fn mark(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "^",
        }
    }

    fn of(token: &Token) -> Option<Self> {
        let Token::Mark(mark) = token else { return None };
        [Self::Add, Self::Subtract, Self::Multiply, Self::Divide, Self::Remainder, Self::Power]
            .into_iter()
            .find(|operator| operator.mark() == *mark)
    }

    /// How tightly it binds; a sign binds as `*` does.
    const fn binds(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide | Self::Remainder => SIGN,
            Self::Power => 3,
        }
    }
}

const SIGN: u8 = 2;

impl Length {
    /// Its seconds, where they do not depend on the query.
    pub fn fixed(&self) -> Option<f64> {
        if let Self::Fixed(seconds) = self { Some(seconds.0) } else { None }
    }

    /// The same in whole milliseconds, cut off below as Prometheus does.
    pub fn millis(&self) -> Option<i64> {
        // To nanoseconds first, or 1.001 seconds would be 1000 milliseconds.
        self.fixed().map(|seconds| rounded(seconds * 1e9) / 1_000_000)
    }

    fn binds(&self) -> u8 {
        match self {
            Self::Computed(_, operator, _) => operator.binds(),
            Self::Negated(_) => SIGN,
            Self::Fixed(seconds) if seconds.0.is_sign_negative() => SIGN,
            Self::Fixed(_) | Self::Step | Self::Range | Self::Shorter(..) | Self::Longer(..) => u8::MAX,
        }
    }

    /// Prints it so that it stays one operand beside an operator that binds this tightly.
    fn within(&self, f: &mut fmt::Formatter<'_>, tightly: u8) -> fmt::Result {
        if self.binds() < tightly { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(number) => match whole_millis(number.0.abs()) {
                Some(span) if number.0.is_sign_negative() => write!(f, "-{span}"),
                Some(span) => write!(f, "{span}"),
                None => write!(f, "{number}"),
            },
            Self::Step => f.write_str("step()"),
            Self::Range => f.write_str("range()"),
            Self::Negated(length) => {
                f.write_str("-")?;
                length.within(f, SIGN + 1)
            }
            Self::Computed(left, operator, right) => {
                // A power binds from the right, all else from the left.
                let tightly = operator.binds();
                let (left_tightly, right_tightly) = if *operator == Arithmetic::Power {
                    (tightly + 1, tightly)
                } else {
                    (tightly, tightly + 1)
                };
                left.within(f, left_tightly)?;
                write!(f, " {} ", operator.mark())?;
                right.within(f, right_tightly)
            }
            Self::Shorter(left, right) => write!(f, "min_of({left}, {right})"),
            Self::Longer(left, right) => write!(f, "max_of({left}, {right})"),
        }
    }
}

/// The span that reads back as these seconds, where there is one.
fn whole_millis(number: f64) -> Option<Span> {
    if !(0.0..LONGEST).contains(&number) {
        return None;
    }
    let span = Span::from_millis(u64::try_from(rounded(number * 1_000.0)).ok()?);
    (Number(seconds(span)) == Number(number)).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_milliseconds_are_kept() {
        for (seconds, millis, printed) in [
            (1.001, 1_001, "1s1ms"),
            (2.002, 2_002, "2s2ms"),
            (0.0005, 0, "0.0005"),
            (-300.0, -300_000, "-5m"),
            (1e-9, 0, "1e-9"),
            (LONGEST, 9_223_372_036_854, "9223372036.854776"),
        ] {
            let length = Length::Fixed(Number(seconds));
            assert_eq!((length.millis(), length.to_string()), (Some(millis), printed.to_owned()));
        }
        assert_eq!(Length::Step.millis(), None);
    }
}
