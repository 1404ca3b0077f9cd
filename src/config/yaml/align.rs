//! Which characters of a file say which characters of a decoded scalar.

use crate::config::yaml::node::Style;
use crate::unit::Extent;

/// For each character of a value the bytes of the file that say it.
pub(super) struct Aligned {
    /// Where each decoded character begins in the value, and where it is said.
    said: Vec<(u32, Extent)>,
    end: u32,
}

impl Aligned {
    /// The bytes of the file that say `extent` of the value.
    pub(super) fn of(&self, extent: Extent) -> Extent {
        let from = self.said.partition_point(|(at, _)| *at < extent.start);
        let to = self.said.partition_point(|(at, _)| *at < extent.end);
        match self.said.get(from..to.max(from)) {
            Some([first, .., last]) => first.1.to(last.1),
            Some([only]) => only.1,
            Some([]) | None => {
                let at = self.said.get(from).map_or(self.end, |(_, said)| said.start);
                Extent::new(at, at)
            }
        }
    }
}

/// Reads the scalar at `place` again, noting where each character comes from; none where that gives another value.
pub(super) fn align(source: &str, place: Extent, style: Style, value: &str) -> Option<Aligned> {
    let mut reading = Reading {
        source,
        at: place.start as usize,
        end: place.end as usize,
        said: Vec::new(),
        value: String::new(),
    };
    source.get(reading.at..reading.end)?;
    match style {
        Style::Plain => reading.flow(style),
        Style::Single | Style::Double => {
            reading.end = reading.end.checked_sub(1)?;
            reading.at += 1;
            reading.flow(style);
        }
        Style::Literal | Style::Folded => reading.block(style, value)?,
    }
    // What is left may only be the line breaks that a block keeps at its end.
    let rest = value.strip_prefix(reading.value.as_str())?;
    let block = matches!(style, Style::Literal | Style::Folded);
    if !(rest.is_empty() || block && rest.bytes().all(|b| b.is_ascii_whitespace())) {
        return None;
    }
    let end = u32::try_from(reading.end).ok()?;
    for (at, _) in rest.char_indices() {
        let at = u32::try_from(reading.value.len() + at).ok()?;
        reading.said.push((at, Extent::new(end, end)));
    }
    Some(Aligned { said: reading.said, end })
}

struct Reading<'s> {
    source: &'s str,
    at: usize,
    end: usize,
    said: Vec<(u32, Extent)>,
    value: String,
}

impl<'s> Reading<'s> {
    fn rest(&self) -> &'s str {
        self.source.get(self.at..self.end).unwrap_or_default()
    }

    /// The next `length` bytes say `c`.
    fn say(&mut self, c: char, length: usize) {
        self.say_at(c, self.at, self.at + length);
        self.at += length;
    }

    fn say_at(&mut self, c: char, start: usize, end: usize) {
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.said.push((byte(self.value.len()), Extent::new(byte(start), byte(end))));
        self.value.push(c);
    }

    fn flow(&mut self, style: Style) {
        while let Some(c) = self.rest().chars().next() {
            let rest = self.rest();
            let blanks = blanks(rest);
            if line_break(&rest[blanks..]) > 0 {
                self.fold();
            } else if style == Style::Single && rest.starts_with("''") {
                self.say('\'', 2);
            } else if style == Style::Double && c == '\\' {
                self.escape();
            } else {
                self.say(c, c.len_utf8());
            }
        }
    }

    /// One line break reads as a space; of several the first is dropped. Blanks around them do not count.
    fn fold(&mut self) {
        let start = self.at;
        let breaks = self.breaks();
        match breaks.as_slice() {
            [_] => self.say_at(' ', start, self.at),
            [_, kept @ ..] => {
                for (from, to) in kept {
                    self.say_at('\n', *from, *to);
                }
            }
            [] => {}
        }
    }

    /// Passes blanks and line breaks, up to what comes after them.
    fn breaks(&mut self) -> Vec<(usize, usize)> {
        let mut breaks = Vec::new();
        loop {
            self.at += blanks(self.rest());
            let length = line_break(self.rest());
            if length == 0 {
                return breaks;
            }
            breaks.push((self.at, self.at + length));
            self.at += length;
        }
    }

    fn escape(&mut self) {
        let rest = &self.rest()[1..];
        let length = line_break(rest);
        if length > 0 {
            self.at += 1 + length;
            for (from, to) in self.breaks() {
                self.say_at('\n', from, to);
            }
            return;
        }
        match unescape(rest) {
            Some((c, length)) => self.say(c, 1 + length),
            None => self.say('\\', 1),
        }
    }

    /// The lines of a block, the first of which begins where the place does.
    fn block(&mut self, style: Style, value: &str) -> Option<()> {
        let before = self.source.get(..self.at)?;
        let indent = before.len() - before.trim_end_matches(' ').len();
        // The place begins at the first line that is not empty.
        for _ in value.bytes().take_while(|b| *b == b'\n') {
            self.say_at('\n', self.at, self.at);
        }
        let mut last: Option<Line> = None;
        let mut pending: Vec<(usize, usize)> = Vec::new();
        while self.at < self.end {
            if last.is_some() || !pending.is_empty() {
                let spaces = self.rest().bytes().take_while(|b| *b == b' ').count();
                self.at += spaces.min(indent);
            }
            let rest = self.rest();
            let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
            if length > 0 {
                let line = if rest.starts_with([' ', '\t']) { Line::Indented } else { Line::Text };
                let folds = style == Style::Folded && last == Some(Line::Text) && line == Line::Text;
                self.between(&pending, folds);
                pending.clear();
                last = Some(line);
                for c in rest[..length].chars() {
                    self.say(c, c.len_utf8());
                }
            }
            let width = line_break(self.rest());
            pending.push((self.at, self.at + width));
            self.at += width.max(usize::from(width == 0 && length == 0));
        }
        Some(())
    }

    /// The line breaks between two lines that hold something.
    fn between(&mut self, breaks: &[(usize, usize)], folds: bool) {
        let kept = match breaks {
            [(from, to)] if folds => {
                self.say_at(' ', *from, *to);
                &[]
            }
            [_, kept @ ..] if folds => kept,
            all => all,
        };
        for (from, to) in kept {
            self.say_at('\n', *from, *to);
        }
    }
}

/// What a line of a block begins with decides whether it is folded.
#[derive(PartialEq, Eq)]
enum Line {
    Text,
    Indented,
}

fn blanks(text: &str) -> usize {
    text.bytes().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// The length of the line break that the text begins with.
fn line_break(text: &str) -> usize {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// The character that an escape stands for, and the length of the escape behind its backslash.
fn unescape(text: &str) -> Option<(char, usize)> {
    let letter = text.chars().next()?;
    let simple = match letter {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '\'' | '/' | '\\' => letter,
        'x' | 'u' | 'U' => {
            let digits = match letter {
                'x' => 2,
                'u' => 4,
                _ => 8,
            };
            let code = u32::from_str_radix(text.get(1..=digits)?, 16).ok()?;
            return Some((char::from_u32(code)?, 1 + digits));
        }
        _ => return None,
    };
    Some((simple, letter.len_utf8()))
}
