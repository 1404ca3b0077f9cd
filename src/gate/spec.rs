//! A gate as a whole.

use std::collections::BTreeMap;

use crate::gate::check::Check;
use crate::gate::window::{Begins, Comparison, Ends, Match};
use crate::unit::{Name, Place, Span};

/// What kind of change a gate watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Upon {
    /// A new version of a service, all at once.
    Deployment,
    /// A new version beside the old one.
    Canary,
    /// A change of configuration.
    Config,
    /// A change beneath the service.
    Infrastructure,
    /// A feature flag that was turned.
    Flag,
    /// A run of a scheduled job.
    Job,
}

/// A gate.
#[derive(Debug, Clone)]
pub struct Gate {
    /// What it is called.
    pub name: Name,
    /// Where its name was written.
    pub place: Place,
    /// Who is asked about it.
    pub owner: Option<String>,
    /// Where it says what to do.
    pub runbook: Option<String>,
    /// What its records carry besides.
    pub labels: BTreeMap<String, String>,
    /// Which changes it watches.
    pub upon: Upon,
    /// Of which targets.
    pub matches: Match,
    /// How often it looks.
    pub every: Span,
    /// When it begins.
    pub begins: Begins,
    /// When it ends.
    pub ends: Ends,
    /// How long things may take to be well again after it had a change taken back; then somebody is called.
    pub recovers_within: Span,
    /// What the new side is held against.
    pub comparison: Comparison,
    /// Its checks, at least one.
    pub checks: Vec<Check>,
    /// Whether it only watches.
    pub shadow: bool,
}
