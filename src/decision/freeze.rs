//! Freezes: stretches of time in which backstop changes nothing by itself, each for a reason and with an end.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::decision::action::Kind;
use crate::gate::{Match, Target};
use crate::unit::{Name, Span, UnixMillis};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60;
const WEEK: i64 = 7 * DAY;

/// The first moment of 1970 was a Thursday; weeks are counted from Monday on.
const EPOCH: i64 = 3 * DAY;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// How long a reason may be, in bytes.
pub const LONGEST_WHY: usize = 4_096;

/// A freeze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freeze {
    /// What it is called.
    pub name: Name,
    /// Why there is one.
    pub why: String,
    /// What it is about.
    pub matches: Match,
    /// What it holds back.
    pub holds: BTreeSet<Kind>,
    /// When it is.
    pub during: During,
}

/// When a freeze is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum During {
    /// Once: from a moment up to, and without, another.
    Once {
        /// When it begins.
        from: UnixMillis,
        /// When it is over.
        until: UnixMillis,
    },
    /// Each week, by a clock that is so far ahead of UTC. There are no time zones here: their rules change.
    Weekly {
        /// When it begins.
        from: Moment,
        /// When it is over.
        until: Moment,
        /// How far that clock is ahead.
        offset: Offset,
    },
}

/// A minute of the week, counted from Monday on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(i64);

/// By how many minutes a clock is ahead of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offset(i64);

/// A freeze that holds at some moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// What it is called.
    pub name: Name,
    /// Why there is one.
    pub why: String,
    /// When it is over.
    pub until: UnixMillis,
}

impl Freeze {
    /// Whether it is now.
    pub fn is_on(&self, now: UnixMillis) -> bool {
        self.during.until(now).is_some()
    }

    /// What holds an action of this kind on a target at a moment.
    pub fn holds(&self, target: &Target, kind: Kind, now: UnixMillis) -> Option<Frozen> {
        let about = self.holds.contains(&kind) && self.matches.fits(|label| target.label(label));
        let until = self.during.until(now).filter(|_| about)?;
        Some(Frozen { name: self.name.clone(), why: self.why.clone(), until })
    }
}

impl During {
    /// When it is over, where it is now.
    fn until(self, now: UnixMillis) -> Option<UnixMillis> {
        match self {
            Self::Once { from, until } => (from <= now && now < until).then_some(until),
            Self::Weekly { from, until, offset } => {
                let local = now.millis().div_euclid(MINUTE).saturating_add(EPOCH + offset.0);
                let (since, length) =
                    ((local - from.0).rem_euclid(WEEK), (until.0 - from.0).rem_euclid(WEEK));
                let minute = now.floor(Span::from_secs(60));
                let left = u64::try_from(length - since).ok().filter(|left| 0 < *left)?;
                Some(minute.plus(Span::from_secs(60 * left)))
            }
        }
    }
}

/// Why a text is no moment of the week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no moment of the week; write a day and a time, as in `fri 16:00`")]
pub struct MomentError(String);

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        let read = || {
            let (day, time) = text.split_once(' ')?;
            let day = DAYS.iter().position(|known| *known == day)?;
            Some(Self(i64::try_from(day).ok()? * DAY + minutes(time, 24)?))
        };
        read().ok_or_else(|| MomentError(text.to_owned()))
    }
}

/// Why a text is no offset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no offset from UTC; write a sign, hours and minutes, as in `+01:00`")]
pub struct OffsetError(String);

impl FromStr for Offset {
    type Err = OffsetError;

    fn from_str(text: &str) -> Result<Self, OffsetError> {
        let wrong = || OffsetError(text.to_owned());
        let (sign, time) = text.split_at_checked(1).ok_or_else(wrong)?;
        let ahead = minutes(time, 15).ok_or_else(wrong)?;
        match sign {
            "+" => Ok(Self(ahead)),
            "-" => Ok(Self(-ahead)),
            _ => Err(wrong()),
        }
    }
}

/// The minutes of `hh:mm`, of which there are fewer hours than so many.
fn minutes(text: &str, hours: i64) -> Option<i64> {
    let (hour, minute) =
        text.split_once(':').filter(|(hour, minute)| hour.len() == 2 && minute.len() == 2)?;
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i64>().ok())?;
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    (hour < hours && minute < 60).then_some(hour * 60 + minute)
}

/// As a clause.
impl fmt::Display for Frozen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the freeze `{}` holds until {}: {}", self.name, self.until, self.why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UnixMillis {
        text.parse().unwrap()
    }

    #[test]
    fn is_from_its_first_moment_up_to_its_last() {
        let during = During::Once { from: at("2026-11-27T00:00:00Z"), until: at("2026-12-01T00:00:00Z") };
        for (now, until) in [
            ("2026-11-26T23:59:59.999Z", None),
            ("2026-11-27T00:00:00Z", Some("2026-12-01T00:00:00Z")),
            ("2026-11-30T23:59:59.999Z", Some("2026-12-01T00:00:00Z")),
            ("2026-12-01T00:00:00Z", None),
        ] {
            assert_eq!(during.until(at(now)), until.map(at), "{now}");
        }
    }

    #[test]
    fn a_week_goes_round_by_its_own_clock() {
        let weekly = |from: &str, until: &str, offset: &str| During::Weekly {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
            offset: offset.parse().unwrap(),
        };
        let weekend = weekly("fri 16:00", "mon 08:00", "+01:00");
        let night = weekly("tue 22:30", "wed 06:00", "-05:30");
        for (during, now, until) in [
            // 2026-11-20 is a Friday.
            (weekend, "2026-11-20T14:59:59.999Z", None),
            (weekend, "2026-11-20T15:00:00Z", Some("2026-11-23T07:00:00Z")),
            (weekend, "2026-11-22T12:00:30Z", Some("2026-11-23T07:00:00Z")),
            (weekend, "2026-11-23T06:59:59.999Z", Some("2026-11-23T07:00:00Z")),
            (weekend, "2026-11-23T07:00:00Z", None),
            (night, "2026-11-25T03:59:00Z", None),
            (night, "2026-11-25T04:00:00Z", Some("2026-11-25T11:30:00Z")),
            (night, "2026-11-25T11:30:00Z", None),
            (weekend, "1969-12-27T00:00:00Z", Some("1969-12-29T07:00:00Z")),
        ] {
            assert_eq!(during.until(at(now)), until.map(at), "{now}");
        }
    }

    #[test]
    fn moments_and_offsets_are_written_in_one_way() {
        for text in ["fri 16:00", "mon 00:00", "sun 23:59"] {
            assert!(text.parse::<Moment>().is_ok(), "{text}");
        }
        for text in ["friday 16:00", "fri", "fri 24:00", "fri 16:60", "fri 6:00", "16:00", "fri +6:00", ""] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
        for text in ["+00:00", "-05:30", "+14:00"] {
            assert!(text.parse::<Offset>().is_ok(), "{text}");
        }
        for text in ["01:00", "+1:00", "Z", "+15:00", "UTC", "", "é1:00"] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }
}
