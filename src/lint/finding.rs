//! One thing found wrong, where it stands and the way out.

use crate::unit::{Fault, Place, escaped};

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

impl Severity {
    /// The severity as it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing found wrong in a file.
///
/// It is made by its functions alone: they see to it that what it repeats of a file stands on one line and moves no
/// terminal.
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

impl Finding {
    /// Something that does not load.
    pub fn error(name: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            name,
            severity: Severity::Error,
            place,
            message: escaped(message.into()),
            help: None,
            related: Vec::new(),
        }
    }

    /// Something that loads and may not do what was meant.
    pub fn warning(name: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(name, place, message) }
    }

    /// A fault in a text, of which the characters stand at a place.
    pub fn fault(name: &'static str, place: Place, fault: Fault) -> Self {
        fault.help.into_iter().fold(Self::error(name, place, fault.message), Self::help)
    }

    /// The same with the way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(escaped(help.into()));
        self
    }

    /// The same with another place that belongs to it.
    pub fn with(mut self, place: Place, what: impl Into<String>) -> Self {
        self.related.push((place, escaped(what.into())));
        self
    }
}
