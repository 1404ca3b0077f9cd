//! How long a window is and how far a selector looks back: a constant, or arithmetic on the query's own step
//! and range.

use crate::promql::error::Error;
use crate::promql::feature::{Feature, Features};
use crate::promql::number::Number;
use crate::promql::token::{Lexeme, Lexer, Token, Within, seconds};
use crate::unit::{Extent, Span};
use std::fmt;

/// The most parts that one duration may have.
const MAX_PARTS: usize = 100;

/// Seconds beyond which Prometheus's 64 bits of nanoseconds do not reach.
const LONGEST: f64 = 9_223_372_036.854_776;

/// A duration as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// Seconds.
    Fixed(Number),
    /// The query's step: `step()`.
    Step,
    /// The query's range: `range()`.
    Range,
    /// `-` before it; `+` changes nothing and is not kept.
    Negated(Box<Length>),
    /// Arithmetic.
    Computed(Box<Length>, Arithmetic, Box<Length>),
    /// The shorter of two: `min_of(a, b)`.
    Shorter(Box<Length>, Box<Length>),
    /// The longer of two: `max_of(a, b)`.
    Longer(Box<Length>, Box<Length>),
}

/// What is done with two durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `^`
    Power,
}

impl Arithmetic {
    const fn mark(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "^",
        }
    }

    fn of(token: &Token) -> Option<Self> {
        let Token::Mark(mark) = token else { return None };
        [Self::Add, Self::Subtract, Self::Multiply, Self::Divide, Self::Remainder, Self::Power]
            .into_iter()
            .find(|operator| operator.mark() == *mark)
    }

    /// How tightly it binds; a sign binds as `*` does.
    const fn binds(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide | Self::Remainder => SIGN,
            Self::Power => 3,
        }
    }
}

const SIGN: u8 = 2;

impl Length {
    /// Its seconds, where they do not depend on the query.
    pub fn fixed(&self) -> Option<f64> {
        if let Self::Fixed(seconds) = self { Some(seconds.0) } else { None }
    }

    fn binds(&self) -> u8 {
        match self {
            Self::Computed(_, operator, _) => operator.binds(),
            Self::Negated(_) => SIGN,
            Self::Fixed(seconds) if seconds.0.is_sign_negative() => SIGN,
            Self::Fixed(_) | Self::Step | Self::Range | Self::Shorter(..) | Self::Longer(..) => u8::MAX,
        }
    }

    /// Prints it so that it stays one operand beside an operator that binds this tightly.
    fn within(&self, f: &mut fmt::Formatter<'_>, tightly: u8) -> fmt::Result {
        if self.binds() < tightly { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(number) => match whole_millis(number.0.abs()) {
                Some(span) if number.0.is_sign_negative() => write!(f, "-{span}"),
                Some(span) => write!(f, "{span}"),
                None => write!(f, "{number}"),
            },
            Self::Step => f.write_str("step()"),
            Self::Range => f.write_str("range()"),
            Self::Negated(length) => {
                f.write_str("-")?;
                length.within(f, SIGN + 1)
            }
            Self::Computed(left, operator, right) => {
                // A power binds from the right, all else from the left.
                let tightly = operator.binds();
                let (left_tightly, right_tightly) = if *operator == Arithmetic::Power {
                    (tightly + 1, tightly)
                } else {
                    (tightly, tightly + 1)
                };
                left.within(f, left_tightly)?;
                write!(f, " {} ", operator.mark())?;
                right.within(f, right_tightly)
            }
            Self::Shorter(left, right) => write!(f, "min_of({left}, {right})"),
            Self::Longer(left, right) => write!(f, "max_of({left}, {right})"),
        }
    }
}

/// The span that reads back as these seconds, where there is one.
fn whole_millis(number: f64) -> Option<Span> {
    if !(0.0..LONGEST).contains(&number) {
        return None;
    }
    let millis = (number * 1_000.0).round();
    let span = Span::from_millis(millis as u64);
    (Number(seconds(span)) == Number(number)).then_some(span)
}

/// Reads durations off a lexer.
pub(super) struct Reader<'l, 't> {
    pub(super) lexer: &'l mut Lexer<'t>,
    pub(super) within: Within,
    pub(super) features: Features,
    parts: usize,
}

impl<'l, 't> Reader<'l, 't> {
    pub(super) const fn new(lexer: &'l mut Lexer<'t>, within: Within, features: Features) -> Self {
        Self { lexer, within, features, parts: 0 }
    }

    /// The length of a window or of its step: arithmetic may follow at once.
    pub(super) fn positive(&mut self) -> Result<(Length, Extent), Error> {
        let (length, extent) = self.arithmetic(0)?;
        if length.fixed().is_some_and(|seconds| seconds <= 0.0) {
            return Err(
                Error::new(extent, "a duration here must be greater than 0").help("write one like `5m`")
            );
        }
        Ok((length, extent))
    }

    /// What stands behind `offset`: arithmetic only within brackets, else it belongs to the whole expression.
    pub(super) fn offset(&mut self) -> Result<(Length, Extent), Error> {
        let first = self.lexer.peek(self.within)?;
        if let Some(negative) = sign(&first) {
            self.lexer.next(self.within)?;
            let (length, extent) = self.primary()?;
            return signed(negative, length, first.extent.to(extent));
        }
        let operand = self.primary()?;
        if first.is("(") { self.climb(operand, 0) } else { Ok(operand) }
    }

    fn arithmetic(&mut self, tightly: u8) -> Result<(Length, Extent), Error> {
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
    fn climb(&mut self, operand: (Length, Extent), tightly: u8) -> Result<(Length, Extent), Error> {
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
                return Err(Error::new(end, "this divides by zero"));
            }
            extent = extent.to(end);
            self.gate(extent)?;
            left = Length::Computed(Box::new(left), operator, Box::new(right));
        }
    }

    fn primary(&mut self) -> Result<(Length, Extent), Error> {
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

    fn function(&mut self, name: Extent) -> Result<(Length, Extent), Error> {
        let word = self.lexer.written(name).to_ascii_lowercase();
        let unknown = || {
            Error::new(name, format!("`{word}` is not a duration"))
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

    pub(super) fn expect(&mut self, mark: &str) -> Result<Extent, Error> {
        let lexeme = self.lexer.next(self.within)?;
        if lexeme.is(mark) {
            return Ok(lexeme.extent);
        }
        Err(Error::new(lexeme.extent, format!("`{mark}` is missing in this duration")))
    }

    fn missing(&self, found: &Lexeme) -> Error {
        let written = self.lexer.written(found.extent);
        let message = match &found.token {
            Token::End => "the duration is missing".to_owned(),
            Token::Text(_) => format!("{written} is not a duration; write it without quotes"),
            Token::Mark("]") => "the window has no length".to_owned(),
            Token::Mark(_) | Token::Word | Token::Number(_) | Token::Duration(_) => {
                format!("`{written}` stands where a duration should")
            }
        };
        Error::new(found.extent, message).help("write one like `30s`, `5m`, `1h30m`, `1d`")
    }

    fn gate(&self, extent: Extent) -> Result<(), Error> {
        require(self.features, Feature::DurationExpressions, extent, "arithmetic in a duration")
    }

    fn part(&mut self, extent: Extent) -> Result<(), Error> {
        self.parts += 1;
        if self.parts <= MAX_PARTS {
            return Ok(());
        }
        Err(Error::new(extent, format!("a duration may have {MAX_PARTS} parts; this one has more")))
    }
}

/// Refuses what needs a feature that is off.
pub(super) fn require(features: Features, feature: Feature, extent: Extent, what: &str) -> Result<(), Error> {
    if features.has(feature) {
        return Ok(());
    }
    Err(Error::new(extent, format!("{what} is experimental, and the feature `{feature}` is off"))
        .help(format!("switch on `{feature}` here and in Prometheus, or write it without")))
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

fn signed(negative: bool, length: Length, extent: Extent) -> Result<(Length, Extent), Error> {
    match length {
        length if !negative => Ok((length, extent)),
        Length::Fixed(Number(seconds)) => fixed(-seconds, extent),
        length => Ok((Length::Negated(Box::new(length)), extent)),
    }
}

fn fixed(seconds: f64, extent: Extent) -> Result<(Length, Extent), Error> {
    if seconds.is_nan() || LONGEST < seconds.abs() {
        return Err(Error::new(extent, "the duration is too long; the longest is 292y"));
    }
    Ok((Length::Fixed(Number(seconds)), extent))
}
