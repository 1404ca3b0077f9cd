//! The program and the source, as processes: what they answer, and what they use.

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
    fn of(pid: u32) -> Self {
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
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
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
        let server = Self { child, address: address.split(' ').next().unwrap().to_owned() };
        while !server.ask("GET /-/ready", "").starts_with("HTTP/1.1 200") {
            sleep(Duration::from_millis(10));
        }
        server
    }

    pub(crate) fn ask(&self, head: &str, body: &str) -> String {
        ask(&self.address, head, body)
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
        while !ask(&peer.address, "GET /-/ready", "").starts_with("HTTP/1.1 200") {
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

fn ask(address: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let text = format!(
        "{head} HTTP/1.1\r\nHost: backstop\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(text.as_bytes()).unwrap();
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

/// The buckets of how late looks were.
pub(crate) fn buckets(metrics: &str) -> Vec<(String, u64)> {
    let bucket = |line: &str| {
        let rest = line.strip_prefix("backstop_look_lateness_seconds_bucket{le=\"")?;
        let (bound, rest) = rest.split_once('"')?;
        Some((bound.to_owned(), rest.rsplit_once(' ')?.1.parse::<f64>().ok()? as u64))
    };
    metrics.lines().filter_map(bucket).collect()
}
