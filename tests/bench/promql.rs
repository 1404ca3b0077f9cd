//! How long queries take over 1,400 series with a sample every ten seconds for more than a day.
//!
//! `cargo bench --bench promql` prints the best of some runs of each, the range shifted at each. A word behind `--`
//! chooses those that have it.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]

#[path = "promql/data.rs"]
mod data;
#[path = "promql/queries.rs"]
mod queries;

use std::time::{Duration, Instant};

use backstop::promql::{Features, Query, When, evaluate, parse};
use backstop::store::Store;
use backstop::unit::{Span, UnixMillis};
use data::{BEGAN, INTERVAL, SAMPLES};
use queries::{Asked, queries};

/// How often a query is evaluated at least and at most, the short ones more often.
const RUNS: (u32, u32) = (5, 100);

/// Above this, no query is evaluated once more than it has to be.
const ENOUGH: Duration = Duration::from_millis(50);

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let store = data::store();
    println!("{} series, {} samples", store.series(), store.samples());
    for asked in queries() {
        if wanted.iter().all(|word| asked.expr.contains(word.as_str())) {
            let best = best(&store, &asked);
            println!("{:>10.3} ms {:>5} steps  {}", best.as_secs_f64() * 1_000.0, asked.steps, asked.expr);
        }
    }
}

/// How long a query takes at best.
fn best(store: &Store, asked: &Asked) -> Duration {
    let (mut best, mut all) = (Duration::MAX, Duration::ZERO);
    for run in 0..RUNS.1 {
        if RUNS.0 <= run && ENOUGH <= all {
            break;
        }
        let taken = once(store, asked, run);
        best = best.min(taken);
        all += taken;
    }
    best
}

/// How long one query takes, some milliseconds earlier at each run.
fn once(store: &Store, asked: &Asked, run: u32) -> Duration {
    let end = BEGAN + (SAMPLES - 1) * INTERVAL - i64::from(run);
    let (from, to) = (UnixMillis::new(end - (asked.steps - 1) * INTERVAL), UnixMillis::new(end));
    let step = Span::from_millis(u64::try_from(INTERVAL).unwrap());
    let when = When::Range { from, to, step };
    let start = Instant::now();
    let plan = parse(&asked.expr, Features::ALL).unwrap();
    let answer = evaluate(&plan, &Query::new(when), store).unwrap();
    let taken = start.elapsed();
    drop(answer);
    taken
}
