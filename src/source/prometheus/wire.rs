//! Answers of the query API, as they are written.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::signal::Sample;
use crate::unit::UnixMillis;

/// An answer. What else stands in it is of no concern here.
#[derive(serde::Deserialize)]
pub(super) struct Answer<D = Data> {
    pub(super) status: String,
    pub(super) data: Option<D>,
    #[serde(rename = "errorType")]
    pub(super) kind: Option<String>,
    pub(super) error: Option<String>,
    /// Of Prometheus and Thanos. `infos` are of the expression alone.
    pub(super) warnings: Option<Vec<String>>,
    pub(super) infos: Option<Vec<String>>,
    /// Of `VictoriaMetrics`.
    #[serde(rename = "isPartial")]
    is_partial: Option<bool>,
    partial: Option<bool>,
    partial_response: Option<bool>,
}

impl<D> Answer<D> {
    /// That something is missing, where it says so by one of its flags.
    pub(super) fn flagged(&self) -> Option<String> {
        let flags = [
            (self.is_partial, "isPartial"),
            (self.partial, "partial"),
            (self.partial_response, "partial_response"),
        ];
        let (_, flag) = flags.into_iter().find(|(is_set, _)| *is_set == Some(true))?;
        Some(format!("`{flag}` is true"))
    }
}

/// What was found.
#[derive(serde::Deserialize)]
pub(super) struct Data {
    #[serde(rename = "resultType")]
    pub(super) kind: String,
    pub(super) result: Vec<Row>,
}

/// A series: of a matrix with its samples, of a vector with one.
#[derive(serde::Deserialize)]
pub(super) struct Row {
    pub(super) metric: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) values: Vec<Point>,
    pub(super) value: Option<Point>,
    #[serde(default)]
    pub(super) histograms: Vec<HistogramPoint>,
    pub(super) histogram: Option<HistogramPoint>,
}

/// A moment in seconds, and a histogram.
pub(super) struct HistogramPoint {
    pub(super) at: UnixMillis,
    pub(super) histogram: Histogram,
}

/// A histogram, as far as it is shown: its buckets that count something.
#[derive(serde::Deserialize)]
pub(super) struct Histogram {
    pub(super) count: Number,
    pub(super) sum: Number,
    /// Each with a number for which of its ends belong to it, its ends, and its count.
    #[serde(default)]
    pub(super) buckets: Vec<(u8, Number, Number, Number)>,
}

impl<'de> Deserialize<'de> for HistogramPoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seconds, histogram) = <(f64, Histogram)>::deserialize(deserializer)?;
        Ok(Self { at: moment(seconds)?, histogram })
    }
}

/// What a query of whatever kind found.
#[derive(serde::Deserialize)]
pub(super) struct WholeData {
    #[serde(rename = "resultType")]
    pub(super) kind: String,
    pub(super) result: Outcome,
}

/// Series, or one number or text.
#[derive(serde::Deserialize)]
#[serde(untagged)]
pub(super) enum Outcome {
    Series(Vec<WholeRow>),
    Alone(f64, String),
}

/// A series with its numbers and its histograms.
#[derive(serde::Deserialize)]
pub(super) struct WholeRow {
    pub(super) metric: BTreeMap<String, String>,
    pub(super) value: Option<Point>,
    #[serde(default)]
    pub(super) values: Vec<Point>,
    pub(super) histogram: Option<(f64, HistogramTold)>,
    #[serde(default)]
    pub(super) histograms: Vec<(f64, HistogramTold)>,
}

/// A histogram: which borders of each bucket belong to it, where it begins and ends, and what it counts.
#[derive(serde::Deserialize)]
pub(super) struct HistogramTold {
    pub(super) count: String,
    pub(super) sum: String,
    #[serde(default)]
    pub(super) buckets: Vec<(u8, String, String, String)>,
}

/// A moment in seconds, and a number as a text.
pub(super) struct Point(pub(super) Sample);

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seconds, value) = <(f64, Number)>::deserialize(deserializer)?;
        Ok(Self(Sample { at: moment(seconds)?, value: value.0 }))
    }
}

fn moment<E: Error>(seconds: f64) -> Result<UnixMillis, E> {
    let at = millis(seconds).ok_or_else(|| E::custom(format!("{seconds} is no moment")))?;
    Ok(UnixMillis::new(at))
}

/// The moments that milliseconds in 64 bits can hold, and floats tell apart.
#[expect(clippy::cast_possible_truncation, reason = "it is held to what fits")]
pub(super) fn millis(seconds: f64) -> Option<i64> {
    let millis = (seconds * 1_000.0).round();
    (millis.abs() < 9e15).then_some(millis as i64)
}

/// A number, read from its text without a copy of that: there are millions of them.
pub(super) struct Number(pub(super) f64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NumberVisitor)
    }
}

struct NumberVisitor;

impl Visitor<'_> for NumberVisitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number in quotes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Number, E> {
        text.parse().map(Number).map_err(|_| E::custom(format!("`{text:.40}` is no number")))
    }
}
