//! Series as they are written: `name{label="value"} 1 2+3x4 _ stale`.

use std::sync::Arc;

use crate::promql::script::error::Misread;
use crate::promql::token::{Lexeme, Lexer, Token, Within};
use crate::signal::{Histogram, Labels, NAME, Point, WrittenHistogram, WrittenValue, written_values};
use crate::unit::Fault;

/// A series with its values, one for each step.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) labels: Labels,
    pub(super) values: Vec<Option<Written>>,
}

/// A value as it is written.
#[derive(Debug, Clone)]
pub(super) enum Written {
    /// A number.
    Float(f64),
    /// A histogram.
    Histogram {
        histogram: Arc<Histogram>,
        /// Whether it says if the counter began anew: only then is that compared.
        hint: bool,
    },
}

impl Written {
    pub(super) fn point(&self) -> Point {
        match self {
            Self::Float(value) => Point::Float(*value),
            Self::Histogram { histogram, .. } => Point::Histogram(histogram.clone()),
        }
    }
}

impl Row {
    pub(super) fn read(line: &str) -> Result<Self, Misread> {
        let (labels, rest) = labels(line)?;
        Ok(Self { labels, values: values(rest)? })
    }
}

fn values(text: &str) -> Result<Vec<Option<Written>>, Misread> {
    let values = written_values(text).map_err(|error| Misread::Values(error.to_string()))?;
    let written = |value: WrittenValue| match value {
        WrittenValue::Number(value) => Written::Float(value),
        WrittenValue::Histogram(WrittenHistogram { histogram, hint_given }) => {
            Written::Histogram { histogram: Arc::new(histogram), hint: hint_given }
        }
    };
    Ok(values.into_iter().map(|value| value.map(written)).collect())
}

/// The labels at the start of a line, and what follows them.
pub(super) fn labels(line: &str) -> Result<(Labels, &str), Misread> {
    let mut reader = Reader { line, lexer: Lexer::new(line), pairs: Vec::new(), end: 0 };
    let wrong = |why: String| Misread::Series { text: line.to_owned(), why };
    reader.all().map_err(|fault| wrong(fault.message))?;
    let labels = Labels::new(reader.pairs).map_err(|error| wrong(error.to_string()))?;
    Ok((labels, line.get(reader.end..).unwrap_or_default()))
}

struct Reader<'t> {
    line: &'t str,
    lexer: Lexer<'t>,
    pairs: Vec<(String, String)>,
    /// How far it has read.
    end: usize,
}

impl Reader<'_> {
    fn all(&mut self) -> Result<(), Fault> {
        let first = self.lexer.peek(Within::Expression)?;
        if first.token == Token::Word {
            self.take(Within::Expression)?;
            self.pairs.push((NAME.to_owned(), self.lexer.written(first.extent).to_owned()));
        } else if !first.is("{") {
            return Err(Fault::new(first.extent, "it begins with neither a name nor a brace"));
        }
        // What follows a name may be a value, which reads as anything; a histogram begins with two braces.
        let braces =
            |next: &Lexeme| next.is("{") && !self.line[next.extent.start as usize..].starts_with("{{");
        if self.lexer.peek(Within::Expression).is_ok_and(|next| braces(&next)) {
            self.take(Within::Expression)?;
            while !self.ends()? {
                self.pair()?;
            }
        }
        Ok(())
    }

    fn take(&mut self, within: Within) -> Result<Token, Fault> {
        let lexeme = self.lexer.next(within)?;
        self.end = lexeme.extent.end as usize;
        Ok(lexeme.token)
    }

    fn ends(&mut self) -> Result<bool, Fault> {
        let ends = self.lexer.peek(Within::Braces)?.is("}");
        if ends {
            self.take(Within::Braces)?;
        }
        Ok(ends)
    }

    /// A label with its value, or the name in quotes, and the comma that follows.
    fn pair(&mut self) -> Result<(), Fault> {
        let first = self.lexer.peek(Within::Braces)?;
        let quoted = matches!(first.token, Token::Text(_));
        let name = match self.take(Within::Braces)? {
            Token::Word => self.lexer.written(first.extent).to_owned(),
            Token::Text(text) => text.as_str().unwrap_or_default().to_owned(),
            Token::Number(_) | Token::Duration(_) | Token::Mark(_) | Token::End => {
                return Err(Fault::new(first.extent, "a label or a closing brace is missing"));
            }
        };
        let next = self.lexer.peek(Within::Braces)?;
        if next.is("=") {
            self.take(Within::Braces)?;
            let Token::Text(value) = self.take(Within::Braces)? else {
                return Err(Fault::new(next.extent, format!("label `{name}` has no value in quotes")));
            };
            let value =
                value.as_str().ok_or_else(|| Fault::new(next.extent, "a value is not valid UTF-8"))?;
            self.pairs.push((name, value.to_owned()));
        } else if quoted {
            self.pairs.push((NAME.to_owned(), name));
        } else {
            return Err(Fault::new(next.extent, format!("label `{name}` has no `=`")));
        }
        let next = self.lexer.peek(Within::Braces)?;
        match () {
            () if next.is(",") => self.take(Within::Braces).map(drop),
            () if next.is("}") => Ok(()),
            () => Err(Fault::new(next.extent, "a comma or a closing brace is missing")),
        }
    }
}
