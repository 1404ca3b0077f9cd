//! What stands between `%` and a verb, and what it does to a number.

use crate::template::paper::{Full, Paper};
use crate::template::print::text;

/// Flags, width and precision.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a character of its own")]
pub(super) struct Flags {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`: fields go with their names.
    pub(super) names: bool,
    /// `%#v`: as Go would write it.
    pub(super) go: bool,
}

impl Flags {
    /// Writes it as wide as is asked for.
    pub(super) fn pad(&self, paper: &mut Paper, bytes: &[u8]) -> Result<(), Full> {
        let width = text::characters(bytes);
        let missing = self.width.unwrap_or(0).saturating_sub(width);
        if self.minus {
            paper.write(bytes)?;
            return paper.repeat(b' ', missing);
        }
        paper.repeat(if self.zero { b'0' } else { b' ' }, missing)?;
        paper.write(bytes)
    }

    /// The same, and never with zeros.
    pub(super) fn pad_with_spaces(&self, paper: &mut Paper, bytes: &[u8]) -> Result<(), Full> {
        Self { zero: false, ..self.clone() }.pad(paper, bytes)
    }

    /// A whole number; false where the verb is not for one.
    pub(super) fn whole(
        &self,
        paper: &mut Paper,
        magnitude: u64,
        negative: bool,
        verb: char,
    ) -> Result<bool, Full> {
        let digits = match verb {
            'v' | 'd' => magnitude.to_string(),
            'b' => format!("{magnitude:b}"),
            'o' | 'O' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            'c' | 'q' | 'U' => {
                let signed = if negative { u64::MAX } else { magnitude };
                text::code(paper, signed, verb, self)?;
                return Ok(true);
            }
            _ => return Ok(false),
        };
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            (false, false, false) => "",
        };
        let least = match (self.precision, self.width) {
            (Some(0), _) if magnitude == 0 => {
                return self.pad_with_spaces(paper, b"").map(|()| true);
            }
            (Some(precision), _) => precision,
            (None, Some(width)) if self.zero && !self.minus => width.saturating_sub(sign.len()),
            (None, _) => 0,
        };
        let zeros = least.saturating_sub(digits.len());
        let base = match verb {
            'O' => "0o",
            'b' if self.sharp => "0b",
            'o' if self.sharp && zeros == 0 && !digits.starts_with('0') => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        let mut written = Paper::default();
        written.write(sign)?;
        written.write(base)?;
        written.repeat(b'0', zeros)?;
        written.write(digits)?;
        self.pad_with_spaces(paper, &written.bytes).map(|()| true)
    }
}
