//! The storm: canaries go bad within a minute, one after the other, far more than may be taken back.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use crate::process::Server;
use crate::receiver::Receiver;
use crate::shops::{Shops, millis};
use crate::site::{Site, Terms, ship};
use crate::until;

/// How many rollbacks there may be in an hour.
const BUDGET: usize = 5;

/// How far apart looks are, in seconds, and so are scrapes.
const EVERY: i64 = 10;

/// In so many parts, so that they come evenly.
const PARTS: usize = 40;

/// How far apart these are, in milliseconds.
const APART: i64 = 250;

/// Within which time all of them go bad, in milliseconds.
const MINUTE: i64 = 60_000;

/// How many requests of a bad canary fail a second, of a hundred.
const FAILING: i64 = 10;

/// How many holds are explained by the command of that name; what is on record says it of each.
const EXPLAINED: usize = 20;

const LADDER: &str = "{ confidence: 0.80, do: tell }, { confidence: 0.99, do: take-back }";

pub(crate) fn run(services: usize) {
    let terms = Terms { services, every: EVERY, settle: 250, budget: BUDGET, ladder: LADDER };
    let receiver = Receiver::start();
    let site = Site::new(&terms, receiver.address);
    let server = site.start();
    let began = millis() / (EVERY * 1_000) * EVERY * 1_000;
    let mut shops = Shops::new(services, began - 12 * EVERY * 1_000);
    let history: Vec<i64> = (1..=12).map(|back| began - (12 - back) * EVERY * 1_000).collect();
    shops.scrape(&server, 0..services, &history);
    let shipping = Instant::now();
    (0..services).for_each(|service| ship(&server, service));
    println!("{services} canaries shipped in {:.0?}", shipping.elapsed());
    scraping(&server, &shops, services, || {
        let looks = 2 * services as u64;
        until("all of them to be looked at", || {
            (looks <= server.figure("backstop_looks_total")).then_some(())
        });
    });
    let from = millis();
    for service in 0..services {
        let nth = i64::try_from(service).unwrap();
        shops.fails(service, from + MINUTE * nth / i64::try_from(services).unwrap(), FAILING);
    }
    let (used, storm) = (server.usage(), Instant::now());
    let (told, decided) = scraping(&server, &shops, services, || {
        let told = until("somebody to be told of each", || {
            let told: BTreeSet<String> = receiver.got("/tell").into_iter().map(|got| got.service).collect();
            (services <= told.len()).then(|| storm.elapsed())
        });
        let held = (services - BUDGET) as u64;
        let decided = until("every verdict", || {
            let asked = server.figure("backstop_decisions_total{what=\"Ask\"}");
            (held <= asked).then(|| storm.elapsed())
        });
        (told, decided)
    });
    // What was decided is on disk a second later.
    let verdicts = until("every verdict on record", || {
        let verdicts = site.verdicts();
        (verdicts.len() == services).then_some(verdicts)
    });
    let now = server.usage();
    server.stop();
    let (acted, held): (Vec<_>, Vec<_>) =
        verdicts.values().partition(|decided| decided["ruling"]["course"] == "act");
    assert_eq!(acted.len(), BUDGET, "rollbacks that were decided on");
    assert_eq!(receiver.got("/take-back").len(), BUDGET, "rollbacks that were sent");
    for decided in &held {
        assert!(decided["ruling"]["spoke"][0]["budget"].is_object(), "{}", decided["ruling"]);
    }
    for decided in held.iter().step_by((held.len() / EXPLAINED).max(1)) {
        let why = site.run(&["explain", decided["id"].as_str().unwrap()]);
        assert!(why.contains("is spent (5 so far)") && why.contains("until the oldest of these"), "{why}");
    }
    site.run(&["ledger", "verify"]);
    let minute = Duration::from_millis(MINUTE as u64);
    println!("{services} canaries went bad within {minute:.0?}, looked at each {EVERY} s:");
    println!("  told of each after {told:.1?}, every verdict decided on after {decided:.1?}");
    println!("  {BUDGET} of {BUDGET} rollbacks, {} held back and explained", held.len());
    println!(
        "  {:.0} % of a core, {} MB, {} messages",
        100.0 * (now.seconds - used.seconds) / storm.elapsed().as_secs_f64(),
        now.megabytes,
        receiver.got("/tell").len()
    );
}

/// Says that it is over, however it ends.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Does something while all shops are scraped, part by part.
fn scraping<T>(server: &Server, shops: &Shops, services: usize, does: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    scope(|scope| {
        scope.spawn(|| {
            let part = services.div_ceil(PARTS);
            // Whenever it begins, each is scraped at its own time.
            for turn in millis() / APART + 1.. {
                if over.load(Ordering::SeqCst) {
                    return;
                }
                sleep(Duration::from_millis(u64::try_from(turn * APART - millis()).unwrap_or(0)));
                let from = turn as usize % PARTS * part;
                shops.scrape(server, from.min(services)..services.min(from + part), &[millis()]);
            }
        });
        let _over = Over(&over);
        does()
    })
}
