//! Lists of nodes, and the blocks that hold them.

use crate::unit::{Extent, Fault};

use super::lexer::extent;
use super::literal;
use super::parser::{Clause, Parser};
use super::quote::quote;
use super::token::{Keyword, Kind, Token};
use super::tree::{Arm, Branch, Call, Definition, List, Literal, Node, Range, Text};
use super::variable::Variables;

/// What ended a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    /// The text did.
    Text,
    /// `{{end}}`
    End(Extent),
    /// `{{else}}`, or the start of `{{else if` and `{{else with`, where the pipeline comes next.
    Else { extent: Extent, chain: Option<Clause> },
}

/// What an action turned out to be.
enum Step {
    Node(Node),
    Stop(Stop),
    Defined,
}

/// A block as its first action leaves it: what it belongs to and that action's characters.
#[derive(Clone, Copy)]
struct Opener {
    clause: &'static str,
    extent: Extent,
}

impl Parser<'_> {
    /// Nodes up to whatever ends them. Only the outermost list may define templates.
    pub(super) fn list(&mut self, outermost: bool) -> Result<(List, Stop), Fault> {
        let start = self.lexer.at();
        let mut nodes = Vec::new();
        loop {
            let token = self.lexer.next()?;
            let found = |nodes, stop| {
                let end = token.extent.start as usize;
                Ok((List { extent: extent(start.min(end), end), nodes }, stop))
            };
            if token.kind == Kind::End {
                return found(nodes, Stop::Text);
            }
            if token.kind != Kind::Open {
                let text = self.shown(token).to_owned();
                nodes.push(Node::Text(Text { extent: token.extent, text }));
                continue;
            }
            match self.action(token.extent, outermost)? {
                Step::Node(node) => nodes.push(node),
                Step::Stop(stop) => return found(nodes, stop),
                Step::Defined => {}
            }
        }
    }

    fn action(&mut self, open: Extent, outermost: bool) -> Result<Step, Fault> {
        let before = self.lexer;
        let token = self.lexer.next_solid()?;
        let Kind::Keyword(keyword) = token.kind else {
            self.lexer = before;
            let (pipeline, close) = self.pipeline(Clause::Action)?;
            return Ok(Step::Node(Node::Action { extent: open.to(close), pipeline }));
        };
        Ok(Step::Node(match keyword {
            Keyword::If => Node::If(self.branch(open, Clause::If)?),
            Keyword::With => Node::With(self.branch(open, Clause::With)?),
            Keyword::Range => Node::Range(self.range(open)?),
            Keyword::Template => Node::Call(self.call(open)?),
            Keyword::Block => Node::Call(self.block(open)?),
            Keyword::Break => Node::Break(self.leave(open, token)?),
            Keyword::Continue => Node::Continue(self.leave(open, token)?),
            Keyword::End => return Ok(Step::Stop(Stop::End(open.to(self.closed("end")?)))),
            Keyword::Else => return self.else_clause(open).map(Step::Stop),
            Keyword::Define if outermost => {
                self.define(open)?;
                return Ok(Step::Defined);
            }
            Keyword::Define => return Err(self.unexpected(token, Clause::Action)),
        }))
    }

    /// The `}}` that must come next.
    fn closed(&mut self, clause: &str) -> Result<Extent, Fault> {
        let token = self.lexer.next_solid()?;
        if token.kind == Kind::Close {
            return Ok(token.extent);
        }
        let message =
            format!("{} cannot stand here: `{clause}` must end with `}}}}`", quote(self.shown(token)));
        Err(Fault::new(token.extent, message))
    }

    fn leave(&mut self, open: Extent, keyword: Token) -> Result<Extent, Fault> {
        let name = self.shown(keyword);
        let extent = open.to(self.closed(name)?);
        if self.ranges == 0 {
            return Err(Fault::new(extent, format!("`{name}` stands outside of `range`"))
                .help("it can only leave a `range` of the same template, and not from its `else`"));
        }
        Ok(extent)
    }

    fn else_clause(&mut self, open: Extent) -> Result<Stop, Fault> {
        let before = self.lexer;
        let token = self.lexer.next_solid()?;
        for (keyword, clause) in [(Keyword::If, Clause::If), (Keyword::With, Clause::With)] {
            if token.kind == Kind::Keyword(keyword) {
                return Ok(Stop::Else { extent: open.to(token.extent), chain: Some(clause) });
            }
        }
        self.lexer = before;
        Ok(Stop::Else { extent: open.to(self.closed("else")?), chain: None })
    }

    fn branch(&mut self, open: Extent, clause: Clause) -> Result<Branch, Fault> {
        let mark = self.variables.mark();
        let mut arms = Vec::new();
        let mut start = open;
        let (otherwise, end) = loop {
            let (arm, stop) = self.arm(start, clause)?;
            let opener = Opener { clause: clause.name(), extent: arm.head };
            arms.push(arm);
            // A chain is one branch with many arms, so its length is no depth.
            match stop {
                Stop::Else { extent, chain: Some(chain) } if chain == clause => start = extent,
                Stop::Text | Stop::End(_) | Stop::Else { .. } => break self.rest(opener, stop)?,
            }
        };
        self.variables.forget(mark);
        Ok(Branch { extent: open.to(end), arms, otherwise })
    }

    fn range(&mut self, open: Extent) -> Result<Range, Fault> {
        let mark = self.variables.mark();
        let (arm, stop) = self.arm(open, Clause::Range)?;
        let opener = Opener { clause: Clause::Range.name(), extent: arm.head };
        let (otherwise, end) = self.rest(opener, stop)?;
        self.variables.forget(mark);
        Ok(Range { extent: open.to(end), arm, otherwise })
    }

    /// A condition and what it guards; its keyword has been read.
    fn arm(&mut self, start: Extent, clause: Clause) -> Result<(Arm, Stop), Fault> {
        let (pipeline, close) = self.pipeline(clause)?;
        let head = start.to(close);
        let ranges = u32::from(clause == Clause::Range);
        self.ranges += ranges;
        let (body, stop) = self.deeper(head, |parser| parser.list(false))?;
        self.ranges -= ranges;
        Ok((Arm { head, pipeline, body }, stop))
    }

    /// What follows the last arm: the list that `{{else}}` begins, and the end.
    fn rest(&mut self, opener: Opener, stop: Stop) -> Result<(Option<List>, Extent), Fault> {
        let Stop::Else { chain: None, .. } = stop else {
            return Self::ended(opener, stop).map(|end| (None, end));
        };
        let (otherwise, stop) = self.deeper(opener.extent, |parser| parser.list(false))?;
        if let Stop::Else { extent, .. } = stop {
            return Err(Fault::new(extent, format!("this `{}` already has its `else`", opener.clause))
                .help("only one `else` without a condition may stand in it, as the last"));
        }
        Self::ended(opener, stop).map(|end| (Some(otherwise), end))
    }

    fn ended(opener: Opener, stop: Stop) -> Result<Extent, Fault> {
        let clause = opener.clause;
        match stop {
            Stop::End(extent) => Ok(extent),
            Stop::Text => Err(Fault::new(opener.extent, format!("this `{clause}` is never ended"))
                .help("put `{{end}}` where it ends")),
            Stop::Else { extent, chain: Some(chain) } => {
                let chain = chain.name();
                Err(Fault::new(extent, format!("`else {chain}` cannot stand in `{clause}`"))
                    .help(format!("write `{{{{else}}}}{{{{{chain} ..}}}}`, and one more `{{{{end}}}}`")))
            }
            Stop::Else { extent, chain: None } => {
                Err(Fault::new(extent, format!("`else` cannot stand in `{clause}`")))
            }
        }
    }

    fn call(&mut self, open: Extent) -> Result<Call, Fault> {
        let name = self.name(Clause::Template)?;
        let before = self.lexer;
        let token = self.lexer.next_solid()?;
        if token.kind == Kind::Close {
            return Ok(Call { extent: open.to(token.extent), name, argument: None });
        }
        self.lexer = before;
        let (pipeline, close) = self.pipeline(Clause::Template)?;
        Ok(Call { extent: open.to(close), name, argument: Some(pipeline) })
    }

    fn block(&mut self, open: Extent) -> Result<Call, Fault> {
        let name = self.name(Clause::Block)?;
        let (pipeline, close) = self.pipeline(Clause::Block)?;
        let opener = Opener { clause: "block", extent: open.to(close) };
        let end = self.definition(opener, name.clone())?;
        Ok(Call { extent: open.to(end), name, argument: Some(pipeline) })
    }

    fn define(&mut self, open: Extent) -> Result<(), Fault> {
        let token = self.lexer.next_solid()?;
        let name = self.literal_name(token, "define")?;
        let close = self.closed("define")?;
        self.definition(Opener { clause: "define", extent: open.to(close) }, name)?;
        Ok(())
    }

    /// The body of a named template, which starts afresh: no variables, no range to leave.
    fn definition(&mut self, opener: Opener, name: Literal) -> Result<Extent, Fault> {
        let variables = std::mem::replace(&mut self.variables, Variables::with(&[]));
        let ranges = std::mem::take(&mut self.ranges);
        let (body, stop) = self.deeper(opener.extent, |parser| parser.list(false))?;
        self.variables = variables;
        self.ranges = ranges;
        let end = Self::ended(opener, stop)?;
        self.definitions.add(Definition { extent: opener.extent.to(end), name, body })?;
        Ok(end)
    }

    fn name(&mut self, clause: Clause) -> Result<Literal, Fault> {
        let token = self.lexer.next_solid()?;
        self.literal_name(token, clause.name())
    }

    fn literal_name(&self, token: Token, clause: &str) -> Result<Literal, Fault> {
        if token.kind != Kind::String {
            return Err(Fault::new(token.extent, format!("`{clause}` needs the name of a template"))
                .help(format!("write it as a string: `{{{{{clause} \"name\" ..}}}}`")));
        }
        let value = self.unquoted(token, literal::unquote)?;
        Ok(Literal { extent: token.extent, value })
    }
}
