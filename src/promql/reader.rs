//! Reads the parts of an expression, and refuses what does not follow on what stands before.

mod modifier;
mod operand;
mod suffix;

pub(super) use modifier::is_bare_label;
pub(super) use operand::{RESERVED, twice};

use crate::promql::feature::Features;
use crate::promql::item::{Item, Opened, Part};
use crate::promql::matcher::Matcher;
use crate::promql::node::Sign;
use crate::promql::operator::Operator;
use crate::promql::skeleton::Skeleton;
use crate::promql::token::{Lexeme, Lexer, Token, Within};
use crate::unit::{Extent, Fault};

/// The most operators, brackets, commas, matchers and labels that one expression may have. Each operator and bracket may
/// lie within the one before it, so this is also how deep an expression can be.
const MAX_PARTS: usize = 5_000;

/// How large all patterns of one expression may be together, in parts of automata: a few of the largest there are, each of
/// which takes some tens of megabytes once it is used.
const MAX_PATTERNS: usize = 100_000;

/// How deep brackets may nest.
const MAX_DEPTH: usize = 250;

/// The parts of an expression, and what is left of it to find out how they bind.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) items: Vec<Item>,
    pub(super) skeleton: String,
}

/// Reads an expression's parts. They may stand in this order; what they are is not looked at together.
pub(super) fn read(text: &str, features: Features) -> Result<Parts, Fault> {
    let mut reader = Reader {
        lexer: Lexer::new(text),
        features,
        items: Vec::new(),
        skeleton: Skeleton::default(),
        open: Vec::new(),
        parts: 0,
        patterns: 0,
    };
    if reader.peek()?.token == Token::End {
        return Err(Fault::new(reader.peek()?.extent, "there is no expression"));
    }
    let mut expects = Expects::Operand;
    while expects != Expects::Nothing {
        expects = match expects {
            Expects::Operand => reader.operand()?,
            Expects::Operator => reader.operator()?,
            Expects::Nothing => break,
        };
    }
    Ok(Parts { items: reader.items, skeleton: reader.skeleton.finish() })
}

/// What must come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expects {
    Operand,
    /// An operator, or what ends or continues an operand.
    Operator,
    Nothing,
}

struct Reader<'t> {
    lexer: Lexer<'t>,
    features: Features,
    items: Vec<Item>,
    skeleton: Skeleton,
    /// The brackets that are open.
    open: Vec<Open>,
    parts: usize,
    patterns: usize,
}

struct Open {
    extent: Extent,
    holds: Holds,
}

/// What stands in brackets.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Expression,
    Arguments,
    /// Of an aggregation, whose grouping may still follow.
    Ungrouped,
    /// Of an aggregation that has its grouping.
    Grouped,
}

impl Reader<'_> {
    fn peek(&self) -> Result<Lexeme, Fault> {
        self.lexer.peek(Within::Expression)
    }

    fn take(&mut self) -> Result<Lexeme, Fault> {
        self.lexer.next(Within::Expression)
    }

    /// The next token, in lower case, where it is a word.
    fn keyword(&self, lexeme: &Lexeme) -> Option<String> {
        (lexeme.token == Token::Word).then(|| self.lexer.written(lexeme.extent).to_ascii_lowercase())
    }

    fn push(&mut self, extent: Extent, part: Part) {
        self.items.push(Item { extent, part });
    }

    fn count(&mut self, extent: Extent) -> Result<(), Fault> {
        self.parts += 1;
        if self.parts <= MAX_PARTS {
            return Ok(());
        }
        let why =
            format!("an expression may have {MAX_PARTS} operators, brackets, commas, matchers and labels");
        Err(Fault::new(extent, why).help("record parts of it as series of their own"))
    }

    fn count_pattern(&mut self, matcher: &Matcher) -> Result<(), Fault> {
        self.patterns += matcher.size();
        if self.patterns <= MAX_PATTERNS {
            return Ok(());
        }
        let (has, extent) = (self.patterns, matcher.extent);
        let why = format!(
            "the patterns of an expression may have {MAX_PATTERNS} parts together; up to here there are {has}"
        );
        Err(Fault::new(extent, why).help("repeat less in them: `.{0,1000}` counts as a thousand times `.`"))
    }

    fn sign(&mut self, sign: Sign) -> Result<Expects, Fault> {
        let lexeme = self.take()?;
        self.count(lexeme.extent)?;
        self.push(lexeme.extent, Part::Sign(sign));
        self.skeleton.sign();
        Ok(Expects::Operand)
    }

    /// Opens brackets that stand next.
    fn enter(&mut self, opened: Opened, holds: Holds) -> Result<Expects, Fault> {
        let extent = self.take()?.extent;
        self.count(extent)?;
        if self.open.len() == MAX_DEPTH {
            return Err(Fault::new(extent, format!("brackets may nest {MAX_DEPTH} deep; these go deeper")));
        }
        self.skeleton.open(holds != Holds::Expression);
        self.push(extent, Part::Open(opened));
        self.open.push(Open { extent, holds });
        if holds != Holds::Expression && self.peek()?.is(")") {
            self.skeleton.nothing();
            return self.leave();
        }
        Ok(Expects::Operand)
    }

    /// Closes the brackets that are open, with the one that stands next.
    fn leave(&mut self) -> Result<Expects, Fault> {
        let close = self.take()?;
        let Some(open) = self.open.pop() else {
            return Err(Fault::new(close.extent, "this bracket closes none"));
        };
        self.skeleton.close();
        let grouping = if open.holds == Holds::Ungrouped { self.grouping()? } else { None };
        self.push(close.extent, Part::Close(grouping));
        Ok(Expects::Operator)
    }

    fn operator(&mut self) -> Result<Expects, Fault> {
        let next = self.peek()?;
        match next.token {
            Token::End => {
                return match self.open.last() {
                    Some(open) => Err(Fault::new(open.extent, "this bracket is not closed")),
                    None => Ok(Expects::Nothing),
                };
            }
            Token::Mark(")") => return self.leave(),
            Token::Mark(",") => return self.comma(),
            Token::Mark(_) | Token::Word | Token::Number(_) | Token::Duration(_) | Token::Text(_) => {}
        }
        if let Some(suffix) = self.suffix(&next)? {
            self.push(suffix.0, Part::Suffix(suffix.1));
            return Ok(Expects::Operator);
        }
        let operator = match next.token {
            Token::Mark(_) | Token::Word => Operator::written(self.lexer.written(next.extent)),
            Token::Number(_) | Token::Duration(_) | Token::Text(_) | Token::End => None,
        };
        let Some(operator) = operator else { return Err(self.out_of_place(&next)) };
        self.take()?;
        self.count(next.extent)?;
        let modifier = self.modifier()?;
        self.push(next.extent, Part::Operator(operator, modifier));
        self.skeleton.operator(operator);
        Ok(Expects::Operand)
    }

    fn comma(&mut self) -> Result<Expects, Fault> {
        let comma = self.take()?;
        self.count(comma.extent)?;
        match self.open.last() {
            Some(open) if open.holds != Holds::Expression => {}
            Some(_) | None => {
                return Err(Fault::new(comma.extent, "a comma can only stand between arguments"));
            }
        }
        if self.peek()?.is(")") {
            return Err(Fault::new(comma.extent, "no argument follows on this comma").help("leave it out"));
        }
        self.skeleton.comma();
        Ok(Expects::Operand)
    }

    /// What stands behind an operand and neither continues it nor is an operator.
    fn out_of_place(&self, found: &Lexeme) -> Fault {
        let written = self.lexer.written(found.extent);
        let error =
            Fault::new(found.extent, format!("`{written}` cannot follow here; an operator is missing"));
        let keyword = self.keyword(found).unwrap_or_default();
        match (written, keyword.as_str()) {
            ("]" | "}", _) => Fault { message: "this bracket closes none".to_owned(), ..error },
            ("(", _) => {
                let last = self.items.last();
                let named = last.is_some_and(|item| matches!(item.part, Part::Selector(_)));
                let error = Fault { message: "brackets cannot follow here".to_owned(), ..error };
                if named { error.help("the name before them is no function's") } else { error }
            }
            ("{", _) => {
                Fault { message: "a selector cannot follow on another expression".to_owned(), ..error }
                    .help("put all matchers into one pair of braces, behind the metric's name")
            }
            (_, "by" | "without") => Fault {
                message: format!("`{written}` belongs to an aggregation, which has its grouping or is none"),
                ..error
            }
            .help("write `sum by (label) (expression)`"),
            (_, "on" | "ignoring" | "group_left" | "group_right" | "bool") => {
                Fault { message: format!("`{written}` must follow right behind an operator"), ..error }
                    .help("write `left * on (label) group_left () right`")
            }
            (_, "not") => error.help("write `unless` for `and not`"),
            _ => error,
        }
    }
}
