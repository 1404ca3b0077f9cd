//! The expression of a rule.

use crate::promql::{self, Features, Plan};
use crate::unit::Fault;

/// An expression that is PromQL, with the text it was written as.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    text: String,
    plan: Plan,
}

impl Expr {
    /// Checks a text.
    pub fn new(text: &str, features: Features) -> Result<Self, Fault> {
        let plan = promql::parse(text, features)?;
        Ok(Self { text: text.to_owned(), plan })
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }
}
