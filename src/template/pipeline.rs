//! Pipelines, what they are bound to, and commands.

use crate::unit::{Extent, Fault};

use super::parser::{Clause, Parser};
use super::quote::quote;
use super::token::{Kind, Token};
use super::tree::{Binding, BindingKind, Command, Name, Operand, Pipeline, Term};

impl Parser<'_> {
    /// A pipeline and what ends it, which has been read.
    pub(super) fn pipeline(&mut self, clause: Clause) -> Result<(Pipeline, Extent), Fault> {
        let mut ahead = self.lexer;
        let first = ahead.next_solid()?.extent;
        let opened = if let Clause::Parentheses(open) = clause { open } else { self.lexer.opened() };
        let binding = self.binding(clause)?;
        let mut commands: Vec<Command> = Vec::new();
        loop {
            let token = self.lexer.next_solid()?;
            if token.kind == clause.end() {
                let Some(last) = commands.last() else {
                    let message = format!("this {} has no value", clause.noun());
                    return Err(Fault::new(opened.to(token.extent), message)
                        .help("put a value into it, or take it out"));
                };
                let extent = first.to(last.extent);
                self.check_stages(&commands)?;
                return Ok((Pipeline { extent, binding, commands }, token.extent));
            }
            if !token.kind.begins_operand() {
                return Err(self.unexpected(token, clause));
            }
            commands.push(self.command(token, clause)?);
        }
    }

    /// Holds that each command after the first can take the value that is handed to it.
    fn check_stages(&self, commands: &[Command]) -> Result<(), Fault> {
        for (stage, command) in commands.iter().enumerate().skip(1) {
            let Some(operand) = command.operands.first().filter(|operand| is_plain(&operand.term)) else {
                continue;
            };
            let shown = quote(operand.extent.of(self.text));
            let message = format!("stage {} of the pipeline is {shown}, which takes no argument", stage + 1);
            return Err(Fault::new(operand.extent, message).help("what follows a `|` must be a function"));
        }
        Ok(())
    }

    /// `$x :=`, `$x =` and `$i, $x :=`, where one of them comes next.
    fn binding(&mut self, clause: Clause) -> Result<Option<Binding>, Fault> {
        let mut variables = Vec::new();
        loop {
            let before = self.lexer;
            let token = self.lexer.next_solid()?;
            let next = if token.kind == Kind::Variable { Some(self.lexer.next_solid()?) } else { None };
            let kind = match next {
                Some(Token { kind: Kind::Declare, .. }) => BindingKind::Declare,
                Some(Token { kind: Kind::Assign, .. }) => BindingKind::Assign,
                Some(comma) if comma.kind == Kind::Comma => {
                    variables.push(self.bound(token));
                    self.another(clause, variables.len(), comma)?;
                    continue;
                }
                _ => {
                    self.lexer = before;
                    let kind = BindingKind::Declare;
                    return Ok(Some(Binding { kind, variables }).filter(|found| !found.variables.is_empty()));
                }
            };
            variables.push(self.bound(token));
            return Ok(Some(Binding { kind, variables }));
        }
    }

    /// Takes a variable into what is visible. Go does so for `=` as well, whether it exists or not.
    fn bound(&mut self, token: Token) -> Name {
        let name = self.shown(token);
        self.variables.declare(name);
        Name { extent: token.extent, text: name.to_owned() }
    }

    /// Holds that a second variable may follow the comma.
    fn another(&mut self, clause: Clause, count: usize, comma: Token) -> Result<(), Fault> {
        if clause != Clause::Range {
            let noun = clause.noun();
            return Err(Fault::new(comma.extent, format!("this {noun} can take only one variable"))
                .help("two variables are for `range`: `{{range $index, $element := ..}}`"));
        }
        if 1 < count {
            return Err(Fault::new(comma.extent, "a `range` has two variables at most")
                .help("write `{{range $index, $element := ..}}`"));
        }
        let mut ahead = self.lexer;
        let next = ahead.next_solid()?;
        if matches!(next.kind, Kind::Variable | Kind::Close | Kind::RightParen) {
            return Ok(());
        }
        Err(Fault::new(next.extent, "only a variable can follow the comma of a `range`")
            .help("write `{{range $index, $element := ..}}`"))
    }

    fn command(&mut self, first: Token, clause: Clause) -> Result<Command, Fault> {
        let mut last = self.operand(first)?;
        let mut operands = Vec::new();
        let end = loop {
            let before = self.lexer;
            let mut token = self.lexer.next()?;
            let spaced = token.kind == Kind::Space;
            if spaced {
                token = self.lexer.next()?;
            }
            if matches!(token.kind, Kind::Close | Kind::RightParen) {
                self.lexer = before;
                break last.extent;
            }
            if token.kind == Kind::Pipe {
                break last.extent;
            }
            if !token.kind.begins_operand() {
                return Err(self.unexpected(token, clause));
            }
            if !spaced {
                return Err(self.glued(token, &last));
            }
            operands.push(std::mem::replace(&mut last, self.operand(token)?));
        };
        operands.push(last);
        Ok(Command { extent: first.extent.to(end), operands })
    }

    /// An operand that follows another without a space.
    fn glued(&self, token: Token, last: &Operand) -> Fault {
        let shown = quote(self.shown(token));
        let message = format!("{shown} follows {} without a space", quote(last.extent.of(self.text)));
        let help = match (token.kind, &last.term) {
            (Kind::LeftParen, Term::Function(name)) => {
                format!("a function takes its arguments after spaces: `{name} ..`, not `{name}(..)`")
            }
            (Kind::Dot, _) => "a field follows its dot directly: `.name`".to_owned(),
            _ => "put a space between them".to_owned(),
        };
        Fault::new(token.extent, message).help(help)
    }
}

/// Whether it is a value that can take no argument.
const fn is_plain(term: &Term) -> bool {
    matches!(term, Term::Bool(_) | Term::Dot | Term::Nil | Term::Number(_) | Term::String(_))
}
