//! Deployments: each revision is a `ReplicaSet`.

use serde_json::{Map, Value, json};

use crate::decision::{Aim, Edition, Method, Misfit, Move, Order, Progress, StepName};
use crate::responder::kubernetes::{
    JSON_PATCH, OBJECT, identified, judged, keeper, lacks, merge, path, plan, progress, reads, restarted,
    revision, still, template, was_restarted,
};
use crate::responder::object::field::whole;
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
        reads(object, got, (RESOURCE, "replicasets"))
    }

    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit> {
        let (it, identity) = identified(object, got)?;
        let asked = it.pointer("/spec/template").ok_or_else(|| lacks(object, "spec.template"))?;
        let sets = revision::sets(got, &identity.uid, REVISION);
        let numbered = revision::number(it, REVISION);
        // A server of a later version may have filled in more than it had when the ReplicaSet was made.
        let alike = |set: &&&Value| {
            revision::number(set, REVISION) == numbered && edition(set).images == template::images(asked)
        };
        let same = sets.iter().find(|set| revision::is_asked(set, asked));
        let running = same.or_else(|| sets.iter().find(alike)).copied();
        Ok(Survey {
            object: object.clone(),
            runs: running.map_or_else(|| revision::unrolled(asked), edition),
            revisions: revision::others(&sets, running).map(edition).collect(),
            identity,
            observed: whole(it, "/status/observedGeneration"),
            held: is_held(it),
            owner: keeper::owner(it),
            keeper: keeper::keeper(it),
            on_delete: false,
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
            StepName::Abort
            | StepName::Retry
            | StepName::Promote
            | StepName::PromoteFull
            | StepName::Detach
            | StepName::Terminate
            | StepName::Attach => Err(Overtaken("the release of a Deployment knows no steps".to_owned())),
        }
    }

    fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        judged(self.survey(&aim.object, got), got, |survey, it| {
            progress(aim, survey, (was_restarted(aim, it), runs(it)))
        })
    }

    fn needs(&self, does: &Move) -> &'static [Need] {
        if matches!(does, Move::Retry | Move::Promote) { &[] } else { &NEEDS }
    }
}

fn edition(set: &Value) -> Edition {
    revision::of_set(set, REVISION)
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
///
/// How many pods there are stays as it is, even where an autoscaler left few of a bad release that did no work: asked for
/// more at once, the controller brings up pods of the bad one first.
fn undo(aim: &Aim, (path, state): (String, &str), got: &Got) -> Result<Step, Overtaken> {
    let gone = || Overtaken("the revision that it should go back to is gone".to_owned());
    let it = got.get(OBJECT).ok_or_else(gone)?;
    let to = aim.to.as_ref().ok_or_else(gone)?;
    let chosen = revision::own(got, &aim.seen.uid).find(|set| {
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
