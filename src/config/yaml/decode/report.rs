//! Why a value could not be read, in the words of somebody who wrote it.

use std::fmt;

use serde::de;

use crate::config::yaml::decode::Sink;
use crate::config::yaml::node::{Node, Scalar, Style, Value};
use crate::config::yaml::resolve::Meaning;
use crate::lint::{Finding, name};
use crate::unit::nearest;

/// Why a value could not be read.
#[derive(Debug)]
pub(super) enum Broken {
    /// Something within it was reported already.
    Reported,
    /// It is of another kind; with the way out, where one can be named.
    Wrong(String, Option<&'static str>),
    /// It is of the right kind and means nothing.
    Bad(String),
    /// One of a few words is wanted.
    Word(String, &'static [&'static str]),
    /// A key is not there.
    Missing(&'static str),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reported => f.write_str("something within it is wrong"),
            Self::Wrong(message, _) | Self::Bad(message) => f.write_str(message),
            Self::Word(word, _) => write!(f, "`{word}` means nothing here"),
            Self::Missing(key) => write!(f, "the key `{key}` is missing"),
        }
    }
}

impl std::error::Error for Broken {}

impl de::Error for Broken {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Bad(message.to_string())
    }

    fn invalid_type(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        Self::Wrong(format!("{found} stands where {wanted} is wanted"), None)
    }

    fn invalid_value(found: de::Unexpected<'_>, wanted: &dyn de::Expected) -> Self {
        let wanted = wanted.to_string();
        let wanted = match wanted.as_str() {
            "u16" => "a whole number from 0 to 65535",
            "u32" => "a whole number from 0 to 4294967295",
            other => other,
        };
        // Written as the file has it: 99999, not "integer `99999`".
        let found = found.to_string();
        let bare = found.strip_prefix("integer `").and_then(|number| number.strip_suffix('`'));
        Self::Bad(format!("{} is not {wanted}", bare.unwrap_or(&found)))
    }

    fn unknown_variant(word: &str, words: &'static [&'static str]) -> Self {
        Self::Word(word.to_owned(), words)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing(key)
    }
}

impl Sink<'_> {
    /// Reports what is wrong with a node, once.
    pub(super) fn report(&self, broken: Broken, node: &Node) -> Broken {
        let message = broken.to_string();
        let (name, help) = match broken {
            Broken::Reported => return Broken::Reported,
            Broken::Wrong(_, help) => (name::WRONG_TYPE, help.map(str::to_owned)),
            Broken::Bad(_) => (name::BAD_VALUE, None),
            Broken::Word(word, words) => (name::BAD_VALUE, Some(meant(&word, words))),
            Broken::Missing(key) => (name::MISSING_KEY, Some(format!("add `{key}: ..`"))),
        };
        self.push(help.into_iter().fold(Finding::error(name, node.written(), message), Finding::help));
        Broken::Reported
    }

    /// Reports a key that nobody reads.
    pub(super) fn unknown(&self, key: &Node, fields: &'static [&'static str]) {
        let written = key.text().unwrap_or_default();
        let message = format!("nobody reads the key `{written}`");
        let finding = Finding::error(name::UNKNOWN_KEY, key.written(), message);
        self.push(finding.help(meant(written, fields)));
    }

    pub(super) fn push(&self, finding: Finding) {
        self.0.borrow_mut().push(finding);
    }
}

/// The word that was meant, or all that there are.
fn meant(written: &str, words: &'static [&'static str]) -> String {
    match nearest(written, words.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None if words.is_empty() => "nothing can stand here; take it out".to_owned(),
        None => format!("what can stand here: {}", quoted(words)),
    }
}

/// What was wanted in place of a struct.
pub(super) fn mapping_with(fields: &[&str]) -> String {
    match fields {
        [] => "an empty mapping".to_owned(),
        [_, _, _, _, _, ..] => format!("a mapping with keys like {}", quoted(&fields[..3])),
        few => format!("a mapping with {}", quoted(few)),
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// How to write what was probably meant.
pub(super) fn way_out(node: &Node, wanted: &str) -> Option<&'static str> {
    let Value::Scalar(scalar) = &node.value else {
        // `{{ .Service }}` without quotes is a mapping whose key is a mapping; other mappings were meant.
        let template = match &node.value {
            Value::Map(entries) => entries.iter().any(|entry| matches!(entry.key.value, Value::Map(_))),
            Value::List(_) | Value::Scalar(_) => false,
        };
        return (wanted == "a text" && template).then_some("put quotes around a text that begins with `{{`");
    };
    let bare = Scalar { style: Style::Plain, ..scalar.clone() };
    let bare = Node { alias: None, tag: None, value: Value::Scalar(bare), place: node.place };
    let number =
        matches!(bare.meaning(), Ok(Meaning::Int(_) | Meaning::Float(_))) && wanted.ends_with("number");
    let truth = matches!(bare.meaning(), Ok(Meaning::Bool(_))) && wanted.starts_with("`true`");
    if scalar.style != Style::Plain && (number || truth) {
        return Some("take the quotes off");
    }
    (wanted == "a list" && !scalar.text.is_empty()).then_some("write a list, even of one: `- ..` or `[..]`")
}

/// What stands there, with the value where it is short.
pub(super) fn found(node: &Node) -> String {
    /// Enough to recognise a value by.
    const SHOWN: usize = 32;
    let text = match &node.value {
        Value::List(_) => return "a list".to_owned(),
        Value::Map(_) => return "a mapping".to_owned(),
        Value::Scalar(scalar) => &scalar.text,
    };
    let kind = match node.meaning() {
        Ok(Meaning::Null) => return "nothing".to_owned(),
        Ok(meaning) => meaning.kind(),
        Err(_) => "a value",
    };
    let shown: String = text.chars().take(SHOWN).collect();
    let more = if shown.len() < text.len() { ".." } else { "" };
    format!("{kind} (`{}{more}`)", shown.escape_debug())
}
