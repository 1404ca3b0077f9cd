//! Amounts as a threshold writes them: `1.25`, `20%`, `0.05pp`, `250ms`.

use std::fmt;
use std::str::FromStr;

use crate::unit::Span;

/// A number with the unit it was written in. Percent is relative, percentage points are absolute; mixing them
/// up is how a gate meant for 0.1 points fires at 10 %, so they are different things from the first byte on.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Amount {
    /// A bare number: `1.25`.
    Number(f64),
    /// A relative share, as a fraction: `20%` is 0.2.
    Percent(f64),
    /// An absolute share, as a fraction: `10pp` is 0.1.
    Points(f64),
    /// A span of time: `250ms`.
    Time(Span),
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// It is neither a number nor one with a unit that is known.
    #[error(
        "`{0}` is not an amount; write `1.25`, `20%` (relative), `0.05pp` (percentage points) or `250ms`"
    )]
    Malformed(String),
    /// It is infinite or not a number.
    #[error("`{0}` is not a finite number")]
    NotFinite(String),
}

impl Amount {
    /// The number, a time in seconds.
    #[expect(clippy::cast_precision_loss, reason = "292 years of milliseconds fit a float to the second")]
    pub fn value(self) -> f64 {
        match self {
            Self::Number(number) | Self::Percent(number) | Self::Points(number) => number,
            Self::Time(span) => span.millis() as f64 / 1_000.0,
        }
    }

    /// What kind of amount it is, for a message.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Number(_) => "a bare number",
            Self::Percent(_) => "a relative percentage",
            Self::Points(_) => "percentage points",
            Self::Time(_) => "a time",
        }
    }
}

/// Reads a plain decimal number, refusing the words and signs that `f64` takes as well.
fn number(text: &str, whole: &str) -> Result<f64, AmountError> {
    let value: f64 = text.parse().map_err(|_| AmountError::Malformed(whole.to_owned()))?;
    if value.is_finite() { Ok(value) } else { Err(AmountError::NotFinite(whole.to_owned())) }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        if let Some(points) = text.strip_suffix("pp") {
            return Ok(Self::Points(number(points.trim_end(), text)? / 100.0));
        }
        if let Some(percent) = text.strip_suffix('%') {
            return Ok(Self::Percent(number(percent.trim_end(), text)? / 100.0));
        }
        match number(text, text) {
            Err(AmountError::Malformed(_)) => {}
            known => return known.map(Self::Number),
        }
        text.parse().map(Self::Time).map_err(|_| AmountError::Malformed(text.to_owned()))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Rounding takes back what dividing by a hundred added: 0.05pp must not print as 0.05000000000000001pp.
        let hundred = |share: f64| (share * 1e14).round() / 1e12;
        match *self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Percent(share) => write!(f, "{}%", hundred(share)),
            Self::Points(share) => write!(f, "{}pp", hundred(share)),
            Self::Time(span) => write!(f, "{span}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, amount, printed) in [
            ("1.25", Amount::Number(1.25), "1.25"),
            ("0", Amount::Number(0.0), "0"),
            ("-1.5", Amount::Number(-1.5), "-1.5"),
            ("20%", Amount::Percent(0.2), "20%"),
            ("20 %", Amount::Percent(0.2), "20%"),
            ("0.05pp", Amount::Points(0.05 / 100.0), "0.05pp"),
            ("10pp", Amount::Points(0.1), "10pp"),
            ("250ms", Amount::Time(Span::from_millis(250)), "250ms"),
        ] {
            assert_eq!(text.parse(), Ok(amount), "{text}");
            assert_eq!(amount.to_string(), printed, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", "%", "pp", "x", "1..2", "NaN", "inf", "1e999", "5 apples", "1h 5m"] {
            assert!(text.parse::<Amount>().is_err(), "{text:?} is taken for an amount");
        }
    }
}
