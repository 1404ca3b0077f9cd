//! Native histograms from a real Prometheus: fetched for a verdict, and sent on by its remote write.

use backstop::signal::histogram::{Buckets, Parts, Resolution, Schema};
use backstop::signal::{Histogram, Labels, NAME, Observation, Sample, Series};
use backstop::unit::{Span, UnixMillis};

use crate::folder::Folder;
use crate::process::{backstop, ended, wait};
use crate::prometheus::Prometheus;
use crate::receiver::{Receiver, answer};
use crate::shop::now;
use crate::site::{Site, TOKEN, Watched};

const NAMED: &str = "http_server_request_duration_seconds";

const RULES: &str = "
targets:
  - { service: shop, environment: production, select: { service: shop } }
gates:
  - gate: latency
    upon: canary
    match: { service: shop }
    every: 30s
    begins: { at: first_traffic, warmup: 30s, within: 5m }
    ends: { after: 20m, not_before: 2m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: p99
        quantile: { q: 0.99, of: http_server_request_duration_seconds }
        fails_when: increase > 20%
        passes_when: increase < 100%
";

/// How many of a hundred requests take up to 0.125, 0.25, 0.5, 0.71 and 1 second.
const FAST: [u32; 5] = [70, 20, 9, 1, 0];
const SLOW: [u32; 5] = [55, 22, 13, 7, 3];

/// Where those lie at schema 3.
const INDEXES: [usize; 5] = [0, 8, 16, 20, 24];
const FIRST: i32 = -24;

/// What so many hundred requests make.
fn observed(shares: [u32; 5], hundreds: u32) -> Histogram {
    let mut counts = vec![0.0; 25];
    for (index, share) in INDEXES.into_iter().zip(shares) {
        counts[index] = f64::from(share * hundreds);
    }
    Histogram::new(Parts {
        schema: Schema::Exponential(Resolution::new(3).unwrap()),
        zero_threshold: 2.938_735_877_055_719e-39,
        count: f64::from(100 * hundreds),
        sum: f64::from(20 * hundreds),
        positive: Buckets::from_index(FIRST, counts).unwrap(),
        ..Parts::default()
    })
    .unwrap()
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        .unwrap()
}

/// What a pod shows from one second to another, as seen from the change, and that it is up.
fn pod(track: &str, change: UnixMillis, (from, to): (i64, i64), shares: [u32; 5]) -> Vec<Series> {
    let instance = format!("10.0.0.1:{}", track.len());
    let own = [("job", "shop"), ("instance", &instance)];
    let at = |second: i64| UnixMillis::new(change.millis() + second * 1_000);
    let moments = || (from..to).step_by(15);
    let histograms = moments()
        .zip(1..)
        .map(|(second, step)| Observation::histogram(at(second), observed(shares, 10 * step)));
    let ups = moments().map(|second| Sample { at: at(second), value: 1.0 }.into());
    let named = [&own[..], &[(NAME, NAMED), ("service", "shop"), ("track", track)]].concat();
    vec![
        Series { labels: labels(&named), samples: histograms.collect() },
        Series { labels: labels(&[&own[..], &[(NAME, "up")]].concat()), samples: ups.collect() },
    ]
}

#[test]
fn releases_are_judged_by_the_native_histograms_of_prometheus() {
    for (test, shares, code, words) in [
        ("native-fast", FAST, 0, "pass: shop in production"),
        ("native-slow", SLOW, 1, "a ratio of 1.20 is tested as 1.30"),
    ] {
        let folder = Folder::of(test);
        folder_rules(&folder);
        let named = format!("a gate reads native histograms of Prometheus: {test}");
        let Some(prometheus) = Prometheus::start(&named, folder.path()) else { return };
        let change = UnixMillis::new(now().minus(Span::from_secs(3_000)).millis() / 15_000 * 15_000);
        let mut series = pod("stable", change, (-5_400, 2_700), FAST);
        series.extend(pod("canary", change, (15, 2_700), shares));
        prometheus.take(&series);
        let mut command = backstop();
        command.current_dir(folder.path()).args([
            "gate",
            "--rules",
            "rules.yaml",
            "--url",
            &prometheus.url(),
        ]);
        let change = change.to_string();
        command.args([
            "latency",
            "--service",
            "shop",
            "--environment",
            "production",
            "--change-time",
            &change,
        ]);
        let (out, error, ended) = ended(&mut command);
        assert!(ended == code && out.contains(words), "{ended}, `{words}`: {out}{error}");
        // No classic histogram is missed where there is a native one.
        assert!(!out.contains("nothing is known of"), "{out}");
    }
}

fn folder_rules(folder: &Folder) {
    std::fs::write(folder.path().join("rules.yaml"), RULES).unwrap();
}

#[test]
fn prometheus_sends_native_histograms_on() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let receiver = receiver.address;
    let site = Site::new(
        "native-sent",
        &[Watched { service: "shop", receiver, timeout: "1s", verified: false, watch: "10m" }],
    );
    let process = site.start();
    let folder = Folder::of("native-sender");
    let config = format!(
        "remote_write:\n  - url: http://{}/api/v1/write\n    send_native_histograms: true\n    authorization: {{ credentials: {TOKEN} }}\n    \
         queue_config: {{ batch_send_deadline: 1s }}\n",
        process.address
    );
    let Some(prometheus) = Prometheus::with("Prometheus sends native histograms on", folder.path(), &config)
    else {
        return;
    };
    let figure = |name: &str| -> f64 {
        let (_, text) = process.get("/metrics");
        let line =
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
    };
    let mut step = 0;
    wait("histograms that were sent on", || {
        step += 1;
        let own = Observation::histogram(now(), observed(FAST, step));
        let named = labels(&[(NAME, NAMED), ("service", "shop"), ("track", "stable")]);
        prometheus.take(&[Series { labels: named, samples: vec![own] }]);
        (figure("backstop_samples_total{what=\"Taken\"}") > 1.5).then_some(())
    });
    // A histogram takes the room of many samples.
    let (taken, held) = (figure("backstop_samples_total{what=\"Taken\"}"), figure("backstop_store_samples"));
    assert!(held > 10.0 * taken, "{held} of {taken}");
}
