//! What a scalar means: which texts are numbers, truths, times or nothing, as Prometheus reads them.

use crate::config::yaml::node::{Node, Scalar, Style, Value};

/// What a scalar says.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number of 64 bits, with or without sign.
    Int(i128),
    /// Any other number; not-a-number and the infinite ones too.
    Float(f64),
    /// A date or a time.
    Time,
    /// A text.
    Text,
    /// Bytes that were written in base 64.
    Binary(Vec<u8>),
}

/// A scalar that is not what its tag says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is {found}, which `{tag}` cannot be")]
pub struct Misfit {
    /// Its characters.
    pub text: String,
    /// What they are.
    pub found: &'static str,
    /// What the tag asks for.
    pub tag: String,
}

impl Meaning {
    /// What it is, in a word.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Time => "a time",
            Self::Text => "a text",
            Self::Binary(_) => "bytes in base 64",
        }
    }
}

impl Node {
    /// What it says, where it is a scalar; lists and mappings are texts to nobody and come as [`Meaning::Text`].
    pub fn meaning(&self) -> Result<Meaning, Misfit> {
        match &self.value {
            Value::Scalar(scalar) => meaning(scalar, self.tag.as_deref()),
            Value::List(_) | Value::Map(_) => Ok(Meaning::Text),
        }
    }

    /// Whether it says nothing: `~`, `null`, or no characters at all.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(_)) && self.meaning() == Ok(Meaning::Null)
    }
}

fn meaning(scalar: &Scalar, tag: Option<&str>) -> Result<Meaning, Misfit> {
    let text = scalar.text.as_str();
    // A lone `!` says nothing about a plain scalar, and that a quoted one is a text, which it is anyway.
    let Some(tag) = tag.filter(|tag| *tag != "!") else {
        return Ok(if scalar.style == Style::Plain { plain(text, true) } else { Meaning::Text });
    };
    match tag {
        "!!binary" => match base64(text) {
            Some(bytes) => Ok(Meaning::Binary(bytes)),
            None => Err(misfit(text, "no base 64", tag)),
        },
        "!!null" | "!!bool" | "!!int" | "!!float" | "!!timestamp" => {
            let found = plain(text, tag == "!!timestamp");
            match (tag, found) {
                ("!!null", Meaning::Null) => Ok(Meaning::Null),
                ("!!bool", found @ Meaning::Bool(_))
                | ("!!int", found @ Meaning::Int(_))
                | ("!!float", found @ Meaning::Float(_))
                | ("!!timestamp", found @ Meaning::Time) => Ok(found),
                ("!!float", Meaning::Int(whole)) => Ok(Meaning::Float(as_float(whole))),
                (_, found) => Err(misfit(text, found.kind(), tag)),
            }
        }
        // `!!str`; and a tag that nobody knows leaves the characters as they are.
        _ => Ok(Meaning::Text),
    }
}

fn misfit(text: &str, found: &'static str, tag: &str) -> Misfit {
    Misfit { text: text.to_owned(), found, tag: tag.to_owned() }
}

#[expect(clippy::cast_precision_loss, reason = "the nearest float is what a float reads as")]
const fn as_float(whole: i128) -> f64 {
    whole as f64
}

/// What a bare scalar says.
fn plain(text: &str, times: bool) -> Meaning {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Null,
        "true" | "True" | "TRUE" => return Meaning::Bool(true),
        "false" | "False" | "FALSE" => return Meaning::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Meaning::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Meaning::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Meaning::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match text.as_bytes()[0] {
        b'.' => float(text).map_or(Meaning::Text, Meaning::Float),
        b'+' | b'-' | b'0'..=b'9' => {
            if times && is_time(text) {
                return Meaning::Time;
            }
            let digits = text.replace('_', "");
            match int(&digits) {
                Some(whole) => Meaning::Int(whole),
                None => float(&digits).map_or(Meaning::Text, Meaning::Float),
            }
        }
        _ => Meaning::Text,
    }
}

/// Decimal, `0x`, `0o`, `0b`, and a leading nought for octal, within 64 bits.
fn int(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let prefix = digits.get(..2).map(str::to_ascii_lowercase);
    let (radix, digits) = match prefix.as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        Some(_) if digits.starts_with('0') => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    let size = i128::from(u64::from_str_radix(digits, radix).ok()?);
    let whole = if negative { -size } else { size };
    // A sign makes it a signed number; `+` before what only fits without sign is none.
    let signed = text.starts_with(['+', '-']);
    (whole >= i128::from(i64::MIN) && (!signed || whole <= i128::from(i64::MAX))).then_some(whole)
}

/// Digits with a point or an exponent; one that is too large for a float is a text.
fn float(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (&digits[..at], Some(&digits[at + 1..])),
        None => (digits, None),
    };
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let counted = all_digits(whole) && all_digits(part) && !(whole.is_empty() && part.is_empty());
    let raised = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && all_digits(exponent)
    });
    if !counted || !raised {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// `2006-1-2`, and after it `T`, `t` or a space and a time of day.
fn is_time(text: &str) -> bool {
    let Some((date, rest)) = split_date(text) else { return false };
    let mut letters = rest.chars();
    let Some(parted) = letters.next() else { return date };
    let behind = letters.as_str();
    let (clock, zone) = match (parted, behind.find(['Z', '+', '-'])) {
        ('T' | 't', Some(at)) => behind.split_at(at),
        (' ', None) => (behind, "Z"),
        _ => return false,
    };
    date && is_clock(clock) && is_zone(zone)
}

/// Whether the date is one, and what follows it.
fn split_date(text: &str) -> Option<(bool, &str)> {
    let (year, rest) = text.split_at_checked(4)?;
    let mut parts = rest.strip_prefix('-')?.splitn(2, '-');
    let (month, rest) = (parts.next()?, parts.next()?);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count().min(2);
    let (day, rest) = rest.split_at(digits);
    let year: u32 = year.bytes().all(|b| b.is_ascii_digit()).then(|| year.parse().ok())??;
    let month = small(month, 12)?;
    let longest = match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    Some((month > 0 && small(day, longest)? > 0, rest))
}

fn is_clock(clock: &str) -> bool {
    let parts: Vec<&str> = clock.split(':').collect();
    let &[hour, minute, second] = parts.as_slice() else { return false };
    let (second, part) = second.split_once(['.', ',']).unwrap_or((second, "0"));
    let fraction = !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    small(hour, 23).is_some() && small(minute, 59).is_some() && small(second, 59).is_some() && fraction
}

fn is_zone(zone: &str) -> bool {
    let hours = zone.strip_prefix(['+', '-']).and_then(|zone| zone.split_once(':'));
    zone == "Z"
        || hours.is_some_and(|(hour, minute)| {
            hour.len() == 2 && minute.len() == 2 && small(hour, 24).is_some() && small(minute, 60).is_some()
        })
}

/// One or two digits that say no more than `most`.
fn small(text: &str, most: u32) -> Option<u32> {
    let digits = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?.filter(|number| *number <= most)
}

/// Bytes from base 64 with its padding; line breaks between do not count.
fn base64(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let last = text.len() / 4;
    for (at, group) in text.chunks(4).enumerate() {
        let padding = group.iter().rev().take_while(|b| **b == b'=').count();
        if group.len() != 4 || padding > 2 || (padding > 0 && at + 1 != last) {
            return None;
        }
        let mut bits = 0_u32;
        for b in &group[..4 - padding] {
            bits = bits << 6 | sextet(*b)?;
        }
        bits <<= 6 * padding;
        bytes.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(bytes)
}

fn sextet(letter: u8) -> Option<u32> {
    Some(u32::from(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, style: Style, tag: Option<&str>) -> Result<Meaning, Misfit> {
        meaning(&Scalar { text: text.to_owned(), style }, tag)
    }

    #[test]
    fn bare_scalars() {
        use Meaning::{Bool, Float, Int, Null, Text, Time};
        for (text, expected) in [
            ("", Null),
            ("~", Null),
            ("nULL", Text),
            ("TRUE", Bool(true)),
            ("yes", Text),
            ("0x1F", Int(31)),
            ("-0b11", Int(-3)),
            ("0o17", Int(15)),
            ("017", Int(15)),
            ("08", Float(8.0)),
            ("1_000", Int(1_000)),
            ("_1", Text),
            ("0", Int(0)),
            ("18446744073709551615", Int(18_446_744_073_709_551_615)),
            ("18446744073709551616", Float(18_446_744_073_709_551_616.0)),
            ("-9223372036854775808", Int(-9_223_372_036_854_775_808)),
            ("5.", Float(5.0)),
            ("+.5", Float(0.5)),
            ("1e3", Float(1_000.0)),
            ("1e400", Text),
            (".", Text),
            ("-", Text),
            ("0x", Text),
            ("1:30", Text),
            ("2020-02-29", Time),
            ("2021-02-29", Text),
            ("2020-1-2T3:4:5.6+01:00", Time),
            ("2020-01-02 03:04:05", Time),
            ("2020-01-02 03:04:05 -5", Text),
            ("2020-01-02é03:04:05", Text),
            ("+.inf", Float(f64::INFINITY)),
        ] {
            assert_eq!(read(text, Style::Plain, None), Ok(expected), "{text:?}");
        }
        assert!(matches!(read(".nan", Style::Plain, None), Ok(Meaning::Float(nan)) if nan.is_nan()));
    }

    #[test]
    fn quotes_and_tags() {
        use Meaning::{Binary, Float, Int, Null, Text};
        for (text, style, tag, expected) in [
            ("5", Style::Double, None, Some(Text)),
            ("5", Style::Double, Some("!!int"), Some(Int(5))),
            ("5", Style::Plain, Some("!!str"), Some(Text)),
            ("5", Style::Plain, Some("!!float"), Some(Float(5.0))),
            ("5", Style::Plain, Some("!"), Some(Int(5))),
            ("5", Style::Plain, Some("!mine"), Some(Text)),
            ("", Style::Single, Some("!!null"), Some(Null)),
            ("a", Style::Plain, Some("!!int"), None),
            ("yes", Style::Plain, Some("!!bool"), None),
            ("YWI=", Style::Plain, Some("!!binary"), Some(Binary(b"ab".to_vec()))),
            ("YW I=", Style::Plain, Some("!!binary"), None),
            ("Y", Style::Plain, Some("!!binary"), None),
        ] {
            assert_eq!(read(text, style, tag).ok(), expected, "{text:?} {tag:?}");
        }
    }
}
