//! `backstop query` over files.

use serde_json::Value;

use crate::Folder;

const TEXT: &str = "# TYPE http_requests counter
http_requests_total{pod=\"a\"} 0 100
http_requests_total{pod=\"a\"} 60 160
http_requests_total{pod=\"b\"} 0 100
http_requests_total{pod=\"b\"} 120 160
# EOF
";

const SCRIPT: &str = "load 1m
  gone 1 2 3

clear

load 1m
  up{job=\"api\"} 1 0 1
  latency {{schema:0 count:3 sum:5 buckets:[1 2]}}x2

eval instant at 1m up
  up{job=\"api\"} 0
";

struct Row {
    args: &'static [&'static str],
    code: i32,
    out: &'static str,
    says: &'static str,
}

const fn row(args: &'static [&'static str], code: i32, out: &'static str, says: &'static str) -> Row {
    Row { args, code, out, says }
}

const ROWS: &[Row] = &[
    row(
        &["http_requests_total", "--data", "requests.txt"],
        0,
        "http_requests_total{pod=\"a\"}  60\nhttp_requests_total{pod=\"b\"}  120\n",
        "",
    ),
    row(
        &["rate(http_requests_total[1m] offset 60s)", "--data", "requests.txt", "--at", "1000"],
        0,
        "no series\n",
        "",
    ),
    row(&["sum(increase(http_requests_total[61s]))", "--data", "requests.txt"], 0, "{}  180\n", ""),
    row(&["up", "--data", "script.test", "--at", "60"], 0, "up{job=\"api\"}  0\n", ""),
    row(&["gone", "--data", "script.test"], 0, "no series\n", ""),
    row(&["latency", "--data", "script.test"], 0, "latency  {count:3, sum:5, (0.5,1]:1, (1,2]:2}\n", ""),
    row(
        &["up", "--data", "script.test", "--from", "0", "--step", "1m"],
        0,
        "up{job=\"api\"}\n  1970-01-01T00:00:00Z  1\n  1970-01-01T00:01:00Z  0\n  1970-01-01T00:02:00Z  1\n",
        "",
    ),
    row(
        &[
            "up + on () http_requests_total{pod=\"a\"}",
            "--data",
            "script.test",
            "requests.txt",
            "--at",
            "160",
        ],
        0,
        "{}  61\n",
        "",
    ),
    row(
        &["count(up)", "--data", "script.test", "--output", "json", "--at", "0"],
        0,
        "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[0,\"1\"]}]}}\n",
        "",
    ),
    row(&["\"text\"", "--data", "script.test"], 0, "text\n", ""),
    row(&["now == bool 1", "--data", "stamped.txt", "--at", "now"], 0, "{}  1\n", ""),
    row(
        &["rate(up[5m])", "--data", "script.test"],
        0,
        "{job=\"api\"}  0.004166666666666667\n",
        "PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"up\" (1:6)",
    ),
    row(&["sum(up", "--data", "script.test"], 3, "", "expression:1:"),
    row(&["rate(up)", "--data", "script.test"], 3, "", "^^"),
    row(&["up[1m]", "--data", "script.test", "--from", "0"], 3, "", "range vector"),
    row(
        &["http_requests_total + on () http_requests_total", "--data", "requests.txt"],
        1,
        "",
        "many-to-many matching not allowed",
    ),
    row(&["mad_over_time(up[5m])", "--data", "script.test"], 3, "", "promql-experimental-functions"),
    row(
        &[
            "mad_over_time(up[5m])",
            "--data",
            "script.test",
            "--enable-feature",
            "promql-experimental-functions",
        ],
        0,
        "{job=\"api\"}  0\n",
        "",
    ),
    row(&["up", "--data", "missing.txt"], 3, "", "missing.txt: it cannot be read"),
    row(&["up", "--data", "bad.txt"], 3, "", "bad.txt:2: `one` is no value; write a number"),
    row(&["up", "--data", "bad.test"], 3, "", "bad.test:1: `lode` is no command"),
    row(
        &["up", "--data", "requests.txt", "requests.txt", "earlier.txt"],
        3,
        "",
        "earlier.txt: 1 samples are older than those of their series in the files before",
    ),
    row(&["up", "--data", "script.test", "--at", "soon"], 3, "", "--at: `soon` is not a time"),
    row(&["up"], 3, "", "--data <FILE>..."),
    row(&["up", "--data", "script.test", "--url", "http://127.0.0.1:1"], 3, "", "cannot be used with"),
    row(&["up", "--url", "http://127.0.0.1:1"], 3, "", "http://127.0.0.1:1 cannot be reached"),
];

#[test]
fn expressions_are_evaluated_over_files() {
    let folder = Folder::new("query");
    folder
        .file("requests.txt", TEXT)
        .file("script.test", SCRIPT)
        .file("stamped.txt", "now 1\n")
        .file("bad.txt", "up 1\nup one\n")
        .file("bad.test", "lode 1m\n")
        .file("earlier.txt", "http_requests_total{pod=\"a\"} 1 1\n# EOF\n");
    for Row { args, code, out, says } in ROWS {
        let output = folder.run(&[&["query"], *args].concat());
        let text = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(*code), "{args:?}: {text}{error}");
        assert_eq!(text, *out, "{args:?}: {error}");
        assert!(error.contains(says) && error.is_empty() == says.is_empty(), "{args:?}: {error}");
    }
}

#[test]
fn a_range_is_plotted_and_told_as_prometheus_tells_it() {
    let folder = Folder::new("query-range");
    folder.file("script.test", "load 1m\n  up{job=\"api\"} 0+1x30\n");
    let run = |output: &str| {
        let args = ["query", "up", "--data", "script.test", "--from", "0", "--output", output];
        let output = folder.run(&args);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    let plot = run("plot");
    assert!(plot.starts_with("up{job=\"api\"}\n        30 | "), "{plot}");
    assert!(plot.contains("1970-01-01T00:00:00Z                        1970-01-01T00:30:00Z"), "{plot}");
    let told: Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(told["data"]["resultType"], "matrix");
    let values = told["data"]["result"][0]["values"].as_array().unwrap();
    assert_eq!((values.len(), &values[1]), (101, &serde_json::json!([18, "0"])));
}
