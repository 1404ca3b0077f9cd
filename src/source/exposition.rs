//! Samples as text, as applications expose them: Prometheus's own format, and OpenMetrics.
//!
//! A text that ends with `# EOF` is OpenMetrics, in which times are in seconds; in the other they are in milliseconds.
//! Histograms and summaries are the series that they are written as.

mod error;
mod line;
mod scan;

use std::collections::BTreeMap;

use crate::signal::{Labels, Sample, Series};
use crate::unit::UnixMillis;

pub use error::{ExpositionError, Misread};

use line::Line;

/// How OpenMetrics ends.
const END: &str = "# EOF";

/// The most bytes of a text.
pub const LARGEST_TEXT: usize = 256 << 20;

/// The most samples of a text.
pub const MOST_SAMPLES: usize = 10_000_000;

/// The most labels of a series.
pub const MOST_LABELS: usize = 256;

/// Reads a text. What has no time of its own is of the moment given.
pub fn read(bytes: &[u8], now: UnixMillis) -> Result<Vec<Series>, ExpositionError> {
    if LARGEST_TEXT < bytes.len() {
        return Err(Misread::TooLarge(bytes.len()).at(1));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| not_text(bytes, error.valid_up_to()))?;
    let end = text.split('\n').position(|line| line.trim_end() == END);
    let mut found = Found::default();
    for (index, line) in text.split('\n').enumerate() {
        let number = index + 1;
        if end.is_some_and(|end| end < index) && !line.trim().is_empty() {
            return Err(Misread::AfterTheEnd.at(number));
        }
        if let Some(line) = line::read(line, end.is_some()).map_err(|why| why.at(number))? {
            found.take(line, now, number).map_err(|why| why.at(number))?;
        }
    }
    Ok(found.series())
}

fn not_text(bytes: &[u8], at: usize) -> ExpositionError {
    let line = 1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count();
    Misread::NotText(bytes.get(at).copied().unwrap_or_default()).at(line)
}

/// The samples of each series, each with its line.
#[derive(Default)]
struct Found {
    series: BTreeMap<Labels, BTreeMap<UnixMillis, (f64, usize)>>,
    samples: usize,
}

impl Found {
    fn take(&mut self, line: Line, now: UnixMillis, number: usize) -> Result<(), Misread> {
        let Line { labels, value, at } = line;
        let shown = || labels.to_string();
        let at = at.unwrap_or(now);
        if let Some((_, first)) = self.series.get(&labels).and_then(|samples| samples.get(&at)) {
            return Err(Misread::Twice { series: shown(), first: *first });
        }
        self.samples += 1;
        if MOST_SAMPLES < self.samples {
            return Err(Misread::TooMany);
        }
        self.series.entry(labels).or_default().insert(at, (value, number));
        Ok(())
    }

    fn series(self) -> Vec<Series> {
        let sample = |(at, (value, _))| Sample { at, value };
        let series = |(labels, samples): (Labels, BTreeMap<_, _>)| Series {
            labels,
            samples: samples.into_iter().map(sample).map(Into::into).collect(),
        };
        self.series.into_iter().map(series).collect()
    }
}

#[cfg(test)]
mod tests;
