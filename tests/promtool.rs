//! Whether `groups` are accepted and refused as `promtool check rules` (Prometheus 3.5) does it.
//!
//! The files lie in `data/promtool`, many to an archive, each under a line that says what promtool said and what
//! the file is about. In one marked `(escaped)` a backslash begins `\\`, `\r`, `\t`, a byte as `\x1f`, or at the
//! end of a line takes the line break away.
//!
//! Where a promtool is found (`BACKSTOP_PROMTOOL`, or version 3 on the `PATH`), it is asked again.
//!
//! What differs on purpose, none of it in the archives:
//! - A text in base 64 (`!!binary`) must be UTF-8; Prometheus takes any bytes for the name of a group or an alert
//!   and for an annotation, and has no use for them.
//! - Files in UTF-16 are refused before they get here.
//! - What is broken in a later document is a warning. Prometheus sees the first token of it, and refuses the file
//!   if that one is broken; from the second on it sees nothing.
//! - Broken quotes and brackets behind the end of the first document, where no `---` stands between, are refused;
//!   Prometheus passes over them, and over everything after them.
//! - A tag with punctuation in its name (`!(x`) and a key between brackets with a `?` right before it (`{?a: b}`)
//!   are not read as Prometheus does; nor is a tag that ends at a `,`, `}` or `]`.
//! - U+0085, U+2028 and U+2029 end a line for Prometheus and for nobody's editor, and a second byte order mark is
//!   text to it. They are refused where they would change what is read.
//! - A regular expression of more than 20,000 parts, and templates, expressions and documents nested deeper than
//!   their named bounds, are refused.
//! - What Prometheus has learnt since 3.5 is read: `first_over_time`, the trim operators.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it must be")]

#[path = "kit/archive.rs"]
mod archive;
#[path = "kit/skip.rs"]
mod skip;
#[path = "kit/promtool.rs"]
mod promtool;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use backstop::config;
use backstop::lint::{Finding, Severity};
use backstop::promql::Features;

/// Fewer would mean that an archive was lost.
const FEWEST: usize = 1_400;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accept,
    Reject,
}

struct Case {
    name: String,
    verdict: Verdict,
    bytes: Vec<u8>,
}

/// All cases of all archives.
fn cases() -> Vec<Case> {
    let case = |file: archive::Filed| {
        let (verdict, name) = file.title.split_once(' ').unwrap();
        let verdict = if verdict == "accept" { Verdict::Accept } else { Verdict::Reject };
        Case { name: format!("{}: {name}", file.topic), verdict, bytes: file.bytes }
    };
    archive::files().into_iter().map(case).collect()
}

/// What we say of a file, and why.
fn ours(bytes: &[u8]) -> (Verdict, Vec<Finding>) {
    let Ok(text) = std::str::from_utf8(bytes) else { return (Verdict::Reject, Vec::new()) };
    let mut gathered = config::Gathered::default();
    gathered.files.add("rules.yaml".to_owned(), text.to_owned());
    let findings = config::load(gathered, Features::NONE).findings;
    let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
    (if refused { Verdict::Reject } else { Verdict::Accept }, findings)
}

#[test]
fn we_say_what_promtool_said() {
    let cases = cases();
    assert!(cases.len() >= FEWEST, "only {} cases", cases.len());
    let differ: Vec<String> = cases
        .iter()
        .map(|case| (case, ours(&case.bytes)))
        .filter(|(case, (verdict, _))| *verdict != case.verdict)
        .map(|(case, (_, findings))| format!("{}: promtool {:?}, we {findings:#?}", case.name, case.verdict))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// What promtool says of many files at once.
fn theirs(promtool: &Path, files: &[PathBuf]) -> BTreeMap<PathBuf, Verdict> {
    let output = Command::new(promtool).args(["check", "rules", "--lint=none"]).args(files).output().unwrap();
    // Whether a file is good goes to the one, why it is not to the other.
    let said = String::from_utf8_lossy(&output.stdout);
    let mut verdicts: BTreeMap<PathBuf, Verdict> =
        files.iter().map(|file| (file.clone(), Verdict::Reject)).collect();
    let mut file = None;
    for line in said.lines() {
        if let Some(path) = line.strip_prefix("Checking ") {
            file = Some(PathBuf::from(path));
        } else if line.trim_start().starts_with("SUCCESS:")
            && let Some(verdict) = file.take().and_then(|file| verdicts.get_mut(&file))
        {
            *verdict = Verdict::Accept;
        }
    }
    verdicts
}

#[test]
fn promtool_still_says_so() {
    /// As many as a command line holds with ease.
    const AT_ONCE: usize = 400;
    let Some(promtool) = promtool::promtool("what promtool says of each file") else { return };
    let folder = std::env::temp_dir().join(format!("backstop-promtool-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let cases: Vec<(PathBuf, Case)> =
        cases().into_iter().enumerate().map(|(at, case)| (folder.join(format!("{at}.yml")), case)).collect();
    let mut differ = Vec::new();
    for some in cases.chunks(AT_ONCE) {
        for (path, case) in some {
            std::fs::write(path, &case.bytes).unwrap();
        }
        let files: Vec<PathBuf> = some.iter().map(|(path, _)| path.clone()).collect();
        let verdicts = theirs(&promtool, &files);
        let wrong = some.iter().filter(|(path, case)| verdicts[path] != case.verdict);
        differ.extend(wrong.map(|(_, case)| format!("{}: no longer {:?}", case.name, case.verdict)));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}
