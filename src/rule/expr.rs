//! The expression of a rule.

use crate::unit::Extent;

/// An expression that is PromQL, with the text it was written as.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    text: String,
}

impl Expr {
    /// Checks a text.
    pub fn new(text: &str) -> Result<Self, (Extent, String, Option<String>)> {
        match promql_parser::parser::parse(text) {
            Ok(_) => Ok(Self { text: text.to_owned() }),
            Err(message) => {
                Err((Extent::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX)), message, None))
            }
        }
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}
