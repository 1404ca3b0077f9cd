//! Evaluation held against Prometheus's own conformance scripts.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "kit/script.rs"]
mod script;
#[path = "kit/skip.rs"]
mod skip;

use backstop::promql::{
    At as Fixed, EvalError, Features, Names, Plan, Selector, Value, covered, instant_with, parse,
};
use backstop::signal::{Labels, Sample, Series, is_stale};
use backstop::unit::UnixMillis;
use script::{At, Case, Expected, Loaded};
use std::path::PathBuf;

/// At least so many evaluations of the scripts are run. Where more are covered, raise it.
const AT_LEAST: usize = 440;

/// Where the scripts are: where `BACKSTOP_PROMQLTEST` says, or beside the checkout.
fn folder() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/promqltest");
    std::env::var_os("BACKSTOP_PROMQLTEST").map_or_else(beside, PathBuf::from)
}

fn cases() -> Option<Vec<Case>> {
    let mut scripts: Vec<_> = std::fs::read_dir(folder()).ok()?.map(|entry| entry.unwrap().path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    scripts.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        script::cases(&name, &std::fs::read_to_string(path).unwrap())
    };
    Some(scripts.iter().flat_map(read).collect())
}

/// The plan of a case that can be run: what it says is covered, and it reads nothing but floats.
fn runnable(case: &Case) -> Option<Plan> {
    let plan = parse(&case.expression, Features::ALL).ok()?;
    covered(&plan).ok()?;
    let beyond = |selector: &Selector| case.loaded.beyond.iter().any(|labels| selector.accepts(labels));
    // Within a range these are its ends, and here there are only instants.
    let ranged = matches!(case.at, At::Range { .. });
    let ends = |selector: &Selector| matches!(selector.shift.at, Some(Fixed::Start | Fixed::End));
    let runs = !plan.selectors().any(|selector| beyond(selector) || ranged && ends(selector));
    (runs && !matches!(case.expected, Expected::Beyond)).then_some(plan)
}

fn value(plan: &Plan, loaded: &Loaded, at: i64, names: Names) -> Result<Value, EvalError> {
    let select = |selector: &Selector, from: UnixMillis, to: UnixMillis| -> Vec<Series> {
        let within = |sample: &&Sample| from < sample.at && sample.at <= to;
        let all = loaded.series.iter().filter(|series| selector.accepts(&series.labels));
        all.map(|series| Series {
            labels: series.labels.clone(),
            samples: series.samples.iter().filter(within).copied().collect(),
        })
        .collect()
    };
    instant_with(names, plan, UnixMillis::new(at), &select)
}

/// The moments of a case, with the column of its rows that tells of each.
fn moments(at: At) -> Vec<(usize, i64)> {
    match at {
        At::Instant(at) => vec![(0, at)],
        At::Range { start, end, step } => (0..)
            .zip(std::iter::successors(Some(start), |at| Some(at + step)).take_while(|at| *at <= end))
            .collect(),
    }
}

/// What is wrong with a case, at some moment.
fn disagreement(case: &Case, plan: &Plan, names: Names) -> Option<String> {
    let at_each = moments(case.at).into_iter();
    let mut values = at_each.map(|(column, at)| (column, at, value(plan, &case.loaded, at, names)));
    let told = |at: i64, value| format!("{}: {} at {at} ms\n    {value:?}", case.place, case.expression);
    if matches!(case.expected, Expected::Fails) {
        // A range fails where one moment does.
        return values.all(|(_, _, value)| value.is_ok()).then(|| told(0, Ok(Value::Vector(Vec::new()))));
    }
    let agrees = |column: usize, value: &Result<Value, EvalError>| match (value, &case.expected) {
        (Ok(Value::Text(text)), Expected::Text(expected)) => text.as_str() == Some(expected),
        (Ok(Value::Scalar(value)), Expected::Scalar(expected)) => alike(*value, *expected),
        // Over a range a scalar is a series without labels.
        (Ok(Value::Scalar(value)), Expected::Rows(rows)) => {
            same(&[(Labels::default(), *value)], rows, column)
        }
        (Ok(Value::Vector(elements)), Expected::Rows(rows)) => same(elements, rows, column),
        _ => false,
    };
    let wrong = values.find(|(column, _, value)| !agrees(*column, value));
    wrong.map(|(_, at, value)| told(at, value))
}

fn same(elements: &[(Labels, f64)], rows: &[(Labels, Vec<Option<f64>>)], column: usize) -> bool {
    let expected: Vec<_> =
        rows.iter().filter_map(|(labels, row)| Some((labels, row.get(column).copied().flatten()?))).collect();
    expected.len() == elements.len()
        && elements.iter().all(|(labels, value)| {
            expected.iter().any(|(known, expected)| *known == labels && alike(*value, *expected))
        })
}

/// Alike as the scripts take it: to a millionth, any NaN like any other, but not like a stale marker.
#[expect(clippy::float_cmp, reason = "infinities are equal or they are not")]
fn alike(value: f64, expected: f64) -> bool {
    if value.is_nan() || expected.is_nan() {
        return value.is_nan() && expected.is_nan() && is_stale(value) == is_stale(expected);
    }
    let (size, apart) = (value.abs() + expected.abs(), (value - expected).abs());
    if value == expected {
        true
    } else if value == 0.0 || expected == 0.0 || size < f64::MIN_POSITIVE {
        apart < 1e-6 * f64::MIN_POSITIVE
    } else {
        apart / size.min(f64::MAX) < 1e-6
    }
}

#[test]
fn what_is_covered_agrees_with_prometheus() {
    let Some(cases) = cases() else {
        return skip::skip("evaluation against the conformance scripts of PromQL", "../shared/promqltest");
    };
    let run: Vec<_> = cases.iter().filter_map(|case| runnable(case).map(|plan| (case, plan))).collect();
    let wrong: Vec<_> =
        run.iter().filter_map(|(case, plan)| disagreement(case, plan, Names::GoLast)).collect();
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), run.len(), wrong.join("\n"));
    assert!(AT_LEAST <= run.len(), "{} of {} cases were run; there were {AT_LEAST}", run.len(), cases.len());
}
/// What comes out otherwise where names go at once, as they do in a Prometheus that was told nothing else. In each of
/// these a name is asked for after it would have gone, or kept two series apart.
const OTHERWISE: [&str; 5] = [
    "sum(rate({env=\"1\"}[10m])) by (env)",
    "sum by (__name__) (rate(metric_total{env=\"2\"}[5m]) or metric_total{env=\"1\"})",
    "(http_requests_total{group=\"canary\"} + 1) and http_requests_total{instance=\"0\"}",
    "(http_requests_total{group=\"canary\"} + 1) or http_requests_total{instance=\"1\"}",
    "(http_requests_total{group=\"canary\"} + 1) and http_requests_total{instance=\"0\"}",
];

#[test]
fn only_what_still_needs_a_name_differs_where_names_go_at_once() {
    let Some(cases) = cases() else {
        return skip::skip("evaluation with names gone at once", "../shared/promqltest");
    };
    let run = cases.iter().filter_map(|case| runnable(case).map(|plan| (case, plan)));
    let differ = run.filter(|(case, plan)| disagreement(case, plan, Names::GoAtOnce).is_some());
    let differ: Vec<_> = differ.map(|(case, _)| case.expression.clone()).collect();
    assert_eq!(differ, OTHERWISE);
}
