//! The smallest parts of an expression, each with its place.

use crate::promql::name::{is_word_char, is_word_start};
use crate::promql::number;
use crate::promql::text::{self, Text};
use crate::unit::{Extent, Fault, Span, SpanError};

/// One such part.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword; only where it stands tells which.
    Word,
    /// A number.
    Number(f64),
    /// A duration, in seconds.
    Duration(f64),
    /// A string literal.
    Text(Text),
    /// An operator or a bracket, by its characters.
    Mark(&'static str),
    /// Nothing is left.
    End,
}

/// A token and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) extent: Extent,
}

impl Lexeme {
    pub(super) fn is(&self, mark: &str) -> bool {
        matches!(self.token, Token::Mark(own) if own == mark)
    }
}

/// Which brackets surround the next token: the same characters make other tokens within each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Within {
    /// None, or round ones.
    Expression,
    /// The braces of a selector.
    Braces,
    /// The square ones of a window.
    Window,
}

/// The marks of each place. Longer ones stand before those that they begin with.
const MARKS: [&str; 22] = [
    "==", "!=", "<=", ">=", "</", ">/", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", "{", "}", "[", "]",
    ",", "@",
];
const BRACE_MARKS: [&str; 6] = ["=~", "!~", "!=", "=", "}", ","];
const WINDOW_MARKS: [&str; 11] = ["+", "-", "*", "/", "%", "^", "(", ")", ",", ":", "]"];

/// Reads one token after the other.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The characters of a token.
    pub(super) fn written(&self, extent: Extent) -> &'t str {
        extent.of(self.text)
    }

    /// The next token, left where it is.
    pub(super) fn peek(&self, within: Within) -> Result<Lexeme, Fault> {
        self.clone().next(within)
    }

    /// The next token.
    pub(super) fn next(&mut self, within: Within) -> Result<Lexeme, Fault> {
        self.skip_blank();
        let start = self.at;
        let rest = &self.text[start..];
        let Some(c) = rest.chars().next() else {
            return Ok(Lexeme { token: Token::End, extent: self.extent(start) });
        };
        let mut ahead = rest.chars().skip(1);
        let numeric = c.is_ascii_digit() || c == '.' && ahead.next().is_some_and(|c| c.is_ascii_digit());
        let colons = within == Within::Expression;
        let token = match c {
            '"' | '\'' | '`' => self.string()?,
            c if is_word_start(c) || colons && c == ':' => {
                self.at += rest.find(|c| !(is_word_char(c) || colons && c == ':')).unwrap_or(rest.len());
                special(&self.text[start..self.at], within)
            }
            _ if numeric && within != Within::Braces => self.number()?,
            c => self.mark(within).ok_or_else(|| self.unexpected(c, within))?,
        };
        Ok(Lexeme { token, extent: self.extent(start) })
    }

    /// Passes over white space and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            self.at += blank;
            if !self.text[self.at..].starts_with('#') {
                return;
            }
            let comment = &self.text[self.at..];
            self.at += comment.find(['\n', '\r']).unwrap_or(comment.len());
        }
    }

    fn string(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        match text::read(&self.text[start..]) {
            Ok((text, length)) => {
                self.at += length;
                Ok(Token::Text(text))
            }
            Err(flaw) => Err(Fault::new(place(start + flaw.start, start + flaw.end), flaw.why)),
        }
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        let rest = &self.text[start..];
        let (length, whole) = number::scan(rest);
        if whole {
            self.at += length;
            let value = number::value(&rest[..length]);
            return value.map(Token::Number).ok_or_else(|| {
                Fault::new(self.extent(start), format!("`{}` is not a number that fits", &rest[..length]))
            });
        }
        let length = rest.find(|c| !(is_word_char(c) || c == '.')).unwrap_or(rest.len());
        self.at += length;
        let written = &rest[..length];
        let error = match written.parse::<Span>() {
            Ok(span) => return Ok(Token::Duration(seconds(span))),
            Err(error @ SpanError::TooLong(_)) => error.to_string(),
            Err(SpanError::Empty | SpanError::Malformed(_)) => {
                format!("`{written}` is neither a number nor a duration")
            }
        };
        let help =
            "write a number like `1000`, `0.5`, `1e3`, `0x1f`, or a duration like `30s`, `5m`, `1h30m`";
        Err(Fault::new(self.extent(start), error).help(help))
    }

    fn mark(&mut self, within: Within) -> Option<Token> {
        let marks: &[&'static str] = match within {
            Within::Expression => &MARKS,
            Within::Braces => &BRACE_MARKS,
            Within::Window => &WINDOW_MARKS,
        };
        let mark = marks.iter().find(|mark| self.text[self.at..].starts_with(**mark))?;
        self.at += mark.len();
        Some(Token::Mark(mark))
    }

    fn unexpected(&self, c: char, within: Within) -> Fault {
        let rest = &self.text[self.at..];
        let (length, help) = match c {
            '‘' | '’' | '“' | '”' => (c.len_utf8(), Some("write plain quotes: `\"`")),
            '&' if rest.starts_with("&&") => (2, Some("write `and`")),
            '|' if rest.starts_with("||") => (2, Some("write `or`")),
            '=' if rest.starts_with("=~") => (2, Some("a regular expression can only stand within braces")),
            '!' if rest.starts_with("!~") => (2, Some("a regular expression can only stand within braces")),
            '=' => (1, Some("write `==` to compare")),
            '!' => (1, Some("write `!=` to compare, `unless` for `and not`")),
            '$' => (1, Some("nothing is filled in here; write the value")),
            ';' => (1, Some("one expression only")),
            ':' | '.' if within == Within::Braces => (1, Some("write a label with such a name in quotes")),
            ']' | '}' => (1, Some("this bracket closes none")),
            _ if c.is_alphanumeric() && within != Within::Window => (
                c.len_utf8(),
                Some("write names with such letters in quotes: `{\"größe\"}`, `{\"größe\"=\"1\"}`"),
            ),
            _ => (c.len_utf8(), None),
        };
        let place = place(self.at, self.at + length);
        let context = match within {
            Within::Expression => "",
            Within::Braces => " within the braces of a selector",
            Within::Window => " within a window",
        };
        let error = Fault::new(place, format!("`{}` means nothing{context}", &rest[..length]));
        help.into_iter().fold(error, Fault::help)
    }

    fn extent(&self, start: usize) -> Extent {
        place(start, self.at)
    }
}

/// A word that is a number, outside of braces.
fn special(word: &str, within: Within) -> Token {
    if within != Within::Expression {
        return Token::Word;
    }
    match word.to_ascii_lowercase().as_str() {
        "inf" => Token::Number(f64::INFINITY),
        "nan" => Token::Number(f64::NAN),
        _ => Token::Word,
    }
}

/// Seconds as Go computes them, so that they are the same to the last bit.
pub(super) fn seconds(span: Span) -> f64 {
    let millis = i64::try_from(span.millis()).unwrap_or(i64::MAX);
    number::as_float(millis / 1_000) + number::as_float(millis % 1_000 * 1_000_000) / 1e9
}

/// The bytes from `start` to `end`. A text of [`super::MAX_TEXT`] bytes always fits.
fn place(start: usize, end: usize) -> Extent {
    let byte = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Extent::new(byte(start), byte(end))
}
