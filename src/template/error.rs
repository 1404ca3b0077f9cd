//! Why a text is no template.

use crate::unit::Extent;

/// Why a text is no template, at the exact characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// The characters that are wrong, within the text that was parsed.
    pub extent: Extent,
    /// What is wrong.
    pub message: String,
    /// The way out, where one can be named.
    pub help: Option<String>,
}

/// The longest stretch of a user's text that a message repeats, in characters.
const LONGEST_QUOTE: usize = 40;

impl Error {
    pub(super) fn new(extent: Extent, message: impl Into<String>) -> Self {
        Self { extent, message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// A user's text as a message repeats it: on one line, and not at any length.
pub(super) fn quote(text: &str) -> String {
    let mut shown = String::from("`");
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST_QUOTE {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown.push('`');
    shown
}
