//! What goes wrong at one time: a shared cause is looked for before anything is taken back.

use backstop::decision::{Course, Held, Kind, Wish};
use backstop::ledger::Record;
use backstop::signal::Change;

use crate::bench::{Bench, Does, change, seconds, taken};

/// Who was rolled back.
fn undone(bench: &Bench) -> Vec<String> {
    let mut undone: Vec<String> = bench.intended();
    undone.retain(|intended| intended.starts_with("rollback"));
    undone.sort();
    undone
}

/// The rollbacks that were not done, each with its service and the words of what held it.
fn held(bench: &Bench) -> Vec<(String, Vec<&'static str>)> {
    let mut held: Vec<_> = bench
        .records
        .iter()
        .filter_map(|record| match record {
            Record::Decided { cell, case, ruling, .. } if ruling.course != Course::Act => {
                let Wish::Do { kind: Kind::Rollback, .. } = case.wish else { return None };
                let service = bench.engine.cell(*cell)?.change.target.service.clone();
                Some((service, ruling.spoke.iter().map(Held::word).collect()))
            }
            _ => None,
        })
        .collect();
    held.sort();
    held
}

const DEPENDS: (&str, &str) = ("select: { service: a } }", "select: { service: a }, depends_on: [b] }");
const DEPENDS_TOO: (&str, &str) = ("select: { service: c } }", "select: { service: c }, depends_on: [a] }");

/// All three go bad at one time.
fn all_bad(edits: &[(&str, &str)], order: [&str; 3]) -> Bench {
    let mut bench = Bench::new(edits);
    for service in order {
        bench = bench.does(service, 0, Does::Badly);
        bench.tell(change(service, "2", 0));
    }
    bench.run(700, &taken());
    bench
}

const ORDERS: [[&str; 3]; 3] = [["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]];

#[test]
fn what_the_others_depend_on_is_taken_back_and_they_are_not() {
    for order in ORDERS {
        let bench = all_bad(&[DEPENDS, DEPENDS_TOO], order);
        assert_eq!(undone(&bench), ["rollback b"], "{order:?}");
        let held = held(&bench);
        assert_eq!(held.len(), 2, "{held:?}");
        for (service, spoke) in held {
            assert!(["a", "c"].contains(&service.as_str()) && spoke == ["suspect"], "{service} {spoke:?}");
        }
    }
}

/// Each would be counted by the others before the first of them is taken back: which one fails first is luck.
#[test]
fn of_as_many_as_may_not_be_undone_at_once_none_is() {
    let most = |number: &'static str| ("changes_undone_at_once: 100", number);
    for order in ORDERS {
        let bench = all_bad(&[most("changes_undone_at_once: 2")], order);
        assert_eq!(undone(&bench), [""; 0], "{order:?}");
        assert_eq!(held(&bench).len(), 3);
        let bench = all_bad(&[most("changes_undone_at_once: 3")], order);
        assert_eq!(undone(&bench).len(), 3, "{order:?}");
    }
}

#[test]
fn of_a_part_of_the_services_no_more_is_undone_at_once() {
    let part = |text: &'static str| ("changes_undone_at_once: 100", text);
    for (text, count) in [
        ("changes_undone_at_once: 100, services_undone_at_once: 99%", 0),
        ("changes_undone_at_once: 100, services_undone_at_once: 100%", 3),
    ] {
        let bench = all_bad(&[part(text)], ORDERS[0]);
        assert_eq!(undone(&bench).len(), count, "{text}: {:?}", held(&bench));
    }
    // Of three services one may be, however small the part.
    let mut bench = Bench::new(&[part("changes_undone_at_once: 100, services_undone_at_once: 1%")]);
    bench = bench.does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(700, &taken());
    assert_eq!(undone(&bench), ["rollback a"]);
}

/// When the first rollback was decided.
fn decided_at(bench: &Bench) -> i64 {
    let decided = |record: &Record| match record {
        Record::Intended(intention) if intention.kind == Kind::Rollback => Some(seconds(intention.at)),
        _ => None,
    };
    bench.records.iter().find_map(decided).unwrap()
}

#[test]
fn one_that_is_bad_alone_is_not_kept_waiting() {
    let alone = |with: &[&str]| {
        let mut bench = Bench::new(&[DEPENDS]).does("a", 0, Does::Badly);
        bench.tell(change("a", "2", 0));
        for service in with {
            bench.tell(change(service, "2", 0));
        }
        bench.run(700, &taken());
        assert_eq!(undone(&bench), ["rollback a"]);
        decided_at(&bench)
    };
    assert_eq!(alone(&[]), alone(&["b", "c"]));
}

/// What was taken back comes again, by whoever: it is asked about, whatever the policy says.
#[test]
fn what_was_taken_back_is_not_taken_back_again() {
    let mut bench = Bench::new(&[]).does("a", 0, Does::Badly);
    bench.tell(change("a", "2", 0));
    bench.run(700, &taken());
    assert_eq!(undone(&bench), ["rollback a"]);
    let again = |id: &str| Change { id: backstop::signal::ChangeId(id.to_owned()), ..change("a", "2", 710) };
    bench.run(710, &taken());
    bench.tell(again("again"));
    bench.run(1_400, &taken());
    assert_eq!(undone(&bench), ["rollback a"]);
    assert_eq!(held(&bench), [("a".to_owned(), vec!["taken_back"])]);
}

/// What is known of trouble comes from where the gates stand, so a restart forgets none of it.
#[test]
fn a_restart_counts_the_same_as_being_undone() {
    let edits = [("changes_undone_at_once: 100", "changes_undone_at_once: 2")];
    for death in (60..200).step_by(7) {
        let mut bench = Bench::new(&edits);
        for service in ORDERS[0] {
            bench = bench.does(service, 0, Does::Badly);
            bench.tell(change(service, "2", 0));
        }
        bench.run(death, &taken());
        bench.restart(crate::bench::program(&edits));
        bench.run(700, &taken());
        assert_eq!(undone(&bench), [""; 0], "dead at {death} s");
    }
}

#[test]
fn an_action_is_as_sure_as_the_server_file_asks() {
    for (floor, count) in [("0.999999", 0), ("0.99", 1)] {
        let floors = format!("floors: {{ rollback: {floor} }}\nsettle: 30s");
        let mut bench = Bench::new(&[("settle: 30s", &floors), ("0.99, do: rollback", "0.98, do: rollback")]);
        bench = bench.does("a", 0, Does::SlightlyWorse);
        bench.tell(change("a", "2", 0));
        bench.run(700, &taken());
        assert_eq!(undone(&bench).len(), count, "{floor}: {:?}", bench.decided());
        let spoke = held(&bench).iter().any(|(_, spoke)| spoke == &["below_floor"]);
        assert!(spoke, "it is reached at 0.98 first: {:?}", held(&bench));
    }
}
