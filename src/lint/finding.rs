//! One thing found wrong, where it stands and the way out.

use crate::unit::Place;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// It loads, and may not do what was meant.
    Warning,
    /// It does not load.
    Error,
}

/// One thing found wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name that `check --explain` takes and that a comment switches off.
    pub name: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The exact characters.
    pub place: Place,
    /// What is wrong, with the values that make it so.
    pub message: String,
    /// The way out, where one can be named.
    pub help: Option<String>,
    /// Other places that belong to it, each with what stands there.
    pub related: Vec<(Place, String)>,
}
