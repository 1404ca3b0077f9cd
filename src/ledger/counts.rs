//! Looks and openings as a few bytes each: ten thousand gates that look every half minute are thirty million looks a
//! day.
//!
//! Looks stand on a grid and groups of one side are about as large as each other, so each time is written as how much
//! later it is than the one before, and each size as how much larger.

use crate::gate::{Counted, Look, Opening, Tally};
use crate::ledger::entry::Malformed;
use crate::ledger::varint::{Reader, Writer};
use crate::unit::UnixMillis;

/// Tallies that follow each other, with the size of the last.
struct Tallies {
    of: u64,
}

impl Tallies {
    fn write(&mut self, writer: &mut Writer, tally: Tally) {
        writer.whole(tally.events);
        writer.signed(tally.of.wrapping_sub(self.of).cast_signed());
        self.of = tally.of;
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Result<Tally, Malformed> {
        let events = reader.whole()?;
        self.of = self.of.wrapping_add(reader.signed()?.cast_unsigned());
        Ok(Tally { events, of: self.of })
    }
}

/// How times are written: in seconds where all of them allow it.
#[derive(Clone, Copy)]
enum Grain {
    Seconds,
    Millis,
}

impl Grain {
    fn of(at: UnixMillis, looks: &[Look]) -> Self {
        if steps(at, looks).all(|step| step % 1_000 == 0) { Self::Seconds } else { Self::Millis }
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.byte()? {
            0 => Ok(Self::Seconds),
            1 => Ok(Self::Millis),
            other => Err(Malformed::Grain(other)),
        }
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Seconds => 0,
            Self::Millis => 1,
        }
    }

    const fn millis(self) -> i64 {
        match self {
            Self::Seconds => 1_000,
            Self::Millis => 1,
        }
    }
}

/// How much later each look is than the one before, the first than `at`.
fn steps(at: UnixMillis, looks: &[Look]) -> impl Iterator<Item = i64> {
    let befores = std::iter::once(at).chain(looks.iter().map(|look| look.at));
    befores.zip(looks).map(|(before, look)| look.at.millis().wrapping_sub(before.millis()))
}

/// Writes looks into a record of the time `at`.
pub(super) fn write_looks(writer: &mut Writer, at: UnixMillis, looks: &[Look]) {
    let grain = Grain::of(at, looks);
    writer.length(looks.len());
    writer.byte(grain.byte());
    let mut tallies = Tallies { of: 0 };
    for (look, step) in looks.iter().zip(steps(at, looks)) {
        writer.signed(step / grain.millis());
        writer.length(look.counted.len());
        for counted in &look.counted {
            let Some(counted) = counted else {
                writer.length(0);
                continue;
            };
            writer.length(1 + counted.old.len());
            tallies.write(writer, counted.new);
            for old in &counted.old {
                tallies.write(writer, *old);
            }
        }
    }
}

/// Reads looks from a record of the time `at`.
pub(super) fn read_looks(reader: &mut Reader<'_>, at: UnixMillis) -> Result<Vec<Look>, Malformed> {
    let length = reader.length()?;
    let grain = Grain::read(reader)?.millis();
    let mut at = at.millis();
    let mut tallies = Tallies { of: 0 };
    let mut looks = Vec::new();
    for _ in 0..length {
        at = at.wrapping_add(reader.signed()?.wrapping_mul(grain));
        let mut counted = Vec::new();
        for _ in 0..reader.length()? {
            counted.push(read_counted(reader, &mut tallies)?);
        }
        looks.push(Look { at: UnixMillis::new(at), counted });
    }
    Ok(looks)
}

fn read_counted(reader: &mut Reader<'_>, tallies: &mut Tallies) -> Result<Option<Counted>, Malformed> {
    let Some(groups) = reader.length()?.checked_sub(1) else { return Ok(None) };
    let new = tallies.read(reader)?;
    let old = (0..groups).map(|_| tallies.read(reader)).collect::<Result<_, _>>()?;
    Ok(Some(Counted { new, old }))
}

/// What was known of each check before the first look, in bytes for each.
pub(super) fn write_opening(opening: &Opening) -> Vec<Vec<u8>> {
    let write = |rows: &Vec<Vec<Tally>>| {
        let mut writer = Writer::default();
        let mut tallies = Tallies { of: 0 };
        writer.length(rows.len());
        for row in rows {
            writer.length(row.len());
            for tally in row {
                tallies.write(&mut writer, *tally);
            }
        }
        writer.finish()
    };
    opening.rows.iter().map(write).collect()
}

/// Reads what was known of one check.
pub(super) fn read_rows(bytes: &[u8]) -> Result<Vec<Vec<Tally>>, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut tallies = Tallies { of: 0 };
    let mut rows = Vec::new();
    for _ in 0..reader.length()? {
        let groups = reader.length()?;
        rows.push((0..groups).map(|_| tallies.read(&mut reader)).collect::<Result<_, _>>()?);
    }
    reader.finish()?;
    Ok(rows)
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

    fn look() -> impl Strategy<Value = Look> {
        let counted =
            (tally(), prop::collection::vec(tally(), 0..9)).prop_map(|(new, old)| Counted { new, old });
        let at =
            prop_oneof![(0..100_i64).prop_map(|seconds| 1_795_271_400_000 + seconds * 1_000), any::<i64>()];
        (at, prop::collection::vec(prop::option::of(counted), 0..4))
            .prop_map(|(at, counted)| Look { at: UnixMillis::new(at), counted })
    }

    fn written(at: UnixMillis, looks: &[Look]) -> Vec<u8> {
        let mut writer = Writer::default();
        write_looks(&mut writer, at, looks);
        writer.finish()
    }

    proptest! {
        #[test]
        fn looks_come_back(at: i64, looks in prop::collection::vec(look(), 0..5)) {
            let at = UnixMillis::new(at);
            let bytes = written(at, &looks);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(read_looks(&mut reader, at), Ok(looks));
            prop_assert_eq!(reader.finish(), Ok(()));
        }

        #[test]
        fn openings_come_back(rows in prop::collection::vec(
            prop::collection::vec(prop::collection::vec(tally(), 0..9), 0..20),
            0..4,
        )) {
            let written = write_opening(&Opening { rows: rows.clone() });
            let read: Result<Vec<_>, _> = written.iter().map(|bytes| read_rows(bytes)).collect();
            prop_assert_eq!(read, Ok(rows));
        }

        #[test]
        fn no_bytes_are_too_much(bytes: Vec<u8>) {
            drop(read_looks(&mut Reader::new(&bytes), UnixMillis::new(0)));
            drop(read_rows(&bytes));
        }
    }

    #[test]
    fn typical_looks_are_small() {
        let old = |seed: u64| {
            (0..8).map(move |group| Tally { events: (seed + group) % 3, of: 340 + 7 * group % 31 })
        };
        let counted = |seed| Some(Counted { new: Tally { events: 1, of: 150 }, old: old(seed).collect() });
        let look = |at, seed| Look { at: UnixMillis::new(at), counted: vec![counted(seed)] };
        let looks = [look(1_795_271_400_000, 1), look(1_795_271_430_000, 2)];
        let bytes = written(looks[1].at, &looks).len();
        assert!((30..=60).contains(&bytes), "{bytes} bytes");
    }
}
