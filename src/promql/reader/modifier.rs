//! What stands right behind an operator, and the groupings of aggregations.

use crate::promql::feature::{Feature, require};
use crate::promql::name::is_label_name;
use crate::promql::node::{Grouping, GroupingKind, Label, Many, Matching, MatchingKind, Modifier, Side};
use crate::promql::number::Number;
use crate::promql::reader::Reader;
use crate::promql::token::{Lexeme, Token, Within};
use crate::unit::{Extent, Fault};

/// Whether a word can stand in a list of labels without quotes: two words are numbers, and `without` was forgotten
/// in Prometheus.
pub(in crate::promql) fn is_bare_label(word: &str) -> bool {
    !["inf", "nan", "without"].iter().any(|other| other.eq_ignore_ascii_case(word))
}

impl Reader<'_> {
    pub(super) fn modifier(&mut self) -> Result<Modifier, Fault> {
        let mut modifier = Modifier::default();
        if self.next_is("bool")? {
            self.take()?;
            modifier.returns_bool = true;
        }
        let next = self.peek()?;
        let kind = match self.keyword(&next).as_deref() {
            Some("on") => Some(MatchingKind::On),
            Some("ignoring") => Some(MatchingKind::Ignoring),
            _ => None,
        };
        if let Some(kind) = kind {
            self.take()?;
            modifier.matching = Some(Matching { kind, labels: self.labels(&next)?.0 });
        }
        let next = self.peek()?;
        let side = match self.keyword(&next).as_deref() {
            Some("group_left") => Some(Side::Left),
            Some("group_right") => Some(Side::Right),
            _ => None,
        };
        if let Some(side) = side {
            if modifier.matching.is_none() {
                let written = self.lexer.written(next.extent);
                return Err(Fault::new(
                    next.extent,
                    format!("`{written}` needs `on` or `ignoring` before it"),
                )
                .help(format!("write `on (label) {written} ()`")));
            }
            self.take()?;
            let include = if self.peek()?.is("(") { self.labels(&next)?.0 } else { Vec::new() };
            modifier.many = Some(Many { side, include });
        }
        self.fills(&mut modifier)?;
        Ok(modifier)
    }

    fn next_is(&self, keyword: &str) -> Result<bool, Fault> {
        let next = self.peek()?;
        Ok(self.keyword(&next).as_deref() == Some(keyword))
    }

    /// `fill(0)`, or one or both of `fill_left(0)` and `fill_right(0)`.
    fn fills(&mut self, modifier: &mut Modifier) -> Result<(), Fault> {
        loop {
            let next = self.peek()?;
            let (left, right) = match self.keyword(&next).as_deref() {
                Some("fill") => (true, true),
                Some("fill_left") => (true, false),
                Some("fill_right") => (false, true),
                _ => return Ok(()),
            };
            // Without brackets it is a metric.
            let mut ahead = self.lexer.clone();
            ahead.next(Within::Expression)?;
            if !ahead.peek(Within::Expression)?.is("(") {
                return Ok(());
            }
            self.take()?;
            require(self.features, Feature::FillModifiers, next.extent, "filling in missing series")?;
            if left && modifier.fill_left.is_some() || right && modifier.fill_right.is_some() {
                return Err(Fault::new(next.extent, "this side is filled twice"));
            }
            let value = Some(self.fill_value()?);
            if left {
                modifier.fill_left = value;
            }
            if right {
                modifier.fill_right = value;
            }
        }
    }

    fn fill_value(&mut self) -> Result<Number, Fault> {
        self.expect("(")?;
        let mut lexeme = self.take()?;
        let negative = lexeme.is("-");
        if negative || lexeme.is("+") {
            lexeme = self.take()?;
        }
        let (Token::Number(number) | Token::Duration(number)) = lexeme.token else {
            return Err(Fault::new(lexeme.extent, "a missing series is filled with a number"));
        };
        self.expect(")")?;
        Ok(Number(if negative { -number } else { number }))
    }

    pub(super) fn expect(&mut self, mark: &str) -> Result<Extent, Fault> {
        let lexeme = self.take()?;
        if lexeme.is(mark) {
            Ok(lexeme.extent)
        } else {
            Err(Fault::new(lexeme.extent, format!("`{mark}` is missing")))
        }
    }

    /// `by (..)` or `without (..)`, where it stands next.
    pub(super) fn grouping(&mut self) -> Result<Option<(Grouping, Extent)>, Fault> {
        let next = self.peek()?;
        let kind = match self.keyword(&next).as_deref() {
            Some("by") => GroupingKind::By,
            Some("without") => GroupingKind::Without,
            _ => return Ok(None),
        };
        self.take()?;
        let (labels, extent) = self.labels(&next)?;
        Ok(Some((Grouping { kind, labels }, extent)))
    }

    /// Labels in brackets, behind a keyword; also where all of it stands.
    fn labels(&mut self, keyword: &Lexeme) -> Result<(Vec<Label>, Extent), Fault> {
        let mut labels = Vec::new();
        let open = self.take()?;
        if !open.is("(") {
            let keyword = self.lexer.written(keyword.extent);
            return Err(Fault::new(open.extent, format!("`{keyword}` needs labels in brackets"))
                .help(format!("write `{keyword} (label, label)`")));
        }
        loop {
            let lexeme = self.take()?;
            if lexeme.is(")") {
                return Ok((labels, keyword.extent.to(lexeme.extent)));
            }
            self.count(lexeme.extent)?;
            labels.push(self.label(&lexeme, open.extent)?);
            let next = self.take()?;
            if next.is(")") {
                return Ok((labels, keyword.extent.to(next.extent)));
            }
            if next.token == Token::End {
                return Err(Fault::new(open.extent, "this bracket is not closed"));
            }
            if !next.is(",") {
                let message =
                    format!("`{}` cannot stand in a list of labels", self.lexer.written(next.extent));
                let written = self.lexer.written(keyword.extent);
                let help = if written.to_ascii_lowercase().starts_with("group_") {
                    format!("write `{written} ()` before an expression in brackets")
                } else {
                    "write labels with commas between them".to_owned()
                };
                return Err(Fault::new(next.extent, message).help(help));
            }
        }
    }

    fn label(&self, lexeme: &Lexeme, open: Extent) -> Result<Label, Fault> {
        let written = self.lexer.written(lexeme.extent);
        let name = match &lexeme.token {
            Token::Word if is_bare_label(written) => written,
            Token::Text(text) => text
                .as_str()
                .filter(|name| is_label_name(name))
                .ok_or_else(|| Fault::new(lexeme.extent, format!("{written} cannot be a label's name")))?,
            Token::End => return Err(Fault::new(open, "this bracket is not closed")),
            Token::Word | Token::Number(_) | Token::Duration(_) | Token::Mark(_) => {
                return Err(Fault::new(lexeme.extent, format!("`{written}` is not a label"))
                    .help(format!("write it in quotes, \"{written}\", if it is one")));
            }
        };
        Ok(Label { name: name.to_owned(), extent: lexeme.extent })
    }
}
