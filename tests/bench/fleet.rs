//! A fleet: ten thousand gates that look every thirty seconds, on samples that are sent, and on a source that is asked.
//!
//! `cargo bench --bench fleet` runs the very program, ships a canary of each service of a made-up fleet, and prints what it
//! takes while all of them are watched: looks, processor, memory, how late looks are, and what the source is asked. With
//! `PROMETHEUS=..` it also does so with that server as the source, fused and unfused. A third of the gates counts a metric
//! of its own, so nothing can be fused there. It fails where a look was missed. `-- --gates N --seconds S` for other sizes.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a benchmark prints, and has failed where it cannot run"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark prints figures"
)]

#[path = "fleet/peer.rs"]
mod peer;
#[path = "process.rs"]
mod process;
#[path = "fleet/samples.rs"]
mod samples;

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use peer::Peer;
use process::{Server, Usage};
use samples::{Fleet, HISTORY, SCRAPE};

/// How far apart looks are, in seconds.
const EVERY: u64 = 30;

/// Where samples come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Sent,
    Asked { fuses: bool },
}

struct Size {
    gates: usize,
    seconds: u64,
}

fn main() {
    let number = |flag: &str, usual: usize| {
        let mut args = std::env::args().skip_while(|arg| arg != flag);
        args.nth(1).map_or(usual, |text| text.parse().unwrap())
    };
    let size = Size { gates: number("--gates", 10_000), seconds: number("--seconds", 180) as u64 };
    let prometheus = std::env::var_os("PROMETHEUS");
    let mut modes = vec![("sent", Mode::Sent)];
    if prometheus.is_some() {
        modes.push(("asked, fused", Mode::Asked { fuses: true }));
        modes.push(("asked, unfused", Mode::Asked { fuses: false }));
    } else {
        println!("without PROMETHEUS=.. there is no source to ask");
    }
    let only = std::env::args().skip_while(|arg| arg != "--only").nth(1);
    modes.retain(|(name, _)| only.as_ref().is_none_or(|only| only == name));
    println!("{} gates, a look each {EVERY} s, for {} s", size.gates, size.seconds);
    let missed: u64 = modes.into_iter().map(|(name, mode)| run(name, mode, &size)).sum();
    assert_eq!(missed, 0, "looks were missed");
}

/// Runs it, and tells how many looks were missed.
fn run(name: &str, mode: Mode, size: &Size) -> u64 {
    let folder = std::env::temp_dir().join(format!("backstop-bench-fleet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let peer = match mode {
        Mode::Asked { .. } => Some(Peer::start(&folder)),
        Mode::Sent => None,
    };
    std::fs::write(folder.join("rules.yaml"), rules(size.gates, mode, peer.as_ref())).unwrap();
    let server = Server::start(&folder, "");
    let to = peer.as_ref().map_or_else(|| server.address.clone(), |peer| peer.address.clone());
    let fleet = Arc::new(Fleet::new(size.gates));
    let now = samples::now();
    fleet.send(&to, (now - HISTORY, now));
    let stopped = Arc::new(AtomicBool::new(false));
    let scraper = {
        let (fleet, stopped) = (Arc::clone(&fleet), Arc::clone(&stopped));
        std::thread::spawn(move || {
            let mut sent = now;
            while !stopped.load(Ordering::SeqCst) {
                let next = sent + SCRAPE;
                let wait = next.saturating_sub(samples::now());
                sleep(Duration::from_millis(wait.unsigned_abs().min(if wait < 0 { 0 } else { u64::MAX })));
                fleet.send(&to, (sent, next));
                sent = next;
            }
        })
    };
    let told = Instant::now();
    for service in 0..size.gates {
        let change = format!(
            r#"{{"service":"s{service}","environment":"production","version":"2","previous":"1","kind":"canary","id":"r{service}"}}"#
        );
        let answer = server.ask("POST /v1/changes", &change);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
    let told = told.elapsed();
    // Until all of them look, what takes its time is what was before.
    let began = Instant::now();
    let mut looked = 0;
    while (looked as usize) < size.gates {
        sleep(Duration::from_secs(1));
        assert!(began.elapsed() < Duration::from_secs(900), "only {looked} looks");
        looked = server.figure("backstop_looks_total");
    }
    let opened = began.elapsed();
    sleep(Duration::from_secs(EVERY));
    let before = Taken::of(&server, peer.as_ref());
    let from = Instant::now();
    sleep(Duration::from_secs(size.seconds));
    let after = Taken::of(&server, peer.as_ref());
    let missed = told_of(name, size, (&before, &after, from.elapsed()), (told, opened));
    stopped.store(true, Ordering::SeqCst);
    scraper.join().unwrap();
    server.stop();
    drop(peer);
    std::fs::remove_dir_all(&folder).unwrap();
    missed
}

/// What was done and used so far.
struct Taken {
    metrics: String,
    own: Usage,
    source: Option<Usage>,
}

impl Taken {
    fn of(server: &Server, peer: Option<&Peer>) -> Self {
        Self { metrics: server.metrics(), own: server.usage(), source: peer.map(Peer::usage) }
    }

    fn figure(&self, name: &str) -> u64 {
        process::figure(&self.metrics, name)
    }
}

fn told_of(
    name: &str,
    size: &Size,
    (before, after, took): (&Taken, &Taken, Duration),
    (told, opened): (Duration, Duration),
) -> u64 {
    let seconds = took.as_secs_f64();
    let more = |figure: &str| after.figure(figure) - before.figure(figure);
    let looks = more("backstop_looks_total");
    let expected = size.gates as f64 * seconds / EVERY as f64;
    let cut = more("backstop_looks_cut_total");
    println!("\n{name}");
    println!(
        "  changes told in {:.0} s, all look after {:.0} s more",
        told.as_secs_f64(),
        opened.as_secs_f64()
    );
    println!("  looks {looks} of {expected:.0} expected, {cut} cut for want of an answer");
    let (p50, p99) = (lateness(before, after, 0.5), lateness(before, after, 0.99));
    println!("  lateness p50 {p50} s, p99 {p99} s at the most");
    let share = |one: &Usage, other: &Usage| 100.0 * (other.seconds - one.seconds) / seconds;
    println!(
        "  processor {:.0} % of a core, memory {} MB",
        share(&before.own, &after.own),
        after.own.megabytes
    );
    if let (Some(one), Some(other)) = (&before.source, &after.source) {
        let each = |figure: &str| more(figure) as f64 / seconds;
        println!(
            "  the source: {:.1} queries/s for {:.0} questions/s, {:.0} kB/s, {:.0} % of a core",
            each("backstop_source_queries_total"),
            each("backstop_source_questions_total"),
            each("backstop_source_bytes_total") / 1e3,
            share(one, other)
        );
    }
    // One slot more or less may fall into the time.
    let missing = (expected - size.gates as f64).max(0.0) as u64;
    cut + missing.saturating_sub(looks)
}

/// The bound of the histogram below which this share of looks was late.
fn lateness(before: &Taken, after: &Taken, share: f64) -> String {
    let (one, other) = (buckets(&before.metrics), buckets(&after.metrics));
    let count = |bound: &str, of: &[(String, u64)]| {
        of.iter().find(|(own, _)| own == bound).map_or(0, |(_, count)| *count)
    };
    let all = count("+Inf", &other) - count("+Inf", &one);
    let reached = other.iter().find(|(bound, many)| (many - count(bound, &one)) as f64 >= share * all as f64);
    reached.map_or_else(|| "?".to_owned(), |(bound, _)| bound.clone())
}

/// The buckets of how late looks were.
fn buckets(metrics: &str) -> Vec<(String, u64)> {
    let bucket = |line: &str| {
        let rest = line.strip_prefix("backstop_look_lateness_seconds_bucket{le=\"")?;
        let (bound, rest) = rest.split_once('"')?;
        Some((bound.to_owned(), rest.rsplit_once(' ')?.1.parse::<f64>().ok()? as u64))
    };
    metrics.lines().filter_map(bucket).collect()
}

/// One gate for two thirds of the services, and one of its own for each of the others.
fn rules(gates: usize, mode: Mode, peer: Option<&Peer>) -> String {
    let mut text = String::from(
        "mode: shadow\nsettle: 5s\ntrust: [ { files: '*', services: ['*'], actions: [notify], at_most: act } ]\n",
    );
    let source = match (mode, peer) {
        (Mode::Asked { fuses }, Some(peer)) => {
            let _ok = writeln!(
                text,
                "sources: {{ prom: {{ url: 'http://{}', budget: 100000/m, timeout: 20s, fuse: {fuses} }} }}",
                peer.address
            );
            "source: prom, "
        }
        _ => "",
    };
    text.push_str("targets:\n");
    for service in 0..gates {
        let tier = if samples::has_own_metric(service) { "own" } else { "shared" };
        let _ok = writeln!(
            text,
            "  - {{ service: s{service}, environment: production, {source}select: {{ service: s{service} }}, labels: {{ tier: {tier} }}, owner: team }}"
        );
    }
    text.push_str("gates:\n");
    text.push_str(&gate("shared", "{ environment: production, tier: shared }", "requests_total"));
    for service in (0..gates).filter(|service| samples::has_own_metric(*service)) {
        let matches = format!("{{ environment: production, service: s{service} }}");
        text.push_str(&gate(&format!("own-{service}"), &matches, &samples::metric(service)));
    }
    text.push_str("actions: [ { action: tell, does: notify, webhook: { url: 'https://hooks.example.com/releases' } } ]\n");
    text
}

fn gate(name: &str, matches: &str, metric: &str) -> String {
    format!(
        "  - gate: {name}
    owner: team
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: {matches}
    every: {EVERY}s
    begins: {{ at: first_traffic, warmup: 0s, within: 15m }}
    ends: {{ after: 2h }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    passes_when: not_contradicted
    checks:
      - check: errors
        proportion: {{ bad: '{metric}{{code=~\"5..\"}}', of: {metric} }}
        fails_when: ratio > 1.25 and difference > 0.05pp
    then: {{ fail: [ {{ confidence: 0.99, do: tell }} ] }}
    first_release: tell
"
    )
}
