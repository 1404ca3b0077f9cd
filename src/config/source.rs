//! A file's text, and the findings made in it.

use crate::config::yaml::Text;
use crate::lint::{Finding, Severity};
use crate::unit::{Extent, Place};

/// The text of a file that has been read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'t> {
    /// All of its text.
    pub(crate) text: &'t str,
}

impl Source<'_> {
    /// The first line of a place, so that a finding about a whole mapping does not underline all of it.
    pub(crate) fn head(&self, place: Place) -> Place {
        let start = place.extent.start;
        let shown = place.extent.of(self.text).lines().next().unwrap_or_default().trim_end().len();
        Place { extent: Extent::new(start, start + u32::try_from(shown).unwrap_or(0)), ..place }
    }

    /// Where a part of a text stands.
    pub(crate) fn part(&self, text: &Text, extent: Extent) -> Place {
        text.at(self.text, extent)
    }
}

/// A message that may repeat what somebody wrote, over lines or not, on one line.
pub(super) fn one_line(message: String) -> String {
    if !message.contains(char::is_control) {
        return message;
    }
    let mut line = String::with_capacity(message.len() + 8);
    for c in message.chars() {
        if c.is_control() {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// An error at a place.
pub(super) fn error(name: &'static str, place: Place, message: impl Into<String>, help: &str) -> Finding {
    Finding {
        name,
        severity: Severity::Error,
        place,
        message: one_line(message.into()),
        help: (!help.is_empty()).then(|| help.to_owned()),
        related: Vec::new(),
    }
}
