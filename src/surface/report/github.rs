//! Findings as GitHub's workflow commands, which it shows beside the changed lines.

use std::fmt::Write as _;

use crate::lint::Severity;
use crate::surface::report::Report;

pub(super) fn render(report: &Report<'_>) -> String {
    let mut text = String::new();
    for finding in report.findings {
        let command = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let file = property(&report.files.get(finding.place.file).name);
        let (start, end) = (report.files.start(finding.place), report.files.end(finding.place));
        let mut body = finding.message.clone();
        if let Some(help) = &finding.help {
            body.push_str("\nhelp: ");
            body.push_str(help);
        }
        for (place, what) in &finding.related {
            let at = report.files.start(*place);
            let _: std::fmt::Result =
                write!(body, "\n{}:{}:{}: {what}", report.files.get(place.file).name, at.line, at.column);
        }
        // GitHub refuses a column range that spans lines.
        let columns = if start.line == end.line {
            format!("col={},endColumn={}", start.column, end.column.max(start.column))
        } else {
            format!("col={}", start.column)
        };
        let _: std::fmt::Result = writeln!(
            text,
            "::{command} file={file},line={},endLine={},{columns},title={}::{}",
            start.line,
            end.line,
            property(finding.name),
            message(&body)
        );
    }
    text.push_str(&report.summary());
    text.push('\n');
    text
}

fn message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}
