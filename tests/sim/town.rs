//! The town: services with their pods and customers, and the counters that tell of them.

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::unit::UnixMillis;

use crate::dice::Dice;
use crate::plan::{Gap, Health, MINUTE, Plan, Rollout};
use crate::rules::{DEPLOYED, SERVICES};

/// How far apart samples are.
pub(crate) const SCRAPE: i64 = 15_000;

/// How long a canary runs where nobody takes it back.
pub(crate) const CANARY: i64 = 23 * MINUTE;

/// How long a canary that goes bad later is well.
const WELL: i64 = 6 * MINUTE;

/// A process with its counters.
#[derive(Debug, Clone)]
struct Pod {
    labels: [Labels; 2],
    counts: [u64; 2],
    /// Whether a counter is there before its first event.
    eager: bool,
}

/// A new version beside the old one.
#[derive(Debug, Clone)]
struct Canary {
    change: String,
    since: i64,
    health: Health,
    pods: Vec<Pod>,
}

/// A service.
#[derive(Debug, Clone)]
struct Service {
    name: String,
    /// How many requests come between two samples, and which share of them fails.
    requests: f64,
    failing: f64,
    stable: Vec<Pod>,
    canary: Option<Canary>,
    /// What runs in place of everything before.
    deployed: Option<(String, i64, Health)>,
    /// How it is held: not at all, where it is, or by having been taken back.
    held: f64,
    pods: u32,
    /// When everybody's requests fail more often.
    incident: i64,
}

/// A town.
#[derive(Debug, Clone)]
pub(crate) struct Town {
    services: Vec<Service>,
    dice: Dice,
    gaps: Vec<Gap>,
    twice: u64,
    late: u64,
    /// Batches that come late, with when.
    held: Vec<(i64, Vec<Series>)>,
    last: Vec<Series>,
}

impl Pod {
    fn new(service: &str, track: &str, number: u32, eager: bool) -> Self {
        let instance = format!("{service}-{number}");
        let labels = ["200", "500"].map(|code| {
            let pairs = [
                (NAME, "http_requests_total"),
                ("service", service),
                ("job", service),
                ("instance", &instance),
                ("track", track),
                ("code", code),
            ];
            labels(&pairs)
        });
        Self { labels, counts: [0, 0], eager }
    }

    fn serve(&mut self, dice: &mut Dice, requests: f64, failing: f64) {
        self.counts[0] += dice.events(requests * (1.0 - failing));
        self.counts[1] += dice.events(requests * failing);
    }

    #[expect(clippy::cast_precision_loss, reason = "a town has fewer customers than 2^53")]
    fn told(&self, at: UnixMillis) -> impl Iterator<Item = Series> {
        let counters = self.labels.iter().zip(self.counts);
        counters
            .filter(|(_, count)| self.eager || 0 < *count)
            .map(move |(labels, count)| series(labels, at, count as f64))
    }
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Labels::new(pairs).unwrap()
}

fn series(labels: &Labels, at: UnixMillis, value: f64) -> Series {
    Series { labels: labels.clone(), samples: vec![Sample { at, value }.into()] }
}

impl Town {
    pub(crate) fn of(seed: u64, plan: &Plan) -> Self {
        let mut dice = Dice::new(seed, 2);
        let services = (0..SERVICES).map(|number| Service::new(number, &mut dice)).collect();
        let (gaps, twice, late) = (plan.gaps.clone(), plan.twice, plan.late);
        Self { services, dice, gaps, twice, late, held: Vec::new(), last: Vec::new() }
    }

    /// A release goes out.
    pub(crate) fn release(&mut self, rollout: &Rollout) {
        let service = &mut self.services[rollout.service];
        service.held = 0.0;
        if DEPLOYED <= rollout.service {
            service.deployed = Some((rollout.id.clone(), rollout.at, rollout.health));
            return;
        }
        let number = service.next_pod();
        let pods = vec![Pod::new(&service.name, "canary", number, self.dice.chance(700))];
        let (change, since, health) = (rollout.id.clone(), rollout.at, rollout.health);
        service.canary = Some(Canary { change, since, health, pods });
    }

    /// A release is taken back; another one that runs there meanwhile is left alone.
    pub(crate) fn take_back(&mut self, service: usize, change: &str) {
        let service = &mut self.services[service];
        if service.canary.as_ref().is_some_and(|canary| canary.change == change) {
            service.canary = None;
        }
        if service.deployed.as_ref().is_some_and(|(deployed, ..)| deployed == change) {
            service.deployed = None;
            service.held = 2.0;
        }
    }

    pub(crate) fn pause(&mut self, service: usize) {
        self.services[service].held = 1.0;
    }

    /// A pod begins again, and its counters with it.
    pub(crate) fn reset(&mut self, service: usize) {
        self.services[service].stable[0].counts = [0, 0];
    }

    /// The batches that come in at this moment.
    pub(crate) fn batches(&mut self, at: i64, beginning: UnixMillis) -> Vec<Vec<Series>> {
        let time = UnixMillis::new(beginning.millis() + at);
        let mut batch = Vec::new();
        for (number, service) in self.services.iter_mut().enumerate() {
            service.serve(at, &mut self.dice);
            let silent = |canary: bool| {
                self.gaps.iter().any(|gap| {
                    gap.service == number
                        && gap.canary.is_none_or(|track| track == canary)
                        && (gap.from..gap.to).contains(&at)
                })
            };
            service.tell(time, (silent(false), silent(true)), &mut batch);
        }
        let mut batches: Vec<Vec<Series>> =
            self.held.extract_if(.., |(due, _)| *due <= at).map(|(_, held)| held).collect();
        if self.dice.chance(self.late) {
            let due = at + self.dice.from(1, 8) * SCRAPE;
            self.held.push((due, batch));
        } else {
            if self.dice.chance(self.twice) {
                batches.push(batch.clone());
            }
            if self.dice.chance(self.twice) {
                batches.push(self.last.clone());
            }
            if 0 < self.twice {
                self.last.clone_from(&batch);
            }
            batches.push(batch);
        }
        batches
    }
}

impl Service {
    fn new(number: usize, dice: &mut Dice) -> Self {
        let name = format!("s{number}");
        let eager = !dice.chance(300);
        let stable = (0..2).map(|pod| Pod::new(&name, "stable", pod, eager)).collect();
        let (requests, failing) = (200.0 + 600.0 * dice.share(), 0.002 + 0.01 * dice.share());
        let incident =
            if number < DEPLOYED && dice.chance(300) { dice.from(0, 90) * MINUTE } else { i64::MAX };
        Self { name, requests, failing, stable, canary: None, deployed: None, held: 0.0, pods: 2, incident }
    }

    fn next_pod(&mut self) -> u32 {
        self.pods += 1;
        self.pods
    }

    fn serve(&mut self, at: i64, dice: &mut Dice) {
        if self.canary.as_ref().is_some_and(|canary| canary.since + CANARY <= at) {
            self.canary = None;
        }
        let incident = self.incident <= at && at < self.incident.saturating_add(4 * MINUTE);
        let failing = if incident { self.failing * 4.0 } else { self.failing };
        let deployed = self.deployed.as_ref();
        let deployed = deployed.map_or(failing, |(_, since, health)| worse(failing, *health, at - since));
        for pod in &mut self.stable {
            pod.serve(dice, self.requests / 2.0, deployed);
        }
        let Some(canary) = &mut self.canary else { return };
        let requests = if canary.health == Health::Silent { 0.0 } else { self.requests / 5.0 };
        let failing = worse(failing, canary.health, at - canary.since);
        for pod in &mut canary.pods {
            pod.serve(dice, requests, failing);
        }
    }

    fn tell(&self, at: UnixMillis, (stable, canary): (bool, bool), batch: &mut Vec<Series>) {
        if !stable {
            batch.extend(self.stable.iter().flat_map(|pod| pod.told(at)));
            let gauge = labels(&[(NAME, "release_held"), ("service", &self.name)]);
            batch.push(series(&gauge, at, self.held));
        }
        if !canary {
            let pods = self.canary.iter().flat_map(|canary| &canary.pods);
            batch.extend(pods.flat_map(|pod| pod.told(at)));
        }
    }
}

/// The share that fails in a new version.
fn worse(failing: f64, health: Health, for_so_long: i64) -> f64 {
    match health {
        Health::Healthy | Health::Silent => failing,
        Health::Slightly => failing * 1.15,
        Health::BadLater if for_so_long < WELL => failing,
        Health::Bad | Health::BadLater => failing * 4.0 + 0.02,
    }
}
