//! A process of the program: what it says, what it answers, how it ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

/// The program.
pub(crate) fn backstop() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.env_remove("BACKSTOP_TOKEN").env_remove("BACKSTOP_LOG").env_remove("BACKSTOP_LOG_FORMAT");
    command.env_remove("NOTIFY_SOCKET").env_remove("OTEL_EXPORTER_OTLP_ENDPOINT").stdin(Stdio::null());
    command
}

/// What a command prints, and how it ends.
pub(crate) fn said(output: &Output) -> (String, String, i32) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code().unwrap_or(-1))
}

/// What a command prints that ends by itself, and how it ends.
pub(crate) fn ended(command: &mut Command) -> (String, String, i32) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for _ in 0..PATIENCE {
        if child.try_wait().unwrap().is_some() {
            return said(&child.wait_with_output().unwrap());
        }
        sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    panic!("it does not end: {:?}", said(&child.wait_with_output().unwrap()));
}

/// How often something is looked for, ten milliseconds apart: as long as a busy machine may take.
const PATIENCE: u32 = 3_000;

/// Waits until something is there: as long as a busy machine may take, and not a moment longer than it does.
pub(crate) fn wait<T>(what: &str, mut there: impl FnMut() -> Option<T>) -> T {
    for _ in 0..PATIENCE {
        if let Some(found) = there() {
            return found;
        }
        sleep(Duration::from_millis(10));
    }
    panic!("waited in vain for {what}");
}

/// A service that runs.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Arc<Mutex<Vec<String>>>,
    /// Whether somebody reads what it says.
    read: Arc<AtomicBool>,
}

impl Process {
    /// Starts it, and waits until it says that it is ready.
    pub(crate) fn start(command: &mut Command) -> Self {
        let process = Self::start_silent(command);
        wait("readiness", || (process.get("/-/ready").0 == 200).then_some(()));
        process
    }

    /// Starts it, and waits until it says where it listens.
    pub(crate) fn start_silent(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(Vec::new()));
        let (lines, kept) = (BufReader::new(child.stderr.take().unwrap()).lines(), Arc::clone(&log));
        let read = Arc::new(AtomicBool::new(true));
        let going = Arc::clone(&read);
        std::thread::spawn(move || {
            let lines = lines.map_while(Result::ok).take_while(|_| going.load(Ordering::SeqCst));
            lines.for_each(|line| kept.lock().unwrap().push(line));
        });
        let address = wait("the address in the log", || {
            if let Some(status) = child.try_wait().unwrap() {
                panic!("it did not start ({status}): {:#?}", log.lock().unwrap());
            }
            let log = log.lock().unwrap();
            let rest = log.iter().find_map(|line| Some(line.split_once("address=")?.1));
            // As JSON it is a field.
            let rest =
                rest.or_else(|| log.iter().find_map(|line| Some(line.split_once("\"address\":\"")?.1)))?;
            rest.split([' ', '"']).next()?.parse().ok()
        });
        Self { child, address, log, read }
    }

    /// Sends a request, with a token if there is one.
    pub(crate) fn ask(&self, head: &str, token: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let token =
            if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let (line, more) = head.split_once('\n').unwrap_or((head, ""));
        let more: String = more.lines().flat_map(|header| [header, "\r\n"]).collect();
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: backstop\r\nConnection: close\r\nContent-Length: {length}\r\n{token}{more}\r\n"
        );
        // One that is refused by its head alone may be answered before all of its body is taken.
        stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        let answer = String::from_utf8(answer).unwrap();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned()))
    }

    /// What is there, for whoever may read.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.ask(&format!("GET {path}"), super::site::TOKEN, b"")
    }

    /// What is there, as JSON.
    pub(crate) fn json(&self, path: &str) -> Value {
        let (status, text) = self.get(path);
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Posts JSON.
    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, String) {
        let head = format!("POST {path}\nContent-Type: application/json");
        self.ask(&head, super::site::TOKEN, body.to_string().as_bytes())
    }

    /// Whether a line of the log holds these words.
    pub(crate) fn logged(&self, words: &str) -> bool {
        self.log.lock().unwrap().iter().any(|line| line.contains(words))
    }

    /// Stops reading what it says: its next line is the last that goes anywhere.
    pub(crate) fn ignore(&self) {
        self.read.store(false, Ordering::SeqCst);
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// How much memory it has, in bytes; nothing where the system does not tell.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }

    /// Kills it as nothing can be that is asked first.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to stop, and waits until it has: its exit code, and its log.
    pub(crate) fn stop(self) -> (i32, Vec<String>) {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.stop_of_itself()
    }

    /// Waits until it has stopped that was told to: its exit code, and its log.
    pub(crate) fn stop_of_itself(mut self) -> (i32, Vec<String>) {
        let status = wait("the end", || self.child.try_wait().unwrap());
        (status.code().unwrap_or(-1), self.log.lock().unwrap().clone())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log.lock().unwrap().join("\n");
            writeln!(std::io::stderr(), "--- what it had to say\n{log}").ok();
        }
        // One that has ended is not there to be killed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
