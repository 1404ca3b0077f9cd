//! Changes: what was done to a service, by whom, and how backstop came to know.

use std::fmt;

use crate::signal::part::TrafficPart;
use crate::unit::{Name, UnixMillis};

/// The most bytes of any text of a change.
pub const LONGEST_FIELD: usize = 4_096;

/// A service in an environment and a cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetKey {
    /// The service.
    pub service: String,
    /// The environment, where there is more than one.
    pub environment: Option<String>,
    /// The cluster, where there is more than one.
    pub cluster: Option<String>,
}

impl fmt::Display for TargetKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.service)?;
        if let Some(environment) = &self.environment {
            write!(f, " in {environment}")?;
        }
        if let Some(cluster) = &self.cluster {
            write!(f, " on {cluster}")?;
        }
        Ok(())
    }
}

/// What tells one change from another; whoever tells of the same change twice gets the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeId(pub String);

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What kind of thing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// A new version, all at once.
    Deployment,
    /// A new version beside the old one.
    Canary,
    /// Configuration.
    Config,
    /// Something beneath the service.
    Infrastructure,
    /// A feature flag.
    Flag,
}

impl ChangeKind {
    /// Each kind with its word.
    pub const NAMED: [(&'static str, Self); 5] = [
        ("deployment", Self::Deployment),
        ("canary", Self::Canary),
        ("config", Self::Config),
        ("infrastructure", Self::Infrastructure),
        ("flag", Self::Flag),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::NAMED.iter().find(|(_, kind)| *kind == self).map_or("change", |(word, _)| word)
    }
}

/// How backstop came to know of a change. Only what somebody who may record changes said can lead to more than telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provenance {
    /// Told by somebody known.
    Authenticated,
    /// Told by nobody in particular.
    Unauthenticated,
    /// Seen in telemetry.
    Inferred,
}

/// A change of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What tells it from every other.
    pub id: ChangeId,
    /// Of what kind.
    pub kind: ChangeKind,
    /// Of which target.
    pub target: TargetKey,
    /// To which version.
    pub version: String,
    /// From which, where that is known.
    pub previous: Option<String>,
    /// When it took effect.
    pub at: UnixMillis,
    /// Who did it.
    pub author: Option<String>,
    /// Which commit.
    pub git_sha: Option<String>,
    /// Where there is more to read.
    pub link: Option<String>,
    /// What it is meant to do: `schema-change`.
    pub intent: Option<String>,
    /// How risky it was held to be: `high`.
    pub risk: Option<String>,
    /// Whether what ran before cannot run on what it leaves behind: a migration that drops a column.
    pub irreversible: bool,
    /// The part of the traffic that it takes, where both versions run at the same time.
    pub weight: Option<TrafficPart>,
    /// How backstop came to know of it.
    pub provenance: Provenance,
    /// Who told of it, where it is somebody known.
    pub told_by: Option<Name>,
}
