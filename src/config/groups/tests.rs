use super::*;
use crate::config::gather::Gathered;
use crate::config::load::load;
use crate::rule::Rule;

/// The groups of a file and its findings, each as its name and the characters it points at.
fn check(text: &str) -> (Vec<Group>, Vec<(&'static str, &str)>) {
    let mut gathered = Gathered::default();
    gathered.files.add("rules.yaml".to_owned(), text.to_owned());
    let loaded = load(gathered, Features::NONE);
    let groups = loaded.rules.groups.into_iter().map(|(_, group)| group).collect();
    let pointed =
        loaded.findings.iter().map(|finding| (finding.name, finding.place.extent.of(text))).collect();
    (groups, pointed)
}

#[test]
fn everything_that_is_written_arrives() {
    let text = "groups:\n- name: web\n  interval: 30s\n  query_offset: 0s\n  limit: 7.9\n  labels: {team: a, tier: web}\n  \
                rules:\n  - record: job:up\n    expr: sum by (job) (up)\n    labels: {team: b, gone: ~}\n  \
                - alert: Down\n    expr: |\n      up\n      == 0\n    for: 5m\n    keep_firing_for: 1h\n    \
                labels: {severity: page}\n    annotations: {summary: '{{ $labels.job }}'}\n";
    let (groups, findings) = check(text);
    assert_eq!(findings, []);
    let group = &groups[0];
    assert_eq!((group.name.as_str(), group.limit.map(NonZeroU64::get)), ("web", Some(7)));
    assert_eq!((group.interval, group.query_offset), (Some(Span::from_secs(30)), Some(Span::ZERO)));
    let [Rule::Recording(record), Rule::Alerting(alert)] = group.rules.as_slice() else {
        panic!("{group:?}")
    };
    let labels: Vec<_> = record.labels.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(labels, [("gone", ""), ("team", "b"), ("tier", "web")]);
    assert_eq!((alert.hold, alert.keep_firing_for), (Span::from_secs(300), Span::from_secs(3_600)));
    assert_eq!(alert.expr.text(), "up\n== 0\n");
    let labels: Vec<_> = alert.labels.iter().map(|(name, value)| (name.as_str(), value.text())).collect();
    assert_eq!(labels, [("severity", "page"), ("team", "a"), ("tier", "web")]);
    assert_eq!(alert.annotations.len(), 1);
    assert_eq!(alert.place.extent.of(text), "alert: Down");
}

#[test]
fn findings_point_at_the_very_characters() {
    use crate::lint::name::{
        BAD_VALUE, DUPLICATE_NAME, DUPLICATE_RULES, LATER_DOCUMENT, MISSING_KEY, PROMQL_SYNTAX,
        TEMPLATE_SYNTAX, UNKNOWN_KEY, WRONG_TYPE, YAML_SYNTAX,
    };
    let rule = |rest: &str| format!("groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up == 0\n{rest}");
    let expr = |expr: &str| format!("groups:\n- name: a\n  rules:\n  - alert: A\n    expr: {expr}\n");
    for (text, expected) in [
        (expr("foo(up)"), vec![(PROMQL_SYNTAX, "foo")]),
        (expr("'up{a=\"''\"} + foo(up)'"), vec![(PROMQL_SYNTAX, "foo")]),
        (expr("\"up{a=\\\"b\\\"} + foo(up)\""), vec![(PROMQL_SYNTAX, "foo")]),
        (expr("|\n      up\n        + foo(up)"), vec![(PROMQL_SYNTAX, "foo")]),
        (expr(">-\n      up\n      + foo(up)"), vec![(PROMQL_SYNTAX, "foo")]),
        (expr("up\n      + foo(up)"), vec![(PROMQL_SYNTAX, "foo")]),
        (rule("    annotations:\n      a: |\n        é {{ nope }}\n"), vec![(TEMPLATE_SYNTAX, "nope")]),
        (rule("    labels: {a: \"\\u00e9 {{ nope }}\"}\n"), vec![(TEMPLATE_SYNTAX, "nope")]),
        (rule("    labels: {__name__: x, '': y}\n"), vec![(BAD_VALUE, "__name__"), (BAD_VALUE, "''")]),
        (rule("    fro: 5m\n    for: 5x\n"), vec![(UNKNOWN_KEY, "fro"), (BAD_VALUE, "5x")]),
        (rule("    labels: {a: [b]}\n"), vec![(WRONG_TYPE, "[b]")]),
        (rule("    annotations:\n      a: {{ x }}\n"), vec![(WRONG_TYPE, "{{ x }}")]),
        (rule("  - alert: A\n    expr: up == 1\n"), vec![(DUPLICATE_RULES, "alert: A")]),
        (
            rule("  - labels: {a: b}\n"),
            vec![(MISSING_KEY, "labels: {a: b}"), (MISSING_KEY, "labels: {a: b}")],
        ),
        (rule("---\ngroups: []\n"), vec![(LATER_DOCUMENT, "groups: []")]),
        (rule("---\n[\n"), vec![(YAML_SYNTAX, "[")]),
        ("groups:\n- name: a\n- name: a\n".to_owned(), vec![(DUPLICATE_NAME, "a")]),
        ("groups:\n- limit: 1\n".to_owned(), vec![(MISSING_KEY, "limit: 1")]),
        ("grops: []\n".to_owned(), vec![(UNKNOWN_KEY, "grops")]),
        ("- a\n".to_owned(), vec![(WRONG_TYPE, "- a")]),
    ] {
        assert_eq!(check(&text).1, expected, "{text}");
    }
}

#[test]
fn what_is_wrong_does_not_come_back() {
    let text = "groups:\n- name: a\n  rules:\n  - {record: r, expr: up, for: 5m}\n  - {record: s, expr: up}\n  \
                - {alert: A, expr: up, labels: {a: [b]}}\n- name: b\n  interval: x\n";
    let (groups, findings) = check(text);
    assert_eq!(findings.len(), 3, "{findings:?}");
    let names: Vec<_> = groups.iter().map(|group| (group.name.as_str(), group.rules.len())).collect();
    assert_eq!(names, [("a", 1)]);
}
