//! What Prometheus reads and the parser does not: small changes to the text that leave its meaning as it is.

use serde_yaml::granit_parser::ErrorKind;

use crate::config::yaml::dialect::line_start;

/// Text put in where the parser wants it; far more than any rule is nested.
const INDENT: &str = "                ";

/// A text with changes, and how its bytes answer to those of the file.
#[derive(Debug, Clone)]
pub(super) struct Mended {
    text: String,
    /// Where bytes were put in (more than nought) or taken out, in the order of the changed text.
    shifts: Vec<(usize, isize)>,
}

impl Mended {
    /// The text as it is in the file.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), shifts: Vec::new() }
    }

    /// The text to parse.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The byte of the file that a byte of the changed text stands for.
    pub(super) fn original(&self, at: usize) -> u32 {
        let mut original = at;
        for (from, shift) in &self.shifts {
            // What was put in stands for the place where it was.
            let inside = at.saturating_sub(*from).min(shift.unsigned_abs());
            match shift {
                _ if *from > at => {}
                1.. => original -= inside,
                _ => original += shift.unsigned_abs(),
            }
        }
        u32::try_from(original).unwrap_or(u32::MAX)
    }

    /// Changes what the parser stumbled over, if that is one of the things that Prometheus reads.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all but a few kinds are errors for Prometheus too")]
    pub(super) fn mend(&mut self, kind: &ErrorKind, at: usize) -> bool {
        let Some(rest) = self.text.get(at..) else { return false };
        match kind {
            ErrorKind::CommentNotSeparated if rest.starts_with('#') => {
                let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
                self.replace(at, length, &" ".repeat(length))
            }
            // Even within quotes a marker at the start of a line ends the document.
            ErrorKind::InvalidQuotedScalarIndent => {
                !rest.starts_with("---") && !rest.starts_with("...") && self.replace(at, 0, INDENT)
            }
            // Within quotes what begins a line is no indentation.
            ErrorKind::TabInIndentation => rest.starts_with('\t') && self.replace(at, 1, " "),
            // The directive belongs to a later document, and is looked at there.
            ErrorKind::MissingDocumentEndBeforeDirective => {
                (rest.starts_with("%YAML ") || rest.starts_with("%TAG ")) && self.replace(at, 0, "...\n")
            }
            ErrorKind::TabInBlockIndentation | ErrorKind::TabNotAllowed | ErrorKind::TabInPlainScalar => {
                self.untab(at)
            }
            ErrorKind::UnknownQuotedScalarEscape => match escape(rest, |letter| letter == '\'') {
                Some(escape) => self.replace(at + escape, 1, ""),
                None => false,
            },
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey if rest.starts_with('&') => {
                let name = rest.find(char::is_whitespace).unwrap_or(rest.len());
                self.mend_name(at + name)
            }
            ErrorKind::InvalidDocumentEnd => {
                let before = self.text[..at].trim_end_matches([' ', '\t']).len();
                before < at && self.text[..before].ends_with("...") && self.replace(before, 1, "\n")
            }
            _ => false,
        }
    }

    /// An alias or anchor may have the `:` of its key right behind it.
    pub(super) fn mend_name(&mut self, end: usize) -> bool {
        end > 0 && self.text.as_bytes().get(end - 1) == Some(&b':') && self.replace(end - 1, 0, " ")
    }

    /// Between brackets a line may begin with tabs, where it continues no text.
    fn untab(&mut self, at: usize) -> bool {
        let line = match self.text[at..].find('\t') {
            Some(tab)
                if self.text[at..at + tab].bytes().all(|b| matches!(b, b',' | b'\r' | b'\n' | b' ')) =>
            {
                line_start(&self.text, at + tab)
            }
            _ => line_start(&self.text, at),
        };
        let length = self.text[line..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let brackets = self.text[..line].trim_end().ends_with(['[', '{', ',', '}', ']']);
        let tabs = self.text[line..line + length].contains('\t');
        brackets && tabs && self.replace(line, length, &" ".repeat(length))
    }

    /// Puts other text in the place of `length` bytes.
    fn replace(&mut self, at: usize, length: usize, by: &str) -> bool {
        self.text.replace_range(at..at + length, by);
        let shift = by.len().cast_signed() - length.cast_signed();
        if shift != 0 {
            for (from, _) in &mut self.shifts {
                if *from > at {
                    *from = from.saturating_add_signed(shift);
                }
            }
            let index = self.shifts.partition_point(|(from, _)| *from <= at);
            self.shifts.insert(index, (at, shift));
        }
        true
    }
}

/// The first escape in a double-quoted scalar whose letter is sought, counted from its quote.
pub(super) fn escape(quoted: &str, sought: impl Fn(char) -> bool) -> Option<usize> {
    let mut letters = quoted.char_indices().skip(1);
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return None,
            '\\' => {
                let (_, letter) = letters.next()?;
                if sought(letter) {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}
