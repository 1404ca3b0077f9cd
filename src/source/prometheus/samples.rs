//! Raw samples: an instant query of a range selector answers with what was scraped.

use crate::signal::{Observation, Series};
use crate::source::prometheus::answer::{Found, read};
use crate::source::prometheus::error::Asked;
use crate::source::prometheus::{Error, Moments, Partial, Prometheus, form};
use crate::unit::{Span, UnixMillis};

/// The most series of one selector, unless a source is told otherwise, and the most sums.
pub const MOST_SERIES: u64 = 10_000;

/// The most samples of one selector, over all of its stretches: half a gigabyte, roughly.
pub const MOST_SAMPLES: u64 = 20_000_000;

/// About how many samples are asked for at once: an answer of some ten megabytes.
pub const MOST_AT_ONCE: u64 = 400_000;

/// As many numbers as take the room of a native histogram in an answer.
pub const HISTOGRAM_ROOM: u64 = 200;

/// A stretch so short that nobody has to ask how many numbers are in it.
pub const SHORT: Span = Span::from_secs(600);

/// As often as series are taken to be scraped, where nobody counts.
const OFTEN: Span = Span::from_secs(5);

/// A stretch of time: behind `from`, up to `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins; this moment need not be in it.
    pub from: UnixMillis,
    /// Where it ends; this moment is.
    pub to: UnixMillis,
}

/// What the samples of a selector are, by the room that they take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Numbers.
    Number,
    /// Native histograms.
    Histogram,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// How many series.
    pub series: u64,
    /// How many samples.
    pub samples: u64,
}

/// What was heard.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heard {
    /// Series, none without a sample.
    pub series: Vec<Series>,
    /// What makes them a part only, where the server said so. A part decides nothing: fewer errors may be in it than
    /// there were.
    pub partial: Option<Partial>,
}

impl Heard {
    /// All that there is; an error, where it is a part only.
    pub fn whole(self) -> Result<Self, Error> {
        match self.partial {
            Some(partial) => Err(partial.into()),
            None => Ok(self),
        }
    }
}

impl Stretch {
    /// Its length.
    pub fn length(self) -> Span {
        self.to.since(self.from)
    }

    /// It cut into stretches for so many samples, if they lie evenly.
    fn cut(self, samples: u64) -> Vec<Self> {
        let length = self.length().millis();
        let pieces = samples.div_ceil(MOST_AT_ONCE).clamp(1, length.max(1));
        let edge = |piece: u64| {
            let part = u128::from(length) * u128::from(piece) / u128::from(pieces);
            self.from.plus(Span::from_millis(u64::try_from(part).unwrap_or(length)))
        };
        (0..pieces).map(|piece| Self { from: edge(piece), to: edge(piece + 1) }).collect()
    }
}

impl Prometheus {
    /// The stretches in which the samples of a selector are best asked for; none, where it is known to have none. It is
    /// an error where there are more than anybody should ask for.
    pub async fn stretches(&self, selector: &str, whole: Stretch, room: Room) -> Result<Vec<Stretch>, Error> {
        let length = whole.length();
        if length <= SHORT && room == Room::Number {
            return Ok(vec![whole]);
        }
        let series = self.number(&format!("count(last_over_time({selector}[{length}]))"), whole.to).await?;
        let asked = || Asked::new(self.host(), selector);
        if self.series_at_most < series {
            return Err(self.too_many(selector, series));
        }
        if series == 0 {
            return Ok(Vec::new());
        }
        // Without their names, series of several metrics are the same to Prometheus, and cannot be counted over.
        if selector.starts_with('{') {
            return Ok(whole.cut(series.saturating_mul(length.millis() / OFTEN.millis())));
        }
        let samples = self.number(&format!("sum(count_over_time({selector}[{length}]))"), whole.to).await?;
        let samples = match room {
            Room::Number => samples,
            Room::Histogram => samples.saturating_mul(HISTOGRAM_ROOM),
        };
        if MOST_SAMPLES < samples {
            return Err(Error::TooManySamples { asked: asked(), samples });
        }
        Ok(whole.cut(samples))
    }

    /// The samples of a selector in a stretch.
    pub async fn samples(&self, selector: &str, stretch: Stretch) -> Result<Heard, Error> {
        if stretch.length().is_zero() {
            return Ok(Heard::default());
        }
        let query = format!("{selector}[{}]", stretch.length());
        self.heard(&query, "matrix", stretch.to).await
    }

    /// The last value of each series of a selector within so much time up to a moment, as a sample at the beginning of
    /// that time: it was seen then or later, and nobody says when.
    pub async fn last_seen(&self, selector: &str, stretch: Stretch) -> Result<Heard, Error> {
        let query = format!("last_over_time({selector}[{}])", stretch.length());
        let mut heard = self.heard(&query, "vector", stretch.to).await?;
        for sample in heard.series.iter_mut().flat_map(|series| &mut series.samples) {
            sample.at = stretch.from;
        }
        Ok(heard)
    }

    /// What an expression is worth at some moments.
    pub async fn worth(&self, query: &str, moments: Moments) -> Result<Heard, Error> {
        let asked = Asked::new(self.host(), query);
        let (to, times) = self.times(moments);
        let kind = match moments {
            Moments::At(_) => "vector",
            Moments::Range { .. } => "matrix",
        };
        let body = self.post(to, form(query, &times), &asked).await;
        self.read(body.and_then(|body| read(&asked, kind, &body)))
    }

    /// That there are more series than are taken.
    pub fn too_many(&self, query: &str, series: u64) -> Error {
        Error::TooManySeries { asked: Asked::new(self.host(), query), series, most: self.series_at_most }
    }

    async fn heard(&self, query: &str, kind: &str, at: UnixMillis) -> Result<Heard, Error> {
        let asked = Asked::new(self.host(), query);
        let body = self.ask(&asked, query, at).await;
        self.read(body.and_then(|body| read(&asked, kind, &body)))
    }

    fn read(&self, heard: Result<Found, Error>) -> Result<Heard, Error> {
        self.figures.ended(&heard, |found| found.partial.is_some());
        let Found { mut series, partial } = heard?;
        series.retain(|series| !series.samples.is_empty());
        Ok(Heard { series, partial })
    }

    /// The one number that a query is worth; none is 0. A part of what there is would be another one.
    pub async fn number(&self, query: &str, at: UnixMillis) -> Result<u64, Error> {
        let heard = self.heard(query, "vector", at).await?.whole()?;
        let first = heard.series.first().and_then(|series| series.samples.first());
        let value = first.and_then(Observation::number).unwrap_or(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count; below 0 it is none"
        )]
        Ok(value as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_follow_on_one_another_and_lose_nothing() {
        let at = UnixMillis::new;
        for (length, samples, pieces) in [
            (86_400_000, 0, 1),
            (86_400_000, MOST_AT_ONCE, 1),
            (86_400_000, MOST_AT_ONCE + 1, 2),
            (86_400_000, MOST_SAMPLES, 50),
            (86_399_999, MOST_AT_ONCE * 7, 7),
            (3, MOST_SAMPLES, 3),
            (0, MOST_SAMPLES, 1),
        ] {
            let whole = Stretch { from: at(1_000), to: at(1_000 + length) };
            let cut = whole.cut(samples);
            assert_eq!(cut.len(), pieces, "{samples} in {length} ms");
            assert_eq!((cut[0].from, cut[pieces - 1].to), (whole.from, whole.to));
            assert!(cut.windows(2).all(|pair| pair[0].to == pair[1].from), "{cut:?}");
        }
    }
}
