//! Hostile queries of a running service: refused as Prometheus refuses them, while looks are taken.

use std::io::Write;
use std::net::TcpStream;

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::unit::UnixMillis;
use serde_json::Value;

use crate::process::{Process, backstop, ended, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, now, send};
use crate::site::{Site, TOKEN, Watched};

/// How many queries are evaluated at a time.
const AT_ONCE: usize = 4;

fn labels(pairs: &[(&str, &str)]) -> Labels {
    Labels::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        .unwrap()
}

/// One series with a sample for each second of an hour, and many with one.
fn data(end: i64) -> Vec<Series> {
    let sample = |at: i64| Sample { at: UnixMillis::new(at), value: 1.5 }.into();
    let long = (end - 3_600_000..end).step_by(1_000).map(sample).collect();
    let many = (0..2_000).map(|index| Series {
        labels: labels(&[(NAME, "many"), ("instance", &index.to_string())]),
        samples: vec![sample(end)],
    });
    many.chain([Series { labels: labels(&[(NAME, "long")]), samples: long }]).collect()
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn nested(begins: &str, ends: &str, times: usize) -> String {
    format!("{}long{}", begins.repeat(times), ends.repeat(times))
}

/// What Prometheus says.
const LARGE: &str = "query processing would load too many samples into memory in query execution";
const FINE: &str = "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)";
const LATE: &str = "query timed out in expression evaluation";
const PARSE: &str = "invalid parameter \"query\": 1:";

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

#[test]
fn hostile_queries_are_refused_as_prometheus_refuses_them() {
    let site = Site::new("hostile", &[]);
    let process = site.start();
    let end = now().millis() / 1_000 * 1_000;
    send(&process, &data(end));
    let seconds = end / 1_000;
    let (at, year) = (format!("time={seconds}"), format!("start={}&end={seconds}", seconds - 31_536_000));
    let hour = format!("start={}&end={seconds}&step=1&timeout=200ms", seconds - 3_600);
    let soon = format!("{at}&timeout=200ms");
    let bad = (400, "bad_data");
    for (path, times, text, (status, kind), says) in [
        ("query_range", format!("{year}&step=0.001"), "{__name__=~\".+\"}".to_owned(), bad, FINE),
        ("query_range", format!("{year}&step=1"), "long".to_owned(), bad, FINE),
        ("query", at.clone(), nested("(", ")", 100_000), bad, PARSE),
        ("query", at.clone(), nested("max_over_time(", "[5m:])", 20_000), bad, PARSE),
        ("query", at.clone(), nested("-", "", 100_000), bad, PARSE),
        ("query", at.clone(), "long{a=~\"(a{1000}){1000}\"}".to_owned(), bad, PARSE),
        ("query", at.clone(), format!("long{{{}}}", "a=~\"(.{0,900})x\",".repeat(1_000)), bad, PARSE),
        ("query", at.clone(), format!("long{{a=\"{}\"}}", "b".repeat(1 << 20)), bad, PARSE),
        ("query", at.clone(), "sum_over_time(vector(1)[1y:1ms])".to_owned(), (422, "execution"), LARGE),
        (
            "query",
            at.clone(),
            "max_over_time(max_over_time(long[1y:1ms])[1y:1ms])".to_owned(),
            (422, "execution"),
            LARGE,
        ),
        ("query", soon.clone(), "sum_over_time(many[30d:1s])".to_owned(), (503, "timeout"), LATE),
        (
            "query",
            at.clone(),
            nested("label_join(", ", \"a\", \"-\", \"__name__\", \"a\", \"a\")", 40),
            (422, "execution"),
            "a label's value of ",
        ),
        (
            "query",
            soon.clone(),
            "quantile_over_time(0.5, (vector(time()) % 997)[6h:1ms])".to_owned(),
            (503, "timeout"),
            LATE,
        ),
        (
            "query",
            soon.clone(),
            "max_over_time(mad_over_time(long[1h:1s])[6h:5ms])".to_owned(),
            (503, "timeout"),
            LATE,
        ),
        (
            "query",
            soon,
            "sum_over_time(exp(sin(cos(vector(time()))))[6h:1ms])".to_owned(),
            (503, "timeout"),
            LATE,
        ),
        ("query_range", hour, vec!["mad_over_time(long[1h])"; 500].join(" + "), (503, "timeout"), LATE),
    ] {
        let form = format!("{times}&query={}", escaped(&text));
        let (got, told) = process.ask(&format!("POST /api/v1/{path}\n{FORM}"), TOKEN, form.as_bytes());
        let told: Value = serde_json::from_str(&told).unwrap();
        let begins: String = text.chars().take(80).collect();
        assert_eq!(
            (got, &told["status"], &told["errorType"]),
            (status, &"error".into(), &kind.into()),
            "{begins}: {told}"
        );
        assert!(told["error"].as_str().unwrap().starts_with(says), "{begins}: {told}");
    }
    lives(&process, &at);
    assert_eq!(process.stop().0, 0);
}

/// It still answers.
fn lives(process: &Process, at: &str) {
    let told = process.json(&format!("/api/v1/query?{at}&query={}", escaped("count({__name__=~\".+\"})")));
    assert_eq!(told["data"]["result"][0]["value"][1], "2001", "{told}");
}

/// Queries that take minutes each.
fn endless(process: &Process) -> Vec<TcpStream> {
    let part = "sum(mad_over_time(long[30m:100ms]))";
    let form = |index: usize| {
        let end = now().millis() / 1_000;
        let text = escaped(&vec![part; 500].join("+"));
        format!("query={text}&start={}&end={end}&step={}", end - 3_000, index + 1)
    };
    let ask = |index: usize| {
        let mut stream = TcpStream::connect(process.address).unwrap();
        let form = form(index);
        let head = format!(
            "POST /api/v1/query_range HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n{FORM}\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    (0..AT_ONCE).map(ask).collect()
}

fn figure(process: &Process, name: &str) -> u64 {
    let (_, text) = process.get("/metrics");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

/// As many hostile queries as are evaluated at a time: a bad release is still seen and taken back, and they end with
/// those who asked.
#[test]
fn a_release_is_taken_back_while_hostile_queries_run() {
    let receiver = Receiver::start(|stream, _| answer(stream, "202 Accepted", "on its way"));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: false, watch: "5m" };
    let site = Site::new("hostile-beside", &[watched]);
    let process = site.start();
    send(&process, &data(now().millis() / 1_000 * 1_000));
    let open = || figure(&process, "backstop_queries_open");
    let streams = endless(&process);
    wait("all queries", || (open() == AT_ONCE as u64).then_some(()));
    let shop = Shop::new("shop");
    send(&process, &shop.sales(200));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    wait("the release to be taken back", || receiver.got("/shop/take-back").into_iter().next());
    assert_eq!(open(), AT_ONCE as u64, "all of that was done while they ran");
    drop(streams);
    wait("the end of the queries", || (open() == 0).then_some(()));
    assert_eq!(process.stop().0, 0);
}

/// The commands read what a stranger wrote as well.
#[test]
fn the_commands_endure_what_is_too_deep() {
    let signs = format!("1{}", nested("-", "", 100_000));
    let (deep, many) = ("brackets may nest 250 deep", "an expression may have 5000 operators");
    for (text, says) in [
        (nested("(", ")", 30_000), deep),
        (nested("abs(", ")", 20_000), deep),
        (nested("max_over_time(", "[5m:])", 5_000), deep),
        (signs, many),
    ] {
        let (out, error, code) = ended(backstop().args(["query", &text, "--data", "/dev/null"]));
        assert_eq!((out.as_str(), code), ("", 3), "{error}");
        assert!(error.contains(says), "{error}");
        let site = Site::new("hostile-check", &[]);
        site.write(
            "deep.yaml",
            format!("groups: [ {{ name: a, rules: [ {{ alert: A, expr: '{text}' }} ] }} ]\n"),
        );
        let (out, error, code) = ended(backstop().args(["check", "deep.yaml"]).current_dir(site.path()));
        assert_eq!(code, 1, "{out}{error}");
        assert!(out.contains(says), "{out}{error}");
    }
    let deep = format!("{}1{}", "1+(".repeat(250), ")".repeat(250));
    let (out, error, code) = ended(backstop().args(["query", &deep, "--data", "/dev/null"]));
    assert_eq!((out.trim(), code), ("251", 0), "{error}");
}
