//! From characters to words.

use crate::unit::{Extent, Fault};

use super::alphabet::in_name;
use super::number;
use super::quote::quote;
use super::token::{Keyword, Kind, Token};

/// What counts as space inside an action, and is trimmed outside.
const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// A place in the text from which words are read. To look ahead, read from a copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    inside: Inside,
}

#[derive(Debug, Clone, Copy)]
enum Inside {
    Text,
    /// An action, and where it was opened.
    Action(usize),
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0, inside: Inside::Text }
    }

    /// The bytes read so far.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// Where the action was opened that is being read; nowhere, and here, in text.
    pub(super) const fn opened(&self) -> Extent {
        match self.inside {
            Inside::Text => extent(self.at, self.at),
            Inside::Action(opened) => extent(opened, opened + 2),
        }
    }

    /// The next word, spaces included.
    pub(super) fn next(&mut self) -> Result<Token, Fault> {
        match self.inside {
            Inside::Text => self.text(),
            Inside::Action(opened) => self.action(opened),
        }
    }

    /// The next word that is not space.
    pub(super) fn next_solid(&mut self) -> Result<Token, Fault> {
        loop {
            let token = self.next()?;
            if token.kind != Kind::Space {
                return Ok(token);
            }
        }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The word from here over `length` bytes, which are read with it.
    fn take(&mut self, kind: Kind, length: usize) -> Token {
        let start = self.at;
        self.at += length;
        Token { kind, extent: extent(start, self.at) }
    }

    fn text(&mut self) -> Result<Token, Fault> {
        loop {
            let rest = self.rest();
            let Some(length) = rest.find("{{") else {
                let kind = if rest.is_empty() { Kind::End } else { Kind::Text };
                return Ok(self.take(kind, rest.len()));
            };
            let (before, after) = (&rest[..length], &rest[length + 2..]);
            let trims = after.starts_with('-') && after[1..].starts_with(SPACE);
            let kept = if trims { before.trim_end_matches(SPACE).len() } else { length };
            if 0 < kept {
                let token = self.take(Kind::Text, kept);
                self.at += length - kept;
                return Ok(token);
            }
            self.at += length;
            let marker = if trims { 2 } else { 0 };
            if !after[marker..].starts_with("/*") {
                let open = self.take(Kind::Open, 2);
                self.at += marker;
                self.inside = Inside::Action(self.at - marker - 2);
                return Ok(open);
            }
            self.at += 2 + marker;
            self.comment()?;
        }
    }

    /// Passes a comment, of which `/*` comes next.
    fn comment(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let Some(length) = self.text[start + 2..].find("*/") else {
            return Err(Fault::new(extent(start, start + 2), "this comment is never closed")
                .help("end it with `*/}}`"));
        };
        self.at = start + 2 + length + 2;
        let Some(close) = Close::at(self.rest()) else {
            return Err(Fault::new(extent(self.at - 2, self.at), "`}}` must follow the comment at once")
                .help("write `{{/* .. */}}`; a comment stands in an action of its own"));
        };
        self.close(close);
        Ok(())
    }

    /// Passes the closing delimiter, and the space after it where it trims.
    fn close(&mut self, close: Close) -> Token {
        self.at += close.marker();
        let token = self.take(Kind::Close, 2);
        if matches!(close, Close::Trimming) {
            self.at = self.text.len() - self.rest().trim_start_matches(SPACE).len();
        }
        self.inside = Inside::Text;
        token
    }

    fn action(&mut self, opened: usize) -> Result<Token, Fault> {
        let rest = self.rest();
        if let Some(close) = Close::at(rest) {
            return Ok(self.close(close));
        }
        let Some(first) = rest.chars().next() else {
            return Err(Fault::new(extent(opened, opened + 2), "this action is never closed")
                .help("end it with `}}`; for a literal `{{` write `{{\"{{\"}}`"));
        };
        match first {
            c if SPACE.contains(&c) => Ok(self.space()),
            '=' => Ok(self.take(Kind::Assign, 1)),
            ':' if rest.starts_with(":=") => Ok(self.take(Kind::Declare, 2)),
            ':' => {
                Err(self.wrong(1, "a lone `:` means nothing here").help("to declare a variable write `:=`"))
            }
            '|' => Ok(self.take(Kind::Pipe, 1)),
            '(' => Ok(self.take(Kind::LeftParen, 1)),
            ')' => Ok(self.take(Kind::RightParen, 1)),
            ',' => Ok(self.take(Kind::Comma, 1)),
            '"' | '\'' => self.quoted(first),
            '`' => self.raw(),
            '$' => self.prefixed(Kind::Variable, Kind::Variable),
            '.' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                self.prefixed(Kind::Dot, Kind::Field)
            }
            '.' | '+' | '-' | '0'..='9' => self.number(),
            c if in_name(c) => self.word(),
            c if c.is_ascii_graphic() => Ok(self.take(Kind::Other, 1)),
            c => {
                let shown = format!("the character {} means nothing here", quote(&c.to_string()));
                Err(self.wrong(c.len_utf8(), shown).help("put it in a string: `\"..\"`"))
            }
        }
    }

    fn wrong(&self, length: usize, message: impl Into<String>) -> Fault {
        Fault::new(extent(self.at, self.at + length), message)
    }

    fn space(&mut self) -> Token {
        let rest = self.rest();
        let after = rest.trim_start_matches(SPACE);
        let length = rest.len() - after.len();
        // The last one belongs to a closing delimiter that trims.
        self.take(Kind::Space, if after.starts_with("-}}") { length - 1 } else { length })
    }

    fn quoted(&mut self, mark: char) -> Result<Token, Fault> {
        let (kind, what) = match mark {
            '\'' => (Kind::Char, "this character constant is never closed"),
            _ => (Kind::String, "this string is never closed on its line"),
        };
        let rest = self.rest();
        let mut escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            match c {
                '\n' => break,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == mark => return Ok(self.take(kind, offset + 1)),
                _ => {}
            }
        }
        let line = rest.find(['\r', '\n']).unwrap_or(rest.len());
        Err(self
            .wrong(line, what)
            .help("in a text that spans lines, write \\n for the line end, or use backquotes"))
    }

    fn raw(&mut self) -> Result<Token, Fault> {
        match self.rest()[1..].find('`') {
            Some(length) => Ok(self.take(Kind::String, length + 2)),
            None => Err(self
                .wrong(1, "this string in backquotes is never closed")
                .help("end it with a backquote")),
        }
    }

    /// `.` or `$`, alone or with a name.
    fn prefixed(&mut self, alone: Kind, named: Kind) -> Result<Token, Fault> {
        let length = name_length(&self.rest()[1..]);
        // Of a lone sign, only what may follow a name may follow.
        self.terminated(1 + length)?;
        Ok(self.take(if length == 0 { alone } else { named }, 1 + length))
    }

    fn word(&mut self) -> Result<Token, Fault> {
        let length = name_length(self.rest());
        self.terminated(length)?;
        let kind = match &self.rest()[..length] {
            "nil" => Kind::Nil,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            word => Keyword::of(word).map_or(Kind::Word, Kind::Keyword),
        };
        Ok(self.take(kind, length))
    }

    /// Holds that what follows a name cannot be mistaken for a part of it.
    fn terminated(&self, length: usize) -> Result<(), Fault> {
        let (name, after) = self.rest().split_at(length);
        let Some(next) = after.chars().next() else { return Ok(()) };
        if SPACE.contains(&next) || ".,|:)(".contains(next) || after.starts_with("}}") {
            return Ok(());
        }
        let start = self.at + length;
        let message = format!("{} cannot follow {} directly", quote(&next.to_string()), quote(name));
        let help = match next {
            '-' | '[' | '"' if 1 < length || name == "." => {
                "a name has only letters, digits and `_`; for any other write `index $labels \"a-b\"`"
            }
            '=' => "put a space before `=`",
            '*' | '/' | '+' | '-' | '<' | '>' | '!' | '%' | '&' => OPERATORS,
            _ => "put a space between them",
        };
        Err(Fault::new(extent(start, start + next.len_utf8()), message).help(help))
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let scanned = number::scan(self.rest());
        if !scanned.ended {
            let shown = quote(&self.rest()[..scanned.length]);
            return Err(self.wrong(scanned.length, format!("{shown} is no number")).help(NUMBERS));
        }
        let imaginary = scanned.imaginary.and_then(|offset| u32::try_from(offset).ok());
        Ok(self.take(Kind::Number(imaginary), scanned.length))
    }
}

/// The way out for those who look for operators.
pub(super) const OPERATORS: &str = "templates have no operators: calculate in `expr`, \
     compare with `eq`, `ne`, `lt`, `le`, `gt`, `ge`: `gt $value 5.0`";

/// The way out for those whose number is none.
pub(super) const NUMBERS: &str = "write it as Go does: `42`, `0.5`, `1e3`, `0x1f`, `0o17`, `1_000`";

/// A closing delimiter.
#[derive(Debug, Clone, Copy)]
enum Close {
    Plain,
    Trimming,
}

impl Close {
    fn at(rest: &str) -> Option<Self> {
        if rest.starts_with("}}") {
            return Some(Self::Plain);
        }
        (rest.starts_with(SPACE) && rest[1..].starts_with("-}}")).then_some(Self::Trimming)
    }

    /// The bytes of its marker.
    const fn marker(self) -> usize {
        match self {
            Self::Plain => 0,
            Self::Trimming => 2,
        }
    }
}

fn name_length(rest: &str) -> usize {
    rest.find(|c| !in_name(c)).unwrap_or(rest.len())
}

/// The caller has checked that the text's length fits.
#[expect(clippy::cast_possible_truncation, reason = "`parse` refuses longer texts")]
pub(super) const fn extent(start: usize, end: usize) -> Extent {
    Extent::new(start as u32, end as u32)
}
