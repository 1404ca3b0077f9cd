//! Thresholds that are broken: they prove nothing, so by themselves they take nothing back.

use backstop::decision::{Course, Held, Occasion, Weak, Wish};
use backstop::engine::{Ask, Effect, Engine, Event};
use backstop::gate::{Counted, Found, Opening, Tally};
use backstop::ledger::Record;
use backstop::signal::Change;

use crate::bench::{at, change, program};

const CHECK: &str = "passes_when: ratio < 2
";
const BURN: &str = "passes_when: ratio < 2
      - { check: burn, expr: burn, fails_when: value > 14.4, passes_when: value < 1, looks: 2 of 3 }
";
const LADDER: &str = "[ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]";

/// What starts anew what runs.
const ANEW_IS_KNOWN: (&str, &str) = (
    "  - { action: promote, approval: none",
    "  - { action: anew, restart: target, approval: none, owner: team, runbook: https://example.com }
  - { action: promote, approval: none",
);
const MAY_RESTART: (&str, &str) =
    ("actions: [rollback, pause, promote, notify]", "actions: [rollback, pause, promote, restart, notify]");

/// What is decided first where a threshold is broken from the first look on, while nothing is proved.
fn decided(edits: &[(&str, &str)], change: Change) -> (Occasion, Wish, Course, Vec<Held>) {
    let edits: Vec<_> = [(CHECK, BURN)].into_iter().chain(edits.iter().copied()).collect();
    let mut engine = Engine::new(program(&edits));
    let well = Counted { new: Tally { events: 1, of: 1_000 }, old: vec![Tally { events: 2, of: 2_000 }; 2] };
    let mut events = vec![Event::Changed(Box::new(change))];
    for second in 0..600 {
        while let Some(event) = events.pop() {
            for effect in engine.step(event, at(second)) {
                match effect {
                    Effect::Ask(Ask::Traffic { cell, window }) => {
                        events.push(Event::Traffic { cell, to: window.to, seen: true });
                    }
                    Effect::Ask(Ask::Opening { cell, .. }) => {
                        events.push(Event::Opening { cell, opening: Opening::default() });
                    }
                    Effect::Ask(Ask::Count { cell, at, .. }) => {
                        let found = vec![Found::from(well.clone()), Found::Value(20.0)];
                        events.push(Event::Counted { cell, at, found });
                    }
                    Effect::Write(_, Record::Decided { occasion, case, ruling, .. }) => {
                        return (occasion, case.wish, ruling.course, ruling.spoke);
                    }
                    _ => {}
                }
            }
        }
        events.push(Event::Tick);
    }
    unreachable!("nothing was decided in ten minutes");
}

#[test]
fn a_broken_threshold_goes_as_far_as_nothing_is_taken_back() {
    const ANEW: &str = "[ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.97, do: anew } ]";
    let undoing = "[ { confidence: 0.99, do: rollback } ]";
    let weak = || vec![Held::WeakEvidence(Weak::Expr)];
    let first = || Change { previous: None, ..change("a", "2", 0) };
    for (title, ladder, change, expected) in [
        ("the highest rung that takes nothing back", LADDER, change("a", "2", 0), ("pause", Course::Act, vec![])),
        ("only rungs that do", undoing, change("a", "2", 0), ("rollback", Course::Ask, weak())),
        (
            "only such rungs, and the policy says so",
            "[ { confidence: 0.99, do: rollback } ]
      may_undo_on: expr",
            change("a", "2", 0),
            ("rollback", Course::Act, vec![]),
        ),
        (
            "the highest of all, where the policy says so",
            "[ { confidence: 0.80, do: notify }, { confidence: 0.95, do: pause }, { confidence: 0.99, do: rollback } ]
      may_undo_on: expr",
            change("a", "2", 0),
            ("rollback", Course::Act, vec![]),
        ),
        ("a person is milder than a rollback", "[ { confidence: 0.80, do: notify }, { confidence: 0.95, do: ask }, { confidence: 0.99, do: rollback } ]", change("a", "2", 0), ("a person", Course::Ask, vec![])),
        ("a restart touches what serves", ANEW, change("a", "2", 0), ("pause", Course::Act, vec![])),
        ("what was never there before", LADDER, first(), ("pause", Course::Act, vec![])),
    ] {
        let (occasion, wish, course, spoke) = decided(&[(LADDER, ladder), ANEW_IS_KNOWN, MAY_RESTART], change);
        let wish = match wish {
            Wish::Do { action, .. } => action.to_string(),
            Wish::Ask => "a person".to_owned(),
            Wish::Nothing => "nothing".to_owned(),
        };
        assert_eq!(occasion, Occasion::Breach, "{title}");
        assert_eq!((wish.as_str(), course, spoke), expected, "{title}");
    }
}

/// On a first release the policy has a word of its own for whatever fails.
#[test]
fn a_broken_threshold_on_a_first_release_is_that() {
    let edit = (
        "inconclusive: { after: 8m, do: notify }
",
        "inconclusive: { after: 8m, do: notify }
    first_release: notify
",
    );
    let first = Change { previous: None, ..change("a", "2", 0) };
    let (occasion, wish, course, _) = decided(&[edit], first);
    assert_eq!((occasion, course), (Occasion::FirstRelease, Course::Act));
    assert!(matches!(wish, Wish::Do { action, .. } if action.as_str() == "notify"));
}
