//! A workload: a Deployment, a `StatefulSet` or a `DaemonSet`, and what its controller makes of it at once.

use serde_json::{Value, json};

use crate::responder::object::Step;
use crate::run::story::cluster::keeper::marks;
use crate::run::story::cluster::patch::{merge, patched};
use crate::signal::{GitOps, Object, ObjectKind};

/// How many pods each one has.
const PODS: u64 = 3;

/// How many revisions are kept: that which runs, and ten that ran.
const MOST_REVISIONS: usize = 11;

/// A workload.
#[derive(Debug)]
pub(super) struct Workload {
    pub(super) object: Object,
    /// What tells it from another one of its name.
    uid: u64,
    /// Its state.
    version: u64,
    /// What is asked of it.
    generation: u64,
    /// The pods that are asked for.
    template: Value,
    paused: bool,
    /// What was rolled out, the newest last.
    revisions: Vec<Revision>,
}

/// What was rolled out.
#[derive(Debug)]
struct Revision {
    /// Its number among all that were ever made, which it keeps.
    made: u64,
    /// Its number as the platform gives it out: what is rolled out again gets the highest one.
    number: u64,
    template: Value,
}

impl Workload {
    /// One that runs this image, and whose label says this version, or that has none.
    pub(super) fn new(object: &Object, uid: u64, (image, version): (&str, Option<&str>)) -> Self {
        let mut labels = json!({"app": object.name()});
        merge(&mut labels, &json!({"app.kubernetes.io/version": version}));
        let containers = json!([{"name": object.name(), "image": image}]);
        let template = json!({"metadata": {"labels": labels}, "spec": {"containers": containers}});
        let (version, generation, paused, revisions) = (1, 1, false, Vec::new());
        let mut own = Self { object: object.clone(), uid, version, generation, template, paused, revisions };
        own.roll_out();
        own
    }

    /// The image that is asked for.
    pub(super) fn image(&self) -> &str {
        self.template.pointer("/spec/containers/0/image").and_then(Value::as_str).unwrap_or_default()
    }

    /// Another image is asked for, and a label says its version, or none does.
    pub(super) fn run(&mut self, image: &str, version: Option<&str>) {
        let mut template = self.template.clone();
        if let Some(own) = template.pointer_mut("/spec/containers/0/image") {
            *own = json!(image);
        }
        merge(&mut template, &json!({"metadata": {"labels": {"app.kubernetes.io/version": version}}}));
        self.ask(template, self.paused);
    }

    /// Started anew, as `kubectl rollout restart` does it.
    pub(super) fn restart(&mut self, at: &str) {
        let mut template = self.template.clone();
        let annotations = json!({"kubectl.kubernetes.io/restartedAt": at});
        merge(&mut template, &json!({"metadata": {"annotations": annotations}}));
        self.ask(template, self.paused);
    }

    /// Held, or let go on.
    pub(super) fn pause(&mut self, paused: bool) {
        self.ask(self.template.clone(), paused);
    }

    /// Back to the revision before, as `kubectl rollout undo` does it; whether that can be.
    pub(super) fn undo(&mut self) -> bool {
        let before = self.revisions.iter().rev().nth(1).map(|before| before.template.clone());
        let before = before.filter(|_| !self.paused);
        before.map(|template| self.ask(template, false)).is_some()
    }

    fn ask(&mut self, template: Value, paused: bool) {
        if (&template, paused) == (&self.template, self.paused) {
            return;
        }
        (self.template, self.paused) = (template, paused);
        self.version += 1;
        self.generation += 1;
        self.roll_out();
    }

    /// What its controller does: what is asked for becomes its newest revision, unless it is held.
    fn roll_out(&mut self) {
        if self.paused || self.is_out() {
            return;
        }
        let next = |of: fn(&Revision) -> u64| self.revisions.iter().map(of).max().unwrap_or_default() + 1;
        let (made, number) = (next(|revision| revision.made), next(|revision| revision.number));
        let known = self.revisions.iter().position(|revision| revision.template == self.template);
        let made = known.map_or(made, |known| self.revisions.remove(known).made);
        self.revisions.push(Revision { made, number, template: self.template.clone() });
        if MOST_REVISIONS < self.revisions.len() {
            self.revisions.remove(0);
        }
    }

    /// Whether what is asked for runs.
    fn is_out(&self) -> bool {
        self.revisions.last().is_some_and(|last| last.template == self.template)
    }

    /// What it is, in words.
    pub(super) fn words(&self) -> String {
        let number = self.revisions.last().map_or(0, |last| last.number);
        match (self.is_out(), self.paused) {
            (true, false) => format!("runs {} (revision {number})", self.image()),
            (true, true) => format!("runs {} (revision {number}), paused", self.image()),
            (false, _) => format!("is to run {} once it goes on", self.image()),
        }
    }

    /// Its path.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.listed_at(self.kind().0), self.object.name())
    }

    /// The path of the list that its revisions are in.
    pub(super) fn revisions_path(&self) -> String {
        self.listed_at(self.kind().1)
    }

    fn listed_at(&self, resource: &str) -> String {
        format!("/apis/apps/v1/namespaces/{}/{resource}", self.object.namespace().unwrap_or_default())
    }

    /// Its resource, that of its revisions, and the name of its kind.
    const fn kind(&self) -> (&'static str, &'static str, &'static str) {
        match self.object.kind {
            ObjectKind::StatefulSet => ("statefulsets", "controllerrevisions", "StatefulSet"),
            ObjectKind::DaemonSet => ("daemonsets", "controllerrevisions", "DaemonSet"),
            ObjectKind::Deployment | ObjectKind::Rollout | ObjectKind::ArgoCd | ObjectKind::Helm => {
                ("deployments", "replicasets", "Deployment")
            }
        }
    }

    /// As its API shows it, with the marks of who keeps it.
    pub(super) fn shown(&self, keeper: Option<&GitOps>) -> Value {
        let number = self.revisions.last().map_or(0, |last| last.number);
        let mut it = json!({
            "metadata": {
                "name": self.object.name(),
                "namespace": self.object.namespace(),
                "uid": self.uid(),
                "resourceVersion": self.version.to_string(),
                "generation": self.generation,
                "annotations": {"deployment.kubernetes.io/revision": number.to_string()},
            },
            "spec": {
                "replicas": PODS,
                "selector": {"matchLabels": {"app": self.object.name()}},
                "template": self.template,
            },
            "status": self.status(),
        });
        if self.paused {
            merge(&mut it, &json!({"spec": {"paused": true}}));
        }
        if let Some(keeper) = keeper {
            merge(&mut it, &json!({"metadata": marks(keeper, &self.object)}));
        }
        it
    }

    fn uid(&self) -> String {
        format!("uid-{}", self.uid)
    }

    fn status(&self) -> Value {
        let new = if self.is_out() { PODS } else { 0 };
        let newest = self.revisions.last().map(|last| self.name(last));
        json!({
            "observedGeneration": self.generation,
            "replicas": PODS, "updatedReplicas": new, "readyReplicas": PODS, "availableReplicas": PODS,
            "currentRevision": newest, "updateRevision": newest,
            "desiredNumberScheduled": PODS, "updatedNumberScheduled": new, "numberAvailable": PODS,
        })
    }

    /// The name of a revision, by which it is known whatever its number becomes.
    fn name(&self, revision: &Revision) -> String {
        format!("{}-{}", self.object.name(), revision.made)
    }

    /// Its revisions, as its API shows them.
    pub(super) fn revisions(&self) -> impl Iterator<Item = Value> {
        self.revisions.iter().map(|revision| {
            let owner = json!({"kind": self.kind().2, "name": self.object.name(), "uid": self.uid(), "controller": true});
            let mut metadata = json!({"name": self.name(revision), "ownerReferences": [owner]});
            let mut template = revision.template.clone();
            if self.object.kind == ObjectKind::Deployment {
                let labels = json!({"app": self.object.name(), "pod-template-hash": revision.made.to_string()});
                let annotations = json!({"deployment.kubernetes.io/revision": revision.number.to_string()});
                merge(&mut metadata, &json!({"labels": labels, "annotations": annotations}));
                merge(&mut template, &json!({"metadata": {"labels": labels}}));
                return json!({"metadata": metadata, "spec": {"template": template}});
            }
            // What holds the template here is the patch that leads back to it. A merge would take the word out.
            if let Some(template) = template.as_object_mut() {
                template.insert("$patch".to_owned(), json!("replace"));
            }
            json!({"metadata": metadata, "revision": revision.number, "data": {"spec": {"template": template}}})
        })
    }

    /// It is asked for something; the status of the answer.
    pub(super) fn take(&mut self, step: &Step, keeper: Option<&GitOps>) -> u16 {
        let Ok(patch) = serde_json::from_slice::<Value>(&step.body) else { return 400 };
        let mut it = self.shown(keeper);
        match step.content_type {
            "application/json-patch+json" => match patched(&it, &patch) {
                Ok(patched) => it = patched,
                Err(_) => return 422,
            },
            "application/strategic-merge-patch+json" => {
                let path = "/metadata/resourceVersion";
                if patch.pointer(path).is_some_and(|wanted| Some(wanted) != it.pointer(path)) {
                    return 409;
                }
                merge(&mut it, &patch);
            }
            _ => return 415,
        }
        let Some(template) = it.pointer("/spec/template") else { return 422 };
        self.ask(template.clone(), it.pointer("/spec/paused") == Some(&json!(true)));
        200
    }
}
