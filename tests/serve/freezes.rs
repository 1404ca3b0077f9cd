//! Freezes that are announced to a process that runs: they hold what they say, a restart keeps them, and lifting one lets
//! go of it.

use serde_json::{Value, json};

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::now;
use crate::site::{Site, TOKEN};
use crate::switch::{release, site};
use backstop::unit::Span;

fn until(hours: u64) -> String {
    now().plus(Span::from_secs(hours * 3_600)).to_string()
}

fn told(process: &Process) -> Vec<Value> {
    process.json("/v1/freezes")["freezes"].as_array().unwrap().clone()
}

fn lift(process: &Process, name: &str) -> (u16, String) {
    process.ask(&format!("DELETE /v1/freezes/{name}"), TOKEN, b"")
}

/// A decision that a freeze held back, with what is said about it.
fn held(site: &Site, by: &str) -> String {
    let decided = wait("a decision", || site.records("decided", &format!("\"name\":\"{by}\"")).pop());
    assert_eq!(decided["ruling"]["course"], "ask");
    site.run(&["explain", decided["id"].as_str().unwrap()]).0
}

#[test]
fn what_is_frozen_waits_through_a_restart_until_it_is_lifted() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("freeze", receiver.address, &["shop", "cart"]);
    let process = site.start();
    let freeze = json!({ "freeze": "sale", "why": "a sale", "until": until(2), "services": ["sh*"] });
    let (status, text) = process.post("/v1/freezes", &freeze);
    assert_eq!(status, 201, "{text}");
    let (status, text) = process.post("/v1/freezes", &freeze);
    assert!(status == 409 && text.contains("there is a freeze `sale` until"), "{text}");
    release(&process, &["shop", "cart"]);
    wait("the other service's webhook", || receiver.got("/cart/take-back").pop());
    let why = held(&site, "sale");
    assert!(why.contains("the freeze `sale` holds until") && why.contains("a sale"), "{why}");
    assert!(why.contains("`DELETE /v1/freezes/NAME`"), "{why}");
    process.kill();
    let process = site.start();
    let freezes = told(&process);
    assert_eq!(
        (&freezes[0]["freeze"], &freezes[0]["by"], &freezes[0]["now"]),
        (&json!("sale"), &json!("pipeline"), &json!(true))
    );
    assert!(receiver.got("/shop/take-back").is_empty());
    assert_eq!(lift(&process, "peak").0, 404);
    assert_eq!(lift(&process, "sale").0, 200);
    assert_eq!(told(&process), [Value::Null; 0]);
    release(&process, &["shop"]);
    wait("the webhook", || receiver.got("/shop/take-back").pop());
    process.kill();
    let process = site.start();
    assert_eq!(told(&process), [Value::Null; 0], "a restart forgot that it was lifted");
    assert_eq!(site.records("frozen", "sale").len(), 2);
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn those_of_the_file_hold_beside_them_and_are_lifted_there() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("freeze-file", receiver.address, &["shop"]);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let (from, end) = (now().minus(Span::from_secs(60)), until(1));
    let row = format!("freezes: [ {{ freeze: peak, why: busy, from: {from}, until: {end} }} ]");
    site.write("rules.yaml", format!("{row}\n{rules}"));
    let process = site.start();
    for (body, status, says) in [
        (json!({ "freeze": "peak", "why": "x", "until": until(2) }), 409, "stands in the server file"),
        (
            json!({ "freeze": "a", "why": "x", "until": until(2), "services": ["shpo"] }),
            400,
            "no target is of the service `shpo`",
        ),
        (
            json!({ "freeze": "a", "why": "x", "until": until(2), "environments": ["prod"] }),
            400,
            "of the environment `prod`",
        ),
        (json!({ "freeze": "sale", "why": "a sale", "until": until(2) }), 201, "sale"),
    ] {
        let (got, text) = process.post("/v1/freezes", &body);
        assert!(got == status && text.contains(says), "{body}: {got} {text}");
    }
    assert_eq!(lift(&process, "peak").0, 409);
    let names: Vec<_> = told(&process).iter().map(|freeze| freeze["freeze"].clone()).collect();
    assert_eq!(names, ["sale", "peak"]);
    release(&process, &["shop"]);
    // Of several the one that is over last is told.
    assert!(held(&site, "sale").contains("the freeze `sale`"));
    assert_eq!(lift(&process, "sale").0, 200);
    // The other one holds on.
    release(&process, &["shop"]);
    assert!(held(&site, "peak").contains("the freeze `peak`"));
    assert!(receiver.got("/shop/take-back").is_empty());
    assert_eq!(process.stop().0, 0);
    site.holds();
}
