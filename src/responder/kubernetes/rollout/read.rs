//! What is read of a Rollout.

use serde_json::Value;

use crate::decision::{Edition, Misfit};
use crate::responder::kubernetes::rollout::{WORKLOAD, capacity};
use crate::responder::kubernetes::{OBJECT, identified, keeper, lacks, revision, template};
use crate::responder::object::field::{query, text, whole};
use crate::responder::object::{Got, Pause, Rolling, Survey};
use crate::signal::Object;
use crate::unit::{Span, UnixMillis};

/// The annotation that carries the number of a revision.
const REVISION: &str = "rollout.argoproj.io/revision";

pub(super) const SECOND: Span = Span::from_secs(1);

pub(super) fn path(object: &Object) -> String {
    let (namespace, name) = (object.namespace().unwrap_or_default(), object.name());
    format!("/apis/argoproj.io/v1alpha1/namespaces/{}/rollouts/{}", query(namespace), query(name))
}

/// The Deployment that it takes its template from.
pub(in crate::responder) fn workload(it: &Value) -> Option<&str> {
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
    let (it, identity) = identified(object, got)?;
    let asked = asked(got);
    let asked =
        asked.ok_or_else(|| lacks(object, "spec.template, or the Deployment of spec.workloadRef,"))?;
    let generation = identity.generation;
    let status = |name: &str| text(it, &format!("/status/{name}")).filter(|text| !text.is_empty());
    let sets = revision::sets(got, &identity.uid, REVISION);
    let (current, stable) = (status("currentPodHash"), status("stableRS"));
    let by_hash =
        |hash: Option<&str>| sets.iter().copied().find(|set| hash.is_some() && template::hash(set) == hash);
    let seen = is_seen(it, got);
    // What the controller adds to pods of a release makes their template another one than is asked for.
    let current = by_hash(current).filter(|set| seen && edition(set).images == template::images(asked));
    let running = current.or_else(|| sets.iter().copied().find(|set| revision::is_asked(set, asked)));
    let runs = running.map_or_else(|| revision::unrolled(asked), edition);
    let underway = stable != Some(&*runs.hash);
    Ok(Survey {
        object: object.clone(),
        revisions: revision::others(&sets, running).map(edition).collect(),
        identity,
        observed: if seen { generation } else { observed(it).min(generation.saturating_sub(1)) },
        held: it.pointer("/spec/paused").and_then(Value::as_bool).unwrap_or(false),
        owner: keeper::owner(it),
        keeper: keeper::keeper(it),
        on_delete: false,
        rolling: Some(Rolling {
            stable: by_hash(stable).map(edition),
            underway,
            aborted: it.pointer("/status/abort").and_then(Value::as_bool).unwrap_or(false),
            index: it.pointer("/status/currentStepIndex").and_then(Value::as_u64),
            waits: underway && (is_paused(it) || is_analysed(it)),
            fast: capacity::fast(it, &sets),
            short: by_hash(stable).and_then(|stable| capacity::short(it, stable)),
            paused: paused(it).filter(|_| underway),
        }),
        runs,
    })
}

fn observed(it: &Value) -> u64 {
    text(it, "/status/observedGeneration").and_then(|seen| seen.parse().ok()).unwrap_or_default()
}

pub(super) fn edition(set: &Value) -> Edition {
    revision::of_set(set, REVISION)
}

/// Whether it waits at a step, as its own controller says.
pub(super) fn is_paused(it: &Value) -> bool {
    it.pointer("/status/pauseConditions").and_then(Value::as_array).is_some_and(|all| !all.is_empty())
}

/// What its controller holds it for.
fn paused(it: &Value) -> Option<Pause> {
    let pause = if is_inconclusive(it) { Pause::Inconclusive } else { Pause::Step };
    is_paused(it).then_some(pause)
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

/// When somebody asked it to start anew, or when its controller says that it did, in whole seconds: that writes no others.
pub(in crate::responder) fn moment(it: &Value, at: &str) -> Option<UnixMillis> {
    let at: UnixMillis = text(it, at)?.parse().ok()?;
    Some(at.floor(SECOND))
}

/// Whether its controller says that each of its pods was made since it was last asked to start anew.
pub(super) fn is_restarted(it: &Value) -> bool {
    let asked = moment(it, "/spec/restartAt");
    asked.is_some_and(|asked| moment(it, "/status/restartedAt").is_some_and(|done| asked <= done))
}

/// Whether anything of a release still serves: by the weight of its traffic where that is split, else by its pods.
pub(super) fn serves_new(it: &Value) -> bool {
    if let Some(active) = text(it, "/status/blueGreen/activeSelector") {
        return Some(active) != text(it, "/status/stableRS");
    }
    let weight = it.pointer("/status/canary/weights/canary/weight").and_then(Value::as_u64);
    0 < weight.unwrap_or_else(|| whole(it, "/status/updatedReplicas"))
}
