//! What a template works on while it is rendered.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::unit::UnixMillis;

/// A value. What is large is shared, so that a copy costs nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing at all: what Go prints as `<no value>`.
    Missing,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// One byte of a text.
    Byte(u8),
    /// Any other number.
    Float(f64),
    /// A complex number, which only a constant makes.
    Complex(f64, f64),
    /// A text, as bytes.
    Text(Arc<[u8]>),
    /// A text that `safeHtml` has marked. It is no text where a function wants one.
    Html(Arc<[u8]>),
    /// Several values.
    List(Arc<[Value]>),
    /// Texts by name. A name that is not among them stands for the empty text.
    Labels(Arc<BTreeMap<String, String>>),
    /// What `args` makes.
    Arguments(Arc<Arguments>),
    /// Fields of which each has to be known.
    Record(Arc<Record>),
    /// A moment.
    Time(UnixMillis),
}

/// Values by name, made by a template itself. A name that is not among them stands for no value.
#[derive(Debug, PartialEq)]
pub struct Arguments {
    /// How deep such values lie in one another. Whatever prints or drops them descends as deep.
    pub(super) depth: u32,
    pub(super) entries: BTreeMap<String, Value>,
}

/// Named fields in the order in which they are printed.
#[derive(Debug, PartialEq)]
pub struct Record {
    /// What it is called in messages.
    pub name: &'static str,
    /// The fields.
    pub fields: Vec<(&'static str, Value)>,
}

/// What a sample is called; by that it is told from other records.
const SAMPLE: &str = "sample";

impl Value {
    /// A text.
    pub fn text(text: impl AsRef<[u8]>) -> Self {
        Self::Text(text.as_ref().into())
    }

    /// Texts by name.
    pub fn labels<K: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        Self::Labels(Arc::new(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()))
    }

    /// Several values.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// Named fields.
    pub fn record(name: &'static str, fields: Vec<(&'static str, Self)>) -> Self {
        Self::Record(Arc::new(Record { name, fields }))
    }

    /// One of the values that a query brings.
    pub fn sample<K: Into<String>, V: Into<String>>(
        labels: impl IntoIterator<Item = (K, V)>,
        value: f64,
    ) -> Self {
        Self::record(SAMPLE, vec![("Labels", Self::labels(labels)), ("Value", Self::Float(value))])
    }

    /// What an alert's labels and annotations are filled from.
    pub fn alert(labels: Self, external: Self, url: &str, value: f64) -> Self {
        let fields = vec![
            ("Labels", labels),
            ("ExternalLabels", external),
            ("ExternalURL", Self::text(url)),
            ("Value", Self::Float(value)),
        ];
        Self::record("alert", fields)
    }

    /// Whether `if` takes it for true.
    pub(super) fn truth(&self) -> bool {
        match self {
            Self::Missing => false,
            Self::Bool(truth) => *truth,
            Self::Int(whole) => *whole != 0,
            Self::Byte(byte) => *byte != 0,
            Self::Float(number) => *number != 0.0,
            Self::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::Text(_) | Self::Html(_) | Self::List(_) | Self::Labels(_) | Self::Arguments(_) => {
                self.length() != Some(0)
            }
            Self::Record(_) | Self::Time(_) => true,
        }
    }

    /// How many bytes or elements it has, where it has any.
    pub(super) fn length(&self) -> Option<usize> {
        match self {
            Self::Text(text) | Self::Html(text) => Some(text.len()),
            Self::List(list) => Some(list.len()),
            Self::Labels(labels) => Some(labels.len()),
            Self::Arguments(arguments) => Some(arguments.entries.len()),
            Self::Missing
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Byte(_)
            | Self::Float(_)
            | Self::Complex(..)
            | Self::Record(_)
            | Self::Time(_) => None,
        }
    }

    /// A whole number.
    pub(super) fn whole(&self) -> Option<i64> {
        match self {
            Self::Int(whole) => Some(*whole),
            Self::Byte(byte) => Some(i64::from(*byte)),
            Self::Missing
            | Self::Bool(_)
            | Self::Float(_)
            | Self::Complex(..)
            | Self::Text(_)
            | Self::Html(_)
            | Self::List(_)
            | Self::Labels(_)
            | Self::Arguments(_)
            | Self::Record(_)
            | Self::Time(_) => None,
        }
    }

    /// The bytes of a text, marked or not.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        if let Self::Text(text) | Self::Html(text) = self { Some(text) } else { None }
    }

    pub(super) fn is_sample(&self) -> bool {
        matches!(self, Self::Record(record) if record.name == SAMPLE)
    }

    /// A field of a record.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        let Self::Record(record) = self else { return None };
        record.fields.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// How deep values of `args` lie in it.
    pub(super) fn depth(&self) -> u32 {
        if let Self::Arguments(arguments) = self { arguments.depth } else { 0 }
    }

    /// What Go calls its type.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Missing => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Byte(_) => "uint8",
            Self::Float(_) => "float64",
            Self::Complex(..) => "complex128",
            Self::Text(_) => "string",
            Self::Html(_) => "template.HTML",
            Self::List(_) => "template.queryResult",
            Self::Labels(_) => "map[string]string",
            Self::Arguments(_) => "map[string]interface {}",
            Self::Record(_) if self.is_sample() => "*template.sample",
            Self::Record(record) => record.name,
            Self::Time(_) => "*time.Time",
        }
    }

    /// What a message calls it.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Int(_) | Self::Byte(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Complex(..) => "a complex number",
            Self::Text(_) => "a text",
            Self::Html(_) => "a text marked by `safeHtml`",
            Self::List(_) => "a list",
            Self::Labels(_) => "a set of labels",
            Self::Arguments(_) => "what `args` made",
            Self::Record(_) if self.is_sample() => "a sample",
            Self::Record(_) => "a record",
            Self::Time(_) => "a time",
        }
    }
}
