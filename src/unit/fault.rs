//! What is wrong with a short text that a person wrote, and where in it.

use crate::unit::Extent;

/// A fault in a text: the exact characters, what is wrong with them and the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// The characters, counted in the text itself.
    pub extent: Extent,
    /// What is wrong, with the values that make it so.
    pub message: String,
    /// The way out, where one can be named.
    pub help: Option<String>,
}

impl Fault {
    /// A fault at `extent`, with no way out named yet.
    pub fn new(extent: Extent, message: impl Into<String>) -> Self {
        Self { extent, message: message.into(), help: None }
    }

    /// A fault in the whole of `text`.
    pub fn whole(text: &str, message: impl Into<String>) -> Self {
        Self::new(Extent::all(text), message)
    }

    /// The same fault with the way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
