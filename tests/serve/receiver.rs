//! A receiver of webhooks, which knows the Standard Webhooks from their specification alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Got {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A receiver that listens until the test ends.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Receiver {
    /// One that does this with each connection whose request it has read.
    pub(crate) fn start(answer: impl Fn(&mut TcpStream, &Got) + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    /// The same on a port that somebody bound before.
    pub(crate) fn on(
        listener: TcpListener,
        answer: impl Fn(&mut TcpStream, &Got) + Send + Sync + 'static,
    ) -> Self {
        let receiver = Self { address: listener.local_addr().unwrap(), got: Arc::default() };
        let (log, answer) = (Arc::clone(&receiver.got), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                std::thread::spawn(move || {
                    let mut stream = stream;
                    // Whoever connects and says nothing has asked for nothing.
                    let Some(got) = Got::read(&mut stream) else { return };
                    log.lock().unwrap().push(got.clone());
                    answer(&mut stream, &got);
                });
            }
        });
        receiver
    }

    /// The requests to this path.
    pub(crate) fn got(&self, path: &str) -> Vec<Got> {
        let line = format!("POST {path} HTTP/1.1");
        self.got.lock().unwrap().iter().filter(|got| got.line == line).cloned().collect()
    }
}

/// Answers so, and closes. Whoever went away in the meantime is not answered.
pub(crate) fn answer(stream: &mut TcpStream, status: &str, body: &str) {
    let length = body.len();
    let text = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    stream.write_all(text.as_bytes()).ok();
}

/// Answers nothing until the other side is gone.
pub(crate) fn hold(stream: &mut TcpStream) {
    std::io::copy(stream, &mut std::io::sink()).ok();
}

impl Got {
    fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let mut lines = lines.into_iter();
        let line = lines.next()?;
        let header = |text: String| {
            text.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        let mut got = Self { line, headers: lines.filter_map(header).collect(), body: Vec::new() };
        got.body = vec![0; got.header("content-length").parse().unwrap_or(0)];
        reader.read_exact(&mut got.body).ok()?;
        Some(got)
    }

    /// A header, or nothing in it.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether it is signed with a secret, as the specification has it: the id, the time and the body, with dots between
    /// them, in HMAC-SHA256 under the bytes that the secret says in base64.
    pub(crate) fn is_signed(&self, secret: &str) -> bool {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let mut signed =
            format!("{}.{}.", self.header("webhook-id"), self.header("webhook-timestamp")).into_bytes();
        signed.extend(&self.body);
        let expected = format!("v1,{}", STANDARD.encode(hmac(&key, &signed)));
        self.header("webhook-signature").split(' ').any(|given| given == expected)
    }
}

/// HMAC-SHA256 by its definition, for keys of up to a block.
pub(crate) fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let padded =
        |with: u8| -> Vec<u8> { (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect() };
    let inner = digest(&SHA256, &[&padded(0x36), text].concat());
    digest(&SHA256, &[&padded(0x5c), inner.as_ref()].concat()).as_ref().to_vec()
}

#[test]
fn hmac_is_the_one_of_rfc_4231() {
    let mac = hmac(b"Jefe", b"what do ya want for nothing?");
    assert_eq!(mac[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    assert_eq!(mac[28..], [0x64, 0xec, 0x38, 0x43]);
}
