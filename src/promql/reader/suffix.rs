//! What follows an operand: its window, and where in time it looks.

use crate::promql::duration;
use crate::promql::feature::{Feature, require};
use crate::promql::item::Suffix;
use crate::promql::number::rounded;
use crate::promql::reader::Reader;
use crate::promql::selector::{At, Extended};
use crate::promql::token::{Lexeme, Token, Within};
use crate::unit::{Extent, Fault};

/// The first second that Prometheus does not count.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

impl Reader<'_> {
    /// Reads the suffix that stands next; none where it is none.
    pub(super) fn suffix(&mut self, next: &Lexeme) -> Result<Option<(Extent, Suffix)>, Fault> {
        if next.is("[") {
            return self.window().map(Some);
        }
        if next.is("@") {
            return self.at().map(Some);
        }
        let extended = match self.keyword(next).as_deref() {
            Some("offset") => {
                self.take()?;
                let mut reader = duration::Reader::new(&mut self.lexer, Within::Expression, self.features);
                let (length, extent) = reader.offset()?;
                return Ok(Some((next.extent.to(extent), Suffix::Offset(length))));
            }
            Some("anchored") => Extended::Anchored,
            Some("smoothed") => Extended::Smoothed,
            _ => return Ok(None),
        };
        self.take()?;
        require(
            self.features,
            Feature::ExtendedRangeSelectors,
            next.extent,
            &format!("`{}`", extended.text()),
        )?;
        Ok(Some((next.extent, Suffix::Extended(extended))))
    }

    /// `[range]`, or `[range:step]` of a subquery, whose step may be missing.
    fn window(&mut self) -> Result<(Extent, Suffix), Fault> {
        let open = self.take()?.extent;
        let mut reader = duration::Reader::new(&mut self.lexer, Within::Window, self.features);
        let (range, _) = reader.positive()?;
        let next = reader.lexer.next(Within::Window)?;
        if next.is("]") {
            return Ok((open.to(next.extent), Suffix::Range(range)));
        }
        if !next.is(":") {
            return Err(self.unclosed(open, &next));
        }
        if self.lexer.peek(Within::Window)?.is("]") {
            let close = self.lexer.next(Within::Window)?.extent;
            return Ok((open.to(close), Suffix::Subquery(range, None)));
        }
        let mut reader = duration::Reader::new(&mut self.lexer, Within::Window, self.features);
        let (step, _) = reader.positive()?;
        let close = reader.lexer.next(Within::Window)?;
        if close.is("]") {
            return Ok((open.to(close.extent), Suffix::Subquery(range, Some(step))));
        }
        Err(self.unclosed(open, &close))
    }

    fn unclosed(&self, open: Extent, found: &Lexeme) -> Fault {
        if found.token == Token::End {
            return Fault::new(open, "this bracket is not closed");
        }
        let written = self.lexer.written(found.extent);
        Fault::new(found.extent, format!("`{written}` cannot stand in a window"))
            .help("write `[5m]`, or `[1h:5m]` for a subquery")
    }

    /// `@ 1600000000`, `@ start()` or `@ end()`.
    fn at(&mut self) -> Result<(Extent, Suffix), Fault> {
        let start = self.take()?.extent;
        let mut lexeme = self.take()?;
        let named = match self.keyword(&lexeme).as_deref() {
            Some("start") => Some(At::Start),
            Some("end") => Some(At::End),
            _ => None,
        };
        if let Some(at) = named {
            self.expect("(")?;
            let end = self.expect(")")?;
            return Ok((start.to(end), Suffix::At(at)));
        }
        let negative = lexeme.is("-");
        let signed = lexeme.extent;
        if negative || lexeme.is("+") {
            lexeme = self.take()?;
        }
        let (Token::Number(seconds) | Token::Duration(seconds)) = lexeme.token else {
            return Err(Fault::new(lexeme.extent, "`@` needs a time")
                .help("write seconds since 1970, `start()` or `end()`"));
        };
        let seconds = if negative { -seconds } else { seconds };
        if !(-BEYOND < seconds && seconds < BEYOND) {
            return Err(Fault::new(signed.to(lexeme.extent), "the time lies beyond what can be counted"));
        }
        Ok((start.to(lexeme.extent), Suffix::At(At::Millis(rounded(seconds * 1_000.0)))))
    }
}
