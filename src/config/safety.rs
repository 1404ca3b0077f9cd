//! The rules of safety that can be seen in a file.

use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::rules::Guarded;
use crate::config::rules::Occasion;
use crate::config::rules::Resolved;
use crate::decision::Action;
use crate::decision::Deed;
use crate::decision::Kind;
use crate::decision::Revision;
use crate::decision::Weak;
use crate::gate::Comparison;
use crate::gate::Length;
use crate::gate::Question;
use crate::gate::Stretches;
use crate::lint::Finding;
use crate::lint::name;
use crate::rollout::Rollout;
use crate::rollout::Way;
use crate::unit::Place;
use crate::unit::Span;

/// Below this much baseline only large effects can be proved, and bursts rarer than the baseline pass for harm.
const ENOUGH_BASELINE: Span = Span::from_secs(4 * 3_600);

/// Holds a gate and its policy against the rules of safety.
pub(crate) fn hold(reader: &mut Reader<'_>, guarded: &Guarded) {
    let acts = &guarded.acts;
    if let Some(first) = acts.iter().find(|act| act.kind.changes_target()) {
        environment(reader, guarded, first);
        owner(reader, guarded);
    }
    somebody_told(reader, guarded);
    right_way(reader, guarded);
    proof(reader, guarded);
    evidence(reader, guarded);
    baseline(reader, guarded);
    looks(reader, guarded);
    times(reader, guarded);
    purposes(reader, guarded);
}

fn title(guarded: &Guarded) -> String {
    format!("gate `{}`", guarded.gate.name)
}

fn environment(reader: &mut Reader<'_>, guarded: &Guarded, act: &Resolved) {
    if guarded.gate.matches.key("environment").is_some() {
        return;
    }
    let message = format!("{} can {} but does not say in which environment", title(guarded), act.kind);
    let finding = Finding::error(name::NO_ENVIRONMENT, guarded.gate.place, message);
    let finding = finding.help("write it into `match`, as in `match: { environment: production }`");
    reader.push(finding.with(act.place, "this changes its target"));
}

fn owner(reader: &mut Reader<'_>, guarded: &Guarded) {
    if guarded.gate.owner.is_none() {
        let message = format!("{} can act but nobody answers for it", title(guarded));
        let help = "write `owner: team-..`; a held action has to reach somebody";
        reader.error(name::NO_OWNER, guarded.gate.place, message, help);
    }
}

/// A rollback that a guard holds back has to reach a person, or nobody ever hears of it.
fn somebody_told(reader: &mut Reader<'_>, guarded: &Guarded) {
    let undo = guarded.acts.iter().find(|act| act.kind == Kind::Rollback && act.upon == Occasion::Fail);
    let told = guarded.acts.iter().any(|act| act.kind == Kind::Notify);
    if let Some(undo) = undo.filter(|_| !told) {
        let message = format!("{} can undo a release, but tells nobody when it is held back", title(guarded));
        let help = "add a rung that does so: `{ confidence: 0.80, do: notify }`";
        reader.error(name::NOBODY_TOLD, undo.place, message, help);
    }
}

/// Failing does not promote, passing does not undo, and a first release has nothing to go back to.
fn right_way(reader: &mut Reader<'_>, guarded: &Guarded) {
    for act in &guarded.acts {
        let message = match (act.kind, act.upon) {
            (Kind::Promote | Kind::Resume, Occasion::Fail | Occasion::FirstRelease) => {
                "a failed verdict would let the release go on"
            }
            (Kind::Rollback | Kind::Pause, Occasion::Pass) => "a passed verdict would stop the release",
            (Kind::Rollback, Occasion::FirstRelease) => "a first release has nothing to go back to",
            _ => continue,
        };
        reader.error(name::WRONG_WAY, act.place, message, "name another action, such as `notify` or `ask`");
    }
}

/// What has to be proved before a pass may do something has no default: the author chooses, knowing how long
/// each choice takes.
fn proof(reader: &mut Reader<'_>, guarded: &Guarded) {
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
fn evidence(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Some(undo) = guarded.acts.iter().find(|act| act.kind == Kind::Rollback && act.upon == Occasion::Fail)
    else {
        return;
    };
    let watching: Vec<_> = guarded.gate.checks.iter().filter(|check| !check.shadow).collect();
    let weak = if watching.iter().all(|check| !check.question.has_confidence()) {
        (Weak::Expr, "expr", "thresholds of `expr` alone, which have no statistics behind them")
    } else if matches!(guarded.gate.comparison, Comparison::AfterBefore(_)) {
        (
            Weak::AfterBefore,
            "before_after",
            "before/after evidence alone, which cannot tell this change from others",
        )
    } else {
        return;
    };
    let (kind, word, why) = weak;
    if guarded.policy.may_undo_on.contains(&kind) {
        return;
    }
    let message = format!("{} would undo a release on {why}", title(guarded));
    let help = format!("stop at `pause`, or say so in so many words: `may_undo_on: [{word}]` under `then`");
    reader.error(name::WEAK_EVIDENCE, undo.place, message, help);
}

fn baseline(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Comparison::AfterBefore(baseline) = &guarded.gate.comparison else { return };
    if baseline.length >= ENOUGH_BASELINE || baseline.from != Stretches::JustBefore {
        return;
    }
    let message = format!(
        "a baseline of {} proves only large effects, and takes a burst rarer than it for harm",
        baseline.length
    );
    let help = format!("{ENOUGH_BASELINE} or more holds false alarms down; a day is better");
    reader.push(Finding::warning(name::SHORT_BASELINE, guarded.compare_place, message).help(help));
}

fn looks(reader: &mut Reader<'_>, guarded: &Guarded) {
    if let Length::Time(after) = guarded.gate.ends.after
        && guarded.gate.every > after
    {
        let message = format!(
            "{} looks every {} and ends after {after}: it would never look",
            title(guarded),
            guarded.gate.every
        );
        reader.error(name::BAD_VALUE, guarded.gate.place, message, "look more often, or watch for longer");
    }
}

/// A rollout shifts traffic, so it has to say where, and somebody answers for it.
pub(crate) fn rollout(reader: &mut Reader<'_>, rollout: &Rollout) {
    if rollout.matches.key("environment").is_none() {
        let message =
            format!("rollout `{}` shifts traffic but does not say in which environment", rollout.name);
        let help = "write it into `match`, as in `match: { environment: production }`";
        reader.error(name::NO_ENVIRONMENT, rollout.place, message, help);
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
    if let Deed::Send(webhook) = &action.deed
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

/// Times that leave no time to look.
fn times(reader: &mut Reader<'_>, guarded: &Guarded) {
    let Length::Time(after) = guarded.gate.ends.after else { return };
    let lags = guarded.gate.checks.iter().filter_map(|check| match &check.question {
        Question::Proportion(proportion) => Some((check.place, "lag", proportion.lag)),
        Question::Quantile(_) | Question::Mean { .. } | Question::Expr { .. } => None,
    });
    let warmup = (guarded.gate.place, "warmup", guarded.gate.begins.warmup);
    for (place, what, span) in lags.chain([warmup]).filter(|(_, _, span)| after <= *span) {
        let message = format!("a {what} of {span} leaves nothing of a gate that ends after {after}");
        reader.error(name::BAD_VALUE, place, message, "shorten the one or lengthen the other");
    }
    if let Some(undecided) = guarded.policy.inconclusive.as_ref().filter(|undecided| after < undecided.after)
    {
        let message = format!("inconclusive after {}, but the gate ends after {after}", undecided.after);
        reader.error(name::BAD_VALUE, guarded.gate.place, message, "give a time within the gate's own");
    }
}

/// What a webhook is for has to be known where a verdict leads to it.
fn purposes(reader: &mut Reader<'_>, guarded: &Guarded) {
    for act in guarded.acts.iter().filter(|act| act.kind == Kind::Other) {
        let message = "this action does not say what it is for, so it has neither a confidence nor a budget of its kind";
        let help = "add `does: notify` to it, or `rollback`, `pause`, `promote`, `set_weight`, `toggle_flag`";
        reader.error(name::NO_PURPOSE, act.place, message, help);
    }
}
