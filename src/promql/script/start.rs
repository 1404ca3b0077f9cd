//! Lines of start times: `name{label="value"}@st _ -1mx5`, above the series that they belong to.
//!
//! Each says how long before its sample the counter began.

use crate::promql::script::error::Misread;
use crate::promql::script::row;
use crate::signal::{Labels, MOST_SAMPLES};
use crate::unit::Span;

/// How a line of start times ends its first word.
const MARK: &str = "@st";

/// Start times, in milliseconds from the times of the samples.
#[derive(Debug, Clone)]
pub(super) struct Starts {
    /// Whose; those of every series that follows where it says nothing.
    pub(super) labels: Option<Labels>,
    pub(super) values: Vec<Option<i64>>,
}

impl Starts {
    /// The start times that a line says; nothing where it is a line of another kind.
    pub(super) fn read(line: &str) -> Result<Option<Self>, Misread> {
        let Some((first, rest)) = line.split_once([' ', '\t']) else { return Ok(None) };
        let Some(series) = first.strip_suffix(MARK) else { return Ok(None) };
        let labels = if series.is_empty() { None } else { Some(row::labels(series)?.0) };
        let mut values = Vec::new();
        for word in rest.split_whitespace() {
            let last = values.iter().rev().find_map(|value: &Option<i64>| *value).unwrap_or(0);
            let run = Run::read(word, last).ok_or_else(|| Misread::Start(word.to_owned()))?;
            if MOST_SAMPLES < values.len().saturating_add(run.count) {
                return Err(Misread::TooMuch);
            }
            run.write(&mut values);
        }
        Ok(Some(Self { labels, values }))
    }
}

/// What one word stands for.
struct Run {
    first: Option<i64>,
    step: i64,
    count: usize,
}

impl Run {
    fn read(word: &str, last: i64) -> Option<Self> {
        if let Some(rest) = word.strip_prefix('_') {
            let count = if rest.is_empty() { 1 } else { times(rest)? };
            return (0 < count).then_some(Self { first: None, step: 0, count });
        }
        // What came before, again.
        let (first, rest) = word.strip_prefix('*').map_or_else(|| millis(word), |rest| Some((last, rest)))?;
        if rest.is_empty() {
            return Some(Self { first: Some(first), step: 0, count: 1 });
        }
        let (step, rest) = match rest.strip_prefix('-') {
            Some(rest) => millis(rest).map(|(step, rest)| (-step, rest))?,
            None => rest.strip_prefix('+').map_or(Some((0, rest)), millis)?,
        };
        Some(Self { first: Some(first), step, count: times(rest)?.checked_add(1)? })
    }

    fn write(&self, values: &mut Vec<Option<i64>>) {
        let mut value = self.first;
        for _ in 0..self.count {
            values.push(value);
            value = value.map(|value| value.saturating_add(self.step));
        }
    }
}

fn times(text: &str) -> Option<usize> {
    text.strip_prefix('x')?.parse().ok()
}

/// The duration at the start of a word, and what follows it.
fn millis(word: &str) -> Option<(i64, &str)> {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    let end = unsigned.find(|c: char| !c.is_ascii_alphanumeric() || c == 'x').unwrap_or(unsigned.len());
    let (text, rest) = unsigned.split_at(end);
    let millis = i64::try_from(text.parse::<Span>().ok()?.millis()).ok()?;
    Some((if word.starts_with('-') { -millis } else { millis }, rest))
}
