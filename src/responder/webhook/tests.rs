//! One attempt against real servers on loopback, each of which misbehaves in its own way.

mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use server::{Manner, Server, header};
use tokio::net::TcpListener;

use super::*;
use crate::decision::{Host, Hosts};
use crate::responder::{Stamp, verify};
use crate::unit::{Network, Secret};

const AT: UnixMillis = UnixMillis::new(1_795_271_400_000);
const TOKEN: &str = "t0ken-that-nobody-may-see";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &[u8] = b"{\"type\":\"action.requested\"}";

fn bearer(token: &str) -> Arc<Login> {
    Arc::new(Login::Bearer(Secret::new(token.to_owned()).into()))
}

fn request(url: String, timeout: u64) -> Request {
    Request {
        url,
        method: Method::Post,
        headers: BTreeMap::from([("X-Team".to_owned(), "web".to_owned())]),
        body: BODY.to_vec(),
        signing: vec![SigningKey::parse(&Secret::new(SECRET.to_owned())).unwrap()],
        seal: None,
        login: bearer(TOKEN),
        client: None,
        expect: vec![200, 202],
        timeout: Span::from_millis(timeout),
        key: Some(Key("act_0123456789abcdef01234567".to_owned())),
        stop: Arc::new(|| None),
    }
}

/// One that may go to this machine, and to a name that nobody has.
fn responder() -> Responder {
    let here: Vec<Network> = vec!["127.0.0.0/8".parse().unwrap()];
    let host = |name: &str, addresses| Host { name: name.parse().unwrap(), addresses, http: true };
    let hosts = Arc::new(Hosts(vec![host("127.0.0.1", here), host("no-such-host.invalid", Vec::new())]));
    Responder::new(Reach::new(move || Arc::clone(&hosts))).unwrap()
}

/// What came of it, in words that fit a table.
fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Accepted { status, excerpt } => format!("accepted {status} {excerpt}"),
        Answer::Rejected { status, excerpt, retry_after: None } => format!("rejected {status} {excerpt}"),
        Answer::Rejected { status, excerpt, retry_after: Some(wait) } => {
            format!("rejected {status} {excerpt} wait {wait}")
        }
        Answer::Unsent { why } => format!("unsent: {why}"),
        Answer::Lost { why } => format!("lost: {why}"),
        Answer::Overtaken { why } => format!("overtaken: {why}"),
    }
}

fn without_secrets(text: &str) {
    for secret in [TOKEN, "path-secret", "query", "MfKQ9r8G", "password"] {
        assert!(!text.contains(secret), "`{secret}` is told: {text}");
    }
}

/// Long enough that no answer which comes at all comes later.
const PATIENT: u64 = 20_000;
/// Short, for those that never come.
const BRIEF: u64 = 300;

#[tokio::test]
async fn each_way_to_answer_is_one_of_four() {
    let says = |text: &str| Manner::Says(text.to_owned());
    let head = |status: &str, length: usize| format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
    for (manner, timeout, expected) in [
        (says(&(head("202 Accepted", 2) + "ok")), PATIENT, "accepted 202 ok"),
        (says(&head("204 No Content", 0)), PATIENT, "rejected 204 "),
        (says(&(head("500 Oh", 6) + "a\u{1b}[31m")), PATIENT, "rejected 500 a\\u{1b}[31m"),
        (says(&(head("403 No", 32) + "Bearer " + TOKEN)), PATIENT, "rejected 403 Bearer <redacted>"),
        (says("HTTP/1.1 429 No\r\nRetry-After: 90\r\n\r\n"), PATIENT, "rejected 429  wait 1m30s"),
        (says("HTTP/1.1 503 No\r\nRetry-After: soon\r\n\r\n"), PATIENT, "rejected 503 "),
        (says("220 smtp.example.com ESMTP\r\n"), PATIENT, "lost: "),
        (says("HTTP/1.1 20"), PATIENT, "lost: "),
        (says("HTTP/1.1 202 Accepted\r\nContent-Le"), PATIENT, "lost: "),
        (says(""), PATIENT, "lost: "),
        (says(&(head("202 Accepted", 1_000) + "half")), PATIENT, "accepted 202 half"),
        (Manner::Dawdles("HTTP/1.1 202 Accepted\r\nContent-Le"), BRIEF, "lost: "),
        (Manner::Dawdles("HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\nha"), BRIEF, "accepted 202 ha"),
        (Manner::Dawdles("HTTP/1.1 100 Continue\r\n\r\n"), BRIEF, "lost: "),
        (Manner::Dawdles(""), BRIEF, "lost: "),
    ] {
        let server = Server::new(manner.clone()).await;
        let answer = responder().attempt(&request(server.url(), timeout), AT).await;
        let shown = shown(&answer);
        if expected.ends_with(": ") {
            assert!(shown.starts_with(expected), "{manner:?}: {shown}");
            assert!(shown.contains(&format!("http://{}", server.at)), "{shown}");
        } else {
            assert_eq!(shown, expected, "{manner:?}");
        }
        without_secrets(&format!("{answer:?}"));
        assert_eq!(server.requests().len(), 1, "{manner:?}: one attempt is one request");
    }
}

#[tokio::test]
async fn what_never_had_a_connection_was_not_sent() {
    let vacant = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    // Neither speaks TLS: one answers with something else, the other never does.
    let plain = Server::new(Manner::Says("HTTP/1.1 400 Bad Request\r\n\r\n".to_owned())).await;
    let silent = Server::new(Manner::Sleeps).await;
    let hanging_up = Server::new(Manner::HangsUp).await;
    for (url, timeout) in [
        (format!("http://{vacant}/path-secret?query=1"), PATIENT),
        ("http://user:password@no-such-host.invalid/path-secret".to_owned(), PATIENT),
        (format!("https://{}/path-secret", plain.at), PATIENT),
        (format!("https://{}/path-secret", hanging_up.at), PATIENT),
        (format!("https://{}/path-secret", silent.at), BRIEF),
        ("path-secret".to_owned(), PATIENT),
        ("ftp://127.0.0.1/path-secret".to_owned(), PATIENT),
    ] {
        let answer = responder().attempt(&request(url.clone(), timeout), AT).await;
        assert!(matches!(answer, Answer::Unsent { .. }), "{url}: {answer:?}");
        without_secrets(&format!("{answer:?}"));
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_stops_the_request_and_is_not_shown() {
    let server = Server::new(Manner::Says("HTTP/1.1 202 Accepted\r\n\r\n".to_owned())).await;
    let with = |change: fn(&mut Request)| {
        let mut request = request(server.url(), PATIENT);
        change(&mut request);
        request
    };
    for request in [
        with(|request| request.login = bearer(&format!("{TOKEN}\n"))),
        with(|request| drop(request.headers.insert("X-A".to_owned(), format!("{TOKEN}\r\nX-B: 1")))),
        with(|request| drop(request.headers.insert("X A".to_owned(), String::new()))),
        with(|request| request.key = Some(Key("act_\n".to_owned()))),
    ] {
        let answer = responder().attempt(&request, AT).await;
        assert!(matches!(answer, Answer::Unsent { .. }), "{answer:?}");
        without_secrets(&format!("{answer:?} {request:?}"));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let target = Server::new(Manner::Says("HTTP/1.1 202 Accepted\r\n\r\n".to_owned())).await;
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let text = format!("HTTP/1.1 {status}\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", target.url());
        let server = Server::new(Manner::Says(text)).await;
        let answer = responder().attempt(&request(server.url(), PATIENT), AT).await;
        assert!(matches!(answer, Answer::Rejected { status: 301..=308, .. }), "{answer:?}");
    }
    assert_eq!(target.connections.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_endless_answer_costs_nothing() {
    let server = Server::new(Manner::Floods("HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n")).await;
    let answer = responder().attempt(&request(server.url(), PATIENT), AT).await;
    let Answer::Accepted { status: 200, excerpt } = answer else { panic!("{answer:?}") };
    assert_eq!(excerpt, "x".repeat(EXCERPT));
    // What a flood can get rid of lies in the buffers of two sockets.
    server.flooded.1.notified().await;
    let flooded = server.flooded.0.load(Ordering::SeqCst);
    assert!(flooded < 64 << 20, "{flooded} bytes were taken");
}

#[tokio::test]
async fn two_attempts_send_the_same_bytes_and_the_same_key() {
    let server = Server::new(Manner::Says("HTTP/1.1 202 Accepted\r\n\r\n".to_owned())).await;
    let responder = responder();
    let request = request(server.url(), PATIENT);
    let later = AT.plus(Span::from_secs(61));
    for at in [AT, later] {
        let answer = responder.attempt(&request, at).await;
        assert!(matches!(answer, Answer::Accepted { status: 202, .. }), "{answer:?}");
    }
    let sent = server.requests();
    assert_eq!((sent.len(), server.connections.load(Ordering::SeqCst)), (2, 2));
    let mut seen = Vec::new();
    for (text, at) in sent.iter().zip([AT, later]) {
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("POST /services/path-secret?query=secret HTTP/1.1\r\n"), "{head}");
        let given = |name| header(head, name).unwrap_or_else(|| panic!("no {name}: {head}")).to_owned();
        let stamp = Stamp {
            id: given("webhook-id"),
            timestamp: given("webhook-timestamp"),
            signature: given("webhook-signature"),
        };
        assert_eq!(verify(&request.signing, &stamp, body.as_bytes(), at, Span::from_secs(1)), Ok(()));
        assert_eq!(given("authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(
            (given("x-team"), given("content-type")),
            ("web".to_owned(), "application/json".to_owned())
        );
        // A receiver that reads no chunks reads this.
        assert_eq!(header(head, "transfer-encoding"), None);
        seen.push((stamp.id, body.to_owned()));
    }
    assert_eq!(seen[0], seen[1]);
    let key = request.key.clone().unwrap().0;
    assert_eq!(seen[0], (key, String::from_utf8(BODY.to_vec()).unwrap()));
    without_secrets(&format!("{request:?} {responder:?}"));
}

#[tokio::test]
async fn a_request_may_say_nothing() {
    let server = Server::new(Manner::Says("HTTP/1.1 200 OK\r\n\r\n".to_owned())).await;
    let slow = Server::new(Manner::Sleeps).await;
    for method in [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete] {
        let bare = |url: String, timeout| Request {
            body: Vec::new(),
            signing: Vec::new(),
            login: Arc::new(Login::Nobody),
            method,
            ..request(url, timeout)
        };
        let responder = responder();
        let answer = responder.attempt(&bare(server.url(), PATIENT), AT).await;
        assert!(matches!(answer, Answer::Accepted { status: 200, .. }), "{method:?}: {answer:?}");
        let answer = responder.attempt(&bare(slow.url(), BRIEF), AT).await;
        assert!(matches!(answer, Answer::Lost { .. }), "{method:?}: {answer:?}");
    }
    for text in server.requests() {
        let keys = ["authorization", "webhook-signature", "content-type"];
        assert!(keys.iter().all(|key| header(&text, key).is_none()), "{text}");
        assert_eq!(header(&text, "webhook-id"), Some("act_0123456789abcdef01234567"));
    }
}

#[tokio::test]
async fn an_answer_says_whether_it_worked_or_nothing_of_it() {
    let head = |status: &str, body: &str| {
        Manner::Says(format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len()))
    };
    for (manner, expect, says, expected) in [
        (head("200 OK", ""), &[][..], None, Some(true)),
        (head("204 No Content", ""), &[], None, Some(true)),
        (head("200 OK", "it is rolled back"), &[], Some("rolled back"), Some(true)),
        (head("200 OK", "it is still there"), &[], Some("rolled back"), Some(false)),
        (head("404 Not Found", ""), &[404], None, Some(true)),
        (head("404 Not Found", "gone"), &[404, 410], Some("gone"), Some(true)),
        (head("404 Not Found", "what?"), &[404, 410], Some("gone"), Some(false)),
        (head("200 OK", "still there"), &[404], None, Some(false)),
        (head("404 Not Found", ""), &[], None, Some(false)),
        (head("410 Gone", ""), &[], None, Some(false)),
        // Whoever does not know, or does not say, has not said that it did not work.
        (head("301 Moved", ""), &[], None, None),
        (head("401 Unauthorized", ""), &[], None, None),
        (head("403 Forbidden", ""), &[200], None, None),
        (head("429 Too Many", ""), &[], None, None),
        (head("500 Oh", "rolled back"), &[], Some("rolled back"), None),
        (head("503 Later", ""), &[], None, None),
        (Manner::Says(String::new()), &[], None, None),
        (Manner::HangsUp, &[], None, None),
    ] {
        let server = Server::new(manner.clone()).await;
        let asked = Request {
            method: Method::Get,
            body: Vec::new(),
            signing: Vec::new(),
            key: None,
            expect: expect.to_vec(),
            ..request(server.url(), PATIENT)
        };
        let seen = responder().look(&asked, says, AT).await;
        if let Err(why) = &seen {
            without_secrets(why);
        }
        assert_eq!(seen.ok(), expected, "{manner:?} {expect:?} {says:?}");
        for text in server.requests() {
            assert!(text.starts_with("GET /services/"), "{text}");
            assert_eq!(header(&text, "authorization"), Some(&*format!("Bearer {TOKEN}")));
            // It is no attempt, so nobody takes it for one.
            let stamps = ["webhook-id", "webhook-timestamp", "webhook-signature"];
            assert!(stamps.iter().all(|name| header(&text, name).is_none()), "{text}");
        }
    }
}

#[tokio::test]
async fn what_may_not_go_out_any_more_stays_where_it_is_up_to_its_first_byte() {
    let server = Server::new(Manner::Says("HTTP/1.1 200 OK\r\n\r\n".to_owned())).await;
    // It is asked before a token is, before there is a connection, and then once more.
    for (asked, expected, arrived) in [
        (0, "unsent: no more", 0),
        (1, "unsent: no more", 0),
        (2, "unsent: no more", 0),
        (3, "accepted 200 ", 1),
    ] {
        let left = AtomicUsize::new(asked);
        let stop = move || {
            let may =
                left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
            (!may).then(|| "no more".to_owned())
        };
        let request = Request { stop: Arc::new(stop), ..request(server.url(), PATIENT) };
        let answer = responder().attempt(&request, AT).await;
        assert_eq!(shown(&answer), expected);
        assert_eq!(server.requests().len(), arrived, "{asked}");
    }
}
