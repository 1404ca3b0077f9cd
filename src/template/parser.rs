//! The parser: its entrance, its state and its errors.

use crate::unit::{Extent, Fault};

use super::control::Stop;
use super::definition::Definitions;
use super::lexer::{Lexer, OPERATORS, extent};
use super::quote::quote;
use super::scope::Scope;
use super::token::{Keyword, Kind, Token};
use super::tree::{List, Node, Template, Text};
use super::variable::Variables;

/// How deep parentheses and blocks may stand in one another. Go would allow ten thousand parentheses; whoever
/// renders or walks the tree later has less of a stack than that.
pub const DEEPEST: u32 = 100;

/// Reads a template that may name what the scope has.
pub fn parse(text: &str, scope: &Scope) -> Result<Template, Fault> {
    if u32::try_from(text.len()).is_err() {
        return Err(Fault::new(Extent::default(), "the text is longer than 4 GiB"));
    }
    if text.contains("{{") {
        return Parser::new(text, scope).template();
    }
    let whole = extent(0, text.len());
    let node = || Node::Text(Text { extent: whole, text: text.to_owned() });
    let nodes = if text.is_empty() { Vec::new() } else { vec![node()] };
    Ok(Template { root: List { extent: whole, nodes }, definitions: Vec::new() })
}

/// What a pipeline belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clause {
    Action,
    If,
    With,
    Range,
    Block,
    Template,
    /// Parentheses, and where they open.
    Parentheses(Extent),
}

impl Clause {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
            Self::Block => "block",
            Self::Template => "template",
            Self::Parentheses(_) => "parentheses",
        }
    }

    /// The same as a sentence has it.
    pub(super) fn noun(self) -> String {
        match self {
            Self::Action => "action".to_owned(),
            Self::Parentheses(_) => "pair of parentheses".to_owned(),
            Self::If | Self::With | Self::Range | Self::Block | Self::Template => quote(self.name()),
        }
    }

    /// What ends the pipeline.
    pub(super) const fn end(self) -> Kind {
        match self {
            Self::Parentheses(_) => Kind::RightParen,
            Self::Action | Self::If | Self::With | Self::Range | Self::Block | Self::Template => Kind::Close,
        }
    }
}

/// A template while it is being read.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) scope: &'t Scope,
    pub(super) lexer: Lexer<'t>,
    pub(super) variables: Variables<'t>,
    pub(super) definitions: Definitions,
    /// How many ranges could be left here.
    pub(super) ranges: u32,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, scope: &'t Scope) -> Self {
        Self {
            text,
            scope,
            lexer: Lexer::new(text),
            variables: Variables::with(scope.variables()),
            definitions: Definitions::default(),
            ranges: 0,
            depth: 0,
        }
    }

    fn template(mut self) -> Result<Template, Fault> {
        let (root, stop) = self.list(true)?;
        match stop {
            Stop::Text => {}
            Stop::End(extent) => {
                return Err(Fault::new(extent, "there is nothing that this `end` could end")
                    .help("take it out, or look for an `end` too many before it"));
            }
            Stop::Else { extent, .. } => {
                return Err(Fault::new(extent, "this `else` stands outside of `if`, `with` and `range`"));
            }
        }
        let definitions = self.definitions.finish(self.scope.name())?;
        Ok(Template { root, definitions })
    }

    /// The characters of a word.
    pub(super) fn shown(&self, token: Token) -> &'t str {
        self.text.get(token.extent.start as usize..token.extent.end as usize).unwrap_or("")
    }

    /// Reads something that stands one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        opener: Extent,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.depth == DEEPEST {
            let message = format!("parentheses and blocks stand more than {DEEPEST} deep in one another");
            return Err(Fault::new(opener, message).help("move a part of it to a `define` or a variable"));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// A word that cannot stand where it does.
    pub(super) fn unexpected(&self, token: Token, clause: Clause) -> Fault {
        let shown = quote(self.shown(token));
        if let (Kind::Close, Clause::Parentheses(open)) = (token.kind, clause) {
            return Fault::new(open, "this `(` is never closed").help("put a `)` before the `}}`");
        }
        let error = |message: String| Fault::new(token.extent, message);
        let here = error(format!("{shown} cannot stand here"));
        match token.kind {
            Kind::RightParen => error("this `)` closes nothing".to_owned()).help("take it out"),
            Kind::Pipe => error("nothing stands before this `|`".to_owned())
                .help("a pipe hands the value on its left to the function on its right"),
            Kind::Declare | Kind::Assign => here.help(
                "a variable takes its value at the start of an action: `{{$x := 1}}`; to compare write `eq`",
            ),
            Kind::Comma => here.help("arguments are separated by spaces"),
            Kind::Keyword(Keyword::Define) => error("`define` must stand outside of every block".to_owned())
                .help("move it to the start of the text"),
            Kind::Keyword(_) => error(format!("{shown} can only begin an action"))
                .help(format!("give it one of its own: `{{{{{}}}}}`", self.shown(token))),
            Kind::Other => here.help(match shown.as_str() {
                _ if self.text[token.extent.start as usize..].starts_with("/*") => {
                    "a comment begins right after the braces: `{{/* .. */}}`"
                }
                "`}`" => "an action ends with two braces: `}}`",
                "`{`" => "an action cannot hold another; take the inner braces out",
                _ => OPERATORS,
            }),
            Kind::Text
            | Kind::Open
            | Kind::Close
            | Kind::Space
            | Kind::Dot
            | Kind::Field
            | Kind::Variable
            | Kind::Word
            | Kind::Bool(_)
            | Kind::Nil
            | Kind::Number(_)
            | Kind::Char
            | Kind::String
            | Kind::LeftParen
            | Kind::End => here,
        }
    }
}
