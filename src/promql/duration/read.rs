//! Reading durations.

use crate::promql::duration::{Arithmetic, LONGEST, Length, SIGN};
use crate::promql::feature::{Feature, Features, require};
use crate::promql::number::Number;
use crate::promql::token::{Lexeme, Lexer, Token, Within};
use crate::unit::{Extent, Fault};

/// The most parts that one duration may have.
const MAX_PARTS: usize = 100;

/// Reads durations off a lexer.
pub(in crate::promql) struct Reader<'l, 't> {
    pub(in crate::promql) lexer: &'l mut Lexer<'t>,
    pub(in crate::promql) within: Within,
    pub(in crate::promql) features: Features,
    parts: usize,
}

impl<'l, 't> Reader<'l, 't> {
    pub(in crate::promql) const fn new(lexer: &'l mut Lexer<'t>, within: Within, features: Features) -> Self {
        Self { lexer, within, features, parts: 0 }
    }

    /// The length of a window or of its step: arithmetic may follow at once.
    pub(in crate::promql) fn positive(&mut self) -> Result<(Length, Extent), Fault> {
        let (length, extent) = self.arithmetic(0)?;
        if length.fixed().is_some_and(|seconds| seconds <= 0.0) {
            return Err(
                Fault::new(extent, "a duration here must be greater than 0").help("write one like `5m`")
            );
        }
        Ok((length, extent))
    }

    /// What stands behind `offset`. Arithmetic behind it belongs to the whole expression, unless two signs or a
    /// bracket have shown that this is arithmetic: so Prometheus's grammar has it.
    pub(in crate::promql) fn offset(&mut self) -> Result<(Length, Extent), Fault> {
        let first = self.lexer.peek(self.within)?;
        if let Some(negative) = sign(&first) {
            self.lexer.next(self.within)?;
            let twice = sign(&self.lexer.peek(self.within)?).is_some();
            let (length, extent) = if twice { self.arithmetic(SIGN + 1)? } else { self.primary()? };
            let operand = signed(negative, length, first.extent.to(extent))?;
            return if twice { self.climb(operand, 0) } else { Ok(operand) };
        }
        let operand = self.primary()?;
        if first.is("(") { self.climb(operand, 0) } else { Ok(operand) }
    }

    fn arithmetic(&mut self, tightly: u8) -> Result<(Length, Extent), Fault> {
        let first = self.lexer.peek(self.within)?;
        let operand = if let Some(negative) = sign(&first) {
            self.part(first.extent)?;
            self.lexer.next(self.within)?;
            let (length, extent) = self.arithmetic(SIGN + 1)?;
            signed(negative, length, first.extent.to(extent))?
        } else {
            self.primary()?
        };
        self.climb(operand, tightly)
    }

    /// Takes operators that bind at least this tightly, and what stands behind them.
    fn climb(&mut self, operand: (Length, Extent), tightly: u8) -> Result<(Length, Extent), Fault> {
        let (mut left, mut extent) = operand;
        loop {
            let next = self.lexer.peek(self.within)?;
            let Some(operator) = Arithmetic::of(&next.token).filter(|operator| tightly <= operator.binds())
            else {
                return Ok((left, extent));
            };
            self.part(next.extent)?;
            self.lexer.next(self.within)?;
            let from_right = operator == Arithmetic::Power;
            let (right, end) = self.arithmetic(operator.binds() + u8::from(!from_right))?;
            let divides = matches!(operator, Arithmetic::Divide | Arithmetic::Remainder);
            if divides && right.fixed() == Some(0.0) {
                return Err(Fault::new(end, "this divides by zero"));
            }
            extent = extent.to(end);
            self.gate(extent)?;
            left = Length::Computed(Box::new(left), operator, Box::new(right));
        }
    }

    fn primary(&mut self) -> Result<(Length, Extent), Fault> {
        let lexeme = self.lexer.next(self.within)?;
        self.part(lexeme.extent)?;
        match lexeme.token {
            Token::Number(seconds) | Token::Duration(seconds) => fixed(seconds, lexeme.extent),
            Token::Word => self.function(lexeme.extent),
            Token::Mark("(") => {
                let (length, _) = self.arithmetic(0)?;
                let extent = lexeme.extent.to(self.expect(")")?);
                self.gate(extent)?;
                Ok((length, extent))
            }
            Token::Text(_) | Token::Mark(_) | Token::End => Err(self.missing(&lexeme)),
        }
    }

    fn function(&mut self, name: Extent) -> Result<(Length, Extent), Fault> {
        let word = self.lexer.written(name).to_ascii_lowercase();
        let unknown = || {
            Fault::new(name, format!("`{word}` is not a duration"))
                .help("write one like `5m`, or `step()`, `range()`, `min_of(a, b)`, `max_of(a, b)`")
        };
        if !["step", "range", "min_of", "max_of"].contains(&word.as_str()) {
            return Err(unknown());
        }
        self.expect("(")?;
        let length = match word.as_str() {
            "step" => Length::Step,
            "range" => Length::Range,
            _ => {
                let (left, _) = self.arithmetic(0)?;
                self.expect(",")?;
                let (right, _) = self.arithmetic(0)?;
                let (left, right) = (Box::new(left), Box::new(right));
                if word == "min_of" { Length::Shorter(left, right) } else { Length::Longer(left, right) }
            }
        };
        let extent = name.to(self.expect(")")?);
        self.gate(extent)?;
        Ok((length, extent))
    }

    pub(in crate::promql) fn expect(&mut self, mark: &str) -> Result<Extent, Fault> {
        let lexeme = self.lexer.next(self.within)?;
        if lexeme.is(mark) {
            return Ok(lexeme.extent);
        }
        Err(Fault::new(lexeme.extent, format!("`{mark}` is missing in this duration")))
    }

    fn missing(&self, found: &Lexeme) -> Fault {
        let written = self.lexer.written(found.extent);
        let message = match &found.token {
            Token::End => "the duration is missing".to_owned(),
            Token::Text(_) => format!("{written} is not a duration; write it without quotes"),
            Token::Mark("]") => "the window has no length".to_owned(),
            Token::Mark(_) | Token::Word | Token::Number(_) | Token::Duration(_) => {
                format!("`{written}` stands where a duration should")
            }
        };
        Fault::new(found.extent, message).help("write one like `30s`, `5m`, `1h30m`, `1d`")
    }

    fn gate(&self, extent: Extent) -> Result<(), Fault> {
        require(self.features, Feature::DurationExpressions, extent, "arithmetic in a duration")
    }

    fn part(&mut self, extent: Extent) -> Result<(), Fault> {
        self.parts += 1;
        if self.parts <= MAX_PARTS {
            return Ok(());
        }
        Err(Fault::new(extent, format!("a duration may have {MAX_PARTS} parts; this one has more")))
    }
}

fn sign(lexeme: &Lexeme) -> Option<bool> {
    if lexeme.is("-") {
        Some(true)
    } else if lexeme.is("+") {
        Some(false)
    } else {
        None
    }
}

fn signed(negative: bool, length: Length, extent: Extent) -> Result<(Length, Extent), Fault> {
    if !negative {
        return Ok((length, extent));
    }
    match length.fixed() {
        Some(seconds) => fixed(-seconds, extent),
        None => Ok((Length::Negated(Box::new(length)), extent)),
    }
}

fn fixed(seconds: f64, extent: Extent) -> Result<(Length, Extent), Fault> {
    if seconds.is_nan() || LONGEST < seconds.abs() {
        return Err(Fault::new(extent, "the duration is too long; the longest is 292y"));
    }
    Ok((Length::Fixed(Number(seconds)), extent))
}
