//! Alerts, told by a real Alertmanager and by whoever else comes: one incident, one action, and nothing that gets lost.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::alertmanager::Alertmanager;
use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer};
use crate::shop::now;
use crate::site::{Site, TOKEN};

const BACK: &str = "/back";
const PATH: &str = "/v1/incidents/alertmanager";
const TELLER: &str = "alertmanagers-own";

/// Rules by which an alert takes a release back, and people who tell of alerts.
fn site(test: &str, receiver: SocketAddr) -> Site {
    let site = Site::new(test, &[]);
    let folder = site.path().display();
    site.write("teller", TELLER);
    site.write(
        "rules.yaml",
        format!(
            "mode: act
settle: 250ms
hosts: [ {{ host: 127.0.0.1, addresses: [127.0.0.0/8], http: true }} ]
secrets:
  token: {{ file: {folder}/token }}
  hook: {{ file: {folder}/hook }}
  teller: {{ file: {folder}/teller }}
access:
  - {{ who: pipeline, token: token, may: [change, ingest, read] }}
  - {{ who: alertmanager, token: teller, may: alert }}
trust: [ {{ files: \"*\", services: [shop], actions: [rollback, notify], secrets: [hook], at_most: act }} ]
targets:
  - {{ service: shop, environment: production, select: {{ service: shop }}, alerts: {{ service: shop, env: prod }} }}
incidents:
  - incident: burn
    owner: team
    match: {{ service: shop, environment: production }}
    alerts: {{ severity: page }}
    ask_for: back
    may_undo_on: alert
actions:
  - action: back
    does: rollback
    approval: none
    owner: team
    webhook: {{ url: 'http://{receiver}{BACK}', sign: hook, timeout: 5s }}
"
        ),
    );
    site
}

fn receiver() -> Receiver {
    Receiver::start(|stream, _| answer(stream, "200 OK", "done"))
}

/// A service on a port that it has again after a restart, which can have its disk full.
fn serve(site: &Site, address: SocketAddr) -> Process {
    let serve = site.serve();
    let args: Vec<String> = serve.get_args().map(|arg| arg.to_str().unwrap().to_owned()).collect();
    let listen = address.to_string();
    let args = args.iter().map(|arg| if arg == "127.0.0.1:0" { &listen } else { arg });
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(serve.get_program()).args(args);
    shell.current_dir(site.path()).env_remove("BACKSTOP_LOG");
    Process::start(&mut shell)
}

/// A port that nobody listens on.
fn free() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn change() -> Value {
    json!({ "service": "shop", "environment": "production", "version": "2.4.1", "previous": "2.4.0",
        "at": (now().millis() / 1_000 - 60).to_string() })
}

fn labels() -> Value {
    json!({ "alertname": "HighErrors", "service": "shop", "env": "prod", "severity": "page" })
}

fn bearer() -> String {
    format!("authorization: {{ credentials: {TELLER} }}")
}

fn basic() -> String {
    format!("basic_auth: {{ username: alertmanager, password: {TELLER} }}")
}

fn alertmanager(test: &str, site: &Site, to: (SocketAddr, &str), login: &str) -> Option<Alertmanager> {
    let (address, name) = to;
    let folder = site.path().join(name);
    Alertmanager::start(test, &folder, (&format!("http://{address}{PATH}"), login))
}

fn count(process: &Process, outcome: &str) -> u64 {
    let text = process.get("/metrics").1;
    let row = format!("backstop_alerts_total{{outcome=\"{outcome}\"}} ");
    let value =
        text.lines().find_map(|line| line.strip_prefix(&row)).unwrap_or_else(|| panic!("{row}: {text}"));
    // It is a float.
    value.split('.').next().unwrap().parse().unwrap()
}

/// The largest that a file of the process may get from now on; beyond it writing fails, as on a full disk.
fn most(process: &Process, bytes: &str) {
    let pid = process.pid().to_string();
    let set = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(set.unwrap().success());
}

fn has_prlimit(test: &str) -> bool {
    let there = Command::new("prlimit").arg("--version").output().is_ok() && Path::new("/bin/sh").exists();
    if !there {
        crate::skip::skip(test, "prlimit (util-linux)");
    }
    there
}

/// One incident, one action, and a ledger that holds.
fn is_one(site: &Site, receiver: &Receiver) {
    assert_eq!(receiver.got(BACK).len(), 1, "{:?}", receiver.got(BACK));
    assert_eq!(site.records("intended", "").len(), 1);
    let firing: Vec<Value> =
        site.records("alerted", "").into_iter().filter(|record| record["resolved"].is_null()).collect();
    assert_eq!(firing.len(), 1, "{firing:?}");
    site.holds();
}

#[test]
fn two_alertmanagers_tell_of_one_incident_and_lead_to_one_action() {
    let test = "two_alertmanagers_tell_of_one_incident_and_lead_to_one_action";
    let receiver = receiver();
    let site = site("alert-pair", receiver.address);
    let process = site.start();
    let Some(one) = alertmanager(test, &site, (process.address, "one"), &bearer()) else { return };
    let Some(other) = alertmanager(test, &site, (process.address, "other"), &basic()) else { return };
    assert_eq!(process.post("/v1/changes", &change()).0, 201);
    std::thread::scope(|scope| {
        scope.spawn(|| one.fire(&labels()));
        scope.spawn(|| other.fire(&labels()));
    });
    wait("the webhook", || receiver.got(BACK).pop());
    wait("both", || (count(&process, "taken") + count(&process, "merged") == 2).then_some(()));
    assert_eq!((count(&process, "taken"), count(&process, "refused")), (1, 0));
    let shown = process.json("/v1/incidents");
    let incident = &shown["incidents"][0];
    assert_eq!(shown["incidents"].as_array().unwrap().len(), 1, "{shown}");
    assert_eq!((&incident["name"], &incident["status"]), (&json!("HighErrors"), &json!("firing")));
    assert_eq!((&incident["by"], &incident["led"][0]["to"]), (&json!("alertmanager"), &json!("asked")));
    assert_eq!(incident["annotations"]["summary"], "it is \\u{1b}[31mred");
    let got = receiver.got(BACK).remove(0);
    let body: Value = serde_json::from_slice(&got.body).unwrap();
    assert_eq!((&body["data"]["gate"], &body["data"]["verdict"]), (&json!("incident.burn"), &json!("alert")));

    // Resolved, told by both, leads to nothing; nor does it when it fires again, as that was done.
    one.resolve(&labels());
    other.resolve(&labels());
    wait("the end", || (count(&process, "resolved") == 1).then_some(()));
    wait("both ends", || (count(&process, "merged") == 2).then_some(()));
    assert_eq!(process.json("/v1/incidents")["incidents"][0]["status"], "resolved");
    assert_eq!(process.stop().0, 0);
    is_one(&site, &receiver);
    let (text, code) = site.run(&["explain"]);
    assert_eq!(code, 0, "{text}");
    for words in
        ["alert HighErrors: roll back shop", "fires since", "told by alertmanager", "`burn` of `incidents`"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn an_alert_comes_again_through_a_restart() {
    let test = "an_alert_comes_again_through_a_restart";
    if !has_prlimit(test) {
        return;
    }
    let (receiver, address) = (receiver(), free());
    let site = site("alert-restart", receiver.address);
    let process = serve(&site, address);
    let Some(alertmanager) = alertmanager(test, &site, (address, "am"), &bearer()) else { return };
    assert_eq!(process.post("/v1/changes", &change()).0, 201);
    most(&process, "1024");
    alertmanager.fire(&labels());
    wait("that it is said", || process.logged("nothing is acted on").then_some(()));
    assert!(receiver.got(BACK).is_empty(), "it acted on what it could not write down");
    process.kill();
    let process = serve(&site, address);
    wait("the webhook", || receiver.got(BACK).pop());
    wait("the incident", || (count(&process, "taken") == 1).then_some(()));
    // What it was told of is known after a kill, too.
    process.kill();
    let process = serve(&site, address);
    assert_eq!(process.json("/v1/incidents")["incidents"][0]["status"], "firing");
    alertmanager.resolve(&labels());
    wait("the end", || (count(&process, "resolved") == 1).then_some(()));
    assert_eq!(process.stop().0, 0);
    is_one(&site, &receiver);
}

#[test]
fn on_a_full_disk_an_alert_is_not_taken_and_comes_again() {
    let test = "on_a_full_disk_an_alert_is_not_taken_and_comes_again";
    if !has_prlimit(test) {
        return;
    }
    let receiver = receiver();
    let site = site("alert-full", receiver.address);
    let process = serve(&site, free());
    let Some(alertmanager) = alertmanager(test, &site, (process.address, "am"), &basic()) else { return };
    assert_eq!(process.post("/v1/changes", &change()).0, 201);
    most(&process, "1024");
    alertmanager.fire(&labels());
    wait("that it is said", || process.logged("nothing is acted on").then_some(()));
    let (status, text) = told(&process, &json!({ "version": "4", "alerts": [] }));
    assert_eq!(status, 503, "{text}");
    assert!(receiver.got(BACK).is_empty() && site.records("alerted", "").is_empty());
    most(&process, "unlimited");
    wait("the webhook", || receiver.got(BACK).pop());
    wait("the answer", || (count(&process, "taken") == 1).then_some(()));
    assert_eq!(process.stop().0, 0);
    is_one(&site, &receiver);
}

/// Tells of alerts, as whoever may.
fn told(process: &Process, body: &Value) -> (u16, String) {
    let head = format!("POST {PATH}\nContent-Type: application/json");
    process.ask(&head, TELLER, body.to_string().as_bytes())
}

#[test]
fn whatever_is_sent_is_taken_or_refused_with_the_way_out() {
    let site = site("alert-odd", free());
    let process = site.start();
    let fires = |labels: Value| json!({ "status": "firing", "labels": labels });
    let many = |count: usize| {
        let alerts: Vec<Value> =
            (0..count).map(|number| fires(json!({ "number": number.to_string() }))).collect();
        json!({ "version": "4", "truncatedAlerts": 2, "alerts": alerts })
    };
    let long: serde_json::Map<String, Value> =
        (0..1_000).map(|label| (format!("l{label}"), json!("v".repeat(5_000)))).collect();
    let long = Value::Object(long);
    for (body, status, says) in [
        (json!({ "version": "4", "alerts": [] }), 200, "\"taken\":0"),
        (
            json!({ "version": "4", "alerts": [fires(labels())], "notification_reason": "x" }),
            200,
            "\"taken\":1",
        ),
        (json!({ "version": "4", "alerts": [fires(labels())] }), 200, "\"merged\":1"),
        (json!({ "version": "5", "alerts": [] }), 400, "`4` is read here"),
        (json!({ "alerts": [] }), 400, "the version of the body is none"),
        (json!({ "version": "4" }), 400, "missing field `alerts`"),
        (json!({ "version": "4", "alerts": [{ "status": "on" }] }), 400, "unknown variant `on`"),
        (json!([]), 400, "this tells of no alerts"),
        (json!({ "version": "4", "alerts": [fires(long)] }), 200, "\"unclaimed\":1"),
        (many(5_001), 200, "\"unclaimed\":5000,\"ambiguous\":0,\"left_out\":3"),
        (json!({ "version": "4", "alerts": [], "pad": "x".repeat(8 * 1024 * 1024) }), 413, "larger than"),
    ] {
        let (got, text) = told(&process, &body);
        let shown: String = body.to_string().chars().take(80).collect();
        assert!(got == status && text.contains(says), "{shown}: {got} {text}");
    }
    let deep = format!("{{\"version\":\"4\",\"alerts\":[],\"x\":{}}}", "[".repeat(1_000_000));
    let head = format!("POST {PATH}\nContent-Type: application/json");
    let (status, text) = process.ask(&head, TELLER, deep.as_bytes());
    assert!(status == 400 && text.contains("this tells of no alerts"), "{text}");
    // Not JSON, not said to be, and told by somebody who may tell of changes alone.
    for (head, token, status) in [
        ("Content-Type: application/json", TELLER, 400),
        ("Content-Type: text/plain", TELLER, 415),
        ("Content-Type: application/json", TOKEN, 403),
        ("Content-Type: application/json", "", 401),
    ] {
        assert_eq!(process.ask(&format!("POST {PATH}\n{head}"), token, b"{\x1b[2J").0, status, "{head}");
    }
    assert_eq!((count(&process, "refused"), count(&process, "left_out")), (9, 3));
    let shown = process.json("/v1/incidents?limit=3");
    assert_eq!((shown["incidents"].as_array().unwrap().len(), &shown["left_out"]), (3, &json!(4_999)));
    assert_eq!(process.get("/v1/incidents?limit=0").0, 400);
    assert!(process.get("/metrics").1.contains("backstop_incidents_open 5002"));
    // No change was told of, so the alert of the shop led to nothing, and says so.
    let row = site.records("alerted", "HighErrors").remove(0);
    assert_eq!(row["led"][0]["to"]["nothing"], "no change of shop in production is known");
    assert_eq!(process.stop().0, 0);
    site.holds();
}
