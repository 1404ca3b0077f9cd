//! The shapes of scalars. Times are whole milliseconds, ids are text: no reader of JSON then loses a digit.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::{Deserializer, Error, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::decision::{CellId, DecisionId, Key};
use crate::gate::QuestionId;
use crate::ledger::entry::Malformed;
use crate::ledger::wire::mirror::Mirror;
use crate::signal::{ChangeId, Fingerprint, Object, TrafficPart};
use crate::unit::{Confidence, Name, Rate, Span, UnixMillis};

macro_rules! itself {
    ($($scalar:ty),*) => {$(
        impl Mirror<$scalar> for $scalar {
            fn of(it: &$scalar) -> Self {
                it.clone()
            }

            fn back(self) -> Result<$scalar, Malformed> {
                Ok(self)
            }
        }
    )*};
}

itself!(bool, i8, u8, u16, u32, u64, String, BTreeMap<String, String>);

/// Scalars that print as a text which reads back as the same.
macro_rules! as_text {
    ($($scalar:ty: $what:literal),*) => {$(
        impl Mirror<$scalar> for String {
            fn of(it: &$scalar) -> Self {
                it.to_string()
            }

            fn back(self) -> Result<$scalar, Malformed> {
                parsed(self, $what)
            }
        }
    )*};
}

as_text!(Name: "name", Rate: "limit", QuestionId: "id of a question", CellId: "gate of a change", DecisionId: "id of a decision", Object: "object", TrafficPart: "part of the traffic");

fn parsed<T: FromStr>(value: String, what: &'static str) -> Result<T, Malformed> {
    value.parse().map_err(|_| Malformed::Value { what, value })
}

/// Newtypes around a scalar.
macro_rules! within {
    ($($newtype:ident: $scalar:ty),*) => {$(
        impl Mirror<$newtype> for $scalar {
            fn of(it: &$newtype) -> Self {
                it.0.clone()
            }

            fn back(self) -> Result<$newtype, Malformed> {
                Ok($newtype(self))
            }
        }
    )*};
}

within!(Key: String, ChangeId: String, Fingerprint: String);

impl Mirror<usize> for u64 {
    fn of(it: &usize) -> Self {
        *it as u64
    }

    fn back(self) -> Result<usize, Malformed> {
        usize::try_from(self).map_err(|_| Malformed::TooLarge)
    }
}

impl Mirror<Span> for u64 {
    fn of(it: &Span) -> Self {
        it.millis()
    }

    fn back(self) -> Result<Span, Malformed> {
        Ok(Span::from_millis(self))
    }
}

impl Mirror<UnixMillis> for i64 {
    fn of(it: &UnixMillis) -> Self {
        it.millis()
    }

    fn back(self) -> Result<UnixMillis, Malformed> {
        Ok(UnixMillis::new(self))
    }
}

/// Bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Base64(String);

impl Mirror<Vec<u8>> for Base64 {
    fn of(it: &Vec<u8>) -> Self {
        Self(STANDARD_NO_PAD.encode(it))
    }

    fn back(self) -> Result<Vec<u8>, Malformed> {
        STANDARD_NO_PAD.decode(&self.0).map_err(|_| Malformed::Value { what: "base64", value: self.0 })
    }
}

/// A number to the bit. JSON has no infinity, and evidence of nothing has its logarithm there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Real(f64);

/// What JSON cannot say, in words.
const WORDS: [(&str, f64); 3] = [("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY), ("nan", f64::NAN)];

impl Serialize for Real {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let same = |word: f64| {
            word.is_nan() == self.0.is_nan() && (word.is_nan() || word.total_cmp(&self.0).is_eq())
        };
        match WORDS.iter().find(|(_, number)| same(*number)) {
            Some((word, _)) => serializer.serialize_str(word),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Real {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RealVisitor)
    }
}

struct RealVisitor;

impl Visitor<'_> for RealVisitor {
    type Value = Real;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or `inf`, `-inf` or `nan`")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Real, E> {
        Ok(Real(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "we write each number with a point; others' are rounded")]
    fn visit_u64<E: Error>(self, number: u64) -> Result<Real, E> {
        Ok(Real(number as f64))
    }

    #[expect(clippy::cast_precision_loss, reason = "we write each number with a point; others' are rounded")]
    fn visit_i64<E: Error>(self, number: i64) -> Result<Real, E> {
        Ok(Real(number as f64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Real, E> {
        let known = WORDS.iter().find(|(word, _)| *word == text);
        known.map(|(_, number)| Real(*number)).ok_or_else(|| E::custom(format!("`{text}` is no number")))
    }
}

impl Mirror<f64> for Real {
    fn of(it: &f64) -> Self {
        Self(*it)
    }

    fn back(self) -> Result<f64, Malformed> {
        Ok(self.0)
    }
}

impl Mirror<Confidence> for Real {
    fn of(it: &Confidence) -> Self {
        Self(it.share())
    }

    fn back(self) -> Result<Confidence, Malformed> {
        Confidence::new(self.0)
            .map_err(|_| Malformed::Value { what: "confidence", value: self.0.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn through_json(number: f64) -> f64 {
        let json = serde_json::to_vec(&Real(number)).unwrap();
        serde_json::from_slice::<Real>(&json).unwrap().0
    }

    #[test]
    fn numbers_beyond_json_are_words() {
        for number in [f64::INFINITY, f64::NEG_INFINITY, -0.0, 0.0, 1e300, 5e-324, 1.0, f64::MAX] {
            assert_eq!(through_json(number).to_bits(), number.to_bits(), "{number}");
        }
        assert!(through_json(f64::NAN).is_nan());
        assert!(serde_json::from_str::<Real>("\"many\"").is_err());
        assert!(serde_json::from_str::<Real>("null").is_err());
    }

    proptest! {
        #[test]
        fn numbers_come_back_to_the_bit(number in any::<f64>()) {
            prop_assert_eq!(through_json(number).to_bits(), number.to_bits());
        }

        #[test]
        fn limits_come_back(times: u32, per in 1..=9_223_372_036_854_u64) {
            let rate: Rate = format!("{times}/{}", Span::from_millis(per)).parse().unwrap();
            let text: String = Mirror::of(&rate);
            prop_assert_eq!(Mirror::<Rate>::back(text), Ok(rate));
        }
    }
}
