//! After a rollback: the gate sees that things are well again, or somebody is called; over a kill in between.

use serde_json::{Value, json};

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::schema::wrong;
use crate::shop::{Shop, send};
use crate::site::{SECRET, Site, Watched};

/// A bad release that is taken back, after which things have to be well so soon.
fn taken_back(test: &str, within: &str) -> (Receiver, Site, Process, Shop) {
    let receiver = Receiver::start(|stream, _| answer(stream, "202 Accepted", "on its way"));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "10s", verified: true, watch: "10m" };
    let site = Site::new(test, &[watched]);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let every = "    every: 1s\n";
    assert!(rules.contains(every), "{rules}");
    site.write("rules.yaml", rules.replace(every, &format!("{every}    recovers_within: {within}\n")));
    let process = site.start();
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert_eq!(status, 201, "{text}");
    wait("the rollback", || receiver.got("/shop/take-back").into_iter().next());
    send(&process, &shop.undone());
    (receiver, site, process, shop)
}

/// What the gate shows of it, held against the document.
fn recovery(process: &Process, outcome: &str) -> Option<Value> {
    let gates = process.json("/v1/gates");
    let document = process.json("/v1/openapi.json");
    let schema =
        &document["paths"]["/v1/gates"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    let wrong = wrong(&document, schema, &gates, "");
    assert!(wrong.is_empty(), "{wrong:#?} in {gates:#}");
    let gate = gates["gates"][0].clone();
    (gate["recovery"]["outcome"] == outcome).then_some(gate)
}

/// The calls that things are not well.
fn calls(receiver: &Receiver) -> Vec<Value> {
    let got = receiver.got("/shop/notify").into_iter();
    let said = got.map(|got| {
        assert!(got.is_signed(SECRET), "{got:?}");
        serde_json::from_slice::<Value>(&got.body).unwrap()
    });
    said.filter(|said| said["type"] == "action.unrecovered").collect()
}

/// The canary fails on, as if nobody had taken it out of the traffic.
#[test]
fn somebody_is_called_where_a_rollback_did_not_help() {
    let (receiver, site, process, _) = taken_back("unrecovered", "6s");
    let gate = wait("the looks after the rollback", || recovery(&process, "recovering"));
    assert_eq!(gate["phase"], "recovering", "{gate}");
    assert!(gate["recovery"]["until"].is_string(), "{gate}");
    process.kill();
    let process = site.start();
    let call = wait("a call", || calls(&receiver).into_iter().next());
    let data = &call["data"];
    assert_eq!(data["wanted"], json!({ "action": "shop-take-back", "kind": "rollback" }), "{call}");
    assert_eq!(data["outcome"], "unrecovered", "{call}");
    assert!(
        data["headline"].as_str().unwrap().starts_with("a person has to look at shop in production"),
        "{call}"
    );
    let gate = wait("what came of it", || recovery(&process, "unrecovered"));
    assert_eq!(gate["phase"], "over", "{gate}");
    let counted = "backstop_recoveries_total{outcome=\"unrecovered\"} 1";
    wait("the figure", || process.get("/metrics").1.contains(counted).then_some(()));
    let decision = data["decision"].as_str().unwrap();
    let shown = process.json(&format!("/v1/decisions/{decision}"));
    assert_eq!(shown["recovery"]["outcome"], "unrecovered", "{shown}");
    let (text, code) = site.run(&["explain", decision]);
    assert_eq!(code, 0, "{text}");
    for words in ["whether things are well again", "not seen to be well in time, 6s after", "errors "] {
        assert!(text.contains(words), "{words}: {text}");
    }
    // Nobody is called twice, however often it is started.
    process.kill();
    let process = site.start();
    wait("a start", || recovery(&process, "unrecovered"));
    assert_eq!(process.stop().0, 0);
    assert_eq!(calls(&receiver).len(), 1);
    assert_eq!(receiver.got("/shop/take-back").len(), 1);
    site.holds();
}

/// What is counted after the rollback is as it was before the release.
#[test]
fn a_gate_sees_that_things_are_well_again() {
    let (receiver, site, process, shop) = taken_back("recovered", "2m");
    wait("the looks after the rollback", || recovery(&process, "recovering"));
    process.kill();
    // Its samples went with it; those that come now are of a canary that fails as seldom as the stable version.
    let process = site.start();
    send(&process, &shop.sales(2));
    let gate = wait("what came of it", || recovery(&process, "recovered"));
    assert_eq!((&gate["phase"], &gate["recovery"]["until"]), (&json!("over"), &Value::Null), "{gate}");
    assert_eq!(process.stop().0, 0);
    let (text, code) = site.run(&["explain"]);
    assert!(code == 0 && text.contains("things are well again, "), "{text}");
    let recoveries = site.records("recovery", "");
    assert_eq!(recoveries.len(), 2, "{recoveries:?}");
    assert_eq!(calls(&receiver), Vec::<Value>::new());
    site.holds();
}
