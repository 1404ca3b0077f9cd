//! Rollouts, driven by the actions that Argo CD has for resources of an application: with no access to the cluster at all.
//!
//! What is there is read by way of Argo CD and put together as the API of the cluster would have given it, so that what it
//! means and what follows from it is the Rollout's own; the requests alone are others. They cannot say which state they are
//! about, as those to the cluster do: the read right before one is all that holds it against what was decided.

use serde_json::{Value, json};

use crate::decision::{Aim, Misfit, Move, Order, Progress, StepName};
use crate::responder::argocd::application::{path, read};
use crate::responder::argocd::keeping::sent;
use crate::responder::kubernetes::rollout::{WORKLOAD, far, read as rollout};
use crate::responder::kubernetes::{OBJECT, REVISIONS, Rollout};
use crate::responder::object::field::{query, text};
use crate::responder::object::{Adapter, Elsewhere, Got, Need, Overtaken, Pause, Read, Step, Survey};
use crate::signal::{Object, ObjectKind};
use crate::unit::Span;

/// What the Rollout is called among what was read.
const LIVE: &str = "live";

/// What its Deployment is called, where it takes its template from one.
const LIVE_WORKLOAD: &str = "live workload";

/// What the `ReplicaSets` are called that serve: of the release, and of what served before it.
const LIVE_SETS: [(&str, &str); 2] =
    [("live release", "/status/currentPodHash"), ("live stable", "/status/stableRS")];

const ROLLOUT: (&str, &str, &str) = ("argoproj.io", "v1alpha1", "Rollout");
const DEPLOYMENT: (&str, &str, &str) = ("apps", "v1", "Deployment");
const REPLICA_SET: (&str, &str, &str) = ("apps", "v1", "ReplicaSet");

const NEEDS: [Need; 8] = [
    may("get"),
    may("action/argoproj.io/Rollout/abort"),
    may("action/argoproj.io/Rollout/pause"),
    may("action/argoproj.io/Rollout/promote-full"),
    may("action/argoproj.io/Rollout/restart"),
    may("action/argoproj.io/Rollout/resume"),
    may("action/argoproj.io/Rollout/retry"),
    may("action/argoproj.io/Rollout/skip-current-step"),
];

/// How far the clock of Argo CD may be behind: the time of a restart is its own.
const BEHIND: Span = Span::from_secs(60);

const fn may(verb: &'static str) -> Need {
    Need { group: "argocd", resource: "applications", verb }
}

/// A resource of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    app: String,
}

impl Resource {
    /// One of this application; nothing where it has no actions for objects of this kind.
    pub fn of(kind: ObjectKind, app: &str) -> Option<Self> {
        (kind == ObjectKind::Rollout).then(|| Self { app: app.to_owned() })
    }

    /// The application.
    pub(in crate::responder) fn app(&self) -> &str {
        &self.app
    }

    fn read(&self, name: &'static str, object: &Object, of: (Kind, &str)) -> Read {
        read(name, self.path("/resource", object, of))
    }

    /// The path of something of a resource, which its query names.
    fn path(&self, rest: &str, object: &Object, (what, named): (Kind, &str)) -> String {
        let (group, version, kind) = what;
        let path = path(&self.app, rest);
        let sign = if path.contains('?') { '&' } else { '?' };
        let namespace = query(object.namespace().unwrap_or_default());
        let named = query(named);
        format!(
            "{path}{sign}namespace={namespace}&resourceName={named}&group={group}&version={version}&kind={kind}"
        )
    }

    fn act(&self, step: StepName, object: &Object, action: &str) -> Step {
        let (group, version, kind) = ROLLOUT;
        let body = json!({
            "namespace": object.namespace(), "resourceName": object.name(),
            "group": group, "version": version, "kind": kind, "action": action,
        });
        // Before Argo CD 3.1, actions were asked for by name alone. Later ones have that still, and 3.1 does nothing on it.
        let of_old = Elsewhere {
            path: self.path("/resource/actions", object, (ROLLOUT, object.name())),
            body: json!(action).to_string().into_bytes(),
        };
        Step {
            path: path(&self.app, "/resource/actions/v2"),
            elsewhere: Some(of_old),
            ..sent(step, &self.app, &body)
        }
    }
}

/// The group, the version and the kind of resources.
type Kind = (&'static str, &'static str, &'static str);

impl Adapter for Resource {
    fn reads(&self, object: &Object, got: &Got) -> Vec<Read> {
        if !got.was_read(LIVE) {
            return vec![self.read(LIVE, object, (ROLLOUT, object.name()))];
        }
        let Some(it) = live(got, LIVE) else { return Vec::new() };
        let workload = rollout::workload(&it).map(|name| (LIVE_WORKLOAD, DEPLOYMENT, name.to_owned()));
        // Its `ReplicaSets` have its own name, even where a Deployment has their template.
        let named =
            |(name, hash): (&'static str, String)| (name, REPLICA_SET, format!("{}-{hash}", object.name()));
        let mut wanted: Vec<(&'static str, Kind, String)> = workload.into_iter().collect();
        wanted.extend(serving(&it).into_iter().map(named));
        wanted.retain(|(name, ..)| !got.was_read(name));
        wanted.into_iter().map(|(name, kind, named)| self.read(name, object, (kind, &named))).collect()
    }

    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit> {
        if got.get(LIVE).is_some() && live(got, LIVE).is_none() {
            return Err(Misfit::Unreadable(format!("the manifest of {object} in Argo CD is no JSON")));
        }
        Rollout.survey(object, &direct(got))
    }

    fn plan(&self, survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>> {
        let mut planned = Rollout.plan(survey, order).map_err(|misfits| known(survey, order, misfits));
        let pause = survey.rolling.as_ref().and_then(|rolling| rolling.paused);
        if let Ok(aim) = &mut planned
            && pause == Some(Pause::Step)
            && aim.steps == [StepName::Resume, StepName::Promote]
        {
            // One action does both.
            aim.steps.pop();
        }
        let aim = planned?;
        match aim.steps.iter().find(|step| action(**step, pause).is_none()) {
            Some(step) => Err(vec![Misfit::NoAction { step: *step }]),
            None => Ok(aim),
        }
    }

    fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken> {
        // Whatever it would be overtaken by in the cluster, it is here.
        let early = Rollout.step(aim, step, &direct(got))?.early;
        let survey = self.survey(&aim.object, got).map_err(|misfit| Overtaken(misfit.to_string()))?;
        let pause = survey.rolling.as_ref().and_then(|rolling| rolling.paused);
        // Argo CD lets go on both what somebody paused and what waits at a step; only one of them may be meant.
        if step == StepName::Promote && survey.held {
            return Err(Overtaken("it is paused now".to_owned()));
        }
        if step == StepName::Resume && !survey.held && pause.is_some() {
            return Err(Overtaken("it is not paused any more, and waits at a step".to_owned()));
        }
        let action = action(step, pause).ok_or_else(|| Overtaken(Misfit::NoAction { step }.to_string()))?;
        Ok(Step { early, ..self.act(step, &aim.object, action) })
    }

    fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        // Argo CD writes its own time where backstop would write that of the aim.
        far(aim, &direct(got), was_restarted)
    }

    fn needs(&self, _: &Move) -> &'static [Need] {
        &NEEDS
    }
}

/// The action of a step, by what its controller holds a release for; nothing where there is none.
const fn action(step: StepName, pause: Option<Pause>) -> Option<&'static str> {
    match (step, pause) {
        (StepName::Abort, _) => Some("abort"),
        (StepName::Retry, _) => Some("retry"),
        (StepName::Pause, _) => Some("pause"),
        (StepName::Resume, _) | (StepName::Promote, Some(Pause::Step)) => Some("resume"),
        (StepName::Promote, None) => Some("skip-current-step"),
        (StepName::PromoteFull, _) => Some("promote-full"),
        (StepName::Restart, _) => Some("restart"),
        // It would be analysed again, or the pause that follows be skipped as well.
        (StepName::Promote, Some(Pause::Inconclusive))
        | (StepName::Undo | StepName::Detach | StepName::Terminate | StepName::Attach, _) => None,
    }
}

/// What speaks against a move. Of its revisions those that serve are read and no others, so that nothing is known of the
/// others: there is no action that leads to one either.
fn known(survey: &Survey, order: &Order, mut misfits: Vec<Misfit>) -> Vec<Misfit> {
    let Move::Undo { .. } = order.does else { return misfits };
    let rolling = survey.rolling.as_ref();
    let is_out = rolling.is_some_and(|rolling| rolling.stable.is_some() && !rolling.underway);
    let is_of_others = |misfit: &Misfit| {
        matches!(misfit, Misfit::NoRevision { .. })
            || (is_out
                && matches!(
                    misfit,
                    Misfit::NoneBefore | Misfit::SameImages { .. } | Misfit::NoneKnownGood { .. }
                ))
    };
    if misfits.iter().any(is_of_others) {
        misfits.retain(|misfit| !is_of_others(misfit));
        misfits.push(Misfit::NoAction { step: StepName::Undo });
    }
    misfits
}

/// A resource as it is in its cluster.
fn live(got: &Got, name: &str) -> Option<Value> {
    serde_json::from_str(text(got.get(name)?, "/manifest")?).ok().filter(Value::is_object)
}

/// The hashes of the `ReplicaSets` that serve, each once.
fn serving(it: &Value) -> Vec<(&'static str, String)> {
    let hash = |at: &str| text(it, at).filter(|hash| !hash.is_empty()).map(str::to_owned);
    let mut all: Vec<(&'static str, String)> = Vec::new();
    for (name, at) in LIVE_SETS {
        all.extend(
            hash(at).filter(|hash| all.iter().all(|(_, known)| known != hash)).map(|hash| (name, hash)),
        );
    }
    all
}

/// What was read, as the API of the cluster would have given it.
fn direct(got: &Got) -> Got {
    let mut direct = Got::default();
    let object = live(got, LIVE);
    if object.as_ref().is_some_and(|it| rollout::workload(it).is_some()) {
        direct.add(WORKLOAD, live(got, LIVE_WORKLOAD));
    }
    let sets: Vec<Value> = LIVE_SETS.into_iter().filter_map(|(name, _)| live(got, name)).collect();
    direct.add(REVISIONS, Some(json!({"items": sets})));
    direct.add(OBJECT, object);
    direct
}

/// Whether it was started anew since it was looked at for this aim.
fn was_restarted(aim: &Aim, it: &Value) -> bool {
    let at = rollout::moment(it, "/spec/restartAt");
    let generation = it.pointer("/metadata/generation").and_then(Value::as_u64);
    at.is_some_and(|at| aim.at.minus(BEHIND) <= at) && generation.is_some_and(|now| aim.seen.generation < now)
}
