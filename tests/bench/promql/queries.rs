//! What is asked: the shapes of everyday queries, over one series and over a hundred, at one step and at a thousand.

/// A query over so many steps.
pub(crate) struct Asked {
    pub(crate) expr: String,
    pub(crate) steps: i64,
}

/// `X` stands for a number of series.
const EACH: &[&str] = &[
    "a_X",
    "rate(a_X[1m])",
    "double_exponential_smoothing(a_X[1d], 0.3, 0.3)",
    "changes(a_X[1d])",
    "rate(a_X[1d])",
    "absent_over_time(a_X[1d])",
    "avg_over_time(a_X[1h])",
    "max_over_time(a_X[1h])",
    "quantile_over_time(0.9, a_X[1h])",
    "-a_X",
    "a_X - b_X",
    "a_X and b_X{l=~'.*[0-4]$'}",
    "a_X or b_X{l=~'.*[0-4]$'}",
    "a_X unless b_X{l=~'.*[0-4]$'}",
    "a_X and b_X{l='notfound'}",
    "abs(a_X)",
    "label_replace(a_X, 'l2', '$1', 'l', '(.*)')",
    "label_join(a_X, 'l2', '-', 'l', 'l')",
    "sum(a_X)",
    "avg(a_X)",
    "sum without (l)(h_X)",
    "sum without (le)(h_X)",
    "sum by (l)(h_X)",
    "sum by (le)(h_X)",
    "topk(1, a_X)",
    "topk(5, a_X)",
    "limitk(1, a_X)",
    "limit_ratio(0.5, a_X)",
    "rate(a_X[1m]) + rate(b_X[1m])",
    "sum without (l)(rate(a_X[1m]))",
    "sum without (l)(rate(a_X[1m])) / sum without (l)(rate(b_X[1m]))",
    "histogram_quantile(0.9, rate(h_X[5m]))",
    "histogram_quantile(0.9, sum by (le)(rate(h_X[5m])))",
    "a_X + on(l) group_right a_one",
    "count({__name__!=\"\", l=\"\"})",
    "count(a_X)",
    "a_X == b_X",
    "timestamp(a_X)",
    "deriv(a_X[1h])",
    "sum(rate(h_X{le!=\"+Inf\"}[5m])) / sum(rate(h_X[5m]))",
];

/// Queries with numbers of steps of their own.
const OWN: &[(&str, i64)] = &[("rate(sparse[1m])", 1_000), ("count_values('value', h_X)", 100)];

pub(crate) fn queries() -> Vec<Asked> {
    let mut all = Vec::new();
    for size in ["one", "hundred"] {
        for expr in EACH {
            for steps in [1, 1_000] {
                all.push(Asked { expr: expr.replace('X', size), steps });
            }
        }
    }
    for (expr, steps) in OWN {
        all.push(Asked { expr: expr.replace('X', "hundred"), steps: *steps });
    }
    all
}
