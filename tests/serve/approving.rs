//! What people are asked over the port, and by the command: the call, the list, the answer, and what is done then.

use serde_json::{Value, json};

use crate::process::{Process, backstop, said, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{SECRET, Site, Watched};

/// A bad release of the pipeline's, about whose rollback two of three people have to agree.
fn asked(test: &str) -> (Receiver, Site, Process, Shop, Value) {
    let receiver = Receiver::start(|stream, _| answer(stream, "202 Accepted", "on its way"));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "10s", verified: true, watch: "10m" };
    let site = Site::new(test, &[watched]);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let folder = site.path().display().to_string();
    let names = ["kim", "lee", "sam"];
    for who in names {
        site.write(who, format!("{who}s-own-token"));
    }
    let secrets: Vec<String> =
        names.iter().map(|who| format!(", {who}: {{ file: {folder}/{who} }}")).collect();
    let people =
        names.iter().map(|who| format!(", {{ who: {who}, token: {who}, may: [read, approve, change] }}"));
    let (secrets, people) = (secrets.concat(), people.collect::<String>());
    let rules = rules
        .replace("approval: none", "approval: two")
        .replace("may: [change, ingest, read] }", &format!("may: [change, ingest, read] }}{people}"))
        .replace(&format!("{folder}/hook }}"), &format!("{folder}/hook }}{secrets}"))
        .replace("mode: act\n", "mode: act\nexternal_url: https://backstop.example.com/\n");
    site.write("rules.yaml", rules);
    let process = site.start();
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    let (status, text) = process.ask(
        "POST /v1/changes\nContent-Type: application/json",
        "kims-own-token",
        shop.change().to_string().as_bytes(),
    );
    assert_eq!(status, 201, "{text}");
    let waits = || process.json("/v1/approvals")["approvals"].as_array()?.first().cloned();
    let asked = wait("somebody to be asked", waits);
    (receiver, site, process, shop, asked)
}

fn say(process: &Process, who: &str, decision: &str, body: &Value) -> (u16, String) {
    let head = format!("POST /v1/decisions/{decision}/approval\nContent-Type: application/json");
    process.ask(&head, &format!("{who}s-own-token"), body.to_string().as_bytes())
}

#[test]
fn two_people_agree_and_the_release_is_taken_back() {
    let (receiver, site, process, shop, asked) = asked("approving");
    let decision = asked["decision"].as_str().unwrap().to_owned();
    assert_eq!((&asked["action"], &asked["needed"]), (&json!("shop-take-back"), &json!(2)), "{asked}");
    assert_eq!(asked["holds"][0]["word"], "needs_approval", "{asked}");

    // Somebody was called, with what is held and where it is told of.
    let calls = || {
        let got = receiver.got("/shop/notify").into_iter();
        let call = got.map(|got| (serde_json::from_slice::<Value>(&got.body).unwrap(), got));
        call.into_iter().find(|(said, _)| said["type"] == "approval.requested")
    };
    let (call, got) = wait("a call", calls);
    assert!(got.is_signed(SECRET), "{got:?}");
    let data = &call["data"];
    assert_eq!(data["wanted"], json!({ "action": "shop-take-back", "kind": "rollback" }), "{call}");
    assert_eq!(data["decision"], decision, "{call}");
    assert_eq!(data["url"], format!("https://backstop.example.com/v1/decisions/{decision}"), "{call}");
    assert_eq!(data["until"], asked["until"], "{call}");
    assert_eq!(data["holds"], asked["holds"], "{call}");

    let yes = json!({ "approve": true, "lifts": ["needs_approval"], "why": "seen it" });
    let odd = json!({ "approve": true, "lifts": ["budget"] });
    for (who, decision, body, status, words) in [
        ("pipeline", decision.as_str(), &yes, 401, "not known"),
        ("kim", &decision, &yes, 409, "may not agree"),
        ("lee", &decision, &json!({ "approve": true }), 400, "not among `lifts`"),
        ("lee", &decision, &odd, 400, "does not speak"),
        ("lee", &decision, &json!({ "approved": true }), 400, "neither yes nor no"),
        ("lee", "00000000000000aa-1", &yes, 404, "asks nobody"),
        ("lee", &format!("{}-99", decision.split('-').next().unwrap()), &yes, 409, "any more"),
        ("lee", "nothing", &yes, 400, "is not the id"),
        ("lee", &decision, &yes, 200, r#""people":1,"needed":2,"course":"ask""#),
        ("lee", &decision, &yes, 409, "agreed already"),
    ] {
        let (got, text) = say(&process, who, decision, body);
        assert!(got == status && text.contains(words), "{who} {decision} {body}: {got} {text}");
    }
    let (got, text) = process.post(&format!("/v1/decisions/{decision}/approval"), &yes);
    assert!(got == 403 && text.contains("approve"), "the pipeline's own token: {got} {text}");
    assert!(receiver.got("/shop/take-back").is_empty());

    // The second one uses the command: it shows what is asked, and agrees to that.
    let url = format!("http://{}", process.address);
    let command = |args: &[&str]| {
        let mut command = backstop();
        command.arg("approve").args(args).args(["--url", &url, "--token-file"]).arg(site.path().join("sam"));
        said(&command.output().unwrap())
    };
    let (text, error, code) = command(&[]);
    assert!(code == 0 && text.contains(&decision) && text.contains("1 of 2 agreed"), "{text}{error}");
    let (text, error, code) = command(&[&decision, "--why", "me too"]);
    // Where a look is due, it counts with that.
    assert!(code == 0 && text.contains(r#""people":2"#), "{text}{error}");
    wait("the webhook", || receiver.got("/shop/take-back").into_iter().next());
    send(&process, &shop.undone());
    let (text, _, code) = command(&[&decision]);
    assert!(code == 1 && text.contains("any more") || text.contains("asks nobody"), "{code} {text}");

    wait("the end", || {
        let gates = process.json("/v1/gates");
        gates["gates"].as_array()?.iter().all(|gate| gate["phase"] == "recovering").then_some(())
    });
    let (text, code) = site.run(&["explain", &decision]);
    assert_eq!(code, 0, "{text}");
    for words in ["lee agreed: seen it", "sam agreed: me too", "written down as act_"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn a_no_holds_and_a_restart_keeps_it() {
    let (receiver, site, process, _, asked) = asked("declining");
    let decision = asked["decision"].as_str().unwrap();
    // Whoever made the change may say no to what would be done about it.
    let (got, text) = say(&process, "kim", decision, &json!({ "approve": false, "why": "it is known" }));
    assert!(got == 200 && text.contains(r#""course":"hold""#), "{got} {text}");
    process.kill();
    let process = site.start();
    wait("a look after the start", || {
        process.get("/metrics").1.contains("backstop_looks_total").then_some(())
    });
    let (got, text) =
        say(&process, "lee", decision, &json!({ "approve": true, "lifts": ["needs_approval"] }));
    assert_eq!(got, 409, "{text}");
    assert_eq!(process.json("/v1/approvals"), json!({ "approvals": [] }));
    assert!(receiver.got("/shop/take-back").is_empty());
    assert_eq!(process.stop().0, 0);
    site.holds();
}
