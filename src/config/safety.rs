//! The rules of safety that can be seen in a file: what may follow from a verdict, and what it takes.

use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::rules::{Actor, Guarded, Occasion, Resolved};
use crate::decision::{Action, Deed, Kind, Revision, Weak};
use crate::gate::{Comparison, Length};
use crate::lint::{Finding, name};
use crate::rollout::{Rollout, Way};
use crate::unit::{Pattern, Place, Span};

/// Holds what acts against the rules of safety.
pub(crate) fn hold(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    if let Some(first) = actor.acts.iter().find(|act| act.kind.changes_target()) {
        environment(reader, actor, first);
        owner(reader, actor);
    }
    somebody_told(reader, actor);
    right_way(reader, actor);
    evidence(reader, actor);
    purposes(reader, actor);
}

/// Holds what alerts ask for against them: there is no verdict whose confidence could count, so whether they may take a
/// release back is asked when they would.
pub(crate) fn asked_for(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    if let Some(first) = actor.acts.iter().find(|act| act.kind.changes_target()) {
        environment(reader, actor, first);
    }
    owner(reader, actor);
    right_way(reader, actor);
    purposes(reader, actor);
}

impl Resolved {
    /// Whether a failed verdict leads to it and it does more than hold the release.
    fn undoes(&self) -> bool {
        self.upon == Occasion::Fail && self.kind.disturbs() && self.kind != Kind::Other
    }
}

/// An environment has to be named: one that is all wildcard says nothing.
fn environment(reader: &mut Reader<'_>, actor: &Actor<'_>, act: &Resolved) {
    let says = |pattern: &Pattern| !pattern.covers(&Pattern::new("*")) && *pattern != Pattern::new("");
    let named = actor.matches.key("environment");
    if named.is_some_and(|patterns| !patterns.is_empty() && patterns.iter().all(says)) {
        return;
    }
    let message =
        format!("{} can {} its target but does not say in which environment", actor.title, act.kind.verb());
    let finding = Finding::error(name::NO_ENVIRONMENT, actor.place, message);
    let finding = finding.help("write it into `match`, as in `match: { environment: production }`");
    reader.push(finding.with(act.place, "this changes its target"));
}

fn owner(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    if actor.owner.is_none() {
        let message = format!("{} can act but nobody answers for it", actor.title);
        let help = "write `owner: team-..`; a held action has to reach somebody";
        reader.error(name::NO_OWNER, actor.place, message, help);
    }
}

/// What a guard holds back has to reach a person, or nobody ever hears of it.
fn somebody_told(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    let told = actor.acts.iter().any(|act| act.kind == Kind::Notify && act.upon == Occasion::Fail);
    if let Some(undo) = actor.acts.iter().find(|act| act.undoes()).filter(|_| !told) {
        let message = format!(
            "{} can {} its target, but tells nobody when that is held back",
            actor.title,
            undo.kind.verb()
        );
        let help = "add a rung that does so: `{ confidence: 0.80, do: notify }`";
        reader.error(name::NOBODY_TOLD, undo.place, message, help);
    }
}

/// Failing does not let a release go on, passing does not stop it, knowing nothing does neither, and a first
/// release has nothing to go back to.
fn right_way(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    for act in actor.acts {
        let message = match (act.kind, act.upon) {
            (Kind::Promote | Kind::Resume, Occasion::Fail | Occasion::FirstRelease) => {
                "a failed verdict would let the release go on"
            }
            (Kind::Rollback | Kind::Pause, Occasion::Pass) => "a passed verdict would stop the release",
            (Kind::Restart, Occasion::Pass) => "a passed verdict would restart what is well",
            (Kind::Rollback | Kind::ToggleFlag, Occasion::FirstRelease) => {
                "a first release has nothing to go back to"
            }
            (Kind::Promote | Kind::Resume, Occasion::Alert) => "an alert would let the release go on",
            (
                Kind::Promote
                | Kind::Resume
                | Kind::Rollback
                | Kind::SetWeight
                | Kind::ToggleFlag
                | Kind::Restart,
                Occasion::Inconclusive,
            ) => "knowing nothing is no reason to do this",
            (
                Kind::Notify | Kind::Pause | Kind::Resume | Kind::Promote | Kind::Rollback | Kind::Restart,
                Occasion::Step,
            ) => "this shifts no traffic",
            _ => continue,
        };
        let help = match act.upon {
            Occasion::Step => "name an action that `does: set_weight`",
            Occasion::Fail
            | Occasion::Pass
            | Occasion::Inconclusive
            | Occasion::FirstRelease
            | Occasion::Alert => "name another action, such as `notify` or `ask`",
        };
        reader.error(name::WRONG_WAY, act.place, message, help);
    }
}

/// What has to be proved before a pass may do something has no default: the author chooses, knowing how long
/// each choice takes.
pub(crate) fn proof(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Some(pass) = guarded.acts.iter().find(|act| act.upon == Occasion::Pass) else { return };
    for check in guarded.gate.checks.iter().filter(|check| !check.shadow && check.passes_when.is_none()) {
        reader.push(unproved(check.place, check.name.as_str(), pass.place, "so this pass proves nothing"));
    }
}

/// That a check says nothing of what makes a pass.
fn unproved(check: Place, called: &str, because: Place, why: &str) -> Finding {
    let message = format!("check `{called}` does not say what has to be proved for a pass");
    let help =
        "add `passes_when: ratio < 2` (proved to be no worse than that), or `passes_when: not_contradicted`";
    Finding::error(name::NO_PROOF, check, message).help(help).with(because, why)
}

/// Evidence that cannot tell this change from whatever else began with it stops at a pause.
fn evidence(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    let Some(undo) = actor.acts.iter().find(|act| act.undoes()) else { return };
    let mut watching = actor.watching.checks.iter().filter(|check| !check.shadow);
    let (weak, word, why) = if watching.all(|check| !check.question.has_confidence()) {
        (Weak::Expr, "expr", "thresholds of `expr` alone, which have no statistics behind them")
    } else if matches!(actor.watching.comparison, Comparison::AfterBefore(_)) {
        let why = "before/after evidence alone, which cannot tell this change from others";
        (Weak::AfterBefore, "before_after", why)
    } else {
        return;
    };
    if actor.may_undo_on.contains(&weak) {
        return;
    }
    let message = format!("{} would {} its target on {why}", actor.title, undo.kind.verb());
    let help = format!("stop at `pause`, or say so in so many words: `may_undo_on: [{word}]` under `then`");
    reader.error(name::WEAK_EVIDENCE, undo.place, message, help);
}

/// What a webhook is for has to be known where a verdict leads to it.
fn purposes(reader: &mut Reader<'_>, actor: &Actor<'_>) {
    for act in actor.acts.iter().filter(|act| act.kind == Kind::Other) {
        let message = "this action does not say what it is for, so it has neither a confidence nor a budget of its kind";
        let help = "add `does: notify` to it, or `rollback`, `pause`, `resume`, `promote`, `set_weight`, `toggle_flag`, `restart`";
        reader.error(name::NO_PURPOSE, act.place, message, help);
    }
}

/// What an action does not show, or leads to, without being wrong.
pub(crate) fn action(reader: &mut Reader<'_>, action: &Action, raw: &raw::Action) {
    if let Deed::Undo { to: Revision::Previous } = action.deed {
        let place = raw.to.place().unwrap_or(action.place);
        let message = "the revision before may be a restart, or an earlier bad release";
        let help = "`to: last_known_good` is the newest that passed its own gate and differs in its image";
        reader.push(Finding::warning(name::NOT_LAST_KNOWN_GOOD, place, message).help(help));
    }
    if let Some(webhook) = action.deed.webhook()
        && action.kind.changes_target()
        && webhook.verify.is_none()
    {
        let message =
            format!("action `{}` changes its target, and nothing shows whether it did", action.name);
        let help =
            "add `verify: { expr: .. }`; without it, it is sent once at most and an unknown outcome pages";
        reader.push(Finding::warning(name::UNVERIFIED, action.place, message).help(help));
    }
}

/// A rollout and its gate are about the same releases, for as long, and the gate says what a pass has to prove.
pub(crate) fn watched(reader: &mut Reader<'_>, rollout: &Rollout, watching: &Guarded) {
    let (gate, at) = (&watching.gate, rollout.gate.1);
    let mut mismatch = |message: String, help: &str| {
        let finding = Finding::error(name::MISMATCH, at, message).help(help);
        reader.push(finding.with(gate.place, "the gate is here"));
    };
    if !gate.matches.overlaps(&rollout.matches) {
        mismatch(
            format!("gate `{}` fits none of the targets of this rollout", gate.name),
            "compare their `match`",
        );
    }
    if let Way::Steps { steps, .. } = &rollout.way {
        if !matches!(gate.comparison, Comparison::Tracks(_)) {
            let message =
                format!("gate `{}` compares no tracks, but in steps old and new run side by side", gate.name);
            mismatch(message, "name a gate with `tracks`");
        }
        let whole = Span::from_millis(steps.iter().map(|step| step.hold.millis()).sum());
        if let Length::Time(after) = gate.ends.after
            && after < whole
        {
            let message =
                format!("the steps take {whole} at least, but gate `{}` ends after {after}", gate.name);
            mismatch(message, "lengthen `ends: { after: .. }` of the gate, or shorten the holds");
        }
    }
    for check in gate.checks.iter().filter(|check| !check.shadow && check.passes_when.is_none()) {
        reader.push(unproved(
            check.place,
            check.name.as_str(),
            at,
            "a pass opens the next step of this rollout",
        ));
    }
}
