//! `backstop gate`: releases of the past, and one of now, judged from a real Prometheus; and from servers that are none.

use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use backstop::signal::{Labels, NAME, Observation, Sample, Series};
use backstop::source::prometheus::MOST_SERIES;
use backstop::unit::{Span, UnixMillis};
use serde_json::Value;

use crate::folder::Folder;
use crate::process::{backstop, ended, said, wait};
use crate::prometheus::Prometheus;
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, now};

/// How long before the beginning of the test the change was that is judged.
const AGO: Span = Span::from_secs(5_400);

/// How often Prometheus scraped.
const SCRAPE: i64 = 15_000;

/// How many seconds a pod serves before it is first scraped.
const UNSEEN: i64 = 10;

const TARGETS: &str = "
targets:
  - { service: shop, environment: production, select: { service: shop }, labels: { tier: web } }
  - { service: cart, environment: production, select: { service: cart } }
  - { service: huge, environment: production, select: { service: huge } }
  - { service: twice, environment: production, select: { service: twice, at: here } }
  - { service: twice, environment: staging, select: { service: twice, at: there } }
gates:
";

const DEPLOYMENT: &str = "
  - gate: deployment
    match: { service: shop }
    every: 30s
    begins: { at: change, warmup: 30s, within: 5m }
    ends: { after: 20m, not_before: 2m }
    compare: { after: before, baseline: 4h }
    checks:
      - check: errors
        proportion: { bad: 'http_requests_total{code=~\"5..\"}', of: http_requests_total }
        fails_when: ratio > 1.25
        passes_when: ratio < 2
";

/// The same for every service, so each is counted beside the others.
fn for_all() -> String {
    DEPLOYMENT
        .replace("gate: deployment", "gate: for-all")
        .replace("service: shop", "environment: production")
}

/// Gates of canaries: for whom each is, and what it counts.
const CANARIES: [(&str, &str, &str); 6] = [
    (
        "canary",
        "environment: [production, staging]",
        "bad: 'http_requests_total{code=~\"5..\"}', of: http_requests_total",
    ),
    ("misspelt", "service: shop", "bad: 'http_request_total{code=~\"5..\"}', of: http_request_total"),
    ("misspelt-errors", "service: shop", "bad: http_request_errors_total, of: http_requests_total"),
    (
        "lately",
        "service: shop",
        "bad: 'http_requests_total{code=\"503\"}', of: http_requests_total, absent_bad: zero_if_seen_in 12h",
    ),
    (
        "too-lately",
        "service: shop",
        "bad: 'http_requests_total{code=\"503\"}', of: http_requests_total, absent_bad: zero_if_seen_in 4h",
    ),
    ("web", "tier: web", "bad: 'http_requests_total{code=~\"5..\"}', of: http_requests_total"),
];

fn rules() -> String {
    let canary = |(gate, matches, proportion): (&str, &str, &str)| {
        format!(
            "
  - gate: {gate}
    upon: canary
    match: {{ {matches} }}
    every: 30s
    begins: {{ at: first_traffic, warmup: 30s, within: 5m }}
    ends: {{ after: 20m, not_before: 2m }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    checks:
      - check: errors
        proportion: {{ {proportion} }}
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
"
        )
    };
    let canaries: String = CANARIES.into_iter().map(canary).collect();
    format!("{TARGETS}{canaries}{DEPLOYMENT}{}", for_all())
}

/// A folder with rules, and a Prometheus in it; nothing where there is none.
struct Site {
    folder: Folder,
    prometheus: Prometheus,
    /// When the change was.
    change: UnixMillis,
}

/// A pod that serves requests.
#[derive(Clone, Copy)]
struct Pod<'a> {
    track: &'a str,
    instance: &'a str,
    /// Since when, and until when, in seconds from the change.
    serves: (i64, i64),
    /// How many requests a minute, and how many in a thousand of them fail.
    a_minute: i64,
    failing: i64,
}

const STABLE: Pod<'_> =
    Pod { track: "stable", instance: "10.0.0.1:80", serves: (-9_000, 5_400), a_minute: 12_000, failing: 4 };
const OTHER: Pod<'_> = Pod { instance: "10.0.0.2:80", ..STABLE };
const CANARY: Pod<'_> =
    Pod { track: "canary", instance: "10.0.0.3:80", serves: (0, 5_400), a_minute: 6_000, failing: 4 };

impl Pod<'_> {
    /// How many requests of a kind it has served by a moment, in milliseconds from the change: from its start on, which
    /// was some time before it was first scraped.
    fn served(&self, at: i64, failed: bool) -> i64 {
        let served = (at - (self.serves.0 - UNSEEN) * 1_000).max(0) * self.a_minute / 60_000;
        let failing = served * self.failing / 1_000;
        if failed { failing } else { served - failing }
    }

    /// What Prometheus scrapes of it.
    fn scraped(&self, service: &str, change: UnixMillis) -> Vec<Series> {
        let (from, to) = (self.serves.0 * 1_000, self.serves.1 * 1_000);
        let of = |name: &str, more: &[(&str, &str)], value: &dyn Fn(i64) -> i64| {
            let own = [(NAME, name), ("job", "shop"), ("instance", self.instance)];
            let moments = (from..to).step_by(15_000);
            let sample =
                |at: i64| Sample { at: UnixMillis::new(change.millis() + at), value: whole(value(at)) };
            Series {
                labels: labels(&[&own, more].concat()),
                samples: moments.map(sample).map(Into::into).collect(),
            }
        };
        let with = |code| [("service", service), ("track", self.track), ("code", code)];
        let start = (change.millis() + from) / 1_000 - UNSEEN;
        vec![
            of("http_requests_total", &with("200"), &|at| self.served(at, false)),
            of("http_requests_total", &with("500"), &|at| self.served(at, true)),
            of("up", &[], &|_| 1),
            of("process_start_time_seconds", &[], &|_| start),
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "no shop sells so much")]
fn whole(value: i64) -> f64 {
    value as f64
}

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        .unwrap()
}

impl Site {
    /// With a shop of these pods.
    fn new(test: &str, pods: &[Pod<'_>]) -> Option<Self> {
        Self::with(test, |change| pods.iter().flat_map(|pod| pod.scraped("shop", change)).collect())
    }

    /// With these series.
    fn with(test: &str, series: impl FnOnce(UnixMillis) -> Vec<Series>) -> Option<Self> {
        let folder = Folder::of(&format!("gate-{test}"));
        std::fs::write(folder.path().join("rules.yaml"), rules()).unwrap();
        let prometheus = Prometheus::start(&format!("a gate asks Prometheus: {test}"), folder.path())?;
        let change = UnixMillis::new(now().minus(AGO).millis() / SCRAPE * SCRAPE);
        prometheus.take(&series(change));
        Some(Self { folder, prometheus, change })
    }

    /// Judges the shop's change by a gate, with more arguments.
    fn judge(&self, gate: &str, more: &[&str]) -> (String, String, i32) {
        let change = self.change.to_string();
        let args = ["--service", "shop", "--environment", "production", "--change-time", &change];
        ended(asking(self.folder.path(), &self.prometheus.url()).arg(gate).args(args).args(more))
    }

    fn json(&self, gate: &str) -> (Value, i32) {
        let (out, error, code) = self.judge(gate, &["--output", "json"]);
        (serde_json::from_str(&out).unwrap_or_else(|why| panic!("{why}: {out}{error}")), code)
    }
}

/// The command, with the rules of a folder and a server to ask.
fn asking(folder: &Path, url: &str) -> Command {
    let mut command = backstop();
    command.env_remove("BACKSTOP_PROMETHEUS_TOKEN").env_remove("BACKSTOP_PROMETHEUS_PASSWORD");
    command.current_dir(folder).args(["gate", "--rules", "rules.yaml", "--url", url]);
    command
}

#[test]
fn a_release_of_the_past_is_judged_at_once() {
    // A pod that comes in the middle of it has served before it is first scraped. That counts, and no pod's past does.
    let second = Pod { instance: "10.0.0.4:80", serves: (600, 5_400), ..CANARY };
    let Some(site) = Site::new("healthy", &[STABLE, OTHER, CANARY, second]) else { return };
    let (out, error, code) = site.judge("canary", &[]);
    assert_eq!(code, 0, "{out}{error}");
    for words in [
        "pass: shop in production\n",
        "passes when ratio < 2",
        "  pass: it is proved that",
        "its verdict is final",
    ] {
        assert!(out.contains(words), "`{words}` is not in\n{out}");
    }
    let (json, code) = site.json("canary");
    assert_eq!(
        (code, &json["verdict"], &json["exit"], &json["final"]),
        (0, &"pass".into(), &0.into(), &true.into())
    );
    assert_eq!(
        (&json["looks"], &json["planned"], &json["notes"]),
        (&40.into(), &40.into(), &serde_json::json!([]))
    );
    // Every request is counted, and none twice.
    let from: UnixMillis = json["from"].as_str().unwrap().parse().unwrap();
    let (from, to) = (from.millis() - site.change.millis(), from.millis() + 1_200_000 - site.change.millis());
    let between = |pod: &Pod<'_>, failed| {
        let scraped = |at: i64| {
            let last = at.div_euclid(SCRAPE) * SCRAPE;
            if last < pod.serves.0 * 1_000 { 0 } else { pod.served(last, failed) }
        };
        scraped(to) - scraped(from)
    };
    let all = |pod: &Pod<'_>| between(pod, false) + between(pod, true);
    let check = &json["checks"][0];
    assert_eq!(
        (&check["new"]["of"], &check["new"]["events"]),
        (&(all(&CANARY) + all(&second)).into(), &(between(&CANARY, true) + between(&second, true)).into())
    );
    assert_eq!(check["old"]["of"], all(&STABLE) + all(&OTHER));
    assert_eq!(check["old"]["events"], between(&STABLE, true) + between(&OTHER, true));
    assert!(
        check["interval"]["lower"].as_f64().unwrap() < 1.0
            && 1.0 < check["interval"]["upper"].as_f64().unwrap()
    );
}

#[test]
fn a_broken_canary_fails() {
    let Some(site) = Site::new("broken", &[STABLE, OTHER, Pod { failing: 20, ..CANARY }]) else { return };
    let (out, error, code) = site.judge("canary", &[]);
    assert_eq!(code, 1, "{out}{error}");
    for words in
        ["fail: shop in production\n", "check errors says it loudest", "confidence more than 99.9999%"]
    {
        assert!(out.contains(words), "`{words}` is not in\n{out}");
    }
    let (json, code) = site.json("canary");
    assert_eq!((code, &json["verdict"], &json["exit"]), (1, &"fail".into(), &1.into()));
    assert!(json["confidence"].as_f64().unwrap() > 0.999, "{json}");
}

#[test]
fn before_and_after_a_deployment_are_held_against_each_other() {
    // The pod that goes on under its name is another process, and counts from nothing.
    let before = Pod { serves: (-18_000, 0), ..STABLE };
    for (test, failing, code) in [("good", 4, 0), ("bad", 20, 1)] {
        let after = Pod { serves: (0, 5_400), failing, ..STABLE };
        let Some(site) = Site::new(&format!("deployment-{test}"), &[before, after]) else { return };
        let (json, got) = site.json("deployment");
        assert_eq!(got, code, "{json:#}");
        // Where the change is on the grid, the new version's first scrape falls into the old one's last stretch.
        let on_grid = site.change == site.change.floor(Span::from_secs(30));
        let served = if on_grid { 2_879_000 } else { 2_880_000 };
        assert_eq!(json["checks"][0]["old"]["of"], served, "four hours of the old version");
    }
}

#[test]
fn what_the_change_does_not_touch_is_counted_beside_it() {
    let before = Pod { serves: (-9_000, 0), ..STABLE };
    let after = |failing| Pod { serves: (0, 5_400), failing, ..STABLE };
    let worse_too = "cart in production, which the change does not touch, fares worse too: ";
    for (test, beside, gate, told) in [
        ("beside-worse", Some(20), "for-all", true),
        ("beside-well", Some(4), "for-all", false),
        ("beside-nothing", None, "for-all", false),
        ("beside-other-gate", Some(20), "deployment", false),
    ] {
        let site = Site::with(test, |change| {
            let mut series: Vec<Series> =
                [before, after(20)].iter().flat_map(|pod| pod.scraped("shop", change)).collect();
            if let Some(failing) = beside {
                let pods = [before, after(failing)].map(|pod| Pod { instance: "10.0.1.1:80", ..pod });
                series.extend(pods.iter().flat_map(|pod| pod.scraped("cart", change)));
            }
            series
        });
        let Some(site) = site else { return };
        let (out, error, code) = site.judge(gate, &[]);
        assert_eq!((code, out.contains(worse_too)), (1, told), "{test}: {out}{error}");
        assert!(!out.contains("nothing is known of"), "{test}: {out}");
    }
}

#[test]
fn a_service_beside_it_that_is_too_much_to_fetch_is_left_out() {
    let pods = [Pod { serves: (-9_000, 0), ..STABLE }, Pod { serves: (0, 5_400), ..STABLE }];
    let Some(site) = Site::with("beside-huge", |change| {
        let of_it = |mut series: Series| {
            series.labels = series.labels.with("service", "huge");
            series
        };
        let one = |number: usize| of_it(route(number, vec![Sample { at: change, value: 0.0 }.into()]));
        let mut series: Vec<Series> = (0..=usize::try_from(MOST_SERIES).unwrap()).map(one).collect();
        series.extend(pods.iter().flat_map(|pod| pod.scraped("shop", change)));
        series
    }) else {
        return;
    };
    let (json, code) = site.json("for-all");
    assert_eq!(code, 0, "{json:#}");
    let notes = json["notes"].to_string();
    assert!(notes.contains("huge in production is not compared: "), "{notes}");
    assert!(notes.contains("there are 10001 such series"), "{notes}");
}

#[test]
fn what_cannot_be_known_is_no_health() {
    let Some(site) = Site::new("unknown", &[STABLE, OTHER, CANARY]) else { return };
    for (gate, more, words) in [
        ("misspelt", &[][..], "nothing is known of `http_request_total{service=\"shop\"}` since"),
        ("misspelt", &[], "the new side had no traffic within 5m of the change"),
        (
            "misspelt-errors",
            &[],
            "inconclusive: check errors lacks something: the marked events of the new side have no series",
        ),
        ("misspelt-errors", &[], "nothing is known of `http_request_errors_total{service=\"shop\"}`"),
        ("canary", &["--change-time", "30s"], "it is waited for until"),
        ("canary", &["--change-time", "2d"], "the new side had no traffic within 5m of the change"),
    ] {
        let change = site.change.to_string();
        let args = if more.is_empty() { &["--change-time", &change][..] } else { more };
        let args = [&["--service", "shop", gate], args].concat();
        let (out, error, code) = ended(asking(site.folder.path(), &site.prometheus.url()).args(args));
        assert_eq!(code, 2, "{gate} {more:?}: {out}{error}");
        assert!(out.contains(words), "{gate} {more:?}: `{words}` is not in\n{out}");
    }
}

#[test]
fn low_traffic_proves_nothing_and_says_how_long_it_would_take() {
    let few = |pod: Pod<'static>| Pod { a_minute: 4, failing: 100, ..pod };
    let Some(site) = Site::new("low", &[few(STABLE), few(OTHER), few(CANARY)]) else { return };
    let (out, error, code) = site.judge("canary", &[]);
    assert_eq!(code, 2, "{out}{error}");
    for words in [
        "inconclusive: neither harm nor its absence is proved",
        "at this traffic, with 40 looks (20m) planned:",
        "its time is up",
    ] {
        assert!(out.contains(words), "`{words}` is not in\n{out}");
    }
    let (json, _) = site.json("canary");
    assert_eq!(json["verdict"], "inconclusive");
    assert!(json["checks"][0]["looks_to_pass"].as_f64().unwrap() > 40.0, "{json:#}");
}

#[test]
fn a_missing_series_is_zero_only_where_it_was_seen_within_the_time_that_is_said() {
    let pods = [STABLE, OTHER, CANARY].map(|pod| Pod { failing: 0, ..pod });
    let old = Pod { serves: (-30_000, -29_000), ..STABLE };
    let Some(site) = Site::with("seen", |change| {
        let mut series = old.scraped("shop", change);
        for own in series.iter_mut().filter(|own| own.labels.get("code") == "500") {
            own.labels = own.labels.with("code", "503");
        }
        series.extend(pods.iter().flat_map(|pod| pod.scraped("shop", change)));
        series.retain(|own| own.labels.get("code") != "500");
        series
    }) else {
        return;
    };
    for (gate, words) in [
        // Eight hours ago is within twelve, and not within four.
        ("lately", "canary  0 of "),
        ("too-lately", "check errors lacks something: the marked events of the new side have no series"),
    ] {
        let (out, error, _) = site.judge(gate, &[]);
        assert!(out.contains(words), "{gate}: `{words}` is not in\n{out}{error}");
    }
}

#[test]
fn the_history_of_a_counter_is_no_burst_of_errors() {
    // Promoted, a pod goes on under another track; its counter had errors enough for a rollback long before.
    let pod = Pod { failing: 30, instance: "10.0.0.9:80", ..STABLE };
    let Some(site) = Site::with("promoted", |change| {
        let mut series: Vec<Series> =
            [STABLE, OTHER].iter().flat_map(|pod| pod.scraped("shop", change)).collect();
        for mut own in pod.scraped("shop", change) {
            if own.labels.get("track").is_empty() {
                series.push(own);
                continue;
            }
            let (before, mut after): (Vec<Observation>, Vec<Observation>) =
                own.samples.into_iter().partition(|sample| sample.at < change);
            if own.labels.get("code") == "500" {
                // From then on it serves without an error.
                let last = &before.last().unwrap().point;
                for sample in &mut after {
                    sample.point = last.clone();
                }
            }
            own.samples = before;
            series.push(Series { labels: own.labels.with("track", "canary"), samples: after });
            series.push(own);
        }
        series
    }) else {
        return;
    };
    let (json, code) = site.json("canary");
    let counted = &json["checks"][0]["new"];
    assert_eq!((code, &counted["events"]), (2, &0.into()), "{json:#}");
    assert_ne!(counted["of"], 0);
}

#[test]
fn a_target_is_made_of_arguments_where_the_rules_know_none() {
    let pods = [STABLE, OTHER, CANARY];
    let cart = |change| pods.iter().flat_map(|pod| pod.scraped("cart", change)).collect();
    let Some(site) = Site::with("made", cart) else { return };
    let change = site.change.to_string();
    for gate in ["canary", "web"] {
        let args = [gate, "--service", "cart", "--environment", "staging", "--select", "service=cart"];
        let mut command = asking(site.folder.path(), &site.prometheus.url());
        let (out, error, code) = ended(command.args(args).args(["--change-time", &change]));
        assert_eq!(code, 0, "{out}{error}");
        assert!(out.starts_with("pass: cart in staging\n"), "{out}");
    }
}

#[test]
fn where_nobody_says_when_the_change_was_it_is_taken_to_be_as_long_ago_as_the_gate_takes() {
    let Some(site) = Site::new("assumed", &[STABLE, OTHER, CANARY]) else { return };
    let args = ["canary", "--service", "shop", "--output", "json"];
    let (out, error, code) = ended(asking(site.folder.path(), &site.prometheus.url()).args(args));
    // 30s of warm-up, 20m of looks, 30s for samples to come in, two looks for the grid.
    assert!(
        error.contains("(22m ago, as long as the gate takes; `--change-time` says otherwise)"),
        "{error}"
    );
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (code, &json["change_time_assumed"], &json["looks"]),
        (0, &true.into(), &40.into()),
        "{json:#}"
    );
}

/// Who is asked (nobody: a port that nobody listens on), with what, and what is said to that.
const UNANSWERABLE: &[(&str, &[&str], &str)] = &[
    ("", &["canary", "--service", "shop"], "cannot be reached: "),
    ("", &["canray", "--service", "shop"], "there is no gate `canray`; did you mean `canary`?"),
    ("", &["other", "--service", "shop"], "there is no gate `other`; there are canary, misspelt,"),
    (
        "",
        &["canary", "--service", "shopp"],
        "did you mean `shop`?; else say which series are its own: `--select",
    ),
    (
        "",
        &["canary", "--service", "shop", "--environment", "staging"],
        "another environment or cluster of it",
    ),
    (
        "",
        &["canary", "--service", "twice"],
        "there are several such targets: twice in production, twice in staging",
    ),
    ("", &["canary", "--service", "shop", "--select", "a=b"], "the rules know shop in production"),
    (
        "",
        &["canary", "--service", "x", "--select", "a=b"],
        "its `match` asks for environment production or staging, and",
    ),
    ("", &["canary", "--service", "x", "--select", "ab"], "`--select ab` selects nothing"),
    ("", &["canary", "--service", "x", "--select", "a="], "`--select a=` selects nothing"),
    ("", &["canary", "--service", "x", "--select", "a=b", "--select", "a=c"], "says twice what `a` is"),
    (
        "",
        &["web", "--service", "twice", "--environment", "staging"],
        "its `match` asks for tier web, and the target has none",
    ),
    (
        "",
        &["deployment", "--service", "twice", "--environment", "staging"],
        "asks for service shop, and the target has twice",
    ),
    (
        "",
        &["canary", "--service", "shop", "--change-time", "yesterday"],
        "or how long ago it was, as in `10m`",
    ),
    ("", &["canary", "--service", "shop", "--change-time", "2100-01-01T00:00:00Z"], "from now"),
    (
        "",
        &["canary", "--service", "shop", "--token-file", "nowhere"],
        "the secret's file `nowhere` cannot be read",
    ),
    ("", &["canary", "--service", "shop", "--username", "ada"], "`--username` needs a password"),
    ("", &["canary", "--service", "shop", "--rules", "broken.yaml"], "did you mean `canary`?"),
    ("", &["canary", "--service", "shop", "--rules", "nowhere.yaml"], "`nowhere.yaml` does not exist"),
    ("", &["canary"], "--service"),
    ("prometheus", &["canary", "--service", "shop"], "--url: the address is not one of a Prometheus"),
    ("http://ada:hunter2@prometheus", &["canary", "--service", "shop"], "a login does not belong into it"),
];

#[test]
fn questions_that_nobody_can_answer_end_with_3() {
    let folder = Folder::of("gate-questions");
    std::fs::write(folder.path().join("rules.yaml"), rules()).unwrap();
    std::fs::write(folder.path().join("broken.yaml"), "gates: [ { gate: a, upon: cannary } ]\n").unwrap();
    let dead = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    for (url, args, words) in UNANSWERABLE {
        let url = if url.is_empty() { &dead } else { *url };
        let (out, error, code) = ended(asking(folder.path(), url).args(*args));
        assert_eq!((code, &*out), (3, ""), "{args:?}: {error}");
        assert!(
            error.contains(words) && !error.contains("hunter2"),
            "{args:?}: `{words}` is not in\n{error}"
        );
    }
}

#[test]
fn servers_that_are_no_prometheus_are_told_apart() {
    const ENDLESS: usize = 65;
    let folder = Folder::of("gate-servers");
    std::fs::write(folder.path().join("rules.yaml"), rules()).unwrap();
    std::fs::write(folder.path().join("token"), "hunter2\n").unwrap();
    let elsewhere = Receiver::start(|stream, _| answer(stream, "200 OK", "{}"));
    let there = format!("http://{}/api/v1/query", elsewhere.address);
    let api = r#"{"status":"error","errorType":"execution","error":"too many samples"}"#;
    for (status, body, words) in [
        ("200 OK".to_owned(), "<html>Welcome</html>", "no answer of a Prometheus: expected value"),
        ("200 OK".to_owned(), "", "no answer of a Prometheus: EOF"),
        (
            "200 OK".to_owned(),
            r#"{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}"#,
            "no answer of a",
        ),
        ("200 OK".to_owned(), api, "failed there: execution: too many samples"),
        ("422 Unprocessable Entity".to_owned(), api, "failed there: execution: too many samples"),
        (format!("302 Found\r\nLocation: {there}"), "", "sends us on to http://127.0.0.1:"),
        (
            "401 Unauthorized".to_owned(),
            "who is hunter2?",
            "does not let us in (401): who is <redacted>?; give `--token-file`",
        ),
        (
            "404 Not Found".to_owned(),
            "404 page not found",
            "was refused (404): 404 page not found; is that the address",
        ),
        ("500 Internal Server Error".to_owned(), "oh \u{1b}[31m", "was refused (500): oh \\u{1b}[31m"),
        ("endless".to_owned(), "", "was answered with more than 64 MiB"),
        ("closing".to_owned(), "", "cannot be reached: "),
    ] {
        let (own, sent) = (status.clone(), body.to_owned());
        let server = Receiver::start(move |stream, _| match &*own {
            "endless" => {
                let head = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"status\":\"";
                let mut sent = stream.write_all(head.as_bytes());
                for _ in 0..ENDLESS {
                    sent = sent.and_then(|()| stream.write_all(&vec![b'x'; 1 << 20]));
                }
            }
            "closing" => {}
            status => answer(stream, status, &sent),
        });
        let url = format!("http://{}", server.address);
        let mut command = asking(folder.path(), &url);
        let (out, error, code) =
            ended(command.args(["canary", "--service", "shop", "--token-file", "token"]));
        assert_eq!((code, &*out), (3, ""), "{status}: {error}");
        assert!(
            error.contains(words) && !error.contains("hunter2"),
            "{status}: `{words}` is not in\n{error}"
        );
        let got = server.got("/api/v1/query");
        assert_eq!(got.len(), 1, "{status}: one refusal is enough");
        assert_eq!(got[0].header("authorization"), "Bearer hunter2");
    }
    assert_eq!(elsewhere.got("/api/v1/query"), [], "a login went where it was not sent");
}

#[test]
fn what_is_answered_in_part_is_inconclusive() {
    let folder = Folder::of("gate-partial");
    std::fs::write(folder.path().join("rules.yaml"), rules()).unwrap();
    for (more, words) in [
        (
            r#""warnings":["a store did not answer"]"#,
            "in part only, which decides nothing: a store did not answer",
        ),
        (r#""isPartial":true"#, "in part only, which decides nothing: `isPartial` is true"),
    ] {
        let server = Receiver::start(move |stream, got| {
            let query = String::from_utf8_lossy(&got.body).into_owned();
            let kind = if query.contains("_over_time") { "vector" } else { "matrix" };
            let data = format!(r#""data":{{"resultType":"{kind}","result":[]}}"#);
            answer(stream, "200 OK", &format!(r#"{{"status":"success",{data},{more}}}"#));
        });
        let url = format!("http://{}", server.address);
        let mut command = asking(folder.path(), &url);
        let (out, error, code) = ended(command.args(["canary", "--service", "shop"]));
        assert_eq!(code, 2, "{out}{error}");
        assert!(out.starts_with("inconclusive: ") && out.contains(words), "{out}");
        assert!(out.contains("no look was taken, as the source answers in part only"), "{out}");
        assert!(!out.contains("/metrics"), "it has none: {out}");
    }
}

#[test]
fn a_login_is_taken_from_files_and_the_environment() {
    let folder = Folder::of("gate-login");
    std::fs::write(folder.path().join("rules.yaml"), rules()).unwrap();
    std::fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
    let server = Receiver::start(|stream, _| answer(stream, "403 Forbidden", ""));
    let url = format!("http://{}/prefix/", server.address);
    for (env, args, sent) in [
        ("", &[][..], ""),
        ("BACKSTOP_PROMETHEUS_TOKEN", &[], "Bearer t0ken"),
        ("BACKSTOP_PROMETHEUS_TOKEN", &["--token-file", "secret"], "Bearer hunter2"),
        ("BACKSTOP_PROMETHEUS_PASSWORD", &["--username", "ada"], "Basic YWRhOnQwa2Vu"),
        ("", &["--username", "ada", "--password-file", "secret"], "Basic YWRhOmh1bnRlcjI="),
    ] {
        let mut command = asking(folder.path(), &url);
        if !env.is_empty() {
            command.env(env, "t0ken");
        }
        let (_, error, code) = ended(command.args(["canary", "--service", "shop"]).args(args));
        assert_eq!(code, 3, "{error}");
        let got = server.got("/prefix/api/v1/query");
        assert_eq!(got.last().unwrap().header("authorization"), sent, "{env} {args:?}");
    }
}

/// The server file of a folder: a source at an address, and what else stands there.
fn sources(address: &str, login: &str) -> String {
    format!(
        "{}\nsecrets: {{ own: {{ file: secret }}, gone: {{ file: nowhere }} }}\n\
         sources:\n  eu: {{ url: '{address}', headers: {{ X-Scope-OrgID: team-a }}, {login} }}\n",
        rules()
    )
}

/// A question of the rules of a folder, with no login but what it is given.
fn logging_in(folder: &Path) -> Command {
    let mut command = backstop();
    command.env_remove("BACKSTOP_PROMETHEUS_TOKEN").env_remove("BACKSTOP_PROMETHEUS_PASSWORD");
    command.current_dir(folder).args(["gate", "canary", "--rules", "rules.yaml", "--service", "shop"]);
    command
}

#[test]
fn a_source_of_the_server_file_is_asked_with_its_login() {
    let folder = Folder::of("gate-source");
    std::fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
    std::fs::write(folder.path().join("other"), "0ther\n").unwrap();
    let server = Receiver::start(|stream, got| {
        let login = got.header("authorization");
        let secret = if login.starts_with("Basic") { "hunter2" } else { login.trim_start_matches("Bearer ") };
        answer(stream, "403 Forbidden", &format!("who is {secret}?"));
    });
    let other = Receiver::start(|stream, _| answer(stream, "403 Forbidden", ""));
    let (own, elsewhere) =
        (format!("http://{}/prefix", server.address), format!("http://{}/prefix", other.address));
    let bearer = "bearer: own";
    for (login, args, env, sent, tenant) in [
        (bearer, &["--source", "eu"][..], "", "Bearer hunter2", "team-a"),
        (bearer, &["--url", &format!("{own}/")], "", "Bearer hunter2", "team-a"),
        ("basic: { username: ada, password: own }", &["--url", &own], "", "Basic YWRhOmh1bnRlcjI=", "team-a"),
        ("timeout: 5s", &["--url", &own], "", "", "team-a"),
        // What the caller says comes before what the server file says.
        (bearer, &["--source", "eu", "--token-file", "other"], "", "Bearer 0ther", "team-a"),
        ("bearer: gone", &["--source", "eu"], "t0ken", "Bearer t0ken", "team-a"),
        // Another address is another server, whatever it has in common with this one.
        (bearer, &["--url", &own.replace("/prefix", "")], "", "", ""),
        (bearer, &["--url", &own.replace("/prefix", "/other")], "", "", ""),
        (bearer, &["--url", &elsewhere], "", "", ""),
    ] {
        std::fs::write(folder.path().join("rules.yaml"), sources(&own, login)).unwrap();
        let mut command = logging_in(folder.path());
        if !env.is_empty() {
            command.env("BACKSTOP_PROMETHEUS_TOKEN", env);
        }
        let (out, error, code) = ended(command.args(args));
        assert_eq!((code, &*out), (3, ""), "{error}");
        let tells = ["hunter2", "0ther", "t0ken"].iter().any(|secret| error.contains(secret));
        assert!(!tells && error.contains("does not let us in (403)"), "{args:?}: {error}");
        let asked = if args.contains(&&*elsewhere) { &other } else { &server };
        let path = args.iter().find_map(|arg| arg.strip_prefix(&format!("http://{}", asked.address)));
        let path = format!("{}/api/v1/query", path.unwrap_or("/prefix").trim_end_matches('/'));
        let got = asked.got(&path);
        let got = got.last().unwrap();
        assert_eq!((got.header("authorization"), got.header("x-scope-orgid")), (sent, tenant), "{args:?}");
    }
}

#[test]
fn a_source_that_cannot_be_asked_says_why() {
    let folder = Folder::of("gate-no-source");
    std::fs::write(folder.path().join("secret"), "hunter2\n").unwrap();
    let (own, twice) = ("http://127.0.0.1:1", "  us: { url: 'http://127.0.0.1:1/' }\n");
    for (login, more, args, words) in [
        ("bearer: own", "", &["--source", "ue"][..], "there is no source `ue`; did you mean `eu`?"),
        ("bearer: own", "", &[], "--url"),
        ("bearer: own", "", &["--source", "eu", "--url", own], "cannot be used with"),
        (
            "bearer: own",
            twice,
            &["--url", own],
            "sources `eu` and `us` both have that address; say which by `--source`",
        ),
        (
            "bearer: gone",
            "",
            &["--url", own],
            "source `eu`: the secret's file `nowhere` cannot be read: No such file or directory (os error 2); check its \
             path and permissions; `--token-file`, or",
        ),
        (
            "oauth2: { token_url: 'http://127.0.0.1:1/t', client_id: a, client_secret: own }",
            "",
            &["--source", "eu"],
            "http://127.0.0.1:1 cannot be asked, for want of a token: http://127.0.0.1:1 cannot be reached",
        ),
        (
            "tls: { ca_file: nowhere }",
            "",
            &["--source", "eu"],
            "source `eu`: `nowhere` cannot be taken: No such file",
        ),
        (
            "tls: { ca_file: secret }",
            "",
            &["--source", "eu"],
            "source `eu`: `secret` cannot be taken: there is no cert",
        ),
        ("bearer: own", "", &["--source", "eu"], "http://127.0.0.1:1 cannot be reached"),
    ] {
        std::fs::write(folder.path().join("rules.yaml"), sources(own, login) + more).unwrap();
        let mut command = logging_in(folder.path());
        let (out, error, code) = ended(command.args(args));
        assert_eq!((code, &*out), (3, ""), "{args:?}: {error}");
        assert!(
            error.contains(words) && !error.contains("hunter2"),
            "{args:?}: `{words}` is not in\n{error}"
        );
    }
}

/// A series that counts something else beside a shop's own.
fn route(route: usize, samples: Vec<Observation>) -> Series {
    let route = route.to_string();
    let own = [("service", "shop"), ("track", "stable"), ("code", "200"), ("route", &route)];
    Series { labels: labels(&[&own[..], &[(NAME, "http_requests_total")]].concat()), samples }
}

#[test]
fn a_great_many_samples_are_fetched_in_pieces_and_none_is_lost() {
    /// With so many series, an hour and three quarters hold more than is asked for at once.
    const ROUTES: usize = 1_200;
    let many = |change: UnixMillis| {
        let one = |number: usize| {
            let moments = (-4_600_000..1_600_000_i64).step_by(15_000);
            let sample = |at: i64| Sample {
                at: UnixMillis::new(change.millis() + at),
                value: whole(at / 1_000 + 5_000),
            };
            route(number, moments.map(sample).map(Into::into).collect())
        };
        let mut series: Vec<Series> = (0..ROUTES).map(one).collect();
        series.extend(CANARY.scraped("shop", change));
        series.extend(STABLE.scraped("shop", change));
        series
    };
    let Some(site) = Site::with("many", many) else { return };
    let (json, _) = site.json("canary");
    assert_eq!(json["looks"], 40, "{json:#}");
    let routes = 1_200 * i64::try_from(ROUTES).unwrap();
    assert_eq!(json["checks"][0]["old"]["of"], 240_000 + routes, "{json:#}");
}

#[test]
fn more_series_than_are_taken_are_refused_with_the_way_out() {
    let many = |change: UnixMillis| {
        let sample = Sample { at: change, value: 0.0 };
        (0..=usize::try_from(MOST_SERIES).unwrap()).map(|number| route(number, vec![sample.into()])).collect()
    };
    let Some(site) = Site::with("too-many", many) else { return };
    let (out, error, code) = site.judge("canary", &[]);
    assert_eq!((code, &*out), (3, ""), "{error}");
    for words in [
        "`http_requests_total{service=\"shop\"}`",
        "there are 10001 such series, and 10000 are the most",
        "narrow the",
    ] {
        assert!(error.contains(words), "`{words}` is not in\n{error}");
    }
}

/// A gate that looks every second, at a shop whose samples are of now.
const LIVE: &str = r#"
settle: 250ms
targets: [ { service: shop, environment: production, select: { service: shop } } ]
gates:
  - gate: canary
    upon: canary
    match: { environment: production }
    every: 1s
    begins: { at: first_traffic, warmup: 0s, within: 1m }
    ends: { after: 3m, not_before: 5s }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: 'http_requests_total{code=~"5.."}', of: http_requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 1.3
"#;

#[test]
fn a_release_of_now_is_waited_for() {
    let folder = Folder::of("gate-live");
    std::fs::write(folder.path().join("rules.yaml"), LIVE).unwrap();
    let Some(prometheus) = Prometheus::start("a gate waits for its verdict", folder.path()) else { return };
    let mut shop = Shop::new("shop");
    shop.ship_now();
    prometheus.take(&shop.sales(60));
    let mut command = asking(folder.path(), &prometheus.url());
    let shipped = shop.shipped().to_string();
    command.args(["canary", "--service", "shop", "--wait", "--change-time", &shipped]);
    let (out, error, code) = ended(&mut command);
    assert_eq!(code, 1, "{out}{error}");
    assert!(out.starts_with("fail: shop in production\n"), "{out}");
    for words in [
        "the change is taken to be of ",
        "look 1 of 180: worse than it may be, with confidence 0.80 or more; errors: canary 60 of 1,000 (6.00%), stable ",
        "check errors: at this traffic, with 180 looks (3m) planned: that it does twice the harm takes about ",
    ] {
        assert!(error.contains(words), "`{words}` is not in\n{error}");
    }
}

#[test]
fn whoever_stops_waiting_is_told_what_is_known() {
    for (test, gone) in [("stopped", false), ("gone", true)] {
        let folder = Folder::of(&format!("gate-{test}"));
        std::fs::write(folder.path().join("rules.yaml"), LIVE).unwrap();
        let Some(prometheus) = Prometheus::start("a gate is told to stop", folder.path()) else { return };
        let mut shop = Shop::new("shop");
        shop.ship_now();
        prometheus.take(&shop.sales(2));
        let mut command = asking(folder.path(), &prometheus.url());
        let log = folder.path().join("log");
        command.args(["canary", "--service", "shop", "--wait", "--change-time", &shop.shipped().to_string()]);
        command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).unwrap());
        let child = command.spawn().unwrap();
        let logged = |words: &str| {
            wait(words, || std::fs::read_to_string(&log).unwrap().contains(words).then_some(()));
        };
        logged("look 1 of 180");
        if gone {
            drop(prometheus);
            logged("cannot be reached");
        }
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
        let (out, _, code) = said(&child.wait_with_output().unwrap());
        assert_eq!(code, 2, "{out}");
        assert!(out.contains("it was told to stop, so later looks were not taken"), "{out}");
        assert_eq!(out.contains("later looks could not be taken yet: http://127.0.0.1:"), gone, "{out}");
        assert!(out.contains("looks are taken; later ones may say more"), "{out}");
    }
}

#[test]
fn a_name_that_is_wrong_is_told_before_anybody_waits_for_it() {
    let folder = Folder::of("gate-wrong");
    std::fs::write(folder.path().join("rules.yaml"), LIVE.replace("requests_total", "request_total"))
        .unwrap();
    let Some(prometheus) = Prometheus::start("a gate tells of a wrong name", folder.path()) else { return };
    prometheus.take(&Shop::new("shop").sales(2));
    let mut command = asking(folder.path(), &prometheus.url());
    let log = folder.path().join("log");
    command.args(["canary", "--service", "shop", "--wait"]);
    command.stdout(Stdio::piped()).stderr(std::fs::File::create(&log).unwrap());
    let child = command.spawn().unwrap();
    let words = "nothing is known of `http_request_total{service=\"shop\"}` since";
    wait(words, || std::fs::read_to_string(&log).unwrap().contains(words).then_some(()));
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let (out, _, code) = said(&child.wait_with_output().unwrap());
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("the new side has had no traffic yet; it is waited for until"), "{out}");
}
