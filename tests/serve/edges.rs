//! What comes in over the port and should not: each is refused with what is wrong and the way out, and nothing of it
//! disturbs what is watched.

use backstop::source::remote_write::encode;
use serde_json::Value;

use crate::process::{Process, backstop, ended};
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, WRITE, send};
use crate::site::{Site, TOKEN, Watched};

/// A request that is refused.
struct Row {
    head: &'static str,
    token: &'static str,
    body: Vec<u8>,
    status: u16,
    says: &'static str,
}

const CHANGE: &str = "POST /v1/changes\nContent-Type: application/json";
const SWITCH: &str = "POST /v1/switch\nContent-Type: application/json";

fn row(head: &'static str, token: &'static str, body: &[u8], (status, says): (u16, &'static str)) -> Row {
    Row { head, token, body: body.to_vec(), status, says }
}

fn rows() -> Vec<Row> {
    let change = br#"{"service":"shop","version":"1"}"#;
    let bomb = snap::raw::Encoder::new().compress_vec(&vec![0; 80 << 20]).unwrap();
    let mut cut = encode(&Shop::new("shop").sales(2));
    cut.truncate(cut.len() / 2);
    vec![
        row(CHANGE, "", change, (401, "this needs a token")),
        row(CHANGE, "somebody-elses", change, (401, "this token is not known here")),
        row("GET /nowhere", "", b"", (401, "this needs a token")),
        row(SWITCH, TOKEN, br#"{"off":"drill"}"#, (403, "it takes the role `operate`")),
        row("GET /nowhere", TOKEN, b"", (404, "")),
        row("DELETE /v1/changes", TOKEN, b"", (405, "")),
        row("POST /v1/changes", TOKEN, change, (415, "send `Content-Type: application/json`")),
        row(CHANGE, TOKEN, b"{", (400, "this tells of no change")),
        row(CHANGE, TOKEN, br#"{"service":"shop","version":"1","verison":"2"}"#, (400, "verison")),
        row(CHANGE, TOKEN, br#"{"service":"","version":"1"}"#, (400, "`service` is empty")),
        row(
            CHANGE,
            TOKEN,
            br#"{"service":"shop","version":"1","kind":"canry"}"#,
            (400, "did you mean `canary`?"),
        ),
        row(CHANGE, TOKEN, br#"{"service":"shop","version":"1","at":"soon"}"#, (400, "RFC 3339")),
        row(CHANGE, TOKEN, &vec![b' '; 200_000], (413, "send less at a time")),
        row("GET /v1/changes?limit=0", TOKEN, b"", (400, "`?limit=N`")),
        row("GET /v1/decisions/what", TOKEN, b"", (400, "`GET /v1/gates` tells of decisions")),
        row("GET /v1/decisions/0000000000000001-1", TOKEN, b"", (404, "there is no decision")),
        row(WRITE, TOKEN, b"garbage", (400, "")),
        row(WRITE, TOKEN, &cut, (400, "")),
        row(WRITE, TOKEN, &bomb, (413, "send fewer samples at once")),
        row(WRITE, TOKEN, &vec![0; (32 << 20) + 1], (413, "send less at a time")),
        row("POST /api/v1/write\nContent-Type: text/plain", TOKEN, b"x", (415, "")),
    ]
}

#[test]
fn what_should_not_come_in_does_not_and_is_told_why() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let receiver = receiver.address;
    let site = Site::new(
        "edges",
        &[Watched { service: "shop", receiver, timeout: "1s", verified: true, watch: "10m" }],
    );
    let process = site.start();
    for Row { head, token, body, status, says } in rows() {
        let (got, text) = process.ask(head, token, &body);
        assert_eq!(got, status, "{head}: {text}");
        let said: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{head}: {text}"));
        let (error, help) = (said["error"].as_str().unwrap(), said["help"].as_str().unwrap());
        assert!(!error.is_empty() && !help.is_empty(), "{head}: {text}");
        assert!(text.contains(says), "{head}: {says:?} is not in {text}");
    }
    for (path, token) in [("/-/healthy", ""), ("/-/ready", ""), ("/-/ready", "somebody-elses")] {
        assert_eq!(process.ask(&format!("GET {path}"), token, b"").0, 200, "{path}");
    }
    assert_eq!(process.json("/v1/changes")["changes"], Value::Array(Vec::new()));
    what_is_late_is_told(&process);
    the_command_says_why(&process, &site);
    assert_eq!(process.stop().0, 0);
    assert!(site.records("changed", "").is_empty());
}

/// A sender that is late learns so, and that there is no use in sending it again.
fn what_is_late_is_told(process: &Process) {
    let shop = Shop::new("shop");
    send(process, &shop.sales(2));
    let mut late = shop.sales(2);
    for series in &mut late {
        let first = series.samples.remove(0);
        let before = backstop::unit::Span::from_millis(500);
        series.samples = vec![backstop::signal::Sample { at: first.at.minus(before), value: 0.0 }.into()];
    }
    let (status, text) = process.ask(WRITE, TOKEN, &encode(&late));
    assert_eq!(status, 400, "{text}");
    assert!(text.contains("older than the newest of their series"), "{text}");
}

/// The command that tells of changes ends as what it was told has it.
fn the_command_says_why(process: &Process, site: &Site) {
    let here = format!("http://{}", process.address);
    let token = site.path().join("token").display().to_string();
    let missing = site.path().join("missing").display().to_string();
    let wrong = site.path().join("hook").display().to_string();
    for (args, code, says) in [
        (&["--url", &here, "--token-file", &token, "--kind", "canry"][..], 1, "did you mean `canary`?"),
        (&["--url", &here, "--token-file", &wrong], 1, "this token is not known here"),
        (&["--url", &here], 1, "this needs a token"),
        (&["--url", &here, "--token-file", &missing], 3, "check its path and permissions"),
        (&["--url", "http://127.0.0.1:1", "--token-file", &token], 3, "is `backstop serve` running there?"),
        (&["--url", "here"], 3, "here"),
    ] {
        let mut command = backstop();
        command.args(["change", "record", "--service", "shop", "--to", "1"]).args(args);
        let (text, error, got) = ended(&mut command);
        assert_eq!(got, code, "{args:?}: {text}{error}");
        assert!(format!("{text}{error}").contains(says), "{args:?}: {says:?} is not in {text}{error}");
    }
}

#[test]
fn the_command_tells_of_what_cannot_be_undone() {
    let site = Site::new("irreversible", &[]);
    let process = site.start();
    let here = format!("http://{}", process.address);
    let token = site.path().join("token").display().to_string();
    for (version, args, reversible) in [("2", &[][..], true), ("3", &["--irreversible"], false)] {
        let mut command = backstop();
        command.args(["change", "record", "--service", "shop", "--to", version]);
        command.args(["--url", &here, "--token-file", &token]).args(args);
        let (text, error, code) = ended(&mut command);
        assert_eq!(code, 0, "{args:?}: {text}{error}");
        let changes = process.json("/v1/changes");
        let told = changes["changes"].as_array().unwrap().iter().find(|told| told["version"] == version);
        assert_eq!(told.unwrap()["reversible"], reversible, "{args:?}: {changes}");
    }
    assert_eq!(process.stop().0, 0);
}
