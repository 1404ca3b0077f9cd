//! Harmful releases: how soon each rule takes them back (T3, T4, T5).

use super::cells::{EFFECTS, Found, Judged, Studied};
use super::report::{Report, Table, minutes};
use super::rival::{RIVALS, Rival};
use super::tally::Times;
use super::traffic::{Cell, Effect, Shape};

/// What a look waits for late samples, beyond its own time, in minutes: the server's default.
const SETTLE: f64 = 0.5;

/// The minutes that a rollout is watched.
const HOUR: f64 = 60.0;

/// The cells that the tables show: requests a second on the canary, and the share that fails.
const SHOWN: [(f64, f64); 7] =
    [(0.2, 0.05), (1.0, 0.01), (1.0, 0.05), (10.0, 0.01), (10.0, 0.05), (100.0, 0.001), (100.0, 0.01)];

pub(crate) fn report(studied: &[Studied]) -> Report {
    let found: Vec<&Found> = studied.iter().flat_map(|cell| &cell.harmful).collect();
    let mut report = Report::default();
    report.tables.push(table(&found, Shape::Single));
    report.tables.push(table(&found, Shape::Clusters).long());
    if found.iter().any(|found| found.calibrated.iter().flatten().any(|times| times.many() > 0)) {
        calibrated(&mut report, &found);
        fast(&mut report, &found);
        kayenta(&mut report, &found);
    } else {
        fast(&mut report, &found);
    }
    report
}

fn is(cell: &Cell, (rate, base): (f64, f64)) -> bool {
    (cell.rate - rate).abs() < 1e-9 && (cell.base - base).abs() < 1e-9
}

fn table(found: &[&Found], shape: Shape) -> Table {
    let title = format!("Minutes to take a harmful release back, {}: median / nine in ten", shape.name());
    let columns = SHOWN.map(|(rate, base)| format!("{rate}/s, {} %", 100.0 * base));
    let mut head = vec!["rule, effect"];
    head.extend(columns.iter().map(String::as_str));
    let mut table = Table::new(&title, &head);
    for times in EFFECTS {
        let effect = Effect::Times(times);
        let mut row = |name: &str, which: &dyn Fn(&Found) -> Option<Times>| {
            let cells: Vec<Option<Times>> = SHOWN
                .iter()
                .map(|shown| {
                    let there = |found: &&&Found| {
                        found.cell.shape == shape && found.cell.effect == effect && is(&found.cell, *shown)
                    };
                    found.iter().find(there).and_then(|found| which(found))
                })
                .collect();
            if cells.iter().any(Option::is_some) {
                let cell = |times: Option<Times>| {
                    times.map_or_else(String::new, |times| {
                        format!("{} / {}", minutes(times.median()), minutes(times.most()))
                    })
                };
                table.row(format!("{name}, {times}x"), cells.into_iter().map(cell));
            }
        };
        row("backstop, ratio > 1", &|found| Some(found.any_worse.failed.clone()));
        row("backstop, default rule", &|found| Some(found.usual.failed.clone()));
        row("calibrated in the cell to 1 %", &|found| best(&found.calibrated[0]).cloned());
        for rival in [Rival::KayentaFive, Rival::Flagger, Rival::SeedDifference] {
            let number = RIVALS.iter().position(|known| *known == rival).unwrap();
            row(rival.name(), &|found| found.rivals.get(number).filter(|times| times.many() > 0).cloned());
        }
    }
    table.note(format!(
        "Minutes of looking, at confidence 0.95; a look comes {SETTLE} minutes after its time, so that late samples count. A \
         dash: not within the hour."
    ))
}

/// The fixed rule that finds it first.
fn best(statistics: &[Times]) -> Option<&Times> {
    let known = statistics.iter().filter(|times| times.many() > 0);
    known.min_by(|one, other| late(one.median()).total_cmp(&late(other.median())))
}

fn late(minutes: Option<f64>) -> f64 {
    minutes.unwrap_or(f64::INFINITY)
}

/// T3: not much slower than the best rule that knows everything beforehand.
fn calibrated(report: &mut Report, found: &[&Found]) {
    for (part, number, which) in [
        ("at r = 1", 0, (|found| &found.any_worse) as fn(&Found) -> &Judged),
        ("by the default rule", 1, |found| &found.usual),
    ] {
        let mut over = Vec::new();
        let mut compared = 0;
        for found in found {
            let factor = match found.cell.shape {
                Shape::Single | Shape::Bursts => 1.3,
                Shape::Clusters | Shape::Pods => 2.4,
            };
            let Some(fixed) = best(&found.calibrated[number]).and_then(Times::median) else { continue };
            let (ours, most) = (which(found).failed.median(), factor * fixed + 1.0);
            // What may take longer than the hour that is watched is not seen to.
            if ours.is_none() && most > HOUR {
                continue;
            }
            compared += 1;
            let ours = late(ours);
            if ours > most {
                over.push(format!("{} {}: {ours} against {fixed}", found.cell, found.cell.effect));
            }
        }
        let figure = format!(
            "{} of {compared} medians within 1.3 (clusters, noisy pods 2.4) times the best calibrated rule and a minute{}",
            compared - over.len(),
            beyond(&over)
        );
        report.target(3, part, over.is_empty(), figure);
    }
}

/// The exceptions, where there are any.
fn beyond(exceptions: &[String]) -> String {
    if exceptions.is_empty() { String::new() } else { format!("; not {}", exceptions.join(", ")) }
}

/// What the medians may come to, in minutes.
const FAST: [(f64, f64, f64, f64); 7] = [
    (5.0, 10.0, 0.01, 1.0),
    (5.0, 10.0, 0.05, 1.0),
    (5.0, 100.0, 0.01, 1.0),
    (5.0, 100.0, 0.05, 1.0),
    (2.0, 10.0, 0.01, 3.0),
    (2.0, 100.0, 0.001, 3.0),
    (1.5, 100.0, 0.01, 2.0),
];

/// T4: fast where there is traffic enough.
fn fast(report: &mut Report, found: &[&Found]) {
    for (part, which) in [
        ("at r = 1", (|found| &found.any_worse) as fn(&Found) -> &Judged),
        ("by the default rule", |found| &found.usual),
    ] {
        let (mut met, mut said) = (true, Vec::new());
        for (times, rate, base, most) in FAST {
            let cell = found.iter().find(|found| {
                found.cell.shape == Shape::Single
                    && found.cell.effect == Effect::Times(times)
                    && is(&found.cell, (rate, base))
            });
            let Some(found) = cell else { continue };
            let median = late(which(found).failed.median());
            met &= median <= most;
            said.push(format!("{times}x {rate}/s {} % {median} of {most}", 100.0 * base));
        }
        report.target(4, part, met, format!("{} minutes, and {SETTLE} to settle", said.join(", ")));
    }
}

/// T5: never slower than Kayenta where both find it.
fn kayenta(report: &mut Report, found: &[&Found]) {
    let number = RIVALS.iter().position(|rival| *rival == Rival::KayentaFive).unwrap();
    for (part, shapes) in [
        ("single errors", &[Shape::Single][..]),
        ("clusters, noisy pods, bursts", &[Shape::Clusters, Shape::Pods, Shape::Bursts]),
    ] {
        let (mut compared, mut slower) = (0, Vec::new());
        for found in found.iter().filter(|found| shapes.contains(&found.cell.shape)) {
            let (ours, theirs) = (found.any_worse.failed.median(), found.rivals[number].median());
            let (Some(ours), Some(theirs)) = (ours, theirs) else { continue };
            compared += 1;
            if ours > theirs {
                slower.push(format!("{} {}: {ours} against {theirs}", found.cell, found.cell.effect));
            }
        }
        let figure = format!(
            "slower than Kayenta each 5 m in {} of {compared} cells where both find it{}",
            slower.len(),
            beyond(&slower)
        );
        report.target(5, part, slower.is_empty(), figure);
    }
}
