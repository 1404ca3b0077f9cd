//! How long a look and an interval take, over a release of two hours with a look each minute.
//!
//! `cargo bench --bench stats` prints the best of seven runs of each, and fails where a look of a gate takes 50 us or
//! an interval 20 ms.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use backstop::stats::{
    Aim, BaselineEvidence, DifferenceEvidence, Direction, Dispersion, Pair, Planned, RankEvidence,
    RatioEvidence, Size, ValueEvidence, baseline_interval, culprits, ratio_estimate, ratio_interval,
};
use std::hint::black_box;
use std::time::Instant;

const LOOKS: u32 = 120;
/// A day with two looks each minute: sizes are ranked among all before them.
const LONG: u32 = 2880;
const RUNS: u32 = 7;
/// How often a release is folded in a run, so that the clock's own steps do not show.
const TIMES: u32 = 20;

const MOST_FOR_A_LOOK: f64 = 50.0;
const MOST_FOR_AN_INTERVAL: f64 = 20_000.0;

fn main() {
    let looks: Vec<Pair> = (0..LOOKS).map(f64::from).map(pair).collect();
    let planned = Planned::harm(LOOKS);
    look("ratio", || {
        let mut evidence = RatioEvidence::new(1.25, Direction::Up, planned);
        looks.iter().map(|pair| evidence.look(pair, 1.5)).sum()
    });
    for (name, aim) in [("difference, harm", Aim::Harm), ("difference, none", Aim::NonInferior)] {
        look(name, || {
            let mut evidence = DifferenceEvidence::new(0.0005, aim, planned, (60.0, 6000.0));
            looks.iter().map(|pair| evidence.look(pair, 1.5)).sum()
        });
    }
    look("value", || {
        let mut evidence = ValueEvidence::new(0.01, Direction::Up, planned);
        looks.iter().map(|pair| evidence.look(pair.new_events, pair.new_of, 1.5)).sum()
    });
    look("baseline", || {
        let mut evidence = BaselineEvidence::new((300.0, 30_000.0), 1.25, Direction::Up, 10, planned);
        looks.iter().map(|pair| evidence.look(pair.new_events, pair.new_of, 1.5)).sum()
    });
    for (name, size, long) in [
        ("rank", Size::Ranked, LOOKS),
        ("rank, a day of looks", Size::Ranked, LONG),
        ("rank, sizes ignored", Size::Ignored, LOOKS),
    ] {
        let planned = Planned::harm(long);
        let differences: Vec<f64> = (0..long).map(f64::from).map(|look| libm::sin(look * look)).collect();
        looks_of(name, long, || {
            let mut evidence = RankEvidence::new(size, planned);
            differences.iter().map(|beyond| evidence.look(Some(*beyond), 1.5)).sum()
        });
    }
    let (ln, weights) = ([3.5; 21], [1.0; 21]);
    looks_of("culprits among 21", 1, || {
        culprits(black_box(&ln), &weights, 0.05).into_iter().map(u8::from).map(f64::from).sum()
    });
    look("dispersion of eight groups", || {
        let mut dispersion = Dispersion::default();
        for pair in &looks {
            dispersion.add(&[pair.new_events; 8], &[pair.new_of; 8]);
        }
        dispersion.temper(2.0)
    });
    let history: Vec<(Pair, f64)> = looks.iter().map(|pair| (*pair, 1.5)).collect();
    interval("ratio, estimate", || ratio_estimate(&history).unwrap_or(0.0));
    interval("ratio, interval", || ratio_interval(&history, 0.05).lower);
    interval("baseline, interval", || baseline_interval(&looks[0], 1.5, 0.05).lower);
}

/// A look whose counts differ from all others.
fn pair(look: f64) -> Pair {
    let wave = 10.0 + look % 7.0;
    Pair { new_events: wave, new_of: 500.0 + look, old_events: 9.0 * wave, old_of: 9500.0 - look }
}

/// Times a release that is folded look by look.
fn look(name: &str, fold: impl Fn() -> f64) {
    looks_of(name, LOOKS, fold);
}

/// The same with another number of looks.
fn looks_of(name: &str, looks: u32, fold: impl Fn() -> f64) {
    let micros = best(fold) / f64::from(looks);
    println!("{name}: {micros:.2} us a look");
    assert!(micros < MOST_FOR_A_LOOK, "{micros:.2} us are more than {MOST_FOR_A_LOOK} us");
}

/// Times something over all looks of a release.
fn interval(name: &str, find: impl Fn() -> f64) {
    let micros = best(find);
    println!("{name}: {micros:.0} us");
    assert!(micros < MOST_FOR_AN_INTERVAL, "{micros:.0} us are more than {MOST_FOR_AN_INTERVAL} us");
}

/// The microseconds that one call takes, in the best run.
fn best(call: impl Fn() -> f64) -> f64 {
    let run = |_| {
        let begun = Instant::now();
        for _ in 0..TIMES {
            black_box(call());
        }
        begun.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES)
    };
    (0..RUNS).map(run).fold(f64::INFINITY, f64::min)
}
