//! A line, gone through byte by byte.

use crate::source::exposition::error::Misread;
use crate::unit::escaped;

/// How much of a line is shown where it goes wrong.
const SHOWN: usize = 40;

/// What is left of a line.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What is left, as far as it is shown.
    pub(super) fn shown(&self) -> String {
        escaped(self.rest().chars().take(SHOWN).collect())
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
    }

    /// Takes a byte if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    /// Takes what begins with one kind of byte and goes on with another; nothing where it does not.
    pub(super) fn word(&mut self, begins: fn(u8) -> bool, goes_on: fn(u8) -> bool) -> &'t str {
        let bytes = self.rest().as_bytes();
        let begun = bytes.first().is_some_and(|byte| begins(*byte));
        let len = if begun { 1 + bytes.iter().skip(1).take_while(|byte| goes_on(**byte)).count() } else { 0 };
        // Those bytes are ASCII, so this is where characters begin and end.
        let word = self.rest().get(..len).unwrap_or_default();
        self.at += word.len();
        word
    }

    /// Takes what reaches to the next blank.
    pub(super) fn until_blank(&mut self) -> &'t str {
        let rest = self.rest();
        let word = rest.split([' ', '\t']).next().unwrap_or(rest);
        self.at += word.len();
        word
    }

    /// Takes a text in quotes, the first of which is next.
    pub(super) fn quoted(&mut self) -> Result<String, Misread> {
        let endless = Misread::Endless(self.shown());
        let mut rest = self.rest().char_indices().skip(1);
        let mut text = String::new();
        while let Some((at, c)) = rest.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => match rest.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, c @ ('"' | '\\'))) => text.push(c),
                    Some((_, c)) => return Err(Misread::Escape(c)),
                    None => return Err(endless),
                },
                c => text.push(c),
            }
        }
        Err(endless)
    }
}
