//! The kill switch: by file, over the port, by a signal; for everything and for one service. What is off is so within a
//! second, whatever the engine is doing, and a restart keeps it.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::killed::{Held, full_port};
use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

/// What is allowed from the moment in which it is switched off to that in which nothing goes out any more.
const AT_ONCE: Duration = Duration::from_secs(1);

pub(crate) fn site(test: &str, receiver: std::net::SocketAddr, services: &[&str]) -> Site {
    let watched = |service| Watched { service, receiver, timeout: "60s", verified: false, watch: "10m" };
    let site = Site::new(test, &services.iter().copied().map(watched).collect::<Vec<_>>());
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let rules = rules.replace("[change, ingest, read]", "[change, ingest, read, operate]");
    site.write("rules.yaml", format!("switch_file: {}/off\n{rules}", site.path().display()));
    site
}

/// A service whose canaries are bad.
pub(crate) fn release(process: &Process, services: &[&str]) {
    for service in services {
        let shop = Shop::new(service);
        send(process, &shop.sales(60));
        let (status, text) = process.post("/v1/changes", &shop.change());
        assert!(matches!(status, 200 | 201), "{text}");
    }
}

/// What is off, as the figures have it.
fn off(process: &Process) -> Vec<String> {
    let (_, text) = process.get("/metrics");
    let rows = text.lines().filter_map(|line| line.strip_prefix("backstop_switched_off{service=\""));
    rows.filter_map(|row| row.strip_suffix("\"} 1.0").map(str::to_owned)).collect()
}

fn signal(process: &Process, name: &str) {
    assert!(Command::new("kill").args([name, &process.pid().to_string()]).status().unwrap().success());
}

fn turn(process: &Process, body: &Value) -> (u16, String) {
    process.post("/v1/switch", body)
}

/// Waits for something that has to be so at once; how long it took.
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is tested")]
fn at_once(what: &str, there: impl FnMut() -> Option<()>) -> Duration {
    let began = Instant::now();
    wait(what, there);
    began.elapsed()
}

/// A way to turn it off and on.
struct Way {
    name: &'static str,
    off: fn(&Site, &Process),
    on: fn(&Site, &Process),
    by: &'static str,
}

const WAYS: [Way; 3] = [
    Way {
        name: "file",
        off: |site, _| site.write("off", "the mesh is moved\n"),
        on: |site, _| std::fs::remove_file(site.path().join("off")).unwrap(),
        by: "the file of the switch",
    },
    Way {
        name: "port",
        off: |_, process| {
            assert_eq!(turn(process, &json!({ "off": "the mesh is moved" })).0, 200);
        },
        on: |_, process| {
            assert_eq!(turn(process, &json!({ "on": true })).0, 200);
        },
        by: "pipeline",
    },
    Way {
        name: "signal",
        off: |_, process| signal(process, "-USR1"),
        on: |_, process| signal(process, "-USR2"),
        by: "a signal",
    },
];

#[test]
fn each_way_holds_everything_and_a_restart_keeps_it() {
    for Way { name, off: turn_off, on: turn_on, by } in WAYS {
        let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
        let site = site(&format!("switch-{name}"), receiver.address, &["shop"]);
        let process = site.start();
        assert_eq!(off(&process), [""; 0], "{name}");
        turn_off(&site, &process);
        let took = at_once("off", || (off(&process) == [""]).then_some(()));
        assert!(took < AT_ONCE, "{name}: {took:?}");
        wait("the turn on record", || site.records("switched", by).pop());
        process.kill();
        let process = site.start();
        assert_eq!(off(&process), [""], "{name}: a restart forgot it");
        release(&process, &["shop"]);
        let held = wait("a decision", || site.records("decided", "switched_off").pop());
        assert_eq!(held["ruling"]["course"], "hold", "{name}");
        let gates = process.json("/v1/gates");
        assert!(gates["switched_off"].is_string(), "{name}: {gates}");
        let told = site.run(&["explain", held["id"].as_str().unwrap()]).0;
        assert!(told.contains("automation is switched off: "), "{name}: {told}");
        assert!(site.records("intended", "").is_empty(), "{name}");
        turn_on(&site, &process);
        wait("the webhook", || receiver.got("/shop/take-back").pop());
        assert_eq!(off(&process), [""; 0], "{name}");
        assert_eq!(process.stop().0, 0);
        site.holds();
    }
}

#[test]
fn of_one_service_it_holds_that_one_and_no_other() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("switch-service", receiver.address, &["shop", "cart"]);
    let process = site.start();
    let (status, text) = turn(&process, &json!({ "off": "a sale", "service": "shpo" }));
    assert_eq!(status, 400);
    assert!(
        text.contains("no target of a service `shpo`") && text.contains("did you mean `shop`?"),
        "{text}"
    );
    let (status, text) = turn(&process, &json!({ "off": "a sale", "service": "warehouse" }));
    assert!(status == 400 && text.contains("what is known here: `cart`, `shop`"), "{text}");
    let (status, text) = turn(&process, &json!({ "off": "a sale", "service": "shop" }));
    assert_eq!(status, 200, "{text}");
    let expected = json!([{ "service": "shop", "why": "a sale", "file": false }]);
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["switched_off"], expected);
    assert_eq!(process.json("/v1/switch")["switched_off"], expected);
    release(&process, &["shop", "cart"]);
    wait("the other one's webhook", || receiver.got("/cart/take-back").pop());
    wait("a decision", || site.records("decided", "service_off").pop());
    assert_eq!(off(&process), ["shop"]);
    assert_eq!(process.json("/v1/gates")["services_off"], expected);
    assert!(receiver.got("/shop/notify").is_empty() && receiver.got("/shop/take-back").is_empty());
    process.kill();
    let process = site.start();
    assert_eq!(off(&process), ["shop"]);
    assert_eq!(turn(&process, &json!({ "on": true, "service": "shop" })).0, 200);
    release(&process, &["shop"]);
    wait("its webhook", || receiver.got("/shop/take-back").pop());
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn what_the_file_holds_is_lifted_by_the_file_alone() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("switch-held", receiver.address, &["shop", "cart"]);
    site.write("off", "shop: a sale\n");
    let process = site.start();
    assert_eq!(off(&process), ["shop"]);
    let (status, text) = turn(&process, &json!({ "on": true, "service": "shop" }));
    let file = format!("the file `{}/off` switches it off: a sale", site.path().display());
    assert_eq!(status, 409);
    assert!(text.contains(&file) && text.contains("take that line out of it, or the file away"), "{text}");
    assert_eq!(turn(&process, &json!({ "on": true, "service": "cart" })).0, 200);
    // A slip in the name of a service leaves nothing on.
    site.write("off", "shpo: a sale\n");
    wait("all of it", || (off(&process) == [""]).then_some(()));
    assert_eq!(turn(&process, &json!({ "on": true })).0, 409);
    signal(&process, "-USR2");
    wait("what the log says to that", || process.logged("everything stays off").then_some(()));
    assert_eq!(off(&process), [""]);
    std::fs::remove_file(site.path().join("off")).unwrap();
    wait("none of it", || off(&process).is_empty().then_some(()));
    std::fs::create_dir(site.path().join("off")).unwrap();
    wait("what cannot be read", || (off(&process) == [""]).then_some(()));
    assert_eq!(process.stop().0, 0);
}

#[test]
fn a_retry_that_waits_is_made_no_more() {
    let receiver = Receiver::start(|stream, _| answer(stream, "503 Service Unavailable", ""));
    let site = site("switch-retry", receiver.address, &["shop"]);
    let process = site.start();
    release(&process, &["shop"]);
    wait("the webhook", || receiver.got("/shop/take-back").pop());
    let key = site.records("intended", "shop-take-back")[0]["key"].as_str().unwrap().to_owned();
    wait("the answer on record", || site.records("answered", &key).pop());
    let before = receiver.got("/shop/take-back").len();
    site.write("off", "no more\n");
    let closed = wait("its end", || site.records("closed", &key).pop());
    assert!(closed["why"].as_str().unwrap().contains("automation is switched off: no more"), "{closed}");
    assert_eq!((before, receiver.got("/shop/take-back").len()), (1, 1));
    assert!(site.records("retried", &key).is_empty());
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn an_attempt_that_is_connecting_goes_out_no_more_though_the_engine_hears_of_nothing() {
    let (listener, waiting) = full_port();
    let site = site("switch-connecting", listener.local_addr().unwrap(), &["shop"]);
    let process = site.start();
    release(&process, &["shop"]);
    wait("the attempt", || {
        let (_, text) = process.get("/metrics");
        text.contains("backstop_attempts_total 1").then_some(())
    });
    // The engine waits for its ledger, and hears of nothing until that is let go of.
    let held = Held::take(&site);
    site.write("off", "no more\n");
    let took = at_once("off", || {
        let off = process.json("/v1/switch")["switched_off"][0].clone();
        (off["why"] == "no more").then_some(())
    });
    assert!(took < AT_ONCE, "{took:?}");
    // Now there is somebody to take the connection.
    drop(waiting);
    let receiver = Receiver::on(listener, |stream, _| answer(stream, "200 OK", "done"));
    held.release();
    let key = site.records("intended", "shop-take-back")[0]["key"].as_str().unwrap().to_owned();
    let answered = wait("what came of it", || site.records("answered", &key).pop());
    assert_eq!(answered["answer"]["unsent"]["why"], "automation is switched off: no more");
    wait("its end", || site.records("closed", &key).pop());
    assert!(receiver.got("/shop/take-back").is_empty() && receiver.got("/shop/notify").is_empty());
    assert_eq!(process.stop().0, 0);
    site.holds();
}
