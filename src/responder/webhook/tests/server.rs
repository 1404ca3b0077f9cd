//! Servers that misbehave.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// What a server does with a connection once it has read the request.
#[derive(Debug, Clone)]
pub(super) enum Manner {
    /// It writes this and closes.
    Says(String),
    /// It writes this and holds the connection.
    Dawdles(&'static str),
    /// It writes this, and then bytes for ever.
    Floods(&'static str),
    /// It closes before it reads anything.
    HangsUp,
    /// It reads nothing and says nothing.
    Sleeps,
}

/// A server that does one thing, and keeps what it was sent.
pub(super) struct Server {
    pub(super) at: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    pub(super) connections: Arc<AtomicUsize>,
    /// Bytes that a flood got rid of, once it had to end.
    pub(super) flooded: Arc<(AtomicUsize, Notify)>,
}

impl Server {
    pub(super) async fn new(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            at: listener.local_addr().unwrap(),
            requests: Arc::default(),
            connections: Arc::default(),
            flooded: Arc::default(),
        };
        let (requests, connections, flooded) =
            (server.requests.clone(), server.connections.clone(), server.flooded.clone());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(behave(stream, manner.clone(), requests.clone(), flooded.clone()));
            }
        });
        server
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/services/path-secret?query=secret", self.at)
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn behave(
    mut stream: TcpStream,
    manner: Manner,
    requests: Arc<Mutex<Vec<String>>>,
    flooded: Arc<(AtomicUsize, Notify)>,
) {
    match manner {
        Manner::HangsUp => return,
        Manner::Sleeps => return std::future::pending().await,
        Manner::Says(_) | Manner::Dawdles(_) | Manner::Floods(_) => {}
    }
    let request = read(&mut stream).await;
    requests.lock().unwrap().push(request);
    match manner {
        Manner::Says(text) => stream.write_all(text.as_bytes()).await.unwrap(),
        Manner::Dawdles(text) => {
            stream.write_all(text.as_bytes()).await.unwrap();
            std::future::pending::<()>().await;
        }
        Manner::Floods(text) => {
            stream.write_all(text.as_bytes()).await.unwrap();
            while stream.write_all(&[b'x'; 16_384]).await.is_ok() {
                flooded.0.fetch_add(16_384, Ordering::SeqCst);
            }
            flooded.1.notify_one();
        }
        Manner::HangsUp | Manner::Sleeps => {}
    }
}

/// A request: its head, and as much of a body as the head says.
async fn read(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(read > 0, "half a head: {text}");
            continue;
        };
        let length = header(head, "content-length").map_or(0, |text| text.parse().unwrap());
        if length <= body.len() {
            return text;
        }
    }
}

pub(super) fn header<'t>(head: &'t str, name: &str) -> Option<&'t str> {
    head.lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(": "))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
