//! A line of a script, word by word.

use crate::run::story::script::{Misread, Moment};
use crate::unit::{Span, nearest};

/// What is left of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a>(&'a str);

impl<'a> Line<'a> {
    /// A line without what is only said about it: a comment begins with a `#` that stands by itself, outside of quotes.
    pub(super) fn of(text: &'a str) -> Self {
        let mut quoted = false;
        let mut before = ' ';
        for (at, c) in text.char_indices() {
            match c {
                '"' if before != '\\' => quoted = !quoted,
                '#' if !quoted && before.is_whitespace() => return Self(text[..at].trim()),
                _ => {}
            }
            before = c;
        }
        Self(text.trim())
    }

    /// All that is left of it.
    pub(super) const fn rest(self) -> &'a str {
        self.0
    }

    /// The next word, or what should stand there.
    pub(super) fn word(&mut self, form: &'static str) -> Result<&'a str, Misread> {
        let (word, rest) = self.0.split_once(char::is_whitespace).unwrap_or((self.0, ""));
        if word.is_empty() {
            return Err(Misread::Missing(form));
        }
        self.0 = rest.trim_start();
        Ok(word)
    }

    /// Takes the next word if it is this one.
    pub(super) fn skip(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        let is = ahead.word("").is_ok_and(|next| next == word);
        if is {
            *self = ahead;
        }
        is
    }

    pub(super) fn span(&mut self, form: &'static str) -> Result<Span, Misread> {
        Ok(self.word(form)?.parse()?)
    }

    pub(super) fn moment(&mut self, form: &'static str) -> Result<Moment, Misread> {
        moment(self.word(form)?)
    }

    /// Holds that nothing is left.
    pub(super) fn end(self) -> Result<(), Misread> {
        if self.0.is_empty() { Ok(()) } else { Err(Misread::More(self.0.to_owned())) }
    }
}

/// A span from the beginning, to either side.
pub(super) fn moment(text: &str) -> Result<Moment, Misread> {
    let (sign, bare) = match text.strip_prefix('-') {
        Some(bare) => (-1, bare),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    Ok(Moment(sign * millis(bare.parse()?)))
}

/// A span as it is added to moments.
pub(super) fn millis(span: Span) -> i64 {
    i64::try_from(span.millis()).unwrap_or(i64::MAX)
}

/// A word that is none of those that may stand there.
pub(super) fn unknown(word: &str, known: &[&str]) -> Misread {
    let help = match nearest(word, known.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it is one of {}", list(known)),
    };
    Misread::Word { word: word.to_owned(), help }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
