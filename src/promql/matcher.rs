//! What a selector asks of one label.

use crate::promql::pattern::{Flaw, Pattern};
use crate::promql::text::Text;
use crate::store::Asks;
use crate::unit::Extent;
use std::fmt;

/// How a label's value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    Regex,
    /// `!~`
    NotRegex,
}

impl MatchOp {
    /// How it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Regex => "=~",
            Self::NotRegex => "!~",
        }
    }

    pub(super) fn written(text: &str) -> Option<Self> {
        [Self::Equal, Self::NotEqual, Self::Regex, Self::NotRegex].into_iter().find(|op| op.text() == text)
    }
}

impl fmt::Display for MatchOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What a selector asks of one label: `status=~"5.."`.
#[derive(Debug, Clone, PartialEq)]
pub struct Matcher {
    /// The label.
    pub label: String,
    /// How its value is compared.
    pub op: MatchOp,
    /// With what.
    pub value: Text,
    /// All of it.
    pub extent: Extent,
    /// The value read as a regular expression, where the operator asks for one.
    pattern: Option<Pattern>,
}

impl Matcher {
    /// A matcher for one value.
    pub fn equal(label: &str, value: &str, extent: Extent) -> Self {
        Self { label: label.to_owned(), op: MatchOp::Equal, value: value.into(), extent, pattern: None }
    }

    pub(super) fn new(label: String, op: MatchOp, value: Text, extent: Extent) -> Result<Self, Flaw> {
        let pattern = match op {
            MatchOp::Equal | MatchOp::NotEqual => None,
            MatchOp::Regex | MatchOp::NotRegex => Some(Pattern::read(value.as_bytes())?),
        };
        Ok(Self { label, op, value, extent, pattern })
    }

    /// How large the automaton of its pattern is, in parts.
    pub(super) fn size(&self) -> usize {
        self.pattern.as_ref().map_or(0, Pattern::size)
    }

    /// Whether a label with that value passes. A series without the label has the empty one.
    pub fn accepts(&self, value: &str) -> bool {
        let same = self
            .pattern
            .as_ref()
            .map_or_else(|| self.value.as_bytes() == value.as_bytes(), |pattern| pattern.matches(value));
        match self.op {
            MatchOp::Equal | MatchOp::Regex => same,
            MatchOp::NotEqual | MatchOp::NotRegex => !same,
        }
    }
}

impl Asks for Matcher {
    fn label(&self) -> &str {
        &self.label
    }

    fn equal(&self) -> Option<&str> {
        match self.op {
            MatchOp::Equal => self.value.as_str(),
            MatchOp::NotEqual | MatchOp::Regex | MatchOp::NotRegex => None,
        }
    }

    fn accepts(&self, value: &str) -> bool {
        self.accepts(value)
    }
}
