//! Incidents: an alert from when it was told of first until it is resolved, and what it led to.

use std::collections::BTreeMap;
use std::fmt;

use crate::decision::intention::CellId;
use crate::gate::{Match, Target};
use crate::signal::{Alert, Fingerprint, Provenance, TargetKey};
use crate::unit::{Name, Span, UnixMillis};

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// The alert.
    pub alert: Alert,
    /// Whose it is.
    pub of: Claimant,
    /// When it was told of first.
    pub at: UnixMillis,
    /// Who did.
    pub by: String,
    /// How they are known.
    pub provenance: Provenance,
    /// How many more alerts there were that nobody told of together with it.
    pub left_out: u64,
    /// When it was told that it is over; nothing while it fires.
    pub resolved: Option<UnixMillis>,
    /// What it led to, by each rule that is for such an alert.
    pub led: Vec<Led>,
}

/// Whose an alert is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimant {
    /// This target's.
    Target(TargetKey),
    /// No target has labels that it carries.
    Nobody,
    /// Several have, and none of them more than the others.
    Several(Vec<TargetKey>),
}

/// What a rule made of an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Led {
    /// The rule.
    pub rule: Name,
    /// What came of it.
    pub to: LedTo,
}

/// What came of an incident by a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedTo {
    /// A gate watches the target's last change from then on.
    Began(CellId),
    /// An action is asked for.
    Asked(CellId),
    /// Nothing, for this reason.
    Nothing(String),
}

/// The alert that a decision rests on, or that began a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// What it is called.
    pub name: String,
    /// What tells it from every other.
    pub fingerprint: String,
    /// Since when it fires.
    pub starts: UnixMillis,
    /// When it was told of last.
    pub heard: UnixMillis,
    /// Who told of it first.
    pub by: String,
    /// How they are known.
    pub provenance: Provenance,
    /// The rule that says what it may do.
    pub rule: Name,
    /// How many other alerts ask for the same.
    pub others: u32,
}

/// What tells an open incident from every other: an alert of a target.
pub type IncidentKey = (Fingerprint, Option<TargetKey>);

/// Which alerts of which targets lead to something.
#[derive(Debug, Clone)]
pub struct Alerts {
    /// What the rule is called.
    pub rule: Name,
    /// The targets.
    pub matches: Match,
    /// The labels of the alert.
    pub labels: Match,
    /// How long before the alert the change may have taken effect that it is about.
    pub within: Span,
}

impl Incident {
    /// What tells it from every other that is open.
    pub fn key(&self) -> IncidentKey {
        (self.alert.fingerprint.clone(), self.of.target().cloned())
    }

    /// Whether it led to this cell.
    pub fn led_to(&self, cell: CellId) -> Option<&Led> {
        self.led.iter().find(|led| match led.to {
            LedTo::Began(own) | LedTo::Asked(own) => own == cell,
            LedTo::Nothing(_) => false,
        })
    }
}

impl Claimant {
    /// The target, where it is one's.
    pub const fn target(&self) -> Option<&TargetKey> {
        match self {
            Self::Target(target) => Some(target),
            Self::Nobody | Self::Several(_) => None,
        }
    }
}

impl Alerts {
    /// Whether it is for this alert of this target.
    pub fn fits(&self, target: &Target, labels: &BTreeMap<String, String>) -> bool {
        self.matches.fits(|label| target.label(label))
            && self.labels.fits(|label| labels.get(label).map(String::as_str))
    }
}

/// As a clause: which alert it is, since when, and who told of it.
impl fmt::Display for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, fingerprint, starts, by, .. } = self;
        write!(f, "{name} ({fingerprint}) fires since {starts}, told by {by}")
    }
}
