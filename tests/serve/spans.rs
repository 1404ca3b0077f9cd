//! Spans of what is looked at and decided, to a collector on loopback, and to one that is not there.

use std::collections::BTreeSet;
use std::net::TcpListener;

use serde_json::Value;

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer, hold};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};
use crate::wire;

/// A service, and how it is told where spans go.
fn site(test: &str, receiver: &Receiver) -> Site {
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: false, watch: "10m" };
    Site::new(test, &[watched])
}

fn figure(process: &Process, name: &str) -> f64 {
    let (_, text) = process.get("/metrics");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().unwrap()
}

/// All that came to a collector.
fn collected(collector: &Receiver) -> Vec<Value> {
    collector.got("/v1/traces").iter().flat_map(|got| wire::spans(&got.body)).collect()
}

#[test]
fn a_collector_gets_the_looks_and_decisions_of_a_release_in_one_trace() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let collector = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("spans", &receiver);
    let mut command = site.serve();
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", collector.address));
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20collectors-own");
    command.env("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test");
    let process = Process::start(&mut command);
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    wait("the end of the gate", || {
        collected(&collector).iter().any(|span| span["name"] == "gate.watch").then_some(())
    });
    wait("the figure", || (2.5 < figure(&process, "backstop_spans_total{what=\"Sent\"}")).then_some(()));
    let (code, log) = process.stop();
    assert_eq!(code, 0);
    assert!(log.iter().all(|line| !line.contains("collectors-own")), "{log:#?}");
    for got in collector.got("/v1/traces") {
        assert_eq!(got.header("content-type"), "application/x-protobuf");
        assert_eq!(got.header("authorization"), "Bearer collectors-own");
    }
    let spans = collected(&collector);
    let watch = spans.iter().find(|span| span["name"] == "gate.watch").unwrap();
    let ids: BTreeSet<&str> = spans.iter().map(|span| span["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), spans.len(), "no two spans are one");
    for span in &spans {
        assert_eq!(span["trace"], watch["trace"], "{span:#}");
        assert!(span["start"].as_u64() <= span["end"].as_u64(), "{span:#}");
        assert_eq!(
            (&span["scope"], &span["resource"]["service.name"]),
            (&"backstop".into(), &"backstop".into())
        );
        assert_eq!(span["resource"]["deployment.environment.name"], "test");
        assert_eq!(span["attributes"]["backstop.gate"], "shop-canary");
        if span["name"] != "gate.watch" {
            assert_eq!(span["parent"], watch["id"], "{span:#}");
        }
    }
    let named = |name: &str| spans.iter().filter(|span| span["name"] == name).collect::<Vec<_>>();
    let decided = named("gate.decision");
    assert!(decided.iter().any(|span| span["attributes"]["backstop.course"] == "act"), "{decided:#?}");
    let analyses = named("canary.analysis");
    let last = &analyses.last().unwrap()["attributes"];
    for (key, value) in [
        ("canary.service", "shop"),
        ("canary.version", "2.4.1"),
        ("canary.stable_version", "2.4.0"),
        ("canary.decision", "rollback"),
    ] {
        assert_eq!(last[key], value, "{last:#}");
    }
    assert_eq!(last["canary.error_rate.passed"], false);
    assert!(
        last["canary.error_rate.canary"].as_f64() > last["canary.error_rate.stable"].as_f64(),
        "{last:#}"
    );
    assert!(last["canary.analysis_duration_min"].as_f64().unwrap() > 0.0, "{last:#}");
    assert!(last.get("canary.p99.canary_ms").is_none(), "nothing asks for a latency: {last:#}");
}

/// A gate that the rules do not have any more has come to its end too.
#[test]
fn a_gate_that_is_withdrawn_ends_its_span() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let collector = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("spans-withdrawn", &receiver);
    let mut command = site.serve();
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", collector.address));
    let process = Process::start(&mut command);
    let shop = Shop::new("shop");
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    site.write("rules.yaml", rules.replace("gate: shop-canary", "gate: renamed"));
    let watch = wait("the end of the gate", || {
        collected(&collector).into_iter().find(|span| span["name"] == "gate.watch")
    });
    for (key, value) in [
        ("backstop.gate", "shop-canary"),
        ("backstop.ending", "withdrawn"),
        ("backstop.service", "shop"),
        ("backstop.version", "2.4.1"),
        ("backstop.verdict", "inconclusive"),
    ] {
        assert_eq!(watch["attributes"][key], value, "{watch:#}");
    }
    assert!(watch["start"].as_u64() < watch["end"].as_u64(), "{watch:#}");
    assert_eq!(process.stop().0, 0);
}

/// One that takes connections and says nothing, one that refuses, and one that is not there.
#[test]
fn a_collector_that_is_gone_keeps_nothing_waiting() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let silent = Receiver::start(|stream, _| hold(stream)).address;
    let refuses = Receiver::start(|stream, _| answer(stream, "400 Bad Request", "")).address;
    for (test, collector) in [("spans-gone", gone), ("spans-silent", silent), ("spans-refused", refuses)] {
        let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
        let site = site(test, &receiver);
        let mut command = site.serve();
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{collector}"));
        command.env("OTEL_EXPORTER_OTLP_TIMEOUT", "500");
        let process = Process::start(&mut command);
        let shop = Shop::new("shop");
        send(&process, &shop.sales(60));
        assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
        wait("the release to be taken back", || receiver.got("/shop/take-back").into_iter().next());
        wait("the figure", || {
            (0.5 < figure(&process, "backstop_spans_total{what=\"Failed\"}")).then_some(())
        });
        let (code, log) = process.stop();
        assert_eq!(code, 0, "{log:#?}");
        // It is said once.
        let said = log.iter().filter(|line| line.contains("spans are not taken")).count();
        assert_eq!(said, 1, "{log:#?}");
    }
}

#[test]
fn what_is_asked_for_and_cannot_be_is_said_and_the_watch_goes_on() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("spans-grpc", &receiver);
    let mut command = site.serve();
    command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4317");
    command.env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    let process = Process::start(&mut command);
    assert!(process.logged("no spans are sent: OTEL_EXPORTER_OTLP_PROTOCOL is `grpc`"));
    assert_eq!(process.stop().0, 0);
}
