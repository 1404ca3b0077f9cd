//! The analyzer that is described for canaries, and the ratio that is described for deployments: both decide on rates.

/// By how much the canary's error rate may lie above the stable one's.
const ERRORS: f64 = 0.10;
/// By how much of stable's the canary's 99th percentile may lie above it.
const LATENCY: f64 = 0.20;
const LEAST_MINUTES: f64 = 10.0;
const RATIO: f64 = 2.0;

/// Whether the error rates pass; no comparison with what is no number holds, so nothing passes on silence.
pub(crate) fn errors_pass(canary: f64, stable: f64) -> bool {
    canary - stable <= ERRORS
}

/// Whether the 99th percentiles pass; all do where the stable one is zero.
pub(crate) fn latency_passes(canary: f64, stable: f64) -> bool {
    let increase = if stable > 0.0 { (canary - stable) / stable } else { 0.0 };
    increase <= LATENCY
}

/// What it decides of two error rates and two 99th percentiles. A query without a result stops it.
pub(crate) fn analyze(
    (canary_errors, stable_errors): (Option<f64>, Option<f64>),
    (canary_p99, stable_p99): (f64, f64),
    minutes: f64,
) -> &'static str {
    let (Some(canary_errors), Some(stable_errors)) = (canary_errors, stable_errors) else {
        return "crash";
    };
    let passed = errors_pass(canary_errors, stable_errors) && latency_passes(canary_p99, stable_p99);
    match passed {
        false => "rollback",
        true if minutes >= LEAST_MINUTES => "promote",
        true => "continue",
    }
}

/// Whether the rate after a deployment is more than twice the one an hour before.
pub(crate) fn ratio_fires(now: f64, an_hour_ago: f64) -> bool {
    now / an_hour_ago > RATIO
}

/// A quantile as Prometheus reads it out of buckets: cumulative counts by upper bound, the last without one.
pub(crate) fn histogram_quantile(quantile: f64, buckets: &[(f64, f64)]) -> f64 {
    let all = buckets.last().map_or(0.0, |(_, count)| *count);
    if all <= 0.0 {
        return f64::NAN;
    }
    let rank = quantile * all;
    let (mut lower, mut below) = (0.0, 0.0);
    for (bound, count) in buckets {
        if *count >= rank {
            if bound.is_infinite() {
                return lower;
            }
            return lower + (bound - lower) * (rank - below) / (count - below);
        }
        (lower, below) = (*bound, *count);
    }
    lower
}
