//! Targets: what may be watched, and acted on.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::signal::TargetKey;
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

/// What is acted on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Of which kind.
    pub kind: ObjectKind,
    /// The parts after the kind: namespace and name, or a name alone.
    pub path: Vec<String>,
}

/// Kinds of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A Kubernetes Deployment.
    Deployment,
    /// A Kubernetes `StatefulSet`.
    StatefulSet,
    /// A Kubernetes `DaemonSet`.
    DaemonSet,
    /// An Argo Rollout.
    Rollout,
    /// An Argo CD application.
    ArgoCd,
    /// A Helm release.
    Helm,
}

/// Each kind with how it is written and whether it lies in a namespace.
const OBJECTS: [(&str, ObjectKind, bool); 6] = [
    ("deployment", ObjectKind::Deployment, true),
    ("statefulset", ObjectKind::StatefulSet, true),
    ("daemonset", ObjectKind::DaemonSet, true),
    ("rollout", ObjectKind::Rollout, true),
    ("argocd", ObjectKind::ArgoCd, false),
    ("helm", ObjectKind::Helm, true),
];

/// Why a text is no object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ObjectError {
    /// The kind is not known.
    #[error(
        "`{0}` is no kind of object; they are deployment, statefulset, daemonset, rollout, argocd and helm"
    )]
    Kind(String),
    /// It has too few parts, too many, or empty ones.
    #[error("`{text}` does not name an object; write `{kind}/{form}`")]
    Path {
        /// The whole text.
        text: String,
        /// The kind.
        kind: &'static str,
        /// What follows it.
        form: &'static str,
    },
}

impl FromStr for Object {
    type Err = ObjectError;

    fn from_str(text: &str) -> Result<Self, ObjectError> {
        let mut parts = text.split('/');
        let word = parts.next().unwrap_or_default();
        let (kind_name, kind, namespaced) = OBJECTS
            .iter()
            .find(|(name, ..)| *name == word)
            .ok_or_else(|| ObjectError::Kind(word.to_owned()))?;
        let path: Vec<String> = parts.map(str::to_owned).collect();
        let wanted = if *namespaced { 2 } else { 1 };
        if path.len() == wanted && path.iter().all(|part| !part.is_empty()) {
            return Ok(Self { kind: *kind, path });
        }
        let form = if *namespaced { "NAMESPACE/NAME" } else { "NAME" };
        Err(ObjectError::Path { text: text.to_owned(), kind: kind_name, form })
    }
}

/// What keeps a target as git says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitOps {
    /// Which.
    pub kind: GitOpsKind,
    /// The application or kustomization.
    pub app: String,
}

/// What keeps targets as git says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GitOpsKind {
    /// Argo CD.
    ArgoCd,
    /// Flux.
    Flux,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_objects() {
        for (text, fits) in [
            ("deployment/shop/checkout", true),
            ("rollout/shop/checkout", true),
            ("argocd/checkout-eu", true),
            ("helm/shop/checkout", true),
            ("deployment/checkout", false),
            ("deployment/shop/", false),
            ("deployment/a/b/c", false),
            ("pod/shop/checkout", false),
            ("", false),
        ] {
            assert_eq!(text.parse::<Object>().is_ok(), fits, "{text}");
        }
    }
}
