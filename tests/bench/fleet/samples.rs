//! The fleet: of each service a canary and two stable pods, whose counters follow from the time alone.

use std::time::SystemTime;

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::source::remote_write::encode;
use backstop::unit::UnixMillis;

use crate::process::{SAMPLES, send};

/// How often pods are scraped, in milliseconds.
pub(crate) const SCRAPE: i64 = 15_000;

/// How long there are samples of before the release, in milliseconds.
pub(crate) const HISTORY: i64 = 600_000;

/// How many series go into one request.
const AT_ONCE: usize = 2_000;

/// Each pod: its track, and how many requests it has a second.
const PODS: [(&str, i64); 3] = [("canary", 5), ("stable", 20), ("stable", 20)];

#[expect(clippy::disallowed_methods, reason = "samples are of now")]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap() / SCRAPE * SCRAPE
}

/// Whether a service counts under a name that no other has.
pub(crate) const fn has_own_metric(service: usize) -> bool {
    service.is_multiple_of(3)
}

/// Under which name a service counts.
pub(crate) fn metric(service: usize) -> String {
    if has_own_metric(service) { format!("s{service}_requests_total") } else { "requests_total".to_owned() }
}

/// All series of a fleet, each with how fast it grows.
pub(crate) struct Fleet(Vec<(Labels, f64)>);

impl Fleet {
    pub(crate) fn new(services: usize) -> Self {
        Self((0..services).flat_map(series).collect())
    }

    /// Sends what was scraped behind one moment and up to another, in the order of time.
    pub(crate) fn send(&self, to: &str, (from, until): (i64, i64)) {
        let moments: Vec<i64> = (from..until).step_by(15_000).map(|at| at + SCRAPE).collect();
        for some in moments.chunks(8) {
            for all in self.0.chunks(AT_ONCE) {
                let batch = all.iter().map(|(labels, speed)| {
                    let value = |at: i64| {
                        if *speed == 0.0 { 1.0 } else { ((at / 1_000 % 10_000_000) as f64 * speed).floor() }
                    };
                    let samples =
                        some.iter().map(|at| Sample { at: UnixMillis::new(*at), value: value(*at) }.into());
                    Series { labels: labels.clone(), samples: samples.collect() }
                });
                post(to, &encode(&batch.collect::<Vec<_>>()));
            }
        }
    }
}

fn series(service: usize) -> Vec<(Labels, f64)> {
    let mut all = Vec::new();
    for (number, (track, speed)) in PODS.iter().enumerate() {
        let instance = format!("s{service}-{number}");
        let own = [
            ("service", format!("s{service}")),
            ("job", format!("s{service}")),
            ("instance", instance),
            ("track", (*track).to_owned()),
        ];
        let with = |name: &str, code: Option<&str>| {
            let more =
                [(NAME, name.to_owned())].into_iter().chain(code.map(|code| ("code", code.to_owned())));
            let pairs = own.iter().cloned().chain(more);
            Labels::new(pairs.map(|(name, value)| (name.to_owned(), value)).collect()).unwrap()
        };
        all.push((with(&metric(service), Some("200")), *speed as f64));
        all.push((with(&metric(service), Some("500")), *speed as f64 / 100.0));
        all.push((with("up", None), 0.0));
    }
    all
}

fn post(to: &str, body: &[u8]) {
    let answer = send(to, ("POST /api/v1/write", SAMPLES), body);
    assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
}
