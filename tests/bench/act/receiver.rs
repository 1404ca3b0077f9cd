//! The receiver: it notes when the first byte of each webhook came, and answers that it is done.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::shops::micros;

/// A webhook that came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    /// When its first byte did, in microseconds.
    pub(crate) at: i64,
    pub(crate) path: String,
    /// About which service.
    pub(crate) service: String,
}

/// Whoever webhooks are sent to.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self { address: listener.local_addr().unwrap(), got: Arc::default() };
        let log = Arc::clone(&receiver.got);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let log = Arc::clone(&log);
                std::thread::spawn(move || {
                    let mut stream = stream;
                    while let Some(got) = read(&mut stream) {
                        log.lock().unwrap().push(got);
                        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone";
                        if stream.write_all(answer.as_bytes()).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        receiver
    }

    /// All that came to this path so far.
    pub(crate) fn got(&self, path: &str) -> Vec<Got> {
        self.got.lock().unwrap().iter().filter(|got| got.path == path).cloned().collect()
    }
}

/// The next request; nothing where the other side is done.
fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut first = [0];
    stream.read_exact(&mut first).ok()?;
    let at = micros();
    // Nothing is sent behind a request before it is answered, so nothing is lost in here.
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| 0 < *read)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap();
        }
        if line.trim_end().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    Some(Got {
        at,
        path: head.split(' ').nth(1)?.to_owned(),
        service: body["data"]["service"].as_str()?.to_owned(),
    })
}
