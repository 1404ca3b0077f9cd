//! A verdict with its grounds, as JSON.

use serde_json::{Value, json};

use crate::ledger::Grounds;
use crate::surface::evidence::checks;

/// A verdict: what it is, how sure that is, and for each check what it rests on.
pub fn shown(grounds: &Grounds<'_>) -> Value {
    let Grounds { began, trial, standing } = grounds;
    let verdict = grounds.verdict();
    let checks = began.zip(*trial).map(|(began, trial)| checks(trial, began.every));
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
