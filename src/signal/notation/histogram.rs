//! Histograms as scripts write them: `{{schema:1 sum:3 count:22 buckets:[5 10 7]}}`.

use crate::signal::Histogram;
use crate::signal::histogram::{Bounds, Buckets, Hint, HistogramError, Parts, Resolution, Schema};
use crate::signal::notation::number;

/// Why a text is no histogram.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HistogramNotationError {
    /// A brace or a bracket is not closed.
    #[error("it is not closed; write `{0}` at its end")]
    Open(&'static str),
    /// A word says nothing of a histogram.
    #[error("`{word}` says nothing of a histogram; write one of {known}, each with `:` and a value", known = KEYS.join(", "))]
    Word {
        /// The word.
        word: String,
    },
    /// A word is given twice.
    #[error("`{0}` is given twice; write it once")]
    Twice(&'static str),
    /// A value is none for its word.
    #[error("`{value}` is no value for `{key}`; write {wanted}")]
    Value {
        /// The word.
        key: &'static str,
        /// What is written for it.
        value: String,
        /// What may be.
        wanted: &'static str,
    },
    /// What is said makes no histogram.
    #[error(transparent)]
    Unfit(#[from] HistogramError),
}

const KEYS: [&str; 11] = [
    "schema",
    "sum",
    "count",
    "z_bucket",
    "z_bucket_w",
    "buckets",
    "offset",
    "n_buckets",
    "n_offset",
    "custom_values",
    "counter_reset_hint",
];

/// Values of words, each at most once.
#[derive(Default)]
struct Said([Option<String>; KEYS.len()]);

/// Reads what stands between the braces; says too whether a hint is given.
pub(super) fn histogram(inside: &str) -> Result<(Histogram, bool), HistogramNotationError> {
    let said = Said::read(inside)?;
    let histogram = Histogram::new(Parts {
        schema: said.schema()?,
        zero_threshold: said.number("z_bucket_w")?,
        zero_count: said.number("z_bucket")?,
        count: said.number("count")?,
        sum: said.number("sum")?,
        positive: Buckets::from_index(said.whole("offset")?, said.row("buckets")?)?,
        negative: Buckets::from_index(said.whole("n_offset")?, said.row("n_buckets")?)?,
        hint: said.hint()?,
    })?;
    Ok((histogram, said.text("counter_reset_hint").is_some()))
}

impl Said {
    fn read(inside: &str) -> Result<Self, HistogramNotationError> {
        let mut said = Self::default();
        let mut rest = inside.trim();
        while !rest.is_empty() {
            let (word, value, after) = next_word(rest)?;
            let Some(place) = KEYS.iter().position(|key| *key == word) else {
                return Err(HistogramNotationError::Word { word: word.to_owned() });
            };
            if said.0[place].replace(value.to_owned()).is_some() {
                return Err(HistogramNotationError::Twice(KEYS[place]));
            }
            rest = after.trim_start();
        }
        Ok(said)
    }

    fn text(&self, key: &'static str) -> Option<&str> {
        let place = KEYS.iter().position(|known| *known == key)?;
        self.0[place].as_deref()
    }

    fn value<T>(
        &self,
        key: &'static str,
        wanted: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, HistogramNotationError> {
        let Some(text) = self.text(key) else { return Ok(None) };
        let no_value = || HistogramNotationError::Value { key, value: text.to_owned(), wanted };
        read(text).map(Some).ok_or_else(no_value)
    }

    fn number(&self, key: &'static str) -> Result<f64, HistogramNotationError> {
        Ok(self.value(key, "a number", whole_number)?.unwrap_or(0.0))
    }

    fn whole(&self, key: &'static str) -> Result<i32, HistogramNotationError> {
        Ok(self.value(key, "a whole number", |text| text.parse().ok())?.unwrap_or(0))
    }

    fn row(&self, key: &'static str) -> Result<Vec<f64>, HistogramNotationError> {
        let read = |text: &str| {
            let inside = text.strip_prefix('[')?.strip_suffix(']')?;
            inside.split_whitespace().map(whole_number).collect()
        };
        Ok(self.value(key, "numbers in brackets, as `[5 10 7]`", read)?.unwrap_or_default())
    }

    fn hint(&self) -> Result<Hint, HistogramNotationError> {
        let read = |text: &str| Hint::ALL.into_iter().find(|hint| hint.word() == text);
        let wanted = "`unknown`, `reset`, `not_reset` or `gauge`";
        Ok(self.value("counter_reset_hint", wanted, read)?.unwrap_or_default())
    }

    fn schema(&self) -> Result<Schema, HistogramNotationError> {
        let schema = self.whole("schema")?;
        if schema == Schema::CUSTOM {
            return Ok(Schema::Custom(Bounds::new(self.row("custom_values")?)?));
        }
        let resolution = Resolution::new(schema)?;
        match self.text("custom_values") {
            None => Ok(Schema::Exponential(resolution)),
            Some(value) => Err(HistogramNotationError::Value {
                key: "custom_values",
                value: value.to_owned(),
                wanted: "them only with `schema:-53`",
            }),
        }
    }
}

/// A key, its value, and what follows.
fn next_word(rest: &str) -> Result<(&str, &str, &str), HistogramNotationError> {
    let word = rest.split_whitespace().next().unwrap_or(rest);
    let no_word = || HistogramNotationError::Word { word: word.to_owned() };
    let (key, after) =
        rest.split_once(':').filter(|(key, _)| !key.contains(char::is_whitespace)).ok_or_else(no_word)?;
    let end = if after.starts_with('[') {
        after.find(']').ok_or(HistogramNotationError::Open("]"))? + 1
    } else {
        after.find(char::is_whitespace).unwrap_or(after.len())
    };
    let (value, after) = after.split_at(end);
    Ok((key, value, after))
}

/// A number and nothing else.
fn whole_number(text: &str) -> Option<f64> {
    number(text).filter(|(_, rest)| rest.is_empty()).map(|(number, _)| number)
}
