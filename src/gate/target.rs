//! Targets: what may be watched, and acted on.

use std::collections::BTreeMap;
use std::fmt;

use crate::signal::{GitOps, Object, TargetKey};
use crate::unit::{Name, Place};

/// A service in an environment and a cluster.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it was written.
    pub place: Place,
    /// The service.
    pub service: String,
    /// The environment, where there is more than one.
    pub environment: Option<String>,
    /// The cluster, where there is more than one.
    pub cluster: Option<String>,
    /// The source that knows it; none: backstop's own store.
    pub source: Option<Name>,
    /// The labels of its series.
    pub select: BTreeMap<String, String>,
    /// The labels of its alerts.
    pub alerts: BTreeMap<String, String>,
    /// Labels of its own.
    pub labels: BTreeMap<String, String>,
    /// What is acted on; none: webhooks only.
    pub object: Option<Object>,
    /// What would undo an undo.
    pub gitops: Option<GitOps>,
    /// The application of Argo CD by whose actions its object is driven; none: at the API of its cluster.
    pub through: Option<String>,
    /// Services it calls.
    pub depends_on: Vec<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

impl Target {
    /// Its label of this name, the three that make it what it is included.
    pub fn label(&self, name: &str) -> Option<&str> {
        match name {
            "service" => Some(&self.service),
            "environment" => self.environment.as_deref(),
            "cluster" => self.cluster.as_deref(),
            "owner" => self.owner.as_deref(),
            other => self.labels.get(other).map(String::as_str),
        }
    }

    /// Whether it has this key.
    pub fn is(&self, key: &TargetKey) -> bool {
        self.key() == (&*key.service, key.environment.as_deref(), key.cluster.as_deref())
    }

    /// Its key, as changes name it.
    pub fn to_key(&self) -> TargetKey {
        let Self { service, environment, cluster, .. } = self;
        TargetKey { service: service.clone(), environment: environment.clone(), cluster: cluster.clone() }
    }

    /// What tells it from every other target.
    pub fn key(&self) -> (&str, Option<&str>, Option<&str>) {
        (&self.service, self.environment.as_deref(), self.cluster.as_deref())
    }
}

impl fmt::Display for Target {
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
