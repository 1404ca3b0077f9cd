//! The study in some seconds: it cannot tell one per cent from two, but a promise that is broken by far it sees.

use crate::study;
use crate::study::cells::Size;
use crate::study::report::Report;

/// What is known to be missed, each with why. What is mended is to be taken off.
const MISSED: &[(u8, &str, &str)] = &[
    (9, "by the default rule", "it is met with all rollouts; the median of forty is too uncertain"),
    (4, "by the default rule", "more than a quarter worse takes longer to prove than worse"),
];

/// Its tables are the program's output.
const README: &str = include_str!("../../README.md");
/// Between these it stands.
const BEGIN: &str = "<!-- judge: begin -->";
const END: &str = "<!-- judge: end -->";
const ANEW: &str = "; `cargo bench --bench judge -- --readme` prints what belongs there";

fn hold(report: &Report) {
    for target in &report.targets {
        let known = MISSED.iter().find(|(number, part, _)| *number == target.number && *part == target.part);
        match known {
            None => assert!(target.met, "{target}"),
            Some((.., why)) => {
                assert!(!target.met, "{target}: so it is missed no longer, as it was because {why}");
            }
        }
    }
    stand_in_the_readme(report);
    assert!(report.broken.is_empty(), "promises that do not hold: {}", report.broken.join("; "));
}

/// One test for each part, so that they run beside each other.
macro_rules! parts {
    ($($part:ident)*) => { $(
        #[test]
        fn $part() {
            hold(&study::run(Size::SHORT, &[stringify!($part)]));
        }
    )* };
}

parts! { cells late border before latency gauge strain exact }

/// What is measured with a clock differs from machine to machine; here is only held that it can be.
#[test]
fn cost() {
    assert_eq!(study::run(Size::SHORT, &["cost"]).targets.len(), 1);
}

/// Figures differ with the size of the study; what it tells of does not.
fn stand_in_the_readme(report: &Report) {
    let Some((_, block)) = README.split_once(BEGIN) else { return };
    let block = block.split(END).next().unwrap();
    for table in report.tables.iter().filter(|table| !table.long) {
        let names = table.rows.iter().map(|row| format!("\n| {} |", row[0]));
        for wanted in std::iter::once(format!("**{}**", table.title)).chain(names) {
            assert!(block.contains(&wanted), "the README lacks `{wanted}`{ANEW}");
        }
    }
}
