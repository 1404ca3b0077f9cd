//! A server on loopback, and somebody who asks it, byte by byte where need be.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

/// A server that is being served.
pub(super) struct Served {
    pub(super) at: SocketAddr,
    pub(super) counters: Arc<Counters>,
    pub(super) stop: oneshot::Sender<()>,
    pub(super) end: JoinHandle<()>,
}

/// An answer, in parts.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
}

/// Somebody with a connection.
pub(super) struct Client(pub(super) TcpStream);

pub(super) async fn served(router: Router, limits: Limits) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let counters = Arc::<Counters>::default();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async { drop(stopped.await) };
    let end = tokio::spawn(serve(listener, router, limits, Arc::clone(&counters), shutdown));
    Served { at, counters, stop, end }
}

impl Served {
    pub(super) async fn client(&self) -> Client {
        Client(TcpStream::connect(self.at).await.unwrap())
    }

    /// Asks once, over a connection of its own.
    pub(super) async fn ask(&self, request: &str, headers: &[&str], body: &str) -> Answer {
        let mut client = self.client().await;
        client.ask(request, headers, body).await;
        client.answer().await.unwrap()
    }
}

impl Client {
    /// Sends the head and the body of a request.
    pub(super) async fn ask(&mut self, request: &str, headers: &[&str], body: &str) {
        let headers = headers.iter().fold(String::new(), |text, header| text + header + "\r\n");
        let length =
            if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        self.say(&format!("{request} HTTP/1.1\r\nHost: backstop\r\n{headers}{length}\r\n{body}")).await;
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next answer; nothing where the connection was closed.
    pub(super) async fn answer(&mut self) -> Option<Answer> {
        let mut bytes = Vec::new();
        loop {
            let text = String::from_utf8(bytes.clone()).unwrap();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = header(head, "content-length").map_or(0, |text| text.parse().unwrap());
                if length <= body.len() {
                    assert_eq!(length, body.len(), "{text}");
                    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                    return Some(Answer { status, head: head.to_owned(), body: body.to_owned() });
                }
            }
            let mut chunk = [0; 4096];
            let read = self.0.read(&mut chunk).await.unwrap_or(0);
            if read == 0 {
                assert!(bytes.is_empty(), "it broke off: {text}");
                return None;
            }
            bytes.extend_from_slice(&chunk[..read]);
        }
    }
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// What it says went wrong, which it says with a way out.
    pub(super) fn error(&self) -> String {
        let json = self.json();
        assert!(json["help"].as_str().is_some_and(|help| !help.is_empty()), "{self:?}");
        json["error"].as_str().unwrap().to_owned()
    }
}

fn header<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    let mut pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Waits until a counter is so high.
pub(super) async fn until(counter: &AtomicU64, wanted: u64) {
    while counter.load(Ordering::Relaxed) != wanted {
        tokio::task::yield_now().await;
    }
}
