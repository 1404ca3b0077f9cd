//! The passages of a rationale, each as lines.

use crate::decision::{Course, Held, Wish};
use crate::gate::{
    Account, Asked, Before, ChangeTrait, CheckTerms, Design, Judged, LEANING, Proof, Release, Standing,
    Tally, Terms, Trial, Unjudged, Verdict, Worse,
};
use crate::ledger::episode::{Began, Decided, Episode};
use crate::ledger::rationale::above;
use crate::ledger::rationale::figures::{between, bounds, percent, ratio, share, tally};
use crate::ledger::rationale::levels;
use crate::ledger::rationale::mixed;
use crate::ledger::rationale::prospect::many;
use crate::ledger::rationale::sliced;
use crate::signal::{Change, Provenance};
use crate::unit::escaped;

/// What is done about a target, as words behind the verdict.
pub(super) fn course(decided: &Decided, target: &str) -> String {
    let going_on = decided.case.sight.as_ref().and_then(|sight| sight.going_on());
    let (wish, able) = match &decided.case.wish {
        Wish::Nothing if waits_for_others(&decided.standing, &decided.case.release) => {
            return format!(", but not all gates let {target} go on, so nothing is done");
        }
        Wish::Nothing => {
            let Some(why) = going_on else {
                return format!(", and the policy wants nothing done about {target}");
            };
            let told: Vec<String> = why.iter().map(ToString::to_string).collect();
            return format!(", and nothing is left to do about {target}: {}", told.join("; "));
        }
        Wish::Ask => (format!("ask a person about {target}"), false),
        Wish::Do { action, kind, .. } => (format!("{} {target} [{action}]", kind.verb()), true),
    };
    match decided.ruling.course {
        Course::Ask if able => format!(": ask a person whether to {wish}"),
        Course::Act | Course::Ask => format!(": {wish}"),
        Course::Hold => format!(", held back: {wish}"),
    }
}

/// Whether the gate passes, and another one of its release does not.
pub(super) fn waits_for_others(standing: &Standing, release: &Release) -> bool {
    let passes = matches!(standing.verdict, Verdict::Pass(_));
    passes && release.gates > 1 && (!release.passes || release.leans())
}

pub(super) fn change(episode: &Episode) -> Vec<String> {
    let Some(change) = &episode.change else {
        return vec!["the ledger does not hold it any more".to_owned()];
    };
    let previous =
        change.previous.as_ref().map(|previous| format!(", in place of {previous}")).unwrap_or_default();
    let told = match change.provenance {
        Provenance::Authenticated => "told by somebody who may record changes",
        Provenance::Unauthenticated => "told by nobody in particular",
        Provenance::Inferred => "seen in telemetry",
    };
    let word = change.kind.word();
    let mut lines = vec![
        format!("{word} of {} to {}{previous}", change.target, change.version),
        format!("in effect since {}, {told}", change.at),
    ];
    let more = [
        ("author", &change.author),
        ("commit", &change.git_sha),
        ("intent", &change.intent),
        ("expected risk", &change.risk),
        ("more", &change.link),
    ];
    lines.extend(more.iter().filter_map(|(what, text)| Some(format!("{what}: {}", text.as_ref()?))));
    if change.irreversible {
        lines.push(
            "it cannot be undone as it is: what ran before cannot run on what it leaves behind".to_owned(),
        );
    }
    // Whoever told of the change chose these words; none of them may move a cursor.
    lines.into_iter().map(escaped).collect()
}

pub(super) fn evidence(
    began: Option<&Began>,
    (trial, looks): (Option<&Trial>, u32),
    change: Option<&Change>,
) -> Vec<String> {
    let Some(began) = began else {
        return vec![
            "no look was taken: the new side had no traffic while the gate waited for it".to_owned(),
            "either nothing reaches it, or its series carry other labels than the rules say".to_owned(),
        ];
    };
    let Some(trial) = trial else {
        return vec!["its counts were pruned; what they led to stands below".to_owned()];
    };
    let mut lines =
        vec![format!("{}, {} apart, counted from {}", many(looks.into()), began.every, began.from)];
    for (index, check) in began.terms.checks.iter().enumerate() {
        lines.push(format!("check {}: {}", check.name, conditions(check)));
        lines.extend(check.because.as_ref().map(moved));
        match (check.judged, trial.account(index)) {
            (Judged::NotYet(question), _) => lines.push(format!("  not judged: {}", unjudged(question))),
            (Judged::Yes | Judged::Shadow, Some(account)) => {
                let before = began.opening.checks.get(index);
                let mut told = origin_lines(&account);
                told.extend(account_lines(&account, check, &began.terms));
                told.extend(weight_lines(&account, change, &began.terms));
                told.extend(mixed::line(&account));
                told.extend(sliced::lines(&account));
                told.extend(before.map(|before| aside_lines(&account, before)).unwrap_or_default());
                if began.terms.design == Design::Concurrent && account.ln_aside > libm::log(LEANING) {
                    told.push("stable breaks that bound too".to_owned());
                }
                lines.extend(told.into_iter().map(|line| format!("  {line}")));
                if check.judged == Judged::Shadow {
                    lines.push("  it only watches, so it has no say".to_owned());
                }
            }
            (Judged::Yes | Judged::Shadow, None) => {}
        }
    }
    lines
}

/// What was asked, how many series answered, and how often.
fn origin_lines(account: &Account) -> Vec<String> {
    let Some(origin) = &account.origin else { return Vec::new() };
    let (found, looks) = account.found;
    let (sides, whose) = match &origin.old {
        Some(old) => {
            let series = origin.old_series.unwrap_or_default();
            (
                vec![(&origin.new, origin.new_series, ", the new side"), (old, series, ", the old side")],
                "both sides",
            )
        }
        None => (vec![(&origin.new, origin.new_series, "")], "it"),
    };
    let asked =
        sides.into_iter().map(|(query, series, side)| format!("asked of {series} series{side}: {query}"));
    let coverage = format!(
        "{found} of {} found {whose}, with samples no older than {}",
        many(looks.into()),
        origin.fresh
    );
    asked.chain([coverage]).map(escaped).collect()
}

/// What it takes to fail, and to pass.
fn conditions(check: &CheckTerms) -> String {
    let looks = match check.asked {
        Asked::Votes { agree, of } => format!(" in {agree} of {of} looks"),
        Asked::Share | Asked::Quantile { .. } | Asked::Level => String::new(),
    };
    let fails = format!("fails when {}{looks}", bounds(&check.fails, check.worse, check.asked));
    let better = match check.worse {
        Worse::Higher => Worse::Lower,
        Worse::Lower => Worse::Higher,
    };
    match &check.passes {
        Proof::Within(within) => {
            format!("{fails}; passes when {}{looks}", bounds(within, better, check.asked))
        }
        Proof::NotContradicted => format!("{fails}; passes when nothing speaks against it until the end"),
        Proof::Never => fails,
    }
}

/// Why its thresholds are not those of every change.
fn moved(because: &ChangeTrait) -> String {
    let declared = match because {
        ChangeTrait::Risk(risk) => format!("expected risk `{risk}`"),
        ChangeTrait::Intent(intent) => format!("intent `{intent}`"),
    };
    // Whoever told of the change chose the word.
    escaped(format!("  these are the rule's thresholds for changes told with {declared}"))
}

/// What the two sides are called.
pub(super) const fn sides(design: Design) -> (&'static str, &'static str) {
    match design {
        Design::Concurrent => ("canary", "stable"),
        Design::AfterBefore | Design::AfterShort => ("after", "before"),
    }
}

fn account_lines(account: &Account, check: &CheckTerms, terms: &Terms) -> Vec<String> {
    let (new, old) = sides(terms.design);
    let mut lines = Vec::new();
    if let Some(gap) = account.gap {
        lines.push(format!("at the last look {gap}"));
    }
    if let Some(own) = account.levels {
        lines.extend(levels::of_measure(&own, [new, old]));
        return lines;
    }
    if let Some(own) = account.votes {
        lines.extend(levels::of_expression(&own));
        return lines;
    }
    if account.new.of == 0 && account.old.of == 0 {
        lines.push("nothing was counted".to_owned());
        return lines;
    }
    if let Some(above) = above::lines(account, check, (new, old)) {
        lines.extend(above);
    } else {
        lines
            .extend([format!("{new:6}  {}", tally(account.new)), format!("{old:6}  {}", tally(account.old))]);
        if let (Some(new), Some(old)) = (share(account.new), share(account.old)) {
            lines.push(between(new, old, (account.interval.lower, account.interval.upper)));
        }
    }
    if account.temper > 1.0 {
        let temper = ratio(account.temper);
        lines.push(format!("events may come in clusters, so {temper} of them weigh as one"));
    }
    lines
}

/// By how much the measured split of the traffic may differ from what was told, and from how many events on.
const OFF: f64 = 2.0;
const ENOUGH: u64 = 1_000;

/// That the traffic is not split as was told: then one side may be labelled as the other.
fn weight_lines(account: &Account, change: Option<&Change>, terms: &Terms) -> Option<String> {
    let told = change?.weight.filter(|_| terms.design == Design::Concurrent)?;
    let all = account.new.of.saturating_add(account.old.of);
    let measured = share(Tally { events: account.new.of, of: all }).filter(|_| ENOUGH <= all)?;
    let fits = (told.share() / OFF..=told.share() * OFF).contains(&measured);
    let measured = percent(measured);
    (!fits).then(|| {
        format!(
            "it was told to take {told} of the traffic, and takes {measured}: are both sides labelled right?"
        )
    })
}

/// What the change does not touch, where it fares worse as well.
fn aside_lines(account: &Account, before: &Before) -> Vec<String> {
    let each = before.aside.iter().zip(&account.asides);
    let worse = each.filter(|(_, (_, ln))| *ln > libm::log(LEANING)).map(|(aside, (since, _))| {
        let which = if aside.dependency { "which it depends on" } else { "which the change does not touch" };
        let (before, since) = (tally(aside.before), tally(*since));
        escaped(format!("{}, {which}, fares worse too: {before} before, {since} since", aside.target))
    });
    worse.collect()
}

pub(super) const fn unjudged(question: Unjudged) -> &'static str {
    match question {
        Unjudged::Mean | Unjudged::Expr => "its expression cannot be evaluated yet",
        Unjudged::NoCounter => "only plain counters can be judged yet",
    }
}

pub(super) fn guards(decided: &Decided) -> Vec<String> {
    if decided.ruling.spoke.is_empty() {
        return vec!["none spoke".to_owned()];
    }
    let told = |held: &Held| {
        let agreed = held.agreed(&decided.case.consents);
        let by: Vec<String> =
            agreed.iter().map(|consent| format!("{} at {}", consent.by, consent.at)).collect();
        let lift = if by.is_empty() {
            format!("until {}", held.lift())
        } else {
            format!("agreed to by {}", by.join(", "))
        };
        escaped(format!("{held} ({lift})"))
    };
    decided.ruling.spoke.iter().map(told).collect()
}
