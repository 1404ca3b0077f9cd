//! Changes that cannot be undone: a person is asked before anything goes back past one.

use backstop::decision::{Held, StepName};
use backstop::engine::Event;
use backstop::ledger::Record;
use backstop::signal::{Change, ChangeId, ChangeKind};

use crate::bench::{Bench, Does, at, change, taken};
use crate::objects;

fn irreversible(change: Change) -> Change {
    Change { irreversible: true, ..change }
}

/// Which change each decision was held back for, if it was.
fn held_for(bench: &Bench) -> Vec<String> {
    let spoke = |record: &Record| match record {
        Record::Decided { ruling, .. } => Some(ruling.spoke.clone()),
        _ => None,
    };
    let held = |held: Held| if let Held::Irreversible(it) = held { Some(it.change.0) } else { None };
    bench.records.iter().filter_map(spoke).flatten().filter_map(held).collect()
}

#[test]
fn an_irreversible_change_asks() {
    let canary = |version: &str, seconds| change("a", version, seconds);
    let told = |id: &str, change: Change| Change { id: ChangeId(id.to_owned()), ..change };
    let config = |id: &str, seconds| Change { kind: ChangeKind::Config, ..told(id, canary("c", seconds)) };
    let others = |change: Change| Change { target: crate::bench::target("b"), ..change };
    let cut_short = [("ends: { after: 10m", "ends: { early: never, after: 10m")];
    for (what, before, judged, after, held) in [
        ("one that can be undone", vec![], canary("2", 0), None, None),
        ("one that cannot", vec![], irreversible(canary("2", 0)), None, Some("a-2")),
        (
            "the canary of the same version could not",
            vec![irreversible(told("first", canary("2", -600)))],
            canary("2", 0),
            None,
            Some("first"),
        ),
        (
            "that, with something else in between",
            vec![irreversible(told("first", canary("2", -600))), config("between", -300)],
            canary("2", 0),
            None,
            Some("first"),
        ),
        (
            "what was migrated for it",
            vec![canary("1", -600), irreversible(config("before", -300))],
            canary("2", 0),
            None,
            Some("before"),
        ),
        (
            "what was migrated after it",
            vec![],
            canary("2", 0),
            Some(irreversible(config("after", 20))),
            Some("after"),
        ),
        (
            "the version that it goes back to could not be undone",
            vec![irreversible(told("first", canary("1", -600)))],
            canary("2", 0),
            None,
            None,
        ),
        (
            "what was migrated before that",
            vec![irreversible(config("before", -900)), canary("1", -600)],
            canary("2", 0),
            None,
            None,
        ),
        (
            "another target's",
            vec![irreversible(others(told("first", canary("2", -600))))],
            canary("2", 0),
            None,
            None,
        ),
    ] {
        let mut bench = Bench::new(&cut_short).does("a", 0, Does::Badly);
        before.into_iter().chain([judged]).chain(after).for_each(|change| bench.tell(change));
        bench.run(600, &taken());
        assert_eq!(held_for(&bench).first().map(String::as_str), held, "{what}: {:?}", bench.decided());
        let undone = bench.intended().iter().any(|told| told.contains("rollback"));
        assert_eq!(undone, held.is_none(), "{what}: {:?}", bench.intended());
    }
}

#[test]
fn an_undo_past_an_irreversible_change_asks() {
    let between = Change { id: ChangeId("between".to_owned()), ..change("a", "1.5", -600) };
    let config = Change { kind: ChangeKind::Config, ..between.clone() };
    for (what, between, held) in [
        ("a release in between that can be undone", between.clone(), false),
        ("one that cannot", irreversible(between), true),
        ("a configuration in between that cannot", irreversible(config), true),
    ] {
        let mut bench = Bench::new(&objects::EDITS).does("a", 0, Does::Badly);
        bench.tell(Change { previous: None, ..change("a", "1", -900) });
        bench.tell(between);
        bench.tell(change("a", "2", 0));
        while bench.world.surveys.is_empty() {
            assert!(bench.now < at(600), "nobody looked: {:?}", bench.decided());
            objects::tick(&mut bench);
        }
        let (key, _) = bench.world.surveys.remove(0);
        // It would go back to version 1.
        let sight = objects::sight(&[StepName::Undo], Vec::new());
        bench.happen(Event::Surveyed { key: key.clone(), sight });
        assert_eq!(!held_for(&bench).is_empty(), held, "{what}: {:?}", bench.decided());
        assert_eq!(bench.world.sent.is_empty(), held, "{what}");
    }
}
