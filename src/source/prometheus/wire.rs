//! Answers of the query API, as they are written.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::signal::Sample;
use crate::unit::UnixMillis;

/// An answer. What else stands in it is of no concern here.
#[derive(serde::Deserialize)]
pub(super) struct Answer {
    pub(super) status: String,
    pub(super) data: Option<Data>,
    #[serde(rename = "errorType")]
    pub(super) kind: Option<String>,
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) warnings: Vec<String>,
}

/// What was found.
#[derive(serde::Deserialize)]
pub(super) struct Data {
    #[serde(rename = "resultType")]
    pub(super) kind: String,
    pub(super) result: Vec<Row>,
}

/// A series: of a matrix with its samples, of a vector with one. One of histograms has neither, and holds no counter.
#[derive(serde::Deserialize)]
pub(super) struct Row {
    pub(super) metric: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) values: Vec<Point>,
    pub(super) value: Option<Point>,
}

/// A moment in seconds, and a number as a text.
pub(super) struct Point(pub(super) Sample);

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (seconds, value) = <(f64, Number)>::deserialize(deserializer)?;
        let at = millis(seconds).ok_or_else(|| D::Error::custom(format!("{seconds} is no moment")))?;
        Ok(Self(Sample { at: UnixMillis::new(at), value: value.0 }))
    }
}

/// The moments that milliseconds in 64 bits can hold, and floats tell apart.
#[expect(clippy::cast_possible_truncation, reason = "it is held to what fits")]
fn millis(seconds: f64) -> Option<i64> {
    let millis = (seconds * 1_000.0).round();
    (millis.abs() < 9e15).then_some(millis as i64)
}

/// A number, read from its text without a copy of that: there are millions of them.
struct Number(f64);

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
