//! The tree that a YAML document is.

use crate::unit::{Extent, FileId, Place};

/// One document of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Which of the file's documents, counted from nought; a broken one is left out and counted.
    pub number: usize,
    /// What it holds; null when it is empty.
    pub root: Node,
    /// The byte behind it.
    pub end: u32,
    /// Its comments in the order of the text, those before it included.
    pub comments: Vec<Comment>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// From the `#` to the end of the line.
    pub place: Place,
    /// What follows the `#`.
    pub text: String,
}

/// A scalar, a list or a mapping, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The characters that say it; for an alias those at its anchor.
    pub place: Place,
    /// The `*name` that stands here in place of the node, if one does.
    pub alias: Option<Place>,
    /// The tag in its short form: `!!str`, `!mine`.
    pub tag: Option<Box<str>>,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text, a number, a truth, nothing at all.
    Scalar(Scalar),
    /// Nodes one after the other.
    List(Vec<Node>),
    /// Keys with their values, in the order of the text; what was merged in comes last.
    Map(Vec<Entry>),
}

/// A scalar as it was written, its escapes undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// Its characters.
    pub text: String,
    /// How they were written.
    pub style: Style,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Bare.
    Plain,
    /// Between `'`.
    Single,
    /// Between `"`.
    Double,
    /// After `|`.
    Literal,
    /// After `>`.
    Folded,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Style {
    /// The style that travels as this number.
    pub(super) const fn from_number(number: u32) -> Self {
        match number {
            1 => Self::Single,
            2 => Self::Double,
            3 => Self::Literal,
            4 => Self::Folded,
            _ => Self::Plain,
        }
    }
}

impl Node {
    /// A null that covers no characters.
    pub const fn null(file: FileId, at: u32) -> Self {
        Self {
            place: Place { file, extent: Extent::new(at, at) },
            alias: None,
            tag: None,
            value: Value::Scalar(Scalar { text: String::new(), style: Style::Plain }),
        }
    }

    /// Where the file says so: the alias, where one stands in for the node.
    pub fn written(&self) -> Place {
        self.alias.unwrap_or(self.place)
    }

    /// The entries, where it is a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            Value::Scalar(_) | Value::List(_) => None,
        }
    }

    /// The items, where it is a list.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            Value::Scalar(_) | Value::Map(_) => None,
        }
    }

    /// The characters, where it is a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// How many nodes it is, itself included.
    pub(super) fn weight(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::List(items) => items.iter().map(Self::weight).sum(),
            Value::Map(entries) => {
                entries.iter().map(|entry| entry.key.weight() + entry.value.weight()).sum()
            }
        }
    }

    /// How many levels it is, itself included.
    pub(super) fn height(&self) -> usize {
        1 + match &self.value {
            Value::Scalar(_) => 0,
            Value::List(items) => items.iter().map(Self::height).max().unwrap_or(0),
            Value::Map(entries) => {
                entries.iter().map(|entry| entry.key.height().max(entry.value.height())).max().unwrap_or(0)
            }
        }
    }
}
