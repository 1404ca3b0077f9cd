//! Histograms as the scripts write them.

use crate::signal::Histogram;
use crate::signal::histogram::{Buckets, Hint, Schema, Shortest};
use std::fmt;

/// A histogram as the scripts write it: `{{schema:1 count:22 sum:3 buckets:[5 10 7]}}`.
pub struct Notated<'a>(pub &'a Histogram);

impl fmt::Display for Notated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Buckets that are left out between others are written as 0, as one row has no gaps.
        let mut whole = self.0.clone();
        whole.compact(u32::MAX);
        let parts = whole.parts();
        let mut words = Words { f, is_first: true };
        words.f.write_str("{{")?;
        words.number("schema", f64::from(parts.schema.number()))?;
        words.number("count", parts.count)?;
        words.number("sum", parts.sum)?;
        words.number("z_bucket", parts.zero_count)?;
        words.number("z_bucket_w", parts.zero_threshold)?;
        if let Schema::Custom(bounds) = &parts.schema {
            words.row("custom_values", bounds)?;
        }
        if parts.hint != Hint::Unknown {
            words.word("counter_reset_hint", &parts.hint.word())?;
        }
        words.side(["offset", "buckets"], &parts.positive)?;
        words.side(["n_offset", "n_buckets"], &parts.negative)?;
        words.f.write_str("}}")
    }
}

/// Words with a space between them.
struct Words<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    is_first: bool,
}

impl Words<'_, '_> {
    fn word(&mut self, key: &str, value: &dyn fmt::Display) -> fmt::Result {
        let space = if std::mem::replace(&mut self.is_first, false) { "" } else { " " };
        write!(self.f, "{space}{key}:{value}")
    }

    /// A number, unless it is the one that stands where nothing is written.
    fn number(&mut self, key: &str, number: f64) -> fmt::Result {
        if number.to_bits() == 0 { Ok(()) } else { self.word(key, &Shortest(number)) }
    }

    fn row(&mut self, key: &str, numbers: &[f64]) -> fmt::Result {
        let numbers: Vec<String> = numbers.iter().map(|number| Shortest(*number).to_string()).collect();
        self.word(key, &format_args!("[{}]", numbers.join(" ")))
    }

    /// Buckets as one row.
    fn side(&mut self, [offset, row]: [&str; 2], side: &Buckets) -> fmt::Result {
        match side.first_index() {
            None => return Ok(()),
            Some(0) => (),
            Some(first) => self.word(offset, &first)?,
        }
        self.row(row, side.counts())
    }
}
