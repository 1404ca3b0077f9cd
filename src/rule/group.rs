//! Groups: rules evaluated one after the other, at one time.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use crate::rule::{Alerting, Expr, GroupName, LabelName, Recording};
use crate::unit::{Place, Span};

/// Rules evaluated one after the other, at one time; each sees what those before it wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name, once in its file.
    pub name: GroupName,
    /// How often it is evaluated, where that is not as often as every group.
    pub interval: Option<Span>,
    /// How far back its queries look, where that is not as for every group.
    pub query_offset: Option<Span>,
    /// How many series or alerts one of its rules may come to.
    pub limit: Option<NonZeroU64>,
    /// Labels for all its rules; they have them already.
    pub labels: BTreeMap<LabelName, String>,
    /// The rules in their order.
    pub rules: Vec<Rule>,
    /// Where it stands.
    pub place: Place,
}

/// A rule of a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// Fires alerts.
    Alerting(Alerting),
    /// Writes series.
    Recording(Recording),
}

impl Rule {
    /// The name of its alert or of its series.
    pub fn name(&self) -> &str {
        match self {
            Self::Alerting(rule) => rule.name.as_str(),
            Self::Recording(rule) => rule.name.as_str(),
        }
    }

    /// What it asks.
    pub const fn expr(&self) -> &Expr {
        match self {
            Self::Alerting(rule) => &rule.expr,
            Self::Recording(rule) => &rule.expr,
        }
    }

    /// Where it stands.
    pub const fn place(&self) -> Place {
        match self {
            Self::Alerting(rule) => rule.place,
            Self::Recording(rule) => rule.place,
        }
    }
}
