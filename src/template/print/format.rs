//! `printf`: a text with places for values.

use crate::template::paper::{Full, Paper};
use crate::template::print::flags::Flags;
use crate::template::print::one;
use crate::template::value::Value;

/// The largest width or precision that is taken for one.
const LARGEST: usize = 1_000_000;

/// A format and how much of it is read.
struct Format<'f> {
    rest: &'f [u8],
    arguments: &'f [Value],
    /// The argument that comes next.
    next: usize,
    /// Whether a place has named its argument. What is left over is then not complained of.
    reordered: bool,
    /// Whether an index named an argument that is there.
    good: bool,
    /// Whether an index was the last that was read.
    after_index: bool,
}

/// What `printf` makes of a format and what goes into it.
pub(in crate::template) fn formatted(
    paper: &mut Paper,
    format: &[u8],
    arguments: &[Value],
) -> Result<(), Full> {
    let mut format =
        Format { rest: format, arguments, next: 0, reordered: false, good: true, after_index: false };
    while let Some(percent) = format.rest.iter().position(|byte| *byte == b'%') {
        let (before, rest) = format.rest.split_at(percent);
        paper.write(before)?;
        format.rest = rest.get(1..).unwrap_or_default();
        format.place(paper)?;
    }
    paper.write(format.rest)?;
    format.left_over(paper)
}

impl Format<'_> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn skip(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    /// What stands behind a `%`.
    fn place(&mut self, paper: &mut Paper) -> Result<(), Full> {
        let mut flags = Flags::default();
        (self.good, self.after_index) = (true, false);
        while let Some(byte) = self.peek() {
            let flag = match byte {
                b'#' => &mut flags.sharp,
                b'0' => &mut flags.zero,
                b'+' => &mut flags.plus,
                b'-' => &mut flags.minus,
                b' ' => &mut flags.space,
                _ => break,
            };
            *flag = true;
            self.skip(1);
        }
        self.index();
        self.width(&mut flags, paper)?;
        self.precision(&mut flags, paper)?;
        if !self.after_index {
            self.index();
        }
        let Some(verb) = self.verb() else { return paper.write("%!(NOVERB)") };
        let wrong = |paper: &mut Paper, what: &str| {
            paper.write("%!")?;
            paper.write(verb.encode_utf8(&mut [0; 4]))?;
            paper.write(what)
        };
        if verb == '%' {
            return paper.write("%");
        }
        if !self.good {
            return wrong(paper, "(BADINDEX)");
        }
        let Some(value) = self.arguments.get(self.next) else { return wrong(paper, "(MISSING)") };
        self.next += 1;
        if verb == 'v' {
            (flags.go, flags.names) = (flags.sharp, flags.plus);
            (flags.sharp, flags.plus) = (false, false);
        }
        one(paper, value, verb, &mut flags)
    }

    fn verb(&mut self) -> Option<char> {
        let chunk = self.rest.utf8_chunks().next()?;
        let verb = chunk.valid().chars().next();
        self.skip(verb.map_or(1, char::len_utf8));
        Some(verb.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// `[2]`, which names the argument that comes next.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let close = self.rest.iter().position(|byte| *byte == b']').filter(|_| 3 <= self.rest.len());
        let Some(close) = close else {
            self.good = false;
            self.skip(1);
            return;
        };
        let inside = self.rest.get(1..close).unwrap_or_default();
        let (number, read) = leading(inside);
        let wanted = number.filter(|_| read == inside.len()).and_then(|number| number.checked_sub(1));
        self.skip(close + 1);
        self.after_index = wanted.is_some();
        match wanted.filter(|wanted| *wanted < self.arguments.len()) {
            Some(wanted) => self.next = wanted,
            None => self.good = false,
        }
    }

    fn width(&mut self, flags: &mut Flags, paper: &mut Paper) -> Result<(), Full> {
        if self.peek() == Some(b'*') {
            self.skip(1);
            self.after_index = false;
            match self.whole() {
                None => return paper.write("%!(BADWIDTH)"),
                Some(width) => {
                    flags.width = usize::try_from(width.unsigned_abs()).ok();
                    if width < 0 {
                        (flags.minus, flags.zero) = (true, false);
                    }
                }
            }
            return Ok(());
        }
        let (width, read) = leading(self.rest);
        self.skip(read);
        flags.width = width;
        if self.after_index && width.is_some() {
            self.good = false;
        }
        Ok(())
    }

    fn precision(&mut self, flags: &mut Flags, paper: &mut Paper) -> Result<(), Full> {
        if self.peek() != Some(b'.') {
            return Ok(());
        }
        self.skip(1);
        if self.after_index {
            self.good = false;
        }
        self.index();
        if self.peek() == Some(b'*') {
            self.skip(1);
            self.after_index = false;
            match self.whole() {
                None => return paper.write("%!(BADPREC)"),
                Some(precision) if precision < 0 => return paper.write("%!(BADPREC)"),
                Some(precision) => flags.precision = usize::try_from(precision).ok(),
            }
            return Ok(());
        }
        let (precision, read) = leading(self.rest);
        self.skip(read);
        flags.precision = Some(precision.unwrap_or(0));
        Ok(())
    }

    /// The next argument as a width; none where it is no whole number, or too large for one.
    fn whole(&mut self) -> Option<i64> {
        let value = self.arguments.get(self.next)?;
        self.next += 1;
        let whole = if let Value::Int(whole) = value {
            *whole
        } else if let Value::Byte(byte) = value {
            i64::from(*byte)
        } else {
            return None;
        };
        (whole.unsigned_abs() <= LARGEST as u64).then_some(whole)
    }

    fn left_over(&self, paper: &mut Paper) -> Result<(), Full> {
        let left = self.arguments.get(self.next..).unwrap_or_default();
        if self.reordered || left.is_empty() {
            return Ok(());
        }
        paper.write("%!(EXTRA ")?;
        for (place, value) in left.iter().enumerate() {
            if place != 0 {
                paper.write(", ")?;
            }
            paper.write(value.type_name())?;
            if *value != Value::Missing {
                paper.write("=")?;
                one(paper, value, 'v', &mut Flags::default())?;
            }
        }
        paper.write(")")
    }
}

/// The number at the start, and the bytes it takes. One that is too large takes all that follows with it.
fn leading(bytes: &[u8]) -> (Option<usize>, usize) {
    let mut number = None;
    for (read, byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_digit() {
            return (number, read);
        }
        let before = number.unwrap_or(0);
        if LARGEST < before {
            return (None, bytes.len());
        }
        number = Some(before * 10 + usize::from(byte - b'0'));
    }
    (number, bytes.len())
}
