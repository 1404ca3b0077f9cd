//! A keeper: what keeps objects as git says. It does so by itself, and puts back what somebody else changed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::decision::Method;
use crate::responder::object::Step;
use crate::run::story::cluster::patch::{merge, patched};
use crate::signal::{FluxApp, GitOps, GitOpsKind, Object};

/// A keeper.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) by: GitOps,
    uid: u64,
    /// What is asked of it.
    generation: u64,
    spec: Value,
    annotations: Value,
    /// The revision that git is at; empty before the first.
    git: String,
    /// The revisions that it rolled out, the newest last.
    applied: Vec<String>,
    /// The objects that it keeps, each with the image that git asks for.
    pub(super) wants: BTreeMap<String, Option<String>>,
}

impl Keeper {
    pub(super) fn new(by: &GitOps, uid: u64) -> Self {
        let spec = match by.kind {
            GitOpsKind::ArgoCd => json!({
                "source": {"repoURL": "https://git.example.com/apps", "path": name(by), "targetRevision": "main"},
                "syncPolicy": {"automated": {"prune": true, "selfHeal": true}},
            }),
            GitOpsKind::Flux => json!({"sourceRef": {"kind": "GitRepository", "name": "apps"}}),
        };
        let (generation, git, annotations) = (1, String::new(), json!({}));
        let (applied, wants) = (Vec::new(), BTreeMap::new());
        Self { by: by.clone(), uid, generation, spec, annotations, git, applied, wants }
    }

    /// Git goes on to a revision that asks for this image of an object.
    pub(super) fn asks(&mut self, object: &Object, image: &str, revision: &str) {
        revision.clone_into(&mut self.git);
        self.wants.insert(object.to_string(), Some(image.to_owned()));
    }

    /// What it rolls out by itself; nothing while it is held.
    pub(super) fn rolls_out(&mut self) -> Vec<(String, String)> {
        if !self.is_on() || self.git.is_empty() {
            return Vec::new();
        }
        if self.applied.last() != Some(&self.git) {
            self.applied.push(self.git.clone());
        }
        self.wants.iter().filter_map(|(object, image)| Some((object.clone(), image.clone()?))).collect()
    }

    /// Whether it does anything by itself.
    fn is_on(&self) -> bool {
        match self.by.kind {
            GitOpsKind::ArgoCd => self.spec.pointer("/syncPolicy/automated").is_some_and(Value::is_object),
            GitOpsKind::Flux => self.spec.get("suspend") != Some(&json!(true)),
        }
    }

    /// What it is, in words; nothing before git says anything.
    pub(super) fn words(&self) -> Option<String> {
        let how = if self.is_on() { "keeps what it says" } else { "is held" };
        (!self.git.is_empty()).then(|| format!("git is at {}, and it {how}", self.git))
    }

    /// What its API has at this path, with the images that run of what it keeps.
    pub(super) fn read(&self, path: &str, images: &[&str]) -> Option<Value> {
        match self.by.kind {
            _ if path == self.path("") => Some(self.shown(images)),
            GitOpsKind::ArgoCd if path == self.path("/managed-resources") => Some(self.resources()),
            GitOpsKind::Flux if path == self.source_path()? => {
                Some(json!({"status": {"artifact": {"revision": self.at(&self.git)}}}))
            }
            GitOpsKind::ArgoCd | GitOpsKind::Flux => None,
        }
    }

    /// Its path, or that of something of it.
    fn path(&self, rest: &str) -> String {
        match (self.by.kind, self.by.app.split_once('/')) {
            (GitOpsKind::ArgoCd, Some((of, name))) => {
                format!("/api/v1/applications/{name}{rest}?appNamespace={of}")
            }
            (GitOpsKind::ArgoCd, None) => format!("/api/v1/applications/{}{rest}", self.by.app),
            (GitOpsKind::Flux, _) => {
                let (namespace, name) = (namespace(&self.by), name(&self.by));
                let api = "/apis/kustomize.toolkit.fluxcd.io/v1";
                format!("{api}/namespaces/{namespace}/kustomizations/{name}{rest}")
            }
        }
    }

    fn source_path(&self) -> Option<String> {
        let name = self.spec.pointer("/sourceRef/name")?.as_str()?;
        let api = "/apis/source.toolkit.fluxcd.io/v1";
        Some(format!("{api}/namespaces/{}/gitrepositories/{name}", namespace(&self.by)))
    }

    /// A revision as it writes it.
    fn at(&self, revision: &str) -> String {
        match self.by.kind {
            GitOpsKind::ArgoCd => revision.to_owned(),
            GitOpsKind::Flux => format!("main@sha1:{revision}"),
        }
    }

    fn shown(&self, images: &[&str]) -> Value {
        let applied: Vec<Value> = (1..)
            .zip(&self.applied)
            .map(|(id, revision)| json!({"id": id, "revision": revision, "source": self.spec.get("source")}))
            .collect();
        let status = match self.by.kind {
            GitOpsKind::ArgoCd => json!({
                "sync": {"revision": self.git},
                "history": applied,
                "summary": {"images": images},
            }),
            GitOpsKind::Flux => {
                json!({"lastAppliedRevision": self.applied.last().map(|last| self.at(last))})
            }
        };
        json!({
            "metadata": {
                "name": name(&self.by),
                "uid": format!("uid-{}", self.uid),
                "generation": self.generation,
                "annotations": self.annotations,
            },
            "spec": self.spec,
            "status": status,
        })
    }

    /// What git asks for, as Argo CD shows it.
    fn resources(&self) -> Value {
        let images = self.wants.values().flatten();
        let items: Vec<Value> = images
            .map(|image| {
                let containers = json!([{"name": "main", "image": image}]);
                let target = json!({"spec": {"template": {"spec": {"containers": containers}}}});
                json!({"targetState": target.to_string()})
            })
            .collect();
        json!({"items": items})
    }

    /// It is asked for something; the status of the answer, or nothing where that is not its path.
    pub(super) fn take(&mut self, step: &Step, images: &[&str]) -> Option<u16> {
        let is_argocd = self.by.kind == GitOpsKind::ArgoCd;
        if is_argocd && step.path == self.path("/operation") {
            // What it rolls out is out at once, so none is ever under way.
            return Some(400);
        }
        if step.path != self.path("") {
            return None;
        }
        let body: Option<Value> = serde_json::from_slice(&step.body).ok();
        let wrapped = |body: &Value| serde_json::from_str(body.get("patch")?.as_str()?).ok();
        let patch: Option<Value> = if is_argocd { body.as_ref().and_then(wrapped) } else { body };
        let Some(patch) = patch.filter(|_| step.method == Method::Patch) else { return Some(400) };
        let Ok(mut it) = patched(&self.shown(images), &patch) else {
            return Some(if is_argocd { 500 } else { 422 });
        };
        let mut part = |path: &str| it.pointer_mut(path).map(Value::take).unwrap_or_default();
        let spec = part("/spec");
        self.generation += u64::from(spec != self.spec);
        (self.spec, self.annotations) = (spec, part("/metadata/annotations"));
        Some(200)
    }
}

/// The marks that a keeper leaves at what it keeps, as part of its metadata.
pub(super) fn marks(keeper: &GitOps, object: &Object) -> Value {
    match keeper.kind {
        GitOpsKind::ArgoCd => {
            let (app, path) = (keeper.app.replace('/', "_"), object.path.join("/"));
            let tracked = format!("{app}:apps/{}:{path}", object.kind.word());
            json!({"annotations": {"argocd.argoproj.io/tracking-id": tracked}})
        }
        GitOpsKind::Flux => {
            let mut labels = json!({"kustomize.toolkit.fluxcd.io/name": name(keeper)});
            merge(&mut labels, &json!({"kustomize.toolkit.fluxcd.io/namespace": namespace(keeper)}));
            json!({"labels": labels})
        }
    }
}

fn name(by: &GitOps) -> &str {
    by.app.rsplit('/').next().unwrap_or_default()
}

fn namespace(by: &GitOps) -> &str {
    FluxApp::parse(&by.app).map_or("", |app| app.namespace)
}
