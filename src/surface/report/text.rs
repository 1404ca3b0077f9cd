//! Findings for people: what, where, the very characters, and the way out.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::config::Files;
use crate::lint::{Finding, Severity};
use crate::surface::report::Report;
use crate::unit::{Place, visible};

/// How many bytes of a line are shown around a place; a minified file is one line.
const WIDEST_LINE: usize = 400;

/// How many findings are shown in full; the summary counts all.
pub(super) const MOST_SHOWN: usize = 500;

pub(super) fn render(report: &Report<'_>, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for finding in report.findings.iter().take(MOST_SHOWN) {
        text.push_str(&renderer.render(&[group(report.files, finding)]));
        text.push_str("\n\n");
    }
    let left = report.findings.len().saturating_sub(MOST_SHOWN);
    if left > 0 {
        text += "... and ";
        text += &left.to_string();
        text += " more; `--output json` lists them all\n\n";
    }
    text.push_str(&report.summary());
    text.push('\n');
    text
}

fn group<'a>(files: &'a Files, finding: &'a Finding) -> Group<'a> {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.name);
    let mut group = title.element(snippet(files, finding.place, AnnotationKind::Primary, None));
    for (place, what) in &finding.related {
        group = group.element(snippet(files, *place, AnnotationKind::Context, Some(what)));
    }
    match &finding.help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    }
}

/// The lines that a place touches, at most a few: an annotation over a whole file shows its beginning.
fn snippet<'a>(
    files: &'a Files,
    place: Place,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let file = files.get(place.file);
    let text = file.text.as_str();
    let start = floor(text, (place.extent.start as usize).min(text.len()));
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = floor(text, (place.extent.end as usize).clamp(start, line_end.max(start)));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let from = floor(text, line_start.max(start.saturating_sub(WIDEST_LINE)));
    let to = floor(text, line_end.min(start + WIDEST_LINE));
    let shown = text[from..to].trim_end_matches('\r');
    let (start, end) = ((start - from).min(shown.len()), (end - from).min(shown.len()));
    // A picture may have more bytes than what it stands for.
    let (start, end) = (visible(&shown[..start]).len(), visible(&shown[..end]).len());
    Snippet::source(visible(shown))
        .line_start(files.start(place).line)
        .path(visible(&file.name))
        .annotation(kind.span(start..end).label(label))
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}
