//! After a change held against before it, with nothing beside it that would cancel a burst (T7).

use backstop::gate::{Design, Tally};

use crate::chance::Chance;

use super::cells::{Judged, Size};
use super::gate::{Judge, Outcome, Rule};
use super::report::{Report, Table, minutes, percent};
use super::spread;
use super::tally::{allowed, promised};
use super::traffic::{Burst, LOOKS, Shape};

/// The looks of a baseline: half an hour, an hour, four hours, a day.
const BASELINES: [(usize, &str); 4] = [(60, "30 m"), (120, "1 h"), (480, "4 h"), (2880, "24 h")];
/// A shorter baseline is warned of, and no target asks for it.
const PROMISED_FROM: usize = 480;
/// Requests a look, of which so many fail in the mean.
const OF: u64 = 1000;
const FAILURES: [f64; 5] = [0.006, 0.03, 0.3, 3.0, 30.0];
const SHAPES: [Shape; 3] = [Shape::Single, Shape::Clusters, Shape::Bursts];

#[derive(Debug, Clone, Copy)]
struct Release {
    shape: Shape,
    baseline: usize,
    mean: f64,
    times: f64,
}

impl Release {
    fn judged(&self, rule: &Rule, rollouts: u64) -> Judged {
        (0..rollouts).map(|number| self.outcome(rule, number)).collect()
    }

    fn outcome(&self, rule: &Rule, number: u64) -> Outcome {
        let seed = self.mean.to_bits() ^ self.times.to_bits().rotate_left(7) ^ self.shape as u64;
        let mut chance = Chance::numbered(seed.wrapping_add(self.baseline as u64), number);
        let mut burst = Burst::default();
        let mut look = |times: f64| {
            let bursting = if self.shape == Shape::Bursts { burst.next(&mut chance) } else { 1.0 };
            let share = (self.mean * bursting * times / 1000.0).min(0.9);
            self.shape.events(&mut chance, OF, share, 1.0)
        };
        let rows: Vec<Vec<Tally>> = (0..self.baseline).map(|_| vec![look(1.0)]).collect();
        let mut judge = Judge::open(Design::AfterBefore, LOOKS, &[(rule.clone(), rows)]);
        Outcome::of((0..LOOKS).map(|_| judge.look(&[Some((look(self.times), &[]))])))
    }
}

pub(crate) fn report(size: Size) -> Report {
    let mut report = Report::default();
    let mut table = Table::new(
        "After against before, taken back within an hour, in %: worst of five error rates; then median minutes to find 2x and \
         5x at three errors a look",
        &["errors, rule", "30 m", "1 h", "4 h", "24 h", "2x: 4 h", "2x: 24 h", "5x: 4 h", "5x: 24 h"],
    );
    let (mut met, mut figures) = (true, Vec::new());
    for shape in SHAPES {
        for (rule, name) in [(Rule::any_worse(), "ratio > 1"), (Rule::usual(), "default rule")] {
            let most = |rollouts: u32| match shape {
                Shape::Bursts => allowed(0.05, rollouts),
                Shape::Single | Shape::Clusters | Shape::Pods => promised(0.05, rollouts),
            };
            let pieces: Vec<Release> = BASELINES
                .iter()
                .flat_map(|(baseline, _)| {
                    FAILURES.map(|mean| Release { shape, baseline: *baseline, mean, times: 1.0 })
                })
                .collect();
            let judged = spread::each(&pieces, |release| release.judged(&rule, size.baseline).failed);
            let mut cells = Vec::new();
            for (baseline, length) in BASELINES {
                let of_length =
                    pieces.iter().zip(&judged).filter(|(release, _)| release.baseline == baseline);
                let worst = of_length.map(|(_, times)| times.share()).fold(0.0, f64::max);
                let over = worst > most(judged[0].many());
                cells.push(format!("{}{}", percent(worst), if over { " (broken)" } else { "" }));
                if baseline >= PROMISED_FROM {
                    met &= !over;
                    figures.push(worst);
                } else if over {
                    report.broken.push(format!(
                        "after against before, {}, {name}, baseline {length}: {} % (warned of as short-baseline)",
                        shape.name(),
                        percent(worst)
                    ));
                }
            }
            let harmful: Vec<Release> = [2.0, 5.0]
                .into_iter()
                .flat_map(|times| [480, 2880].map(|baseline| Release { shape, baseline, mean: 3.0, times }))
                .collect();
            let found = spread::each(&harmful, |release| release.judged(&rule, size.baseline / 4).failed);
            cells.extend(found.iter().map(|times| minutes(times.median())));
            table.row(format!("{}, {name}", shape.name()), cells);
        }
    }
    let worst = figures.into_iter().fold(0.0, f64::max);
    report.target(
        7,
        "",
        met,
        format!("worst cell with a baseline of 4 h or a day {} % at 0.05", percent(worst)),
    );
    report.tables.push(table.note(
        "After a baseline under a day no rule fails at less than 1.25 times as much, as a gate does and `check` warns of; so \
         `ratio > 1` stands for that there. After one under 4 h bursts are expected that it did not show, of which it warns too.",
    ));
    report
}
