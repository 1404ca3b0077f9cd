//! A real Prometheus, on loopback, that takes samples by remote write.
#![expect(clippy::unwrap_used, reason = "a test that cannot have its Prometheus has failed")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use backstop::signal::Series;
use backstop::source::remote_write::encode;

/// How much of the time of its series goes into one request. A Prometheus takes nothing that is an hour older than the
/// newest that it has, of whatever series.
const AT_ONCE: i64 = 600_000;

/// A Prometheus that runs until the test ends.
pub(crate) struct Prometheus {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Prometheus {
    /// The one that `BACKSTOP_PROMETHEUS` names, or the one on the `PATH`, with its data in this folder. Without one, it
    /// is noted that the test was skipped.
    pub(crate) fn start(test: &str, folder: &Path) -> Option<Self> {
        Self::with(test, folder, "")
    }

    /// The same, with what stands in its file.
    pub(crate) fn with(test: &str, folder: &Path, config: &str) -> Option<Self> {
        let path = std::env::var_os("BACKSTOP_PROMETHEUS")
            .map_or_else(|| PathBuf::from("prometheus"), PathBuf::from);
        std::fs::write(folder.join("prometheus.yml"), config).unwrap();
        let mut command = Command::new(path);
        command.args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"]);
        command.arg("--enable-feature=native-histograms");
        command.args(["--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver"]);
        let Ok(mut child) = command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()
        else {
            crate::skip::skip(test, "prometheus");
            return None;
        };
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.by_ref().find_map(|line| {
            let rest = line.split_once("\"Listening on\"")?.1.split_once("address=")?.1.to_owned();
            rest.split_whitespace().next()?.parse().ok()
        });
        std::thread::spawn(move || lines.for_each(drop));
        let prometheus = Self { child, address: address.unwrap() };
        crate::process::wait("a ready Prometheus", || {
            (prometheus.ask("GET /-/ready", b"").0 == 200).then_some(())
        });
        Some(prometheus)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends it samples, all series side by side in the order of time.
    pub(crate) fn take(&self, series: &[Series]) {
        let mut batches: BTreeMap<i64, Vec<Series>> = BTreeMap::new();
        for Series { labels, samples } in series {
            for some in samples.chunk_by(|one, next| one.at.millis() / AT_ONCE == next.at.millis() / AT_ONCE)
            {
                let batch = batches.entry(some[0].at.millis() / AT_ONCE).or_default();
                batch.push(Series { labels: labels.clone(), samples: some.to_vec() });
            }
        }
        let head = "POST /api/v1/write\r\nContent-Encoding: snappy\r\nContent-Type: application/x-protobuf\r\n\
                    X-Prometheus-Remote-Write-Version: 0.1.0";
        for batch in batches.into_values() {
            let (status, text) = self.ask(head, &encode(&batch));
            assert!((200..300).contains(&status), "{status}: {text}");
        }
    }

    /// What it answers, and with which status.
    pub(crate) fn get(&self, path: &str) -> (u16, serde_json::Value) {
        let (status, text) = self.ask(&format!("GET {path}"), b"");
        let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status, serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {text}")))
    }

    fn ask(&self, head: &str, body: &[u8]) -> (u16, String) {
        let (line, more) = head.split_once("\r\n").unwrap_or((head, "X-From: a test"));
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.0\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0), answer)
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
