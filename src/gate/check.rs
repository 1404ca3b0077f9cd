//! A check: one question of a gate, and what its answers mean.

use chrono::NaiveDate;

use crate::gate::question::Question;
use crate::gate::threshold::{Thresholds, Worse};
use crate::signal::Change;
use crate::unit::{Name, Place};

/// One question with its thresholds.
#[derive(Debug, Clone)]
pub struct Check {
    /// What it is called within its gate.
    pub name: Name,
    /// Where it was written.
    pub place: Place,
    /// What is asked.
    pub question: Question,
    /// Which way is worse.
    pub worse: Worse,
    /// What has to be shown for it to fail.
    pub fails_when: Thresholds,
    /// What has to be shown for it to pass; nothing where a pass of its gate does nothing.
    pub passes_when: Option<Passes>,
    /// The labels by which it is asked again for each slice.
    pub by: Vec<String>,
    /// How much it has to see before it may say anything.
    pub at_least: Option<Floor>,
    /// Its share of the release's evidence, against the other checks of its gate.
    pub weight: Weight,
    /// Whether a pass of the gate needs a pass of this check.
    pub critical: bool,
    /// Whether it only watches.
    pub shadow: bool,
    /// The day from which its metrics have to exist.
    pub optional_until: Option<NaiveDate>,
    /// Other thresholds for changes that were declared to be of a kind, in the order in which they were written.
    pub for_changes: Vec<(ChangeTrait, Override)>,
}

impl Check {
    /// What this change was declared to be that the rule has other thresholds for, and those: the first entry that fits.
    pub fn moved_for(&self, change: &Change) -> Option<&(ChangeTrait, Override)> {
        self.for_changes.iter().find(|(kind, _)| kind.fits(change))
    }
}

/// What is enough for a pass.
#[derive(Debug, Clone, PartialEq)]
pub enum Passes {
    /// That the new side is proved to be no worse than this.
    Proved(Thresholds),
    /// That nothing spoke against it until the end. It proves nothing, and every rationale says so.
    NotContradicted,
}

/// How much a check has to see before it may say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floor {
    /// So many events on the new side.
    pub events: u64,
}

/// A share of the evidence, more than nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weight(f64);

/// Why a number is no weight.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a weight is a finite number above 0; {0} is not. A check without a say is `shadow: true`")]
pub struct WeightError(f64);

impl Weight {
    /// A weight of `share`.
    pub fn new(share: f64) -> Result<Self, WeightError> {
        if share.is_finite() && share > 0.0 { Ok(Self(share)) } else { Err(WeightError(share)) }
    }

    /// Against the other weights of its gate.
    pub const fn share(self) -> f64 {
        self.0
    }
}

/// What a change was declared to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeTrait {
    /// Its expected risk: `high`.
    Risk(String),
    /// What it is meant to do: `schema-change`.
    Intent(String),
}

impl ChangeTrait {
    /// Whether a change was declared to be so, in these very words.
    pub fn fits(&self, change: &Change) -> bool {
        let (declared, word) = match self {
            Self::Risk(risk) => (&change.risk, risk),
            Self::Intent(intent) => (&change.intent, intent),
        };
        declared.as_ref() == Some(word)
    }
}

/// Thresholds in place of the check's own.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// In place of `fails_when`.
    pub fails_when: Option<Thresholds>,
    /// In place of `passes_when`.
    pub passes_when: Option<Passes>,
}
