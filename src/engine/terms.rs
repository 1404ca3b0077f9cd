//! From a gate to the terms of its trial.

use crate::gate::{
    Bound, Check, CheckTerms, Comparison, Design, Events, Gate, Judged, Length, Passes, Proof, Quantity,
    Question, Terms, Threshold, Thresholds, Unjudged,
};
use crate::promql::Shift;
use crate::unit::Span;

/// The terms on which a gate watches a change that is watched by so many gates.
pub(super) fn terms(gate: &Gate, watching: usize) -> Terms {
    let length = match gate.ends.after {
        Length::Time(span) => span,
        // `check` refuses these until runs can be counted.
        Length::Runs(_) => Span::ZERO,
    };
    Terms {
        design: match gate.comparison {
            Comparison::Tracks(_) => Design::Concurrent,
            Comparison::AfterBefore(_) => Design::AfterBefore,
        },
        looks: looks_in(length, gate.every),
        pass_from: looks_in(gate.ends.not_before, gate.every),
        share: 1.0 / number(watching.max(1)),
        checks: gate.checks.iter().map(check_terms).collect(),
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

fn check_terms(check: &Check) -> CheckTerms {
    CheckTerms {
        name: check.name.clone(),
        judged: judged(check),
        weight: check.weight.share(),
        worse: check.worse,
        fails: bounds(&check.fails_when),
        passes: match &check.passes_when {
            Some(Passes::Proved(thresholds)) => Proof::Within(bounds(thresholds)),
            Some(Passes::NotContradicted) => Proof::NotContradicted,
            None => Proof::Never,
        },
        at_least: check.at_least.map_or(0, |floor| floor.events),
        critical: check.critical,
    }
}

fn judged(check: &Check) -> Judged {
    let unjudged = match &check.question {
        Question::Proportion(proportion) => {
            let (Events::Bad(events) | Events::Good(events)) = &proportion.events;
            let counters = [events, &proportion.of].iter().all(|plan| {
                plan.as_selector()
                    .is_some_and(|selector| selector.range.is_none() && selector.shift == Shift::default())
            });
            (!counters).then_some(Unjudged::NoCounter)
        }
        Question::Quantile(_) => Some(Unjudged::Quantile),
        Question::Mean { .. } => Some(Unjudged::Mean),
        Question::Expr { .. } => Some(Unjudged::Expr),
    };
    match unjudged {
        _ if check.shadow => Judged::Shadow,
        Some(question) => Judged::NotYet(question),
        None => Judged::Yes,
    }
}

fn bounds(thresholds: &Thresholds) -> Vec<Bound> {
    thresholds.all().iter().map(bound).collect()
}

fn bound(threshold: &Threshold) -> Bound {
    let amount = threshold.amount.value();
    match threshold.quantity {
        Quantity::Ratio => Bound::Ratio(amount),
        Quantity::Increase => Bound::Ratio(1.0 + amount),
        Quantity::Decrease => Bound::Ratio(1.0 - amount),
        Quantity::Difference => Bound::Difference(amount),
        Quantity::Value => Bound::Value(amount),
    }
}
