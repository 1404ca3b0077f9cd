//! Queries: answered as a real Prometheus answers them, while samples come in and looks are taken.

use std::io::Write;
use std::net::TcpStream;

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::unit::UnixMillis;
use serde_json::Value;

use crate::folder::Folder;
use crate::process::{Process, backstop, ended, wait};
use crate::prometheus::Prometheus;
use crate::shop::{Shop, now, send};
use crate::site::{Site, TOKEN};

const SCRAPE: i64 = 15_000;

/// How long there are samples, in milliseconds.
const LENGTH: i64 = 3_600_000;

fn series(name: &str, labels: &[(&str, &str)], end: i64, value: impl Fn(i64) -> f64) -> Series {
    let pairs = labels.iter().copied().chain([(NAME, name)]);
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let moments = (end - LENGTH..=end).step_by(usize::try_from(SCRAPE).unwrap());
    let sample = |at: i64| Sample { at: UnixMillis::new(at), value: value((at - end + LENGTH) / SCRAPE) };
    Series { labels: Labels::new(pairs).unwrap(), samples: moments.map(sample).map(Into::into).collect() }
}

#[expect(clippy::cast_precision_loss, reason = "they are small")]
fn data(end: i64) -> Vec<Series> {
    let mut all = Vec::new();
    for (index, pod) in ["a", "b", "c"].into_iter().enumerate() {
        let each = index as f64 + 1.0;
        for (code, rate) in [("200", 97.0), ("500", 3.0)] {
            let labels = [("pod", pod), ("code", code)];
            // A counter that begins anew half way.
            all.push(series("http_requests_total", &labels, end, |at| (at % 120) as f64 * rate * each));
        }
        for (le, share) in [("0.1", 0.5), ("0.5", 0.9), ("+Inf", 1.0)] {
            let labels = [("pod", pod), ("le", le)];
            all.push(series("duration_seconds_bucket", &labels, end, |at| {
                (at as f64 * 40.0 * share * each).floor()
            }));
        }
        all.push(series("temperature", &[("pod", pod)], end, |at| {
            20.0 + (at as f64 / 7.0).sin() * each / 3.0
        }));
    }
    let odd = |at: i64| match at % 4 {
        0 => f64::NAN,
        1 => f64::INFINITY,
        2 => f64::NEG_INFINITY,
        _ => -0.1,
    };
    all.push(series("odd", &[("say", "\"a\\b\nc\u{e9}\"")], end, odd));
    all
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(plain).collect()
}

const EXPRESSIONS: &[&str] = &[
    "http_requests_total",
    "http_requests_total{code=\"200\"} offset 5m",
    "rate(http_requests_total[5m])",
    "sum by (code) (increase(http_requests_total[10m]))",
    "sum(rate(http_requests_total{code=~\"5..\"}[5m])) / sum(rate(http_requests_total[5m]))",
    "histogram_quantile(0.95, sum by (le) (rate(duration_seconds_bucket[5m])))",
    "avg_over_time(temperature[7m:20s])",
    "stddev by (pod) (temperature)",
    "temperature * 1e-9",
    "temperature * 1e21",
    "-temperature / 0",
    "odd",
    "rate(temperature[5m])",
    "quantile(2, temperature)",
    "absent(nothing{a=\"b\"})",
    "topk(2, temperature)",
    "count_values(\"value\", http_requests_total > bool 500)",
    "label_replace(temperature, \"to\", \"<$1>&\", \"pod\", \"(.*)\")",
    "temperature > 20 and on (pod) http_requests_total{code=\"500\"}",
    "nothing",
    "time()",
    "1.5",
    "vector(-0.25)",
    "sum(nothing) or vector(0)",
];

/// Only at a moment.
const AT_A_MOMENT: &[&str] =
    &["\"some <text>\"", "http_requests_total[1m]", "odd[2m]", "temperature[1m:15s]"];

#[test]
fn queries_are_answered_as_prometheus_answers_them() {
    let site = Site::new("query", &[]);
    let process = site.start();
    let end = now().millis() / SCRAPE * SCRAPE;
    let data = data(end);
    send(&process, &data);
    let folder = Folder::of("query-prometheus");
    let prometheus = Prometheus::start("queries_are_answered_as_prometheus_answers_them", folder.path());
    if let Some(prometheus) = &prometheus {
        prometheus.take(&data);
    }
    let (at, from) = (end / 1_000, end / 1_000 - 3_000);
    let range = format!("start={from}.5&end={at}&step=47");
    let time = format!("time={at}.25");
    let both = EXPRESSIONS.iter().flat_map(|text| [("query", &time, *text), ("query_range", &range, *text)]);
    let alone = AT_A_MOMENT.iter().map(|text| ("query", &time, *text));
    for (path, times, text) in both.chain(alone) {
        let line = format!("/api/v1/{path}?{times}&query={}", escaped(text));
        let own = process.json(&line);
        assert_eq!(own["status"], "success", "{text}: {own}");
        if let Some(prometheus) = &prometheus {
            let (status, other) = prometheus.get(&line);
            assert_eq!(status, 200, "{text}: {other}");
            alike(&sorted(own), &sorted(other), &format!("{path} {text}"));
        }
    }
    let own = process
        .json(&format!("/api/v1/query?{time}&query={}", escaped("sum(http_requests_total{code=\"500\"})")));
    let found = &own["data"]["result"][0];
    assert_eq!((&found["metric"], &found["value"][1]), (&serde_json::json!({}), &Value::from("0")), "{own}");
    if let Some(prometheus) = &prometheus {
        refusals_are_alike(&process, prometheus, (from, at));
    }
    the_command_asks(&process, &time);
    assert_eq!(process.ask("GET /api/v1/query?query=up", "", b"").0, 401);
    assert_eq!(process.stop().0, 0);
}

/// The rows of a result in one order; only a range has one.
fn sorted(mut answer: Value) -> Value {
    if answer["data"]["resultType"] == "vector" {
        let rows = answer["data"]["result"].as_array_mut().unwrap();
        rows.sort_by_key(|row| row["metric"].to_string());
    }
    answer
}

fn alike(own: &Value, other: &Value, what: &str) {
    let same = match (own, other) {
        (Value::Array(one), Value::Array(two)) => {
            one.iter().zip(two).for_each(|(one, two)| alike(one, two, what));
            one.len() == two.len()
        }
        (Value::Object(one), Value::Object(two)) => {
            for (name, value) in one {
                alike(value, two.get(name).unwrap_or(&Value::Null), what);
            }
            one.keys().eq(two.keys())
        }
        (Value::String(one), Value::String(two)) => one == two || near(one, two),
        (one, two) => one == two,
    };
    assert!(same, "{what}:\n{own}\nis not\n{other}");
}

fn near(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (one.parse::<f64>(), other.parse::<f64>()) else { return false };
    (one - other).abs() <= 1e-9 * one.abs().max(other.abs())
}

/// What is wrong is refused with the same status and for the same reason.
fn refusals_are_alike(process: &Process, prometheus: &Prometheus, (from, at): (i64, i64)) {
    let many = "temperature+on(pod)http_requests_total";
    for (line, same_text) in [
        (format!("query?query={}", escaped("sum(")), false),
        ("query?query=".to_owned(), false),
        ("query?query=up&time=soon".to_owned(), false),
        ("query?query=up&limit=-1".to_owned(), true),
        ("query?query=up&timeout=soon".to_owned(), true),
        ("query?query=up&lookback_delta=soon".to_owned(), true),
        (format!("query_range?query=up&start={at}&end={from}&step=1"), true),
        (format!("query_range?query=up&start={from}&end={at}&step=0"), true),
        (format!("query_range?query=up&start={from}&end={at}&step=0.1"), true),
        (format!("query_range?query=up&start={from}&end={at}"), true),
        (format!("query_range?query=up%5B1m%5D&start={from}&end={at}&step=15"), true),
        (format!("query?time={at}&query={}", escaped(many)), false),
        (
            format!(
                "query?time={at}&query={}",
                escaped("label_replace(temperature, \"pod\", \"\", \"\", \"\")")
            ),
            true,
        ),
    ] {
        let line = format!("/api/v1/{line}");
        let (status, text) = process.get(&line);
        let own: Value = serde_json::from_str(&text).unwrap();
        let (expected, other) = prometheus.get(&line);
        assert_eq!((status, &own["errorType"]), (expected, &other["errorType"]), "{line}: {text}\n{other}");
        assert_eq!(own["status"], "error");
        assert!(!same_text || own["error"] == other["error"], "{line}:\n{text}\nis not\n{other}");
    }
}

/// `backstop query --url` asks a backstop as it asks a Prometheus.
fn the_command_asks(process: &Process, time: &str) {
    let url = format!("http://{}", process.address);
    let at = time.split_once('=').unwrap().1;
    let ask = |args: &[&str]| {
        let mut command = backstop();
        command.env("BACKSTOP_PROMETHEUS_TOKEN", TOKEN).env_remove("BACKSTOP_PROMETHEUS_PASSWORD");
        ended(command.args(["query", "--url", &url]).args(args))
    };
    let (text, error, code) = ask(&["sum by (code) (http_requests_total)", "--at", at]);
    assert_eq!((text.as_str(), error.as_str(), code), ("{code=\"200\"}  0\n{code=\"500\"}  0\n", "", 0));
    let (text, error, code) = ask(&["rate(temperature[5m]) > 1e9", "--at", at]);
    assert_eq!((text.as_str(), code), ("no series\n", 0));
    assert!(error.contains("PromQL info: metric might not be a counter"), "{error}");
    let (text, _, code) = ask(&["temperature", "--from", "-30m", "--output", "plot"]);
    assert!(code == 0 && text.matches("+---").count() == 3, "{text}");
    let (text, _, code) = ask(&["1", "--output", "json"]);
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&told["data"]["resultType"], code), (&Value::from("scalar"), 0));
    for (expression, code, says) in
        [("sum(", 3, "parse error"), ("temperature + on(pod) http_requests_total", 1, "many-to-many")]
    {
        let (text, error, got) = ask(&[expression, "--at", at]);
        assert_eq!(got, code, "{text}{error}");
        assert!(error.contains(says), "{error}");
    }
}

/// A figure of this name and these labels.
fn figure(process: &Process, name: &str) -> f64 {
    let (_, text) = process.get("/metrics");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

/// A query that takes minutes: it has so many parts, each of them over so many steps.
fn long() -> String {
    let part = escaped("sum(stddev_over_time(http_requests_total[30m:1s]))");
    let parts = vec![part; 500].join("%2B");
    let end = now().millis() / 1_000;
    format!("query={parts}&start={}&end={end}&step=0.3", end - 3_000)
}

#[test]
fn samples_come_in_while_a_query_runs_and_it_ends_with_whoever_asked() {
    let site = Site::new("query-beside", &[]);
    let process = site.start();
    send(&process, &data(now().millis() / SCRAPE * SCRAPE));
    let form = long();
    let head = format!(
        "POST /api/v1/query_range HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        form.len()
    );
    let mut stream = TcpStream::connect(process.address).unwrap();
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(form.as_bytes())).unwrap();
    let open = || figure(&process, "backstop_queries_open") > 0.5;
    wait("the query", || open().then_some(()));
    let shop = Shop::new("shop");
    send(&process, &shop.sales(2));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    assert_eq!(process.json("/api/v1/query?query=count(http_requests_total)")["status"], "success");
    assert!(open(), "all of that was answered while the query ran");
    drop(stream);
    wait("the end of the query", || (!open()).then_some(()));
    let form = format!("{form}&timeout=300ms");
    let head = "POST /api/v1/query_range\nContent-Type: application/x-www-form-urlencoded";
    let (status, text) = process.ask(head, TOKEN, form.as_bytes());
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((status, &told["errorType"]), (503, &Value::from("timeout")), "{text}");
    assert_eq!(told["error"], "query timed out in expression evaluation");
    assert!(figure(&process, "backstop_queries_total{what=\"Late\"}") > 0.5);
    assert!(figure(&process, "backstop_queries_total{what=\"Answered\"}") > 0.5);
    assert_eq!(process.stop().0, 0);
}
