//! What has to hold of a world once it was lived through, and of all of them together.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use backstop::archive::Archive;
use backstop::decision::Kind;
use backstop::ledger::Row;
use backstop::run::review::review;
use tokio::runtime::{Handle, Runtime};

use crate::Planted;
use crate::life::Life;
use crate::outside::{Outside, REFUSED, Request};
use crate::plan::{Health, MINUTE, Plan};
use crate::rules::{Ceilings, DEPLOYED};

/// The share of harmless releases that may be taken for bad ones.
const ALPHA: f64 = 0.01;

/// How long after a decision something may still go out.
const EXPIRES: i64 = 5 * MINUTE;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A folder for a ledger: in memory where that can be had, since each commit waits for the disk.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(format!("backstop-sim-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What is left among temporary files harms nobody.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// A world that was lived through.
pub(crate) struct World {
    pub(crate) faults: Vec<String>,
    pub(crate) rows: Vec<Row>,
    /// How many bad releases that ran while everything was refused were taken back, of how many.
    pub(crate) bad_at_refusal: (u64, u64),
    sum: Sum,
}

impl World {
    pub(crate) fn lived(seed: u64, planted: Planted) -> Self {
        Self::live(seed, planted, false)
    }

    pub(crate) fn told(seed: u64, verbose: bool) -> Self {
        Self::live(seed, Planted::Nothing, verbose)
    }

    fn live(seed: u64, planted: Planted, verbose: bool) -> Self {
        let place = Place::new();
        let runtime = Runtime::new().unwrap();
        let mut life = Life::new(seed, &place.0, runtime.handle(), planted, verbose);
        life.live();
        let (outside, plan, restarts) = life.end();
        let mut world =
            Self { faults: Vec::new(), rows: Vec::new(), bad_at_refusal: (0, 0), sum: Sum::default() };
        world.sum.restarts = restarts;
        world.ledger(&place.0.join("ledger.db"), runtime.handle());
        world.keys(&outside);
        world.budgets(&plan, &outside);
        world.count(&plan, &outside);
        if verbose {
            println!("{:#?}\n{}", plan, world.sum);
        }
        // What went wrong first is what all else follows from.
        world.faults.splice(0..0, outside.faults.into_iter().chain(outside.tail.faults));
        world.rows = outside.tail.rows;
        world
    }

    /// The ledger verifies, every decision comes out again the same, and nothing in it is open.
    fn ledger(&mut self, ledger: &Path, handle: &Handle) {
        let reader = handle.block_on(Archive::read_only(ledger)).unwrap();
        let review = handle.block_on(review(&reader)).unwrap();
        self.faults.extend(review.faults.iter().map(|fault| format!("review: {fault}")));
        self.sum.replayed = review.replayed as u64;
        for open in handle.block_on(reader.open_intentions()).unwrap() {
            self.faults.push(format!("end: the intention {} is open", open.key));
        }
        for open in handle.block_on(reader.open_cells()).unwrap() {
            self.faults.push(format!("end: the cell {} is open", open.cell));
        }
    }

    /// One key for each change, target and action.
    fn keys(&mut self, outside: &Outside) {
        let mut keys = BTreeMap::new();
        let own = outside.requests.iter().filter(|request| request.intention.page.is_none());
        for Request { key, intention, .. } in own {
            let what = (&intention.change, &intention.target, &intention.action);
            let first = keys.entry(what).or_insert(key);
            if *first != key {
                self.faults.push(format!("two keys: {first} and {key} are of one action on one change"));
            }
        }
        let mut effects = BTreeSet::new();
        for (key, done) in outside.done.iter().filter(|(_, done)| done.kind != Kind::Notify) {
            if !effects.insert((done.kind, &done.change, done.service)) {
                self.faults.push(format!("two effects: {key} was the second for its change"));
            }
        }
    }

    /// What was received, counted again against what was allowed.
    fn budgets(&mut self, plan: &Plan, outside: &Outside) {
        let mut first: BTreeMap<_, &Request> = BTreeMap::new();
        for request in outside.requests.iter().filter(|request| request.intention.kind.changes_target()) {
            first.entry(&request.key).or_insert(request);
        }
        let requests: Vec<&Request> = first.into_values().collect();
        let Ceilings { everywhere, per_service, own, .. } = plan.ceilings;
        let mut groups: BTreeMap<String, (&str, Vec<&Request>)> = BTreeMap::new();
        for request in requests {
            let (service, action) = (request.service, &request.intention.action);
            for (name, rate) in [
                ("everywhere".to_owned(), everywhere),
                (format!("on s{service}"), per_service),
                (format!("of {action}"), own),
            ] {
                groups.entry(name).or_insert((rate, Vec::new())).1.push(request);
            }
        }
        for (name, (rate, requests)) in groups {
            let (times, per) = Ceilings::rate(rate);
            let most = |mut moments: Vec<i64>, per: i64| {
                moments.sort_unstable();
                let ends = moments.iter();
                ends.map(|end| moments.iter().filter(|at| end - per < **at && *at <= end).count()).max()
            };
            let decided = requests.iter().map(|request| request.intention.at.millis()).collect();
            let came = requests.iter().map(|request| request.came).collect();
            let by_its_clock = most(decided, per);
            // What is decided may still go out a while later, so that much less is sure of what came.
            let in_truth = if plan.steps { None } else { most(came, per - EXPIRES) };
            for found in [by_its_clock, in_truth].into_iter().flatten() {
                if usize::try_from(times).unwrap() < found {
                    self.faults.push(format!("budget: {found} {name} in a stretch of {rate}"));
                }
            }
        }
    }

    fn count(&mut self, plan: &Plan, outside: &Outside) {
        let sum = &mut self.sum;
        let done = |kind: Kind, change: &str| {
            outside.done.values().any(|done| done.kind == kind && done.change == change)
        };
        for rollout in &plan.rollouts {
            sum.rollouts += 1;
            let back = done(Kind::Rollback, &rollout.id);
            sum.rolled_back += u64::from(back);
            sum.paused += u64::from(done(Kind::Pause, &rollout.id));
            if DEPLOYED <= rollout.service {
                continue;
            }
            match rollout.health {
                Health::Healthy | Health::Slightly => {
                    sum.harmless += 1;
                    sum.alarms += u64::from(outside.tail.alarmed.contains(&rollout.id));
                }
                Health::Bad if !rollout.again && rollout.attested => {
                    let place = if plan.calm { &mut sum.bad_in_calm } else { &mut sum.bad };
                    place.0 += u64::from(back);
                    place.1 += 1;
                    // They were decided on before, and are still watched.
                    if (REFUSED - 15 * MINUTE..REFUSED - 6 * MINUTE).contains(&rollout.at) {
                        self.bad_at_refusal.0 += u64::from(back);
                        self.bad_at_refusal.1 += 1;
                    }
                }
                Health::Silent if back => self.faults.push(format!("{} had no traffic", rollout.id)),
                Health::Silent | Health::Bad | Health::BadLater => {}
            }
        }
        let came = |word| outside.tail.recoveries.get(word).copied().unwrap_or_default();
        let place = if plan.calm { &mut sum.recovered_in_calm } else { &mut sum.recovered };
        *place = (came("recovered"), came("unrecovered"));
        sum.worlds = 1;
        sum.held = outside.tail.decisions[1] + outside.tail.decisions[2];
        sum.deaths = outside.deaths;
        sum.retries = outside.tail.retries;
        sum.reloads = outside.tail.reloads;
        sum.withdrawn = outside.tail.withdrawn;
        sum.requests = outside.requests.len() as u64;
        sum.verified = outside.verified;
        sum.verified_in_vain = outside.verified_in_vain;
        sum.cut = outside.cut;
        sum.rows = outside.tail.rows.len() as u64;
    }
}

/// What came of all worlds together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sum {
    worlds: u64,
    rollouts: u64,
    rolled_back: u64,
    paused: u64,
    held: u64,
    deaths: u64,
    restarts: u64,
    reloads: u64,
    withdrawn: u64,
    requests: u64,
    retries: u64,
    verified: u64,
    verified_in_vain: u64,
    cut: u64,
    replayed: u64,
    rows: u64,
    harmless: u64,
    alarms: u64,
    /// How many of the bad ones were taken back, of how many.
    bad: (u64, u64),
    bad_in_calm: (u64, u64),
    /// After how many of those that were taken back things were seen to be well, and after how many they were not in time.
    recovered: (u64, u64),
    recovered_in_calm: (u64, u64),
}

impl Sum {
    pub(crate) fn add(&mut self, world: &World) {
        let other = &world.sum;
        for (own, other) in [
            (&mut self.worlds, other.worlds),
            (&mut self.rollouts, other.rollouts),
            (&mut self.rolled_back, other.rolled_back),
            (&mut self.paused, other.paused),
            (&mut self.held, other.held),
            (&mut self.deaths, other.deaths),
            (&mut self.restarts, other.restarts),
            (&mut self.reloads, other.reloads),
            (&mut self.withdrawn, other.withdrawn),
            (&mut self.requests, other.requests),
            (&mut self.retries, other.retries),
            (&mut self.verified, other.verified),
            (&mut self.verified_in_vain, other.verified_in_vain),
            (&mut self.cut, other.cut),
            (&mut self.replayed, other.replayed),
            (&mut self.rows, other.rows),
            (&mut self.harmless, other.harmless),
            (&mut self.alarms, other.alarms),
            (&mut self.bad.0, other.bad.0),
            (&mut self.bad.1, other.bad.1),
            (&mut self.bad_in_calm.0, other.bad_in_calm.0),
            (&mut self.bad_in_calm.1, other.bad_in_calm.1),
            (&mut self.recovered.0, other.recovered.0),
            (&mut self.recovered.1, other.recovered.1),
            (&mut self.recovered_in_calm.0, other.recovered_in_calm.0),
            (&mut self.recovered_in_calm.1, other.recovered_in_calm.1),
        ] {
            *own += other;
        }
    }

    /// What has to hold of many worlds.
    #[expect(clippy::cast_precision_loss, reason = "there are fewer worlds than 2^53")]
    pub(crate) fn hold(&self) {
        let mean = self.harmless as f64 * ALPHA;
        let most = mean + 3.0 * (mean * (1.0 - ALPHA)).sqrt();
        assert!(self.alarms as f64 <= most, "{} of {} harmless releases", self.alarms, self.harmless);
        let (back, of) = self.bad_in_calm;
        assert!(of * 9 <= back * 10, "only {back} of {of} bad releases were taken back in calm");
        // What was taken back does no harm any more, so nobody is woken where nothing else goes wrong.
        let (well, not) = self.recovered_in_calm;
        assert!(0 < well && not * 50 <= well, "{not} of {} did not get well in calm", well + not);
        let Self { worlds, reloads, withdrawn, cut, .. } = self;
        assert!(worlds <= cut, "only {cut} looks were counted for too long");
        assert!(*worlds <= *reloads && *worlds <= *withdrawn, "{reloads} reloads withdrew {withdrawn} gates");
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} worlds, {} rollouts: {} rolled back, {} paused; {} decisions held; {} deaths, {} restarts, {} reloads, {} \
             gates withdrawn; {} requests, \
             {} retries, {} verified ({} of them in vain); {} looks cut; {} rows, {} decisions replayed; {} false alarms of {} harmless; \
             {:?} of the bad taken back, in calm {:?}; {:?} well again or not after that, in calm {:?}",
            self.worlds,
            self.rollouts,
            self.rolled_back,
            self.paused,
            self.held,
            self.deaths,
            self.restarts,
            self.reloads,
            self.withdrawn,
            self.requests,
            self.retries,
            self.verified,
            self.verified_in_vain,
            self.cut,
            self.rows,
            self.replayed,
            self.alarms,
            self.harmless,
            self.bad,
            self.bad_in_calm,
            self.recovered,
            self.recovered_in_calm,
        )
    }
}
