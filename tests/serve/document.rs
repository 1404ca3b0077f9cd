//! The document of the API: real answers are as it says, and so are those to whatever a fuzzer makes of it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::process::{Process, said, wait};
use crate::receiver::{Receiver, answer};
use crate::schema::wrong;
use crate::shop::{Shop, send};
use crate::site::{Site, TOKEN, Watched};
use crate::skip::skip;

/// A service whose canary is taken back, which nobody sees, so its gate goes on; and the token that may do all of what is
/// documented.
fn site(test: &str, receiver: &Receiver) -> Site {
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: true, watch: "10m" };
    let site = Site::new(test, &[watched]);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    site.write("rules.yaml", rules.replace("may: [change, ingest, read]", "may: [admin]"));
    site
}

/// Holds an answer against what the document says that this route answers with this status.
fn holds(document: &Value, (method, path, status): (&str, &str, u16), answer: &Value) {
    let response = &document["paths"][path][method]["responses"][status.to_string()];
    let schema = &response["content"]["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} {status}: nothing is said of it");
    let wrong = wrong(document, schema, answer, "");
    assert!(wrong.is_empty(), "{method} {path} {status}: {wrong:#?} in {answer:#}");
}

#[test]
fn real_answers_are_as_the_document_says() {
    let receiver = Receiver::start(|stream, _| answer(stream, "202 Accepted", "on its way"));
    let site = site("document", &receiver);
    let process = site.start();
    let document = process.json("/v1/openapi.json");
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    let told = |expected: u16| {
        let (status, text) = process.post("/v1/changes", &shop.change());
        assert_eq!(status, expected, "{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        holds(&document, ("post", "/v1/changes", status), &answer);
        answer["id"].as_str().unwrap().to_owned()
    };
    let alert =
        json!({ "version": "4", "alerts": [{ "status": "firing", "labels": { "service": "shop" } }] });
    let (status, text) = process.post("/v1/incidents/alertmanager", &alert);
    holds(&document, ("post", "/v1/incidents/alertmanager", status), &serde_json::from_str(&text).unwrap());
    holds(&document, ("get", "/v1/incidents", 200), &process.json("/v1/incidents"));
    let change = told(201);
    assert_eq!(told(200), change);
    let decision = wait("a decision, and what each check shows while its gate looks", || {
        let gates = process.json(&format!("/v1/gates?change={change}"));
        holds(&document, ("get", "/v1/gates", 200), &gates);
        let gate = &gates["gates"][0];
        let analysis = &gate["analysis"];
        let rate = &analysis["results"]["error_rate"];
        if analysis.is_object() {
            // Of a canary that fails more, in the shape that its dashboards read.
            assert!(["rollback", "continue"].contains(&analysis["decision"].as_str()?), "{analysis}");
            assert!(rate["canary"].as_f64()? > rate["stable"].as_f64()?, "{analysis}");
            assert!(!rate["passed"].as_bool().unwrap_or(false), "{analysis}");
            assert!(analysis["analysis_duration_minutes"].as_f64()? > 0.0, "{analysis}");
            assert!(gate["checks"][0]["interval"]["lower"].is_number(), "{gate}");
        }
        Some(gate["decisions"].get(0)?.as_str()?.to_owned()).filter(|_| analysis.is_object())
    });
    let bad = "/v1/decisions/%00";
    for (method, path, documented, status) in [
        ("get", "/v1/changes", "/v1/changes", 200),
        ("get", "/v1/gates", "/v1/gates", 200),
        ("get", "/v1/gates?limit=1", "/v1/gates", 200),
        ("get", "/v1/gates?limit=0", "/v1/gates", 400),
        ("get", "/v1/changes?limit=0", "/v1/changes", 400),
        ("get", &format!("/v1/decisions/{decision}"), "/v1/decisions/{id}", 200),
        ("get", "/v1/decisions/0000000000000001-1", "/v1/decisions/{id}", 404),
        ("get", bad, "/v1/decisions/{id}", 400),
        ("get", "/api/v1/query?query=up%7B", "/api/v1/query", 400),
        ("get", "/api/v1/query?query=http_requests_total&stats=all", "/api/v1/query", 200),
        ("get", "/api/v1/query?query=1/0", "/api/v1/query", 200),
        ("get", "/v1/openapi.json", "/v1/openapi.json", 200),
    ] {
        let (got, text) = process.ask(&format!("{} {path}", method.to_uppercase()), TOKEN, b"");
        assert_eq!(got, status, "{path}: {text}");
        holds(&document, (method, documented, status), &serde_json::from_str(&text).unwrap());
    }
    for (body, status) in
        [(json!({ "off": "maintenance" }), 200), (json!({ "on": true }), 200), (json!({}), 400)]
    {
        let (got, text) = process.post("/v1/switch", &body);
        assert_eq!(got, status, "{text}");
        holds(&document, ("post", "/v1/switch", status), &serde_json::from_str(&text).unwrap());
    }
    let (status, text) = process.ask("GET /v1/gates", "nobody", b"");
    holds(&document, ("get", "/v1/gates", status), &serde_json::from_str(&text).unwrap());
    assert_eq!((status, process.stop().0), (401, 0));
}

/// What the document cannot say: what a time of now is, what PromQL is, what snappy is.
const NOT_ASKED: &str = "positive_data_acceptance";

/// Bytes are sent as they are made.
const HOOKS: &str = "import schemathesis

schemathesis.serializer.alias('application/x-protobuf', 'application/octet-stream')
";

/// The fuzzer: the one that `BACKSTOP_SCHEMATHESIS` names, or the one on the `PATH`. Without one, it is noted that the
/// test was skipped.
fn schemathesis(test: &str) -> Option<PathBuf> {
    let path = std::env::var_os("BACKSTOP_SCHEMATHESIS")
        .map_or_else(|| PathBuf::from("schemathesis"), PathBuf::from);
    let version = Command::new(&path).arg("--version").output();
    let version = version.map(|output| said(&output).0).unwrap_or_default();
    if version.contains("version 4.") {
        return Some(path);
    }
    skip(test, "schemathesis 4.x");
    None
}

fn fuzz(tool: &PathBuf, site: &Site, process: &Process) -> (String, i32) {
    site.write("hooks.py", HOOKS);
    let mut command = Command::new(tool);
    command.args(["--no-color", "run", &format!("http://{}/v1/openapi.json", process.address)]);
    command.args(["--header", &format!("Authorization: Bearer {TOKEN}"), "--checks", "all"]);
    // One worker: Python 3.11 cannot parse in two threads at once without failing now and then.
    command.args(["--exclude-checks", NOT_ASKED, "--max-examples", "25", "--seed", "1", "--workers", "1"]);
    // What never ends is not for a fuzzer.
    command.args(["--exclude-path", "/v1/events"]);
    command.args(["--continue-on-failure", "--suppress-health-check", "all", "--request-timeout", "30"]);
    command.env("SCHEMATHESIS_HOOKS", "hooks").current_dir(site.path());
    let (out, error, code) = said(&command.output().unwrap());
    (out + &error, code)
}

#[test]
fn a_fuzzer_finds_no_server_error_and_nothing_undocumented() {
    let Some(tool) = schemathesis("a_fuzzer_finds_no_server_error_and_nothing_undocumented") else { return };
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("fuzzed", &receiver);
    let mut process = site.start();
    let (text, code) = fuzz(&tool, &site, &process);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("No issues found") || text.contains(" passed"), "{text}");
    assert!(!text.contains("nresolvable"), "{text}");
    assert!(process.runs() && !process.logged("panicked"), "{text}");
    assert_eq!(process.stop().0, 0);
}
