//! Counts as a few bytes each: ten thousand gates that look every half minute are thirty million looks a day.
//!
//! Groups of one side are about as large as each other, so each size is written as how much larger it is than the one
//! before.

use crate::gate::{Counted, Levels, Tally};
use crate::ledger::entry::Malformed;
use crate::ledger::varint::{Reader, Writer};

/// Tallies that follow each other, with the size of the last.
#[derive(Default)]
pub(super) struct Tallies {
    of: u64,
}

impl Tallies {
    pub(super) fn write(&mut self, writer: &mut Writer, tally: Tally) {
        writer.whole(tally.events);
        writer.signed(tally.of.wrapping_sub(self.of).cast_signed());
        self.of = tally.of;
    }

    pub(super) fn read(&mut self, reader: &mut Reader<'_>) -> Result<Tally, Malformed> {
        let events = reader.whole()?;
        self.of = self.of.wrapping_add(reader.signed()?.cast_unsigned());
        Ok(Tally { events, of: self.of })
    }

    pub(super) fn write_all(&mut self, writer: &mut Writer, tallies: &[Tally]) {
        writer.length(tallies.len());
        for tally in tallies {
            self.write(writer, *tally);
        }
    }

    pub(super) fn read_all(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Tally>, Malformed> {
        (0..reader.length()?).map(|_| self.read(reader)).collect()
    }

    pub(super) fn write_counted(&mut self, writer: &mut Writer, counted: &Counted) {
        self.write(writer, counted.new);
        self.write_all(writer, &counted.old);
    }

    pub(super) fn read_counted(&mut self, reader: &mut Reader<'_>) -> Result<Counted, Malformed> {
        Ok(Counted { new: self.read(reader)?, old: self.read_all(reader)? })
    }
}

/// Rows of counts.
pub(super) fn write_rows(rows: &[Vec<Tally>]) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut tallies = Tallies::default();
    writer.length(rows.len());
    for row in rows {
        tallies.write_all(&mut writer, row);
    }
    writer.finish()
}

/// Reads rows of counts.
pub(super) fn read_rows(bytes: &[u8]) -> Result<Vec<Vec<Tally>>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut tallies = Tallies::default();
    let rows = (0..reader.length()?).map(|_| tallies.read_all(&mut reader)).collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(rows)
}

/// Levels of a measure.
pub(super) fn write_levels(levels: &[Levels]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.length(levels.len());
    for level in levels {
        writer.real(level.new);
        writer.real(level.old);
    }
    writer.finish()
}

/// Reads levels of a measure.
pub(super) fn read_levels(bytes: &[u8]) -> Result<Vec<Levels>, Malformed> {
    let mut reader = Reader::new(bytes);
    let level = |reader: &mut Reader<'_>| Ok(Levels { new: reader.real()?, old: reader.real()? });
    let levels = (0..reader.length()?).map(|_| level(&mut reader)).collect::<Result<_, _>>()?;
    reader.finish()?;
    Ok(levels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally() -> impl Strategy<Value = Tally> {
        prop_oneof![
            (0..50_u64, 0..5_000_u64).prop_map(|(events, of)| Tally { events, of }),
            any::<(u64, u64)>().prop_map(|(events, of)| Tally { events, of }),
        ]
    }

    proptest! {
        #[test]
        fn rows_come_back(rows in prop::collection::vec(prop::collection::vec(tally(), 0..9), 0..20)) {
            prop_assert_eq!(read_rows(&write_rows(&rows)), Ok(rows));
        }

        #[test]
        fn levels_come_back(levels in prop::collection::vec((-1e9..1e9_f64, any::<i32>()), 0..20)) {
            let levels: Vec<Levels> =
                levels.into_iter().map(|(new, old)| Levels { new, old: f64::from(old) }).collect();
            prop_assert_eq!(read_levels(&write_levels(&levels)), Ok(levels));
        }

        #[test]
        fn no_bytes_are_too_much(bytes: Vec<u8>) {
            drop(read_rows(&bytes));
            drop(read_levels(&bytes));
        }
    }
}
