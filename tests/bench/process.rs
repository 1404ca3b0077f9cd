//! The program as a process: what it answers, and what it uses.
#![allow(dead_code, reason = "no benchmark uses all of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// What a process used so far.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// Processor time.
    pub(crate) seconds: f64,
    pub(crate) megabytes: u64,
}

impl Usage {
    pub(crate) fn of(pid: u32) -> Self {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        // What stands behind the name, which is in brackets: the twelfth and thirteenth are hundredths of a second.
        let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        let ticks = |index: usize| fields[index].parse::<f64>().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let kilobytes: u64 = memory.split_whitespace().next().unwrap().parse().unwrap();
        Self { seconds: (ticks(11) + ticks(12)) / 100.0, megabytes: kilobytes / 1_024 }
    }
}

/// The program.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    /// With which token it is asked; nothing where it asks for none.
    token: &'static str,
}

impl Server {
    pub(crate) fn start(folder: &Path, token: &'static str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        command.args(["serve", "rules.yaml", "--listen", "127.0.0.1:0"]);
        let mut child = command
            .env("BACKSTOP_LOG", "warn,backstop::run::serve=info")
            .current_dir(folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.split_once("address=")?.1.to_owned())).unwrap();
        // What else it says is read, so that it can say it.
        std::thread::spawn(move || {
            for line in lines.filter(|line| line.contains("ERROR") || line.contains("WARN")).take(20) {
                eprintln!("{line}");
            }
        });
        let server = Self { child, address: address.split(' ').next().unwrap().to_owned(), token };
        while !server.ask("GET /-/ready", "").starts_with("HTTP/1.1 200") {
            sleep(Duration::from_millis(10));
        }
        server
    }

    pub(crate) fn ask(&self, head: &str, body: &str) -> String {
        self.send(head, "application/json", body.as_bytes())
    }

    /// Has samples written, and fails where they are not taken.
    pub(crate) fn write(&self, body: &[u8]) {
        let answer = self.send("POST /api/v1/write", SAMPLES, body);
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
    }

    fn send(&self, head: &str, kind: &str, body: &[u8]) -> String {
        let token = if self.token.is_empty() {
            String::new()
        } else {
            format!("\r\nAuthorization: Bearer {}", self.token)
        };
        send(&self.address, (head, &format!("{kind}{token}")), body)
    }

    pub(crate) fn metrics(&self) -> String {
        self.ask("GET /metrics", "")
    }

    pub(crate) fn figure(&self, name: &str) -> u64 {
        figure(&self.metrics(), name)
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }

    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The kind of a body of samples, with the headers that go with it.
pub(crate) const SAMPLES: &str =
    "application/x-protobuf\r\nContent-Encoding: snappy\r\nX-Prometheus-Remote-Write-Version: 0.1.0";

/// Sends a request with a body of a kind, and tells all of the answer.
pub(crate) fn send(address: &str, (head, kind): (&str, &str), body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "{head} HTTP/1.1\r\nHost: backstop\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// The sum of a metric's series.
pub(crate) fn figure(metrics: &str, name: &str) -> u64 {
    let own = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
    let values = metrics.lines().filter(own).filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
    values.sum::<f64>() as u64
}
