//! Moments as people write them, in UTC.

use std::fmt::Write as _;

use crate::template::quote::quote;
use crate::template::value::Value;
use crate::unit::{Date, UnixMillis};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const DAY: i64 = 86_400_000;

/// What 64 bits of nanoseconds hold, beyond which Go has no such moment.
const LATEST: f64 = 9_223_372_036_854_775_807.0;

/// A moment, taken apart.
#[derive(Debug, Clone, Copy)]
struct Civil {
    year: i64,
    month: i64,
    day: i64,
    of_year: i64,
    weekday: i64,
    hour: i64,
    minute: i64,
    second: i64,
    milli: i64,
}

/// So many seconds after 1970, to the millisecond.
pub(super) fn moment(seconds: f64) -> Result<UnixMillis, String> {
    let nanos = seconds * 1e9;
    if nanos.is_nan() || LATEST < nanos.abs() {
        return Err(format!("{seconds} seconds after 1970 is no time that fits 64 bits of nanoseconds"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "the bounds stand beside it")]
    let nanos = nanos as i64;
    Ok(UnixMillis::new(nanos / 1_000_000))
}

/// As Go prints it: `2022-01-25 12:36:43 +0000 UTC`.
pub(super) fn shown(at: UnixMillis) -> String {
    formatted(at, "2006-01-02 15:04:05.999999999 -0700 MST")
}

/// What a moment answers of itself.
pub(super) fn method(at: UnixMillis, name: &str, arguments: &[Value]) -> Result<Value, String> {
    let civil = Civil::of(at);
    match (name, arguments) {
        ("Format", [Value::Text(layout)]) => Ok(Value::text(formatted(at, &String::from_utf8_lossy(layout)))),
        ("Format", _) => Err("`.Format` takes a layout: `.Format \"2006-01-02 15:04:05\"`".to_owned()),
        (_, [_, ..]) => Err(format!("`.{name}` takes no arguments")),
        ("String", _) => Ok(Value::text(shown(at))),
        ("Unix", _) => Ok(Value::Int(at.millis().div_euclid(1_000))),
        ("UnixMilli", _) => Ok(Value::Int(at.millis())),
        ("Year", _) => Ok(Value::Int(civil.year)),
        ("YearDay", _) => Ok(Value::Int(civil.of_year)),
        ("Day", _) => Ok(Value::Int(civil.day)),
        ("Hour", _) => Ok(Value::Int(civil.hour)),
        ("Minute", _) => Ok(Value::Int(civil.minute)),
        ("Second", _) => Ok(Value::Int(civil.second)),
        ("UTC", _) => Ok(Value::Time(at)),
        _ => Err(format!(
            "{} is not known of a time; `.Format` writes any part of it",
            quote(&format!(".{name}"))
        )),
    }
}

impl Civil {
    fn of(at: UnixMillis) -> Self {
        let (days, within) = (at.millis().div_euclid(DAY), at.millis().rem_euclid(DAY));
        let Date { year, month, day } = Date::after_1970(days.into());
        let of_year = i128::from(days) - Date::days_before(year, 1) + 1;
        // Milliseconds of 64 bits reach no further.
        let [year, month, day, of_year] =
            [year, month, day, of_year].map(|part| i64::try_from(part).unwrap_or(i64::MAX));
        Self {
            year,
            month,
            day,
            of_year,
            weekday: (days + 4).rem_euclid(7),
            hour: within / 3_600_000,
            minute: within / 60_000 % 60,
            second: within / 1_000 % 60,
            milli: within % 1_000,
        }
    }
}

/// What may stand in a layout, longer ones before those they begin with.
const PARTS: [&str; 28] = [
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "-07:00:00",
    "-070000",
    "-07:00",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z070000",
    "Z07:00",
    "Z0700",
    "Z07",
    "__2",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "15",
    "PM",
    "pm",
    "_2",
];

/// A moment by Go's layout, which is an example: two past three of January the second, 2006.
fn formatted(at: UnixMillis, layout: &str) -> String {
    let civil = Civil::of(at);
    let mut text = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        let (length, part) = part(&civil, rest);
        match part {
            // A fraction of none takes its point with it.
            Some(part) => text.push_str(&part),
            None => text.push(c),
        }
        rest = rest.get(if length == 0 { c.len_utf8() } else { length }..).unwrap_or_default();
    }
    text
}

/// What stands for the start of a layout, and how much of it that is.
fn part(civil: &Civil, rest: &str) -> (usize, Option<String>) {
    if let Some(found) = fraction(civil, rest) {
        return found;
    }
    // `_2006` is a line and a year.
    let known =
        PARTS.iter().find(|part| rest.starts_with(**part) && !(**part == "_2" && rest.starts_with("_2006")));
    if let Some(known) = known {
        // `Jan` begins no other word.
        let word = matches!(*known, "Jan" | "Mon");
        let followed =
            rest.get(known.len()..).is_some_and(|after| after.starts_with(|c: char| c.is_ascii_lowercase()));
        if !(word && followed && *known == "Jan") {
            return (known.len(), Some(civil.part(known)));
        }
    }
    match rest.as_bytes().first() {
        Some(b'1') => (1, Some(civil.month.to_string())),
        Some(b'2') => (1, Some(civil.day.to_string())),
        Some(b'3') => (1, Some(civil.half_day().to_string())),
        Some(b'4') => (1, Some(civil.minute.to_string())),
        Some(b'5') => (1, Some(civil.second.to_string())),
        _ => (0, None),
    }
}

/// `.000` or `.999`: a fraction of a second, with its zeros or without.
fn fraction(civil: &Civil, rest: &str) -> Option<(usize, Option<String>)> {
    let after = rest.strip_prefix(['.', ','])?;
    let digit = after.chars().next().filter(|c| matches!(c, '0' | '9'))?;
    let count = after.chars().take_while(|c| *c == digit).count();
    if after.get(count..)?.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let point = rest.get(..1)?;
    let digits: String =
        format!("{:03}000000", civil.milli).chars().chain("000".chars()).take(count).collect();
    let digits = if digit == '9' { digits.trim_end_matches('0') } else { &digits };
    let text = if digits.is_empty() { String::new() } else { format!("{point}{digits}") };
    Some((count + 1, Some(text)))
}

impl Civil {
    fn half_day(&self) -> i64 {
        if self.hour % 12 == 0 { 12 } else { self.hour % 12 }
    }

    fn name<'n>(names: &'n [&'n str], place: i64) -> &'n str {
        usize::try_from(place).ok().and_then(|place| names.get(place)).copied().unwrap_or_default()
    }

    fn part(&self, part: &str) -> String {
        let mut text = String::new();
        let written = match part {
            "January" => write!(text, "{}", Self::name(&MONTHS, self.month - 1)),
            "Jan" => write!(text, "{:.3}", Self::name(&MONTHS, self.month - 1)),
            "Monday" => write!(text, "{}", Self::name(&DAYS, self.weekday)),
            "Mon" => write!(text, "{:.3}", Self::name(&DAYS, self.weekday)),
            "MST" => write!(text, "UTC"),
            "2006" => write!(text, "{:04}", self.year),
            "06" => write!(text, "{:02}", self.year.rem_euclid(100)),
            "01" => write!(text, "{:02}", self.month),
            "02" => write!(text, "{:02}", self.day),
            "_2" => write!(text, "{:2}", self.day),
            "002" => write!(text, "{:03}", self.of_year),
            "__2" => write!(text, "{:3}", self.of_year),
            "15" => write!(text, "{:02}", self.hour),
            "03" => write!(text, "{:02}", self.half_day()),
            "04" => write!(text, "{:02}", self.minute),
            "05" => write!(text, "{:02}", self.second),
            "PM" => write!(text, "{}", if self.hour < 12 { "AM" } else { "PM" }),
            "pm" => write!(text, "{}", if self.hour < 12 { "am" } else { "pm" }),
            zone if zone.starts_with('Z') => write!(text, "Z"),
            "-07:00:00" => write!(text, "+00:00:00"),
            "-070000" => write!(text, "+000000"),
            "-07:00" => write!(text, "+00:00"),
            "-0700" => write!(text, "+0000"),
            _ => write!(text, "+00"),
        };
        debug_assert!(written.is_ok(), "a text takes everything");
        text
    }
}
