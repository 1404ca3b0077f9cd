//! PromQL, from outside: what is taken and what is refused, with its place; and that what is printed reads back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "kit/skip.rs"]
mod skip;

use backstop::promql::{
    Aggregator, FUNCTIONS, Feature, Features, Kind, MatchOp, NodeId, Plan, Sign, ValueType, parse,
};
use backstop::unit::{Extent, Fault};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use std::fs;
use std::path::PathBuf;

/// Every expression that stands behind an `eval` in the conformance scripts, with the name of its script.
fn suite() -> Option<Vec<(String, String)>> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/promqltest");
    let folder = std::env::var_os("BACKSTOP_PROMQLTEST").map_or_else(beside, PathBuf::from);
    let mut scripts: Vec<_> = fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "test"));
    scripts.sort();
    let mut expressions = Vec::new();
    for script in scripts {
        let name = script.file_name().unwrap().to_string_lossy().into_owned();
        for line in fs::read_to_string(&script).unwrap().lines() {
            expressions
                .extend(evaluated(line.trim()).map(|expression| (name.clone(), expression.to_owned())));
        }
    }
    Some(expressions)
}

/// The expression of an `eval` line.
fn evaluated(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("eval")?;
    let (kind, rest) = rest.split_once(char::is_whitespace)?;
    let (when, rest) = if kind.is_empty() || kind.starts_with('_') {
        rest.trim_start().split_once(' ')?
    } else {
        return None;
    };
    let words = match when {
        "instant" if rest.trim_start().starts_with("at ") => 2,
        "instant" => 0,
        "range" => 6,
        _ => return None,
    };
    let mut rest = rest.trim_start();
    for _ in 0..words {
        rest = rest.split_once(char::is_whitespace)?.1.trim_start();
    }
    Some(rest)
}

#[test]
fn the_suite_reads_and_reads_back() {
    let Some(expressions) = suite() else {
        return skip::skip("the conformance scripts of PromQL", "../shared/promqltest");
    };
    assert!(!expressions.is_empty(), "the scripts hold no expression");
    let mut failed = Vec::new();
    for (script, expression) in &expressions {
        let read = parse(expression, Features::ALL);
        let outcome =
            read.map_err(|error| format!("{} {error}", place(&error))).and_then(|plan| reads_back(&plan));
        failed.extend(outcome.err().map(|why| format!("{script}: {expression}\n    {why}")));
    }
    assert!(failed.is_empty(), "{} of {}\n{}", failed.len(), expressions.len(), failed.join("\n"));
}

/// A row of the table: what is expected, and of which expression.
fn rows() -> Vec<(&'static str, String)> {
    let table = include_str!("data/promql/parse.txt");
    let rows = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.map(|row| {
        let (expected, expression) = row.split_once(" | ").unwrap();
        let expression = expression.replace('␤', "\n").replace('␍', "\r").replace('␉', "\t");
        (expected, expression.replace('␀', "\0"))
    })
    .collect()
}

/// What is wrong with a row.
fn disagreement(expected: &str, expression: &str) -> Option<String> {
    let read = parse(expression, Features::ALL);
    let (kind, rest) = expected.split_once(' ').unwrap_or((expected, ""));
    let found = match (kind, &read) {
        ("ok", Ok(plan)) => reads_back(plan).err()?,
        ("as", Ok(plan)) if plan.to_string() == rest => reads_back(plan).err()?,
        ("as", Ok(plan)) => format!("is printed {plan}"),
        ("binds", Ok(plan)) if shape(plan, plan.root()) == rest => return None,
        ("binds", Ok(plan)) => format!("binds {}", shape(plan, plan.root())),
        ("off", Ok(_)) => {
            let (name, extent) = rest.split_once(' ').unwrap();
            let off = Feature::named(name).unwrap();
            let others = Feature::EACH.into_iter().filter(|feature| *feature != off).collect();
            match parse(expression, others) {
                Err(error) if place(&error) == extent && error.message.contains(name) => return None,
                Err(error) => format!("is refused for {} {error}", place(&error)),
                Ok(_) => "is read".to_owned(),
            }
        }
        (extent, Err(error)) if place(error) == extent && error.message.starts_with(rest) => return None,
        (_, Err(error)) => format!("is refused for {} {error}", place(error)),
        (_, Ok(plan)) => format!("is read as {plan}"),
    };
    Some(format!("{expected} | {expression}\n    {found}"))
}

fn place(error: &Fault) -> String {
    format!("{}..{}", error.extent.start, error.extent.end)
}

/// That a plan, printed and read again, is itself.
fn reads_back(plan: &Plan) -> Result<(), String> {
    match parse(&plan.to_string(), Features::ALL) {
        Ok(again) if again == *plan => Ok(()),
        Ok(again) => Err(format!("is printed {plan}, which is {again}")),
        Err(error) => Err(format!("is printed {plan}, which is refused: {error}")),
    }
}

/// A plan in prefix form.
fn shape(plan: &Plan, id: NodeId) -> String {
    let list = |name: &str, of: &[NodeId]| {
        let of: Vec<_> = of.iter().map(|id| format!(" {}", shape(plan, *id))).collect();
        format!("({name}{})", of.concat())
    };
    match &plan.node(id).kind {
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => text.to_string(),
        Kind::Selector(selector) => selector.name.as_ref().map_or_else(String::new, |name| name.text.clone()),
        Kind::Subquery(subquery) => list("sub", &[subquery.of]),
        Kind::Call(call) => list(call.function.name, &call.arguments),
        Kind::Aggregation(aggregation) => {
            let arguments: Vec<_> = aggregation.parameter.into_iter().chain([aggregation.of]).collect();
            list(aggregation.op.name(), &arguments)
        }
        Kind::Binary(binary) => list(binary.op.text(), &[binary.left, binary.right]),
        Kind::Signed(Sign::Minus, of) => list("neg", &[*of]),
        Kind::Signed(Sign::Plus, of) => list("pos", &[*of]),
        Kind::Grouped(of) => list("group", &[*of]),
    }
}

#[test]
fn the_table_holds() {
    let rows = rows();
    let wrong: Vec<_> = rows.iter().filter_map(|(expected, row)| disagreement(expected, row)).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn every_function_and_aggregation_is_in_the_table() {
    let rows = rows();
    let called = |name: &str, refused: bool| {
        let calls = |row: &str| row.starts_with(&format!("{name}("));
        rows.iter().any(|(expected, row)| calls(row) && refused != expected.starts_with("ok"))
    };
    let functions = FUNCTIONS.iter().map(|function| function.name);
    for name in functions.chain(Aggregator::EACH.into_iter().map(Aggregator::name)) {
        assert!(called(name, false) && called(name, true), "`{name}`");
    }
}

/// What must hold of any text, PromQL or not.
fn endures(text: &str) -> Result<(), String> {
    for features in [Features::ALL, Features::NONE] {
        match parse(text, features) {
            Ok(plan) => {
                reads_back(&plan)?;
                for (at, node) in plan.nodes().iter().enumerate() {
                    fits(text, node.extent).map_err(|why| format!("node {at}: {why}"))?;
                }
            }
            Err(error) => fits(text, error.extent).map_err(|why| format!("`{error}`: {why}"))?,
        }
    }
    Ok(())
}

/// That an extent lies in the text and cuts no character.
fn fits(text: &str, extent: Extent) -> Result<(), String> {
    let whole = extent.start <= extent.end && text.get(extent.start as usize..extent.end as usize).is_some();
    if whole { Ok(()) } else { Err(format!("{extent:?} does not fit")) }
}

#[test]
fn what_is_huge_is_refused_or_read_in_time() {
    let many = |text: &str, times: usize| text.repeat(times);
    for (name, text) in [
        ("brackets", many("(", 10_000) + "a" + &many(")", 10_000)),
        ("calls", many("abs(", 10_000) + "a" + &many(")", 10_000)),
        ("open brackets", many("(", 1_000_000)),
        ("a sum", many("a+", 100_000) + "a"),
        ("the longest sum", many("a+", 5_000) + "a"),
        ("the longest choice", many("a or ", 5_000) + "a"),
        ("the longest power", many("a^", 5_000) + "a"),
        ("the most signs", many("-", 5_000) + "a"),
        ("the most arguments", "label_join(a".to_owned() + &many(", \"b\"", 4_999) + ")"),
        ("the deepest brackets", many("-(a+", 250) + "a" + &many(")", 250)),
        ("offsets", "a".to_owned() + &many(" offset 0", 100_000)),
        ("a duration", "a[".to_owned() + &many("(", 100_000)),
        ("a long duration", "a[1".to_owned() + &many("+1", 100_000) + "]"),
        ("a pattern", "a{b=~\"".to_owned() + &many("(", 100_000) + "\"}"),
        ("a long pattern", "a{b=~\"".to_owned() + &many("a.", 50_000) + "\"}"),
        ("labels", "sum by (".to_owned() + &many("a,", 100_000) + ") (a)"),
        ("text", many("a", 2_000_000)),
        ("comments", many("#\n", 100_000) + "a"),
    ] {
        endures(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn mutations_do_no_harm() {
    let mut corpus: Vec<String> = rows().into_iter().map(|(_, row)| row).collect();
    corpus.extend(suite().unwrap_or_default().into_iter().map(|(_, expression)| expression));
    let corpus = &corpus;
    let pieces = [
        "(",
        ")",
        "[5m]",
        "{a=\"b\"}",
        "offset 5m",
        "@ 1",
        "-",
        "or",
        "on(a)",
        "bool",
        ",",
        "\"",
        "é",
        "#",
        "5",
        "x",
    ];
    let config = Config { cases: 20_000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let edits = proptest::collection::vec((any::<Index>(), any::<Index>(), 0..4_u8), 1..4);
    // The seed is fixed: a failure prints the text that shows it.
    let outcome = runner.run(&(any::<Index>(), edits), |(which, edits)| {
        let mut text: Vec<char> = which.get(corpus).chars().take(400).collect();
        for (at, piece, edit) in edits {
            let at = at.index(text.len() + 1);
            let piece = piece.get(&pieces).chars();
            match edit {
                0 if at < text.len() => drop(text.remove(at)),
                1 => text.truncate(at),
                2 if at < text.len() => text.rotate_left(at),
                _ => drop(text.splice(at..at, piece).collect::<String>()),
            }
        }
        let text: String = text.into_iter().collect();
        endures(&text).map_err(|why| TestCaseError::fail(format!("{text:?}: {why}")))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_endured(text in any::<String>()) {
        prop_assert_eq!(endures(&text), Ok(()));
    }

    #[test]
    fn marks_and_words_are_endured(words in proptest::collection::vec(word(), 0..20)) {
        prop_assert_eq!(endures(&words.concat()), Ok(()));
    }

    #[test]
    fn whatever_is_well_typed_is_read_and_reads_back(text in vector()) {
        let plan = parse(&text, Features::ALL).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(plan.value_type(), ValueType::Vector);
        prop_assert_eq!(endures(&text), Ok(()));
    }

    #[test]
    fn asking_for_more_labels_reads_back(text in vector()) {
        let plan = parse(&text, Features::ALL).unwrap().and(&[("cluster", "eu\"1"), ("größe", "")]);
        prop_assert_eq!(reads_back(&plan), Ok(()));
        for selector in plan.selectors() {
            let asked = selector.matchers.iter().filter(|matcher| matcher.op == MatchOp::Equal);
            prop_assert!(asked.filter(|matcher| matcher.label == "cluster").count() == 1);
        }
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        " ",
        "a",
        "sum",
        "by",
        "rate",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "5",
        "5m",
        "\"x\"",
        "=",
        "=~",
        "!~",
        "+",
        "-",
        "^",
        "==",
        "</",
        "and",
        "offset",
        "@",
        "on",
        "bool",
        "group_left",
        "fill",
        "step",
        "()",
        "anchored",
        "# c\n",
        "é",
    ])
}

/// A well-typed expression over instant vectors.
fn vector() -> impl Strategy<Value = String> {
    let label = || proptest::sample::select(vec!["a", "by", "\"größe\"", "on", "\"inf\""]);
    let name =
        proptest::sample::select(vec!["up", "a:b", "sum", "offset", "{\"x y\"}", "{a!=''}", "m{b=~'x.*'}"]);
    let leaf = (
        name,
        proptest::sample::select(vec!["", " offset 5m", " @ 3", " @ end() offset -step()", " smoothed"]),
    )
        .prop_map(|(name, suffix)| format!("{name}{suffix}"));
    let op = || {
        proptest::sample::select(vec![
            "+",
            "-",
            "*",
            "/",
            "%",
            "^",
            "atan2",
            "== bool",
            ">=",
            "and",
            "or",
            "unless",
            "</",
            "+ on(a)",
            "* on(a) group_left(b) ",
            "- ignoring(a, b) group_right ()",
            "+ fill(1)",
            "or on()",
        ])
    };
    leaf.prop_recursive(6, 60, 4, move |inner| {
        let scalar = prop_oneof![
            Just("1".to_owned()),
            Just("-0x1f".to_owned()),
            Just("NaN".to_owned()),
            Just("time()".to_owned()),
            inner.clone().prop_map(|of| format!("scalar({of})")),
        ];
        let window = proptest::sample::select(vec!["[5m:]", "[1h:5m]", "[5m+step():range()]"]);
        prop_oneof![
            (inner.clone(), op(), inner.clone()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
            (inner.clone(), scalar.clone()).prop_map(|(left, right)| format!("{left} ^ {right}")),
            inner.clone().prop_map(|of| format!("-{of}")),
            inner.clone().prop_map(|of| format!("+ {of}")),
            inner.clone().prop_map(|of| format!("({of})")),
            inner.clone().prop_map(|of| format!("abs({of})")),
            (inner.clone(), window).prop_map(|(of, window)| format!("max_over_time(({of}){window})")),
            (label(), inner.clone()).prop_map(|(label, of)| format!("sum by ({label}, c) ({of})")),
            (scalar.clone(), inner.clone(), label())
                .prop_map(|(k, of, label)| format!("topk({k}, {of}) without ({label})")),
            (inner.clone(), scalar.clone(), scalar)
                .prop_map(|(of, low, high)| format!("clamp({of}, {low}, {high})")),
            inner.prop_map(|of| format!("label_replace({of}, 'a', '$1', \"b\\xff\", `(.*)`)")),
        ]
    })
}
