//! A server on loopback that does whatever a test says, over TCP or TLS.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What goes over a connection.
pub(crate) trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) line: String,
    head: String,
    pub(crate) body: String,
}

impl Got {
    /// A header, or nothing in it.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.head.lines().filter_map(|line| line.split_once(':'));
        found
            .into_iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.trim())
    }

    fn read(stream: &mut dyn Stream) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            reader.read_line(&mut head).ok().filter(|read| *read > 0)?;
        }
        let line = head.lines().next()?.to_owned();
        let mut got = Self { line, head, body: String::new() };
        let mut body = vec![0; got.header("content-length").parse().unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        got.body = String::from_utf8(body).ok()?;
        Some(got)
    }
}

/// A server that listens until the test ends.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Server {
    /// One that does this with each request, and is told its number.
    pub(crate) fn start(answer: impl Fn(&mut dyn Stream, &Got, usize) + Send + Sync + 'static) -> Self {
        Self::over(answer, |stream, talk| talk(stream))
    }

    /// The same over something that is made of a connection first.
    pub(crate) fn over(
        answer: impl Fn(&mut dyn Stream, &Got, usize) + Send + Sync + 'static,
        wrap: impl Fn(&mut TcpStream, &mut dyn FnMut(&mut dyn Stream)) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self { address: listener.local_addr().unwrap(), got: Arc::default() };
        let (log, both) = (Arc::clone(&server.got), Arc::new((answer, wrap)));
        std::thread::spawn(move || {
            for mut tcp in listener.incoming().map_while(Result::ok) {
                let (log, both) = (Arc::clone(&log), Arc::clone(&both));
                std::thread::spawn(move || {
                    (both.1)(&mut tcp, &mut |stream| {
                        let Some(got) = Got::read(stream) else { return };
                        let number = {
                            let mut log = log.lock().unwrap();
                            log.push(got.clone());
                            log.len()
                        };
                        (both.0)(stream, &got, number);
                    });
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests to this path.
    pub(crate) fn got(&self, path: &str) -> Vec<Got> {
        let line = format!("POST {path} HTTP/1.1");
        self.got.lock().unwrap().iter().filter(|got| got.line == line).cloned().collect()
    }

    /// How many queries it got.
    pub(crate) fn queries(&self) -> usize {
        self.got("/api/v1/query").len()
    }
}

/// A good answer without a series.
pub(crate) const NOTHING: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;

/// Answers so, and closes. Whoever went away in the meantime is not answered.
pub(crate) fn answer(stream: &mut dyn Stream, status: &str, body: &str) {
    let length = body.len();
    say(stream, &format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"));
}

/// Says something, as it is.
pub(crate) fn say(stream: &mut dyn Stream, text: &str) {
    stream.write_all(text.as_bytes()).and_then(|()| stream.flush()).ok();
}

/// Says nothing until the other side is gone.
pub(crate) fn hold(stream: &mut dyn Stream) {
    std::io::copy(stream, &mut std::io::sink()).ok();
}

/// Says a byte at a time, until it is said or nobody listens.
pub(crate) fn drip(stream: &mut dyn Stream, text: &str) {
    for byte in text.bytes() {
        std::thread::sleep(Duration::from_millis(50));
        if stream.write_all(&[byte]).and_then(|()| stream.flush()).is_err() {
            return;
        }
    }
}
