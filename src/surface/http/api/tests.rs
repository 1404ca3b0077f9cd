//! Every route over a real connection: who may, what is refused, and what reaches the desk.

mod memory;

use serde_json::{Value, json};

use super::*;
use crate::config::Role;
use crate::signal::Provenance;
use crate::surface::http::accept::Limits;
use crate::surface::http::auth::Token;
use crate::surface::http::tests::{Served, served};
use crate::unit::{Secret, UnixMillis};

use memory::Memory;

/// 2026-11-21T14:30:00Z
const NOW: UnixMillis = UnixMillis::new(1_795_271_400_000);

/// A token for each role, named as the role.
fn tokens() -> Access {
    let token = |(word, role): (&str, Role)| {
        Token::new(word.parse().unwrap(), &Secret::new(format!("{word}-token")), [role].into())
    };
    Access::new(Role::NAMED.map(token).to_vec()).unwrap()
}

async fn with(desk: &Arc<Memory>, access: Access) -> Served {
    served(router(Arc::clone(desk) as Arc<dyn Desk>, access), Limits::default()).await
}

const JSON: &str = "Content-Type: application/json";
const PROTOBUF: &str = "Content-Type: application/x-protobuf";
const SNAPPY: &str = "Content-Encoding: snappy";
const CHANGE: &str = r#"{"service":"checkout","version":"2.4.1","at":1795271400}"#;

const ALERTS: &str = r#"{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"HighErrors"}}]}"#;
const FREEZE: &str = r#"{"freeze":"peak","why":"busy","until":"2026-11-22T00:00:00Z"}"#;

/// How a route is asked, with which headers and body; what it answers; the role that it takes.
type Route = (&'static str, &'static [&'static str], &'static str, u16, Option<Role>);

/// Every route.
const ROUTES: [Route; 20] = [
    ("GET /-/healthy", &[], "", 200, None),
    ("GET /-/ready", &[], "", 200, None),
    ("POST /v1/changes", &[JSON], CHANGE, 201, Some(Role::Change)),
    ("GET /v1/changes", &[], "", 200, Some(Role::Read)),
    ("GET /v1/gates", &[], "", 200, Some(Role::Read)),
    ("POST /v1/incidents/alertmanager", &[JSON], ALERTS, 200, Some(Role::Alert)),
    ("GET /v1/incidents", &[], "", 200, Some(Role::Read)),
    ("GET /v1/decisions/4f2a9c01b7e3d655-1", &[], "", 200, Some(Role::Read)),
    ("GET /v1/approvals", &[], "", 200, Some(Role::Read)),
    (
        "POST /v1/decisions/4f2a9c01b7e3d655-1/approval",
        &[JSON],
        r#"{"approve":true}"#,
        200,
        Some(Role::Approve),
    ),
    ("GET /metrics", &[], "", 200, Some(Role::Read)),
    ("GET /v1/openapi.json", &[], "", 200, Some(Role::Read)),
    ("GET /v1/switch", &[], "", 200, Some(Role::Read)),
    ("POST /v1/freezes", &[JSON], FREEZE, 201, Some(Role::Operate)),
    ("GET /v1/freezes", &[], "", 200, Some(Role::Read)),
    ("DELETE /v1/freezes/peak", &[], "", 200, Some(Role::Operate)),
    ("POST /v1/switch", &[JSON], r#"{"off":"maintenance"}"#, 200, Some(Role::Operate)),
    ("POST /v1/switch", &[JSON], r#"{"on":true}"#, 200, Some(Role::Operate)),
    ("POST /api/v1/write", &[PROTOBUF, SNAPPY], "samples", 204, Some(Role::Ingest)),
    ("POST /-/reload", &[], "", 200, Some(Role::Admin)),
];

#[tokio::test]
async fn each_route_is_open_to_its_role_alone() {
    for (request, headers, body, done, needed) in ROUTES {
        let words =
            Role::NAMED.map(|(word, role)| (format!("Authorization: Bearer {word}-token"), Some(role)));
        let strangers = ["", "Authorization: Bearer wrong", "Authorization: Basic cmVhZC10b2tlbg=="];
        let strangers = strangers.map(|header| (header.to_owned(), None));
        for (header, role) in words.into_iter().chain(strangers) {
            let desk = Arc::new(Memory::default());
            let server = with(&desk, tokens()).await;
            let mut headers = headers.to_vec();
            headers.extend(Some(header.as_str()).filter(|header| !header.is_empty()));
            let answer = server.ask(request, &headers, body).await;
            let expected = match (needed, role) {
                (None, _) => done,
                (Some(_), None) => 401,
                (Some(needed), Some(role)) if role == needed || role == Role::Admin => done,
                (Some(_), Some(_)) => 403,
            };
            assert_eq!(answer.status, expected, "{request} with {header:?}: {answer:?}");
            assert_eq!(answer.header("www-authenticate").is_some(), expected == 401, "{answer:?}");
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            if let (403, Some(needed)) = (expected, needed) {
                assert!(answer.error().contains(&format!("`{needed}`")), "{answer:?}");
            }
            let keeps = request.starts_with(['P', 'D']) && expected == done;
            assert_eq!(desk.kept(), usize::from(keeps), "{request} with {header:?}");
        }
    }
}

#[tokio::test]
async fn without_tokens_anybody_may_tell_and_see_but_not_switch() {
    for (request, headers, body, done, needed) in ROUTES {
        let desk = Arc::new(Memory::default());
        let server = with(&desk, Access::default()).await;
        let answer = server.ask(request, headers, body).await;
        let refused = matches!(needed, Some(Role::Approve | Role::Operate | Role::Admin));
        assert_eq!(answer.status, if refused { 403 } else { done }, "{request}: {answer:?}");
        assert_eq!(desk.kept(), usize::from(request.starts_with(['P', 'D']) && !refused), "{request}");
        for change in desk.changes.lock().unwrap().iter() {
            assert_eq!(change.provenance, Provenance::Unauthenticated);
        }
        for told in desk.alerts.lock().unwrap().iter() {
            assert_eq!((told.provenance, told.by.as_str()), (Provenance::Unauthenticated, "anybody"));
        }
    }
}

const CHANGER: &str = "Authorization: Bearer change-token";
const READER: &str = "Authorization: Bearer read-token";
const ADMIN: &str = "Authorization: Bearer admin-token";

#[tokio::test]
async fn a_change_told_twice_is_one_and_is_somebodys() {
    let desk = Arc::new(Memory::default());
    let server = with(&desk, tokens()).await;
    let mut ids = Vec::new();
    for (status, new) in [(201, true), (200, false)] {
        let answer = server.ask("POST /v1/changes", &[JSON, CHANGER], CHANGE).await;
        assert_eq!((answer.status, &answer.json()["new"]), (status, &Value::Bool(new)), "{answer:?}");
        ids.push(answer.json()["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    let listed = server.ask("GET /v1/changes", &[READER], "").await.json();
    assert_eq!(listed["changes"].as_array().map(Vec::len), Some(1));
    let change = &listed["changes"][0];
    assert_eq!((&change["id"], &change["provenance"]), (&ids[0], &"authenticated".into()));
    assert_eq!((&change["service"], &change["at"]), (&"checkout".into(), &"2026-11-21T14:30:00Z".into()));
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn what_cannot_be_understood_is_refused_with_a_way_out() {
    let desk = Arc::new(Memory::default());
    let server = with(&desk, tokens()).await;
    let v2 = "Content-Type: application/x-protobuf;proto=io.prometheus.write.v2.Request";
    let quoted = "Content-Type: Application/X-Protobuf ; proto=\"prometheus.WriteRequest\"";
    let version = |version: &str| format!("X-Prometheus-Remote-Write-Version: {version}");
    let large = format!("{{\"service\":\"{}\"}}", "x".repeat(LARGEST_JSON));
    let declared = format!("Content-Length: {}", LARGEST_WRITE + 1);
    let changes = "POST /v1/changes";
    let write = "POST /api/v1/write";
    for (request, headers, body, status, error) in [
        (changes, vec![JSON], r#"{"servce":"a"}"#, 400, "unknown field `servce`"),
        (changes, vec![JSON], "", 400, "this tells of no change"),
        (changes, vec![], CHANGE, 415, "not said to be JSON"),
        (changes, vec!["Content-Type: text/plain"], CHANGE, 415, "not said to be JSON"),
        (changes, vec![JSON], &large, 413, "larger than 131072 bytes"),
        (changes, vec![JSON, &declared], "", 413, "larger than 131072 bytes"),
        ("POST /v1/switch", vec![JSON], "{}", 400, "neither off nor on"),
        (
            "POST /v1/switch",
            vec![JSON],
            r#"{"off":"x","service":"chekout"}"#,
            400,
            "no target of a service `chekout`",
        ),
        (
            "POST /v1/switch",
            vec![JSON],
            r#"{"on":true,"service":"held"}"#,
            409,
            "the file `/run/off` switches it off",
        ),
        ("POST /v1/switch", vec![], r#"{"on":true}"#, 415, "not said to be JSON"),
        (write, vec![PROTOBUF, SNAPPY, &declared], "", 413, "larger than 33554432 bytes"),
        (write, vec![PROTOBUF], "samples", 415, "remote write 1.0"),
        (write, vec![SNAPPY], "samples", 415, "remote write 1.0"),
        (write, vec![JSON, SNAPPY], "samples", 415, "remote write 1.0"),
        (write, vec![PROTOBUF, "Content-Encoding: gzip"], "samples", 415, "remote write 1.0"),
        (write, vec![v2, SNAPPY], "samples", 415, "remote write 1.0"),
        (write, vec![v2, SNAPPY], "samples", 415, "its `proto` is `io.prometheus.write.v2.Request`"),
        (write, vec!["Content-Type: ", SNAPPY], "samples", 415, "its `Content-Type` is ``"),
        (
            write,
            vec![PROTOBUF, SNAPPY, &version("2.0.0")],
            "samples",
            415,
            "`X-Prometheus-Remote-Write-Version` is `2.0.0`",
        ),
        (write, vec![PROTOBUF, SNAPPY, &version("0.1.0")], "!", 400, "sample 1 is older"),
        (write, vec![quoted, "Content-Encoding: Snappy"], "!", 400, "sample 1 is older"),
        (write, vec![PROTOBUF, SNAPPY], "!", 400, "sample 1 is older"),
        (write, vec![PROTOBUF, SNAPPY], "+", 413, "20 samples, and 10 are read at once"),
        ("GET /v1/changes?limit=0", vec![], "", 400, "0 changes cannot be listed"),
        ("GET /v1/changes?limit=1001", vec![], "", 400, "1001 changes cannot be listed"),
        ("GET /v1/changes?limit=all", vec![], "", 400, "limit"),
        ("GET /v1/changes?limt=1", vec![], "", 400, "unknown field `limt`"),
        ("GET /v1/gates?chnge=1", vec![], "", 400, "unknown field `chnge`"),
        ("GET /v1/gates?limit=0", vec![], "", 400, "0 gates cannot be shown"),
        ("GET /v1/gates?limit=1001", vec![], "", 400, "1001 gates cannot be shown"),
        ("GET /v1/decisions/17", vec![], "", 400, "`17` is not the id of a decision"),
        ("GET /v1/decisions/%ff", vec![], "", 400, "UTF-8"),
        ("GET /v1/decisions/4f2a9c01b7e3d655-2", vec![], "", 404, "no decision 4f2a9c01b7e3d655-2"),
        ("GET /v1/nothing", vec![], "", 404, "nothing at `/v1/nothing`"),
        ("GET /", vec![], "", 404, "nothing at `/`"),
        ("DELETE /v1/changes", vec![], "", 405, "not asked in this way"),
        ("DELETE /v1/freezes/unknown", vec![], "", 404, "no freeze `unknown` was announced"),
        ("DELETE /v1/freezes/no%20name", vec![], "", 400, "no name"),
        ("POST /v1/freezes", vec![JSON], "{}", 400, "missing field `freeze`"),
        ("POST /v1/freezes", vec![], FREEZE, 415, "not said to be JSON"),
        ("DELETE /v1/switch", vec![], "", 405, "not asked in this way"),
        ("POST /-/healthy", vec![], "", 405, "not asked in this way"),
        ("GET /-/reload", vec![], "", 405, "not asked in this way"),
    ] {
        let mut headers = headers.clone();
        headers.push(ADMIN);
        let answer = server.ask(request, &headers, body).await;
        assert_eq!(answer.status, status, "{request} {headers:?} {body:.40}: {answer:?}");
        assert!(answer.error().contains(error), "{request}: {answer:?}");
        assert_eq!(answer.header("allow").is_some(), status == 405, "{answer:?}");
    }
    assert_eq!(desk.kept(), 0);
}

#[tokio::test]
async fn a_body_that_grows_too_large_is_refused_on_the_way() {
    let desk = Arc::new(Memory::default());
    let server = with(&desk, tokens()).await;
    let mut client = server.client().await;
    client.ask("POST /v1/changes", &[JSON, CHANGER, "Transfer-Encoding: chunked"], "").await;
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    for _ in 0..3 {
        client.say(&chunk).await;
    }
    assert_eq!(client.answer().await.unwrap().status, 413);
}

#[tokio::test]
async fn nobody_unknown_learns_which_paths_there_are() {
    let desk = Arc::new(Memory::default());
    let server = with(&desk, tokens()).await;
    for request in ["GET /v1/nothing", "DELETE /v1/changes", "GET /v1/decisions/17", "GET /-/healthy/x"] {
        assert_eq!(server.ask(request, &[], "").await.status, 401, "{request}");
    }
}

#[tokio::test]
async fn what_is_asked_of_a_desk_that_is_away_is_asked_again() {
    let desk = Arc::new(Memory { away: true, ..Memory::default() });
    let server = with(&desk, tokens()).await;
    for (request, headers, body, _, _) in ROUTES {
        if matches!(request, "GET /-/healthy" | "GET /metrics" | "GET /v1/openapi.json") {
            continue;
        }
        let headers: Vec<&str> = headers.iter().copied().chain([ADMIN]).collect();
        let answer = server.ask(request, &headers, body).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")), "{request}: {answer:?}");
        assert!(!answer.error().is_empty());
    }
}

#[tokio::test]
async fn rules_that_cannot_be_read_again_are_told_to_people_and_machines() {
    for (broken, words) in [("files", "the rules are broken"), ("the token of ci is gone", "of ci is gone")] {
        let desk = Arc::new(Memory { broken: Some(broken), ..Memory::default() });
        let answer = with(&desk, tokens()).await.ask("POST /-/reload", &[ADMIN], "").await;
        assert_eq!(answer.status, 422, "{answer:?}");
        assert!(answer.error().contains(words), "{answer:?}");
        let told = answer.json();
        assert!(told["help"].as_str().unwrap().contains("stay in force"), "{told}");
        if broken == "files" {
            assert_eq!(
                (&told["report"], &told["findings"][0]["name"]),
                (&"error[unknown-key]".into(), &"unknown-key".into())
            );
        }
    }
    let desk = Arc::new(Memory::default());
    let told = with(&desk, tokens()).await.ask("POST /-/reload", &[ADMIN], "").await.json();
    assert_eq!(
        told,
        json!({ "config": "c0ffee", "gates": 2, "targets": 3, "takes_a_start": ["`listen` takes a start"] })
    );
}

#[tokio::test]
async fn whoever_switches_is_known_by_name() {
    let desk = Arc::new(Memory::default());
    let server = with(&desk, tokens()).await;
    for body in [r#"{"off":"maintenance"}"#, r#"{"on":true}"#, r#"{"off":"a sale","service":"shop"}"#] {
        let operator = "Authorization: Bearer operate-token";
        assert_eq!(server.ask("POST /v1/switch", &[JSON, operator], body).await.status, 200);
    }
    let expected = vec![
        Turn::of_all(Some("maintenance".to_owned()), "operate"),
        Turn::of_all(None, "operate"),
        Turn::of_one("shop", Some("a sale".to_owned()), "operate"),
    ];
    assert_eq!(*desk.switched.lock().unwrap(), expected);
}

#[tokio::test]
async fn only_so_many_send_samples_at_once() {
    let desk = Arc::new(Memory::default());
    let server = with(&desk, Access::default()).await;
    let headers = [PROTOBUF, SNAPPY, "Content-Length: 2", "Expect: 100-continue"];
    let mut slow = Vec::new();
    for _ in 0..WRITES_AT_ONCE {
        let mut client = server.client().await;
        client.ask("POST /api/v1/write", &headers, "").await;
        // It is asked for its body, so it has its place.
        assert_eq!(client.answer().await.unwrap().status, 100);
        slow.push(client);
    }
    let answer = server.ask("POST /api/v1/write", &[PROTOBUF, SNAPPY], "samples").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    for mut client in slow {
        client.say("ab").await;
        assert_eq!(client.answer().await.unwrap().status, 204);
    }
    assert_eq!(server.ask("POST /api/v1/write", &[PROTOBUF, SNAPPY], "samples").await.status, 204);
    assert_eq!(desk.kept(), WRITES_AT_ONCE + 1);
}
