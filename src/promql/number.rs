//! Numbers as PromQL writes them.

use crate::promql::name::is_word_char;
use std::fmt;

/// A number of an expression. Two of them are equal when they are written alike: every NaN equals every other,
/// and `-0` is not `0`.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub f64);

impl Number {
    const fn bits(self) -> u64 {
        if self.0.is_nan() { f64::NAN.to_bits() } else { self.0.to_bits() }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl Eq for Number {}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            number if number.is_nan() => f.write_str("NaN"),
            f64::INFINITY => f.write_str("Inf"),
            f64::NEG_INFINITY => f.write_str("-Inf"),
            // Past these powers the plain form would be a row of zeros.
            number if number != 0.0 && !(1e-6..1e21).contains(&number.abs()) => write!(f, "{number:e}"),
            number => write!(f, "{number}"),
        }
    }
}

/// How far a number reaches at the start of `text`, and whether it ends there as a number must. Where it does
/// not, it may still be the start of a duration.
///
/// An underscore, a dot and an exponent may not follow one another, a hexadecimal number has no fraction: the
/// same texts fail here that fail in Prometheus, which is why this goes character by character.
pub(super) fn scan(text: &str) -> (usize, bool) {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let mut at = 0;
    let hex = byte(0) == b'0' && matches!(byte(1), b'x' | b'X');
    if hex {
        at = if byte(2) == b'_' { 3 } else { 2 };
    }
    let digit = |b: u8| b.is_ascii_digit() || hex && b.is_ascii_hexdigit();
    let (mut dot, mut exponent) = (false, false);
    at += usize::from(byte(at) == b'.');
    at += usize::from(digit(byte(at)));
    loop {
        let b = byte(at);
        if b == b'.' {
            at += 1;
            if dot || hex || matches!(byte(at), b'_' | b'.') {
                return (at, false);
            }
            dot = true;
        } else if matches!(b, b'e' | b'E') {
            at += 1;
            if exponent {
                return (at, false);
            }
            exponent = true;
            at += usize::from(matches!(byte(at), b'+' | b'-'));
            if at == bytes.len() || matches!(byte(at), b'.' | b'_' | b'e' | b'E') {
                return (at, false);
            }
        } else if b == b'_' {
            at += 1;
            if at == bytes.len() || matches!(byte(at), b'.' | b'_' | b'e' | b'E') {
                return (at, false);
            }
        } else if digit(b) {
            // In one run, so that an `e` within it is a digit and one right after the first digit is not.
            at += bytes[at..].iter().take_while(|b| digit(**b)).count();
        } else {
            break;
        }
    }
    let ends = !text[at..].starts_with(is_word_char);
    (at, 0 < at && ends)
}

/// The value of a number that [`scan`] has found; none where it is malformed or too large.
///
/// A leading zero makes it octal where every digit allows that, as in Go.
pub(super) fn value(text: &str) -> Option<f64> {
    if text.ends_with('_') {
        return None;
    }
    let plain = text.replace('_', "");
    if let Some(digits) = plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(as_float);
    }
    let integer = plain.bytes().all(|b| b.is_ascii_digit());
    let octal = integer && 1 < plain.len() && plain.starts_with('0');
    let octal = if octal { i64::from_str_radix(&plain, 8).ok() } else { None };
    octal.map(as_float).or_else(|| plain.parse::<f64>().ok().filter(|number| number.is_finite()))
}

/// The float nearest to a whole number.
#[expect(clippy::cast_precision_loss, reason = "Go rounds here too")]
pub(super) const fn as_float(number: i64) -> f64 {
    number as f64
}

/// The whole number nearest to a float.
#[expect(clippy::cast_possible_truncation, reason = "a cast stops at either end")]
pub(super) fn rounded(number: f64) -> i64 {
    number.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_prometheus_reads() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("1.5", Some(1.5)),
            (".5", Some(0.5)),
            ("1.", Some(1.0)),
            ("1e3", Some(1000.0)),
            ("1E-3", Some(0.001)),
            ("1_000", Some(1000.0)),
            ("1_0e1_0", Some(1e11)),
            ("0x1F", Some(31.0)),
            ("0X_1f", Some(31.0)),
            ("0x1fe", Some(510.0)),
            ("0x1e", None),
            ("017", Some(15.0)),
            ("018", Some(18.0)),
            ("1e-400", Some(0.0)),
            ("1e400", None),
            ("0x", None),
            ("0xffffffffffffffff", None),
            ("1e", None),
            ("1__0", None),
            ("1_", None),
            ("1_.0", None),
            ("1..2", None),
            ("1.2.3", None),
            ("1e2e3", None),
            ("0x1.8", None),
            ("5m", None),
        ] {
            let (end, whole) = scan(text);
            let got = if whole && end == text.len() { value(text) } else { None };
            assert_eq!(got.map(Number), expected.map(Number), "{text}");
        }
    }

    #[test]
    fn prints_what_reads_back() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (100.0, "100"),
            (1e21, "1e21"),
            (1.5e-7, "1.5e-7"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(Number(number).to_string(), text);
        }
    }
}
