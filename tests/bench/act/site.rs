//! The folder that the program runs in: rules under which everything may be done that is measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::is_undo;
use crate::process::Server;
use crate::shops::name;

/// Of whoever ships, sends samples and asks for figures.
const TOKEN: &str = "pipelines-own";

/// What webhooks are signed with.
const SECRET: &str = "whsec_dGVzdC1vbmx5LWRvLW5vdC11c2UtYW55d2hlcmU=";

/// What is to be watched, and what may be done.
pub(crate) struct Terms {
    pub(crate) services: usize,
    /// How far apart looks are, in seconds.
    pub(crate) every: i64,
    /// How long a look waits for samples that are late, in milliseconds.
    pub(crate) settle: i64,
    /// How many rollbacks there may be in an hour.
    pub(crate) budget: usize,
    /// What follows from a failed verdict.
    pub(crate) ladder: &'static str,
}

/// The folder.
pub(crate) struct Site(PathBuf);

impl Site {
    pub(crate) fn new(terms: &Terms, receiver: SocketAddr) -> Self {
        let site = Self(std::env::temp_dir().join(format!("backstop-bench-act-{}", std::process::id())));
        std::fs::create_dir_all(&site.0).unwrap();
        let folder = site.0.display().to_string();
        let Terms { services, every, settle, budget, ladder } = terms;
        let mut rules = format!(
            "mode: act
settle: {settle}ms
hosts: [ {{ host: 127.0.0.1, addresses: [127.0.0.0/8], http: true }} ]
limits: {{ everywhere: {budget}/h, changes_undone_at_once: 1000000, cooldown: 0s }}
secrets: {{ token: {{ file: {folder}/token }}, hook: {{ file: {folder}/hook }} }}
access: [ {{ who: pipeline, token: token, may: [change, ingest, read] }} ]
trust: [ {{ files: \"*\", services: [\"s*\"], actions: [rollback, notify], secrets: [hook], at_most: act }} ]
gates:
  - gate: canary
    owner: team
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: {{ service: \"s*\", environment: production }}
    every: {every}s
    begins: {{ at: first_traffic, warmup: 0s, within: 15m }}
    ends: {{ after: 2h }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    passes_when: not_contradicted
    checks:
      - check: errors
        proportion: {{ bad: 'http_requests_total{{code=~\"5..\"}}', of: http_requests_total }}
        fails_when: ratio > 1.25 and difference > 0.05pp
    then: {{ fail: [ {ladder} ] }}
    first_release: tell
actions:
  - action: take-back
    does: rollback
    approval: none
    owner: team
    runbook: https://runbooks.example.com/take-back
    limits: {{ cooldown: 0s }}
    webhook: {{ url: 'http://{receiver}/take-back', sign: hook, timeout: 60s }}
  - action: tell
    does: notify
    webhook: {{ url: 'http://{receiver}/tell', sign: hook, timeout: 60s }}
targets:
"
        );
        for name in (0..*services).map(name) {
            let _infallible = writeln!(
                rules,
                "  - {{ service: {name}, environment: production, select: {{ service: {name} }}, owner: team }}"
            );
        }
        for (file, text) in [("token", TOKEN), ("hook", SECRET), ("rules.yaml", &rules)] {
            std::fs::write(site.0.join(file), text).unwrap();
        }
        site
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn start(&self) -> Server {
        Server::start(&self.0, TOKEN)
    }

    /// Runs a command on the ledger: what it prints.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
        let output =
            command.args(args).args(["--ledger", "backstop.db"]).current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Every record of the ledger.
    pub(crate) fn rows(&self) -> Vec<Value> {
        let text = self.run(&["ledger", "export"]);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What was decided last about taking each change back, by the gate that watches it.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, Value> {
        let rows = self.rows().into_iter();
        let decided = rows.map(|mut row| row["record"]["decided"].take());
        let about = decided.filter(is_undo);
        about.map(|decided| (decided["cell"].as_str().unwrap().to_owned(), decided)).collect()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // What is left in the system's folder for such things harms nobody.
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Ships a canary of a service.
pub(crate) fn ship(server: &Server, service: usize) {
    let name = name(service);
    let change = format!(
        r#"{{"service":"{name}","environment":"production","version":"2","previous":"1","kind":"canary","id":"{name}-2"}}"#
    );
    let answer = server.ask("POST /v1/changes", &change);
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}
