//! How often automation may act.

use std::collections::BTreeMap;
use std::fmt;

use crate::unit::{Percent, Rate, Span};

/// Over what a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Each service by itself.
    Service,
    /// Each environment by itself.
    Environment,
    /// Everything together.
    Everywhere,
}

impl Scope {
    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Service => "per_service",
            Self::Environment => "per_environment",
            Self::Everywhere => "everywhere",
        }
    }

    /// What a target has to say of itself to be counted.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Service | Self::Everywhere => "service",
            Self::Environment => "environment",
        }
    }

    /// Over what it counts, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Service => "for each service",
            Self::Environment => "for each environment",
            Self::Everywhere => "in all",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Limits; where one is not set, whatever lies above decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// How often, over what.
    pub rates: BTreeMap<Scope, Rate>,
    /// How long to wait after an action on the same target.
    pub cooldown: Option<Span>,
    /// How many changes may be undone at once: above it, a shared cause is likelier than so many bad changes.
    pub changes_undone_at_once: Option<u32>,
    /// Which part of the services of an environment may be undone at once; one may be, however few there are.
    pub services_undone_at_once: Option<Percent>,
}
