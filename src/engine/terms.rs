//! From a gate to the terms of its trial.

use crate::engine::asked::question_id;
use crate::gate::{
    Asked, Baseline, Bound, BucketUnit, Check, CheckTerms, Comparison, Design, Events, Gate, Judged, Length,
    Passes, Proof, Quantile, Quantity, Question, Slow, Stretches, Target, Terms, Threshold, Thresholds,
    Unjudged,
};
use crate::promql::{Plan, Shift};
use crate::signal::Change;
use crate::unit::{Amount, Span};

/// The terms on which a gate watches this change of a target, which is watched by so many gates.
pub(super) fn terms((gate, target): (&Gate, Option<&Target>), change: &Change, watching: usize) -> Terms {
    let length = match gate.ends.after {
        Length::Time(span) => span,
        // `check` refuses these until runs can be counted.
        Length::Runs(_) => Span::ZERO,
    };
    Terms {
        design: match &gate.comparison {
            Comparison::Tracks(_) => Design::Concurrent,
            Comparison::AfterBefore(baseline) => Design::after(baseline.length),
        },
        looks: looks_in(length, gate.every),
        pass_from: looks_in(gate.ends.not_before, gate.every),
        share: 1.0 / number(watching.max(1)),
        checks: gate
            .checks
            .iter()
            .map(|check| CheckTerms {
                question: Some(question_id(gate, check, target)),
                ..match &gate.comparison {
                    Comparison::AfterBefore(Baseline { length, from: Stretches::JustBefore }) => {
                        check_terms(check, change).after(*length)
                    }
                    Comparison::AfterBefore(_) | Comparison::Tracks(_) => check_terms(check, change),
                }
            })
            .collect(),
    }
}

fn looks_in(length: Span, every: Span) -> u32 {
    let looks = length.millis().div_ceil(every.millis().max(1)).max(1);
    u32::try_from(looks).unwrap_or(u32::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "nobody writes 2^53 gates")]
const fn number(gates: usize) -> f64 {
    gates as f64
}

fn check_terms(check: &Check, change: &Change) -> CheckTerms {
    let moved = check.moved_for(change);
    let fails_when = moved.and_then(|(_, other)| other.fails_when.as_ref()).unwrap_or(&check.fails_when);
    let passes_when = moved.and_then(|(_, other)| other.passes_when.as_ref()).or(check.passes_when.as_ref());
    let unit = match &check.question {
        Question::Quantile(quantile) => Some(quantile.unit),
        Question::Proportion(_) | Question::Slow(_) | Question::Mean { .. } | Question::Expr { .. } => None,
    };
    CheckTerms {
        name: check.name.clone(),
        asked: asked(&check.question),
        judged: judged(check),
        weight: check.weight.share(),
        worse: check.worse,
        fails: bounds(fails_when, unit),
        passes: match passes_when {
            Some(Passes::Proved(thresholds)) => Proof::Within(bounds(thresholds, unit)),
            Some(Passes::NotContradicted) => Proof::NotContradicted,
            None => Proof::Never,
        },
        at_least: check.at_least.map_or(0, |floor| floor.events),
        critical: check.critical,
        because: moved.map(|(kind, _)| kind.clone()),
        question: None,
    }
}

fn asked(question: &Question) -> Asked {
    match question {
        Question::Proportion(_) | Question::Slow(_) => Asked::Share,
        Question::Quantile(quantile) => Asked::Quantile { q: quantile.q },
        Question::Mean { .. } => Asked::Level,
        Question::Expr { looks, .. } => Asked::Votes { agree: looks.agree(), of: looks.of() },
    }
}

fn judged(check: &Check) -> Judged {
    let unjudged = match &check.question {
        Question::Proportion(proportion) => {
            let (Events::Bad(events) | Events::Good(events)) = &proportion.events;
            let counters = [events, &proportion.of];
            (!counters.into_iter().all(is_plain)).then_some(Unjudged::NoCounter)
        }
        Question::Quantile(Quantile { of, .. }) | Question::Slow(Slow { of, .. }) => {
            (!is_plain(of)).then_some(Unjudged::NoCounter)
        }
        Question::Mean { .. } | Question::Expr { .. } => None,
    };
    match unjudged {
        _ if check.shadow => Judged::Shadow,
        Some(question) => Judged::NotYet(question),
        None => Judged::Yes,
    }
}

/// Whether it is a bare selector of the present: what each of its series holds is read as it is.
pub(super) fn is_plain(plan: &Plan) -> bool {
    plan.as_selector().is_some_and(|selector| selector.range.is_none() && selector.shift == Shift::default())
}

fn bounds(thresholds: &Thresholds, unit: Option<BucketUnit>) -> Vec<Bound> {
    thresholds.all().iter().map(|threshold| bound(threshold, unit)).collect()
}

fn bound(threshold: &Threshold, unit: Option<BucketUnit>) -> Bound {
    let amount = match (threshold.amount, unit) {
        (Amount::Time(span), Some(unit)) => unit.bound(span),
        (amount, _) => amount.value(),
    };
    match threshold.quantity {
        Quantity::Ratio => Bound::Ratio(amount),
        Quantity::Increase => Bound::Ratio(1.0 + amount),
        Quantity::Decrease => Bound::Ratio(1.0 - amount),
        Quantity::Difference => Bound::Difference(amount),
        Quantity::Value if threshold.reached => Bound::Reached(amount),
        Quantity::Value => Bound::Value(amount),
    }
}
