//! The shop: customers come, some requests fail, and its counters go out as remote write, as Prometheus would send them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Client;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::run::args::Scenario;
use crate::run::clock;
use crate::run::demo::TOKEN;
use crate::run::demo::rules::Pace;
use crate::signal::{Labels, NAME, STALE, Sample, Series};
use crate::source::remote_write::encode;
use crate::unit::UnixMillis;

/// How many pods run the stable version.
const STABLE_PODS: usize = 3;

/// The canary's share of all requests, in percent.
const CANARY_PERCENT: u64 = 10;

/// How many of a million requests fail in the stable version.
pub(super) const FAILING: u64 = 4_000;

/// How many of a million fail in a canary that went bad.
pub(super) const FAILING_BADLY: u64 = 12_000;

/// How many samples of each series go out in one request of history.
const TOGETHER: usize = 250;

/// How many scrapes after the canary is gone it is seen how the shop does.
const SCRAPES_AFTER: u32 = 5;

/// What happens to the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The canary goes bad.
    WentBad,
    /// So many of so many requests failed since the canary is gone.
    Recovered { failed: u64, of: u64 },
}

/// A pod's counters.
#[derive(Debug, Clone)]
struct Pod {
    track: &'static str,
    name: String,
    fine: u64,
    failed: u64,
}

/// A shop that is open.
pub(super) struct Shop {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// Everything that the shop does with.
struct Keeper {
    client: Client,
    backstop: SocketAddr,
    pace: Pace,
    scenario: Scenario,
    pods: Vec<Pod>,
    dice: Dice,
    canary_is_up: Arc<AtomicBool>,
    turns: UnboundedSender<Turn>,
}

impl Shop {
    /// Opens it: its past is sent, its canary goes out, and whoever ships it tells backstop so.
    pub(super) async fn open(
        backstop: SocketAddr,
        pace: Pace,
        scenario: Scenario,
        (canary_is_up, turns): (Arc<AtomicBool>, UnboundedSender<Turn>),
    ) -> Result<Self, String> {
        let client = crate::responder::client().map_err(|error| error.to_string())?;
        let pods = (1..=STABLE_PODS).map(|number| Pod::new("stable", format!("shop-{number}"))).collect();
        let mut keeper =
            Keeper { client, backstop, pace, scenario, pods, dice: Dice(7), canary_is_up, turns };
        keeper.past().await?;
        keeper.ship().await?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(keeper.run(stopped));
        Ok(Self { stop, task })
    }

    pub(super) async fn close(self) {
        // A keeper that is gone has closed already.
        self.stop.send(true).ok();
        self.task.await.ok();
    }
}

impl Keeper {
    /// Sends what the shop counted before the release.
    async fn past(&mut self) -> Result<(), String> {
        let step = self.pace.scrape;
        let steps = usize::try_from(self.pace.before.millis() / step.millis()).unwrap_or(0);
        let mut at = clock::now().minus(self.pace.before);
        let mut left = steps;
        while left > 0 {
            let now = left.min(TOGETHER);
            let mut batch: Vec<Series> = Vec::new();
            for _ in 0..now {
                at = at.plus(step);
                self.trade(false);
                join(&mut batch, self.pods.iter().flat_map(|pod| pod.series(at)));
            }
            self.send(&batch).await?;
            left -= now;
        }
        Ok(())
    }

    /// Sends the canary out, and tells backstop.
    async fn ship(&mut self) -> Result<(), String> {
        self.pods.push(Pod::new("canary", "shop-canary-1".to_owned()));
        let now = clock::now();
        let change = format!(
            r#"{{"service":"shop","environment":"production","version":"2.4.1","previous":"2.4.0","kind":"canary","at":"{now}","author":"the demo's pipeline"}}"#
        );
        let url = format!("http://{}/v1/changes", self.backstop);
        let request = self.client.post(url).bearer_auth(TOKEN).header("content-type", "application/json");
        let response = request.body(change).send().await.map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!(
                "the change was not recorded: {}",
                response.text().await.unwrap_or_default()
            ));
        }
        Ok(())
    }

    async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        let scrape = Duration::from_millis(self.pace.scrape.millis());
        let mut ticks = tokio::time::interval(scrape);
        let opened = clock::now();
        let mut is_bad = false;
        // What was counted when the canary went, and how many scrapes ago that was.
        let mut since: Option<((u64, u64), u32)> = None;
        loop {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                _ = ticks.tick() => {}
            }
            let now = clock::now();
            let bad = self.scenario == Scenario::BadCanary && opened.plus(self.pace.well) < now;
            if bad && !is_bad {
                self.tell(Turn::WentBad);
                is_bad = true;
            }
            let mut batch = Vec::new();
            if !self.canary_is_up.load(Ordering::SeqCst) {
                let gone: Vec<Pod> = self.pods.extract_if(.., |pod| pod.track == "canary").collect();
                batch.extend(gone.iter().flat_map(|pod| pod.ended(now)));
                since = since.or(Some((self.counted(), 0)));
            }
            self.trade(bad);
            if let Some(((failed, of), scrapes)) = &mut since {
                *scrapes += 1;
                if *scrapes == SCRAPES_AFTER {
                    let now = self.counted();
                    self.tell(Turn::Recovered { failed: now.0 - *failed, of: now.1 - *of });
                }
            }
            batch.extend(self.pods.iter().flat_map(|pod| pod.series(now)));
            // What cannot be sent is sent with the next: counters tell of everything before.
            self.send(&batch).await.ok();
        }
    }

    /// How many requests failed, of how many.
    fn counted(&self) -> (u64, u64) {
        let pods = self.pods.iter();
        pods.fold((0, 0), |(failed, of), pod| (failed + pod.failed, of + pod.failed + pod.fine))
    }

    /// Whoever stopped listening is told nothing.
    fn tell(&self, turn: Turn) {
        self.turns.send(turn).ok();
    }

    /// Serves the customers of one scrape.
    fn trade(&mut self, bad: bool) {
        let all = self.pace.requests * self.pace.scrape.millis();
        let canary = self.pods.iter().any(|pod| pod.track == "canary");
        let canary_share = if canary { CANARY_PERCENT } else { 0 };
        for pod in &mut self.pods {
            let (percent, failing) = match pod.track {
                "canary" => (canary_share, if bad { FAILING_BADLY } else { FAILING }),
                _ => ((100 - canary_share) / STABLE_PODS as u64, FAILING),
            };
            // In thousandths of a request, so that a shop with few customers has some of them now and then.
            let came = self.dice.about(all * percent / 100);
            let failed = self.dice.about(came * failing / 1_000).min(came);
            pod.failed += failed;
            pod.fine += came - failed;
        }
    }

    async fn send(&self, batch: &[Series]) -> Result<(), String> {
        let url = format!("http://{}/api/v1/write", self.backstop);
        let request = self
            .client
            .post(url)
            .bearer_auth(TOKEN)
            .header("content-type", "application/x-protobuf")
            .header("content-encoding", "snappy")
            .header("x-prometheus-remote-write-version", "0.1.0");
        let body = encode(batch);
        let response = request.body(body).send().await.map_err(|error| error.to_string())?;
        if response.status().is_success() {
            return Ok(());
        }
        Err(format!("samples were not taken: {}", response.text().await.unwrap_or_default()))
    }
}

impl Pod {
    const fn new(track: &'static str, name: String) -> Self {
        Self { track, name, fine: 0, failed: 0 }
    }

    #[expect(clippy::cast_precision_loss, reason = "a shop has fewer customers than 2^53")]
    fn series(&self, at: UnixMillis) -> Vec<Series> {
        let one = |code: &str, value: u64| self.one(code, Sample { at, value: value as f64 });
        vec![one("200", self.fine), one("500", self.failed)]
    }

    /// As Prometheus says that a series ended.
    fn ended(&self, at: UnixMillis) -> Vec<Series> {
        ["200", "500"].map(|code| self.one(code, Sample { at, value: f64::from_bits(STALE) })).to_vec()
    }

    fn one(&self, code: &str, sample: Sample) -> Series {
        let pairs = [
            (NAME, "http_requests_total"),
            ("service", "shop"),
            ("job", "shop"),
            ("instance", &self.name),
            ("track", self.track),
            ("code", code),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Series { labels: Labels::new(pairs).unwrap_or_default(), samples: vec![sample.into()] }
    }
}

/// Puts samples of the same series together.
fn join(batch: &mut Vec<Series>, more: impl Iterator<Item = Series>) {
    for series in more {
        match batch.iter_mut().find(|known| known.labels == series.labels) {
            Some(known) => known.samples.extend(series.samples),
            None => batch.push(series),
        }
    }
}

/// Chance that comes out the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// About so many thousandths, as a whole number that comes near to it in the long run.
    fn about(&mut self, thousandths: u64) -> u64 {
        let varied = thousandths * (900 + self.below(201)) / 1_000;
        varied / 1_000 + u64::from(self.below(1_000) < varied % 1_000)
    }
}
