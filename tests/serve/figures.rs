//! The figures about backstop itself: OpenMetrics, and moving.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::process::{Process, wait};
use crate::promtool::promtool;
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

/// A figure of this name and these labels.
fn figure(process: &Process, name: &str) -> f64 {
    let (status, text) = process.get("/metrics");
    assert_eq!(status, 200);
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

#[test]
fn figures_move_with_what_happens() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let receiver = receiver.address;
    let site = Site::new(
        "figures",
        &[Watched { service: "shop", receiver, timeout: "1s", verified: false, watch: "10m" }],
    );
    let process = site.start();
    let moving = [
        "backstop_looks_total",
        "backstop_attempts_total",
        "backstop_decisions_total{what=\"Act\"}",
        "backstop_samples_total{what=\"Taken\"}",
        "backstop_store_series",
    ];
    for name in moving {
        assert!(figure(&process, name) < 0.5, "{name}");
    }
    assert!(figure(&process, "backstop_ready") > 0.5);
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    for name in moving {
        wait(name, || (figure(&process, name) > 0.5).then_some(()));
    }
    assert!(figure(&process, "backstop_action_failures_total") < 0.5);
    let (_, text) = process.get("/metrics");
    assert!(text.ends_with("# EOF\n"), "{text}");
    let Some(promtool) = promtool("figures_move_with_what_happens") else { return };
    let mut command = Command::new(promtool);
    command.args(["check", "metrics"]).stdin(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    // It reads OpenMetrics by the older format's rules, in which the help of a counter has the counter's whole name.
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 3)), "{text}");
    assert!(text.lines().all(|line| line.ends_with("_total no help text")), "{text}");
}
