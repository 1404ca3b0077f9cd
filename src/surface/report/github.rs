//! Findings as GitHub's workflow commands, which it shows beside the changed lines.

use crate::lint::{Finding, Severity};
use crate::surface::report::Report;
use crate::unit::visible;

pub(super) fn render(report: &Report<'_>) -> String {
    let commands: String = report.findings.iter().map(|finding| command(report, finding)).collect();
    format!("{commands}{}\n", report.summary())
}

fn command(report: &Report<'_>, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let file = property(&visible(&report.files.get(finding.place.file).name));
    let (start, end) = (report.files.start(finding.place), report.files.end(finding.place));
    // GitHub refuses a range of columns that spans lines.
    let columns = if start.line == end.line {
        format!("col={},endColumn={}", start.column, end.column)
    } else {
        format!("col={}", start.column)
    };
    let (line, end_line, title) = (start.line, end.line, property(finding.name));
    let body = message(&body(report, finding));
    format!("::{level} file={file},line={line},endLine={end_line},{columns},title={title}::{body}\n")
}

fn body(report: &Report<'_>, finding: &Finding) -> String {
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let related = finding.related.iter().map(|(place, what)| {
        let at = report.files.start(*place);
        format!("{}:{}:{}: {what}", visible(&report.files.get(place.file).name), at.line, at.column)
    });
    let lines: Vec<String> = [finding.message.clone()].into_iter().chain(help).chain(related).collect();
    lines.join("\n")
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
