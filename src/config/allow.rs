//! Comments that switch a lint off: `# backstop: allow NAME` for the line it stands on or above, and
//! `# backstop: allow-in-file NAME`.

use crate::config::file::Files;
use crate::config::yaml::Comment;
use crate::lint::{Allowed, Finding, name, page};
use crate::unit::nearest;

/// What the comments switch off; a comment that names no lint is a finding.
pub(crate) fn read(files: &Files, comments: &[Comment], findings: &mut Vec<Finding>) -> Vec<Allowed> {
    let mut allowed = Vec::new();
    for comment in comments {
        let Some(said) = comment.text.trim().strip_prefix("backstop:") else { continue };
        let mut words = said.split([' ', ',', '\t']).filter(|word| !word.is_empty());
        let line = match words.next() {
            Some("allow") => Some(covered(files, comment)),
            Some("allow-in-file") => None,
            other => {
                let message = format!("`{}` is nothing that a comment can say", other.unwrap_or_default());
                let finding = Finding::warning(name::BAD_COMMENT, comment.place, message);
                findings
                    .push(finding.help("write `# backstop: allow NAME` or `# backstop: allow-in-file NAME`"));
                continue;
            }
        };
        let mut words = words.peekable();
        if words.peek().is_none() {
            let finding = Finding::warning(name::BAD_COMMENT, comment.place, "this comment names no lint");
            findings.push(finding.help("`backstop check --explain` lists them"));
        }
        for word in words {
            match page(word) {
                Some(page) if page.can_be_allowed => {
                    allowed.push(Allowed { name: page.name, file: comment.place.file, line });
                }
                Some(page) => {
                    let message =
                        format!("`{}` cannot be switched off: it is about what a rule means", page.name);
                    findings.push(Finding::warning(name::BAD_COMMENT, comment.place, message));
                }
                None => {
                    let names =
                        crate::lint::PAGES.iter().filter(|page| page.can_be_allowed).map(|page| page.name);
                    let finding = Finding::warning(
                        name::BAD_COMMENT,
                        comment.place,
                        format!("there is no lint `{word}`"),
                    );
                    findings.push(match nearest(word, names) {
                        Some(meant) => finding.help(format!("did you mean `{meant}`?")),
                        None => finding.help("`backstop check --explain` lists them"),
                    });
                }
            }
        }
    }
    allowed
}

/// The line that a comment is about: its own, or the next one with something on it if it stands alone.
fn covered(files: &Files, comment: &Comment) -> usize {
    let own = files.start(comment.place).line;
    let text = &files.get(comment.place.file).text;
    let alone = |line: &str| line.trim_start().starts_with('#') || line.trim().is_empty();
    let mut lines = text.lines().enumerate().skip(own - 1);
    match lines.next() {
        Some((_, line)) if alone(line) => lines.find(|(_, line)| !alone(line)).map_or(own, |(at, _)| at + 1),
        _ => own,
    }
}
