//! Findings for machines.

use serde::Serialize;

use crate::config::Files;
use crate::lint::{Finding, Severity};
use crate::surface::report::Report;
use crate::unit::Place;

#[derive(Serialize)]
struct Whole<'a> {
    findings: Vec<Item<'a>>,
    files: usize,
    rules: usize,
    gates: usize,
    rollouts: usize,
    actions: usize,
    targets: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Item<'a> {
    name: &'a str,
    severity: &'a str,
    #[serde(flatten)]
    at: Where<'a>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
}

#[derive(Serialize)]
struct Where<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    at: Where<'a>,
    message: &'a str,
}

pub(super) fn render(report: &Report<'_>) -> String {
    let item = |finding| item(report.files, finding);
    let whole = Whole {
        findings: report.findings.iter().map(item).collect(),
        files: report.files.len(),
        rules: report.counts.rules,
        gates: report.counts.gates,
        rollouts: report.counts.rollouts,
        actions: report.counts.actions,
        targets: report.counts.targets,
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        notes: report.count(Severity::Note),
    };
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn item<'a>(files: &'a Files, finding: &'a Finding) -> Item<'a> {
    let related = |(place, what): &'a (Place, String)| Related { at: location(files, *place), message: what };
    Item {
        name: finding.name,
        severity: finding.severity.word(),
        at: location(files, finding.place),
        message: &finding.message,
        help: finding.help.as_deref(),
        related: finding.related.iter().map(related).collect(),
    }
}

fn location(files: &Files, place: Place) -> Where<'_> {
    let (start, end) = (files.start(place), files.end(place));
    Where {
        file: &files.get(place.file).name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}
