//! The bounds of a server, each run into.

use std::future::pending;

use axum::body::Bytes;
use axum::routing::{get, post};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::*;
use crate::surface::http::tests::{served, until};

/// Long enough that nothing comes later.
const LONG: Span = Span::from_secs(60);
/// Short, for what never comes.
const SHORT: Span = Span::from_millis(50);

const WIDE: Limits = Limits {
    connections: 8,
    head: LONG,
    head_bytes: 16 * 1024,
    request: LONG,
    query: LONG,
    stall: LONG,
    grace: LONG,
};

fn plain() -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/", post(|body: Bytes| async move { body.len().to_string() }))
        .route("/never", get(pending::<String>))
        .route("/huge", get(|| async { "x".repeat(256 << 20) }))
}

#[tokio::test]
async fn many_requests_go_over_one_connection() {
    let server = served(plain(), WIDE).await;
    let mut client = server.client().await;
    for _ in 0..3 {
        client.ask("GET /", &[], "").await;
        let answer = client.answer().await.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "hello"));
    }
    assert_eq!(server.counters.accepted.load(Ordering::Relaxed), 1);
    drop(client);
    until(&server.counters.open, 0).await;
    assert_eq!(server.counters.timed_out.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let server = served(plain(), Limits { head: SHORT, ..WIDE }).await;
    for (number, beginning) in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nX-A: "].into_iter().enumerate()
    {
        let mut client = server.client().await;
        client.say(beginning).await;
        assert!(client.answer().await.is_none(), "{beginning}");
        until(&server.counters.timed_out, number as u64 + 1).await;
    }
    // One that was answered before is not waited for any longer.
    let mut idle = server.client().await;
    idle.ask("GET /", &[], "").await;
    assert!(idle.answer().await.is_some() && idle.answer().await.is_none());
    until(&server.counters.open, 0).await;
}

#[tokio::test]
async fn a_head_that_comes_in_drops_is_not_waited_for() {
    let server = served(plain(), Limits { head: SHORT, ..WIDE }).await;
    let mut client = server.client().await;
    client.say("GET / HTTP/1.1\r\nX-A: ").await;
    let (mut reading, mut writing) = client.0.into_split();
    let dripping = async {
        let mut drop = tokio::time::interval(Duration::from_millis(5));
        loop {
            drop.tick().await;
            if writing.write_all(b"a").await.is_err() {
                return;
            }
        }
    };
    let mut nowhere = tokio::io::sink();
    let closed = tokio::io::copy(&mut reading, &mut nowhere);
    // Either of the two sees the end first.
    tokio::select! { _ = closed => {}, () = dripping => {} }
    until(&server.counters.timed_out, 1).await;
    until(&server.counters.open, 0).await;
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_told_so() {
    let server = served(plain(), Limits { request: SHORT, ..WIDE }).await;
    let mut body = server.client().await;
    body.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").await;
    let mut handler = server.client().await;
    handler.ask("GET /never", &[], "").await;
    for client in [&mut body, &mut handler] {
        let answer = client.answer().await.unwrap();
        assert_eq!((answer.status, answer.header("connection")), (503, Some("close")), "{answer:?}");
        assert_eq!(answer.error(), "the request took longer than 50ms");
        assert!(client.answer().await.is_none());
    }
    assert_eq!(server.counters.timed_out.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn whoever_never_reads_is_let_go() {
    let server = served(plain(), Limits { stall: SHORT, ..WIDE }).await;
    let mut client = server.client().await;
    client.ask("GET /huge", &[], "").await;
    until(&server.counters.timed_out, 1).await;
    until(&server.counters.open, 0).await;
    drop(client);
}

#[tokio::test]
async fn one_connection_too_many_is_told_so() {
    let server = served(plain(), Limits { connections: 2, ..WIDE }).await;
    let (mut one, mut two) = (server.client().await, server.client().await);
    for client in [&mut one, &mut two] {
        client.ask("GET /", &[], "").await;
        assert_eq!(client.answer().await.unwrap().status, 200);
    }
    let mut three = server.client().await;
    let answer = three.answer().await.unwrap();
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("5")));
    assert_eq!(answer.error(), "too many connections are open");
    assert!(three.answer().await.is_none());
    let counted = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let counters = &server.counters;
    assert_eq!((counted(&counters.accepted), counted(&counters.refused), counted(&counters.open)), (2, 1, 2));
    // Those who stay are answered, and whoever goes makes room.
    two.ask("GET /", &[], "").await;
    assert_eq!(two.answer().await.unwrap().status, 200);
    drop(one);
    until(&counters.open, 1).await;
    assert_eq!(server.ask("GET /", &[], "").await.status, 200);
}

#[tokio::test]
async fn a_head_has_a_size() {
    let server = served(plain(), WIDE).await;
    for (bytes, status) in [(8 * 1024, 200), (17 * 1024, 431)] {
        let answer = server.ask("GET /", &[&format!("X-A: {}", "a".repeat(bytes))], "").await;
        assert_eq!(answer.status, status, "{bytes}");
    }
    let many: Vec<String> = (0..200).map(|number| format!("X-{number}: a")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(server.ask("GET /", &many, "").await.status, 431);
    assert_eq!(server.ask("garbage", &[], "").await.status, 400);
}

#[tokio::test]
async fn whoever_is_being_answered_is_answered_before_the_end() {
    let (begun, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&begun), Arc::clone(&release));
    let slow = move || async move {
        tell.notify_one();
        wait.notified().await;
        "done"
    };
    let server = served(plain().route("/slow", get(slow)), WIDE).await;
    let (mut busy, mut idle) = (server.client().await, server.client().await);
    idle.ask("GET /", &[], "").await;
    assert_eq!(idle.answer().await.unwrap().status, 200);
    busy.ask("GET /slow", &[], "").await;
    begun.notified().await;
    server.stop.send(()).unwrap();
    // Whoever is idle is let go at once, and nobody else is let in.
    assert!(idle.answer().await.is_none());
    assert!(TcpStream::connect(server.at).await.is_err());
    assert!(!server.end.is_finished());
    release.notify_one();
    let answer = busy.answer().await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, "done"));
    server.end.await.unwrap();
    assert_eq!(server.counters.open.load(Ordering::Relaxed), 0);
    assert_eq!(server.counters.timed_out.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_end_comes_all_the_same() {
    let begun = Arc::new(Notify::new());
    let tell = Arc::clone(&begun);
    let stuck = move || async move {
        tell.notify_one();
        pending::<String>().await
    };
    let server = served(plain().route("/stuck", get(stuck)), Limits { grace: SHORT, ..WIDE }).await;
    let (mut busy, mut silent) = (server.client().await, server.client().await);
    busy.ask("GET /stuck", &[], "").await;
    begun.notified().await;
    server.stop.send(()).unwrap();
    server.end.await.unwrap();
    assert!(busy.answer().await.is_none() && silent.answer().await.is_none());
    assert_eq!(server.counters.open.load(Ordering::Relaxed), 0);
    assert_eq!(server.counters.timed_out.load(Ordering::Relaxed), 1);
}
