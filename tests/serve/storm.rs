//! Three hundred canaries go bad at once: whatever changes something keeps to its budget, whoever is to be told is told, and
//! of everything that is held back it is on record why, and until when.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::unit::{Span, UnixMillis};
use serde_json::{Value, json};

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{now, send};
use crate::site::Site;

/// How many services there are.
const SERVICES: usize = 300;

/// How many rollbacks there may be.
const BUDGET: usize = 5;

/// How many are sent at once.
const AT_ONCE: usize = 100;

fn service(number: usize) -> String {
    format!("shop-{number:05}")
}

/// The rung at which somebody is told.
const TOLD: &str = "{ confidence: 0.80, do: tell }";

fn gate(name: &str, fail: &str) -> String {
    format!(
        "  - gate: {name}
    owner: team
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: {{ service: \"shop-*\", environment: production }}
    every: 1s
    begins: {{ at: first_traffic, warmup: 0s, within: 10m }}
    ends: {{ after: 10m, not_before: 5s }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    checks:
      - check: errors
        proportion: {{ bad: 'http_requests_total{{code=~\"5..\"}}', of: http_requests_total }}
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ {fail} ]
    first_release: tell
"
    )
}

fn site(test: &str, receiver: SocketAddr) -> Site {
    let site = Site::new(test, &[]);
    let folder = site.path().display().to_string();
    let mut rules = format!(
        "mode: act
settle: 250ms
hosts: [ {{ host: 127.0.0.1, addresses: [127.0.0.0/8], http: true }} ]
switch_file: {folder}/off
limits: {{ everywhere: {BUDGET}/h, changes_undone_at_once: 1000, cooldown: 0s }}
secrets: {{ token: {{ file: {folder}/token }}, hook: {{ file: {folder}/hook }} }}
access: [ {{ who: pipeline, token: token, may: [change, ingest, read] }} ]
trust: [ {{ files: \"*\", services: [\"shop-*\"], actions: [rollback, notify], secrets: [hook], at_most: act }} ]
gates:
{}{}actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team
    runbook: https://runbooks.example.com/take-back
    limits: {{ cooldown: 0s }}
    webhook: {{ url: 'http://{receiver}/take-back', sign: hook, timeout: 60s }}
  - action: tell
    does: notify
    webhook: {{ url: 'http://{receiver}/tell', sign: hook, timeout: 60s }}
targets:
"
        ,gate("bell", TOLD),
        gate("canary", &format!("{TOLD}, {{ confidence: 0.99, do: take-back }}")),
    );
    for name in (0..SERVICES).map(service) {
        let _infallible = writeln!(
            rules,
            "  - {{ service: {name}, environment: production, select: {{ service: {name} }}, owner: team }}"
        );
    }
    site.write("rules.yaml", rules);
    site
}

/// What a service counts from half a minute before its canary goes bad.
fn sales(name: &str, began: UnixMillis) -> Vec<Series> {
    let of = |track: &str, code: &str, from: i64, a_second: i64| {
        let pairs = [
            ("service", name),
            ("track", track),
            ("instance", track),
            ("code", code),
            (NAME, "http_requests_total"),
        ];
        let labels =
            Labels::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()).unwrap();
        let sample = |second: i64| Sample {
            at: began.plus(Span::from_secs(u64::try_from(second + 60).unwrap())).minus(Span::from_secs(60)),
            value: f64::from(i32::try_from((second - from) * a_second).unwrap()),
        };
        Series { labels, samples: (from..240).map(|second| sample(second).into()).collect() }
    };
    vec![
        of("stable", "200", -60, 1_996),
        of("stable", "500", -60, 4),
        of("canary", "200", -30, 940),
        of("canary", "500", -30, 60),
    ]
}

/// All canaries are shipped, and then everything is sent that they count.
fn storm(process: &Process) {
    let began = UnixMillis::new(now().millis() / 1_000 * 1_000);
    let shipped = began.minus(Span::from_secs(30)).to_string();
    for name in (0..SERVICES).map(service) {
        let change = json!({
            "service": name, "environment": "production", "kind": "canary",
            "version": "2.4.1", "previous": "2.4.0", "at": shipped,
        });
        let (status, text) = process.post("/v1/changes", &change);
        assert_eq!(status, 201, "{text}");
    }
    let names: Vec<String> = (0..SERVICES).map(service).collect();
    for names in names.chunks(AT_ONCE) {
        send(process, &names.iter().flat_map(|name| sales(name, began)).collect::<Vec<_>>());
    }
}

/// What was decided last about each change, where that was about taking it back.
fn verdicts(rows: &[Value]) -> BTreeMap<String, Value> {
    let decided =
        rows.iter().map(|row| row["record"]["decided"].clone()).filter(|decided| !decided.is_null());
    let about = decided.filter(|decided| decided["case"]["wish"]["do"]["action"] == "take-back");
    about.map(|decided| (decided["cell"].as_str().unwrap().to_owned(), decided)).collect()
}

/// How many decisions there were of this course.
fn decisions(process: &Process, course: &str) -> usize {
    let (_, text) = process.get("/metrics");
    let name = format!("backstop_decisions_total{{what=\"{course}\"}} ");
    let row = text.lines().find_map(|line| line.strip_prefix(&name));
    row.and_then(|value| value.parse().ok()).unwrap_or(0)
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is told")]
fn whatever_changes_something_keeps_to_its_budget_and_every_verdict_is_on_record() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("storm", receiver.address);
    let process = site.start();
    storm(&process);
    let began = Instant::now();
    wait("everybody to be told", || (receiver.got("/tell").len() >= SERVICES).then_some(()));
    let told = began.elapsed();
    let verdicts = wait("every verdict", || {
        (decisions(&process, "Ask") >= SERVICES - BUDGET).then_some(())?;
        let verdicts = verdicts(&site.rows());
        (verdicts.len() == SERVICES).then_some(verdicts)
    });
    let took = began.elapsed();
    let acted: BTreeSet<&String> = verdicts
        .iter()
        .filter(|(_, decided)| decided["ruling"]["course"] == "act")
        .map(|(cell, _)| cell)
        .collect();
    assert_eq!(acted.len(), BUDGET);
    assert_eq!(receiver.got("/take-back").len(), BUDGET);
    for (cell, decided) in verdicts.iter().filter(|(cell, _)| !acted.contains(cell)) {
        assert_eq!(decided["ruling"]["course"], "ask", "{cell}");
        assert!(decided["ruling"]["spoke"][0]["budget"].is_object(), "{cell}: {}", decided["ruling"]);
    }
    let held = verdicts.values().find(|decided| decided["ruling"]["course"] == "ask").unwrap();
    let why = site.run(&["explain", held["id"].as_str().unwrap()]).0;
    assert!(
        why.contains("is spent (5 so far)") && why.contains("until the oldest of these are longer ago"),
        "{why}"
    );
    assert!(took < Duration::from_secs(60), "{told:?} until everybody was told, {took:?} in all");
    let told = format!(
        "{SERVICES} canaries: everybody was told in {told:?}, every verdict was on record in {took:?}"
    );
    writeln!(std::io::stderr(), "{told}").unwrap();
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is tested")]
fn switched_off_in_the_middle_of_it_nothing_goes_out_a_second_later() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("storm-off", receiver.address);
    let process = site.start();
    storm(&process);
    wait("the first of many", || receiver.got("/tell").pop());
    site.write("off", "too much at once\n");
    let off = Instant::now();
    wait("a second", || (Duration::from_secs(1) <= off.elapsed()).then_some(()));
    let sent = receiver.got("/tell").len() + receiver.got("/take-back").len();
    wait("every verdict", || {
        let decided = ["Hold", "Ask"].map(|course| decisions(&process, course));
        (SERVICES <= decided.iter().sum()).then_some(())
    });
    assert_eq!(receiver.got("/tell").len() + receiver.got("/take-back").len(), sent);
    assert!(sent < 2 * SERVICES);
    assert_eq!(process.stop().0, 0);
    site.holds();
}
