//! Moments: milliseconds since 1970, which nothing here reads from a clock.

use std::fmt;

use crate::unit::Span;

/// A moment. Time is an argument everywhere: only `run` reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct UnixMillis(i64);

impl UnixMillis {
    /// So many milliseconds since 1970.
    pub const fn new(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// So much later; the end of time stays where it is.
    pub fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(signed(span)))
    }

    /// So much earlier.
    pub fn minus(self, span: Span) -> Self {
        Self(self.0.saturating_sub(signed(span)))
    }

    /// How long after `earlier` it is; nothing where it is before.
    pub fn since(self, earlier: Self) -> Span {
        Span::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// The last moment up to this one on a grid of `step`, so that whoever looks as often looks at the same time.
    pub fn floor(self, step: Span) -> Self {
        let step = signed(step).max(1);
        Self(self.0.div_euclid(step).saturating_mul(step))
    }
}

fn signed(span: Span) -> i64 {
    i64::try_from(span.millis()).unwrap_or(i64::MAX)
}

/// As RFC 3339 in UTC, with milliseconds only where there are any.
impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(time) = chrono::DateTime::from_timestamp_millis(self.0) else {
            return write!(f, "{}ms", self.0);
        };
        let form =
            if self.0.rem_euclid(1_000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" };
        write!(f, "{}", time.format(form))
    }
}

/// Why a text is no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time; write RFC 3339, as in `2026-11-21T14:30:00Z`, or seconds since 1970")]
pub struct TimeError(String);

impl std::str::FromStr for UnixMillis {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError(text.to_owned());
        if let Ok(seconds) = text.parse::<i64>() {
            return seconds.checked_mul(1_000).map(Self).ok_or_else(wrong);
        }
        chrono::DateTime::parse_from_rfc3339(text)
            .map(|time| Self(time.timestamp_millis()))
            .map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_on_a_grid() {
        for (at, step, floor) in
            [(0, 30_000, 0), (29_999, 30_000, 0), (30_000, 30_000, 30_000), (-1, 1_000, -1_000)]
        {
            assert_eq!(UnixMillis(at).floor(Span::from_millis(step)), UnixMillis(floor), "{at} on {step}");
        }
    }

    #[test]
    fn reads_and_prints() {
        for (text, millis, printed) in [
            ("2026-11-21T14:30:00Z", 1_795_271_400_000, "2026-11-21T14:30:00Z"),
            ("2026-11-21T15:30:00.250+01:00", 1_795_271_400_250, "2026-11-21T14:30:00.250Z"),
            ("1795271400", 1_795_271_400_000, "2026-11-21T14:30:00Z"),
        ] {
            assert_eq!(text.parse(), Ok(UnixMillis(millis)), "{text}");
            assert_eq!(UnixMillis(millis).to_string(), printed, "{text}");
        }
        for text in ["", "yesterday", "14:30", "2026-11-21", "99999999999999999999"] {
            assert!(text.parse::<UnixMillis>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn spans_lie_between_moments() {
        let (early, late) = (UnixMillis(1_000), UnixMillis(4_500));
        assert_eq!(late.since(early), Span::from_millis(3_500));
        assert_eq!(early.since(late), Span::ZERO);
        assert_eq!(early.plus(late.since(early)), late);
        assert_eq!(late.minus(late.since(early)), early);
    }
}
