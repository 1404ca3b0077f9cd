use super::*;

/// What failed in a script, and how.
fn failed(text: &str) -> Vec<(usize, String, String)> {
    let outcome = Script::read(text).unwrap().run();
    let told = |failure: Failure| (failure.line, failure.what.expected, failure.what.got);
    outcome.failed.into_iter().map(told).collect()
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    for (text, line, why) in [
        ("\n# a comment\nlaod 1m\n", 3, "`laod` is no command"),
        ("load 1x\n", 1, "`1x` is not a duration"),
        ("load_later 1m\n", 1, "`load_later` is no command"),
        ("load 1m\n  x{a=1} 2\n", 2, "`1` means nothing within the braces of a selector"),
        ("load 1m\n  x{a=\"1\" b=\"2\"} 2\n", 2, "a comma or a closing brace is missing"),
        ("load 1m\n  x{a=\"1\", a=\"2\"} 2\n", 2, "label `a` is given twice"),
        ("load 1m\n  5 2\n", 2, "it begins with neither a name nor a brace"),
        ("load 1m\n  x 1 2 three\n", 2, "`three` is no sample"),
        ("load 1m\n  x {{schema:9}}\n", 2, "`{{schema:9}}` is no histogram"),
        ("load 1m\n  x@st -1m\n  y 1\n", 3, "the start times of `x` belong to a series in the line below"),
        ("load 1m\n  x@st -1m -1m\n  x 1\n", 3, "with as many values"),
        ("load 1m\n  x@st -1m\n", 2, "the start times of `x` belong"),
        ("load 1m\n  x@st soon\n  x 1\n", 2, "`soon` is no start time"),
        ("eval instant 5m x\n", 1, "says not when to evaluate"),
        ("eval instant at 5m\n", 1, "says not when to evaluate"),
        ("eval range from 0 to 5m x\n", 1, "says not when to evaluate"),
        ("eval range from 5m to 0 step 1m x\n", 1, "the range ends at 0, before it begins at 5m"),
        ("eval range from 0 to 5m step 0 x\n", 1, "steps no time apart are one"),
        ("eval instant at -5m x\n", 1, "`-5m` is not a duration"),
        ("eval_ordered range from 0 to 5m step 1m x\n", 1, "`eval_ordered` is no command"),
        ("eval instant at 0 x +\n", 1, "`x +` is no expression"),
        ("eval instant at 0 x\n  x 1 2\n", 2, "a series has one value at a moment, and this one has 2"),
        ("eval range from 0 to 1m step 1m x\n  x 1 2 3\n", 2, "has 3 values, but there are only 2 steps"),
        ("eval instant at 0 x\n  expect wonders\n", 2, "`expect wonders` expects nothing"),
        ("eval instant at 0 x\n  expect warn text: no\n", 2, "expects nothing"),
        ("eval instant at 0 x\n  expect warn\n  expect no_warn\n", 3, "`no_warn` cannot be expected beside"),
        ("eval instant at 0 x\n  expect fail\n  expect fail\n", 3, "`fail` cannot be expected beside"),
        ("eval instant at 0 x\n  expect info regex: (\n", 2, "`(` is no regular expression"),
        ("eval instant at 0 x\n  expect string x\n", 2, "`x` is no quoted text"),
        ("eval instant at 0 x\n  expect range vector from 0 to 1m\n", 2, "expects nothing"),
    ] {
        let error = Script::read(text).unwrap_err();
        assert_eq!(error.line, line, "{text}: {error}");
        assert!(error.to_string().contains(why), "{text}: {error}");
    }
}

const LOAD: &str =
    "load 1m\n  x{a=\"1\"} 1+1x9\n  x{a=\"2\"} 2+2x9\n  h {{schema:0 count:3 sum:5 buckets:[1 2]}}\n\n";

#[test]
fn what_is_worth_something_else_is_told() {
    for (case, expected, got) in [
        ("eval instant at 1m x{a=\"1\"}\n  x{a=\"1\"} 2.1\n", "x{a=\"1\"} 2.1", "x{a=\"1\"} 2"),
        ("eval instant at 1m x\n  x{a=\"1\"} 2\n", "nothing", "x{a=\"2\"} 4"),
        ("eval instant at 1m x{a=\"1\"}\n  x{a=\"1\"} 2\n  x{a=\"3\"} 2\n", "x{a=\"3\"} 2", "nothing"),
        ("eval instant at 1m 1\n  2\n", "2", "1"),
        ("eval instant at 1m 1\n  {} 1\n", "{} 1", "1"),
        ("eval instant at 1m \"a\"\n  expect string \"b\"\n", "\"b\"", "\"a\""),
        (
            "eval range from 1m to 3m step 1m x{a=\"1\"}\n  x{a=\"1\"} 2 _ 4\n",
            "x{a=\"1\"} 2 _ 4",
            "x{a=\"1\"} 2 3 4",
        ),
        ("eval range from 9m to 20m step 1m x{a=\"1\"} > 99\n  x 1\n", "x 1", "nothing"),
        ("eval instant at 1m vector(1)\n  expect fail\n", "error: any", "{} 1"),
        ("eval instant at 1m x + on () x\n", "nothing", "error: found duplicate series"),
        (
            "eval instant at 1m x + on () x\n  expect fail msg: none\n",
            "error: none",
            "error: found duplicate series",
        ),
        (
            "eval instant at 1m quantile(2, x)\n  expect no_warn\n  {} +Inf\n",
            "no annotations",
            "PromQL warning: ",
        ),
        ("eval instant at 1m vector(1)\n  expect warn\n  {} 1\n", "annotations: any", "nothing"),
        ("eval_warn instant at 1m vector(1)\n  {} 1\n", "annotations: nothing", "nothing"),
        (
            "eval instant at 1m quantile(2, x)\n  expect warn msg: other\n  {} +Inf\n",
            "annotations: other",
            "PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)",
        ),
        (
            "eval instant at 1m sort_desc(x)\n  expect ordered\n  x{a=\"1\"} 2\n  x{a=\"2\"} 4\n",
            "x{a=\"1\"} 2\nx{a=\"2\"} 4",
            "x{a=\"1\"} 2\nx{a=\"2\"} 4",
        ),
        (
            "eval instant at 1m h\n  h {{schema:0 count:3 sum:5 buckets:[2 1]}}\n",
            "h {{count:3 sum:5 buckets:[2 1]}}",
            "h {{count:3 sum:5 buckets:[1 2]}}",
        ),
        (
            "eval instant at 1m h\n  h {{schema:0 count:3 sum:5 buckets:[1 2] counter_reset_hint:gauge}}\n",
            "counter_reset_hint:gauge",
            "h {{count:3 sum:5 buckets:[1 2]}}",
        ),
        (
            "eval instant at 1m x{a=\"1\"}[1m]\n  expect range vector from 0 to 1m step 1m\n  x{a=\"1\"} 1 2\n",
            "x{a=\"1\"} 1 2",
            "x{a=\"1\"} _ 2",
        ),
    ] {
        let failed = failed(&format!("{LOAD}{case}"));
        assert_eq!(failed.len(), 1, "{case}: {failed:?}");
        let (line, wanted, found) = &failed[0];
        assert_eq!(*line, 6, "{case}");
        assert!(wanted.contains(expected), "{case}: expected {wanted}");
        assert!(found.contains(got), "{case}: got {found}");
    }
}

#[test]
fn what_is_as_it_says_passes() {
    let text = format!(
        "{LOAD}eval instant at 1m x\n  x{{a=\"2\"}} 4.0000001\n  x{{a=\"1\"}} 2\n\n\
         eval_fail instant at 1m x + on () x\n  expected_fail_regexp duplicate .* series\n\
         eval_ordered instant at 1m sort_desc(x)\n  x{{a=\"2\"}} 4\n  x{{a=\"1\"}} 2\n\n\
         eval instant at 1m 0x10\n  0x10\nclear\n\
         eval instant at 1m x\n\n\
         eval instant at 1m `a`\n  expect string \"a\"\n"
    );
    let script = Script::read(&text.replace("duplicate .* series", "duplicate .*series")).unwrap();
    let outcome = script.run();
    assert_eq!((script.cases(), outcome.passed, outcome.failed), (6, 6, Vec::new()));
}

#[test]
fn what_cannot_be_loaded_is_told() {
    let later = failed("load 1m\n  x _ 1\n\nload 1m\n  x 1\n");
    assert_eq!(later.len(), 1);
    assert_eq!((later[0].0, later[0].1.as_str()), (4, "series that can be loaded"));
    assert!(later[0].2.starts_with("1 samples refused"), "{later:?}");
    let falling = failed("load_with_nhcb 1m\n  b_bucket{le=\"1\"} 2\n  b_bucket{le=\"+Inf\"} 1\n");
    assert!(falling[0].2.contains("buckets count all below them"), "{falling:?}");
}

#[test]
fn a_moment_is_put_in_every_way() {
    // Only at the moment itself is it worth that, not where it looks from there at another time.
    let failures =
        Script::read("load 1m\n  x 1 2 3\n\neval instant at 1m x + time() * 0\n  {} 2\n").unwrap().run();
    assert_eq!((failures.passed, failures.failed.len()), (1, 0));
    let plan = crate::promql::parse("x + y[5m:1m] @ 3 + sum_over_time(z[1m:])", crate::promql::Features::ALL);
    assert!(plan.is_err(), "a window is no number");
    let parsed = |text: &str| crate::promql::parse(text, crate::promql::Features::ALL).unwrap();
    for (text, fixed) in [
        ("x + y offset 1m", Some("x @ 60 + y @ 60 offset 1m")),
        ("rate(x[5m])", Some("rate(x[5m] @ 60)")),
        ("x @ 3", Some("x @ 3")),
        ("max_over_time(x[5m:1m])", Some("max_over_time(x[5m:1m] @ 60)")),
        ("max_over_time(vector(time())[5m:1m])", Some("max_over_time(vector(time())[5m:1m] @ 60)")),
        ("x + time()", None),
        ("timestamp(x)", None),
    ] {
        let got = parsed(text).looking_from(crate::unit::UnixMillis::new(60_000));
        assert_eq!(got, fixed.map(parsed), "{text}");
    }
}
