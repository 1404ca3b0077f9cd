//! Git, asked for what it knows of a file.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use ring::digest;

use crate::unit::{Span, hex};

/// The most bytes of an answer that are read.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// What a repository may not have git do, whatever its configuration says: run a program, or ask another machine.
const SWITCHED_OFF: [&str; 7] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.alternateRefsCommand=true",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// What git needs of the environment: where it is, and what the operator told it about repositories of others.
const KEPT: [&str; 4] = ["PATH", "HOME", "XDG_CONFIG_HOME", "LANG"];

/// The repository of a work tree.
#[derive(Debug)]
pub(super) struct Git {
    root: PathBuf,
}

/// The commit that changed a file last.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrote {
    pub(super) commit: String,
    pub(super) author: String,
    pub(super) subject: String,
}

impl Git {
    pub(super) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The commit that the work tree is at.
    pub(super) fn head(&self, within: Span) -> Option<String> {
        let id = self.says(&["rev-parse", "--verify", "--end-of-options", "HEAD^{commit}"], None, within)?;
        Some(id.trim().to_owned())
    }

    /// Who changed a file last, as of a commit.
    pub(super) fn wrote_last(&self, head: &str, file: &Path, within: Span) -> Option<Wrote> {
        let form = "--format=%H%x00%an <%ae>%x00%s";
        let asked = ["log", "-1", "--no-show-signature", "--no-color", "--encoding=UTF-8", form, head];
        let said = self.says(&asked, Some(file), within)?;
        let mut parts = said.trim_end_matches('\n').splitn(3, '\0').map(str::to_owned);
        Some(Wrote { commit: parts.next()?, author: parts.next()?, subject: parts.next()? })
    }

    /// Whether a file holds something else than at a commit. Git would ask the repository's own filters; so what it would
    /// call the file is reckoned here.
    pub(super) fn differs(&self, head: &str, file: &Path, text: &str, within: Span) -> bool {
        let Some(known) = self.says(&["ls-tree", "--full-tree", head], Some(file), within) else {
            return false;
        };
        // `MODE blob ID<tab>PATH`; a file that is not there was never committed.
        let id = known.split_whitespace().nth(2).unwrap_or_default();
        let plain = text.replace("\r\n", "\n");
        ![text, &plain].into_iter().any(|text| blob(text, id.len()) == id)
    }

    fn says(&self, asked: &[&str], file: Option<&Path>, within: Span) -> Option<String> {
        let mut command = Command::new("git");
        command.env_clear();
        command.envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_REPLACE_OBJECTS", "1");
        command.args(["--no-pager", "--no-optional-locks", "--literal-pathspecs"]).arg("-C").arg(&self.root);
        command.args(SWITCHED_OFF.iter().flat_map(|set| ["-c", set])).args(asked);
        if let Some(file) = file {
            command.arg("--").arg(file);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        answer(command.spawn().ok()?, Duration::from_millis(within.millis()))
    }
}

/// What a process says before it ends well; one that takes longer is ended.
fn answer(mut child: Child, within: Duration) -> Option<String> {
    let out = child.stdout.take()?;
    let (tell, told) = sync_channel(1);
    let reading = std::thread::Builder::new().name("git".to_owned()).spawn(move || {
        let mut text = String::new();
        let read = out.take(LONGEST_ANSWER).read_to_string(&mut text);
        // Whoever asked may have stopped waiting.
        tell.send(read.ok().map(|_| text)).ok();
    });
    let said = reading.ok().and_then(|_| told.recv_timeout(within).ok()).flatten();
    if said.is_none() {
        // One that has ended is not there to be ended.
        child.kill().ok();
    }
    let well = child.wait().is_ok_and(|status| status.success());
    said.filter(|_| well)
}

/// What git calls a file of this text, by the length of the names that it gives.
fn blob(text: &str, length: usize) -> String {
    let kind = if length == 64 { &digest::SHA256 } else { &digest::SHA1_FOR_LEGACY_USE_ONLY };
    let mut hash = digest::Context::new(kind);
    hash.update(format!("blob {}\0", text.len()).as_bytes());
    hash.update(text.as_bytes());
    hex(hash.finish().as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_called_as_git_calls_them() {
        for (text, id) in [
            ("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
            ("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
        ] {
            assert_eq!(blob(text, id.len()), id);
        }
    }

    #[test]
    fn a_process_that_takes_too_long_is_ended() {
        let mut slow = Command::new("sleep");
        slow.arg("60").stdout(Stdio::piped());
        assert_eq!(answer(slow.spawn().unwrap(), Duration::from_millis(20)), None);
    }
}
