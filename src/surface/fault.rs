//! What is wrong with an expression, shown in its line with a caret.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::unit::{Extent, visible};

/// How many bytes of a line are shown on either side of a place.
const WIDEST_SIDE: usize = 200;

/// Something wrong with an expression.
#[derive(Debug, Clone, Copy)]
pub struct Wrong<'w> {
    /// The expression.
    pub text: &'w str,
    /// Where in it; nothing where it is about the whole.
    pub extent: Option<Extent>,
    /// What is wrong.
    pub message: &'w str,
    /// The way out.
    pub help: Option<&'w str>,
}

impl Wrong<'_> {
    /// As lines.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let title = Level::ERROR.primary_title(visible(self.message));
        let shown = self.extent.map(|extent| Line::of(self.text, extent));
        let group = match &shown {
            Some(line) => title.element(
                Snippet::source(visible(line.text))
                    .line_start(line.number)
                    .path("expression")
                    .annotation(AnnotationKind::Primary.span(line.start..line.end)),
            ),
            None => title.elements([] as [Snippet<'_, annotate_snippets::Annotation<'_>>; 0]),
        };
        let group = match self.help {
            Some(help) => group.element(Level::HELP.message(visible(help))),
            None => group,
        };
        renderer.render(&[group]) + "\n"
    }
}

/// The line in which a place begins, as far as it is shown, and where in that the place is.
struct Line<'t> {
    text: &'t str,
    number: usize,
    start: usize,
    end: usize,
}

impl<'t> Line<'t> {
    fn of(text: &'t str, extent: Extent) -> Self {
        let start = floor(text, (extent.start as usize).min(text.len()));
        let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let last = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let from = floor(text, begin.max(start.saturating_sub(WIDEST_SIDE)));
        let to = floor(text, last.min(start + WIDEST_SIDE)).max(start);
        let end = floor(text, (extent.end as usize).clamp(start, to));
        // A picture may have more bytes than what it stands for.
        let shown = |to: usize| visible(&text[from..to]).len();
        Self {
            text: &text[from..to],
            number: 1 + text[..begin].matches('\n').count(),
            start: shown(start),
            end: shown(end),
        }
    }
}

fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_caret_stands_below_the_place() {
        let text = "sum(\n  rate(up[5x])\n)";
        let wrong = Wrong {
            text,
            extent: Some(Extent::new(15, 17)),
            message: "`5x` is no duration",
            help: Some("write `5m`"),
        };
        let told = wrong.render(false);
        for expected in [
            "error: `5x` is no duration",
            "expression:2:11",
            "  rate(up[5x])",
            "|           ^^",
            "help: write `5m`",
        ] {
            assert!(told.contains(expected), "{expected:?} is not in\n{told}");
        }
        let whole = Wrong { extent: None, help: None, ..wrong };
        assert_eq!(whole.render(false).trim_end(), "error: `5x` is no duration");
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_is_shown(text in any::<String>(), start in 0_u32..60, len in 0_u32..60) {
            let extent = Some(Extent::new(start, start + len));
            let told = Wrong { text: &text, extent, message: "m", help: None }.render(false);
            prop_assert!(told.contains("error: m"));
        }
    }
}
