//! What is read of a Rollout.

use serde_json::Value;

use crate::decision::{Edition, Identity, Misfit};
use crate::responder::kubernetes::field::{controller, items, named, query, text, whole};
use crate::responder::kubernetes::rollout::WORKLOAD;
use crate::responder::kubernetes::{OBJECT, REVISIONS, keeper, template};
use crate::responder::object::{Got, Rolling, Survey};
use crate::signal::Object;

/// The annotation that carries the number of a revision.
const REVISION: &str = "rollout.argoproj.io/revision";

pub(super) fn path(object: &Object) -> String {
    let (namespace, name) = (object.namespace().unwrap_or_default(), object.name());
    format!("/apis/argoproj.io/v1alpha1/namespaces/{}/rollouts/{}", query(namespace), query(name))
}

/// The Deployment that it takes its template from.
pub(super) fn workload(it: &Value) -> Option<&str> {
    let workload = it.pointer("/spec/workloadRef")?;
    (text(workload, "/kind") == Some("Deployment")).then(|| text(workload, "/name"))?
}

/// The template that is asked for.
fn asked(got: &Got) -> Option<&Value> {
    let it = got.get(OBJECT)?;
    let of = if it.pointer("/spec/workloadRef").is_some() { got.get(WORKLOAD)? } else { it };
    of.pointer("/spec/template")
}

/// Whether its controller saw all that was asked of it. It counts in texts, and older ones wrote a hash there.
pub(super) fn is_seen(it: &Value, got: &Got) -> bool {
    let saw = |pointer: &str, of: &Value| {
        let seen = text(it, pointer).and_then(|seen| seen.parse().ok());
        seen.is_none_or(|seen: u64| whole(of, "/metadata/generation") <= seen)
    };
    let workload = got.get(WORKLOAD);
    saw("/status/observedGeneration", it)
        && workload.is_none_or(|workload| saw("/status/workloadObservedGeneration", workload))
}

pub(super) fn survey(object: &Object, got: &Got) -> Result<Survey, Misfit> {
    let it = got.get(OBJECT).ok_or_else(|| Misfit::Gone(object.clone()))?;
    let lacks = |what: &str| Misfit::Unreadable(format!("`{what}` of {object} is missing"));
    let asked = asked(got).ok_or_else(|| lacks("spec.template, or the Deployment of spec.workloadRef,"))?;
    let uid = text(it, "/metadata/uid").ok_or_else(|| lacks("metadata.uid"))?;
    let generation = whole(it, "/metadata/generation");
    let identity = Identity {
        uid: uid.to_owned(),
        resource_version: text(it, "/metadata/resourceVersion").unwrap_or_default().to_owned(),
        generation,
    };
    let status = |name: &str| text(it, &format!("/status/{name}")).filter(|text| !text.is_empty());
    let mut sets: Vec<(u64, &Value)> =
        own(got, uid).map(|set| (revision(set).unwrap_or_default(), set)).collect();
    sets.sort_by_key(|(revision, _)| std::cmp::Reverse(*revision));
    let (current, stable) = (status("currentPodHash"), status("stableRS"));
    let by_hash = |hash: Option<&str>| {
        let found = sets.iter().find(|(_, set)| hash.is_some() && template::hash(set) == hash);
        found.map(|(_, set)| *set)
    };
    let same = |set: &Value| {
        set.pointer("/spec/template").is_some_and(|of| template::bare(of) == template::bare(asked))
    };
    let seen = is_seen(it, got);
    // What the controller adds to pods of a release makes their template another one than is asked for.
    let current = by_hash(current).filter(|set| seen && edition(set).images == template::images(asked));
    let running = current.or_else(|| sets.iter().map(|(_, set)| *set).find(|set| same(set)));
    let unrolled =
        Edition { images: template::images(asked), version: template::version(asked), ..Edition::default() };
    let runs = running.map_or(unrolled, edition);
    let underway = stable != Some(&*runs.hash);
    let others = sets.iter().filter(|(_, set)| running.is_none_or(|running| !std::ptr::eq(running, *set)));
    Ok(Survey {
        object: object.clone(),
        identity,
        observed: if seen { generation } else { observed(it).min(generation.saturating_sub(1)) },
        revisions: others.map(|(_, set)| edition(set)).collect(),
        held: it.pointer("/spec/paused").and_then(Value::as_bool).unwrap_or(false),
        owner: keeper::owner(it),
        keeper: keeper::keeper(it),
        on_delete: false,
        scaled: None,
        rolling: Some(Rolling {
            stable: by_hash(stable).map(edition),
            underway,
            aborted: it.pointer("/status/abort").and_then(Value::as_bool).unwrap_or(false),
            index: it.pointer("/status/currentStepIndex").and_then(Value::as_u64),
            waits: underway && (is_paused(it) || is_analysed(it)),
            window: whole(it, "/spec/rollbackWindow/revisions"),
        }),
        runs,
    })
}

fn observed(it: &Value) -> u64 {
    text(it, "/status/observedGeneration").and_then(|seen| seen.parse().ok()).unwrap_or_default()
}

/// The `ReplicaSets` that a Rollout made: a Deployment of the same labels may have made others.
pub(super) fn own<'a>(got: &'a Got, uid: &'a str) -> impl Iterator<Item = &'a Value> {
    let is_own = move |set: &&Value| controller(set).is_some_and(|owner| text(owner, "/uid") == Some(uid));
    got.get(REVISIONS).into_iter().flat_map(items).filter(is_own)
}

fn revision(it: &Value) -> Option<u64> {
    named(it, "annotations", REVISION)?.parse().ok()
}

pub(super) fn edition(set: &Value) -> Edition {
    let template = set.pointer("/spec/template").unwrap_or(&Value::Null);
    Edition {
        revision: revision(set).map(|revision| revision.to_string()).unwrap_or_default(),
        hash: template::hash(set).unwrap_or_default().to_owned(),
        images: template::images(template),
        version: template::version(template),
    }
}

/// Whether it waits at a step, as its own controller says.
pub(super) fn is_paused(it: &Value) -> bool {
    it.pointer("/status/pauseConditions").and_then(Value::as_array).is_some_and(|all| !all.is_empty())
}

/// Whether the step that it is at waits for an analysis or an experiment.
fn is_analysed(it: &Value) -> bool {
    let index = it.pointer("/status/currentStepIndex").and_then(Value::as_u64).unwrap_or_default();
    let step = it.pointer(&format!("/spec/strategy/canary/steps/{index}"));
    step.is_some_and(|step| step.get("analysis").is_some() || step.get("experiment").is_some())
}

/// Whether an analysis came to no end, and its controller holds it for that.
pub(super) fn is_inconclusive(it: &Value) -> bool {
    let runs = ["currentStepAnalysisRunStatus", "currentBackgroundAnalysisRunStatus"];
    let status = |run: &str| text(it, &format!("/status/canary/{run}/status"));
    let controls = it.pointer("/status/controllerPause").and_then(Value::as_bool) == Some(true);
    controls && is_paused(it) && runs.into_iter().any(|run| status(run) == Some("Inconclusive"))
}

/// Whether anything of a release still serves: by the weight of its traffic where that is split, else by its pods.
pub(super) fn serves_new(it: &Value) -> bool {
    if let Some(active) = text(it, "/status/blueGreen/activeSelector") {
        return Some(active) != text(it, "/status/stableRS");
    }
    let weight = it.pointer("/status/canary/weights/canary/weight").and_then(Value::as_u64);
    0 < weight.unwrap_or_else(|| whole(it, "/status/updatedReplicas"))
}
