//! Why a text is not PromQL, and where.

use crate::unit::Extent;

/// What is wrong with an expression: the characters, the reason, and the way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The offending characters; empty where something is missing.
    pub extent: Extent,
    /// What is wrong with them.
    pub message: String,
    /// The way out, where one can be named.
    pub help: Option<String>,
}

impl Error {
    pub(super) fn new(extent: Extent, message: impl Into<String>) -> Self {
        Self { extent, message: message.into(), help: None }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
