//! Harmless releases: how often each rule takes one back within the hour (T1).

use super::cells::{Found, Judged, Studied};
use super::report::{Report, Table, percent};
use super::rival::RIVALS;
use super::tally::{Times, allowed, worst_and_median};
use super::traffic::SHAPES;

/// No promise, but what the tests are known to come to: more would be a step back.
const GUARD: [f64; 2] = [0.02, 0.008];
/// From so many rollouts on a share as small as that can be told.
const GUARDED_FROM: u32 = 1000;

pub(crate) fn report(studied: &[Studied]) -> Report {
    let harmless: Vec<&Found> = studied.iter().map(|cell| &cell.harmless).collect();
    let mut report = Report { tables: vec![table(&harmless)], ..Report::default() };
    for (part, rule) in [
        ("at r = 1", (|found| &found.any_worse) as fn(&Found) -> &Judged),
        ("by the default rule", |found| &found.usual),
    ] {
        let (met, figure) = held(&harmless, rule);
        report.target(1, part, met, figure);
    }
    report
}

/// Whether the promise holds in every cell at both levels, and the worst that there was.
fn held(harmless: &[&Found], rule: fn(&Found) -> &Judged) -> (bool, String) {
    let mut met = true;
    let mut figures = Vec::new();
    for (alpha, guard, which) in [
        (0.05, GUARD[0], (|judged: &Judged| judged.failed.clone()) as fn(&Judged) -> Times),
        (0.01, GUARD[1], |judged| judged.sure.clone()),
    ] {
        let times: Vec<Times> = harmless.iter().map(|found| which(rule(found))).collect();
        let worst = times.iter().map(Times::share).fold(0.0, f64::max);
        met &= times.iter().all(|times| {
            let guarded = times.many() < GUARDED_FROM || times.share() <= guard;
            times.share() <= allowed(alpha, times.many()) && guarded
        });
        figures.push(format!("{} % at {alpha}", percent(worst)));
    }
    (met, format!("worst of {} cells {}", harmless.len(), figures.join(", ")))
}

fn table(harmless: &[&Found]) -> Table {
    let mut table = Table::new(
        "Harmless releases taken back within an hour, in %: worst cell / median cell",
        &["rule", SHAPES[0].name(), SHAPES[1].name(), SHAPES[2].name(), SHAPES[3].name()],
    );
    let mut row = |name: &str, times: &dyn Fn(&Found) -> Option<Times>| {
        let cells = SHAPES.map(|shape| {
            let of_shape = harmless.iter().filter(|found| found.cell.shape == shape);
            let shares: Vec<f64> = of_shape.filter_map(|found| Some(times(found)?.share())).collect();
            let (worst, median) = worst_and_median(shares);
            format!("{} / {}", percent(worst), percent(median))
        });
        table.row(name, cells);
    };
    row("backstop, ratio > 1, confidence 0.95", &|found| Some(found.any_worse.failed.clone()));
    row("backstop, ratio > 1, confidence 0.99", &|found| Some(found.any_worse.sure.clone()));
    row("backstop, default rule, confidence 0.95", &|found| Some(found.usual.failed.clone()));
    if harmless.iter().all(|found| found.rivals.iter().any(|times| times.many() > 0)) {
        for (number, rival) in RIVALS.iter().enumerate() {
            row(rival.name(), &|found| found.rivals.get(number).cloned());
        }
    }
    let rollouts = harmless.first().map_or(0, |found| found.any_worse.failed.many());
    table.note(format!(
        "Twelve cells for each way in which errors come: 0.2, 1, 10 and 100 requests a second on a canary with 5 % of the \
         traffic, of which 0.1, 1 and 5 % fail; {rollouts} rollouts in each, a look every 30 s."
    ))
}
