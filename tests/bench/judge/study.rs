//! The study: what the judge keeps of its promises and what it costs, on the project's own gates, and what the rules of
//! others make of the same traffic.
#![allow(dead_code, reason = "the bench and the tests each use a part of it")]

pub(crate) mod before;
pub(crate) mod border;
pub(crate) mod capacity;
pub(crate) mod cells;
pub(crate) mod cost;
pub(crate) mod exact;
pub(crate) mod found;
pub(crate) mod gate;
pub(crate) mod gauge;
pub(crate) mod golden;
pub(crate) mod harmless;
pub(crate) mod late;
pub(crate) mod latency;
pub(crate) mod report;
pub(crate) mod rival;
pub(crate) mod spread;
pub(crate) mod strain;
pub(crate) mod tally;
pub(crate) mod traffic;

use cells::Size;
use report::Report;
use traffic::{Cell, Effect, SHAPES};

/// The parts of the study, in the order of its report.
pub(crate) const PARTS: [&str; 10] =
    ["cells", "late", "border", "before", "latency", "gauge", "strain", "golden", "exact", "cost"];

/// These parts of the study, at so many rollouts of each kind.
pub(crate) fn run(size: Size, parts: &[&str]) -> Report {
    let mut report = parts.iter().map(|part| part_of(size, part)).fold(Report::default(), Report::and);
    report.targets.sort_by_key(|target| target.number);
    report
}

fn part_of(size: Size, part: &str) -> Report {
    match part {
        "cells" => {
            let cells: Vec<Cell> = SHAPES.iter().flat_map(|shape| Cell::all(*shape, Effect::NONE)).collect();
            let studied = cells::study(&cells, size);
            harmless::report(&studied).and(found::report(&studied)).and(capacity::report(&studied))
        }
        "late" => late::report(size),
        "border" => border::report(size),
        "before" => before::report(size),
        "latency" => latency::report(size),
        "gauge" => gauge::report(size),
        "golden" => golden::report(),
        "strain" => strain::report(size),
        "exact" => exact::report(size),
        "cost" => cost::report(size),
        other => panic!("the study has no part `{other}`, only {}", PARTS.join(", ")),
    }
}
