//! Numbers with a fraction, as Go prints them.

use crate::template::bound::MOST_OUTPUT;
use crate::template::paper::{Full, Paper};
use crate::template::print::flags::Flags;

/// The precision where none is asked for. The shortest form is written with an exponent from this one on.
const USUAL: usize = 6;

pub(super) fn is_verb(verb: char) -> bool {
    matches!(verb, 'v' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G')
}

/// `%.4g`, or with as many digits as are asked for.
pub(in crate::template) fn general(number: f64, digits: usize) -> String {
    let flags = Flags { precision: Some(digits), ..Flags::default() };
    let mut paper = Paper::default();
    let written = verb(&mut paper, number, 'g', &flags);
    debug_assert!(written.is_ok(), "a number is short");
    String::from_utf8_lossy(&paper.bytes).into_owned()
}

/// Prints a number; false where the verb is not for one.
pub(super) fn verb(paper: &mut Paper, number: f64, verb: char, flags: &Flags) -> Result<bool, Full> {
    if !is_verb(verb) {
        return Ok(false);
    }
    let sign = match (number.is_sign_negative() && !number.is_nan(), flags.plus, flags.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        (false, false, false) => "",
    };
    if !number.is_finite() {
        // Infinity always has its sign.
        let sign = if number.is_infinite() && sign.is_empty() { "+" } else { sign };
        let name = if number.is_nan() { "NaN" } else { "Inf" };
        return flags.pad_with_spaces(paper, format!("{sign}{name}").as_bytes()).map(|()| true);
    }
    if flags.precision.is_some_and(|digits| MOST_OUTPUT <= digits) {
        return Err(Full);
    }
    let digits = written(number.abs(), verb, flags);
    let width = flags.width.unwrap_or(0);
    if flags.zero && !flags.minus && !sign.is_empty() {
        paper.write(sign)?;
        paper.repeat(b'0', width.saturating_sub(sign.len() + digits.len()))?;
        return paper.write(digits).map(|()| true);
    }
    flags.pad(paper, format!("{sign}{digits}").as_bytes()).map(|()| true)
}

/// A number that is finite and has no sign.
fn written(number: f64, verb: char, flags: &Flags) -> String {
    let precision = flags.precision;
    match verb {
        'e' | 'E' => {
            let (digits, exponent) = scientific(number, Some(precision.unwrap_or(USUAL)));
            exponential(&digits, exponent, verb, flags.sharp)
        }
        'f' | 'F' => {
            let point = if flags.sharp && precision == Some(0) { "." } else { "" };
            format!("{number:.*}{point}", precision.unwrap_or(USUAL))
        }
        _ => general_form(number, verb, flags),
    }
}

/// `%g` and `%v`: with an exponent only where it is large or small.
fn general_form(number: f64, verb: char, flags: &Flags) -> String {
    let wanted = flags.precision.map(|digits| digits.max(1));
    let (mut digits, exponent) = scientific(number, wanted.map(|digits| digits - 1));
    if !flags.sharp {
        let kept = digits.trim_end_matches('0').len().max(1);
        digits.truncate(kept);
    } else if wanted.is_none() {
        digits.extend(std::iter::repeat_n('0', USUAL.saturating_sub(digits.len())));
    }
    let limit = i32::try_from(wanted.unwrap_or(USUAL)).unwrap_or(i32::MAX);
    let limit = match wanted {
        Some(_) if !flags.sharp && limit > count(&digits) && count(&digits) > exponent => count(&digits),
        _ => limit,
    };
    if exponent < -4 || limit <= exponent {
        let verb = if verb == 'G' { 'E' } else { 'e' };
        return exponential(&digits, exponent, verb, flags.sharp);
    }
    let mut text = String::new();
    if exponent < 0 {
        text.push_str("0.");
        text.extend(std::iter::repeat_n('0', usize::try_from(-exponent - 1).unwrap_or(0)));
        return text + &digits;
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(0);
    let zeros = whole.saturating_sub(digits.len());
    digits.extend(std::iter::repeat_n('0', zeros));
    text.push_str(&digits[..whole]);
    if whole < digits.len() || flags.sharp {
        text.push('.');
        text.push_str(&digits[whole..]);
    }
    text
}

fn count(digits: &str) -> i32 {
    i32::try_from(digits.len()).unwrap_or(i32::MAX)
}

/// Its digits without a point, and the exponent of the first; the shortest ones where no number of them is asked for.
fn scientific(number: f64, after_the_point: Option<usize>) -> (String, i32) {
    let text = match after_the_point {
        Some(digits) => format!("{number:.digits$e}"),
        None => format!("{number:e}"),
    };
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.chars().filter(|c| *c != '.').collect(), exponent.parse().unwrap_or(0))
}

fn exponential(digits: &str, exponent: i32, verb: char, pointed: bool) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let point = if rest.is_empty() && !pointed { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}{verb}{sign}{:02}", exponent.unsigned_abs())
}
