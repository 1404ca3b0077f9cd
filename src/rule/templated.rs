//! A text that is filled in when an alert fires.

use crate::unit::Extent;

/// A text that is a template, as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Templated {
    text: String,
}

impl Templated {
    /// Checks a text.
    pub fn new(text: &str) -> Result<Self, (Extent, String, Option<String>)> {
        match text.find("{{") {
            Some(at) if !text[at..].contains("}}") => {
                let at = u32::try_from(at).unwrap_or(0);
                Err((Extent::new(at, at + 2), "this action is never closed".to_owned(), None))
            }
            Some(_) | None => Ok(Self { text: text.to_owned() }),
        }
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}
