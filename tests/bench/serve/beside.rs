//! How long samples and changes take to be taken while hostile queries run, and while none does.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use backstop::signal::{Labels, NAME, Sample, Series};
use backstop::source::remote_write::encode;
use backstop::unit::UnixMillis;

use crate::Service;

const SERIES: i64 = 20_000;

/// How many samples each series has beforehand.
const SAMPLES: i64 = 60;

/// How often samples are sent, and a change is told.
const TIMES: i64 = 200;

/// The longest that samples or a change may take beside hostile queries, on a machine that does nothing else.
const MOST: Duration = Duration::from_secs(1);

/// As many as are evaluated at a time: one that seems small, one that reads all series again and again, one with very
/// many steps, one with very large windows.
fn hostile(end: i64) -> [String; 4] {
    let range = |step: &str| format!("&start={}&end={end}&step={step}", end - 50);
    let all = vec!["count({__name__=~\".*a.*\",instance=~\"(.*(0|1|2)){3}.*\"})"; 100].join("+");
    [
        format!(
            "query={}{}",
            escaped(&format!("many{{instance=\"7\"}}{}", "^1.5".repeat(4_000))),
            range("0.01")
        ),
        format!("query={}{}", escaped(&all), range("1")),
        format!(
            "query={}{}",
            escaped("max_over_time(stddev_over_time(many{instance=~\"1.\"}[1m:1ms])[1h:1s])"),
            range("1")
        ),
        format!("query={}{}", escaped("quantile(0.5, mad_over_time(many[1h:1s]))"), range("1")),
    ]
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[expect(clippy::disallowed_methods, reason = "samples are of now")]
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

fn samples(moments: &[i64], series: i64) -> Vec<u8> {
    let one = |index: i64| {
        let pairs = [(NAME, "many".to_owned()), ("instance", index.to_string())];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value)).to_vec();
        let sample = |at: &i64| Sample { at: UnixMillis::new(*at), value: 1.5 }.into();
        Series { labels: Labels::new(pairs).unwrap(), samples: moments.iter().map(sample).collect() }
    };
    encode(&(0..series).map(one).collect::<Vec<_>>())
}

fn post(address: &str, path: &str, kind: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: backstop\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn write(address: &str, body: &[u8]) {
    let kind =
        "application/x-protobuf\r\nContent-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0";
    let answer = post(address, "/api/v1/write", kind, body);
    assert!(answer.starts_with("HTTP/1.1 204") || answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// The median and the longest of samples and of changes, in this order.
fn taken(address: &str, round: &str) -> [Duration; 4] {
    let (mut writes, mut changes) = (Vec::new(), Vec::new());
    for time in 0..TIMES {
        let body = samples(&[now()], 1_000);
        writes.push(timed(|| write(address, &body)));
        let change = format!(
            r#"{{"service":"shop","environment":"production","version":"{time}","kind":"canary","id":"{round}-{time}"}}"#
        );
        changes.push(timed(|| {
            let answer = post(address, "/v1/changes", "application/json", change.as_bytes());
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        }));
    }
    writes.sort_unstable();
    changes.sort_unstable();
    let middle = writes.len() / 2;
    [writes[middle], writes[writes.len() - 1], changes[middle], changes[changes.len() - 1]]
}

fn timed(act: impl FnOnce()) -> Duration {
    let began = Instant::now();
    act();
    began.elapsed()
}

pub(crate) fn run(folder: &Path) {
    let service = Service::start(folder, "beside.db");
    let address = service.1.as_str();
    let end = now();
    let moments: Vec<i64> = (0..SAMPLES).rev().map(|index| end - 1_000 * (index + 1)).collect();
    for chunk in moments.chunks(10) {
        write(address, &samples(chunk, SERIES));
    }
    let alone = taken(address, "alone");
    let over = AtomicBool::new(false);
    let beside = std::thread::scope(|scope| {
        for form in hostile(end / 1_000) {
            let over = &over;
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let form = format!("{form}&timeout=5s");
                    post(
                        address,
                        "/api/v1/query_range",
                        "application/x-www-form-urlencoded",
                        form.as_bytes(),
                    );
                }
            });
        }
        std::thread::sleep(Duration::from_millis(500));
        let beside = taken(address, "beside");
        over.store(true, Ordering::Relaxed);
        beside
    });
    service.stop();
    let each = ["samples, median", "samples, slowest", "a change, median", "a change, slowest"];
    for ((what, alone), beside) in each.iter().zip(alone).zip(beside) {
        let millis = |span: Duration| span.as_secs_f64() * 1_000.0;
        let times = beside.as_secs_f64() / alone.as_secs_f64();
        println!(
            "{what}: {:.1} ms alone, {:.1} ms beside 4 hostile queries, {times:.1} times",
            millis(alone),
            millis(beside)
        );
        assert!(beside < MOST, "{what}: {beside:?} beside hostile queries; {MOST:?} are the most");
    }
}
