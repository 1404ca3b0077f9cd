//! A canary beside the stable version at a glance: what is to be done about it, the two rates of errors, the two latencies.

use serde::Serialize;
use utoipa::ToSchema;

use crate::gate::{BucketUnit, Comparison, Gate, Glance, Question, Trial, Verdict};
use crate::surface::evidence::share;
use crate::unit::Span;

/// What a canary shows beside the stable version.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Analysis {
    /// What its verdict asks for. What is done about it is decided past all guards: `/v1/decisions/ID` tells.
    pub decision: Advice,
    /// What it rests on.
    pub results: Results,
    /// For how long it has been looked at.
    #[schema(minimum = 0)]
    pub analysis_duration_minutes: f64,
}

/// What a verdict asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Advice {
    /// It passed: all of the traffic may come.
    Promote,
    /// It failed: it is to be taken back.
    Rollback,
    /// Nothing is proved: it is to be looked at further.
    Continue,
}

/// The first check of each kind.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Results {
    /// A share of events; null: no check asks for one.
    pub error_rate: Option<ErrorRate>,
    /// What 99 % of the requests stay under; null: no check asks for that.
    pub p99_latency: Option<Latency>,
}

/// Two shares of events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct ErrorRate {
    /// Of the canary; null: it had no traffic.
    pub canary: Option<f64>,
    /// Of the stable version; null: it had no traffic.
    pub stable: Option<f64>,
    /// By how much the canary's is larger.
    pub diff: Option<f64>,
    /// Whether the check passed; null: nothing is proved.
    pub passed: Option<bool>,
}

/// Two latencies. Nothing is estimated: each is a bound of a bucket, the least of those counted at that 99 % stay under.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Latency {
    /// Of the canary; null: more than 1 % lies above every bound that is counted at.
    pub canary_ms: Option<f64>,
    /// Of the stable version.
    pub stable_ms: Option<f64>,
    /// How much larger the canary's is, in percent; null where both are not counted at one bound.
    pub increase_pct: Option<f64>,
    /// Whether the check passed; null: nothing is proved.
    pub passed: Option<bool>,
}

/// What a gate shows that compares two tracks and has looked for so long; nothing of any other gate.
pub fn analysis(gate: &Gate, trial: &Trial, looked_for: Span) -> Option<Analysis> {
    if !matches!(gate.comparison, Comparison::Tracks(_)) {
        return None;
    }
    let checks = || gate.checks.iter().enumerate();
    let error_rate = checks().find(|(_, check)| matches!(check.question, Question::Proportion(_)));
    let p99 = checks().find_map(|(index, check)| match &check.question {
        Question::Quantile(quantile) if (quantile.q - 0.99).abs() < f64::EPSILON => {
            Some((index, quantile.unit))
        }
        Question::Quantile(_)
        | Question::Proportion(_)
        | Question::Slow(_)
        | Question::Mean { .. }
        | Question::Expr { .. } => None,
    });
    #[expect(clippy::cast_precision_loss, reason = "for reading")]
    let minutes = looked_for.millis() as f64 / 60_000.0;
    Some(Analysis {
        decision: match trial.standing().verdict {
            Verdict::Pass(_) => Advice::Promote,
            Verdict::Fail(_) => Advice::Rollback,
            Verdict::Inconclusive(_) => Advice::Continue,
        },
        results: Results {
            error_rate: error_rate.and_then(|(index, _)| rates(trial, index)),
            p99_latency: p99.and_then(|(index, unit)| latencies(trial, (index, unit))),
        },
        analysis_duration_minutes: minutes,
    })
}

fn rates(trial: &Trial, check: usize) -> Option<ErrorRate> {
    let Glance { new, old, .. } = trial.glance(check)?;
    let (canary, stable) = (share(new), share(old));
    let diff = canary.zip(stable).map(|(canary, stable)| canary - stable);
    Some(ErrorRate { canary, stable, diff, passed: passed(trial, check) })
}

fn latencies(trial: &Trial, (check, unit): (usize, BucketUnit)) -> Option<Latency> {
    let glance = trial.glance(check)?;
    let millis = |bound: f64| bound / unit.bound(Span::from_millis(1));
    let least = |bounds: Vec<f64>| bounds.into_iter().min_by(f64::total_cmp).map(millis);
    let stays = |share: Option<f64>| share.is_some_and(|share| share <= 1.0 - 0.99);
    let counted = || glance.above.iter().filter(|(border, ..)| border.new.is_finite());
    let new = counted().filter(|(_, new, _)| stays(share(*new))).map(|(border, ..)| border.new);
    let old = counted().filter(|(_, _, old)| stays(share(*old))).map(|(border, ..)| border.old);
    let (canary_ms, stable_ms) = (least(new.collect()), least(old.collect()));
    let same = counted().all(|(border, ..)| border.new.total_cmp(&border.old).is_eq());
    let increase = |(canary, stable): (f64, f64)| 100.0 * (canary - stable) / stable;
    let increase_pct = canary_ms.zip(stable_ms).filter(|(_, stable)| same && 0.0 < *stable).map(increase);
    Some(Latency { canary_ms, stable_ms, increase_pct, passed: passed(trial, check) })
}

fn passed(trial: &Trial, check: usize) -> Option<bool> {
    match trial.of_check(check)? {
        Verdict::Pass(_) => Some(true),
        Verdict::Fail(_) => Some(false),
        Verdict::Inconclusive(_) => None,
    }
}
