//! What a look costs, and an interval (T12).
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::hint::black_box;
use std::time::Instant;

use backstop::gate::{Design, Tally};

use super::cells::Size;
use super::gate::{Judge, Rule};
use super::report::{Report, Table};
use super::traffic::{BEFORE, Cell, Effect, LOOKS, Rollout, Shape};

/// In microseconds: for a check and a look, and for an interval.
const MOST_FOR_A_LOOK: f64 = 5.0;
const MOST_FOR_AN_INTERVAL: f64 = 5_000.0;

const RUNS: u32 = 301;
/// How often a release is judged in a run: shorter than what a processor is lent for, or none would go undisturbed.
const TIMES: u32 = 2;

pub(crate) fn report(size: Size) -> Report {
    let runs = if size == Size::FULL { RUNS } else { 1 };
    let cell = Cell { shape: Shape::Single, rate: 10.0, base: 0.01, effect: Effect::NONE, onset: 0 };
    let rollout = cell.rollout(0);
    let mut table = Table::new("What it costs, in microseconds", &["", "a look of a check", "an interval"]);
    let (mut worst_look, mut worst_interval) = (0.0, 0.0);
    for (name, design) in [
        ("two sides at once", Design::Concurrent),
        ("after against before, baseline of 4 h", Design::AfterBefore),
    ] {
        for (rule, said) in [(Rule::any_worse(), "ratio > 1"), (Rule::usual(), "default rule")] {
            let opened = opened(&rule, design, &rollout);
            let look = best(runs, || {
                let mut judge = opened.clone();
                judge_all(&mut judge, &rollout);
                judge
            });
            // The judge that is looked with is a copy, and copying it is no part of a look.
            let copy = best(runs, || opened.clone());
            let look = (look - copy) / f64::from(LOOKS);
            let mut judge = opened.clone();
            judge_all(&mut judge, &rollout);
            let interval = best(runs, || judge.account());
            worst_look = f64::max(worst_look, look);
            worst_interval = f64::max(worst_interval, interval);
            table.row(format!("{name}, {said}"), [format!("{look:.2}"), format!("{interval:.0}")]);
        }
    }
    let mut report = Report { tables: vec![table], ..Report::default() };
    report.target(
        12,
        "",
        worst_look <= MOST_FOR_A_LOOK && worst_interval <= MOST_FOR_AN_INTERVAL,
        format!(
            "{worst_look:.2} us a check and look of {MOST_FOR_A_LOOK}, {:.2} ms an interval of {}",
            worst_interval / 1000.0,
            MOST_FOR_AN_INTERVAL / 1000.0
        ),
    );
    report
}

fn opened(rule: &Rule, design: Design, rollout: &Rollout) -> Judge {
    let rows = match design {
        Design::Concurrent => rollout.before[BEFORE - 120..].iter().map(|beat| beat.old.to_vec()).collect(),
        Design::AfterBefore | Design::AfterShort => {
            let stretches = rollout.before.iter().cycle().take(480);
            stretches.map(|beat| vec![Tally::sum(&beat.old)]).collect()
        }
    };
    Judge::open(design, LOOKS, &[(rule.clone(), rows)])
}

fn judge_all(judge: &mut Judge, rollout: &Rollout) {
    for beat in &rollout.looks {
        black_box(judge.look(&[Some((beat.new, &beat.old[..]))]));
    }
}

/// The microseconds that one call takes, in the best run.
fn best<R>(runs: u32, call: impl Fn() -> R) -> f64 {
    let run = |_| {
        let begun = Instant::now();
        for _ in 0..TIMES {
            black_box(call());
        }
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
    };
    (0..runs).map(run).fold(f64::INFINITY, f64::min)
}
