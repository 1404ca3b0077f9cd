//! Number constants, with every type that can hold them, as Go's ideal constants have it.

use std::num::IntErrorKind;

use super::alphabet::in_name;

/// A number constant. It has no one type: rendering takes the one that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// As it is written.
    pub text: String,
    /// Its value as a signed integer.
    pub int: Option<i64>,
    /// Its value as an unsigned integer.
    pub uint: Option<u64>,
    /// Its value as a float.
    pub float: Option<f64>,
    /// Its value as real and imaginary part; set only where an `i` is written.
    pub complex: Option<(f64, f64)>,
}

/// What is said of a text that has the first letter of a number and no more.
const NONE: &str = "is no number";

/// A number as the lexer finds it: the bytes it takes, and where the second of two parts begins.
pub(super) struct Scanned {
    pub(super) length: usize,
    pub(super) imaginary: Option<usize>,
    pub(super) ended: bool,
}

/// What stands at the start of `rest` as a number, right or wrong: Go judges it only afterwards.
pub(super) fn scan(rest: &str) -> Scanned {
    let (length, ended) = scan_part(rest);
    let second = rest.get(length..).unwrap_or("");
    if !ended || !second.starts_with(['+', '-']) {
        return Scanned { length, imaginary: None, ended };
    }
    let (more, ended) = scan_part(second);
    let ended = ended && second[..more].ends_with('i');
    Scanned { length: length + more, imaginary: Some(length), ended }
}

/// The bytes of one part, and whether it ends there; where it does not, the rest of the word is counted in.
fn scan_part(rest: &str) -> (usize, bool) {
    let bytes = rest.as_bytes();
    let mut at = 0;
    let one_of = |at: &mut usize, set: &[u8]| {
        let found = bytes.get(*at).is_some_and(|byte| set.contains(byte));
        *at += usize::from(found);
        found
    };
    let run = |at: &mut usize, set: &[u8]| while one_of(at, set) {};
    one_of(&mut at, b"+-");
    let mut digits: &[u8] = b"0123456789_";
    let mut exponent: &[u8] = b"eE";
    if one_of(&mut at, b"0") {
        if one_of(&mut at, b"xX") {
            (digits, exponent) = (b"0123456789abcdefABCDEF_", b"pP");
        } else if one_of(&mut at, b"oO") {
            (digits, exponent) = (b"01234567_", b"");
        } else if one_of(&mut at, b"bB") {
            (digits, exponent) = (b"01_", b"");
        }
    }
    run(&mut at, digits);
    if one_of(&mut at, b".") {
        run(&mut at, digits);
    }
    if one_of(&mut at, exponent) {
        one_of(&mut at, b"+-");
        run(&mut at, b"0123456789_");
    }
    one_of(&mut at, b"i");
    let trailing: usize = rest[at..].chars().take_while(|c| in_name(*c)).map(char::len_utf8).sum();
    (at + trailing, trailing == 0)
}

/// The value of a number, or why it has none.
pub(super) fn read(text: &str, imaginary: Option<usize>) -> Result<Number, &'static str> {
    if let Some(second) = imaginary {
        let (real, imaginary) = text.split_at(second);
        let real = float(real)?;
        let imaginary = float(imaginary.strip_suffix('i').ok_or(NONE)?)?;
        return Ok(complex(text, real, imaginary));
    }
    if let Some(imaginary) = text.strip_suffix('i').and_then(|part| float(part).ok()) {
        return Ok(complex(text, 0.0, imaginary));
    }
    let uint = unsigned(text);
    let int = signed(text);
    // Minus zero has a sign, so it does not read as unsigned, and yet is.
    let uint = if int == Some(0) { Some(0) } else { uint };
    let whole = int.map(rounded).or_else(|| uint.map(rounded_unsigned));
    if whole.is_some() {
        return Ok(Number { text: text.to_owned(), int, uint, float: whole, complex: None });
    }
    let value = float(text)?;
    if !text.contains(['.', 'e', 'E', 'p', 'P']) {
        // Whatever reads as a float and begins with a zero has a digit that no octal number has.
        let octal = text.trim_start_matches(['+', '-']).starts_with('0');
        return Err(if octal {
            "begins with a 0, which makes it octal, and has a digit above 7"
        } else {
            "does not fit 64 bits"
        });
    }
    Ok(real(text, value, None))
}

/// The number that a character constant stands for.
pub(super) fn of_char(text: &str, code: u32) -> Number {
    let (int, uint, float) = (Some(i64::from(code)), Some(u64::from(code)), Some(f64::from(code)));
    Number { text: text.to_owned(), int, uint, float, complex: None }
}

fn complex(text: &str, real_part: f64, imaginary: f64) -> Number {
    let parts = Some((real_part, imaginary));
    if imaginary == 0.0 {
        return real(text, real_part, parts);
    }
    Number { text: text.to_owned(), int: None, uint: None, float: None, complex: parts }
}

/// A float, with the integers that equal it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bounds stand beside it")]
fn real(text: &str, value: f64, complex: Option<(f64, f64)>) -> Number {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let whole = value.fract() == 0.0;
    let int = (whole && (-TWO_TO_63..TWO_TO_63).contains(&value)).then_some(value as i64);
    let uint = (whole && (0.0..TWO_TO_63 * 2.0).contains(&value)).then_some(value as u64);
    Number { text: text.to_owned(), int, uint, float: Some(value), complex }
}

#[expect(clippy::cast_precision_loss, reason = "Go rounds here too")]
fn rounded(int: i64) -> f64 {
    int as f64
}

#[expect(clippy::cast_precision_loss, reason = "Go rounds here too")]
fn rounded_unsigned(uint: u64) -> f64 {
    uint as f64
}

fn signed(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = i128::from(unsigned(digits)?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// An integer without a sign, in the base that its prefix names.
fn unsigned(text: &str) -> Option<u64> {
    if !underscored_well(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', _, ..] => (16, &lower[2..]),
        [b'0', b'o', _, ..] => (8, &lower[2..]),
        [b'0', b'b', _, ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.starts_with('+') {
        return None;
    }
    u64::from_str_radix(&digits, radix).ok()
}

/// A float, or why it is none.
fn float(text: &str) -> Result<f64, &'static str> {
    if text.contains('_') && !underscored_well(text) {
        return Err(NONE);
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect::<String>().to_ascii_lowercase();
    let (negative, magnitude) = match plain.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    // Rust would read `inf` and `nan` as well, and a second sign.
    let decimal = magnitude.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let value = match magnitude.strip_prefix("0x") {
        Some(hex) => hex_float(hex),
        None if decimal => magnitude.parse().ok(),
        None => None,
    };
    let value = value.ok_or(NONE)?;
    if value.is_infinite() {
        return Err("is too large for a float");
    }
    Ok(if negative { -value } else { value })
}

/// Underscores may stand between digits, and between a base prefix and a digit; nowhere else.
fn underscored_well(text: &str) -> bool {
    let lower = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let prefixed = ["0x", "0o", "0b"].iter().any(|prefix| lower.starts_with(prefix));
    let hex = lower.starts_with("0x");
    let mut before = if prefixed { '0' } else { '^' };
    for c in lower.chars().skip(if prefixed { 2 } else { 0 }) {
        let now = match c {
            '0'..='9' => '0',
            'a'..='f' if hex => '0',
            '_' => '_',
            _ => '!',
        };
        if (now == '_' && before != '0') || (now == '!' && before == '_') {
            return false;
        }
        before = now;
    }
    before != '_'
}

/// A hexadecimal float after its `0x`, in lower case; the exponent is a must.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = match exponent.parse::<i64>() {
        Ok(exponent) => exponent.clamp(-1_000_000_000, 1_000_000_000),
        Err(error) if *error.kind() == IntErrorKind::NegOverflow => -1_000_000_000,
        Err(_) => 1_000_000_000,
    };
    let (mut bits, mut scale) = (0_u64, exponent);
    for (place, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(c.to_digit(16)?);
        if bits >> 60 == 0 {
            bits = bits << 4 | digit;
            scale -= if place < whole.len() { 0 } else { 4 };
        } else {
            // What no longer fits can still tip a tie, so it is remembered in the last bit.
            bits |= u64::from(digit != 0);
            scale += if place < whole.len() { 4 } else { 0 };
        }
    }
    Some(scaled(bits, scale))
}

/// `bits` times two to the `scale`, rounded once, ties to even.
#[expect(clippy::cast_precision_loss, reason = "what is left has 53 bits at most")]
fn scaled(bits: u64, scale: i64) -> f64 {
    if bits == 0 {
        return 0.0;
    }
    let leading = 63 - i64::from(bits.leading_zeros());
    if scale + leading > 1023 {
        return f64::INFINITY;
    }
    // The last bit that a float of this size has.
    let last = (scale + leading - 52).max(-1074);
    let dropped = last - scale;
    let (kept, last) = match u32::try_from(dropped) {
        Err(_) | Ok(0) => (u128::from(bits), scale),
        Ok(dropped) if dropped > 64 => (0, last),
        Ok(dropped) => {
            let bits = u128::from(bits);
            let (kept, rest, half) = (bits >> dropped, bits & ((1 << dropped) - 1), 1 << (dropped - 1));
            (kept + u128::from(rest > half || (rest == half && kept & 1 == 1)), last)
        }
    };
    kept as f64 * two_to(last / 2) * two_to(last - last / 2)
}

/// Two to a power that a normal float holds.
fn two_to(power: i64) -> f64 {
    f64::from_bits(u64::try_from(power + 1023).unwrap_or(0) << 52)
}

/// What Go's `ParseFloat` reads: a constant, or infinity, or no number.
pub(super) fn parsed(text: &str) -> Option<f64> {
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(magnitude) => (true, magnitude),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let named = match magnitude.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Some(f64::INFINITY),
        "nan" if magnitude.len() == text.len() => Some(f64::NAN),
        _ => None,
    };
    if let Some(value) = named {
        return Some(if negative { -value } else { value });
    }
    float(text).ok()
}
