//! Deployments: each revision is a `ReplicaSet`.

use serde_json::{Map, Value, json};

use crate::decision::{Aim, Edition, Identity, Method, Misfit, Move, Order, Progress, StepName};
use crate::responder::kubernetes::field::{controller, items, named, text, whole};
use crate::responder::kubernetes::{
    JSON_PATCH, OBJECT, REVISIONS, keeper, merge, path, plan, progress, read, restarted, revisions, still,
    template, was_restarted,
};
use crate::responder::object::{Adapter, Endpoint, Got, Need, Overtaken, Read, Step, Survey};
use crate::signal::Object;

const RESOURCE: &str = "deployments";

/// The annotation that carries the number of a revision.
const REVISION: &str = "deployment.kubernetes.io/revision";

/// Annotations that are of the Deployment and not of what it runs: an undo keeps them, and takes all others from the
/// revision that it goes back to, as `kubectl rollout undo` does.
const OWN: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    "deployment.kubernetes.io/revision-history",
    "deployment.kubernetes.io/desired-replicas",
    "deployment.kubernetes.io/max-replicas",
    "deprecated.deployment.rollback.to",
];

const NEEDS: [Need; 3] = [
    Need { group: "apps", resource: RESOURCE, verb: "get" },
    Need { group: "apps", resource: RESOURCE, verb: "patch" },
    Need { group: "apps", resource: "replicasets", verb: "list" },
];

/// Deployments.
#[derive(Debug, Clone, Copy)]
pub struct Deployment;

impl Adapter for Deployment {
    fn reads(&self, object: &Object, got: &Got) -> Vec<Read> {
        if !got.was_read(OBJECT) {
            return vec![read(OBJECT, path(object, RESOURCE, Some(object.name())))];
        }
        match got.get(OBJECT) {
            Some(it) if !got.was_read(REVISIONS) => vec![revisions(object, "replicasets", it)],
            Some(_) | None => Vec::new(),
        }
    }

    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit> {
        let it = got.get(OBJECT).ok_or_else(|| Misfit::Gone(object.clone()))?;
        let lacks = |what: &str| Misfit::Unreadable(format!("`{what}` of {object} is missing"));
        let asked = it.pointer("/spec/template").ok_or_else(|| lacks("spec.template"))?;
        let uid = text(it, "/metadata/uid").ok_or_else(|| lacks("metadata.uid"))?;
        let identity = Identity {
            uid: uid.to_owned(),
            resource_version: text(it, "/metadata/resourceVersion").unwrap_or_default().to_owned(),
            generation: whole(it, "/metadata/generation"),
        };
        let mut sets: Vec<(u64, &Value)> =
            own(got, uid).map(|set| (revision(set).unwrap_or_default(), set)).collect();
        sets.sort_by_key(|(revision, _)| std::cmp::Reverse(*revision));
        let same = |set: &&(u64, &Value)| {
            set.1.pointer("/spec/template").is_some_and(|of| template::bare(of) == template::bare(asked))
        };
        // A server of a later version may have filled in more than it had when the ReplicaSet was made.
        let alike = |set: &&(u64, &Value)| {
            Some(set.0) == revision(it) && edition(set.1).images == template::images(asked)
        };
        let running = sets.iter().find(same).or_else(|| sets.iter().find(alike)).map(|(_, set)| *set);
        let unrolled = Edition {
            images: template::images(asked),
            version: template::version(asked),
            ..Edition::default()
        };
        let runs = running.map_or(unrolled, edition);
        let others =
            sets.iter().filter(|(_, set)| running.is_none_or(|running| !std::ptr::eq(running, *set)));
        Ok(Survey {
            object: object.clone(),
            identity,
            observed: whole(it, "/status/observedGeneration"),
            runs,
            revisions: others.map(|(_, set)| edition(set)).collect(),
            held: is_held(it),
            owner: keeper::owner(it),
            keeper: keeper::keeper(it),
            on_delete: false,
            scaled: None,
            rolling: None,
        })
    }

    fn plan(&self, survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>> {
        plan(survey, order)
    }

    fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken> {
        let survey = self.survey(&aim.object, got).map_err(|misfit| Overtaken(misfit.to_string()))?;
        still(aim, &survey, step)?;
        let path = path(&aim.object, RESOURCE, Some(aim.object.name()));
        let state = &*survey.identity.resource_version;
        match step {
            StepName::Undo => undo(aim, (path, state), got),
            StepName::Pause => Ok(merge((step, path), state, json!({"spec": {"paused": true}}))),
            StepName::Resume => Ok(merge((step, path), state, json!({"spec": {"paused": null}}))),
            StepName::Restart => Ok(merge((step, path), state, restarted(aim))),
            StepName::Abort | StepName::Retry | StepName::Promote | StepName::PromoteFull => {
                Err(Overtaken("the release of a Deployment knows no steps".to_owned()))
            }
        }
    }

    fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        match (self.survey(&aim.object, got), got.get(OBJECT)) {
            (Ok(survey), Some(it)) => progress(aim, &survey, (was_restarted(aim, it), runs(it))),
            (Err(misfit), _) => Progress { taken: 0, holds: false, otherwise: Some(misfit.to_string()) },
            (Ok(_), None) => Progress { taken: 0, holds: false, otherwise: None },
        }
    }

    fn needs(&self, does: &Move) -> &'static [Need] {
        if matches!(does, Move::Retry | Move::Promote) { &[] } else { &NEEDS }
    }
}

/// The `ReplicaSets` that a Deployment made: others may have labels that its selector finds.
fn own<'a>(got: &'a Got, uid: &'a str) -> impl Iterator<Item = &'a Value> {
    let is_own = move |set: &&Value| controller(set).is_some_and(|owner| text(owner, "/uid") == Some(uid));
    got.get(REVISIONS).into_iter().flat_map(items).filter(is_own)
}

fn revision(it: &Value) -> Option<u64> {
    named(it, "annotations", REVISION)?.parse().ok()
}

fn edition(set: &Value) -> Edition {
    let template = set.pointer("/spec/template").unwrap_or(&Value::Null);
    Edition {
        revision: revision(set).map(|revision| revision.to_string()).unwrap_or_default(),
        hash: template::hash(set).unwrap_or_default().to_owned(),
        images: template::images(template),
        version: template::version(template),
    }
}

fn is_held(it: &Value) -> bool {
    it.pointer("/spec/paused").and_then(Value::as_bool).unwrap_or(false)
}

/// Whether what is asked for runs, and nothing else does any more.
fn runs(it: &Value) -> bool {
    let wanted = it.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
    let status = |name: &str| whole(it, &format!("/status/{name}"));
    status("updatedReplicas") == wanted
        && status("replicas") == wanted
        && wanted <= status("availableReplicas")
        && status("unavailableReplicas") == 0
}

/// Goes back to the template of another `ReplicaSet`: on the state that was read, and while it runs the images that were judged.
fn undo(aim: &Aim, (path, state): (String, &str), got: &Got) -> Result<Step, Overtaken> {
    let gone = || Overtaken("the revision that it should go back to is gone".to_owned());
    let it = got.get(OBJECT).ok_or_else(gone)?;
    let to = aim.to.as_ref().ok_or_else(gone)?;
    let sets = || got.get(REVISIONS).into_iter().flat_map(items);
    let owned = |set: &&Value| controller(set).and_then(|owner| text(owner, "/uid")) == Some(&*aim.seen.uid);
    let chosen = sets().filter(owned).find(|set| {
        let edition = edition(set);
        edition.hash == to.hash && edition.images == to.images
    });
    let chosen = chosen.ok_or_else(gone)?;
    let template = template::bare(chosen.pointer("/spec/template").ok_or_else(gone)?);
    let mut patch = vec![json!({"op": "test", "path": "/metadata/resourceVersion", "value": state})];
    let containers = it.pointer("/spec/template/spec/containers").and_then(Value::as_array);
    for (index, container) in containers.into_iter().flatten().enumerate() {
        let path = format!("/spec/template/spec/containers/{index}/image");
        patch.push(json!({"op": "test", "path": path, "value": container.get("image")}));
    }
    patch.push(json!({"op": "replace", "path": "/spec/template", "value": template}));
    patch.push(json!({"op": "add", "path": "/metadata/annotations", "value": annotations(it, chosen)}));
    Ok(Step {
        name: StepName::Undo,
        at: Endpoint::Kubernetes,
        method: Method::Patch,
        path,
        content_type: JSON_PATCH,
        body: Value::from(patch).to_string().into_bytes(),
        expect: &[200],
        overtaken: &[409, 422],
        elsewhere: None,
        early: None,
    })
}

/// The annotations of the Deployment once it went back.
fn annotations(it: &Value, set: &Value) -> Map<String, Value> {
    let of = |it: &Value| it.pointer("/metadata/annotations").and_then(Value::as_object).cloned();
    let is_own = |name: &String| OWN.contains(&&**name);
    let kept = of(it).unwrap_or_default().into_iter().filter(|(name, _)| is_own(name));
    let taken = of(set).unwrap_or_default().into_iter().filter(|(name, _)| !is_own(name));
    kept.chain(taken).collect()
}
