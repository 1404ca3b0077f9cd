//! One line: a series, its value, and perhaps the time.

use crate::signal::{Labels, LabelsError, NAME};
use crate::source::exposition::MOST_LABELS;
use crate::source::exposition::error::Misread;
use crate::source::exposition::scan::Scan;
use crate::unit::UnixMillis;

/// A sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub(super) labels: Labels,
    pub(super) value: f64,
    pub(super) at: Option<UnixMillis>,
}

/// Reads a line; nothing where it is empty or a comment.
pub(super) fn read(line: &str, open_metrics: bool) -> Result<Option<Line>, Misread> {
    let mut scan = Scan::new(line.strip_suffix('\r').unwrap_or(line));
    scan.blanks();
    if matches!(scan.peek(), None | Some(b'#')) {
        return Ok(None);
    }
    let labels = labels(&mut scan)?;
    scan.blanks();
    let value = value(&mut scan)?;
    scan.blanks();
    let at = match scan.peek() {
        None | Some(b'#') => None,
        Some(_) => Some(time(scan.until_blank(), open_metrics)?),
    };
    scan.blanks();
    match scan.peek() {
        None => {}
        // An example of what was counted, which nothing is made of here.
        Some(b'#') if open_metrics => {}
        Some(_) => return Err(Misread::Behind(scan.shown())),
    }
    Ok(Some(Line { labels, value, at }))
}

const fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':')
}

const fn goes_on_name(byte: u8) -> bool {
    begins_name(byte) || byte.is_ascii_digit()
}

const fn begins_label(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

const fn goes_on_label(byte: u8) -> bool {
    begins_label(byte) || byte.is_ascii_digit()
}

fn labels(scan: &mut Scan<'_>) -> Result<Labels, Misread> {
    let beginning = scan.shown();
    let name = scan.word(begins_name, goes_on_name);
    let mut pairs = Vec::new();
    if !name.is_empty() {
        pairs.push((NAME.to_owned(), name.to_owned()));
    } else if scan.peek() != Some(b'{') {
        return Err(Misread::Beginning(beginning));
    }
    scan.blanks();
    if scan.take(b'{') {
        within(scan, &mut pairs)?;
    }
    if !pairs.iter().any(|(label, value)| label == NAME && !value.is_empty()) {
        return Err(Misread::Nameless);
    }
    // A label that is there twice is told even where it is empty, as one of the two is a slip.
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(LabelsError::Twice(twice[0].to_owned()).into());
    }
    Ok(Labels::new(pairs)?)
}

/// What stands between braces, and the brace behind it.
fn within(scan: &mut Scan<'_>, pairs: &mut Vec<(String, String)>) -> Result<(), Misread> {
    loop {
        scan.blanks();
        if scan.take(b'}') {
            return Ok(());
        }
        if MOST_LABELS < pairs.len() {
            return Err(Misread::TooManyLabels);
        }
        pairs.push(pair(scan)?);
        scan.blanks();
        if !scan.take(b',') && scan.peek() != Some(b'}') {
            return Err(Misread::Between(scan.shown()));
        }
    }
}

/// A label with its value, or the metric's name in quotes.
fn pair(scan: &mut Scan<'_>) -> Result<(String, String), Misread> {
    let beginning = scan.shown();
    let quoted = scan.peek() == Some(b'"');
    let name = if quoted { scan.quoted()? } else { scan.word(begins_label, goes_on_label).to_owned() };
    scan.blanks();
    if quoted && matches!(scan.peek(), Some(b',' | b'}')) {
        return Ok((NAME.to_owned(), name));
    }
    if name.is_empty() || !scan.take(b'=') {
        return Err(Misread::Label(beginning));
    }
    scan.blanks();
    if scan.peek() != Some(b'"') {
        return Err(Misread::Label(beginning));
    }
    Ok((name, scan.quoted()?))
}

fn value(scan: &mut Scan<'_>) -> Result<f64, Misread> {
    let shown = scan.shown();
    let text = scan.until_blank();
    text.parse().map_err(|_| Misread::Value(shown))
}

/// A time: whole milliseconds, or in OpenMetrics seconds.
fn time(text: &str, open_metrics: bool) -> Result<UnixMillis, Misread> {
    let form = if open_metrics {
        "seconds"
    } else {
        "whole milliseconds (seconds, where the text ends with `# EOF`)"
    };
    let wrong = || Misread::Time { text: text.chars().take(40).collect(), form };
    if !open_metrics {
        return text.parse().map(UnixMillis::new).map_err(|_| wrong());
    }
    let millis = text.parse::<f64>().map_err(|_| wrong())? * 1_000.0;
    // What milliseconds in 64 bits hold, and floats tell apart.
    if millis.abs() < 9e15 { Ok(nearest(millis)) } else { Err(wrong()) }
}

#[expect(clippy::cast_possible_truncation, reason = "it is held to what fits")]
fn nearest(millis: f64) -> UnixMillis {
    UnixMillis::new(millis.round() as i64)
}
