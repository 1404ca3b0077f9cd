//! The part of the traffic that a new version is told to take.

use std::fmt;
use std::str::FromStr;

use crate::unit::Amount;

/// A part of the traffic, more than nothing and all of it at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrafficPart {
    millionths: u32,
}

/// Why a text is no part of the traffic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no part of the traffic; write a percentage above 0% and up to 100%, as `5%`")]
pub struct TrafficPartError(String);

impl TrafficPart {
    /// All of it is one.
    pub fn share(self) -> f64 {
        f64::from(self.millionths) / 1e6
    }
}

impl FromStr for TrafficPart {
    type Err = TrafficPartError;

    fn from_str(text: &str) -> Result<Self, TrafficPartError> {
        let refused = || TrafficPartError(text.chars().take(40).collect());
        let Ok(Amount::Percent(share)) = text.parse() else { return Err(refused()) };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to lie in 1..=1e6"
        )]
        let millionths = if (1e-6..=1.0).contains(&share) { (share * 1e6).round() as u32 } else { 0 };
        if millionths == 0 { Err(refused()) } else { Ok(Self { millionths }) }
    }
}

impl fmt::Display for TrafficPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", f64::from(self.millionths) / 1e4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_a_percentage() {
        for (text, read) in [
            ("5%", Some("5%")),
            ("0.5%", Some("0.5%")),
            ("100%", Some("100%")),
            ("0%", None),
            ("101%", None),
            ("-5%", None),
            ("5", None),
            ("0.05", None),
            ("5pp", None),
            ("", None),
        ] {
            let part: Result<TrafficPart, _> = text.parse();
            assert_eq!(part.map(|part| part.to_string()).ok().as_deref(), read, "{text}");
        }
    }
}
