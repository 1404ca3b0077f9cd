//! One release, from its change to its end: watched, judged, taken back, seen to be, told, and made again.

use serde_json::Value;

use crate::process::{backstop, said, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{SECRET, Site, Watched};

fn watched(service: &str, receiver: &Receiver) -> Watched<'static> {
    let service = service.to_owned().leak();
    Watched { service, receiver: receiver.address, timeout: "10s", verified: true, watch: "10m" }
}

/// The decision that took a service back.
fn decision(site: &Site, service: &str) -> String {
    let intended = site.records("intended", &format!("{service}-take-back"));
    assert_eq!(intended.len(), 1, "{intended:?}");
    intended[0]["decision"].as_str().unwrap().to_owned()
}

#[test]
fn a_bad_release_is_taken_back_and_all_of_it_can_be_told() {
    let receiver = Receiver::start(|stream, _| answer(stream, "202 Accepted", "on its way"));
    let site = Site::new("release", &[watched("shop", &receiver), watched("stall", &receiver)]);
    let process = site.start();
    let (shop, stall) = (Shop::new("shop"), Shop::new("stall"));
    send(&process, &shop.sales(60));
    send(&process, &stall.sales(60));

    // Told over the port, and by the command: both twice, which makes no second change.
    for status in [201, 200] {
        let (got, text) = process.post("/v1/changes", &shop.change());
        assert_eq!(got, status, "{text}");
    }
    for new in ["true", "false"] {
        let url = format!("http://{}", process.address);
        let at = stall.shipped().to_string();
        let mut command = backstop();
        command.args(["change", "record", "--service", "stall", "--environment", "production"]);
        command.args(["--kind", "canary", "--to", "2.4.1", "--from", "2.4.0", "--at", &at, "--url", &url]);
        command.arg("--token-file").arg(site.path().join("token"));
        let (text, error, code) = said(&command.output().unwrap());
        assert_eq!(code, 0, "{text}{error}");
        assert!(text.contains(&format!("\"new\":{new}")), "{text}");
    }
    let changes = process.json("/v1/changes");
    assert_eq!(changes["changes"].as_array().unwrap().len(), 2, "{changes}");

    for (shop, service) in [(&shop, "shop"), (&stall, "stall")] {
        let path = format!("/{service}/take-back");
        let got = wait("the webhook", || receiver.got(&path).into_iter().next());
        is_as_promised(&got.body, service);
        assert!(got.is_signed(SECRET), "{got:?}");
        assert!(!got.is_signed("whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCwgbm90IG91cnM="), "{got:?}");
        send(&process, &shop.undone());
        assert_eq!(receiver.got(&path).len(), 1);
    }
    wait("the end of both gates", || {
        let gates = process.json("/v1/gates");
        let over = gates["gates"].as_array()?.iter().all(|gate| gate["phase"] == "recovering");
        (over && gates["actions"].as_array()?.is_empty()).then_some(())
    });
    let over_the_port: Value = process.json(&format!("/v1/decisions/{}", decision(&site, "shop")));
    is_told(&site, Some(&over_the_port));
    assert_eq!(process.stop().0, 0);
    is_told(&site, Some(&over_the_port));
}

/// What the webhook says.
fn is_as_promised(body: &[u8], service: &str) {
    let said: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(said["type"], "action.requested");
    for (field, value) in [
        ("action", format!("{service}-take-back")),
        ("kind", "rollback".to_owned()),
        ("service", service.to_owned()),
        ("environment", "production".to_owned()),
        ("version", "2.4.1".to_owned()),
        ("previous", "2.4.0".to_owned()),
        ("gate", format!("{service}-canary")),
        ("verdict", "fail".to_owned()),
    ] {
        assert_eq!(said["data"][field], value, "{field} of {said}");
    }
}

/// What the commands say of the ledger: the same while it is written and after.
fn is_told(site: &Site, over_the_port: Option<&Value>) {
    let (shop, stall) = (decision(site, "shop"), decision(site, "stall"));
    for (args, words) in [
        (&["explain", "--last"][..], &["The evidence", "The verdict"][..]),
        (
            &["explain", &shop],
            &[
                "roll back shop in production [shop-take-back]",
                "ratio",
                "taken with 202: on its way",
                "verified",
            ],
        ),
        (&["explain", &stall], &["canary of stall in production to 2.4.1, in place of 2.4.0"]),
        (&["replay", &shop], &["comes out the same, bit for bit", "fail"]),
        (&["replay", "--all"], &["2 decisions come out the same"]),
        (&["ledger", "verify"], &["each is as it was written"]),
    ] {
        let (text, code) = site.run(args);
        assert_eq!(code, 0, "{args:?}: {text}");
        for words in words {
            assert!(text.contains(words), "{args:?} does not say {words:?}: {text}");
        }
    }
    let (text, code) = site.run(&["explain", &shop, "--output", "json"]);
    assert_eq!(code, 0, "{text}");
    // The words also tell when the gate stopped, which was later.
    let wordless = |value: &Value| {
        let mut value = value.clone();
        value["rationale"] = Value::Null;
        value
    };
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(wordless(&told), wordless(over_the_port.unwrap()));
    for args in
        [&["explain", "0000000000000001-1"][..], &["explain", "what"], &["replay", "0000000000000001-1"]]
    {
        let (text, code) = site.run(args);
        assert_eq!(code, 1, "{args:?}: {text}");
    }
    let rows = site.rows();
    let numbers: Vec<u64> = rows.iter().map(|row| row["seq"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=rows.len() as u64).collect::<Vec<_>>());
}

#[test]
fn whoever_asks_all_the_time_does_not_keep_it_from_looking() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = Site::new("asking", &[watched("shop", &receiver)]);
    let process = site.start();
    let shop = Shop::new("shop");
    send(&process, &shop.sales(2));
    process.post("/v1/changes", &shop.change());
    // Nobody who asks lets half a second pass, after which the clock would be looked at in any case.
    wait("three looks", || (process.json("/v1/gates")["gates"][0]["looks"].as_u64()? >= 3).then_some(()));
}
