//! Rows of numbers and histograms, as scripts write them.

use crate::signal::Histogram;
use crate::signal::histogram::MixedSchemas;
use crate::signal::notation::histogram::{HistogramNotationError, histogram};
use crate::signal::notation::{MOST_SAMPLES, NotationError, times, written_samples};

/// A value of a row.
#[derive(Debug, Clone)]
pub enum WrittenValue {
    /// A number.
    Number(f64),
    /// A histogram.
    Histogram(WrittenHistogram),
}

/// A histogram of a row.
#[derive(Debug, Clone)]
pub struct WrittenHistogram {
    /// The histogram.
    pub histogram: Histogram,
    /// Whether its hint is written, so that it is meant to be compared.
    pub hint_given: bool,
}

/// Why a text is no row.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RowError {
    /// A word is no number.
    #[error(transparent)]
    Number(#[from] NotationError),
    /// A histogram cannot be read.
    #[error("`{word}` is no histogram: {fault}")]
    Histogram {
        /// As it is written.
        word: String,
        /// What is wrong.
        fault: HistogramNotationError,
    },
    /// Something else follows a histogram than what may.
    #[error(
        "`{0}` cannot follow a histogram; write `x4` (four more), `+{{{{..}}}}x4` or `-{{{{..}}}}x4` (four steps)"
    )]
    After(String),
    /// A histogram changes by one of a coarser resolution.
    #[error(
        "a histogram of schema {base} cannot change by one of schema {step}; write a step of at least schema {base}"
    )]
    CoarserStep {
        /// The schema of the first.
        base: i32,
        /// The schema of the change.
        step: i32,
    },
    /// A histogram changes by one of another kind.
    #[error(transparent)]
    Mixed(#[from] MixedSchemas),
}

/// Reads a row of numbers and histograms, one for each step of time; `None` stands where there is none.
///
/// A histogram may be repeated (`{{..}}x4`: four more) and may change by another (`{{..}}+{{..}}x4`: four steps).
pub fn written_values(text: &str) -> Result<Vec<Option<WrittenValue>>, RowError> {
    let mut values = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        if rest.starts_with("{{") {
            rest = histograms(rest, &mut values)?;
        } else {
            let (word, after) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
            let numbers = written_samples(word)?;
            fits(&values, numbers.len(), word)?;
            values.extend(numbers.into_iter().map(|number| number.map(WrittenValue::Number)));
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(values)
}

fn fits(values: &[Option<WrittenValue>], more: usize, word: &str) -> Result<(), NotationError> {
    if MOST_SAMPLES < values.len().saturating_add(more) {
        return Err(NotationError::TooMany(word.to_owned()));
    }
    Ok(())
}

/// Reads a histogram with what belongs to it, and tells what follows.
fn histograms<'a>(text: &'a str, values: &mut Vec<Option<WrittenValue>>) -> Result<&'a str, RowError> {
    let (mut value, mut rest) = literal(text)?;
    let sign = rest.chars().next().filter(|sign| matches!(sign, '+' | '-') && rest[1..].starts_with("{{"));
    let mut step = None;
    if let Some(sign) = sign {
        let (by, after) = literal(&rest[1..])?;
        value.hint_given = by.hint_given;
        step = Some((sign, by.histogram));
        rest = after;
    }
    let (suffix, rest) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
    let no_suffix = || RowError::After(suffix.to_owned());
    let more = match (suffix.is_empty(), &step) {
        (true, None) => 0,
        (true, Some(_)) => return Err(no_suffix()),
        (false, _) => times(suffix).ok_or_else(no_suffix)?,
    };
    fits(values, more.saturating_add(1), suffix)?;
    for _ in 0..more {
        let next = match &step {
            None => value.clone(),
            Some((sign, by)) => changed(&value, *sign, by)?,
        };
        values.push(Some(WrittenValue::Histogram(std::mem::replace(&mut value, next))));
    }
    values.push(Some(WrittenValue::Histogram(value)));
    Ok(rest)
}

fn changed(value: &WrittenHistogram, sign: char, by: &Histogram) -> Result<WrittenHistogram, RowError> {
    let (base, step) = (value.histogram.schema().number(), by.schema().number());
    if step < base {
        return Err(RowError::CoarserStep { base, step });
    }
    let mut histogram = value.histogram.clone();
    if sign == '+' {
        histogram.add(by)?
    } else {
        histogram.subtract(by)?
    };
    Ok(WrittenHistogram { histogram, hint_given: value.hint_given })
}

/// A histogram at the start of a text, and what follows.
fn literal(text: &str) -> Result<(WrittenHistogram, &str), RowError> {
    let wrong = |word: &str, fault| RowError::Histogram { word: word.to_owned(), fault };
    let inside = text.strip_prefix("{{").unwrap_or(text);
    let (inside, rest) =
        inside.split_once("}}").ok_or_else(|| wrong(text, HistogramNotationError::Open("}}")))?;
    let (histogram, hint_given) =
        histogram(inside).map_err(|fault| wrong(&text[..inside.len() + 4], fault))?;
    Ok((WrittenHistogram { histogram, hint_given }, rest))
}
