//! Kubernetes: what Deployments, `StatefulSets`, `DaemonSets` and Argo's Rollouts need.
//!
//! Requests are plain JSON, so that no version of the API is built in: what is read here is as old as `apps/v1`.

mod access;
mod deployment;
mod controlled;
mod keeper;
mod revision;
pub(in crate::responder) mod rollout;
mod template;

use crate::decision::{Aim, Edition, Identity, Method, Misfit, Move, Order, Progress, StepName};
use crate::responder::object::field::{query, text, whole};
use crate::responder::object::{Endpoint, Got, Overtaken, Read, Step, Survey, choose, runs_other};
use crate::signal::Object;
use serde_json::{Value, json};

pub use access::{Way, platform};
pub use controlled::Controlled;
pub use deployment::Deployment;
pub(in crate::responder) use keeper::{keeper, owner};
pub use rollout::Rollout;

/// What a read object is called among what was read.
pub(in crate::responder) const OBJECT: &str = "object";

/// What its revisions are called.
pub(in crate::responder) const REVISIONS: &str = "revisions";

pub(in crate::responder) const JSON_PATCH: &str = "application/json-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";

/// The path of an object, or of all objects of a resource in its namespace.
fn path(object: &Object, resource: &str, name: Option<&str>) -> String {
    let namespace = object.namespace().unwrap_or_default();
    let all = format!("/apis/apps/v1/namespaces/{}/{resource}", query(namespace));
    name.map_or(all.clone(), |name| format!("{all}/{}", query(name)))
}

fn read(name: &'static str, path: String) -> Read {
    Read { name, at: Endpoint::Kubernetes, path }
}

/// What is read of an object that Kubernetes brings: it, and then the revisions that its selector finds.
fn reads(object: &Object, got: &Got, (resource, kept_as): (&str, &str)) -> Vec<Read> {
    if !got.was_read(OBJECT) {
        return vec![read(OBJECT, path(object, resource, Some(object.name())))];
    }
    match got.get(OBJECT) {
        Some(it) if !got.was_read(REVISIONS) => vec![revision::list(object, kept_as, it)],
        Some(_) | None => Vec::new(),
    }
}

/// The object itself, and which one in which state it is.
fn identified<'a>(object: &Object, got: &'a Got) -> Result<(&'a Value, Identity), Misfit> {
    let it = got.get(OBJECT).ok_or_else(|| Misfit::Gone(object.clone()))?;
    let uid = text(it, "/metadata/uid").ok_or_else(|| lacks(object, "metadata.uid"))?;
    let resource_version = text(it, "/metadata/resourceVersion").unwrap_or_default().to_owned();
    Ok((
        it,
        Identity { uid: uid.to_owned(), resource_version, generation: whole(it, "/metadata/generation") },
    ))
}

fn lacks(object: &Object, what: &str) -> Misfit {
    Misfit::Unreadable(format!("`{what}` of {object} is missing"))
}

/// How far an object is; nowhere where it cannot be surveyed.
fn judged(
    survey: Result<Survey, Misfit>,
    got: &Got,
    far: impl FnOnce(&Survey, &Value) -> Progress,
) -> Progress {
    match (survey, got.get(OBJECT)) {
        (Ok(survey), Some(it)) => far(&survey, it),
        (Err(misfit), _) => Progress { taken: 0, holds: false, otherwise: Some(misfit.to_string()) },
        (Ok(_), None) => Progress { taken: 0, holds: false, otherwise: None },
    }
}

/// Which steps lead to what is wanted of an object that is undone step by step, else all that speaks against it.
fn plan(survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>> {
    let mut misfits = survey.misfits();
    let by_other = survey.held && !order.holds;
    let (mut to, mut steps) = (None, Vec::new());
    match &order.does {
        Move::Undo { to: wanted } => {
            if survey.on_delete {
                misfits.push(Misfit::OnDelete);
            }
            if by_other {
                misfits.push(Misfit::HeldByOther);
            }
            misfits.extend(runs_other(survey, order));
            match choose(survey, order, wanted) {
                Ok(edition) => to = Some(edition.clone()),
                Err(misfit) => misfits.push(misfit),
            }
            steps.push(StepName::Undo);
            // The release goes on only once it is the good one that does: the other way round, the bad one would spread on
            // until the second step.
            if survey.held {
                steps.push(StepName::Resume);
            }
        }
        Move::Hold => {
            if survey.held {
                misfits.push(Misfit::AlreadyHeld);
            }
            steps.push(StepName::Pause);
        }
        Move::GoOn => {
            if !survey.held {
                misfits.push(Misfit::NotHeld);
            } else if by_other {
                misfits.push(Misfit::HeldByOther);
            }
            steps.push(StepName::Resume);
        }
        Move::Restart => {
            if survey.on_delete {
                misfits.push(Misfit::OnDelete);
            }
            // Nothing starts anew while it is held, and whoever lets it go on would be surprised.
            if survey.held {
                misfits.push(if by_other { Misfit::HeldByOther } else { Misfit::AlreadyHeld });
            }
            steps.push(StepName::Restart);
        }
        // Their releases know no steps.
        Move::Retry => misfits.push(Misfit::NotAborted),
        Move::Promote => misfits.push(Misfit::Promoted),
        // Whoever holds what keeps them gives that back.
        Move::GiveBack => misfits.push(Misfit::NotOurs),
    }
    if !misfits.is_empty() {
        return Err(misfits);
    }
    let Survey { object, identity, runs, .. } = survey.clone();
    let (seen, from) = (identity, runs);
    Ok(Aim { object, at: order.at, seen, from, to, steps, index: None, keeper: None, through: None })
}

/// Whether an object is what a step is about: what it ran when it was decided, or what it is to run.
fn still(aim: &Aim, survey: &Survey, step: StepName) -> Result<(), Overtaken> {
    let (runs, seen) = (&survey.runs, &survey.identity);
    if seen.uid != aim.seen.uid {
        return Err(Overtaken(format!("it is another object of the same name ({})", seen.uid)));
    }
    let at_from = runs.images == aim.from.images && runs.hash == aim.from.hash;
    let at_to = aim.to.as_ref().is_some_and(|to| to.same_images(runs));
    let undoes = aim.steps.contains(&StepName::Undo);
    let fits = match step {
        StepName::Undo => at_from || at_to,
        StepName::Resume | StepName::PromoteFull if undoes => at_to,
        StepName::Pause
        | StepName::Resume
        | StepName::Restart
        | StepName::Abort
        | StepName::Retry
        | StepName::Promote
        | StepName::PromoteFull
        | StepName::Detach
        | StepName::Terminate
        | StepName::Attach => at_from,
    };
    if !fits {
        return Err(Overtaken(format!("it runs {} now", shown(runs))));
    }
    // Whether it is held decides which steps there are.
    let held = aim.steps.contains(&StepName::Resume);
    let begins = matches!(step, StepName::Undo | StepName::Abort);
    if begins && at_from && survey.held != held {
        let how = if survey.held { "paused" } else { "not paused" };
        return Err(Overtaken(format!("it is {how} now")));
    }
    Ok(())
}

fn shown(edition: &Edition) -> String {
    let revision = if edition.revision.is_empty() { "?" } else { &edition.revision };
    format!("{} (revision {revision})", edition.images.join(", "))
}

/// How far an object is by what it is asked to run, and whether that runs.
fn progress(aim: &Aim, survey: &Survey, (restarted, runs): (bool, bool)) -> Progress {
    let at_to = aim.to.as_ref().is_some_and(|to| to.same_images(&survey.runs));
    let is_taken = |step: &&StepName| match step {
        StepName::Undo => at_to,
        StepName::Pause => survey.held,
        StepName::Resume => !survey.held,
        StepName::Restart => restarted,
        StepName::Abort
        | StepName::Retry
        | StepName::Promote
        | StepName::PromoteFull
        | StepName::Detach
        | StepName::Terminate
        | StepName::Attach => false,
    };
    let taken = aim.steps.iter().take_while(is_taken).count();
    let seen = survey.identity.generation <= survey.observed;
    // What is held does not come to run, and is not meant to.
    let pauses = aim.steps.last() == Some(&StepName::Pause);
    Progress {
        taken,
        holds: taken == aim.steps.len() && seen && (pauses || runs),
        otherwise: otherwise(aim, survey),
    }
}

/// What an object is where it is neither what it was nor what it is to be.
fn otherwise(aim: &Aim, survey: &Survey) -> Option<String> {
    if survey.identity.uid != aim.seen.uid {
        return Some(format!("it is another object of the same name ({})", survey.identity.uid));
    }
    let to = aim.to.as_ref()?;
    let is_known = to.same_images(&survey.runs) || aim.from.same_images(&survey.runs);
    (!is_known).then(|| format!("it runs {}", shown(&survey.runs)))
}

/// A strategic merge, on the state that was read alone.
fn merge((name, path): (StepName, String), resource_version: &str, mut body: Value) -> Step {
    let metadata = body.as_object_mut().map(|body| body.entry("metadata").or_insert_with(|| json!({})));
    if let Some(metadata) = metadata.and_then(Value::as_object_mut) {
        metadata.insert("resourceVersion".to_owned(), json!(resource_version));
    }
    Step {
        name,
        at: Endpoint::Kubernetes,
        method: Method::Patch,
        path,
        content_type: STRATEGIC,
        body: body.to_string().into_bytes(),
        expect: &[200],
        overtaken: &[409],
        elsewhere: None,
        early: None,
    }
}

/// The body that starts anew what runs: the time tells one start from the next.
fn restarted(aim: &Aim) -> Value {
    json!({"spec": {"template": {"metadata": {"annotations": {RESTARTED: aim.at.to_string()}}}}})
}

const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";

/// Whether it was started anew for this aim.
fn was_restarted(aim: &Aim, it: &Value) -> bool {
    let annotations = it.pointer("/spec/template/metadata/annotations");
    let at = annotations.and_then(|annotations| annotations.get(RESTARTED)).and_then(Value::as_str);
    at == Some(&*aim.at.to_string())
}
