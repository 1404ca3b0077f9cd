//! A folder with rules, secrets and a ledger, and the commands that are run on it.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::folder::Folder;
use crate::process::{Process, backstop, said};

/// The token of the pipeline, which may do what these tests do.
pub(crate) const TOKEN: &str = "pipelines-own";

/// What webhooks are signed with.
pub(crate) const SECRET: &str = "whsec_dGVzdC1vbmx5LWRvLW5vdC11c2UtYW55d2hlcmU=";

/// What is done to a service whose canary fails.
pub(crate) struct Watched<'a> {
    pub(crate) service: &'a str,
    /// Who takes it back.
    pub(crate) receiver: SocketAddr,
    /// How long that may take.
    pub(crate) timeout: &'a str,
    /// Whether it can be seen that it worked.
    pub(crate) verified: bool,
    /// For how long it is watched, from when it was shipped.
    pub(crate) watch: &'a str,
}

/// The folder.
pub(crate) struct Site(Folder);

impl Site {
    pub(crate) fn new(test: &str, watched: &[Watched<'_>]) -> Self {
        let site = Self(Folder::of(test));
        site.write("token", TOKEN);
        site.write("hook", SECRET);
        site.write("rules.yaml", site.rules(watched));
        site
    }

    fn rules(&self, watched: &[Watched<'_>]) -> String {
        let folder = self.path().display();
        let names: Vec<&str> = watched.iter().map(|watched| watched.service).collect();
        let services = names.join(", ");
        let mut text = format!(
            "hosts: [ {{ host: 127.0.0.1, addresses: [127.0.0.0/8], http: true }} ]\nmode: act\nsettle: 250ms\nlimits: {{ everywhere: 20/h, changes_undone_at_once: 20 }}\n\
             secrets: {{ token: {{ file: {folder}/token }}, hook: {{ file: {folder}/hook }} }}\n\
             access: [ {{ who: pipeline, token: token, may: [change, ingest, read] }} ]\n\
             trust: [ {{ files: \"*\", services: [{services}], actions: [rollback, notify], secrets: [hook], at_most: act }} ]\n"
        );
        let each = |text: &mut String, head: &str, row: &dyn Fn(&Watched<'_>) -> String| {
            text.push_str(head);
            text.extend(watched.iter().map(row));
        };
        each(&mut text, "targets:\n", &|Watched { service, .. }| {
            format!(
                "  - {{ service: {service}, environment: production, select: {{ service: {service} }}, owner: team }}\n"
            )
        });
        each(&mut text, "gates:\n", &gate);
        each(&mut text, "actions:\n", &actions);
        text
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.path().join("backstop.db")
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// How the service is started.
    pub(crate) fn serve(&self) -> Command {
        let mut command = backstop();
        command.args(["serve", "rules.yaml", "--listen", "127.0.0.1:0", "--ledger"]).arg(self.ledger());
        command.current_dir(self.path());
        command
    }

    pub(crate) fn start(&self) -> Process {
        Process::start(&mut self.serve())
    }

    /// Runs a command on the ledger: what it prints, and its exit code.
    pub(crate) fn run(&self, args: &[&str]) -> (String, i32) {
        let output = backstop().args(args).arg("--ledger").arg(self.ledger()).output().unwrap();
        let (mut text, error, code) = said(&output);
        let _infallible = write!(text, "{error}");
        (text, code)
    }

    /// Every record of the ledger.
    pub(crate) fn rows(&self) -> Vec<Value> {
        let (text, code) = self.run(&["ledger", "export"]);
        assert_eq!(code, 0, "{text}");
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The records of a kind that hold these words.
    pub(crate) fn records(&self, kind: &str, words: &str) -> Vec<Value> {
        let rows = self.rows().into_iter().filter(|row| row["kind"] == kind);
        rows.map(|row| row["record"][kind].clone())
            .filter(|record| record.to_string().contains(words))
            .collect()
    }

    /// That the ledger is whole, and that every decision in it comes out again.
    pub(crate) fn holds(&self) {
        for args in [&["ledger", "verify"][..], &["replay", "--all"]] {
            let (text, code) = self.run(args);
            assert_eq!(code, 0, "{args:?}: {text}");
        }
    }
}

fn gate(watched: &Watched<'_>) -> String {
    let Watched { service, watch, .. } = watched;
    format!(
        "  - gate: {service}-canary
    owner: team
    runbook: https://runbooks.example.com/canary
    upon: canary
    match: {{ service: {service}, environment: production }}
    every: 1s
    begins: {{ at: first_traffic, warmup: 0s, within: {watch} }}
    ends: {{ after: {watch}, not_before: 5s }}
    tracks: {{ label: track, canary: canary, stable: stable }}
    checks:
      - check: errors
        proportion: {{ bad: 'http_requests_total{{code=~\"5..\"}}', of: http_requests_total }}
        fails_when: ratio > 1.25 and difference > 0.05pp
        passes_when: ratio < 2
    then:
      fail: [ {{ confidence: 0.80, do: {service}-notify }}, {{ confidence: 0.99, do: {service}-take-back }} ]
    first_release: {service}-notify
"
    )
}

fn actions(watched: &Watched<'_>) -> String {
    let Watched { service, receiver, timeout, verified, .. } = watched;
    let verify = match verified {
        true => format!("verify: {{ expr: 'undone{{service=\"{service}\"}} == 1' }}"),
        false => String::new(),
    };
    format!(
        "  - action: {service}-take-back
    does: rollback
    approval: none
    owner: team
    runbook: https://runbooks.example.com/take-back
    webhook:
      url: http://{receiver}/{service}/take-back
      timeout: {timeout}
      sign: hook
      {verify}
  - action: {service}-notify
    does: notify
    webhook: {{ url: 'http://{receiver}/{service}/notify', sign: hook, timeout: {timeout} }}
"
    )
}
