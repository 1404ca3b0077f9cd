//! Putting findings in order, without those that somebody switched off.

use crate::lint::{Finding, Severity, page};
use crate::unit::{FileId, Place};

/// A lint that somebody switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// The lint.
    pub name: &'static str,
    /// The file.
    pub file: FileId,
    /// The line; none: the whole file.
    pub line: Option<usize>,
}

/// The findings that nobody switched off. What says that a rule does not load stays.
pub fn silence(findings: Vec<Finding>, allowed: &[Allowed], line: impl Fn(Place) -> usize) -> Vec<Finding> {
    let silenced = |finding: &Finding| {
        finding.severity != Severity::Error
            && page(finding.name).is_some_and(|page| page.can_be_allowed)
            && allowed.iter().any(|allowed| {
                allowed.name == finding.name
                    && allowed.file == finding.place.file
                    && allowed.line.is_none_or(|covered| covered == line(finding.place))
            })
    };
    if allowed.is_empty() {
        findings
    } else {
        findings.into_iter().filter(|finding| !silenced(finding)).collect()
    }
}

/// Findings in the order of files and lines, the same one once: what a gate inherits is read again for each heir.
pub fn sorted(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|one, other| {
        let key = |finding: &Finding| (finding.place, std::cmp::Reverse(finding.severity), finding.name);
        key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message))
    });
    findings.dedup_by(|one, other| {
        one.place == other.place && one.name == other.name && one.message == other.message
    });
    findings
}
