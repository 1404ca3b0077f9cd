//! Samples as tests write them: `1 2 _ stale 0+10x5 3x4`.

mod histogram;
mod notated;
mod row;

pub use histogram::HistogramNotationError;
pub use notated::Notated;
pub use row::{RowError, WrittenHistogram, WrittenValue, written_values};

use crate::signal::STALE;
use crate::unit::Span;

/// The most samples that one row may stand for.
pub const MOST_SAMPLES: usize = 100_000;

/// Why a text is no row of samples.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    /// A word is none of those that there are.
    #[error(
        "`{0}` is no sample; write `1`, `_` (none), `stale`, `1x4` (four more) or `0+10x5` (five steps of 10)"
    )]
    Word(String),
    /// The words stand for more samples than anyone means to write.
    #[error("with `{0}` there are more than {MOST_SAMPLES} samples; write fewer")]
    TooMany(String),
}

/// Reads a row of samples, one for each step of time; `None` stands where there is none.
///
/// A count says how many *more* there are, as in Prometheus: `1x2` is `1 1 1`. For `_` it says how many there are.
pub fn written_samples(text: &str) -> Result<Vec<Option<f64>>, NotationError> {
    let mut samples = Vec::new();
    for word in text.split_whitespace() {
        let run = Run::read(word).ok_or_else(|| NotationError::Word(word.to_owned()))?;
        if MOST_SAMPLES < samples.len().saturating_add(run.count) {
            return Err(NotationError::TooMany(word.to_owned()));
        }
        run.write(&mut samples);
    }
    Ok(samples)
}

/// What one word stands for.
struct Run {
    first: Option<f64>,
    step: Option<f64>,
    count: usize,
}

impl Run {
    fn read(word: &str) -> Option<Self> {
        if word == "stale" {
            return Some(Self { first: Some(f64::from_bits(STALE)), step: None, count: 1 });
        }
        if let Some(rest) = word.strip_prefix('_') {
            let count = if rest.is_empty() { 1 } else { times(rest)? };
            return Some(Self { first: None, step: None, count });
        }
        let (first, rest) = number(word)?;
        if rest.is_empty() {
            return Some(Self { first: Some(first), step: None, count: 1 });
        }
        let stepped = rest.starts_with(['+', '-']);
        let (step, rest) =
            if stepped { number(rest).map(|(step, rest)| (Some(step), rest))? } else { (None, rest) };
        Some(Self { first: Some(first), step, count: times(rest)?.checked_add(1)? })
    }

    fn write(&self, samples: &mut Vec<Option<f64>>) {
        let mut value = self.first;
        for _ in 0..self.count {
            samples.push(value);
            // Added again and again, as Prometheus does: a product would have other bits.
            if let (Some(value), Some(step)) = (&mut value, self.step) {
                *value += step;
            }
        }
    }
}

/// `x5` at the end of a word.
fn times(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('x')?;
    if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// The number at the start of a word, and what follows it.
fn number(word: &str) -> Option<(f64, &str)> {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let (text, rest) = unsigned.split_at(reach(unsigned));
    let value = magnitude(text)?;
    Some((if word.starts_with('-') { -value } else { value }, rest))
}

/// How far a number reaches. A sign within it can only follow its exponent; an `x` always ends it, so that nothing is
/// hexadecimal here.
fn reach(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let exponent = matches!(b, b'+' | b'-')
            && 0 < at
            && matches!(bytes[at - 1], b'e' | b'E')
            && bytes[0].is_ascii_digit();
        if !exponent && (!(b.is_ascii_alphanumeric() || *b == b'.') || *b == b'x') {
            break;
        }
        at += 1;
    }
    at
}

/// A number without its sign: a decimal, `Inf`, `NaN`, or a duration in seconds.
fn magnitude(text: &str) -> Option<f64> {
    if text.eq_ignore_ascii_case("inf") {
        return Some(f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().ok().or_else(|| text.parse::<Span>().ok().map(seconds))
}

#[expect(clippy::cast_precision_loss, reason = "a duration of more than 2^53 ms is no sample of anybody's")]
fn seconds(span: Span) -> f64 {
    span.millis() as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::is_stale;

    #[test]
    fn words_stand_for_samples() {
        for (text, expected) in [
            ("", &[][..]),
            ("1 2", &[Some(1.0), Some(2.0)]),
            ("  -1.5\t+2 .5 1e3 1e-1 ", &[Some(-1.5), Some(2.0), Some(0.5), Some(1000.0), Some(0.1)]),
            ("_ _x2 3", &[None, None, None, Some(3.0)]),
            ("_x0 3", &[Some(3.0)]),
            ("3x2", &[Some(3.0), Some(3.0), Some(3.0)]),
            ("-3x0", &[Some(-3.0)]),
            ("0+10x2", &[Some(0.0), Some(10.0), Some(20.0)]),
            ("1-2x2", &[Some(1.0), Some(-1.0), Some(-3.0)]),
            ("-1e2-0.5x1", &[Some(-100.0), Some(-100.5)]),
            ("1e+1+1e+1x1", &[Some(10.0), Some(20.0)]),
            ("0+0.1x3", &[Some(0.0), Some(0.1), Some(0.2), Some(0.1 + 0.1 + 0.1)]),
            ("0x2", &[Some(0.0), Some(0.0), Some(0.0)]),
            (
                "Inf -inf +Infx1",
                &[Some(f64::INFINITY), Some(f64::NEG_INFINITY), Some(f64::INFINITY), Some(f64::INFINITY)],
            ),
            ("5m 1m30sx1", &[Some(300.0), Some(90.0), Some(90.0)]),
        ] {
            assert_eq!(written_samples(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn nan_and_stale_are_two_things() {
        let stale: Vec<_> = written_samples("NaN stale nanx1")
            .unwrap()
            .into_iter()
            .map(|value| value.map(is_stale))
            .collect();
        assert_eq!(stale, [Some(false), Some(true), Some(false), Some(false)]);
    }

    #[test]
    fn the_offending_word_is_named() {
        for (text, word) in [
            ("1 two 3", "two"),
            ("1 2x", "2x"),
            ("1+2", "1+2"),
            ("1+2x-3", "1+2x-3"),
            ("1x+3", "1x+3"),
            ("1+-2x3", "1+-2x3"),
            ("__", "__"),
            ("_x", "_x"),
            ("stalex2", "stalex2"),
            ("- 1", "-"),
            ("1,2", "1,2"),
            ("{{schema:0}}", "{{schema:0}}"),
            ("infinity", "infinity"),
            ("1.2.3", "1.2.3"),
            ("1x99999999999999999999", "1x99999999999999999999"),
            ("0x1f", "0x1f"),
            ("ö", "ö"),
        ] {
            assert_eq!(written_samples(text), Err(NotationError::Word(word.to_owned())), "{text}");
        }
        for (text, word) in [
            ("1x100000", "1x100000"),
            ("1 _x99999 2", "2"),
            ("_x18446744073709551615", "_x18446744073709551615"),
        ] {
            assert_eq!(written_samples(text), Err(NotationError::TooMany(word.to_owned())), "{text}");
        }
    }
}
