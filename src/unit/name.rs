//! Names that people give to gates, checks, rollouts, actions, sources and secrets.

use std::fmt;
use std::str::FromStr;

/// A name: letters, digits, `_`, `-` and `.`, beginning with a letter or a digit. It goes into URLs, metric
/// labels and file names as it is, so it holds nothing that any of them would have to escape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// The longest name in bytes.
pub const LONGEST_NAME: usize = 100;

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was written.
    #[error("the name is empty")]
    Empty,
    /// A character that no name holds.
    #[error(
        "`{name}` holds {bad:?}; a name is letters, digits, `_`, `-` and `.`, beginning with a letter or digit"
    )]
    Character {
        /// The whole text.
        name: String,
        /// The first character that is wrong.
        bad: char,
    },
    /// Too long.
    #[error("a name of {0} bytes is too long; the longest is {LONGEST_NAME}")]
    TooLong(usize),
}

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() > LONGEST_NAME {
            return Err(NameError::TooLong(text.len()));
        }
        let first = text.chars().next().ok_or(NameError::Empty)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let bad = if first.is_ascii_alphanumeric() { text.chars().find(|c| !fits(*c)) } else { Some(first) };
        match bad {
            Some(bad) => Err(NameError::Character { name: text.to_owned(), bad }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_names_and_nothing_else() {
        for (text, fits) in [
            ("http", true),
            ("shift-traffic", true),
            ("p99.9", true),
            ("5xx", true),
            ("", false),
            ("-x", false),
            (".hidden", false),
            ("a b", false),
            ("a/b", false),
            ("é", false),
        ] {
            assert_eq!(text.parse::<Name>().is_ok(), fits, "{text:?}");
        }
        assert!("x".repeat(LONGEST_NAME).parse::<Name>().is_ok());
        assert!("x".repeat(LONGEST_NAME + 1).parse::<Name>().is_err());
    }
}
