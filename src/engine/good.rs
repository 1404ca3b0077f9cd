//! What is good and what is bad: versions that passed, and versions that were taken back.

use std::collections::BTreeMap;

use crate::signal::{Change, ChangeId, ChangeKind, TargetKey};
use crate::unit::UnixMillis;

/// How many versions of a target are remembered that passed.
const MOST_GOOD: usize = 20;

/// Versions that passed every gate that watched them, of each target, the last one last.
#[derive(Debug, Clone, Default)]
pub(super) struct Good(BTreeMap<TargetKey, Vec<Passed>>);

/// A version that passed.
#[derive(Debug, Clone)]
struct Passed {
    at: UnixMillis,
    /// With which change.
    change: ChangeId,
    version: String,
}

impl Good {
    /// A version passed with a change. Whether that was not known.
    pub(super) fn add(
        &mut self,
        (target, change): (&TargetKey, &ChangeId),
        version: &str,
        at: UnixMillis,
    ) -> bool {
        let known = self.0.entry(target.clone()).or_default();
        if known.iter().any(|passed| passed.change == *change) {
            return false;
        }
        known.retain(|passed| passed.version != version);
        known.push(Passed { at, change: change.clone(), version: version.to_owned() });
        if MOST_GOOD < known.len() {
            known.remove(0);
        }
        true
    }

    /// What passed there, the last one last.
    pub(super) fn of(&self, target: &TargetKey) -> Vec<String> {
        self.passed(target).map(|passed| passed.version.clone()).collect()
    }

    /// Whether a version passed there after this moment.
    pub(super) fn since(&self, target: &TargetKey, version: &str, after: UnixMillis) -> bool {
        self.passed(target).any(|passed| passed.version == version && after < passed.at)
    }

    fn passed(&self, target: &TargetKey) -> impl Iterator<Item = &Passed> {
        self.0.get(target).into_iter().flatten()
    }
}

/// Whether a change brings a version of the service itself, which an image is of.
pub(super) const fn brings_a_version(change: &Change) -> bool {
    match change.kind {
        ChangeKind::Deployment | ChangeKind::Canary => true,
        ChangeKind::Config | ChangeKind::Infrastructure | ChangeKind::Flag => false,
    }
}
