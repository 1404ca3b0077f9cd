//! The demonstration: three releases, told as they go.

use std::thread;

use crate::process::{backstop, ended};

/// A scenario, how it ends, and what is told of it.
const ROWS: [(&str, i32, &[&str]); 3] = [
    (
        "bad-canary",
        0,
        &[
            "the canary goes bad",
            "worse than stable, with confidence 0.99 or more",
            "the canary is gone",
            "verified: ",
            "the gate looks whether things are well again",
            "the gate: things are well again",
            "roll back shop in production [take-back]",
            "What was done",
        ],
    ),
    (
        "healthy",
        10,
        &[
            "proved to be no worse than it may be",
            "the canary passes, and is left alone",
            "The verdict\n  pass",
        ],
    ),
    ("low-traffic", 20, &["its time is up", "The verdict\n  inconclusive"]),
];

#[test]
fn each_release_ends_as_it_should_and_is_told() {
    // Each takes some seconds of waiting, so they wait together.
    thread::scope(|scope| {
        for (scenario, code, says) in ROWS {
            scope.spawn(move || {
                let (text, error, got) =
                    ended(backstop().args(["demo", "--fast", "--keep", "--scenario", scenario]));
                assert_eq!(got, code, "{scenario}: {text}{error}");
                let mut rest = text.as_str();
                for words in says {
                    let Some(at) = rest.find(words) else {
                        panic!("{scenario}: {words:?} does not come where it should: {text}")
                    };
                    rest = &rest[at + words.len()..];
                }
                // Whether this is seen before or after the engine sees it is up to the two.
                assert_eq!(text.contains("the shop is well again: "), scenario == "bad-canary", "{text}");
                kept(scenario, &text);
            });
        }
    });
}

/// That the story ends with what `explain` says, and that what was kept can be replayed.
fn kept(scenario: &str, text: &str) {
    let folder = text.lines().find_map(|line| line.strip_prefix("Kept: ")).unwrap();
    let folder = folder.split(" (").next().unwrap();
    let ledger = format!("{folder}/backstop.db");
    let run = |args: &[&str]| ended(backstop().args(args).args(["--ledger", &ledger]));
    let (explained, error, code) = run(&["explain", "--last"]);
    assert_eq!(code, 0, "{scenario}: {error}");
    assert!(text.contains(&explained), "{scenario}: {explained} is not in {text}");
    for args in [&["replay", "--all"][..], &["ledger", "verify"]] {
        let (said, error, code) = run(args);
        assert_eq!(code, 0, "{scenario}: {args:?}: {said}{error}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}
