//! A file's text, and the findings made in it.

use crate::config::yaml::{Spot, Text};
use crate::lint::{Finding, Severity};
use crate::unit::{Extent, FileId, Place};

/// A file that has been read: which one it is and its text.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// The file.
    pub file: FileId,
    /// All of its text.
    pub text: &'t str,
}

impl Source<'_> {
    /// The first line of a place, so that a finding about a whole mapping does not underline all of it.
    pub fn head(&self, place: Place) -> Place {
        let start = place.extent.start;
        let shown = place.extent.of(self.text).lines().next().unwrap_or_default().trim_end().len();
        Place { extent: Extent::new(start, start + u32::try_from(shown).unwrap_or(0)), ..place }
    }

    /// Where a part of a text stands.
    pub fn part(&self, text: &Text, extent: Extent) -> Place {
        text.at(self.text, extent)
    }

    /// The first line of a value.
    pub fn head_of<T>(&self, spot: &Spot<T>) -> Place {
        self.head(spot.place)
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
