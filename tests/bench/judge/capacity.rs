//! What a gate says that it could prove, against what it then proves; and that it proves nothing from nothing (T9).

use backstop::gate::{Design, Tally, Verdict};

use super::cells::{Found, Judged, Studied};
use super::gate::{Judge, Rule, Sides};
use super::report::{Report, Table, minutes};
use super::traffic::{BEFORE, Cell, Effect, GROUPS, LOOKS, Shape};

/// Below so many looks a proof takes no longer than chance has it.
const FROM: f64 = 4.0;
/// By how much it may be off.
const FACTOR: f64 = 1.5;
const ROLLOUTS: u64 = 20;
/// In how many ways nothing may be known.
const SILENCES: usize = 5;

pub(crate) fn report(studied: &[Studied]) -> Report {
    let mut report = Report::default();
    let mut table = Table::new(
        "Minutes to prove a doubling: as a gate says before its first look / as its rollouts show",
        &["rule", "compared", "furthest off"],
    );
    for (part, rule, which) in [
        ("at r = 1", Rule::any_worse(), (|found| &found.any_worse) as fn(&Found) -> &Judged),
        ("by the default rule", Rule::usual(), |found| &found.usual),
    ] {
        let (mut compared, mut furthest, mut told) = (0, (1.0, String::from("none")), true);
        for found in studied.iter().flat_map(|cell| &cell.harmful) {
            if found.cell.shape != Shape::Single || found.cell.effect != Effect::Times(2.0) {
                continue;
            }
            let at_once = said(&rule, found.cell, 0);
            told &= at_once.is_some();
            let said = at_once.or_else(|| said(&rule, found.cell, 1));
            let (Some(shown), Some(said)) = (which(found).failed.median(), said) else { continue };
            if shown * 2.0 < FROM {
                continue;
            }
            compared += 1;
            let off = f64::max(shown / said, said / shown);
            if off > furthest.0 {
                furthest = (
                    off,
                    format!("{:.1}x: {} said {said:.1}, took {}", off, found.cell, minutes(Some(shown))),
                );
            }
        }
        let when = if told { "said at look 0" } else { "not said at look 0, and after look 1" };
        let figure = format!("{when} within {:.2}x of what it took, in {compared} cells", furthest.0);
        report.target(9, part, told && furthest.0 <= FACTOR, figure);
        table.row(part, [compared.to_string(), furthest.1]);
    }
    let silent = silence();
    if !silent.is_empty() {
        report.broken.push(format!("a verdict without data: {}", silent.join(", ")));
    }
    let figure = format!("{} verdicts from {} kinds of silence", silent.len(), 2 * SILENCES);
    report.target(9, "without data", silent.is_empty(), figure);
    report.tables.push(table);
    report
}

/// The minutes that a gate says a doubling takes to prove, once it has looked so often at a harmless release.
fn said(rule: &Rule, cell: Cell, looks: usize) -> Option<f64> {
    let mut said: Vec<f64> = (0..ROLLOUTS)
        .filter_map(|number| {
            let rollout = cell.with(Effect::NONE).rollout(number);
            let rows = rollout.before[BEFORE - 120..].iter().map(|beat| beat.old.to_vec()).collect();
            let mut judge = Judge::beside_after(rollout.before[BEFORE - 1].new, rule, rows);
            for beat in &rollout.looks[..looks] {
                judge.look(&[Some((beat.new, &beat.old[..]))]);
            }
            judge.capacity()?.to_prove_a_doubling
        })
        .collect();
    said.sort_by(f64::total_cmp);
    said.get(said.len() / 2).map(|looks| looks / 2.0)
}

/// Verdicts that were given without data.
fn silence() -> Vec<String> {
    let some = Tally { events: 1, of: 100 };
    let (none, groups) = (Tally::default(), [some; GROUPS]);
    let looks: [(&str, Option<Sides<'_>>); SILENCES] = [
        ("nothing counted", None),
        ("no traffic", Some((none, &[none; GROUPS]))),
        ("no traffic on the canary", Some((none, &groups))),
        ("no traffic on stable", Some((some, &[none; GROUPS]))),
        ("no stable", Some((some, &[]))),
    ];
    let mut found = Vec::new();
    for design in [Design::Concurrent, Design::AfterBefore] {
        for (name, look) in looks {
            let rule = Rule::usual();
            let mut judge = Judge::open(design, LOOKS, &[(rule, Vec::new())]);
            let said = (0..LOOKS).map(|_| judge.look(&[look]).verdict);
            if said.into_iter().any(|verdict| !matches!(verdict, Verdict::Inconclusive(_))) {
                found.push(format!("{name}, {design:?}"));
            }
        }
    }
    found
}
