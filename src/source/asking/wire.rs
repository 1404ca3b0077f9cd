//! Answers to who asks for tokens, as they are written.

use serde::de::{Deserialize, Deserializer, Error};

use crate::unit::Span;

/// A token that was given.
#[derive(serde::Deserialize)]
pub(super) struct Granted {
    #[serde(rename = "access_token")]
    pub(super) token: String,
    #[serde(rename = "token_type")]
    pub(super) kind: String,
    #[serde(rename = "expires_in", default, deserialize_with = "seconds")]
    pub(super) lasts: Option<Span>,
}

/// Why none was.
#[derive(serde::Deserialize)]
pub(super) struct NotGranted {
    pub(super) error: String,
    #[serde(rename = "error_description")]
    pub(super) description: Option<String>,
}

/// So many seconds; some write them in quotes.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Span>, D::Error> {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(f64),
        Text(String),
    }
    let seconds = match Option::<Seconds>::deserialize(deserializer)? {
        None => return Ok(None),
        Some(Seconds::Number(number)) => Some(number),
        Some(Seconds::Text(text)) => text.parse().ok(),
    };
    let millis = seconds.and_then(millis).ok_or_else(|| D::Error::custom("that is no number of seconds"))?;
    Ok(Some(Span::from_millis(millis)))
}

/// The milliseconds that floats tell apart; what is over already lasts no time at all.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is held to what fits")]
fn millis(seconds: f64) -> Option<u64> {
    let millis = (seconds * 1_000.0).round();
    (millis.abs() < 9e15).then_some(millis.max(0.0) as u64)
}
