//! A verdict with its grounds, as JSON.

use serde_json::{Value, json};

use crate::gate::{CheckTerms, Judged, Tally, Trial};
use crate::ledger::Grounds;

/// A verdict: what it is, how sure that is, and for each check what it rests on.
pub fn shown(grounds: &Grounds<'_>) -> Value {
    let Grounds { began, trial, standing } = grounds;
    let verdict = grounds.verdict();
    let checks = began.zip(*trial).map(|(began, trial)| {
        let named = began.terms.checks.iter().enumerate();
        named.map(|(index, terms)| check(terms, index, trial)).collect::<Vec<_>>()
    });
    json!({
        "verdict": standing.verdict.word(),
        "reason": verdict.first(),
        "confidence": standing.confidence(),
        "looks": standing.looks,
        "planned": began.map(|began| began.terms.looks),
        "every": began.map(|began| began.every.to_string()),
        "from": began.map(|began| began.from.to_string()),
        "checks": checks.unwrap_or_default(),
        "grounds": { "evidence": grounds.evidence(), "verdict": verdict },
    })
}

fn check(terms: &CheckTerms, index: usize, trial: &Trial) -> Value {
    let judged = match terms.judged {
        Judged::Yes => "yes",
        Judged::Shadow => "shadow",
        Judged::NotYet(_) => "not yet",
    };
    let Some(account) = trial.account(index) else {
        return json!({ "check": terms.name.as_str(), "judged": judged });
    };
    let (new, old) = (share(account.new), share(account.old));
    let capacity = trial.capacity(index);
    json!({
        "check": terms.name.as_str(),
        "judged": judged,
        "missing": account.gap.map(|gap| gap.to_string()),
        "new": tally(account.new),
        "old": tally(account.old),
        // What has no bound, or is not to be had, is null.
        "ratio": new.zip(old).map(|(new, old)| new / old),
        "interval": { "lower": account.interval.lower, "upper": account.interval.upper, "confidence": 0.95 },
        "looks_to_prove_a_doubling": capacity.and_then(|capacity| capacity.to_prove_a_doubling),
        "looks_to_pass": capacity.and_then(|capacity| capacity.to_pass),
    })
}

fn tally(counted: Tally) -> Value {
    json!({ "events": counted.events, "of": counted.of, "share": share(counted) })
}

#[expect(clippy::cast_precision_loss, reason = "for reading")]
fn share(tally: Tally) -> Option<f64> {
    (tally.of > 0).then(|| tally.events as f64 / tally.of as f64)
}
