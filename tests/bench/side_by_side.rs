//! Queries put to backstop and to a Prometheus over HTTP, over the same samples and on the same machine.
//!
//! `PROMETHEUS=.. PROMTOOL=.. cargo bench --bench side_by_side` makes blocks of the samples, has both answer each query
//! in turn, the range shifted at each so that no cache answers, and sees to it that the answers agree. What is compared
//! is the best of some runs: the time in the engine as each tells it, and the time until the client has all of the
//! answer. A word behind `--` chooses the queries that have it.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on has failed")]
#![expect(clippy::panic, reason = "a benchmark that cannot go on has failed")]

#[path = "side_by_side/agree.rs"]
mod agree;
#[path = "side_by_side/blocks.rs"]
mod blocks;
#[path = "promql/data.rs"]
mod data;
#[path = "side_by_side/front.rs"]
mod front;
#[path = "../kit/peer.rs"]
mod peer;
#[path = "promql/queries.rs"]
mod queries;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use data::{BEGAN, INTERVAL, SAMPLES};
use queries::{Asked, queries};
use serde_json::Value;

/// How often each query is put to each side.
const RUNS: i64 = 5;

/// How long a query takes, in milliseconds.
#[derive(Clone, Copy)]
struct Took {
    engine: f64,
    wall: f64,
}

impl Took {
    fn least(self, other: Self) -> Self {
        Self { engine: self.engine.min(other.engine), wall: self.wall.min(other.wall) }
    }
}

/// How many times faster than Prometheus, as a mean of ratios.
#[derive(Default)]
struct Ratios(Vec<f64>);

impl Ratios {
    #[expect(clippy::cast_precision_loss, reason = "there are not so many")]
    fn mean(&self) -> f64 {
        (self.0.iter().map(|ratio| ratio.ln()).sum::<f64>() / self.0.len() as f64).exp()
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let Some(peer) = blocks::start() else {
        println!(
            "PROMETHEUS and PROMTOOL do not name a Prometheus 3.x and its promtool: nothing was compared"
        );
        return;
    };
    let own = front::start();
    println!(
        "{:>9} {:>9} {:>7}  {:>9} {:>9} {:>7}  steps  query",
        "engine", "peer", "times", "wall", "peer", "times"
    );
    let (mut engine, mut wall, mut long) = (Ratios::default(), Ratios::default(), Ratios::default());
    let mut slower = 0;
    for asked in queries().iter().filter(|asked| wanted.iter().all(|word| asked.expr.contains(word.as_str())))
    {
        let (ours, theirs) = both(asked, own, peer.address);
        let (faster, sooner) = (theirs.engine / ours.engine, theirs.wall / ours.wall);
        println!(
            "{:>9.3} {:>9.3} {faster:>7.1}  {:>9.3} {:>9.3} {sooner:>7.1}  {:>5}  {}",
            ours.engine, theirs.engine, ours.wall, theirs.wall, asked.steps, asked.expr
        );
        engine.0.push(faster);
        wall.0.push(sooner);
        if ["[1h]", "[1d]"].iter().any(|window| asked.expr.contains(window)) {
            long.0.push(faster);
        }
        slower += usize::from(faster < 1.0 || sooner < 1.0);
    }
    println!("{} queries, {slower} of them slower", engine.0.len());
    println!("geomean engine of windows of an hour and more {:.2}", long.mean());
    println!("geomean engine {:.2}", engine.mean());
    println!("geomean wall {:.2}", wall.mean());
}

/// The best times of both sides, which must agree each time.
fn both(asked: &Asked, own: SocketAddr, peer: SocketAddr) -> (Took, Took) {
    let mut best: Option<(Took, Took)> = None;
    for run in 0..RUNS {
        let end = BEGAN + (SAMPLES - 1) * INTERVAL - run;
        let start = end - (asked.steps - 1) * INTERVAL;
        let path = format!(
            "/api/v1/query_range?query={}&start={}&end={}&step={}&stats=all",
            escaped(&asked.expr),
            seconds(start),
            seconds(end),
            seconds(INTERVAL)
        );
        let (theirs, their_answer) = ask(peer, &path);
        let (ours, our_answer) = ask(own, &path);
        if let Err(difference) = agree::agree(&our_answer, &their_answer) {
            panic!("{} over {} steps: {difference}", asked.expr, asked.steps);
        }
        best = Some(best.map_or((ours, theirs), |best| (best.0.least(ours), best.1.least(theirs))));
    }
    best.unwrap()
}

/// What a server answers, and how long that takes.
fn ask(address: SocketAddr, path: &str) -> (Took, Value) {
    let start = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let wall = millis(start.elapsed());
    let answer = String::from_utf8(answer).unwrap();
    let body = answer.split_once("\r\n\r\n").unwrap().1;
    let value: Value =
        serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {body:.300}"));
    let engine = value["data"]["stats"]["timings"]["evalTotalTime"].as_f64();
    let engine = engine.unwrap_or_else(|| panic!("{path}: {body:.300}")) * 1_000.0;
    (Took { engine, wall }, value)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn seconds(millis: i64) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
