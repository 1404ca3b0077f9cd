//! How often something may happen: `1/h`, `5/30m`.

use std::fmt;
use std::str::FromStr;

use crate::unit::Span;

/// At most so many times in any stretch of so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    times: u32,
    per: Span,
}

/// Why a text is no rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a limit; write how many times in how long: `1/h`, `5/30m`, `2/d`")]
pub struct RateError(String);

impl Rate {
    /// How many times.
    pub const fn times(self) -> u32 {
        self.times
    }

    /// In how long.
    pub const fn per(self) -> Span {
        self.per
    }

    /// Whether everything that this allows, `ceiling` allows too. `24/d` is not within `1/h`, as it lets all
    /// twenty-four happen in one hour.
    pub fn within(self, ceiling: Self) -> bool {
        let windows = ceiling.per.millis().div_ceil(self.per.millis()).max(1);
        u64::from(self.times).saturating_mul(windows) <= u64::from(ceiling.times)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let wrong = || RateError(text.to_owned());
        let (times, per) = text.split_once('/').ok_or_else(wrong)?;
        let times = times.trim().parse().map_err(|_| wrong())?;
        let per = per.trim();
        let per: Span = if per.starts_with(|first: char| first.is_ascii_digit()) {
            per.parse().map_err(|_| wrong())?
        } else {
            format!("1{per}").parse().map_err(|_| wrong())?
        };
        if per.is_zero() { Err(wrong()) } else { Ok(Self { times, per }) }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = self.per.to_string();
        let per = per.strip_prefix('1').filter(|unit| unit.bytes().all(|byte| byte.is_ascii_lowercase()));
        match per {
            Some(unit) => write!(f, "{}/{unit}", self.times),
            None => write!(f, "{}/{}", self.times, self.per),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_prints() {
        for text in ["1/h", "5/30m", "2/d", "0/h", "10/1h30m", "1/w"] {
            assert_eq!(rate(text).to_string(), text);
        }
        for text in ["", "1", "/h", "1/", "-1/h", "1/0s", "1.5/h", "1/fortnight", "1 per h"] {
            assert!(text.parse::<Rate>().is_err(), "{text:?} is taken for a limit");
        }
    }

    #[test]
    fn tighter_means_tighter_in_every_window() {
        for (mine, ceiling, within) in [
            ("1/h", "2/h", true),
            ("2/h", "2/h", true),
            ("3/h", "2/h", false),
            ("1/d", "1/h", true),
            ("24/d", "1/h", false),
            ("1/30m", "2/h", true),
            ("1/30m", "1/h", false),
            ("1/25m", "2/h", false),
        ] {
            assert_eq!(rate(mine).within(rate(ceiling)), within, "{mine} within {ceiling}");
        }
    }
}
