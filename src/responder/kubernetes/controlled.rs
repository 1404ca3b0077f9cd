//! `StatefulSets` and `DaemonSets`: each revision is a `ControllerRevision`, which holds the patch that leads there.

use serde_json::{Value, json};

use crate::decision::{Aim, Edition, Misfit, Move, Order, Progress, StepName};
use crate::responder::kubernetes::{
    identified, judged, keeper, lacks, merge, path, plan, progress, reads, restarted, revision, still,
    template, was_restarted,
};
use crate::responder::object::field::{text, whole};
use crate::responder::object::{Adapter, Got, Need, Overtaken, Read, Step, Survey};
use crate::signal::Object;

/// `StatefulSets` or `DaemonSets`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Controlled {
    /// `StatefulSets`.
    StatefulSet,
    /// `DaemonSets`.
    DaemonSet,
}

const STATEFUL: [Need; 3] = [
    Need { group: "apps", resource: "statefulsets", verb: "get" },
    Need { group: "apps", resource: "statefulsets", verb: "patch" },
    Need { group: "apps", resource: "controllerrevisions", verb: "list" },
];

const DAEMON: [Need; 3] = [
    Need { group: "apps", resource: "daemonsets", verb: "get" },
    Need { group: "apps", resource: "daemonsets", verb: "patch" },
    Need { group: "apps", resource: "controllerrevisions", verb: "list" },
];

impl Controlled {
    const fn resource(self) -> &'static str {
        match self {
            Self::StatefulSet => "statefulsets",
            Self::DaemonSet => "daemonsets",
        }
    }

    /// Whether what is asked for runs, and nothing else does any more.
    fn runs(self, it: &Value) -> bool {
        let status = |name: &str| whole(it, &format!("/status/{name}"));
        match self {
            Self::StatefulSet => {
                let wanted = it.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
                let current = text(it, "/status/currentRevision") == text(it, "/status/updateRevision");
                // Once all of them are new, what is new is what is current, and older servers count no new ones then.
                (current || status("updatedReplicas") == wanted)
                    && status("replicas") == wanted
                    && wanted <= status("readyReplicas")
            }
            Self::DaemonSet => {
                let wanted = status("desiredNumberScheduled");
                status("updatedNumberScheduled") == wanted
                    && wanted <= status("numberAvailable")
                    && status("numberUnavailable") == 0
            }
        }
    }
}

impl Adapter for Controlled {
    fn reads(&self, object: &Object, got: &Got) -> Vec<Read> {
        reads(object, got, (self.resource(), "controllerrevisions"))
    }

    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit> {
        let (it, identity) = identified(object, got)?;
        let asked = it.pointer("/spec/template").ok_or_else(|| lacks(object, "spec.template"))?;
        let mut known: Vec<&Value> = revision::own(got, &identity.uid).collect();
        known.sort_by_key(|revision| std::cmp::Reverse(whole(revision, "/revision")));
        let same = |revision: &&&Value| template_of(revision).as_ref() == Some(asked);
        let alike = |revision: &&&Value| edition(revision).images == template::images(asked);
        let running = known.iter().find(same).or_else(|| known.iter().find(alike)).copied();
        let strategy = it.pointer("/spec/updateStrategy");
        let partition = strategy.map_or(0, |strategy| whole(strategy, "/rollingUpdate/partition"));
        let kind = strategy.and_then(|strategy| text(strategy, "/type"));
        Ok(Survey {
            object: object.clone(),
            runs: running.map_or_else(|| revision::unrolled(asked), edition),
            revisions: revision::others(&known, running).map(edition).collect(),
            identity,
            observed: whole(it, "/status/observedGeneration"),
            held: false,
            owner: keeper::owner(it),
            keeper: keeper::keeper(it),
            // Pods before the partition stay as they are as well.
            on_delete: kind == Some("OnDelete") || 0 < partition,
            rolling: None,
        })
    }

    fn plan(&self, survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>> {
        match order.does {
            Move::Hold | Move::GoOn | Move::Retry | Move::Promote => Err(vec![Misfit::CannotHold]),
            Move::Undo { .. } | Move::Restart | Move::GiveBack => plan(survey, order),
        }
    }

    fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken> {
        let survey = self.survey(&aim.object, got).map_err(|misfit| Overtaken(misfit.to_string()))?;
        still(aim, &survey, step)?;
        let path = path(&aim.object, self.resource(), Some(aim.object.name()));
        let state = &*survey.identity.resource_version;
        match step {
            StepName::Undo => Ok(merge((step, path), state, back(aim, got)?)),
            StepName::Restart => Ok(merge((step, path), state, restarted(aim))),
            StepName::Pause
            | StepName::Resume
            | StepName::Abort
            | StepName::Retry
            | StepName::Promote
            | StepName::PromoteFull
            | StepName::Detach
            | StepName::Terminate
            | StepName::Attach => Err(Overtaken(Misfit::CannotHold.to_string())),
        }
    }

    fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        judged(self.survey(&aim.object, got), got, |survey, it| {
            progress(aim, survey, (was_restarted(aim, it), self.runs(it)))
        })
    }

    fn needs(&self, does: &Move) -> &'static [Need] {
        if matches!(does, Move::Retry | Move::Promote) {
            return &[];
        }
        match self {
            Self::StatefulSet => &STATEFUL,
            Self::DaemonSet => &DAEMON,
        }
    }
}

/// The template of a revision, without the word that has it take the place of what is there.
fn template_of(revision: &Value) -> Option<Value> {
    let mut template = revision.pointer("/data/spec/template")?.clone();
    template.as_object_mut()?.remove("$patch");
    Some(template)
}

fn edition(revision: &Value) -> Edition {
    let template = template_of(revision).unwrap_or_default();
    Edition {
        revision: whole(revision, "/revision").to_string(),
        hash: text(revision, "/metadata/name").unwrap_or_default().to_owned(),
        ..revision::unrolled(&template)
    }
}

/// The patch of the revision that it goes back to, as it was kept.
fn back(aim: &Aim, got: &Got) -> Result<Value, Overtaken> {
    let gone = || Overtaken("the revision that it should go back to is gone".to_owned());
    let to = aim.to.as_ref().ok_or_else(gone)?;
    let chosen = revision::own(got, &aim.seen.uid).find(|it| text(it, "/metadata/name") == Some(&*to.hash));
    let data = chosen.and_then(|it| it.get("data")).ok_or_else(gone)?;
    let template = data.pointer("/spec/template").ok_or_else(gone)?;
    Ok(json!({"spec": {"template": template}}))
}
