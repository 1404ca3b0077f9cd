//! A file's text, and the places in it.

use crate::config::yaml::Text;
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
