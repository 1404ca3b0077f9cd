//! Rollouts: a release that takes its traffic in steps, under one process of evidence.

use std::collections::BTreeMap;

use crate::decision::Act;
use crate::gate::Match;
use crate::unit::{Name, Pattern, Place, Span};

/// A rollout.
#[derive(Debug, Clone)]
pub struct Rollout {
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
    /// Which targets it rolls out.
    pub matches: Match,
    /// How.
    pub way: Way,
    /// The gate that watches each step, with where it was named.
    pub gate: (Name, Place),
    /// The parts of the world that follow one another.
    pub waves: Vec<Wave>,
    /// What happens to them when the gate fails.
    pub on_fail: Option<OnFail>,
}

/// How traffic moves.
#[derive(Debug, Clone, PartialEq)]
pub enum Way {
    /// Share by share.
    Steps {
        /// The steps, in rising order; at least one, the last one everything.
        steps: Vec<Step>,
        /// The action that shifts traffic, with where it was named.
        set_weight: (Name, Place),
    },
    /// All at once, between two copies.
    BlueGreen(BlueGreen),
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The new version's share of the traffic, above 0 and at most 1.
    pub weight: f64,
    /// How long it stays there at least.
    pub hold: Span,
}

/// A switch between two copies.
#[derive(Debug, Clone, PartialEq)]
pub struct BlueGreen {
    /// How long the new copy is watched before the switch.
    pub preview: Span,
    /// The action that switches.
    pub switch: (Name, Place),
    /// How long the old copy stays.
    pub keep_old: Span,
    /// The action that switches back.
    pub switch_back: (Name, Place),
}

/// Targets that are rolled out together, after those before them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// The target's label that tells them apart, such as `region`.
    pub label: String,
    /// Its values.
    pub values: Vec<Pattern>,
    /// How long to watch before the next wave.
    pub bake: Span,
}

/// What a failure does to waves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnFail {
    /// To the one that failed.
    pub this_wave: Act,
    /// To those that are done.
    pub done_waves: Act,
}
