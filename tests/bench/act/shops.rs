//! The shops: of each service a stable version and a canary, whose counters follow from the time alone, and from when on the
//! canary fails.

use std::time::SystemTime;

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::source::remote_write::encode;
use backstop::unit::UnixMillis;

use crate::process::Server;

/// How many series go into one request.
const AT_ONCE: usize = 2_000;

/// What time it is, in microseconds.
#[expect(clippy::disallowed_methods, reason = "samples are of now")]
pub(crate) fn micros() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

/// What time it is, in milliseconds.
pub(crate) fn millis() -> i64 {
    micros() / 1_000
}

/// All shops.
pub(crate) struct Shops {
    began: i64,
    /// From when on the canary of each fails, and how many more of its requests do then each second.
    bad: Vec<Option<(i64, i64)>>,
    series: Vec<[Labels; 4]>,
}

/// The series of each shop: its track, the code, and how many requests it has a second. A hundredth fails on both tracks.
const PODS: [(&str, &str, i64); 4] =
    [("stable", "200", 396), ("stable", "500", 4), ("canary", "200", 99), ("canary", "500", 1)];

/// Which of them fails more once the canary is bad.
const FAILING: usize = 3;

pub(crate) fn name(service: usize) -> String {
    format!("s{service:05}")
}

impl Shops {
    /// So many of them, which counted from this moment on.
    pub(crate) fn new(services: usize, began: i64) -> Self {
        let series = (0..services).map(|service| PODS.map(|(track, code, _)| labels(service, track, code)));
        Self { began, bad: vec![None; services], series: series.collect() }
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.bad.len()
    }

    /// The canary of a service fails from this moment on.
    pub(crate) fn fails(&mut self, service: usize, from: i64, a_second: i64) {
        self.bad[service] = Some((from, a_second));
    }

    /// Sends what some services have counted at some moments.
    pub(crate) fn scrape(&self, server: &Server, services: std::ops::Range<usize>, moments: &[i64]) {
        let all: Vec<Series> = services.flat_map(|service| self.counted(service, moments)).collect();
        for some in all.chunks(AT_ONCE) {
            server.write(&encode(some));
        }
    }

    fn counted(&self, service: usize, moments: &[i64]) -> Vec<Series> {
        let one = |nth: usize| {
            let sample = |at: &i64| {
                let value = (at - self.began) * PODS[nth].2 / 1_000 + self.more(service, nth, *at);
                Sample { at: UnixMillis::new(*at), value: value as f64 }.into()
            };
            Series {
                labels: self.series[service][nth].clone(),
                samples: moments.iter().map(sample).collect(),
            }
        };
        (0..PODS.len()).map(one).collect()
    }

    /// What a bad canary failed more than it did before.
    fn more(&self, service: usize, nth: usize, at: i64) -> i64 {
        match self.bad[service] {
            Some((from, a_second)) if nth == FAILING && from <= at => (at - from) * a_second / 1_000,
            _ => 0,
        }
    }
}

fn labels(service: usize, track: &str, code: &str) -> Labels {
    let pairs = [
        (NAME, "http_requests_total".to_owned()),
        ("service", name(service)),
        ("instance", format!("{}-{track}", name(service))),
        ("track", track.to_owned()),
        ("code", code.to_owned()),
    ];
    Labels::new(pairs.map(|(name, value)| (name.to_owned(), value)).to_vec()).unwrap()
}
