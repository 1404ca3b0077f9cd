//! Whole percentages: parts of things that are counted.

use std::fmt;
use std::str::FromStr;

/// From one of a hundred up to all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(u8);

/// Why a text is no percentage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a part of a whole; write one from `1%` to `100%`")]
pub struct PercentError(String);

impl Percent {
    /// So many of these, rounded down, and one at least: a part of a few things is none of them else.
    pub fn of(self, whole: u32) -> u32 {
        let part = u64::from(whole) * u64::from(self.0) / 100;
        u32::try_from(part).unwrap_or(u32::MAX).max(1)
    }
}

impl FromStr for Percent {
    type Err = PercentError;

    fn from_str(text: &str) -> Result<Self, PercentError> {
        let percent =
            text.strip_suffix('%').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let percent =
            percent.and_then(|digits| digits.parse().ok()).filter(|share| (1..=100).contains(share));
        percent.map(Self).ok_or_else(|| PercentError(text.to_owned()))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_part_of_a_whole() {
        for text in ["0%", "101%", "20", "%", "+5%", "1.5%", "300%", ""] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
        for (text, whole, part) in
            [("1%", 100, 1), ("1%", 50, 1), ("20%", 9, 1), ("20%", 10, 2), ("100%", 7, 7), ("50%", 0, 1)]
        {
            assert_eq!(text.parse::<Percent>().unwrap().of(whole), part, "{text} of {whole}");
        }
    }
}
