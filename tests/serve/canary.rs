//! Canaries among the secrets: each kind of them in its door, before receivers that say everything again that they were
//! sent. Each door opens, and no secret is told anywhere.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use backstop::unit::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::{ServerConfig, ServerConnection};

use crate::certificates::{certificates, shown};
use crate::process::{Process, wait};
use crate::receiver::{Got, Receiver, answer, hmac};
use crate::shop::{Shop, send};
use crate::site::{SECRET, Site, TOKEN, Watched};

const BEARER: &str = "c4n4ry-of-the-bearer";
const PASSWORD: &str = "c4n4ry of the \"password\"";
const CLIENT: &str = "c4n4ry/of+the client";
const GRANTED: &str = "c4n4ry-that-was-granted";
const SEAL: &str = "c4n4ry-of-the-seal";
const SOURCE: &str = "c4n4ry-of-the-source";

/// Says everything again: as it came, and as a text within JSON.
fn reflected(got: &Got) -> String {
    let body = String::from_utf8_lossy(&got.body);
    let all = format!("{} {:?} {body}", got.line, got.headers);
    let headers: Vec<String> = got.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}\n{all}", headers.join("\n"), serde_json::json!(headers))
}

fn receiver() -> Receiver {
    Receiver::start(|stream, got| {
        let known = [
            ("/token", "200 OK"),
            ("/api/v1/query", "401 Unauthorized"),
            ("/bearer/", "500 Internal Server Error"),
            ("/oauth2/", "401 Unauthorized"),
        ];
        let found = known.iter().find(|(path, _)| got.line.contains(path));
        let status = found.map_or("200 OK", |(_, status)| status);
        if got.line.contains("/token") {
            let token = format!(r#"{{"access_token":"{GRANTED}","token_type":"Bearer","expires_in":600}}"#);
            return answer(stream, status, &token);
        }
        answer(stream, status, &reflected(got));
    })
}

/// A receiver behind TLS that wants to see a certificate.
fn closed(config: Arc<ServerConfig>) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let got: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&got);
    std::thread::spawn(move || {
        for mut tcp in listener.incoming().map_while(Result::ok) {
            let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
            if session.complete_io(&mut tcp).is_err() {
                continue;
            }
            let mut stream = rustls::Stream::new(&mut session, &mut tcp);
            let mut request = vec![0; 16_384];
            let read = stream.read(&mut request).unwrap_or(0);
            log.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).into_owned());
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").ok();
            session.send_close_notify();
            session.complete_io(&mut tcp).ok();
        }
    });
    (address, got)
}

/// The lines that each door adds to its webhook.
fn doors(open: SocketAddr, folder: &Path) -> Vec<(&'static str, String)> {
    let file = |name: &str| folder.join(name).display().to_string();
    let own = format!("cert_file: '{}', key_file: '{}'", file("client.pem"), file("client.key"));
    vec![
        ("bearer", "bearer: bearer".to_owned()),
        ("basic", "basic: { username: ada, password: password }".to_owned()),
        (
            "oauth2",
            format!("oauth2: {{ token_url: 'http://{open}/token', client_id: ada, client_secret: client }}"),
        ),
        ("github", "hmac: { key: seal, header: X-Hub-Signature-256, form: 'sha256={hex}' }".to_owned()),
        (
            "slack",
            "hmac: { key: seal, header: X-Slack-Signature, form: 'v0={hex}', of: 'v0:{timestamp}:{body}', \
             timestamp: X-Slack-Request-Timestamp }"
                .to_owned(),
        ),
        ("shown", format!("tls: {{ ca_file: '{}', {own} }}", file("ca.pem"))),
        ("unshown", format!("tls: {{ ca_file: '{}' }}", file("ca.pem"))),
    ]
}

fn site((open, closed): (SocketAddr, SocketAddr), folder: &Path) -> Site {
    let doors = doors(open, folder);
    let watched = |(service, _): &(&'static str, String)| Watched {
        service,
        receiver: if service.contains("shown") { closed } else { open },
        timeout: "10s",
        verified: false,
        watch: "10m",
    };
    let site = Site::new("canary", &doors.iter().map(watched).collect::<Vec<_>>());
    let mut rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    for (service, lines) in &doors {
        let line = |scheme: &str, at: SocketAddr| format!("url: {scheme}://{at}/{service}/take-back\n");
        let (known, scheme) = if service.contains("shown") {
            (line("http", closed), "https")
        } else {
            (line("http", open), "http")
        };
        let at = if scheme == "https" { closed } else { open };
        assert!(rules.contains(&known), "{rules}");
        rules = rules.replace(&known, &format!("{}      {lines}\n", line(scheme, at)));
        // Telling somebody is not what this is about.
        rules = rules.replace(
            &format!("http://{closed}/{service}/notify"),
            &format!("http://{open}/{service}/notify"),
        );
    }
    let known =
        [("bearer", BEARER), ("password", PASSWORD), ("client", CLIENT), ("seal", SEAL), ("prom", SOURCE)];
    let secrets = known.map(|(name, text)| {
        site.write(name, text);
        format!("{name}: {{ file: '{}' }}, ", site.path().join(name).display())
    });
    let secrets = secrets.concat();
    let key = folder.join("client.key");
    rules =
        rules.replace("secrets: { ", &format!("secrets: {{ {secrets}key: {{ file: '{}' }}, ", key.display()));
    rules = rules.replace("secrets: [hook]", "secrets: [hook, bearer, password, client, seal, key]");
    rules = format!("{rules}sources: {{ prom: {{ url: 'http://{open}', bearer: prom }} }}\n");
    rules = rules.replace("targets:\n", "targets:\n  - { service: asked, environment: production, source: prom, select: { service: asked } }\n");
    rules = rules.replace("gates:\n", ASKED);
    rules = rules.replace("services: [bearer,", "services: [asked, bearer,");
    site.write("rules.yaml", rules);
    site
}

/// A gate on a target whose source lets nobody in.
const ASKED: &str = "gates:
  - gate: asked-canary
    owner: team
    upon: canary
    match: { service: asked, environment: production }
    every: 1s
    begins: { at: first_traffic, warmup: 0s, within: 10m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - { check: errors, proportion: { bad: errors_total, of: requests_total }, fails_when: ratio > 2 }
";

/// What may stand nowhere: each secret, and what it becomes on its way.
fn canaries(folder: &Path) -> Vec<String> {
    let key = std::fs::read_to_string(folder.join("client.key")).unwrap();
    let key = key.lines().find(|line| !line.starts_with('-')).unwrap().to_owned();
    let json = |text: &str| serde_json::json!(text).to_string().trim_matches('"').to_owned();
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let mut canaries = vec![key, SECRET.trim_start_matches("whsec_").to_owned(), TOKEN.to_owned()];
    canaries.push(STANDARD.encode(format!("ada:{PASSWORD}")));
    canaries.push(STANDARD.encode(format!("ada:{}", encoded(CLIENT))));
    for text in [BEARER, PASSWORD, CLIENT, GRANTED, SEAL, SOURCE] {
        canaries.extend([text.to_owned(), json(text), encoded(text), STANDARD.encode(text)]);
    }
    // And what is left of one that was cut.
    canaries.push("c4n4ry".to_owned());
    canaries
}

/// What happens, as whoever listens is told it.
fn listened(process: &Process) -> JoinHandle<String> {
    let mut stream = TcpStream::connect(process.address).unwrap();
    let head = format!("GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    std::thread::spawn(move || {
        let mut told = String::new();
        stream.read_to_string(&mut told).ok();
        told
    })
}

/// Everything that anybody may read of it.
fn told(process: Process, site: &Site, decisions: &[String]) -> Vec<(String, String)> {
    let document = process.json("/v1/openapi.json");
    let mut told = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods.get("get").is_none() || path == "/v1/events" {
            continue;
        }
        let ids = if path.contains("{id}") { decisions.to_vec() } else { vec![String::new()] };
        for id in ids {
            let path = path.replace("{id}", &id);
            told.push((path.clone(), process.get(&path).1));
        }
    }
    told.push(("metrics".to_owned(), process.get("/metrics").1));
    let with = |head: &str, body: &str| process.ask(head, TOKEN, body.as_bytes()).1;
    told.push(("no route".to_owned(), with("GET /nowhere", "")));
    told.push(("no change".to_owned(), with("POST /v1/changes\nContent-Type: application/json", "{")));
    told.push(("no decision".to_owned(), with("GET /v1/decisions/x", "")));
    told.push((
        "no right".to_owned(),
        with("POST /v1/switch\nContent-Type: application/json", "{\"on\":true}"),
    ));
    told.push(("nobody".to_owned(), process.ask("GET /v1/gates", "wrong", b"").1));
    let (code, log) = process.stop();
    assert_eq!(code, 0);
    told.push(("the log".to_owned(), log.join("\n")));
    for decision in decisions {
        told.push(("explain".to_owned(), site.run(&["explain", decision]).0));
    }
    told.push(("the export".to_owned(), site.run(&["ledger", "export"]).0));
    for entry in std::fs::read_dir(site.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().contains("backstop.db") {
            told.push((
                path.display().to_string(),
                String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned(),
            ));
        }
    }
    told
}

#[test]
fn each_door_opens_and_no_secret_is_told() {
    let Some(folder) = certificates("canary-tls") else { return };
    let open = receiver();
    let (closed, shown_to) = closed(shown(folder.path(), "here", true));
    let site = site((open.address, closed), folder.path());
    let process = Process::start(site.serve().env("BACKSTOP_LOG", "trace"));
    let events = listened(&process);
    let services = ["bearer", "basic", "oauth2", "github", "slack", "shown", "unshown", "asked"];
    for service in services {
        let shop = Shop::new(service);
        send(&process, &shop.sales(60));
        let (status, text) = process.post("/v1/changes", &shop.change());
        assert_eq!(status, 201, "{text}");
    }
    let mut decisions = Vec::new();
    for service in services.iter().filter(|service| **service != "asked") {
        let action = format!("{service}-take-back");
        let intended = wait("the intention", || site.records("intended", &action).pop());
        let key = intended["key"].as_str().unwrap().to_owned();
        wait("the answer", || site.records("answered", &key).pop());
        decisions.push(intended["decision"].as_str().unwrap().to_owned());
    }
    let first = |service: &str| open.got(&format!("/{service}/take-back")).remove(0);
    assert_eq!(first("bearer").header("authorization"), format!("Bearer {BEARER}"));
    let basic = format!("Basic {}", STANDARD.encode(format!("ada:{PASSWORD}")));
    assert_eq!(first("basic").header("authorization"), basic);
    assert_eq!(first("oauth2").header("authorization"), format!("Bearer {GRANTED}"));
    let asked = open.got("/token").remove(0);
    assert_eq!(String::from_utf8(asked.body.clone()).unwrap(), "grant_type=client_credentials");
    let sealed = |text: &[u8]| -> String { hex(&hmac(SEAL.as_bytes(), text)) };
    let got = first("github");
    assert_eq!(got.header("x-hub-signature-256"), format!("sha256={}", sealed(&got.body)));
    let got = first("slack");
    let time = got.header("x-slack-request-timestamp");
    assert_eq!(time, got.header("webhook-timestamp"));
    let text = [format!("v0:{time}:").as_bytes(), &got.body].concat();
    assert_eq!(got.header("x-slack-signature"), format!("v0={}", sealed(&text)));
    assert!(first("slack").is_signed(SECRET) && first("basic").is_signed(SECRET));
    assert_eq!(shown_to.lock().unwrap().len(), 1, "who shows no certificate was let in");
    assert!(shown_to.lock().unwrap()[0].starts_with("POST /shown/take-back "));
    // The one whose certificate nobody saw was turned away; it may have begun to send before it heard of that.
    let turned_away = site.records("answered", &format!("https://{closed}"));
    assert!(!turned_away.is_empty());
    assert!(turned_away.iter().all(|record| !record.to_string().contains("accepted")), "{turned_away:?}");
    wait("the source", || open.got("/api/v1/query").pop());
    let mut told = told(process, &site, &decisions);
    told.push(("events".to_owned(), events.join().unwrap()));
    assert!(told.iter().any(|(what, text)| what == "events" && text.contains("answered")));
    // They were said again, or this would prove nothing.
    assert!(told.iter().any(|(_, text)| text.contains("<redacted>")));
    assert!(told.len() > 20, "{}", told.len());
    for (what, text) in &told {
        for canary in canaries(folder.path()) {
            let at = text.split(&canary).nth(1).map(|behind| behind.chars().take(100).collect::<String>());
            assert!(at.is_none(), "{what} tells `{canary}`: {at:?}");
        }
    }
    site.holds();
}
