//! Spans of time, read and written as Prometheus does.

use std::fmt;
use std::str::FromStr;

/// A span of time in whole milliseconds; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

/// Units as Prometheus writes them, from the largest down; each may stand once, in this order.
const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// The longest span that Prometheus holds: 64 bits of nanoseconds.
const LONGEST_MS: u64 = i64::MAX as u64 / 1_000_000;

/// Why a text is no span.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpanError {
    /// Nothing was written.
    #[error("a duration is missing; write one like `30s`, `5m` or `1h30m`")]
    Empty,
    /// It is not number-and-unit pairs in falling order.
    #[error("`{0}` is not a duration; write number and unit, the largest first: `30s`, `5m`, `1h30m`, `1d`")]
    Malformed(String),
    /// It does not fit 64 bits of nanoseconds.
    #[error("the duration `{0}` is too long; the longest is 292y")]
    TooLong(String),
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of whole milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// A span of whole seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs * 1_000)
    }

    /// Its length in milliseconds.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// Whether it is no time at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        match text {
            "" => return Err(SpanError::Empty),
            "0" => return Ok(Self::ZERO),
            _ => {}
        }
        let malformed = || SpanError::Malformed(text.to_owned());
        let too_long = || SpanError::TooLong(text.to_owned());
        let mut rest = text;
        let mut units = UNITS.iter();
        let mut total = 0_u64;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let letters = rest[digits..].bytes().take_while(u8::is_ascii_lowercase).count();
            let (number, unit) = (&rest[..digits], &rest[digits..digits + letters]);
            // Taking from the same iterator holds both rules: falling order, each unit once.
            let (_, millis) = units.find(|(name, _)| *name == unit).ok_or_else(malformed)?;
            if number.is_empty() {
                return Err(malformed());
            }
            let count: u64 = number.parse().map_err(|_| too_long())?;
            total =
                count.checked_mul(*millis).and_then(|part| total.checked_add(part)).ok_or_else(too_long)?;
            rest = &rest[digits + letters..];
        }
        if total > LONGEST_MS { Err(too_long()) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0s");
        }
        let mut rest = self.0;
        for (unit, millis) in UNITS {
            // As Prometheus prints it: years and weeks only where nothing would be left over.
            let whole_only = matches!(unit, "y" | "w");
            if rest >= millis && (!whole_only || rest.is_multiple_of(millis)) {
                write!(f, "{}{unit}", rest / millis)?;
                rest %= millis;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_prometheus_reads() {
        for (text, millis) in [
            ("0", 0),
            ("0s", 0),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("1d", 86_400_000),
            ("1w2d", 777_600_000),
            ("1y", 31_536_000_000),
            ("1s500ms", 1_500),
            ("007s", 7_000),
            ("292y", 292 * 31_536_000_000),
        ] {
            assert_eq!(text.parse(), Ok(Span::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn refuses_what_prometheus_refuses() {
        for text in ["", "1", "5x", "m", "1m1h", "1m1m", "-5m", "1.5h", " 5m", "5m ", "1d12", "5M", "293y"] {
            assert!(text.parse::<Span>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn prints_as_prometheus_prints() {
        for (text, printed) in
            [("0", "0s"), ("90m", "1h30m"), ("7d", "1w"), ("8d", "8d"), ("366d", "366d"), ("1001ms", "1s1ms")]
        {
            assert_eq!(text.parse::<Span>().map(|span| span.to_string()).as_deref(), Ok(printed));
        }
    }
}
