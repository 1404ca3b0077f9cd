use super::*;

fn read(text: &str) -> Plan {
    parse(text, Features::ALL).unwrap_or_else(|error| panic!("{text}: {error} at {:?}", error.extent))
}

#[test]
fn every_node_knows_all_of_its_text() {
    for (text, nodes) in [
        (
            "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h)) > 2",
            &[
                "x{b=\"c\"}[5m] offset 1h",
                "rate(x{b=\"c\"}[5m] offset 1h)",
                "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h))",
                "2",
                "sum by (a) (rate(x{b=\"c\"}[5m] offset 1h)) > 2",
            ][..],
        ),
        ("sum(a) by (b, c) + 1", &["a", "sum(a) by (b, c)", "1", "sum(a) by (b, c) + 1"]),
        ("topk(3, a)", &["3", "a", "topk(3, a)"]),
        (" - 1 ^ + a", &["1", "a", "+ a", "1 ^ + a", "- 1 ^ + a"]),
        ("--1", &["--1"]),
        ("(a @ 5) [5m:]", &["a @ 5", "(a @ 5)", "(a @ 5) [5m:]"]),
        ("a[5m:1m] @ end() offset -5m", &["a", "a[5m:1m] @ end() offset -5m"]),
        ("{\"größe\"} anchored # x", &["{\"größe\"} anchored"]),
        ("time ( )", &["time ( )"]),
        ("info(a, {})", &["a", "{}", "info(a, {})"]),
    ] {
        let plan = read(text);
        let places: Vec<_> = plan.nodes().iter().map(|node| node.extent.of(text)).collect();
        assert_eq!(places, nodes, "{text}");
    }
}

#[test]
fn the_parts_of_a_node_know_their_places() {
    let text = "x{a=\"b\", 'c'!~`d`} >= bool on (e, \"f\") group_left (g) quantile by (h) (0.9, {\"y\"})";
    let plan = read(text);
    let Kind::Binary(binary) = &plan.node(plan.root()).kind else { panic!("{plan} is no operator's") };
    let Kind::Selector(selector) = &plan.node(binary.left).kind else { panic!("{plan} has no selector") };
    let Kind::Aggregation(aggregation) = &plan.node(binary.right).kind else {
        panic!("{plan} aggregates not")
    };
    let labels = |labels: &[Label]| -> Vec<String> {
        labels.iter().map(|label| format!("{} {}", label.name, label.extent.of(text))).collect()
    };
    let matching = binary.modifier.matching.as_ref().unwrap();
    let many = binary.modifier.many.as_ref().unwrap();
    let grouping = aggregation.grouping.as_ref().unwrap();
    assert_eq!(binary.op_extent.of(text), ">=");
    assert_eq!(labels(&matching.labels), ["e e", "f \"f\""]);
    assert_eq!(labels(&many.include), ["g g"]);
    assert_eq!(labels(&grouping.labels), ["h h"]);
    assert_eq!(aggregation.name.of(text), "quantile");
    assert_eq!(selector.extent.of(text), "x{a=\"b\", 'c'!~`d`}");
    assert_eq!(selector.name.as_ref().unwrap().extent.of(text), "x");
    let matchers: Vec<_> = selector.matchers.iter().map(|matcher| matcher.extent.of(text)).collect();
    assert_eq!(matchers, ["a=\"b\"", "'c'!~`d`"]);
}

#[test]
fn a_plan_tells_its_type_and_selectors() {
    for (text, value_type, selectors) in [
        ("1 + 2", ValueType::Scalar, &[][..]),
        ("'a'", ValueType::String, &[]),
        ("m[5m]", ValueType::Matrix, &["m[5m]"]),
        ("m[5m:]", ValueType::Matrix, &["m"]),
        ("(-a)", ValueType::Vector, &["a"]),
        ("1 + a", ValueType::Vector, &["a"]),
        ("scalar(a) * 2", ValueType::Scalar, &["a"]),
        ("b / on (x) (a - rate(c[5m]))", ValueType::Vector, &["b", "a", "c[5m]"]),
    ] {
        let plan = read(text);
        let found: Vec<_> =
            plan.selectors().map(|selector| selector.name.as_ref().unwrap().text.clone()).collect();
        let names: Vec<_> = selectors.iter().map(|selector| selector.split('[').next().unwrap()).collect();
        assert_eq!(
            (plan.value_type(), found),
            (value_type, names.into_iter().map(str::to_owned).collect()),
            "{text}"
        );
    }
}

#[test]
fn what_is_computed_loses_its_name() {
    for (text, drops) in [
        ("a", false),
        ("(a)", false),
        ("-a", true),
        ("+a", false),
        ("a + 1", true),
        ("1 + 1", false),
        ("a > 1", false),
        ("a > bool 1", true),
        ("a and b", false),
        ("a </ 1", false),
        ("rate(a[5m])", true),
        ("last_over_time(a[5m])", false),
        ("abs(a)", true),
        ("sort(a)", false),
        ("label_join(a, 'b', 'c')", false),
        ("sum(a)", false),
        ("topk(1, a)", false),
        ("time()", false),
    ] {
        let plan = read(text);
        assert_eq!(plan.node(plan.root()).drops_name, drops, "{text}");
    }
}

#[test]
fn asking_for_more_labels_asks_every_selector() {
    for (text, labels, expected) in [
        ("a", &[("x", "1")][..], "a{x=\"1\"}"),
        ("a{x=\"1\"} / b", &[("x", "1"), ("y", "\"")], "a{x=\"1\", y=\"\\\"\"} / b{x=\"1\", y=\"\\\"\"}"),
        ("a{x=\"2\"}", &[("x", "1")], "a{x=\"2\", x=\"1\"}"),
        ("rate({x!=\"\"}[5m:])", &[("x", "1")], "rate({x!=\"\", x=\"1\"}[5m:])"),
        ("1", &[("x", "1")], "1"),
        ("a", &[], "a"),
    ] {
        assert_eq!(read(text).and(labels).to_string(), expected, "{text}");
    }
}

#[test]
fn plans_are_equal_when_they_say_the_same() {
    for (one, other, equal) in [
        ("a+b", " a  + # plus\n b", true),
        ("sum(a) by (x)", "SUM BY (x,) (a)", true),
        ("a[60s]", "a[1m]", true),
        ("NaN", "nan", true),
        ("0", "-0", false),
        ("a", "(a)", false),
        ("a", "{\"a\"}", false),
        ("a{x=\"1\"}", "a{x=~\"1\"}", false),
        ("a{x=~\"1.\"}", "a{x=~\"2.\"}", false),
        ("a - b - c", "a - (b - c)", false),
        ("a + on () b", "a + b", false),
        ("a * on (x) group_left () b", "a * on (x) b", false),
        ("a + fill (0) b", "a + fill_left (0) b", false),
        ("a[5m] anchored", "a[5m]", false),
        ("a @ start()", "a @ end()", false),
    ] {
        assert_eq!(read(one) == read(other), equal, "{one} and {other}");
    }
}

#[test]
fn a_selector_stands_alone() {
    for (text, alone) in [
        ("up", true),
        ("up{job=\"a\"}", true),
        ("{job=\"a\"}", true),
        ("up[5m]", false),
        ("up offset 5m", false),
        ("(up)", false),
        ("up + 1", false),
        ("rate(up[5m])", false),
    ] {
        let plan = parse(text, Features::NONE).unwrap();
        assert_eq!(plan.as_selector().is_some(), alone, "{text}");
    }
}

#[test]
fn matchers_accept_as_in_prometheus() {
    for (matcher, value, accepted) in [
        ("a=\"b\"", "b", true),
        ("a=\"\"", "", true),
        ("a!=\"b\"", "", true),
        ("a=~\"b|c\"", "c", true),
        ("a=~\"b|c\"", "bc", false),
        ("a!~\"5..\"", "500", false),
        ("a!~\"5..\"", "5000", true),
        ("a=\"\\xc3\\xb6\"", "ö", true),
        ("a=\"\\xff\"", "\u{ff}", false),
    ] {
        let plan = parse(&format!("m{{{matcher}}}"), Features::NONE).unwrap();
        assert_eq!(
            plan.as_selector().unwrap().matchers[0].accepts(value),
            accepted,
            "{matcher} on {value:?}"
        );
    }
}

/// What a selector asks of a store: the name is one more label, and a label that is not there has the empty value.
#[test]
fn a_selector_asks_for_its_name_like_for_any_label() {
    use crate::signal::{Labels, Series};
    use crate::store::{Asks, Bounds, Store};
    let labels = |pairs: &[(&str, &str)]| {
        Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
            .unwrap()
    };
    let all = [
        labels(&[("__name__", "x"), ("a", "1")]),
        labels(&[("__name__", "x"), ("a", "2"), ("b", "1")]),
        labels(&[("__name__", "y"), ("a", "1")]),
    ];
    let sample = crate::signal::Sample { at: crate::unit::UnixMillis::new(0), value: 1.0 };
    let series: Vec<Series> =
        all.into_iter().map(|labels| Series { labels, samples: vec![sample.into()] }).collect();
    let mut store = Store::new(Bounds::default());
    store.append(&series, sample.at);
    for (text, equal, found) in [
        ("x", 1, "x{a=\"1\"} x{a=\"2\", b=\"1\"}"),
        ("x{a=\"1\"}", 2, "x{a=\"1\"}"),
        ("{\"x\", b=\"\"}", 2, "x{a=\"1\"}"),
        ("{__name__=~\"x|y\", a!=\"2\"}", 0, "x{a=\"1\"} y{a=\"1\"}"),
        ("{__name__!~\"x\", a=~\".+\"}", 0, "y{a=\"1\"}"),
        ("x{b=\"\\xff\"}", 1, ""),
        ("z", 1, ""),
    ] {
        let plan = read(text);
        let asks = plan.as_selector().unwrap().asks();
        let selected: Vec<String> =
            store.select(&asks).iter().map(|found| found.labels().to_string()).collect();
        assert_eq!(asks.iter().filter(|ask| ask.equal().is_some()).count(), equal, "{text}");
        assert_eq!(selected.join(" "), found, "{text}");
    }
}

#[test]
fn a_name_can_end_in_more() {
    for (text, expected) in [
        ("duration", "duration_bucket"),
        ("duration{route=\"/pay\"}", "duration_bucket{route=\"/pay\"}"),
        ("{\"http.duration\"}", "{\"http.duration_bucket\"}"),
        ("{route=\"/pay\"}", "{route=\"/pay\"}"),
    ] {
        assert_eq!(read(text).ending_in("_bucket").to_string(), expected, "{text}");
    }
}
