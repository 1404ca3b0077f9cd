//! How long hostile queries go on when they are told to stop, and how much memory they take before they end.
//!
//! `cargo bench --bench hostile` asks each over a million series, for two seconds of work at most, and prints the longest time
//! between two looks at whether to stop, the time until it had ended, and the most memory that it took. It fails where
//! a query goes on for longer than [`MOST`] or takes more than [`MOST_BYTES`]. A word behind `--` chooses those that have it.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints, and has failed where it cannot run"
)]

#[path = "../hostile/data.rs"]
mod data;
#[path = "../kit/memory.rs"]
mod memory;
#[path = "../hostile/queries.rs"]
mod queries;

use std::cell::Cell;
use std::fs;
use std::time::Duration;

use backstop::promql::{Features, MOST_SAMPLES, Query, evaluate, parse};
use backstop::store::Store;
use queries::{Hostile, LARGE, LONG, WIDE};

const SERIES: usize = 1_000_000;

/// How long a query is left alone.
const LEFT_ALONE: Duration = Duration::from_secs(2);

/// The longest that a query may go on after it was told to stop.
const MOST: Duration = Duration::from_secs(1);

/// The most memory that a query may take: what so many samples take as numbers with their times, and as an answer.
const MOST_BYTES: u64 = MOST_SAMPLES as u64 * 48;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let store = data::store(SERIES);
    println!("{} series, {} samples", store.series(), store.samples());
    println!("{:>10} {:>10} {:>8}  expression: how it ended", "longest ms", "whole ms", "MB");
    let mut wrong = Vec::new();
    for hostile in [LONG, WIDE, LARGE].into_iter().flatten() {
        if wanted.iter().all(|word| hostile.expr.contains(word.as_str())) {
            let (longest, bytes) = once(&store, *hostile);
            if MOST < longest || MOST_BYTES < bytes {
                wrong.push(hostile.expr);
            }
        }
    }
    assert!(wrong.is_empty(), "these go on for too long, or take too much: {wrong:#?}");
}

/// How long this thread was at work: what others do on the machine does not count.
fn worked() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
}

/// The longest time between two looks at whether to stop, and the memory that it took.
fn once(store: &Store, hostile: Hostile) -> (Duration, u64) {
    let began = worked();
    let (looked, longest) = (Cell::new(began), Cell::new(Duration::ZERO));
    let look = || {
        let now = worked();
        longest.set(longest.get().max(now.saturating_sub(looked.replace(now))));
        now
    };
    let stop = || LEFT_ALONE < look().saturating_sub(began);
    let before = memory::most_again();
    let plan = parse(hostile.expr, Features::ALL).unwrap();
    let answer = evaluate(&plan, &Query { stop: &stop, ..Query::new(hostile.when()) }, store);
    look();
    let bytes = memory::most().saturating_sub(before);
    let told =
        answer.map_or_else(|error| error.to_string(), |answer| format!("{} samples held", answer.held));
    println!(
        "{:>10.1} {:>10.1} {:>8}  {}: {}",
        longest.get().as_secs_f64() * 1_000.0,
        worked().saturating_sub(began).as_secs_f64() * 1_000.0,
        bytes / 1_000_000,
        hostile.expr,
        told.split([';', ':']).next().unwrap_or_default(),
    );
    (longest.get(), bytes)
}
