//! Annotations: what an answer has to be taken with, and at what place of the expression.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use crate::unit::Extent;

/// How much an annotation matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The answer may be wrong.
    Warning,
    /// The answer may not be what was meant.
    Info,
}

/// What an answer has to be taken with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How much it matters.
    pub weight: Weight,
    /// What it says.
    pub text: String,
    /// The part of the expression that it is about.
    pub extent: Extent,
}

/// As Prometheus tells them, but for the place.
impl fmt::Display for Annotation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.weight {
            Weight::Warning => "warning",
            Weight::Info => "info",
        };
        write!(f, "PromQL {weight}: {}", self.text)
    }
}

impl Annotation {
    /// The same with the place in the text of the expression, from 1: `(line:column)`.
    pub fn within(&self, text: &str) -> String {
        let before = text.get(..self.extent.start as usize).unwrap_or(text);
        let line = 1 + before.matches('\n').count();
        let column = 1 + before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        format!("{self} ({line}:{column})")
    }
}

/// How many annotations an evaluation has at most. Where a text names a number that is another at each step there would
/// be millions, of which nobody reads more than some.
const MOST: usize = 10_000;

/// The annotations of an evaluation. Each text is told once, at the place where it came up first.
#[derive(Debug, Default)]
pub(super) struct Annotations(RefCell<BTreeMap<(Weight, String), Extent>>);

impl Annotations {
    pub(super) fn warn(&self, extent: Extent, text: String) {
        self.tell((Weight::Warning, text), extent);
    }

    pub(super) fn inform(&self, extent: Extent, text: String) {
        self.tell((Weight::Info, text), extent);
    }

    fn tell(&self, note: (Weight, String), extent: Extent) {
        let mut told = self.0.borrow_mut();
        if told.len() < MOST {
            told.entry(note).or_insert(extent);
        }
    }

    pub(super) fn told(self) -> Vec<Annotation> {
        let told = self.0.into_inner().into_iter();
        told.map(|((weight, text), extent)| Annotation { weight, text, extent }).collect()
    }
}
