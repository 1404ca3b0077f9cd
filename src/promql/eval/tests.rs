use std::cell::RefCell;

use super::*;
use crate::promql::{Features, parse};
use crate::signal::{Sample, written_samples};

const MINUTE: i64 = 60_000;

/// Series that have a sample each minute from 0 on.
fn loaded(rows: &[(&str, &str)]) -> Vec<Series> {
    let series = |(labels, row): &(&str, &str)| {
        let pairs = labels.split(' ').map(|pair| pair.split_once('=').unwrap_or(("__name__", pair)));
        let labels =
            Labels::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()).unwrap();
        let samples = (0..).zip(written_samples(row).unwrap());
        let sample = |(index, value): (i64, Option<f64>)| {
            Some(Sample { at: UnixMillis::new(index * MINUTE), value: value? })
        };
        Series { labels, samples: samples.filter_map(sample).collect() }
    };
    rows.iter().map(series).collect()
}

fn evaluated(rows: &[(&str, &str)], text: &str, at: i64, names: Names) -> Result<Value, EvalError> {
    let all = loaded(rows);
    // Against their order, and with all their samples: neither must matter.
    let select = |selector: &Selector, _: UnixMillis, _: UnixMillis| -> Vec<Series> {
        all.iter().rev().filter(|series| selector.accepts(&series.labels)).cloned().collect()
    };
    let plan = parse(text, Features::ALL).unwrap_or_else(|error| panic!("{text}: {error}"));
    instant_with(names, &plan, UnixMillis::new(at), &select)
}

/// In short: `{a="1"} 2, {a="2"} 3`, a number, or the error.
fn said(result: Result<Value, EvalError>) -> String {
    match result {
        Ok(Value::Scalar(value)) => value.to_string(),
        Ok(Value::Text(text)) => text.to_string(),
        Ok(Value::Vector(elements)) => {
            let one = |(labels, value): &(Labels, f64)| format!("{labels} {value}");
            elements.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn windows_are_open_on_the_left() {
    let rows = [("x", "0 1 2 3 4 5 6 7 8 9")];
    for (text, at, expected) in [
        // 5 minutes after its sample a series is gone, and not a moment sooner.
        ("x", 9 * MINUTE, "x 9"),
        ("x", 14 * MINUTE - 1, "x 9"),
        ("x", 14 * MINUTE, ""),
        ("x", 9 * MINUTE - 1, "x 8"),
        ("x", -1, ""),
        ("count_over_time(x[2m])", 9 * MINUTE, "{} 2"),
        ("count_over_time(x[2m])", 9 * MINUTE - 1, "{} 2"),
        ("count_over_time(x[2m1ms])", 9 * MINUTE, "{} 3"),
        ("count_over_time(x[59s999ms])", 9 * MINUTE - 1, ""),
        ("sum_over_time(x[2m] offset 3m)", 9 * MINUTE, "{} 11"),
        ("sum_over_time(x[2m] offset -3m)", 2 * MINUTE, "{} 9"),
        ("sum_over_time(x[2m] @ 300 offset 1m)", 9 * MINUTE, "{} 7"),
        ("x offset 4m", 9 * MINUTE, "x 5"),
        ("x @ 120", 9 * MINUTE, "x 2"),
        ("x @ start() - x @ end()", 9 * MINUTE, "{} 0"),
        ("timestamp(x)", 9 * MINUTE + 1, "{} 540"),
        ("timestamp((x offset 1m))", 9 * MINUTE + 1, "{} 480"),
        ("timestamp(x + 0)", 9 * MINUTE + 1, "{} 540.001"),
        ("timestamp(last_over_time(x[5m]))", 9 * MINUTE + 1, "{} 540.001"),
        ("time()", 1_500, "1.5"),
    ] {
        assert_eq!(said(evaluated(&rows, text, at, Names::GoAtOnce)), expected, "{text} at {at}");
    }
}

#[test]
fn a_series_ends_with_its_stale_marker() {
    let rows = [("x", "1 NaN stale 4 stale")];
    for (text, minute, expected) in [
        ("x", 1, "x NaN"),
        ("x", 2, ""),
        ("x", 3, "x 4"),
        ("x", 4, ""),
        ("count_over_time(x[10m])", 4, "{} 3"),
        ("last_over_time(x[10m])", 4, "x 4"),
        ("absent(x)", 4, "{} 1"),
        ("absent_over_time(x[10m])", 4, ""),
        ("absent_over_time(x{a=\"1\"}[10m])", 4, "{a=\"1\"} 1"),
        ("present_over_time(x[1m])", 4, ""),
        ("x or vector(0)", 4, "{} 0"),
    ] {
        assert_eq!(
            said(evaluated(&rows, text, minute * MINUTE, Names::GoAtOnce)),
            expected,
            "{text} at {minute}m"
        );
    }
}

#[test]
fn rates_are_stretched_by_the_rule() {
    for (row, text, minute, expected) in [
        // To both borders, as each lies within 1.1 of the distance.
        ("10 20 30 40", "increase(x[4m])", 3, "{} 40"),
        ("10 20 30 40", "rate(x[4m])", 3, "{} 0.16666666666666666"),
        // By half a distance where it lies further off.
        ("_ _ _ 100 110 120", "increase(x[6m])", 5, "{} 25"),
        ("100 110 120 _ _ _", "increase(x[10m])", 5, "{} 30"),
        // No further back than to zero; a gauge knows none.
        ("_ _ _ 2 12 22", "increase(x[6m])", 5, "{} 22"),
        ("_ _ _ 2 12 22", "delta(x[6m])", 5, "{} 25"),
        ("-5 5", "increase(x[2m])", 1, "{} 20"),
        // What a counter lost is added again.
        ("5 10 2 4", "increase(x[4m])", 3, "{} 12"),
        ("5 10 2 4", "delta(x[4m])", 3, "{} -1.3333333333333333"),
        ("7 7 7", "increase(x[3m])", 2, "{} 0"),
        ("5", "rate(x[3m])", 2, ""),
        ("5 _ 8 2", "irate(x[4m])", 3, "{} 0.03333333333333333"),
        ("5 _ 8 2", "idelta(x[4m])", 3, "{} -6"),
        ("5 _ 8", "irate(x[4m])", 3, "{} 0.025"),
        ("5 _ 8 NaN", "irate(x[4m])", 3, "{} NaN"),
        ("1 NaN NaN 1 2 2", "changes(x[9m])", 5, "{} 3"),
        ("3 1 NaN 0 2 1", "resets(x[9m])", 5, "{} 2"),
    ] {
        let got = said(evaluated(&[("x", row)], text, minute * MINUTE, Names::GoAtOnce));
        assert_eq!(got, expected, "{text} of {row}");
    }
}

#[test]
fn each_function_keeps_to_its_borders() {
    let rows = [("x", "-0.5"), ("y", "2.5"), ("n", "NaN"), ("p a=1", "1"), ("p a=2", "2")];
    for (text, expected) in [
        ("round(y)", "{} 3"),
        ("round(x)", "{} 0"),
        ("round(y, 0.2)", "{} 2.6"),
        ("round(y, 0)", "{} NaN"),
        ("clamp_min(x, 0)", "{} 0"),
        ("clamp_min(n, 0)", "{} NaN"),
        ("clamp_min(n, Inf)", "{} inf"),
        ("clamp_max(y, 2)", "{} 2"),
        ("clamp_max(n, -Inf)", "{} -inf"),
        ("clamp_min(x, NaN)", "{} NaN"),
        ("clamp_min(vector(-0), 0) / 0", "{} NaN"),
        ("1 / clamp_min(vector(-0), 0)", "{} inf"),
        ("1 / clamp_max(vector(0), -0)", "{} -inf"),
        ("clamp(y, 3, 2)", ""),
        ("scalar(y)", "2.5"),
        ("scalar(p)", "NaN"),
        ("scalar(gone)", "NaN"),
        ("absent(p)", ""),
        ("absent((gone{a=\"1\"}))", "{a=\"1\"} 1"),
        ("absent(sum(gone{a=\"1\"}))", "{} 1"),
        ("-(p)", "{a=\"1\"} -1, {a=\"2\"} -2"),
        ("+p", "p{a=\"1\"} 1, p{a=\"2\"} 2"),
        ("\"text\"", "\"text\""),
        ("1 == bool 1", "1"),
        ("1 != bool NaN", "1"),
        ("NaN >= bool NaN", "0"),
        ("-7 % 3", "-1"),
        ("2 ^ -1", "0.5"),
        ("p > bool 1", "{a=\"1\"} 0, {a=\"2\"} 1"),
        ("1 < p", "p{a=\"2\"} 2"),
        ("1 - p", "{a=\"1\"} 0, {a=\"2\"} -1"),
        ("max(n or p)", "{} 2"),
        ("min(n)", "{} NaN"),
        ("avg(gone)", ""),
        ("count without (a) (p)", "{} 2"),
        ("group by (a) ({__name__=~\"p|y\"})", "{} 1, {a=\"1\"} 1, {a=\"2\"} 1"),
        ("sum by () (p)", "{} 3"),
    ] {
        assert_eq!(said(evaluated(&rows, text, 0, Names::GoAtOnce)), expected, "{text}");
    }
}

#[test]
fn matching_finds_one_for_each_or_says_why_not() {
    let rows = [
        ("m a=1 b=1", "1"),
        ("m a=1 b=2", "2"),
        ("m a=2 b=1", "3"),
        ("o a=1 c=x", "10"),
        ("o a=2", "20"),
        ("d a=1", "1"),
        ("d a=1 c=y", "2"),
    ];
    for (text, expected) in [
        ("m + on(a) group_left o", r#"{a="1", b="1"} 11, {a="1", b="2"} 12, {a="2", b="1"} 23"#),
        (
            "m + on(a) group_left(c) o",
            r#"{a="1", b="1", c="x"} 11, {a="1", b="2", c="x"} 12, {a="2", b="1"} 23"#,
        ),
        (
            "o - on(a) group_right(c) m",
            r#"{a="1", b="1", c="x"} 9, {a="1", b="2", c="x"} 8, {a="2", b="1"} 17"#,
        ),
        ("m < on(a) group_left(c) o / 5", r#"m{a="1", b="1", c="x"} 1, m{a="2", b="1"} 3"#),
        ("o > on(a) group_right m", r#"m{a="1", b="1"} 10, m{a="1", b="2"} 10, m{a="2", b="1"} 20"#),
        ("o == ignoring(c) o", r#"o{a="1"} 10, o{a="2"} 20"#),
        ("o == on(a) o", r#"{a="1"} 10, {a="2"} 20"#),
        ("o * gone", ""),
        ("d * on(a) gone", ""),
        ("gone * on(a) d", ""),
        ("m and on(a, b) m{b=\"2\"}", r#"m{a="1", b="2"} 2"#),
        ("m unless on(a) o{c=\"x\"}", r#"m{a="2", b="1"} 3"#),
        ("o or on(a) m", r#"o{a="1", c="x"} 10, o{a="2"} 20"#),
        ("o or m{a=\"2\"}", r#"m{a="2", b="1"} 3, o{a="1", c="x"} 10, o{a="2"} 20"#),
        ("o and on() d", r#"o{a="1", c="x"} 10, o{a="2"} 20"#),
        (
            "m + on(a) o",
            r#"error: several series left of `+` match the one with {a="1"} right of it; say so with `group_left`"#,
        ),
        (
            // Even where the comparison would leave one of them out.
            "m < on(a) (o * 0 + 2)",
            r#"error: several series left of `<` match the one with {a="1"} right of it; say so with `group_left`"#,
        ),
        (
            "o + on(a) d",
            r#"error: d{a="1"} and d{a="1", c="y"}, right of `+`, both have {a="1"}; aggregate that side, or match by more labels"#,
        ),
        (
            "d + on(a) group_right m",
            r#"error: d{a="1"} and d{a="1", c="y"}, left of `+`, both have {a="1"}; aggregate that side, or match by more labels"#,
        ),
        (
            "m + on(a) group_left(b) o",
            r#"error: `+` would give two series the labels {a="1"}; match or take over other labels"#,
        ),
        ("abs({__name__=~\"o|d\", a=\"1\", c=\"\"}) + on(a) group_left {__name__=\"o\", a=\"2\"}", ""),
        (
            "-{a=\"1\", c=\"\", b=~\"|1\", __name__=~\"d|m\"} + on() group_left vector(1)",
            r#"{a="1"} 0, {a="1", b="1"} 0"#,
        ),
    ] {
        assert_eq!(said(evaluated(&rows, text, 0, Names::GoAtOnce)), expected, "{text}");
    }
}

#[test]
fn names_go_at_once_or_last() {
    let rows = [("x", "1 2"), ("y", "3 5")];
    let same = "error: two series of the result have the labels {}; choose one metric, or aggregate them";
    for (text, at_once, last) in [
        ("abs({__name__=~\"x|y\"})", same, same),
        ("-{__name__=~\"x|y\"}", same, same),
        ("{__name__=~\"x|y\"} * 2", same, same),
        ("{__name__=~\"x|y\"} > bool 2", same, same),
        ("{__name__=~\"x|y\"} > 2", "y 5", "y 5"),
        ("last_over_time({__name__=~\"x|y\"}[5m])", "x 2, y 5", "x 2, y 5"),
        ("sum(abs({__name__=~\"x|y\"}))", same, "{} 7"),
        ("sum by (__name__) (abs(x))", "{} 2", "{} 2"),
        ("sum by (__name__) (x + on() y)", "{} 7", "{} 7"),
        ("sum by (__name__) ({__name__=~\"x|y\"})", "x 2, y 5", "x 2, y 5"),
        ("sum without (a) (x)", "{} 2", "{} 2"),
        ("x == on() group_left x", "x 2", "x 2"),
        ("x == bool on() group_left x", "{} 1", "{} 1"),
        ("delta({__name__=~\"x|y\"}[2m]) or vector(1)", same, same),
    ] {
        assert_eq!(said(evaluated(&rows, text, MINUTE, Names::GoAtOnce)), at_once, "{text} at once");
        assert_eq!(said(evaluated(&rows, text, MINUTE, Names::GoLast)), last, "{text} last");
    }
}

#[test]
fn only_the_window_is_asked_for() {
    for (text, expected) in [
        ("x", &[(700_000, 1_000_000)][..]),
        ("rate(x[1m] offset 10s)", &[(930_000, 990_000)]),
        ("x @ 500 + y @ 500 offset -1s", &[(200_000, 500_000), (201_000, 501_000)]),
        ("vector(1)", &[]),
    ] {
        let asked = RefCell::new(Vec::new());
        let select = |_: &Selector, from: UnixMillis, to: UnixMillis| {
            asked.borrow_mut().push((from.millis(), to.millis()));
            Vec::new()
        };
        let plan = parse(text, Features::NONE).unwrap();
        instant(&plan, UnixMillis::new(1_000_000), &select).unwrap();
        assert_eq!(asked.into_inner(), expected, "{text}");
    }
}

#[test]
fn what_is_not_covered_is_named_at_its_place() {
    for (text, place, what) in [
        ("max_over_time(x[1h:5m])", "x[1h:5m]", "a subquery"),
        ("topk(3, x)", "topk", "`topk`"),
        ("sum(quantile by (a) (0.9, x))", "quantile", "`quantile`"),
        ("1 + histogram_quantile(0.9, x)", "histogram_quantile", "`histogram_quantile`"),
        ("label_replace(x, 'a', 'b', 'c', 'd')", "label_replace", "`label_replace`"),
        ("x + fill (0) y", "+", "`fill`"),
        ("x + fill_left (0) y", "+", "`fill`"),
        ("x </ 2", "</", "`</`"),
        ("increase(x[5m] anchored)", "x[5m] anchored", "`anchored`"),
        ("x smoothed > 1", "x smoothed", "`smoothed`"),
        ("rate(x[5m + step()])", "x[5m + step()]", "arithmetic in a duration"),
        ("x offset -step()", "x offset -step()", "arithmetic in a duration"),
        ("(x[5m])", "(x[5m])", "a window of samples as the result"),
        ("start()", "start", "`start`"),
    ] {
        let plan = parse(text, Features::ALL).unwrap();
        let refused = covered(&plan).unwrap_err();
        assert_eq!((refused.extent.of(text), refused.what.as_str()), (place, what), "{text}");
        let nothing = |_: &Selector, _: UnixMillis, _: UnixMillis| Vec::new();
        assert_eq!(
            instant(&plan, UnixMillis::default(), &nothing),
            Err(EvalError::NotCovered(refused)),
            "{text}"
        );
    }
}

#[test]
fn a_value_holds_where_a_number_is_not_zero() {
    let rows = [("x a=1", "0"), ("x a=2", "NaN"), ("x a=3", "-1")];
    for (text, holds) in [
        ("1", true),
        ("-Inf", true),
        ("0", false),
        ("NaN", false),
        ("'1'", false),
        ("x", true),
        ("x{a!=\"3\"}", false),
        ("gone", false),
    ] {
        assert_eq!(evaluated(&rows, text, 0, Names::GoAtOnce).unwrap().holds(), holds, "{text}");
    }
}

#[test]
fn no_expression_is_too_deep() {
    for (text, expected) in
        [("1+".repeat(4_000) + "1", "4001"), ("-(1+".repeat(250) + "0" + &")".repeat(250), "-0")]
    {
        assert_eq!(said(evaluated(&[], &text, 0, Names::GoAtOnce)), expected);
    }
}
