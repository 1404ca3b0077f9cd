//! Declaring: thresholds for changes of a declared risk or intent move only where the rule says so, and it is told why.

use backstop::engine::Event;
use backstop::gate::{Bound, ChangeTrait, CheckTerms, Design, Proof};
use backstop::ledger::{Record, rationale, replay};
use backstop::signal::{Change, ChangeKind};

use crate::bench::{Bench, Does, change, program, taken};
use crate::replaying::episode;

type Edits = &'static [(&'static str, &'static str)];

/// A release that fails twice as often fails on these terms, unless it was declared to be less of a matter.
const LAX: Edits = &[(
    "        passes_when: ratio < 2\n",
    "        passes_when: ratio < 2
        for_changes:
          - { intent: schema-change, fails_when: ratio > 8 }
          - { risk: low, fails_when: ratio > 16, passes_when: not_contradicted }
",
)];

/// A release that fails twice as often does not fail on these, unless it was declared to be risky.
const STRICT: Edits = &[(
    "        fails_when: ratio > 1.25 and difference > 0.05pp\n        passes_when: ratio < 2\n",
    "        fails_when: ratio > 4\n        passes_when: ratio < 8
        for_changes: [ { risk: high, fails_when: ratio > 1.25 and difference > 0.05pp } ]\n",
)];

/// A change that was declared to be of this risk and intent.
fn declared(risk: Option<&str>, intent: Option<&str>) -> Change {
    Change { risk: risk.map(str::to_owned), intent: intent.map(str::to_owned), ..change("a", "2", 0) }
}

/// The same counts, whatever was declared.
fn released(edits: Edits, change: Change) -> Bench {
    let mut bench = Bench::new(edits).does("a", 0, Does::Worse);
    bench.tell(change);
    bench.run(1_200, &taken());
    bench
}

/// The terms that were written down.
fn terms(bench: &Bench) -> CheckTerms {
    let opened = |record: &Record| match record {
        Record::Opened { terms, .. } => Some(terms.checks[0].clone()),
        _ => None,
    };
    bench.records.iter().find_map(opened).unwrap()
}

/// How the last decision is explained, after it was made again.
fn explained(bench: &Bench) -> String {
    let id = bench.ids().last().copied().unwrap();
    let episode = episode(bench, id.cell);
    assert!(replay(&episode, id).is_ok(), "{:?}", replay(&episode, id));
    rationale(&episode, id).unwrap()
}

fn is_taken_back(bench: &Bench) -> bool {
    bench.decided().iter().any(|it| it == "act: rollback")
}

fn risk(word: &str) -> ChangeTrait {
    ChangeTrait::Risk(word.to_owned())
}

fn intent(word: &str) -> ChangeTrait {
    ChangeTrait::Intent(word.to_owned())
}

#[test]
fn the_same_counts_lead_elsewhere_where_the_rule_says_so() {
    for (edits, change, because, fails, taken_back) in [
        (LAX, declared(None, None), None, "ratio > 1.25 and difference > 0.05pp", true),
        (LAX, declared(None, Some("schema-change")), Some(intent("schema-change")), "ratio > 8", false),
        (LAX, declared(Some("low"), None), Some(risk("low")), "ratio > 16", false),
        // Both fit: the entry that was written first counts.
        (
            LAX,
            declared(Some("low"), Some("schema-change")),
            Some(intent("schema-change")),
            "ratio > 8",
            false,
        ),
        // Nobody wrote a threshold for these.
        (
            LAX,
            declared(Some("high"), Some("refactoring")),
            None,
            "ratio > 1.25 and difference > 0.05pp",
            true,
        ),
        (
            LAX,
            declared(Some("schema-change"), Some("low")),
            None,
            "ratio > 1.25 and difference > 0.05pp",
            true,
        ),
        (LAX, declared(Some("Low"), None), None, "ratio > 1.25 and difference > 0.05pp", true),
        (
            &[],
            declared(Some("low"), Some("schema-change")),
            None,
            "ratio > 1.25 and difference > 0.05pp",
            true,
        ),
        (STRICT, declared(None, None), None, "ratio > 4", false),
        (
            STRICT,
            declared(Some("high"), None),
            Some(risk("high")),
            "ratio > 1.25 and difference > 0.05pp",
            true,
        ),
    ] {
        let what = format!("{edits:?}, {:?} and {:?}", change.risk, change.intent);
        let bench = released(edits, change);
        assert_eq!(terms(&bench).because, because, "{what}");
        assert_eq!(is_taken_back(&bench), taken_back, "{what}: {:?}", bench.decided());
        let text = explained(&bench);
        assert!(
            text.contains(&format!("  check errors: fails when {fails}; passes when ")),
            "{what}: {text}"
        );
        let told = match &because {
            Some(ChangeTrait::Risk(risk)) => {
                format!("thresholds for changes told with expected risk `{risk}`\n")
            }
            Some(ChangeTrait::Intent(intent)) => {
                format!("thresholds for changes told with intent `{intent}`\n")
            }
            None => "\n".to_owned(),
        };
        assert!(text.contains(&told), "{what}: {text}");
        assert_eq!(text.contains("the rule's thresholds for"), because.is_some(), "{what}: {text}");
    }
}

/// An entry that gives one threshold leaves the other as it is.
#[test]
fn what_an_entry_does_not_say_stays() {
    let of = |risk, intent| terms(&released(LAX, declared(risk, intent)));
    let schema = of(None, Some("schema-change"));
    assert_eq!(
        (schema.fails, schema.passes),
        (vec![Bound::Ratio(8.0)], Proof::Within(vec![Bound::Ratio(2.0)]))
    );
    let low = of(Some("low"), None);
    assert_eq!((low.fails, low.passes), (vec![Bound::Ratio(16.0)], Proof::NotContradicted));
}

/// The word is of the change, and so of whoever told of it.
#[test]
fn no_declared_word_moves_a_cursor() {
    const ODD: Edits = &[(
        "        passes_when: ratio < 2\n",
        "        passes_when: ratio < 2\n        for_changes: [ { risk: \"\\e[31mhigh\", fails_when: ratio > 8 } ]\n",
    )];
    let text = explained(&released(ODD, declared(Some("\u{1b}[31mhigh"), None)));
    assert!(text.contains("told with expected risk `\\u{1b}[31mhigh`"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

/// Whatever the rules say by then, a gate that has begun stays with the terms that it began with.
#[test]
fn a_restart_keeps_the_terms_that_were_written_down() {
    const RISKY: Edits =
        &[STRICT[0], ("risk: high, fails_when: ratio > 1.25 and", "risk: medium, fails_when: ratio > 3 and")];
    for after in [STRICT, RISKY] {
        let whole = released(STRICT, declared(Some("high"), None));
        let mut cut = Bench::new(STRICT).does("a", 0, Does::Worse);
        cut.tell(declared(Some("high"), None));
        cut.run(200, &taken());
        assert!(!is_taken_back(&cut) && cut.engine.cells().any(|cell| cell.began().is_some()));
        cut.write_all();
        cut.restart(program(after));
        cut.run(1_200, &taken());
        assert_eq!(cut.lasting(), whole.lasting());
        assert_eq!(terms(&cut).because, Some(risk("high")));
        assert!(is_taken_back(&cut));
    }
}

/// Told again with another risk, it is the change that is known: what was declared cannot be changed after looking.
#[test]
fn a_change_told_again_moves_nothing() {
    let mut bench = Bench::new(LAX).does("a", 0, Does::Worse);
    bench.tell(declared(None, None));
    bench.run(100, &taken());
    bench.happen(Event::Changed(Box::new(declared(Some("low"), None))));
    bench.run(1_200, &taken());
    assert!(is_taken_back(&bench));
    assert_eq!(terms(&bench).because, None);
}

/// After a baseline that is short of a day the terms themselves leave room for the time of day, and after one of less
/// than four hours for bursts that it did not show. So it is these that are written down, shown and judged again.
#[test]
fn terms_leave_room_for_what_a_baseline_does_not_hold() {
    let ratio =
        |fails: f64, passes: f64| (vec![Bound::Ratio(fails)], Proof::Within(vec![Bound::Ratio(passes)]));
    for (baseline, design, (fails, passes)) in [
        ("1h", Design::AfterShort, ratio(1.25, 1.6)),
        ("4h", Design::AfterBefore, ratio(1.25, 1.6)),
        ("24h", Design::AfterBefore, ratio(1.1, 2.0)),
    ] {
        let compare = format!("compare: {{ after: before, baseline: {baseline} }}");
        let deployment = Change { kind: ChangeKind::Deployment, ..change("a", "2", 0) };
        let mut bench = Bench::new(&[
            ("upon: canary", "upon: deployment"),
            ("tracks: { label: track, canary: canary, stable: stable }", &compare),
            (", absent_bad: zero_if_on_other_track", ""),
            ("    then:\n", "    then:\n      may_undo_on: [before_after]\n"),
            ("ratio > 1.25 and difference > 0.05pp", "ratio > 1.1"),
        ])
        .does("a", 0, Does::Well);
        bench.tell(deployment);
        bench.run(600, &taken());
        let terms = bench.records.iter().find_map(|record| match record {
            Record::Opened { terms, .. } => Some(terms.clone()),
            _ => None,
        });
        let terms = terms.unwrap();
        assert_eq!(terms.design, design, "{baseline}");
        assert_eq!((&terms.checks[0].fails, &terms.checks[0].passes), (&fails, &passes), "{baseline}");
    }
}
