//! The requests of commands, as those of Argo's own `kubectl` plugin are: by way of the status where there is such a
//! subresource, and else of the whole. Each says which state it is about.

use serde_json::{Value, json};

use crate::decision::{Aim, Method, Misfit, StepName};
use crate::responder::kubernetes::rollout::{WORKLOAD, read};
use crate::responder::kubernetes::{JSON_PATCH, path as builtin, revision, template};
use crate::responder::object::{Elsewhere, Endpoint, Got, Overtaken, Rolling, Step, Survey};
use crate::unit::UnixMillis;

/// The annotation of pods of a release that was gone back to.
const UNDONE: &str = "backstop/undone";

const MERGE: &str = "application/merge-patch+json";

pub(super) fn step(
    aim: &Aim,
    (step, it): (StepName, &Value),
    survey: &Survey,
    got: &Got,
) -> Result<Step, Overtaken> {
    let path = read::path(&aim.object);
    let state = &*survey.identity.resource_version;
    let spec = |body: Value| merge((step, path.clone(), None), state, body);
    let status = |body: Value| merge((step, format!("{path}/status"), Some(path.clone())), state, body);
    let rolling = survey.rolling.as_ref().ok_or_else(|| Overtaken("it has no status".to_owned()))?;
    match step {
        StepName::Undo => undo(aim, (&path, it), (survey, rolling), got),
        StepName::Pause => Ok(spec(json!({"spec": {"paused": true}}))),
        StepName::Resume => Ok(spec(json!({"spec": {"paused": false}}))),
        StepName::Restart => Ok(spec(json!({"spec": {"restartAt": begins(aim).to_string()}}))),
        StepName::Abort if !rolling.underway => Err(Overtaken("all of its release is out by now".to_owned())),
        StepName::Abort => match rolling.short {
            Some((wanted, ready)) => Err(Overtaken(Misfit::TooSmall { wanted, ready }.to_string())),
            None => Ok(status(json!({"status": {"abort": true}}))),
        },
        StepName::Retry => Ok(status(json!({"status": {"abort": false}}))),
        StepName::Promote if rolling.index != aim.index => {
            let at = rolling.index.map_or_else(|| "no step".to_owned(), |index| format!("step {index}"));
            Err(Overtaken(format!("its release is at {at} now")))
        }
        StepName::Promote => Ok(status(promoted(it))),
        StepName::PromoteFull => {
            let seen = read::is_seen(it, got);
            let early = "its controller has not seen yet what it goes back to";
            let step = if rolling.underway || !seen {
                status(json!({"status": {"promoteFull": true}}))
            } else {
                // All of it is out by itself, and the plugin asks for nothing then.
                status(json!({}))
            };
            Ok(Step { early: (!seen).then(|| early.to_owned()), ..step })
        }
        StepName::Detach | StepName::Terminate | StepName::Attach => {
            Err(Overtaken("a Rollout knows no such step".to_owned()))
        }
    }
}

/// Past the step at which it waits. What waits by itself is let go on; where nothing else would lead on, the step is counted up.
fn promoted(it: &Value) -> Value {
    let index = it.pointer("/status/currentStepIndex").and_then(Value::as_u64).unwrap_or_default() + 1;
    if read::is_inconclusive(it) {
        return json!({"status": {"pauseConditions": null, "controllerPause": false, "currentStepIndex": index}});
    }
    if read::is_paused(it) {
        return json!({"status": {"pauseConditions": null}});
    }
    json!({"status": {"pauseConditions": null, "currentStepIndex": index}})
}

/// The time of a restart. Its controller writes it down in whole seconds, and would never find what it wrote to be this one
/// if it were any other.
fn begins(aim: &Aim) -> UnixMillis {
    aim.at.floor(read::SECOND)
}

pub(super) fn was_restarted(aim: &Aim, it: &Value) -> bool {
    read::moment(it, "/spec/restartAt") == Some(begins(aim))
}

/// A merge, on the state that was read alone: such a patch cannot test anything else.
fn merge((name, path, elsewhere): (StepName, String, Option<String>), state: &str, mut body: Value) -> Step {
    body["metadata"] = json!({"resourceVersion": state});
    let body = body.to_string().into_bytes();
    let elsewhere = elsewhere.map(|path| Elsewhere { path, body: body.clone() });
    Step {
        name,
        at: Endpoint::Kubernetes,
        method: Method::Patch,
        path,
        content_type: MERGE,
        body,
        expect: &[200],
        overtaken: &[409],
        elsewhere,
        early: None,
    }
}

/// Goes back to the template of another `ReplicaSet`: in the Rollout, or in the Deployment that it takes its template from.
///
/// Where its controller would have traffic shift before that set has its pods, the template is marked, so that it makes a set
/// of its own of it, whose pods have to be there first.
fn undo(
    aim: &Aim,
    (own, it): (&str, &Value),
    (survey, rolling): (&Survey, &Rolling),
    got: &Got,
) -> Result<Step, Overtaken> {
    let gone = || Overtaken("the revision that it should go back to is gone".to_owned());
    let to = aim.to.as_ref().ok_or_else(gone)?;
    // What comes back has another number from then on.
    let same = |set: &&Value| {
        let edition = read::edition(set);
        edition.hash == to.hash && edition.images == to.images
    };
    let chosen = revision::own(got, &aim.seen.uid).find(same).ok_or_else(gone)?;
    let mut template = template::bare(chosen.pointer("/spec/template").ok_or_else(gone)?);
    let promotes = aim.steps.contains(&StepName::PromoteFull);
    match rolling.fast.get(&to.hash) {
        Some(_) if promotes => template["metadata"]["annotations"][UNDONE] = json!(aim.at.to_string()),
        Some(true) => {}
        None if promotes => {}
        // Somebody else went back to it, and what is asked for changes nothing.
        Some(false) | None if survey.runs.hash == to.hash => {}
        Some(false) => return Err(Overtaken("the pods of what it goes back to are gone by now".to_owned())),
        None => {
            let why = "what it goes back to is not in its rollbackWindow by now, so that it would take all steps on the way";
            return Err(Overtaken(why.to_owned()));
        }
    }
    let (path, of) = match (read::workload(it), got.get(WORKLOAD)) {
        (Some(name), Some(workload)) => (builtin(&aim.object, "deployments", Some(name)), workload),
        _ => (own.to_owned(), it),
    };
    let state = of.pointer("/metadata/resourceVersion");
    let patch = json!([
        {"op": "test", "path": "/metadata/resourceVersion", "value": state},
        {"op": "replace", "path": "/spec/template", "value": template},
    ]);
    Ok(Step {
        name: StepName::Undo,
        at: Endpoint::Kubernetes,
        method: Method::Patch,
        path,
        content_type: JSON_PATCH,
        body: patch.to_string().into_bytes(),
        expect: &[200],
        overtaken: &[409, 422],
        elsewhere: None,
        early: None,
    })
}
