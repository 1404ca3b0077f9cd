//! The conclusion of a rationale: the verdict with its reason, and what it would take to come to another.

use crate::gate::{
    Arm, Asked, Design, Finding, Gap, Judged, Release, Shortfall, Slice, Standing, Terms, Trial, Verdict,
};
use crate::ledger::episode::Began;
use crate::ledger::rationale::above;
use crate::ledger::rationale::figures::{confidence, one_in, rounded};
use crate::ledger::rationale::mixed;
use crate::ledger::rationale::passages::{unjudged, waits_for_others};
use crate::ledger::rationale::prospect::prospect;
use crate::unit::Span;

pub(super) fn verdict(
    (began, trial): (Option<&Began>, Option<&Trial>),
    standing: &Standing,
    release: &Release,
) -> Vec<String> {
    let terms = began.map(|began| &began.terms);
    let check = |index: usize| named(terms, index);
    let mut lines = match standing.verdict {
        Verdict::Fail(finding) if finding.proved => {
            vec![format!("fail: {} says it loudest", check(finding.check))]
        }
        Verdict::Fail(finding) => vec![
            format!("fail: {} is broken", check(finding.check)),
            "  it is a threshold, with no statistics behind it, so nothing is proved".to_owned(),
        ],
        Verdict::Pass(finding) => pass_lines(finding, terms, &check(finding.check)),
        Verdict::Inconclusive(shortfall) => {
            let mut lines = vec![format!("inconclusive: {}", shortfall_words(shortfall, (&check, terms)))];
            let every = began.map_or(Span::ZERO, |began| began.every);
            lines.extend(needs(shortfall, (trial, terms), every));
            lines
        }
    };
    if let (Verdict::Fail(finding), Some(trial)) = (standing.verdict, trial) {
        let others = trial.broken().filter(|index| *index != finding.check);
        lines.extend(others.map(|index| {
            format!("  {} is broken as well: a threshold, with no statistics behind it", check(index))
        }));
    }
    if waits_for_others(standing, release) {
        lines.push(format!("{} gates watch this release, and not all of them pass", release.gates));
    }
    // Below that it is more likely than not to be chance, and a figure would only sound like something.
    if release.most() < TELLING {
        if matches!(standing.verdict, Verdict::Inconclusive(Shortfall::NotProved { .. })) {
            lines.push("next to nothing speaks against it".to_owned());
        }
        return lines;
    }
    if release.gates > 1 {
        let watch = format!("{} gates watch this release; ", release.gates);
        let watch = if waits_for_others(standing, release) { "" } else { &watch };
        lines.push(format!("{watch}by the evidence of all together:"));
    }
    let times = one_in(release.ln_most);
    lines.extend([
        format!("confidence {}", confidence(release.most())),
        format!("  of harmless releases, fewer than 1 in {times} would show evidence this strong,"),
        "  however often anybody looks".to_owned(),
    ]);
    if release.ln_ours < release.ln_most {
        let ours = confidence(release.confidence());
        lines.extend([
            format!("confidence that it was this change: {ours}"),
            format!("  {} as well; whether it is taken back goes by this figure", beside(terms)),
        ]);
    }
    lines
}

/// What makes a pass. A threshold that is kept proves nothing, whatever is proved beside it.
fn pass_lines(finding: Finding, terms: Option<&Terms>, check: &str) -> Vec<String> {
    if !finding.proved {
        let kept = terms.is_some_and(|terms| is_threshold(terms, finding.check));
        let held = if kept {
            format!("{check} was kept")
        } else {
            "nothing spoke against it until the end".to_owned()
        };
        return vec![format!("pass: {held}; that proves nothing")];
    }
    let mut lines = vec![
        format!(
            "pass: it is proved that the release is no worse than it may be; {check} was the last to prove it"
        ),
        format!(
            "  of releases that are worse, fewer than 1 in {} would show evidence this strong",
            one_in(finding.ln_evidence)
        ),
    ];
    let checks = terms.iter().flat_map(|terms| &terms.checks);
    let kept = checks.filter(|own| matches!(own.asked, Asked::Votes { .. }) && own.judged == Judged::Yes);
    lines.extend(
        kept.map(|own| format!("  but for check {}: it is a threshold, which proves nothing", own.name)),
    );
    lines
}

/// What speaks for a change.
const fn beside(terms: Option<&Terms>) -> &'static str {
    match terms {
        Some(Terms { design: Design::Concurrent, .. }) => "stable breaks what may not be broken",
        Some(Terms { design: Design::AfterBefore | Design::AfterShort, .. }) | None => {
            "what the change does not touch fares worse"
        }
    }
}

/// A verdict's reason as a sentence.
pub fn reason(verdict: &Verdict, terms: &Terms) -> String {
    reason_of(verdict, (&|index| named(Some(terms), index), terms))
}

/// That of a verdict on one slice of a check.
pub fn reason_of_slice(verdict: &Verdict, terms: &Terms, slice: &Slice) -> String {
    reason_of(verdict, (&|_| format!("slice {slice}"), terms))
}

fn reason_of(verdict: &Verdict, (check, terms): (&dyn Fn(usize) -> String, &Terms)) -> String {
    match verdict {
        Verdict::Fail(finding) if !finding.proved => {
            format!("{} is broken: a threshold, with no statistics behind it", check(finding.check))
        }
        Verdict::Fail(finding) => format!("{} is proved to do more harm than it may", check(finding.check)),
        Verdict::Pass(finding) if finding.proved => {
            format!("{} is proved to do no more harm than it may", check(finding.check))
        }
        Verdict::Pass(finding) if is_threshold(terms, finding.check) => {
            format!("{} was kept; that proves nothing", check(finding.check))
        }
        Verdict::Pass(finding) => {
            format!("nothing spoke against {} until the end; that proves nothing", check(finding.check))
        }
        Verdict::Inconclusive(shortfall) => shortfall_words(*shortfall, (check, Some(terms))),
    }
}

fn named(terms: Option<&Terms>, check: usize) -> String {
    let check = terms.and_then(|terms| terms.checks.get(check));
    check.map_or_else(|| "a check".to_owned(), |check| format!("check {}", check.name))
}

/// The confidence from which on it is told.
const TELLING: f64 = 0.5;

fn shortfall_words(
    shortfall: Shortfall,
    (check, terms): (&dyn Fn(usize) -> String, Option<&Terms>),
) -> String {
    match shortfall {
        Shortfall::NoLook => "no look was taken".to_owned(),
        Shortfall::Unheard { deaf } => format!("no look was taken, as the source {deaf}"),
        Shortfall::NoTraffic { check: index, arm } => {
            let side = match arm {
                Arm::New => "new",
                Arm::Old => "old",
            };
            format!("the {side} side of {} had no traffic", check(index))
        }
        Shortfall::Missing { check: index, gap } => format!("{} lacks something: {gap}", check(index)),
        Shortfall::TooFew { check: index, had, needs } => {
            format!("{} has seen {had} of the {needs} events that it needs", check(index))
        }
        Shortfall::Unjudged { check: index, question } => format!("{}: {}", check(index), unjudged(question)),
        Shortfall::Unlike { check: index } => {
            format!("{} compares unlike mixes of traffic, so it is not judged as a whole", check(index))
        }
        Shortfall::Saturated { check: index, at } => {
            let at = rounded(at);
            format!(
                "{} cannot show anything: its histogram has no bucket at {at} or beyond; add one",
                check(index)
            )
        }
        Shortfall::Leaning { check: index, .. } => {
            format!("{} speaks against it, but nothing is proved", check(index))
        }
        Shortfall::NotProved { check: index } if terms.is_some_and(|terms| is_threshold(terms, index)) => {
            format!("nothing is proved, and {} is not kept as far as a pass would ask", check(index))
        }
        Shortfall::NotProved { check: index } => {
            format!("neither harm nor its absence is proved; {} is furthest from it", check(index))
        }
    }
}

/// Whether a check is a threshold, with no statistics behind it.
fn is_threshold(terms: &Terms, check: usize) -> bool {
    terms.checks.get(check).is_some_and(|check| matches!(check.asked, Asked::Votes { .. }))
}

/// Where to look, where a source was not heard that a service asks: it has a log and figures. Whoever asks by itself says
/// at once what went wrong.
pub(super) fn of_source(verdict: &Verdict) -> Option<String> {
    let unheard = matches!(verdict, Verdict::Inconclusive(shortfall) if is_unheard(*shortfall));
    unheard.then(|| "  the log and `/metrics` say more of the source".to_owned())
}

fn is_unheard(shortfall: Shortfall) -> bool {
    matches!(shortfall, Shortfall::Missing { gap: Gap::Unheard(_), .. } | Shortfall::Unheard { .. })
}

/// What it would take to decide.
fn needs(shortfall: Shortfall, (trial, terms): (Option<&Trial>, Option<&Terms>), every: Span) -> Vec<String> {
    if let (Shortfall::Missing { check, .. }, Some(terms)) = (shortfall, terms)
        && is_threshold(terms, check)
    {
        return vec!["  does it find one series of this target, and no more?".to_owned()];
    }
    if let Shortfall::Missing { check, gap: Gap::NoBucket(arm) } = shortfall {
        let account = trial.and_then(|trial| trial.account(check));
        return account.map(|account| above::needed(&account, arm)).unwrap_or_default();
    }
    if let Shortfall::Unlike { check } = shortfall {
        let account = trial.and_then(|trial| trial.account(check));
        return account
            .and_then(|account| account.unlike)
            .map(|unlike| mixed::needed(&unlike))
            .into_iter()
            .collect();
    }
    if is_unheard(shortfall) {
        return Vec::new();
    }
    if let Shortfall::Missing { gap: Gap::Behind(_), .. } = shortfall {
        return vec![
            "  where they always do, a longer `settle` in the server file gives them time".to_owned(),
        ];
    }
    if matches!(shortfall, Shortfall::Missing { .. }) {
        return vec!["  is it scraped on both sides, and is its name in the rules right?".to_owned()];
    }
    let Shortfall::NotProved { check } = shortfall else { return Vec::new() };
    let prospect = trial.and_then(|trial| prospect(trial, check, every));
    let Some(prospect) = prospect.filter(|prospect| prospect.capacity.is_some()) else { return Vec::new() };
    let told = prospect.told.iter().map(|told| format!("  {told}"));
    std::iter::once(format!("at this traffic, with {} planned:", prospect.planned)).chain(told).collect()
}
