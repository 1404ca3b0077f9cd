//! The shape of a whole file: which document counts, and which keys may stand at its top.

use crate::config::Source;
use crate::config::source::error;
use crate::config::yaml::{Document, Node};
use crate::lint::{Finding, Severity, name, nearest};

/// The keys that Prometheus reads.
pub const GROUPS: &str = "groups";

/// The mapping that a file is, if it is one; an empty file is none and nothing is wrong with it.
///
/// As for Prometheus only the first document counts. `known` are the keys that may stand at the top; one that
/// stands in a later document is warned about. Where a file holds nothing but `groups`, what is broken in a later
/// document is no more than a warning either, since Prometheus never looks there.
pub fn top<'d>(
    source: Source<'_>,
    documents: &'d [Document],
    known: &[&str],
    findings: &mut Vec<Finding>,
) -> Option<&'d Node> {
    let first = documents.first().filter(|document| document.number == 0)?;
    soften(first, known, findings);
    for later in &documents[1..] {
        let read = later.root.entries().into_iter().flatten().map(|entry| &entry.key);
        for key in read.filter(|key| key.text().is_some_and(|key| known.contains(&key))) {
            let message = format!(
                "`{}` stands in a later document of this file, where nobody reads it",
                key.text().unwrap_or_default()
            );
            let help = "take the `---` out, or move it to a file of its own";
            let finding = error(name::LATER_DOCUMENT, key.written(), message, help);
            findings.push(Finding { severity: Severity::Warning, ..finding });
        }
    }
    let root = &first.root;
    if root.is_null() {
        return None;
    }
    let Some(entries) = root.entries() else {
        let message = "a file of rules is a mapping with keys like `groups`";
        findings.push(error(
            name::WRONG_TYPE,
            source.head(root.written()),
            message,
            "begin it with `groups:`",
        ));
        return None;
    };
    for key in entries.iter().map(|entry| &entry.key).filter(|key| !key.is_null()) {
        match key.text() {
            Some(text) if known.contains(&text) => {}
            Some(text) => findings.push(unknown(key, text, known)),
            None => {
                let message = "a list or mapping stands where a key is wanted";
                findings.push(error(name::WRONG_TYPE, key.written(), message, ""));
            }
        }
    }
    Some(root)
}

fn unknown(key: &Node, text: &str, known: &[&str]) -> Finding {
    let help = match nearest(text, known.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("what can stand here: {}", known.join(", ")),
    };
    error(name::UNKNOWN_KEY, key.written(), format!("nobody reads the key `{text}`"), &help)
}

/// Makes warnings of errors behind the first document, where none but Prometheus's keys stand in it.
fn soften(first: &Document, known: &[&str], findings: &mut [Finding]) {
    let other = |key: &str| key != GROUPS && known.contains(&key);
    let others = first.root.entries().into_iter().flatten().any(|entry| entry.key.text().is_some_and(other));
    if others {
        return;
    }
    for finding in findings {
        let start = finding.place.extent.start;
        // A null at the very end stands where the document ends.
        let later = first.end < start || first.end == start && finding.name == name::YAML_SYNTAX;
        if finding.place.file == first.root.place.file && later {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
}
