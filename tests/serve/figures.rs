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

/// The same; nothing where it is not there yet.
fn told(text: &str, name: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
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
    let group = "{rule_group=\"shop-canary\"}";
    for (name, labels) in [
        ("prometheus_rule_evaluations_total", group),
        ("prometheus_rule_group_iterations_total", group),
        ("prometheus_rule_group_last_duration_seconds", group),
        ("prometheus_rule_group_last_evaluation_timestamp_seconds", group),
        ("prometheus_rule_evaluation_duration_seconds_count", ""),
        ("prometheus_rule_group_duration_seconds", "{quantile=\"0.99\"}"),
        ("backstop_look_lateness_seconds_count", ""),
        ("backstop_actions_total", "{kind=\"rollback\",outcome=\"taken\"}"),
        ("backstop_events_total", ""),
    ] {
        wait(name, || {
            told(&process.get("/metrics").1, &format!("{name}{labels}")).filter(|figure| 0.0 < *figure)
        });
    }
    for (name, labels, expected) in [
        ("prometheus_rule_group_interval_seconds", group.to_owned(), 1.0),
        ("prometheus_rule_group_rules", group.to_owned(), 1.0),
        ("prometheus_rule_evaluation_failures_total", group.to_owned(), 0.0),
        ("prometheus_rule_group_iterations_missed_total", group.to_owned(), 0.0),
        ("backstop_budget_limit", "{action=\"\",scope=\"everywhere\"}".to_owned(), 20.0),
    ] {
        let figure = told(&process.get("/metrics").1, &format!("{name}{labels}"));
        assert!(figure.is_some_and(|figure| (figure - expected).abs() < 1e-9), "{name}: {figure:?}");
    }
    let (_, text) = process.get("/metrics");
    assert!(text.ends_with("# EOF\n"), "{text}");
    is_good(&text);
}

/// One release that is watched, beside all that it is held to.
#[test]
fn each_gate_that_watches_a_change_is_shown_until_it_ends() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let receiver = receiver.address;
    let site = Site::new(
        "figures-of-gates",
        &[Watched { service: "shop", receiver, timeout: "1s", verified: false, watch: "10m" }],
    );
    let process = site.start();
    let mut shop = Shop::new("shop");
    // Nothing is decided in its first five looks.
    shop.ship_now();
    send(&process, &shop.sales(2));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let whom = "gate=\"shop-canary\",service=\"shop\",environment=\"production\",cluster=\"\"";
    let looks = format!("backstop_gate_looks{{{whom}}}");
    let text = wait("some looks", || {
        let (_, text) = process.get("/metrics");
        told(&text, &looks).filter(|looks| 2.0 < *looks).map(|_| text)
    });
    for (name, labels, least, most) in [
        ("backstop_gate_verdict", "", 0.0, 1.0),
        ("backstop_gate_confidence", "", 0.0, 0.9),
        ("backstop_check_of", ",check=\"errors\",side=\"new\"", 1_000.0, 1e9),
        ("backstop_check_events", ",check=\"errors\",side=\"old\"", 1.0, 1e9),
        ("backstop_check_threshold", ",check=\"errors\",quantity=\"ratio\"", 1.25, 1.25),
        ("backstop_check_threshold", ",check=\"errors\",quantity=\"difference\"", 0.0005, 0.0005),
    ] {
        let figure = told(&text, &format!("{name}{{{whom}{labels}}}"));
        assert!(
            figure.is_some_and(|figure| (least..=most).contains(&figure)),
            "{name}: {figure:?} in {text}"
        );
    }
    assert!(told(&text, "backstop_gate_watches{gate=\"shop-canary\"}").is_some_and(|watches| watches > 0.5));
    is_good(&text);
    wait("the end of the gate", || {
        let (_, text) = process.get("/metrics");
        let watches = told(&text, "backstop_gate_watches{gate=\"shop-canary\"}")?;
        (watches < 0.5 && told(&text, &looks).is_none()).then_some(())
    });
    assert_eq!(process.stop().0, 0);
}

/// What promtool says of it.
fn is_good(text: &str) {
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
