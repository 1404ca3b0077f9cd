//! A text that is filled in when an alert fires.

use crate::rule::AlertName;
use crate::template::{self, Scope, Template};
use crate::unit::Fault;

/// A text that is a template, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Templated {
    text: String,
    template: Template,
}

impl Templated {
    /// Checks a text of an alert.
    pub fn new(text: &str, alert: &AlertName) -> Result<Self, Fault> {
        // The name under which Prometheus parses it, which a `define` in it may not take.
        let scope = Scope::alert().named(format!("__alert_{alert}"));
        let template = template::parse(text, &scope)?;
        Ok(Self { text: text.to_owned(), template })
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says.
    pub const fn template(&self) -> &Template {
        &self.template
    }
}
