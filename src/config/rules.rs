//! The rules of all files together, checked, with what each may touch worked out.

use std::collections::BTreeSet;

use crate::config::incidents::Incident;
use crate::config::raw;
use crate::decision::{Action, Approval, Kind, Policy, Weak};
use crate::gate::{Gate, Match};
use crate::rollout::Rollout;
use crate::rule::Group;
use crate::unit::{FileId, Place};

/// All rules.
#[derive(Debug, Default)]
pub struct Rules {
    /// Prometheus groups, with the file of each.
    pub groups: Vec<(FileId, Group)>,
    /// Gates with what their verdicts lead to.
    pub gates: Vec<Guarded>,
    /// Rollouts.
    pub rollouts: Vec<Rollout>,
    /// What alerts may do.
    pub incidents: Vec<Incident>,
    /// Actions.
    pub actions: Vec<Action>,
}

/// A gate and what its verdicts lead to.
#[derive(Debug)]
pub struct Guarded {
    /// The gate.
    pub gate: Gate,
    /// What its verdicts lead to.
    pub policy: Policy,
    /// Everything it may do, by kind.
    pub acts: Vec<Resolved>,
    /// What it extends, the nearest first.
    pub(crate) chain: Vec<usize>,
    /// Where it stands in the pile.
    pub(crate) index: usize,
    /// Its keys, with all that it extends beneath them.
    pub(crate) raw: raw::Gate,
}

/// Something a policy may do, its action found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// What it is for; asking a person counts as telling one.
    pub kind: Kind,
    /// Where it is named.
    pub place: Place,
    /// Where the action itself was written; nothing where a person is asked instead.
    pub action: Option<Place>,
    /// Who has to agree; nothing where a person is asked instead.
    pub approval: Option<Approval>,
    /// What leads to it.
    pub upon: Occasion,
}

/// What leads to an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// A failed verdict.
    Fail,
    /// A passed one.
    Pass,
    /// None in time.
    Inconclusive,
    /// A failed one on a target's first release.
    FirstRelease,
    /// A step of a rollout.
    Step,
    /// An alert.
    Alert,
}

/// Something that acts: a gate, or a rollout with the gate that watches it.
pub(crate) struct Actor<'a> {
    /// What it is called in a message.
    pub(crate) title: &'a str,
    /// Where it is named.
    pub(crate) place: Place,
    /// Who answers for it.
    pub(crate) owner: Option<&'a str>,
    /// On what it acts.
    pub(crate) matches: &'a Match,
    /// How.
    pub(crate) acts: &'a [Resolved],
    /// The gate whose verdicts lead to it.
    pub(crate) watching: &'a Gate,
    /// Weak evidence on which it may undo a release, said in so many words.
    pub(crate) may_undo_on: &'a BTreeSet<Weak>,
}
