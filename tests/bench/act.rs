//! How quickly a bad canary is acted on among a thousand that are watched, and what becomes of ten thousand that go bad in a
//! minute.
//!
//! `cargo bench --bench act` runs the very program on loopback, with a gate that looks each second at each of a thousand
//! canaries and more. They are scraped each second, part by part, by remote write. Looks stand on a grid, so a thousand of
//! them are due at one moment, whatever the period. In each second another canary begins to fail, and fails on, until it
//! is taken back. A receiver notes when the first byte of that webhook comes.
//!
//! What is measured is from when the look is due that leads to the rollback, until that byte: counting, the verdict, the
//! guards, the decision and the intent on disk, the request made, signed and sent. What is left out is the wait for that
//! look: from the arrival of the last sample that it counts up to the next second, and `settle` (250 ms here), for which every
//! look waits on purpose, as samples arrive late. When it was due follows from the ledger: from when on the gate counted,
//! which of its looks the decision rests on, and `settle`. One look alone multiplies the evidence by 20 at most, so it takes
//! two or three until a canary is taken back; it fails where a decision came a look later than it could have, since it is
//! surer then than one look more makes it. Beside it stands how long the disk takes, as much being written as for a rollback.
//!
//! It fails where the 99th percentile is over 100 ms. `-- --gates N --actions N` for other sizes.
//!
//! `cargo bench --bench act -- --storm 10000` has so many canaries go bad within a minute, one after the other, where five
//! rollbacks an hour are allowed. It tells how long it takes until somebody is told of each, and until every verdict is on record,
//! and fails where the budget is not kept, or where one is held back and it is not on record why.
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

#[path = "act/disk.rs"]
mod disk;
#[path = "process.rs"]
mod process;
#[path = "act/receiver.rs"]
mod receiver;
#[path = "act/shops.rs"]
mod shops;
#[path = "act/site.rs"]
mod site;
#[path = "act/storm.rs"]
mod storm;

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{Duration, Instant};

use disk::Disk;
use process::Server;
use receiver::{Got, Receiver};
use shops::{Shops, micros, millis};
use site::{Site, Terms, ship};

/// The most that 99 in 100 actions may take.
const MOST: Duration = Duration::from_millis(100);

/// How far apart scrapes of a service are, and looks at it, in seconds.
const EVERY: i64 = 1;

/// In so many parts all of them are scraped, one after the other.
const PARTS: usize = 20;

/// How far apart these are, in milliseconds.
const APART: i64 = 50;

/// For how many seconds all of them were scraped before they ship a canary.
const HISTORY: i64 = 120;

/// How many requests of a bad canary fail a second, of a hundred.
const FAILING: i64 = 60;

/// How long a look waits for samples that are late, in milliseconds.
const SETTLE: i64 = 250;

/// How much likelier than before a look makes it at the most that a canary is bad.
const MOST_AT_A_LOOK: f64 = 20.0;

/// How sure a rollback has to be.
const SURE: f64 = 0.8;

/// Distinct numbers that jump about.
const STRIDE: usize = 7_919;

/// Somebody is told where one look is not enough; the next one leads to a rollback.
const LADDER: &str = "{ confidence: 0.60, do: tell }, { confidence: 0.80, do: take-back }";

fn main() {
    let number = |flag: &str| {
        let mut args = std::env::args().skip_while(|arg| arg != flag);
        args.nth(1).map(|text| text.parse::<usize>().unwrap())
    };
    match number("--storm") {
        Some(services) => storm::run(services),
        None => run(number("--gates").unwrap_or(1_000), number("--actions").unwrap_or(300)),
    }
}

fn run(gates: usize, actions: usize) {
    // As many as are taken back are watched at first on top of those that are active to the end.
    let services = gates + actions;
    let terms = Terms { services, every: EVERY, settle: SETTLE, budget: 1_000_000, ladder: LADDER };
    let receiver = Receiver::start();
    let site = Site::new(&terms, receiver.address);
    let server = site.start();
    let mut shops = begin(&server, services);
    println!("{services} gates look each second; {actions} canaries go bad, one each second");
    let (disk, used, from) = (Disk::measure(site.path()), server.usage(), Instant::now());
    let mut second = millis() / 1_000 + 2;
    let mut bad = (0..actions).map(|action| action * STRIDE % services);
    while receiver.got("/take-back").len() < actions {
        assert!(from.elapsed() < Duration::from_secs(actions as u64 + 60), "some were never taken back");
        if let Some(service) = bad.next() {
            shops.fails(service, second * 1_000, FAILING);
        }
        scrape(&server, &shops, second);
        second += 1;
    }
    let seconds = from.elapsed().as_secs_f64();
    let now = server.usage();
    let synced = disk.stop();
    let received = receiver.got("/take-back");
    server.stop();
    let due = due(&site);
    assert_eq!((received.len(), due.len()), (actions, actions), "rollbacks, each once");
    let took = |got: &Got| span(got.at - due[&got.service] * 1_000);
    let p99 = print("from when the look was due to the webhook", received.iter().map(took).collect());
    print("fsync of 32 KiB in the same folder", synced);
    println!("{:.0} % of a core, {} MB", 100.0 * (now.seconds - used.seconds) / seconds, now.megabytes);
    assert!(p99 <= MOST, "{p99:?} at the 99th percentile; {MOST:?} are the most");
}

fn is_undo(decided: &serde_json::Value) -> bool {
    decided["case"]["wish"]["do"]["action"] == "take-back"
}

/// When the look was due that led to each rollback, in milliseconds, by the service.
fn due(site: &Site) -> BTreeMap<String, i64> {
    let (mut opened, mut due) = (BTreeMap::new(), BTreeMap::new());
    for row in site.rows() {
        let (began, decided) = (&row["record"]["opened"], &row["record"]["decided"]);
        if let Some(cell) = began["cell"].as_str() {
            let service = began["target"]["service"].as_str().unwrap().to_owned();
            opened.insert(cell.to_owned(), (service, began["from"].as_i64().unwrap()));
        }
        if let Some(cell) = decided["cell"].as_str().filter(|_| is_undo(decided)) {
            let (service, from) = opened[cell].clone();
            let sure = decided["standing"]["ln_now"].as_f64().unwrap();
            let latest = (MOST_AT_A_LOOK / (1.0 - SURE)).ln();
            assert!(sure < latest, "{service} could have been taken back a look before");
            let look = decided["look"].as_i64().unwrap();
            due.insert(service, from + look * EVERY * 1_000 + SETTLE);
        }
    }
    due
}

/// Ships the canary of each service, and waits until all of them are looked at.
fn begin(server: &Server, services: usize) -> Shops {
    let now = millis() / 1_000;
    let shops = Shops::new(services, (now - HISTORY) * 1_000);
    let history: Vec<i64> = (now - HISTORY..now).map(|second| second * 1_000).collect();
    for some in history.chunks(10) {
        shops.scrape(server, 0..services, some);
    }
    (0..services).for_each(|service| ship(server, service));
    let mut second = millis() / 1_000 + 1;
    // The first looks catch up with what was while they were shipped.
    while server.figure("backstop_looks_total") < 5 * services as u64 {
        scrape(server, &shops, second);
        second += 1;
    }
    shops
}

/// Scrapes all of them within a second, each part at its time. What could not be in time comes late.
fn scrape(server: &Server, shops: &Shops, second: i64) {
    let services = shops.count();
    let part = services.div_ceil(PARTS);
    for (first, nth) in (0..services).step_by(part).zip(0..) {
        // Nothing is scraped on the grid.
        wait_for(second * 1_000 + APART * nth + APART / 2);
        shops.scrape(server, first..services.min(first + part), &[millis()]);
    }
}

fn wait_for(at: i64) {
    sleep(span((at * 1_000 - micros()).max(0)));
}

fn span(micros: i64) -> Duration {
    Duration::from_micros(u64::try_from(micros).unwrap_or(0))
}

/// Looks again and again whether something is there by now.
fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < Duration::from_secs(600), "waited in vain for {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Prints a distribution, and tells its 99th percentile.
fn print(what: &str, mut spans: Vec<Duration>) -> Duration {
    spans.sort_unstable();
    let at = |share: usize| spans[(spans.len() - 1) * share / 100];
    let millis = |share: usize| at(share).as_secs_f64() * 1e3;
    println!(
        "{what}: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, at most {:.1} ms, of {}",
        millis(50),
        millis(90),
        millis(99),
        millis(100),
        spans.len()
    );
    at(99)
}
