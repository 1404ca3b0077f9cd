//! Shops whose counters are sent as Prometheus would send them. What they count follows from the time alone, so what is
//! sent again says the same.

use std::time::SystemTime;

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::source::remote_write::encode;
use backstop::unit::{Span, UnixMillis};

use crate::process::Process;
use crate::site::TOKEN;

/// What time it is.
#[expect(clippy::disallowed_methods, reason = "samples and changes are of now")]
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    UnixMillis::new(i64::try_from(since.as_millis()).unwrap())
}

/// How long before the beginning of the test there were customers.
const BEFORE: Span = Span::from_secs(120);

/// How long after it there are: longer than any test.
const AFTER: Span = Span::from_secs(300);

/// How long before the beginning of the test the canary was shipped.
const SHIPPED: Span = Span::from_secs(30);

/// A shop with a stable version and a canary.
#[derive(Debug, Clone)]
pub(crate) struct Shop {
    pub(crate) service: String,
    /// When the test began, to the second.
    began: UnixMillis,
    /// When its canary was shipped.
    shipped: UnixMillis,
}

impl Shop {
    pub(crate) fn new(service: &str) -> Self {
        let began = UnixMillis::new(now().millis() / 1_000 * 1_000);
        Self { service: service.to_owned(), began, shipped: began.minus(SHIPPED) }
    }

    /// When its canary was shipped.
    pub(crate) const fn shipped(&self) -> UnixMillis {
        self.shipped
    }

    /// Ships the canary at this moment, rather than some time before it.
    pub(crate) fn ship_now(&mut self) {
        self.shipped = self.began;
    }

    /// The change that shipped its canary.
    pub(crate) fn change(&self) -> serde_json::Value {
        serde_json::json!({
            "service": self.service,
            "environment": "production",
            "kind": "canary",
            "version": "2.4.1",
            "previous": "2.4.0",
            "at": self.shipped.to_string(),
        })
    }

    /// All that is ever counted: of a thousand requests, `failing` fail in the canary, and two in the stable version.
    pub(crate) fn sales(&self, failing: i64) -> Vec<Series> {
        let (from, to) = (self.began.minus(BEFORE), self.began.plus(AFTER));
        let mut series = self.counted(("stable", "1"), from, to, 2);
        series.extend(self.counted(("stable", "2"), from, to, 2));
        series.extend(self.counted(("canary", "3"), self.shipped, to, failing));
        series
    }

    /// What a pod counts that is in service from a moment on.
    fn counted(
        &self,
        (track, instance): (&str, &str),
        from: UnixMillis,
        to: UnixMillis,
        failing: i64,
    ) -> Vec<Series> {
        let one = |code: &str, a_second: i64| {
            let service = self.service.as_str();
            let labels = [("service", service), ("instance", instance), ("track", track), ("code", code)];
            let moments = (from.millis()..to.millis()).step_by(1_000);
            let value = |at: i64| whole((at - from.millis()) / 1_000 * a_second);
            let samples =
                moments.map(|at| Sample { at: UnixMillis::new(at), value: value(at) }.into()).collect();
            Series { labels: named("http_requests_total", &labels), samples }
        };
        vec![one("200", 1_000 - failing), one("500", failing)]
    }

    /// That the platform has undone the release.
    pub(crate) fn undone(&self) -> Vec<Series> {
        let labels = named("undone", &[("service", &self.service)]);
        vec![Series { labels, samples: vec![Sample { at: now(), value: 1.0 }.into()] }]
    }
}

#[expect(clippy::cast_precision_loss, reason = "no shop sells so much")]
fn whole(value: i64) -> f64 {
    value as f64
}

fn named(name: &str, labels: &[(&str, &str)]) -> Labels {
    let pairs = labels.iter().copied().chain([(NAME, name)]);
    Labels::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()).unwrap()
}

/// What goes with samples.
pub(crate) const WRITE: &str = "POST /api/v1/write\nContent-Type: application/x-protobuf\nContent-Encoding: snappy\n\
    X-Prometheus-Remote-Write-Version: 0.1.0";

/// Sends samples.
pub(crate) fn send(process: &Process, series: &[Series]) {
    let (status, text) = process.ask(WRITE, TOKEN, &encode(series));
    assert!((200..300).contains(&status), "{status}: {text}");
}
