//! How much a day of the ledger is, and how long it takes to write down: 10,000 gates that look every half minute.
//!
//! `cargo bench --bench ledger` writes simulated minutes of them as the server would, one transaction for each second
//! with a record for each gate whose minute is over. It prints bytes a day, rows a second and how long a transaction
//! took, and fails above 5 GB a day.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints, and has failed where it cannot run"
)]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::{Duration, Instant};

use backstop::archive::Archive;
use backstop::decision::CellId;
use backstop::gate::{Counted, Found, Look, Tally};
use backstop::ledger::{Entry, Record};
use backstop::unit::{Span, UnixMillis};

const GATES: u64 = 10_000;
const MINUTES: u64 = 10;
const SECONDS: u64 = 60;
const LOOKS: u64 = 2;
const CHECKS: u64 = 2;
const GROUPS: u64 = 8;

const DAY: u64 = 24 * 60;
const MOST_BYTES_A_DAY: u64 = 5_000_000_000;

/// Numbers that look like chance and are the same each time.
struct Counts(u64);

impl Counts {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    /// A group of about `of` events, about one in five hundred of them bad, as services differ in size.
    fn tally(&mut self, of: u64) -> Tally {
        let of = of + self.below(of / 5 + 1);
        Tally { events: (of + self.below(500)) / 500, of }
    }
}

/// What a gate saw in a minute: two looks of two checks.
fn looked(counts: &mut Counts, gate: u64, minute: u64, at: UnixMillis) -> Record {
    // From one request in ten seconds to hundreds a second, in each group.
    let size = 3 << (gate % 13);
    let mut counted = || {
        let old = (0..GROUPS).map(|_| counts.tally(size)).collect();
        Found::from(Counted { new: counts.tally(size * GROUPS / 10 + 1), old })
    };
    let mut look = |number: u64| {
        let at = at.minus(Span::from_secs(30 * (LOOKS - 1 - number)));
        Look { at, found: (0..CHECKS).map(|_| counted()).collect() }
    };
    let looks = (0..LOOKS).map(&mut look).collect();
    let first = u32::try_from(1 + minute * LOOKS).unwrap();
    Record::Looked { cell: CellId(gate.wrapping_mul(0x9e37_79b9_7f4a_7c15)), first, looks }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = std::env::temp_dir().join(format!("backstop-bench-ledger-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("ledger");
    let mut archive = Archive::open(&path, 1).await.unwrap();
    let mut counts = Counts(0x2545_f491_4f6c_dd1d);
    let (mut rows, mut payload, mut took) = (0, 0, Vec::new());
    for second in 0..MINUTES * SECONDS {
        let at = UnixMillis::new(1_795_271_400_000).plus(Span::from_secs(second));
        let gates = (0..GATES).filter(|gate| gate % SECONDS == second % SECONDS);
        let record = |gate| looked(&mut counts, gate, second / SECONDS, at);
        let begun = Instant::now();
        let entries: Vec<Entry> = gates.map(record).map(|record| Entry::of(&record, at).unwrap()).collect();
        archive.append(&entries).await.unwrap();
        took.push(begun.elapsed());
        rows += entries.len();
        payload += entries.iter().map(|entry| entry.payload().len()).sum::<usize>();
    }
    let begun = Instant::now();
    let verified = archive.reader().verify().await.unwrap();
    let verifying = begun.elapsed();
    archive.close().await.unwrap();
    report(rows, payload, took, std::fs::metadata(&path).unwrap().len());
    println!("verified {} rows in {verifying:.2?}", verified.rows);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn report(rows: usize, payload: usize, mut took: Vec<Duration>, bytes: u64) {
    took.sort();
    let total: Duration = took.iter().sum();
    let at = |share: usize| took[(took.len() - 1) * share / 100];
    let a_day = bytes * DAY / MINUTES;
    println!(
        "ledger: {GATES} gates, {MINUTES} simulated minutes: {rows} rows, {:.0} bytes each of which {:.0} are counts",
        bytes as f64 / rows as f64,
        payload as f64 / rows as f64,
    );
    println!(
        "ledger: {:.2} GB a day; {:.0} rows a second; a transaction of {} rows takes {:.2?} (p50), {:.2?} (p99), {:.2?} at most",
        a_day as f64 / 1e9,
        rows as f64 / total.as_secs_f64(),
        rows / took.len(),
        at(50),
        at(99),
        at(100),
    );
    assert!(a_day <= MOST_BYTES_A_DAY, "{a_day} bytes a day are more than {MOST_BYTES_A_DAY}");
}
