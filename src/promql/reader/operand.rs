//! Operands: numbers, texts, selectors, and what opens brackets.

use crate::promql::aggregation::Aggregator;
use crate::promql::feature::{Feature, require};
use crate::promql::function::Function;
use crate::promql::item::{Opened, Part};
use crate::promql::matcher::{MatchOp, Matcher};
use crate::promql::node::Sign;
use crate::promql::number::Number;
use crate::promql::reader::{Expects, Holds, Reader};
use crate::promql::selector::{Name, Selector, Shift};
use crate::promql::text::Text;
use crate::promql::token::{Lexeme, Token, Within};
use crate::unit::{Extent, Fault};

/// Keywords that cannot name a metric without quotes.
pub(in crate::promql) const RESERVED: [&str; 6] =
    ["atan2", "bool", "group_left", "group_right", "ignoring", "on"];

/// Keywords that cannot name a function.
const NO_FUNCTION: [&str; 10] =
    ["and", "or", "unless", "by", "without", "offset", "anchored", "smoothed", "fill_left", "fill_right"];

impl Reader<'_> {
    /// Reads up to the end of an operand, or to where another must follow.
    pub(super) fn operand(&mut self) -> Result<Expects, Fault> {
        let next = self.peek()?;
        match next.token {
            Token::Mark("-") => self.sign(Sign::Minus),
            Token::Mark("+") => self.sign(Sign::Plus),
            Token::Mark("(") => self.enter(Opened::Grouping, Holds::Expression),
            Token::Mark("{") => self.selector(None),
            Token::Number(number) | Token::Duration(number) => {
                self.take()?;
                Ok(self.leaf(next.extent, Part::Number(Number(number))))
            }
            Token::Text(text) => {
                self.take()?;
                Ok(self.leaf(next.extent, Part::Text(text)))
            }
            Token::Word => self.word(next.extent),
            Token::Mark(_) | Token::End => Err(self.no_operand(&next)),
        }
    }

    fn leaf(&mut self, extent: Extent, part: Part) -> Expects {
        self.push(extent, part);
        self.skeleton.leaf();
        Expects::Operator
    }

    /// A word: what it means is told by what follows it.
    fn word(&mut self, word: Extent) -> Result<Expects, Fault> {
        self.take()?;
        let written = self.lexer.written(word);
        let keyword = written.to_ascii_lowercase();
        if RESERVED.contains(&keyword.as_str()) {
            return Err(Fault::new(
                word,
                format!("`{written}` is a keyword, and an expression is missing before it"),
            )
            .help(format!("write `{{\"{written}\"}}` for a metric of that name")));
        }
        let next = self.peek()?;
        if let Some(op) = Aggregator::named(&keyword) {
            let grouped = matches!(self.keyword(&next).as_deref(), Some("by" | "without"));
            if grouped || next.is("(") {
                return self.aggregation(op, word);
            }
        } else if next.is("(") && !written.contains(':') && !NO_FUNCTION.contains(&keyword.as_str()) {
            return self.call(word);
        }
        self.selector(Some(Name { text: written.to_owned(), extent: word, quoted: false }))
    }

    fn aggregation(&mut self, op: Aggregator, name: Extent) -> Result<Expects, Fault> {
        let grouping = self.grouping()?;
        let next = self.peek()?;
        if !next.is("(") {
            return Err(Fault::new(next.extent, format!("`{op}` needs its expression in brackets here"))
                .help(format!("write `{op} by (label) (expression)`")));
        }
        if op.experimental() {
            require(self.features, Feature::ExperimentalFunctions, name, &format!("`{op}`"))?;
        }
        let holds = if grouping.is_some() { Holds::Grouped } else { Holds::Ungrouped };
        self.enter(Opened::Aggregation(op, name, grouping.map(|(grouping, _)| grouping)), holds)
    }

    fn call(&mut self, name: Extent) -> Result<Expects, Fault> {
        let written = self.lexer.written(name);
        let Some(function) = Function::named(written) else {
            let error = Fault::new(name, format!("there is no function `{written}`"));
            return Err(match Function::like(written) {
                Some(meant) => error.help(format!("did you mean `{meant}`?")),
                None => error,
            });
        };
        if function.experimental {
            require(self.features, Feature::ExperimentalFunctions, name, &format!("`{written}`"))?;
        }
        self.enter(Opened::Call(function, name), Holds::Arguments)
    }

    /// A selector whose name, if it has one before its braces, has been read.
    fn selector(&mut self, name: Option<Name>) -> Result<Expects, Fault> {
        let next = self.peek()?;
        let start = name.as_ref().map_or(next.extent, |name| name.extent);
        let mut selector = Selector {
            name,
            matchers: Vec::new(),
            extent: start,
            range: None,
            extended: None,
            shift: Shift::default(),
        };
        if next.is("{") {
            self.take()?;
            let end = self.matchers(next.extent, &mut selector)?;
            selector.extent = start.to(end);
        }
        let extent = selector.extent;
        Ok(self.leaf(extent, Part::Selector(selector)))
    }

    /// The inside of braces, up to where they close.
    fn matchers(&mut self, open: Extent, selector: &mut Selector) -> Result<Extent, Fault> {
        loop {
            let label = self.lexer.next(Within::Braces)?;
            match &label.token {
                Token::Mark("}") => return Ok(label.extent),
                Token::Word => {
                    let name = self.lexer.written(label.extent).to_owned();
                    let matcher = self.matcher(name, label.extent)?;
                    selector.matchers.push(matcher);
                }
                Token::Text(name) => self.quoted(name, &label, selector)?,
                Token::Mark(_) | Token::Number(_) | Token::Duration(_) | Token::End => {
                    return Err(self.no_label(open, &label));
                }
            }
            let next = self.lexer.next(Within::Braces)?;
            if next.is("}") {
                return Ok(next.extent);
            }
            if !next.is(",") {
                return Err(self.no_comma(open, &next));
            }
        }
    }

    /// A label in quotes, or the metric's name, which stands alone.
    fn quoted(&mut self, name: &Text, label: &Lexeme, selector: &mut Selector) -> Result<(), Fault> {
        let Some(name) = name.as_str() else {
            return Err(Fault::new(label.extent, "a name must be valid UTF-8"));
        };
        let next = self.lexer.peek(Within::Braces)?;
        if !matches!(next.token, Token::Mark("}" | ",") | Token::End) {
            let matcher = self.matcher(name.to_owned(), label.extent)?;
            selector.matchers.push(matcher);
            return Ok(());
        }
        match &selector.name {
            None => {
                selector.name = Some(Name { text: name.to_owned(), extent: label.extent, quoted: true });
            }
            // Two names in quotes are two matchers, of which at most one can be right.
            Some(first) if first.quoted => {
                selector.matchers.push(Matcher::equal("__name__", name, label.extent));
            }
            Some(first) => {
                return Err(twice(&first.text, name, label.extent));
            }
        }
        Ok(())
    }

    fn matcher(&mut self, label: String, start: Extent) -> Result<Matcher, Fault> {
        let op = self.lexer.next(Within::Braces)?;
        let Some(operator) = MatchOp::written(self.lexer.written(op.extent)) else {
            return Err(Fault::new(op.extent, format!("`{label}` is not compared with anything"))
                .help(format!("write `{label}=\"value\"`; `!=`, `=~` and `!~` compare too")));
        };
        let value = self.lexer.next(Within::Braces)?;
        let Token::Text(text) = value.token else {
            let written = self.lexer.written(value.extent);
            let error = Fault::new(value.extent, format!("the value of `{label}` must stand in quotes"));
            let word = value.token == Token::Word;
            return Err(if word {
                error.help(format!("write `{label}{operator}\"{written}\"`"))
            } else {
                error
            });
        };
        self.count(start)?;
        let matcher = Matcher::new(label, operator, text, start.to(value.extent)).map_err(|flaw| {
            let flawed = self.within_literal(value.extent, flaw.start, flaw.end);
            Fault::new(flawed, format!("the regular expression cannot be read: {}", flaw.why))
        })?;
        self.count_pattern(&matcher)?;
        Ok(matcher)
    }

    /// The place of some bytes of a literal's value; of all of it where escapes moved them.
    fn within_literal(&self, literal: Extent, start: usize, end: usize) -> Extent {
        let written = self.lexer.written(literal);
        let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else { return literal };
        let moved = written.contains('\\') && !written.starts_with('`');
        if moved { literal } else { Extent::new(literal.start + 1 + start, literal.start + 1 + end) }
    }

    fn no_label(&self, open: Extent, found: &Lexeme) -> Fault {
        if found.token == Token::End {
            return Fault::new(open, "this brace is not closed");
        }
        let written = self.lexer.written(found.extent);
        Fault::new(found.extent, format!("`{written}` stands where a label should"))
    }

    fn no_comma(&self, open: Extent, found: &Lexeme) -> Fault {
        let written = self.lexer.written(found.extent);
        match found.token {
            Token::End => Fault::new(open, "this brace is not closed"),
            Token::Word if written.eq_ignore_ascii_case("or") => {
                Fault::new(found.extent, "a selector cannot offer a choice of matchers")
                    .help("write `=~\"a|b\"` for values, `x{..} or x{..}` for whole selectors")
            }
            Token::Mark(_) | Token::Word | Token::Number(_) | Token::Duration(_) | Token::Text(_) => {
                Fault::new(found.extent, format!("a comma is missing before `{written}`"))
            }
        }
    }

    /// What stands where an expression should.
    fn no_operand(&self, found: &Lexeme) -> Fault {
        let written = self.lexer.written(found.extent);
        let behind = self.items.last().map(|item| (self.lexer.written(item.extent), &item.part));
        let message = match (&found.token, behind) {
            (Token::End, Some((operator, Part::Operator(..) | Part::Sign(_)))) => {
                format!("an expression is missing behind `{operator}`")
            }
            (Token::End, Some((_, Part::Open(_)))) => {
                "an expression is missing behind this bracket".to_owned()
            }
            (Token::End, _) => "an expression is missing".to_owned(),
            (_, _) => format!("`{written}` stands where an expression should"),
        };
        Fault::new(found.extent, message)
    }
}

/// What is wrong where two names are given to a metric.
pub(in crate::promql) fn twice(first: &str, second: &str, extent: Extent) -> Fault {
    Fault::new(extent, format!("the metric is named twice: `{first}` and `{second}`"))
}
