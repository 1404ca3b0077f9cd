//! Argo's Rollouts: a release goes in steps, and each revision is a `ReplicaSet`, as with a Deployment.
//!
//! A release that is on its way is undone by its abort: what served before it does so alone again, and what is asked for
//! stays as it is. One that is all out is undone as a Deployment is, and then let out whole, since it would take its steps
//! again otherwise.

mod capacity;
mod command;
pub(in crate::responder) mod read;

use serde_json::Value;

use crate::decision::{Aim, Misfit, Move, Order, Progress, Revision, StepName};
use crate::responder::kubernetes::{OBJECT, REVISIONS, judged, otherwise, path as builtin, revision, still};
use crate::responder::object::field::{text, whole};
use crate::responder::object::{
    Adapter, Got, Need, Overtaken, Read, Rolling, Step, Survey, choose, runs_other, taken_back,
};
use crate::signal::Object;

/// What is read of the workload is called, where a Rollout takes its template from a Deployment.
pub(in crate::responder) const WORKLOAD: &str = "workload";

const GROUP: &str = "argoproj.io";

const NEEDS: [Need; 4] = [
    Need { group: GROUP, resource: "rollouts", verb: "get" },
    Need { group: GROUP, resource: "rollouts", verb: "patch" },
    Need { group: GROUP, resource: "rollouts/status", verb: "patch" },
    Need { group: "apps", resource: "replicasets", verb: "list" },
];

/// Argo's Rollouts.
#[derive(Debug, Clone, Copy)]
pub struct Rollout;

impl Adapter for Rollout {
    fn reads(&self, object: &Object, got: &Got) -> Vec<Read> {
        if !got.was_read(OBJECT) {
            return vec![super::read(OBJECT, read::path(object))];
        }
        let Some(it) = got.get(OBJECT) else { return Vec::new() };
        if let (Some(name), false) = (read::workload(it), got.was_read(WORKLOAD)) {
            return vec![super::read(WORKLOAD, builtin(object, "deployments", Some(name)))];
        }
        if got.was_read(REVISIONS) {
            return Vec::new();
        }
        vec![revision::list(object, "replicasets", got.get(WORKLOAD).unwrap_or(it))]
    }

    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit> {
        read::survey(object, got)
    }

    fn plan(&self, survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>> {
        let Some(rolling) = &survey.rolling else {
            return Err(vec![Misfit::Unreadable("its status".to_owned())]);
        };
        let mut plan = Plan { misfits: survey.misfits(), to: None, steps: Vec::new() };
        if survey.held && !order.holds && !matches!(order.does, Move::Hold | Move::Retry) {
            plan.misfits.push(Misfit::HeldByOther);
        }
        match &order.does {
            Move::Undo { to } => plan.undo(survey, rolling, (order, to)),
            Move::Hold => {
                plan.unless(survey.held, Misfit::AlreadyHeld);
                plan.unless(rolling.aborted, Misfit::Aborted);
                plan.steps.push(StepName::Pause);
            }
            Move::GoOn => {
                plan.unless(rolling.aborted, Misfit::Aborted);
                let stays = if rolling.underway { Misfit::NotHeld } else { Misfit::Promoted };
                plan.unless(!survey.held && !rolling.waits, stays);
                plan.step(survey.held, StepName::Resume);
                plan.step(rolling.waits, StepName::Promote);
            }
            Move::Restart => {
                // Nothing starts anew while it is held, and whoever lets it go on would be surprised.
                plan.unless(survey.held && order.holds, Misfit::AlreadyHeld);
                plan.steps.push(StepName::Restart);
            }
            Move::Retry => {
                plan.unless(!rolling.aborted, Misfit::NotAborted);
                plan.steps.push(StepName::Retry);
            }
            Move::Promote => {
                plan.unless(rolling.aborted, Misfit::Aborted);
                plan.unless(!rolling.underway, Misfit::Promoted);
                plan.steps.push(StepName::PromoteFull);
                plan.step(survey.held, StepName::Resume);
            }
            // Whoever holds what keeps it gives that back.
            Move::GiveBack => plan.misfits.push(Misfit::NotOurs),
        }
        if !plan.misfits.is_empty() {
            return Err(plan.misfits);
        }
        let Survey { object, identity, runs, .. } = survey.clone();
        let Plan { to, steps, .. } = plan;
        Ok(Aim {
            object,
            at: order.at,
            seen: identity,
            from: runs,
            to,
            steps,
            index: rolling.index,
            keeper: None,
            through: None,
        })
    }

    fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken> {
        let survey = read::survey(&aim.object, got).map_err(|misfit| Overtaken(misfit.to_string()))?;
        still(aim, &survey, step)?;
        let it = got.get(OBJECT).ok_or_else(|| Overtaken("it is gone".to_owned()))?;
        command::step(aim, (step, it), &survey, got)
    }

    fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        far(aim, got, command::was_restarted)
    }

    fn needs(&self, _: &Move) -> &'static [Need] {
        &NEEDS
    }
}

/// A plan in the making.
struct Plan {
    misfits: Vec<Misfit>,
    to: Option<crate::decision::Edition>,
    steps: Vec<StepName>,
}

impl Plan {
    fn unless(&mut self, is: bool, misfit: Misfit) {
        self.misfits.extend(is.then_some(misfit));
    }

    fn step(&mut self, is: bool, step: StepName) {
        self.steps.extend(is.then_some(step));
    }

    fn undo(&mut self, survey: &Survey, rolling: &Rolling, (order, to): (&Order, &Revision)) {
        self.misfits.extend(runs_other(survey, order));
        let leads = |stable: &crate::decision::Edition| match to {
            // What serves beside the release brings nothing that is not there: it needs no pass to serve alone.
            Revision::LastKnownGood | Revision::Previous => true,
            Revision::Exactly(wanted) => stable.revision == *wanted || stable.hash == *wanted,
        };
        match &rolling.stable {
            None => self.misfits.push(Misfit::NoneBefore),
            Some(stable) if rolling.underway && leads(stable) => {
                self.unless(rolling.aborted, Misfit::Aborted);
                self.misfits.extend(rolling.short.map(|(wanted, ready)| Misfit::TooSmall { wanted, ready }));
                if let Some(version) = taken_back(stable, order) {
                    let (revision, version) = (stable.revision.clone(), version.clone());
                    self.misfits.push(Misfit::Quarantined { revision, version });
                }
                self.to = Some(stable.clone());
                self.steps.push(StepName::Abort);
                // It goes on only once there is nothing of it left to go on.
                self.step(survey.held, StepName::Resume);
            }
            Some(_) => match choose(survey, order, to) {
                Ok(edition) => {
                    let takes_steps = rolling.fast.get(&edition.hash) != Some(&true);
                    self.to = Some(edition.clone());
                    self.steps.push(StepName::Undo);
                    self.step(survey.held, StepName::Resume);
                    self.step(takes_steps, StepName::PromoteFull);
                }
                Err(misfit) => self.misfits.push(misfit),
            },
        }
    }
}

/// How far it is, where this says whether it was asked to start anew for an aim.
pub(in crate::responder) fn far(
    aim: &Aim,
    got: &Got,
    was_restarted: impl Fn(&Aim, &Value) -> bool,
) -> Progress {
    judged(read::survey(&aim.object, got), got, |survey, it| {
        progress(aim, survey, (it, read::is_seen(it, got), was_restarted(aim, it)))
    })
}

/// How far it is, and whether that is there.
fn progress(aim: &Aim, survey: &Survey, (it, seen, restarted): (&Value, bool, bool)) -> Progress {
    let status = |pointer: &str| text(it, &format!("/status/{pointer}"));
    let Some(rolling) = &survey.rolling else {
        return Progress { taken: 0, holds: false, otherwise: Some("it has no status".to_owned()) };
    };
    let at_to = aim.to.as_ref().is_some_and(|to| to.same_images(&survey.runs));
    let out = match &aim.to {
        // What it is to run may be out only in words: the controller has to have seen it.
        Some(_) => seen && at_to && !rolling.underway,
        None => seen && !rolling.underway,
    };
    let promotes = it.pointer("/status/promoteFull").and_then(Value::as_bool) == Some(true);
    let is_taken = |step: &&StepName| match step {
        StepName::Undo => at_to,
        StepName::Pause => survey.held,
        StepName::Resume => !survey.held,
        StepName::Restart => restarted,
        StepName::Abort => rolling.aborted,
        StepName::Retry => !rolling.aborted,
        StepName::Promote => rolling.index != aim.index || !rolling.waits,
        StepName::PromoteFull => out || (promotes && rolling.underway),
        StepName::Detach | StepName::Terminate | StepName::Attach => false,
    };
    let taken = aim.steps.iter().take_while(is_taken).count();
    let wanted = it.pointer("/spec/replicas").and_then(Value::as_u64).unwrap_or(1);
    let serves = wanted <= whole(it, "/status/availableReplicas");
    let done = match aim.steps.first() {
        Some(StepName::Abort) => serves && status("phase") == Some("Degraded") && !read::serves_new(it),
        Some(StepName::Undo | StepName::PromoteFull) => out && serves,
        // Its pods go some at a time, and as long as it is at that, all of them may be there at any time.
        Some(StepName::Restart) => serves && read::is_restarted(it),
        // Whether what goes on comes to an end is for its own steps to say.
        Some(
            StepName::Pause
            | StepName::Resume
            | StepName::Retry
            | StepName::Promote
            | StepName::Detach
            | StepName::Terminate
            | StepName::Attach,
        )
        | None => true,
    };
    Progress { taken, holds: taken == aim.steps.len() && seen && done, otherwise: otherwise(aim, survey) }
}
