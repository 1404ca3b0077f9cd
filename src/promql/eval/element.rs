//! What nodes evaluate to on the way.

use std::collections::BTreeSet;

use crate::promql::eval::error::EvalError;
use crate::promql::eval::window::Window;
use crate::promql::text::Text;
use crate::signal::{Labels, NAME};
use crate::unit::UnixMillis;

/// One series of an instant vector.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) labels: Labels,
    pub(super) value: f64,
    /// When the value was sampled, where a selector has just read it; nothing else looks here.
    pub(super) at: UnixMillis,
    /// Whether the name is still to be taken off.
    pub(super) unnamed: bool,
}

impl Element {
    pub(super) fn new(labels: Labels, value: f64) -> Self {
        Self { labels, value, at: UnixMillis::default(), unnamed: false }
    }
}

/// What a node has been evaluated to. The plan was checked, so that each node finds what it needs in those it is made
/// of.
#[derive(Debug)]
pub(super) enum Held {
    Scalar(f64),
    Vector(Vec<Element>),
    Windows(Vec<Window>),
    Text(Text),
}

impl Held {
    pub(super) fn scalar(&self) -> f64 {
        match self {
            Self::Scalar(value) => *value,
            Self::Vector(_) | Self::Windows(_) | Self::Text(_) => f64::NAN,
        }
    }

    pub(super) fn vector(self) -> Vec<Element> {
        match self {
            Self::Vector(elements) => elements,
            Self::Scalar(_) | Self::Windows(_) | Self::Text(_) => Vec::new(),
        }
    }

    pub(super) fn windows(self) -> Vec<Window> {
        match self {
            Self::Windows(windows) => windows,
            Self::Scalar(_) | Self::Vector(_) | Self::Text(_) => Vec::new(),
        }
    }
}

/// What says what a metric is: its name, and the type and unit that Prometheus can be told to add. They go together.
pub(super) fn nameless(labels: &Labels) -> Labels {
    labels.only(|name| ![NAME, "__type__", "__unit__"].contains(&name))
}

/// Takes off the names that are to go; the series left must still be told apart by their labels.
pub(super) fn unname(elements: &mut [Element]) -> Result<(), EvalError> {
    for element in elements.iter_mut().filter(|element| element.unnamed) {
        element.labels = nameless(&element.labels);
        element.unnamed = false;
    }
    let mut seen = BTreeSet::new();
    match elements.iter().find(|element| !seen.insert(&element.labels)) {
        Some(twice) => Err(EvalError::SameLabels(twice.labels.clone())),
        None => Ok(()),
    }
}
