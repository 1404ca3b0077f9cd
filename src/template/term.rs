//! Operands: values, variables, functions, and the fields taken of them.

use crate::unit::{Extent, Fault, nearest};

use super::function::ELSEWHERE;
use super::lexer::{NUMBERS, OPERATORS, extent};
use super::literal::{self, Slip};
use super::number;
use super::parser::{Clause, Parser};
use super::quote::quote;
use super::token::{Kind, Token};
use super::tree::{Name, Operand, Term, Variable};

impl Parser<'_> {
    /// An operand, of which the first word has been read.
    pub(super) fn operand(&mut self, first: Token) -> Result<Operand, Fault> {
        let of = self.term(first)?;
        let mut more = Vec::new();
        loop {
            let mut ahead = self.lexer;
            match ahead.next() {
                Ok(token) if token.kind == Kind::Field => {
                    self.lexer = ahead;
                    more.push(self.field(token));
                }
                // What is wrong after the operand is said by whoever reads it.
                _ => break,
            }
        }
        let Some(end) = more.last().map(|name| name.extent) else { return Ok(of) };
        let whole = of.extent.to(end);
        let term = match of.term {
            Term::Field(mut fields) => {
                fields.append(&mut more);
                Term::Field(fields)
            }
            Term::Variable(Variable { name, .. }) => Term::Variable(Variable { name, fields: more }),
            Term::Function(_) | Term::Pipeline(_) | Term::Chain { .. } => {
                Term::Chain { of: Box::new(of), fields: more }
            }
            Term::Dot | Term::Nil | Term::Bool(_) | Term::Number(_) | Term::String(_) => {
                let shown = quote(of.extent.of(self.text));
                let start = of.extent.end;
                let dotted = Extent::new(start, end.end);
                return Err(Fault::new(dotted, format!("{shown} is a plain value and has no fields")));
            }
        };
        Ok(Operand { extent: whole, term })
    }

    /// A field without its dot.
    fn field(&self, token: Token) -> Name {
        let extent = Extent::new(token.extent.start + 1, token.extent.end);
        Name { extent, text: extent.of(self.text).to_owned() }
    }

    fn term(&mut self, token: Token) -> Result<Operand, Fault> {
        let found = |term| Ok(Operand { extent: token.extent, term });
        let shown = self.shown(token);
        match token.kind {
            Kind::Dot => found(Term::Dot),
            Kind::Nil => found(Term::Nil),
            Kind::Bool(value) => found(Term::Bool(value)),
            Kind::Field => found(Term::Field(vec![self.field(token)])),
            Kind::String => found(Term::String(self.unquoted(token, literal::unquote)?)),
            Kind::Char => {
                let code = self.unquoted(token, literal::character)?;
                found(Term::Number(number::of_char(shown, code)))
            }
            Kind::Number(imaginary) => match number::read(shown, imaginary.map(|at| at as usize)) {
                Ok(number) => found(Term::Number(number)),
                Err(why) => {
                    let help = if matches!(shown, "-" | "+") { OPERATORS } else { NUMBERS };
                    Err(Fault::new(token.extent, format!("{} {why}", quote(shown))).help(help))
                }
            },
            Kind::Variable if self.variables.sees(shown) => {
                let name = Name { extent: token.extent, text: shown.to_owned() };
                found(Term::Variable(Variable { name, fields: Vec::new() }))
            }
            Kind::Variable => Err(self.unknown_variable(token)),
            Kind::Word if self.scope.function(shown).is_some() => found(Term::Function(shown.to_owned())),
            Kind::Word => Err(self.unknown_function(token)),
            Kind::LeftParen => self.deeper(token.extent, |parser| {
                let (pipeline, close) = parser.pipeline(Clause::Parentheses(token.extent))?;
                Ok(Operand { extent: token.extent.to(close), term: Term::Pipeline(Box::new(pipeline)) })
            }),
            Kind::Text
            | Kind::Open
            | Kind::Close
            | Kind::Space
            | Kind::Keyword(_)
            | Kind::RightParen
            | Kind::Pipe
            | Kind::Declare
            | Kind::Assign
            | Kind::Comma
            | Kind::Other
            | Kind::End => Err(self.unexpected(token, Clause::Action)),
        }
    }

    /// What a quoted word stands for, faults placed in the text.
    pub(super) fn unquoted<T>(
        &self,
        token: Token,
        read: impl FnOnce(&str) -> Result<T, Slip>,
    ) -> Result<T, Fault> {
        let shown = self.shown(token);
        read(shown).map_err(|(bytes, why)| {
            let start = token.extent.start as usize;
            let wrong = extent(start + bytes.start, start + bytes.end);
            let whole = bytes.len() == shown.len();
            let message =
                if whole { why.to_owned() } else { format!("{} {why}", quote(wrong.of(self.text))) };
            let error = Fault::new(wrong, message);
            if whole { error.help("a string takes double quotes or backquotes: `\"..\"`") } else { error }
        })
    }

    fn unknown_variable(&self, token: Token) -> Fault {
        let name = self.shown(token);
        let error = Fault::new(token.extent, format!("the variable {} is not defined", quote(name)));
        if self.variables.ended(name) {
            return error
                .help("it was declared inside a block and ended with it; declare it before the block");
        }
        if self.scope.variables().contains(&name) {
            return error.help(
                "a `define` or `block` sees no variables from outside; pass it what it needs: \
                 `{{template \"name\" .}}`",
            );
        }
        match nearest(name, self.variables.visible().filter(|known| *known != "$")) {
            Some(meant) => error.help(format!("did you mean `{meant}`?")),
            None => error.help(format!("declare it before: `{{{{{name} := ..}}}}`")),
        }
    }

    fn unknown_function(&self, token: Token) -> Fault {
        let name = self.shown(token);
        let error = Fault::new(token.extent, format!("there is no function {}", quote(name)));
        if let Some((_, why)) = ELSEWHERE.iter().find(|(known, _)| *known == name) {
            return error.help(*why);
        }
        let variable = format!("${name}");
        if self.variables.sees(&variable) {
            return error.help(format!("did you mean `{variable}`?"));
        }
        if let Some(meant) = nearest(name, self.scope.functions().map(|function| function.name)) {
            return error.help(format!("did you mean `{meant}`?"));
        }
        if !self.alone(token) {
            return error.help("only Go's own functions and those of Prometheus are known here");
        }
        if self.variables.sees("$labels") {
            error.help(format!("for a label write `$labels.{name}`, for text `\"{name}\"`"))
        } else {
            error.help(format!("for a field write `.{name}`, for text `\"{name}\"`"))
        }
    }

    /// Whether a word, just read, is all that its action holds.
    fn alone(&self, token: Token) -> bool {
        let mut ahead = self.lexer;
        let last = ahead.next_solid().is_ok_and(|next| next.kind == Kind::Close);
        let before = self.text[..token.extent.start as usize].trim_end().trim_end_matches('-');
        last && before.ends_with("{{")
    }
}
