//! Objects: what is acted on, and what keeps it as git says.

use std::fmt;
use std::str::FromStr;

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

impl ObjectKind {
    /// Its word, as it is written.
    pub fn word(self) -> &'static str {
        OBJECTS.iter().find(|(_, kind, _)| *kind == self).map_or("object", |(word, ..)| word)
    }
}

impl Object {
    /// The namespace that it lies in; nothing where it lies in none.
    pub fn namespace(&self) -> Option<&str> {
        match &*self.path {
            [namespace, _] => Some(namespace),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }
}

/// As it is written.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.word(), self.path.join("/"))
    }
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

/// What Flux keeps objects by: written `kustomization/NAMESPACE/NAME` or `helmrelease/NAMESPACE/NAME`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FluxApp<'a> {
    /// Of which kind.
    pub kind: FluxKind,
    /// Its namespace.
    pub namespace: &'a str,
    /// Its name.
    pub name: &'a str,
}

/// What Flux keeps objects by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FluxKind {
    /// A Kustomization.
    Kustomization,
    /// A Helm release.
    HelmRelease,
}

impl<'a> FluxApp<'a> {
    /// What is written so; nothing where it is written otherwise.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (kind, rest) = text.split_once('/')?;
        let (namespace, name) = rest.split_once('/')?;
        let kind = match kind {
            "kustomization" => FluxKind::Kustomization,
            "helmrelease" => FluxKind::HelmRelease,
            _ => return None,
        };
        let is_whole = !namespace.is_empty() && !name.is_empty() && !name.contains('/');
        is_whole.then_some(Self { kind, namespace, name })
    }
}

impl fmt::Display for GitOps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keeper = match self.kind {
            GitOpsKind::ArgoCd => "Argo CD",
            GitOpsKind::Flux => "Flux",
        };
        write!(f, "{keeper} ({})", self.app)
    }
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
            let object = text.parse::<Object>();
            assert_eq!(object.is_ok(), fits, "{text}");
            assert!(object.is_err() || object.is_ok_and(|object| object.to_string() == text), "{text}");
        }
    }

    #[test]
    fn names_what_flux_keeps_objects_by() {
        for (text, fits) in [
            ("kustomization/flux-system/apps", true),
            ("helmrelease/shop/checkout", true),
            ("kustomization/apps", false),
            ("kustomization/flux-system/", false),
            ("kustomization//apps", false),
            ("helmrelease/a/b/c", false),
            ("gitrepository/flux-system/apps", false),
            ("apps", false),
            ("", false),
        ] {
            assert_eq!(FluxApp::parse(text).is_some(), fits, "{text}");
        }
    }
}
