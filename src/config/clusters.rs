//! Clusters of the server file: where the objects of targets lie, and who backstop is there.

use std::collections::BTreeMap;

use crate::config::argocd::ArgoCds;
use crate::config::raw;
use crate::config::reader::{Reader, Whose, list, plain};
use crate::config::yaml::Spot;
use crate::gate::{GitOps, GitOpsKind, Object, ObjectKind, Target};
use crate::lint::name;

/// How a cluster is come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cluster {
    /// By a kubeconfig file.
    Kubeconfig {
        /// The file.
        file: String,
        /// The context in it; none: its current one.
        context: Option<String>,
    },
    /// By what a pod in it is given.
    InCluster,
}

/// Clusters, by the names that targets have for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters(BTreeMap<String, Cluster>);

impl Clusters {
    /// The cluster of a target. One that names none is in the only one that there is; else why there is none.
    pub fn of(&self, name: Option<&str>) -> Result<&Cluster, String> {
        let known = || list(self.0.keys().map(String::as_str));
        match name {
            Some(name) if self.0.is_empty() => Err(format!("there is no `kubernetes` entry for `{name}`")),
            Some(name) => self
                .0
                .get(name)
                .ok_or_else(|| format!("there is no `kubernetes` entry for `{name}`, only for {}", known())),
            None => match self.0.values().next() {
                None => Err("there is no `kubernetes` entry".to_owned()),
                Some(cluster) if self.0.len() == 1 => Ok(cluster),
                Some(_) => Err(format!("it names no cluster, and there are {}", known())),
            },
        }
    }
}

impl Reader<'_> {
    /// The clusters.
    pub(crate) fn clusters(&mut self, raw: &raw::File) -> Clusters {
        let mut clusters = BTreeMap::new();
        for pair in raw.kubernetes.get().into_iter().flat_map(|spot| &spot.value.0) {
            let title = format!("cluster `{}`", pair.key.value);
            let whose = Whose { what: &title, place: pair.key.place };
            let given = [
                ("kubeconfig", pair.value.kubeconfig.place()),
                ("in_cluster", pair.value.in_cluster.place()),
            ];
            if self.exactly_one(&given, whose).is_none() {
                continue;
            }
            if let Some(place) = pair.value.context.place().filter(|_| pair.value.kubeconfig.is_absent()) {
                let help = "leave it out: a pod is in one cluster alone";
                self.error(name::BAD_VALUE, place, "`context` belongs to `kubeconfig`", help);
            }
            if let Some(spot) = pair.value.in_cluster.get().filter(|spot| !spot.value) {
                let help = "leave the entry out, or name a `kubeconfig`";
                self.error(name::BAD_VALUE, spot.place, "`in_cluster` is a way or is not there", help);
                continue;
            }
            let context = plain(&pair.value.context);
            let cluster = if pair.value.kubeconfig.is_absent() {
                Cluster::InCluster
            } else {
                let Some(file) = self.path(&pair.value.kubeconfig) else { continue };
                Cluster::Kubeconfig { file, context }
            };
            clusters.insert(pair.key.value.clone(), cluster);
        }
        Clusters(clusters)
    }

    /// Says where a target has an object that nobody could come to.
    pub(crate) fn reached(
        &mut self,
        written: &Spot<raw::Target>,
        target: &Target,
        (clusters, argocds): (&Clusters, &ArgoCds),
    ) {
        let (Some(object), Some(place)) = (&target.object, written.value.object.place()) else { return };
        let cluster = target.cluster.as_deref();
        let argocd_help = || {
            let name = cluster.unwrap_or("NAME");
            format!("write `argocd: {{ {name}: {{ url: \"https://..\", token: SECRET }} }}`")
        };
        let (why, help) = match object.kind {
            ObjectKind::Rollout if !written.value.through.is_absent() => {
                (argocds.of(cluster).err(), argocd_help())
            }
            ObjectKind::Deployment
            | ObjectKind::StatefulSet
            | ObjectKind::DaemonSet
            | ObjectKind::Rollout => (clusters.of(cluster).err(), kubernetes_help(cluster)),
            ObjectKind::ArgoCd => (argocds.of(cluster).err(), argocd_help()),
            ObjectKind::Helm => (None, String::new()),
        };
        if let Some(why) = why {
            self.error(name::MISSING_KEY, place, format!("nobody could come to {object}: {why}"), help);
        }
    }

    /// The application of Argo CD by whose actions the object of a target is driven.
    pub(crate) fn through(
        &mut self,
        raw: &raw::Target,
        (object, gitops): (Option<&Object>, Option<&GitOps>),
    ) -> Option<String> {
        let place = raw.through.place()?;
        self.word(&raw.through, &THROUGH)?;
        // That it is none is said where it is read.
        if raw.object.is_absent() {
            let help = "leave `through` out, or say what is acted on: `object: rollout/NAMESPACE/NAME`";
            self.error(name::MISSING_KEY, place, "the target has `through`, and no `object`", help);
        }
        if let Some(object) = object.filter(|object| object.kind != ObjectKind::Rollout) {
            let message = format!("Argo CD has no actions by which {object} could be taken back");
            let help = "leave `through` out; or name the application, which goes back as a whole: `object: argocd/APP`";
            self.error(name::BAD_VALUE, place, message, help);
        }
        let app = gitops.filter(|gitops| gitops.kind == GitOpsKind::ArgoCd).map(|gitops| gitops.app.clone());
        if app.is_none() {
            let message = "`through: argocd` does not say of which application the object is";
            let help = "write `gitops: { kind: argocd, app: APP }` beside it";
            self.error(name::MISSING_KEY, place, message, help);
        }
        app
    }
}

/// By whom objects are driven, where it is not the API of their cluster.
const THROUGH: [(&str, ()); 1] = [("argocd", ())];

fn kubernetes_help(cluster: Option<&str>) -> String {
    match cluster {
        Some(cluster) => format!("write `kubernetes: {{ {cluster}: {{ kubeconfig: FILE }} }}`, or `{{ in_cluster: true }}` where backstop runs in it"),
        None => "write `kubernetes: { NAME: { kubeconfig: FILE } }`, or `{ in_cluster: true }` where backstop runs in it; with several, give the target its `cluster`".to_owned(),
    }
}
