//! The words of a template.

use crate::unit::Extent;

/// A word, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) extent: Extent,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// `{{`, and its trim marker if it has one
    Open,
    /// `}}`
    Close,
    Space,
    Dot,
    /// `.name`
    Field,
    /// `$` or `$name`
    Variable,
    Word,
    Keyword(Keyword),
    Bool(bool),
    Nil,
    /// A number, and the offset in it where an imaginary second part begins.
    Number(Option<u32>),
    /// `'a'`
    Char,
    /// `"a"`, or one in backquotes
    String,
    LeftParen,
    RightParen,
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    Comma,
    /// A printable character that means nothing here.
    Other,
    /// The end of the text.
    End,
}

/// Words that begin or end something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

impl Keyword {
    pub(super) const fn of(word: &str) -> Option<Self> {
        Some(match word.as_bytes() {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }
}

impl Kind {
    /// Whether an operand may begin with it.
    pub(super) const fn begins_operand(self) -> bool {
        matches!(
            self,
            Self::Dot
                | Self::Field
                | Self::Variable
                | Self::Word
                | Self::Bool(_)
                | Self::Nil
                | Self::Number(_)
                | Self::Char
                | Self::String
                | Self::LeftParen
        )
    }
}
