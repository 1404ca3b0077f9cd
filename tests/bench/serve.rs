//! How long `backstop serve` takes until it is ready, and how much memory it has while nothing happens.
//!
//! `cargo bench --bench serve` starts the very program with a small set of rules, on a fresh ledger and on one that holds a day of
//! changes, prints the median of some starts and the memory a second later, and fails above 100 ms or 30 MB.
//! Then it prints how long samples and changes take while hostile queries run, and while none does.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and has failed where it cannot run"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "serve/beside.rs"]
mod beside;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const STARTS: usize = 9;
const CHANGES: u32 = 2_000;

const MOST_MILLIS: u128 = 100;
const MOST_KILOBYTES: u64 = 30 * 1024;

const RULES: &str = "\
hosts: [ hooks.example.com ]
trust: [ { files: '*', services: [shop], actions: [notify], at_most: act } ]
targets: [ { service: shop, environment: production, select: { service: shop }, owner: team } ]
gates:
  - gate: shop-canary
    owner: team
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: { service: shop, environment: production }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: 'http_requests_total{code=~\"5..\"}', of: http_requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ { confidence: 0.80, do: tell } ]
    first_release: tell
actions:
  - action: tell
    does: notify
    webhook: { url: 'https://hooks.example.com/releases' }
";

fn main() {
    let folder = std::env::temp_dir().join(format!("backstop-bench-serve-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("rules.yaml"), RULES).unwrap();
    let fresh = (0..STARTS).map(|start| format!("fresh-{start}.db")).collect::<Vec<_>>();
    fill(&folder);
    let used = vec!["used.db".to_owned(); STARTS];
    let rows = [("fresh", &fresh), ("used", &used)].map(|(what, ledgers)| {
        let mut starts: Vec<(u128, u64)> = ledgers.iter().map(|ledger| start(&folder, ledger)).collect();
        starts.sort_unstable();
        let (ready, memory) = (starts[STARTS / 2].0, starts.iter().map(|start| start.1).max().unwrap());
        println!(
            "{what} ledger: ready after {ready} ms (worst {} ms), {memory} kB while idle",
            starts[STARTS - 1].0
        );
        (ready, memory)
    });
    beside::run(&folder);
    fs::remove_dir_all(&folder).unwrap();
    for (ready, memory) in rows {
        assert!(ready < MOST_MILLIS, "{ready} ms until it is ready; {MOST_MILLIS} are the most");
        assert!(memory < MOST_KILOBYTES, "{memory} kB while idle; {MOST_KILOBYTES} are the most");
    }
}

/// A process, and where it listens once it says so.
struct Service(Child, String);

impl Service {
    fn start(folder: &Path, ledger: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        command.args(["serve", "rules.yaml", "--listen", "127.0.0.1:0", "--ledger", ledger]);
        let mut child = command.current_dir(folder).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let address =
            lines.find_map(|line| Some(line.unwrap().split_once("address=")?.1.to_owned())).unwrap();
        // What else it says is read, so that it can say it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self(child, address.split(' ').next().unwrap().to_owned())
    }

    fn ask(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        let length = body.len();
        let text = format!(
            "{head} HTTP/1.1\r\nHost: backstop\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn stop(mut self) {
        let pid = self.0.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.0.wait().unwrap().success());
    }
}

/// Milliseconds until it is ready, and kilobytes a second later.
fn start(folder: &Path, ledger: &str) -> (u128, u64) {
    let began = Instant::now();
    let service = Service::start(folder, ledger);
    while !service.ask("GET /-/ready", "").starts_with("HTTP/1.1 200") {
        sleep(Duration::from_millis(1));
    }
    let ready = began.elapsed().as_millis();
    sleep(Duration::from_secs(1));
    let status = fs::read_to_string(format!("/proc/{}/status", service.0.id())).unwrap_or_default();
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let memory = memory.and_then(|text| text.split_whitespace().next()?.parse().ok()).unwrap_or(0);
    service.stop();
    (ready, memory)
}

/// A ledger that holds many changes and the gates that waited for their traffic.
fn fill(folder: &Path) {
    let service = Service::start(folder, "used.db");
    for version in 0..CHANGES {
        let change = format!(
            r#"{{"service":"shop","environment":"production","version":"{version}","kind":"canary","id":"release-{version}"}}"#
        );
        let answer = service.ask("POST /v1/changes", &change);
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
    service.stop();
}
