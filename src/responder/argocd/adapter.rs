//! Applications as what is undone: what one ran before is rolled out again.

use serde_json::json;

use crate::decision::{Aim, Edition, Misfit, Move, Order, Progress, Revision, StepName};
use crate::responder::argocd::APPLICATION;
use crate::responder::argocd::application::{automated, editions, identity, is_busy, last, path, runs};
use crate::responder::argocd::keeping::{NEEDS, sent};
use crate::responder::kubernetes::{keeper, owner};
use crate::responder::object::field::text;
use crate::responder::object::{Adapter, Got, Need, Overtaken, Read, Step, Survey, choose, runs_other};
use crate::signal::Object;

/// Argo CD's applications.
#[derive(Debug, Clone, Copy)]
pub struct Application;

impl Adapter for Application {
    /// It is its own keeper, which reads all of it.
    fn reads(&self, _: &Object, _: &Got) -> Vec<Read> {
        Vec::new()
    }

    fn survey(&self, object: &Object, got: &Got) -> Result<Survey, Misfit> {
        let it = got.get(APPLICATION).ok_or_else(|| Misfit::Gone(object.clone()))?;
        let lacks = |what: &str| Misfit::Unreadable(format!("`{what}` of {object} is missing"));
        let identity = identity(it).ok_or_else(|| lacks("metadata.uid"))?;
        let runs = runs(it).ok_or_else(|| lacks("status.history"))?;
        let mut revisions = editions(it);
        revisions.retain(|edition| edition.revision != runs.revision);
        Ok(Survey {
            object: object.clone(),
            // Its controller writes into the same generation.
            observed: identity.generation,
            identity,
            runs,
            revisions,
            held: automated(it).is_none(),
            owner: owner(it).or_else(|| keeper(it)),
            keeper: None,
            on_delete: false,
            rolling: None,
        })
    }

    fn plan(&self, survey: &Survey, order: &Order) -> Result<Aim, Vec<Misfit>> {
        let mut misfits = survey.misfits();
        let mut to = None;
        let steps = match &order.does {
            Move::Undo { to: wanted } => {
                misfits.extend(runs_other(survey, order));
                match choose(survey, order, wanted) {
                    Ok(edition) => to = Some(edition.clone()),
                    Err(Misfit::NoRevision { revision }) => to = unknown(survey, wanted, &revision),
                    Err(misfit) => misfits.push(misfit),
                }
                vec![StepName::Undo]
            }
            Move::Hold => {
                misfits.extend(survey.held.then_some(Misfit::AlreadyHeld));
                vec![StepName::Detach]
            }
            Move::GoOn => {
                misfits.extend((!survey.held).then_some(Misfit::NotHeld));
                // What was held for a rollback goes back once git has moved, and by nobody's pass.
                misfits.extend((survey.held && !order.holds).then_some(Misfit::HeldByOther));
                vec![StepName::Attach]
            }
            // Whoever keeps it plans to give it back.
            Move::Restart | Move::Retry | Move::Promote | Move::GiveBack => {
                misfits.push(Misfit::CannotHold);
                Vec::new()
            }
        };
        if !misfits.is_empty() {
            return Err(misfits);
        }
        let Survey { object, identity, runs, .. } = survey.clone();
        let (seen, from) = (identity, runs);
        Ok(Aim { object, at: order.at, seen, from, to, steps, index: None, keeper: None, through: None })
    }

    fn step(&self, aim: &Aim, step: StepName, got: &Got) -> Result<Step, Overtaken> {
        let survey = self.survey(&aim.object, got).map_err(|misfit| Overtaken(misfit.to_string()))?;
        if survey.identity.uid != aim.seen.uid {
            return Err(Overtaken(format!(
                "it is another application of its name ({})",
                survey.identity.uid
            )));
        }
        let StepName::Undo = step else {
            return Err(Overtaken("an application knows no such step".to_owned()));
        };
        if !survey.held {
            return Err(Overtaken("somebody has it synced by itself again".to_owned()));
        }
        let to = aim.to.as_ref().ok_or_else(|| Overtaken("nothing is known to go back to".to_owned()))?;
        if !is(&survey.runs, &aim.from) && !is(&survey.runs, to) {
            return Err(Overtaken(format!("it runs {} now", survey.runs.images.join(", "))));
        }
        let it = got.get(APPLICATION).filter(|it| is_busy(it));
        let early = it.map(|_| "what was under way in Argo CD has not ended yet".to_owned());
        Ok(Step { early, ..undo(aim.object.name(), to) })
    }

    fn progress(&self, aim: &Aim, got: &Got) -> Progress {
        let (survey, it) = match (self.survey(&aim.object, got), got.get(APPLICATION)) {
            (Ok(survey), Some(it)) => (survey, it),
            (survey, _) => {
                let otherwise = survey.err().map(|misfit| misfit.to_string());
                return Progress { taken: 0, holds: false, otherwise };
            }
        };
        let (runs, last) = (&survey.runs, last(it));
        let to = aim.to.as_ref();
        let at_to = to.is_some_and(|to| last.as_ref().map_or(is(runs, to), |last| is(last, to)));
        let holds = at_to
            && !is_busy(it)
            && to.is_some_and(|to| is(runs, to))
            && text(it, "/status/operationState/phase") == Some("Succeeded")
            && text(it, "/status/health/status") == Some("Healthy");
        let at_from = is(runs, &aim.from) || last.is_some_and(|last| is(&last, &aim.from));
        let otherwise = (!at_to && !at_from).then(|| format!("it runs {}", runs.images.join(", ")));
        Progress { taken: usize::from(at_to), holds, otherwise }
    }

    fn needs(&self, does: &Move) -> &'static [Need] {
        if matches!(does, Move::Restart | Move::Retry | Move::Promote) { &[] } else { &NEEDS }
    }
}

/// Whether both are the same revision with the same images in place of those that git says.
fn is(one: &Edition, other: &Edition) -> bool {
    one.hash == other.hash && one.images == other.images
}

/// A revision that it never ran, which somebody names.
fn unknown(survey: &Survey, wanted: &Revision, revision: &str) -> Option<Edition> {
    let Revision::Exactly(_) = wanted else { return None };
    let images = survey.runs.images.iter().map(|image| match image.split_once('@') {
        Some((of, _)) => format!("{of}@{revision}"),
        None => image.clone(),
    });
    Some(Edition { images: images.collect(), hash: revision.to_owned(), ..Edition::default() })
}

/// Rolls out again what it ran, by the number of that in its history, or else a revision that it never ran.
fn undo(app: &str, to: &Edition) -> Step {
    let id = to.revision.parse::<u64>().ok();
    let (rest, mut body) = match id {
        Some(id) => ("/rollback", json!({"id": id})),
        None => ("/sync", json!({"revision": to.hash, "strategy": {"apply": {}}})),
    };
    body["prune"] = json!(false);
    body["dryRun"] = json!(false);
    // Something else is under way, or it is synced by itself again.
    Step { path: path(app, rest), overtaken: &[400], ..sent(StepName::Undo, app, &body) }
}
