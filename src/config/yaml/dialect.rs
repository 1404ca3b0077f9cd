//! What the parser reads and Prometheus does not: it has an older YAML, stricter about tabs and directives.

use serde_yaml::granit_parser::{Event, ScalarStyle};

use crate::config::yaml::mend::escape;
use crate::unit::Extent;

/// Goes along with the events, and tells what Prometheus would refuse.
pub(super) struct Dialect<'t> {
    text: &'t str,
    /// The byte behind the last token.
    last: u32,
    /// The byte behind the last document.
    ended: u32,
    /// Whether that token was a plain scalar, which takes the blank lines behind it.
    plain: bool,
    documents: usize,
}

/// What stands around an event.
pub(super) struct Around {
    /// Whether it is within brackets.
    pub(super) flow: bool,
    /// Whether a key is due.
    pub(super) key: bool,
    /// The column of the innermost block.
    pub(super) indent: usize,
}

/// What is refused: where, why, and the way out.
pub(super) type Refused = (Extent, &'static str, &'static str);

const TAB: &str = "a tab stands where the line is indented";
const SPACES: &str = "YAML is indented with spaces only";

impl<'t> Dialect<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, last: 0, ended: 0, plain: false, documents: 0 }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only some events can be refused")]
    pub(super) fn check(&mut self, event: &Event<'_>, extent: Extent, around: &Around) -> Option<Refused> {
        // An anchor comes behind its node; what has no characters stands nowhere.
        if matches!(event, Event::Anchor(..)) {
            return None;
        }
        let ends = matches!(event, Event::StreamEnd);
        if matches!(event, Event::DocumentEnd) {
            self.ended = extent.end;
        }
        if extent.start == extent.end && !ends && !matches!(event, Event::DocumentStart(..)) {
            return None;
        }
        let gap = Extent::new(self.last.min(extent.start), extent.start);
        let refused =
            self.prefix(event, gap).or_else(|| self.tab(gap, around)).or_else(|| self.mark(gap)).or_else(
                || match event {
                    Event::Scalar(text, style, ..) => self.scalar(text, *style, extent, around),
                    Event::Comment(..) => self.line_break(extent),
                    _ => None,
                },
            );
        // The comment behind `|` comes after the block that it stands before.
        self.last = self.last.max(extent.end);
        self.plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
        refused
    }

    /// After trouble the parser goes on further down.
    pub(super) fn skip_to(&mut self, at: u32) {
        self.last = at;
        self.plain = false;
    }

    /// What stands before a document.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only some events are preceded by directives")]
    fn prefix(&mut self, event: &Event<'_>, gap: Extent) -> Option<Refused> {
        let first = self.documents == 0;
        let version = match event {
            Event::DocumentStart(_, version) => version,
            Event::StreamEnd if first => &None,
            _ => return None,
        };
        self.documents += 1;
        let other_version = version.is_some_and(|version| (version.major, version.minor) != (1, 1));
        // Comments may stand between directives.
        let mut at = self.ended.min(gap.end);
        for line in Extent::new(at, gap.end).of(self.text).split_inclusive(['\n', '\r']) {
            let directive = line.trim_start_matches('\u{feff}').strip_prefix('%');
            let directive =
                directive.map(|line| line.split([' ', '\t', '\r', '\n']).next().unwrap_or_default());
            let extent = Extent::new(at, at + length(line.trim_end()));
            at += length(line);
            if directive == Some("YAML") && other_version {
                let why = "Prometheus reads no other version of YAML than 1.1 where one is named";
                return Some((extent, why, "leave the line out"));
            }
            if directive.is_some_and(|directive| !matches!(directive, "YAML" | "TAG")) {
                return Some((extent, "no directive has this name", "leave the line out"));
            }
            if first && line.starts_with("...") {
                return Some((extent, "this ends a document that has not begun", "leave the line out"));
            }
        }
        None
    }

    /// A tab where a line, or what follows a `-`, is indented.
    fn tab(&self, gap: Extent, around: &Around) -> Option<Refused> {
        let between = gap.of(self.text);
        if around.flow || !between.contains('\t') {
            return None;
        }
        let mut behind_plain = self.plain;
        for (at, c) in between.char_indices() {
            let at = gap.start as usize + at;
            behind_plain &= c.is_ascii_whitespace();
            if c != '\t' {
                continue;
            }
            let line = &self.text[line_start(self.text, at)..at];
            let indents = line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'-' | b'?' | b':'));
            let taken = behind_plain && line.len() > around.indent;
            if indents && !taken {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                return Some((Extent::new(at, at + 1), TAB, SPACES));
            }
        }
        None
    }

    /// A byte order mark is one at the start of the file only.
    fn mark(&self, gap: Extent) -> Option<Refused> {
        let at = gap.start as usize + gap.of(self.text).rfind('\u{feff}')?;
        let extent = Extent::new(u32::try_from(at).ok()?, u32::try_from(at).ok()? + 3);
        let begun = self.text[..at].contains(|c| c != '\u{feff}');
        begun.then_some((extent, "a byte order mark stands within the file", "take it out"))
    }

    fn scalar(&self, text: &str, style: ScalarStyle, extent: Extent, around: &Around) -> Option<Refused> {
        let raw = extent.of(self.text);
        match style {
            ScalarStyle::DoubleQuoted => {
                let halves = |at: &usize| {
                    let digits = raw.get(at + 2..at + 4).unwrap_or_default().to_ascii_lowercase();
                    matches!(digits.as_bytes(), [b'd', b'8'..=b'f'])
                };
                let slash = escape(raw, |letter| letter == '/');
                let half = escape(raw, |letter| letter == 'u').filter(halves);
                let at = extent.start + u32::try_from(slash.or(half)?).ok()?;
                let why = "Prometheus does not know this escape";
                Some((Extent::new(at, at + 2), why, "write the character itself"))
            }
            ScalarStyle::SingleQuoted => None,
            ScalarStyle::Plain => {
                if around.flow && raw.starts_with(':') {
                    return Some((extent, "within brackets no text begins with `:`", "quote the text"));
                }
                let asks = raw.char_indices().any(|(at, c)| c == '?' && (at > 0 || !around.key));
                if around.flow && asks {
                    return Some((extent, "within brackets a `?` ends a text", "quote the text"));
                }
                self.line_break(extent)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let header = self.text[..extent.start as usize].trim_end();
                let header = &header[line_start(header, header.len())..];
                let header = header.split('#').next().unwrap_or_default().trim_end();
                let told = header.trim_end_matches(['+', '-']).ends_with(|c: char| c.is_ascii_digit());
                if text.trim_start_matches('\n').starts_with('\t') && !told {
                    return Some((Extent::new(extent.start, extent.start + 1), TAB, SPACES));
                }
                self.line_break(extent)
            }
        }
    }

    /// Characters that end a line for Prometheus alone.
    fn line_break(&self, extent: Extent) -> Option<Refused> {
        let raw = extent.of(self.text);
        let (at, c) = raw.char_indices().find(|(_, c)| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'))?;
        let at = extent.start + u32::try_from(at).ok()?;
        let extent = Extent::new(at, at + u32::try_from(c.len_utf8()).ok()?);
        Some((
            extent,
            "for Prometheus this character ends the line",
            "write it as an escape between double quotes",
        ))
    }
}

/// Where the line of a byte begins.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind(['\n', '\r'])).map_or(0, |at| at + 1)
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
