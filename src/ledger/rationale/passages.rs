//! The passages of a rationale, each as lines.

use crate::decision::{Course, Held, Wish};
use crate::gate::{
    Account, Arm, CheckTerms, Design, Judged, Proof, Shortfall, Terms, Trial, Unjudged, Verdict, Worse,
};
use crate::ledger::episode::{Decided, Episode};
use crate::ledger::rationale::figures::{bounds, confidence, grouped, one_in, ratio, share, tally};
use crate::signal::Provenance;
use crate::unit::{Span, escaped};

/// What is done about a target, as words behind the verdict.
pub(super) fn course(decided: &Decided, target: &str) -> String {
    let (wish, able) = match &decided.case.wish {
        Wish::Nothing => return format!(", and the policy wants nothing done about {target}"),
        Wish::Ask => (format!("ask a person about {target}"), false),
        Wish::Do { action, kind, .. } => (format!("{} {target} [{action}]", kind.verb()), true),
    };
    match decided.ruling.course {
        Course::Ask if able => format!(": ask a person whether to {wish}"),
        Course::Act | Course::Ask => format!(": {wish}"),
        Course::Hold => format!(", held back: {wish}"),
    }
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
    // Whoever told of the change chose these words; none of them may move a cursor.
    lines.into_iter().map(escaped).collect()
}

pub(super) fn evidence(episode: &Episode, decided: &Decided) -> Vec<String> {
    let Some(began) = &episode.began else {
        return vec![
            "no look was taken: the new side had no traffic while the gate waited for it".to_owned(),
            "either nothing reaches it, or its series carry other labels than the rules say".to_owned(),
        ];
    };
    let Some(trial) = episode.trial(decided.look) else {
        return vec!["its counts were pruned; what they led to stands below".to_owned()];
    };
    let mut lines =
        vec![format!("{} looks, {} apart, counted from {}", decided.look, began.every, began.from)];
    for (index, check) in began.terms.checks.iter().enumerate() {
        lines.push(format!("check {}: {}", check.name, conditions(check)));
        match (check.judged, trial.account(index)) {
            (Judged::NotYet(question), _) => lines.push(format!("  not judged: {}", unjudged(question))),
            (Judged::Yes | Judged::Shadow, Some(account)) => {
                lines.extend(
                    account_lines(&account, &began.terms).into_iter().map(|line| format!("  {line}")),
                );
                if check.judged == Judged::Shadow {
                    lines.push("  it only watches, so it has no say".to_owned());
                }
            }
            (Judged::Yes | Judged::Shadow, None) => {}
        }
    }
    lines
}

/// What it takes to fail, and to pass.
fn conditions(check: &CheckTerms) -> String {
    let fails = format!("fails when {}", bounds(&check.fails, check.worse));
    let better = match check.worse {
        Worse::Higher => Worse::Lower,
        Worse::Lower => Worse::Higher,
    };
    match &check.passes {
        Proof::Within(within) => format!("{fails}; passes when {}", bounds(within, better)),
        Proof::NotContradicted => format!("{fails}; passes when nothing speaks against it until the end"),
        Proof::Never => fails,
    }
}

fn account_lines(account: &Account, terms: &Terms) -> Vec<String> {
    let (new, old) = match terms.design {
        Design::Concurrent => ("canary", "stable"),
        Design::AfterBefore => ("after ", "before"),
    };
    let mut lines = Vec::new();
    if account.missing {
        lines.push("at the last look a series was missing, on one side or the other".to_owned());
    }
    if account.new.of == 0 && account.old.of == 0 {
        lines.push("nothing was counted".to_owned());
        return lines;
    }
    lines.extend([format!("{new}  {}", tally(account.new)), format!("{old}  {}", tally(account.old))]);
    if let (Some(new), Some(old)) = (share(account.new), share(account.old)) {
        let (lower, upper) = (ratio(account.interval.lower), ratio(account.interval.upper));
        let between = format!("between {lower} and {upper} at 95%, however often anybody looks");
        lines.push(match old {
            _ if old > 0.0 => format!("ratio   {}; {between}", ratio(new / old)),
            _ => format!("ratio   not to be had, as the old side had none; {between}"),
        });
    }
    if account.temper > 1.0 {
        let temper = ratio(account.temper);
        lines.push(format!("events may come in clusters, so {temper} of them weigh as one"));
    }
    lines
}

const fn unjudged(question: Unjudged) -> &'static str {
    match question {
        Unjudged::Quantile => "quantiles cannot be judged yet",
        Unjudged::Mean => "means cannot be judged yet",
        Unjudged::Expr => "expressions cannot be judged yet",
        Unjudged::NoCounter => "only plain counters can be judged yet",
    }
}

pub(super) fn verdict(episode: &Episode, decided: &Decided) -> Vec<String> {
    let standing = &decided.standing;
    let terms = episode.began.as_ref().map(|began| &began.terms);
    let check = |index: usize| {
        terms
            .and_then(|terms| terms.checks.get(index))
            .map_or_else(|| "a check".to_owned(), |check| format!("check {}", check.name))
    };
    let mut lines = match standing.verdict {
        Verdict::Fail(finding) => vec![format!("fail: {} says it loudest", check(finding.check))],
        Verdict::Pass(finding) if finding.proved => vec![
            format!(
                "pass: it is proved that the release is no worse than it may be; {} was the last to prove it",
                check(finding.check)
            ),
            format!(
                "  of releases that are worse, fewer than 1 in {} would show evidence this strong",
                one_in(finding.ln_evidence)
            ),
        ],
        Verdict::Pass(_) => {
            vec!["pass: nothing spoke against it until the end; that proves nothing".to_owned()]
        }
        Verdict::Inconclusive(shortfall) => {
            let trial = episode.trial(decided.look);
            let mut lines = vec![format!("inconclusive: {}", shortfall_words(shortfall, &check))];
            let every = episode.began.as_ref().map_or(Span::ZERO, |began| began.every);
            lines.extend(needs(shortfall, trial.as_ref(), every));
            lines
        }
    };
    // Below that it is more likely than not to be chance, and a figure would only sound like something.
    if standing.confidence() < TELLING {
        if matches!(standing.verdict, Verdict::Inconclusive(Shortfall::NotProved { .. })) {
            lines.push("next to nothing speaks against it".to_owned());
        }
        return lines;
    }
    let times = one_in(standing.ln_most);
    lines.extend([
        format!("confidence {}", confidence(standing.confidence())),
        format!("  of harmless releases, fewer than 1 in {times} would show evidence this strong,"),
        "  however often anybody looks".to_owned(),
    ]);
    lines
}

/// The confidence from which on it is told.
const TELLING: f64 = 0.5;

fn shortfall_words(shortfall: Shortfall, check: &dyn Fn(usize) -> String) -> String {
    match shortfall {
        Shortfall::NoLook => "no look was taken".to_owned(),
        Shortfall::NoTraffic { check: index, arm } => {
            let side = match arm {
                Arm::New => "new",
                Arm::Old => "old",
            };
            format!("the {side} side of {} had no traffic", check(index))
        }
        Shortfall::Missing { check: index } => format!("a series that {} needs is missing", check(index)),
        Shortfall::TooFew { check: index, had, needs } => {
            format!("{} has seen {had} of the {needs} events that it needs", check(index))
        }
        Shortfall::Unjudged { check: index, question } => format!("{}: {}", check(index), unjudged(question)),
        Shortfall::Leaning { check: index, .. } => {
            format!("{} speaks against it, but nothing is proved", check(index))
        }
        Shortfall::NotProved { check: index } => {
            format!("neither harm nor its absence is proved; {} is furthest from it", check(index))
        }
    }
}

/// What it would take to decide.
fn needs(shortfall: Shortfall, trial: Option<&Trial>, every: Span) -> Vec<String> {
    if matches!(shortfall, Shortfall::Missing { .. }) {
        return vec!["  is it scraped on both sides, and is its name in the rules right?".to_owned()];
    }
    let Shortfall::NotProved { check } = shortfall else { return Vec::new() };
    let Some((trial, capacity)) = trial.and_then(|trial| Some((trial, trial.capacity(check)?))) else {
        return Vec::new();
    };
    let to_fail = match capacity.to_prove_a_doubling {
        Some(looks) => {
            format!("that it does twice the harm takes about {} to prove", looks_words(looks, every))
        }
        None => "that it does twice the harm lies within what is tolerated".to_owned(),
    };
    let to_pass = match capacity.to_pass {
        Some(looks) => format!("that it is as good as the old one takes about {}", looks_words(looks, every)),
        None => "that it is as good as the old one is never proved on these terms".to_owned(),
    };
    let planned = looks_words(f64::from(trial.terms().looks), every);
    vec![format!("at this traffic, with {planned} planned:"), format!("  {to_fail}"), format!("  {to_pass}")]
}

/// A number of looks, and how long they take.
fn looks_words(looks: f64, every: Span) -> String {
    const YEAR: f64 = 365.0 * 86_400_000.0;
    #[expect(clippy::cast_precision_loss, reason = "for reading")]
    let millis = looks * every.millis() as f64;
    if millis > YEAR {
        return "more than a year of looks".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a year, for reading")]
    let (looks, millis) = (looks.ceil() as u64, millis as u64);
    // Minutes say enough of hours.
    let grain = if millis < 3_600_000 { 1_000 } else { 60_000 };
    format!("{} looks ({})", grouped(looks), Span::from_millis(millis / grain * grain))
}

pub(super) fn guards(decided: &Decided) -> Vec<String> {
    if decided.ruling.spoke.is_empty() {
        return vec!["none spoke".to_owned()];
    }
    decided.ruling.spoke.iter().map(Held::to_string).map(escaped).collect()
}
