//! The traps in the queries and scripts that backstop takes the place of, each with what holds that it does not fall in.

use std::fs;
use std::path::Path;

/// What holds something.
enum Held {
    /// A story, by its name, and words that it has to come to.
    Story(&'static str, &'static str),
    /// A test, by its file and its name.
    Test(&'static str, &'static str),
    /// A file that is shipped, and what it says.
    Says(&'static str, &'static str),
}

use Held::{Says, Story, Test};

const TRAPS: [(&str, &[Held]); 12] = [
    (
        "1: the windows are right only while the clock is in one half hour after the deployment",
        &[
            Story("a-judge-that-comes-late-compares-the-same-times", "before  2,880 of 1,440,000"),
            Story("without-traffic-a-gate-never-begins", "no look was taken"),
        ],
    ),
    (
        "2: no error before makes the whole empty, or any error infinite",
        &[
            Story(
                "the-first-errors-after-clean-hours-are-found",
                "ratio   not to be had, as the old side had none",
            ),
            Story("one-error-after-clean-hours-proves-nothing", "next to nothing speaks against it"),
            Story("a-missing-series-is-zero-where-it-was-seen-lately", "stable  0 of 180,000"),
            Story("a-missing-series-is-unknown-unless-said-otherwise", "nothing says that this means none"),
        ],
    ),
    (
        "3: silence is no number, and a comparison with it takes back a release that nobody uses",
        &[
            Story("without-traffic-a-gate-never-begins", "there never was any traffic"),
            Story("nothing-beside-the-canary-proves-nothing", "the old side of check errors had no traffic"),
            Story("a-counter-that-is-no-number-is-not-health", "is no counter"),
            Test("tests/trial/law.rs", "silence_is_neither_a_pass_nor_a_failure"),
        ],
    ),
    (
        "4: a canary without any error has no series of errors",
        &[Story("a-missing-series-is-zero-where-the-other-track-has-it", "pass, proved")],
    ),
    (
        "5: a slowest hundredth of no time passes whatever is held against it",
        &[Story("a-quantile-of-nothing-proves-nothing", "neither harm nor its absence is proved")],
    ),
    (
        "6: above the last bound of a histogram every time is alike",
        &[
            Story("a-quantile-above-all-buckets-proves-nothing", "no bucket at 0.6 or beyond; add one"),
            Story("buckets-that-end-too-soon-prove-nothing", "no bucket at 0.6 or beyond; add one"),
        ],
    ),
    (
        "7: the first value of a counter that began after the deployment is lost",
        &[
            Story("the-first-sample-of-a-series-counts", "canary  80 of"),
            Test("src/store/sight/tests.rs", "what_began_counts_in_full"),
        ],
    ),
    (
        "8: a time is called one of milliseconds, and the histogram is of seconds",
        &[
            Says("tests/data/check/unclear-unit.txt", "unit"),
            Test("src/gate/bucket_unit.rs", "names_say_their_unit_or_nothing"),
        ],
    ),
    (
        "9: a hundred requests are asked for in words alone",
        &[
            Test("tests/trial/verdict.rs", "a_verdict_has_its_reason"),
            Says("tests/trial/verdict.rs", "\"too few to say anything\""),
            Says("rules/seed-b.yaml", "at_least: 100 requests"),
        ],
    ),
    (
        "10: the names of metrics differ, and are none of those that are usual today",
        &[
            Says("rules/seed-a.yaml", "http_server_request_count_total"),
            Says("rules/seed-b.yaml", "http_server_request_errors_total"),
            Says("rules/otel-http.yaml", "http_server_request_duration_seconds"),
            Says("rules/otel-http.yaml", "http_response_status_code"),
            Test("tests/rules.rs", "nothing_is_found_in_any_file"),
        ],
    ),
    (
        "11: an environment has one of two keys",
        &[
            Story(
                "an-environment-under-its-other-key-is-no-health",
                "its series carry other labels than the rules say",
            ),
            Story("another-environment-is-not-judged-with-it", "pass, proved"),
            Says("tests/data/language/server.txt", "also finds the series of shop in staging"),
        ],
    ),
    (
        "12: a histogram without a unit in its name is one of its own",
        &[
            Says("rules/seed-b.yaml", "slow: { of: http_server_request_duration, buckets: classic }"),
            Test("tests/rules.rs", "each_query_of_the_documents_stands_in_a_rule"),
        ],
    ),
];

#[test]
fn each_trap_is_held_by_something_that_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
    for (number, (trap, held)) in (1..).zip(&TRAPS) {
        assert!(trap.starts_with(&format!("{number}: ")), "{trap}");
        assert!(!held.is_empty(), "{trap}");
        for held in *held {
            match held {
                Story(name, words) => {
                    let story = read(&format!("tests/data/stories/{name}.story"));
                    let (_, came) = story
                        .split_once("-- expected --")
                        .unwrap_or_else(|| panic!("{trap}: no story {name}"));
                    assert!(came.contains(words), "{trap}: {name} does not come to `{words}`\n{came}");
                }
                Test(path, name) => {
                    assert!(read(path).contains(&format!("fn {name}(")), "{trap}: no test {name} in {path}");
                }
                Says(path, words) => {
                    assert!(read(path).contains(words), "{trap}: {path} does not say `{words}`");
                }
            }
        }
    }
}
