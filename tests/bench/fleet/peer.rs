//! The source, as a process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::process::{Usage, send};

/// A Prometheus that is the source.
pub(crate) struct Peer {
    child: Child,
    pub(crate) address: String,
}

impl Peer {
    pub(crate) fn start(folder: &Path) -> Self {
        std::fs::write(folder.join("prometheus.yml"), "").unwrap();
        let mut command = Command::new(std::env::var_os("PROMETHEUS").unwrap());
        command.args([
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            "--query.max-concurrency=20",
        ]);
        command.args(["--web.listen-address=127.0.0.1:0", "--web.enable-remote-write-receiver"]);
        let mut child =
            command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.by_ref().find_map(|line| {
            let rest = line.split_once("\"Listening on\"")?.1.split_once("address=")?.1.to_owned();
            rest.split_whitespace().next().map(str::to_owned)
        });
        std::thread::spawn(move || lines.for_each(drop));
        let peer = Self { child, address: address.unwrap() };
        while !send(&peer.address, ("GET /-/ready", "text/plain"), b"").starts_with("HTTP/1.1 200") {
            sleep(Duration::from_millis(10));
        }
        peer
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
