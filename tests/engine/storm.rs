//! Ten thousand canaries go bad at one moment: what is done keeps to its budget, every verdict is decided on, and of each
//! that is held back it is known by what, and until when.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use backstop::decision::{Course, Held, Kind};
use backstop::ledger::Record;

use crate::bench::{Bench, Does, change, taken};

/// How many services there are.
const SERVICES: usize = 10_000;

/// How many of them one dependency hurts. That what each depends on is looked up for each of the others took minutes for so
/// many.
const HURT: usize = 3_000;

/// How many actions of each kind there may be.
const BUDGET: usize = 5;

const LAST: &str = "  - { service: c, environment: production, select: { service: c } }\n";

#[test]
fn ten_thousand_failing_verdicts_keep_to_their_budgets_and_each_is_explained() {
    let mut targets = LAST.to_owned();
    let names: Vec<String> = (0..SERVICES).map(|number| format!("s{number}")).collect();
    for name in &names {
        let _infallible = writeln!(
            targets,
            "  - {{ service: {name}, environment: production, select: {{ service: {name} }} }}"
        );
    }
    let mut bench = Bench::new(&[
        (LAST, &targets),
        ("everywhere: 100/h, per_service: 100/h", "everywhere: 5/h, per_service: 5/h"),
        ("per_service: 9/h", "per_service: 5/h"),
        // Else none is undone at all, since so many at once have one cause.
        ("changes_undone_at_once: 100", "changes_undone_at_once: 100000"),
    ]);
    for name in &names {
        bench.world.does.insert(name.clone(), vec![(0, Does::Badly)]);
        bench.tell(change(name, "2", 0));
    }
    bench.run(240, &taken());
    // Of each service the last that was decided about a failed verdict, and all that was done.
    let mut last = BTreeMap::new();
    let mut intended: BTreeMap<Kind, usize> = BTreeMap::new();
    for record in &bench.records {
        match record {
            Record::Decided { cell, ruling, .. } => drop(last.insert(*cell, ruling)),
            Record::Intended(intention) => *intended.entry(intention.kind).or_default() += 1,
            _ => {}
        }
    }
    assert_eq!(last.len(), SERVICES, "every verdict is decided on");
    let changing: usize =
        intended.iter().filter(|(kind, _)| kind.changes_target()).map(|(_, count)| count).sum();
    assert_eq!(changing, BUDGET, "{intended:?}");
    let acted = last.values().filter(|ruling| ruling.course == Course::Act).count();
    assert_eq!(acted, BUDGET);
    for (cell, ruling) in last.iter().filter(|(_, ruling)| ruling.course != Course::Act) {
        let budget = ruling.spoke.iter().any(|held| matches!(held, Held::Budget(_)));
        assert!(budget, "{cell}: {:?}", ruling.spoke);
        for held in &ruling.spoke {
            assert!(!held.to_string().is_empty() && !held.lift().is_empty(), "{held:?}");
        }
    }
}

#[test]
fn thousands_of_services_that_one_bad_dependency_hurts_lead_to_one_rollback() {
    let mut targets = LAST.to_owned();
    let names: Vec<String> = (0..HURT).map(|number| format!("s{number}")).collect();
    for name in &names {
        let _infallible = writeln!(
            targets,
            "  - {{ service: {name}, environment: production, select: {{ service: {name} }}, depends_on: [c] }}"
        );
    }
    let mut bench = Bench::new(&[(LAST, &targets)]);
    for name in names.iter().chain([&"c".to_owned()]) {
        bench.world.does.insert(name.clone(), vec![(0, Does::Badly)]);
        bench.tell(change(name, "2", 0));
    }
    bench.run(240, &taken());
    assert_eq!(
        bench.intended().iter().filter(|told| told.starts_with("rollback")).collect::<Vec<_>>(),
        ["rollback c"]
    );
    let mut held = BTreeMap::new();
    for record in &bench.records {
        if let Record::Decided { cell, case, ruling, .. } = record
            && let Some(suspect) = &case.suspect
        {
            assert_eq!(suspect.service, "c");
            held.insert(*cell, ruling.course);
        }
    }
    assert_eq!(held.len(), HURT, "each is told what is likelier to blame");
    assert!(held.values().all(|course| *course != Course::Act));
}
