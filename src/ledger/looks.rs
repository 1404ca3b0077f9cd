//! Looks as bytes. They stand on a grid, so each time is written as how much later it is than the one before.

use crate::gate::{Arm, Counts, Found, Gap, Lacking, Levels, Look};
use crate::ledger::counts::Tallies;
use crate::ledger::entry::Malformed;
use crate::ledger::varint::{Reader, Writer};
use crate::signal::Deaf;
use crate::unit::UnixMillis;

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
    let mut tallies = Tallies::default();
    for (look, step) in looks.iter().zip(steps(at, looks)) {
        writer.signed(step / grain.millis());
        writer.length(look.found.len());
        for found in &look.found {
            write_found(writer, &mut tallies, found);
        }
    }
}

/// Reads looks from a record of the time `at`.
pub(super) fn read_looks(reader: &mut Reader<'_>, at: UnixMillis) -> Result<Vec<Look>, Malformed> {
    let length = reader.length()?;
    let grain = Grain::read(reader)?.millis();
    let mut at = at.millis();
    let mut tallies = Tallies::default();
    let mut looks = Vec::new();
    for _ in 0..length {
        at = at.wrapping_add(reader.signed()?.wrapping_mul(grain));
        let many = reader.length()?;
        let found = (0..many).map(|_| read_found(reader, &mut tallies)).collect::<Result<_, _>>()?;
        looks.push(Look { at: UnixMillis::new(at), found });
    }
    Ok(looks)
}

/// What was found, by the first byte of it; from here on, so many strands were counted.
const MISSING: usize = 0;
const LEVELS: usize = 1;
const VALUE: usize = 2;
const COUNTS: usize = 3;

fn write_found(writer: &mut Writer, tallies: &mut Tallies, found: &Found) {
    match found {
        Found::Missing(gap) => {
            writer.length(MISSING);
            writer.byte(gap_byte(*gap));
        }
        Found::Lacking(Lacking { arm, named, count }) => {
            writer.length(MISSING);
            writer.byte(if *arm == Arm::New { LACKING_NEW } else { LACKING_OLD });
            writer.whole(u64::from(*count));
            writer.length(named.len());
            for name in named {
                writer.text(name);
            }
        }
        Found::Levels(levels) => {
            writer.length(LEVELS);
            writer.real(levels.new);
            writer.real(levels.old);
        }
        Found::Value(value) => {
            writer.length(VALUE);
            writer.real(*value);
        }
        Found::Counts(Counts { strands, aside, merged, mixes }) => {
            if !mixes.is_empty() {
                writer.length(MISSING);
                writer.byte(MIXED);
                writer.length(mixes.len());
                for counted in mixes {
                    tallies.write_counted(writer, counted);
                }
            }
            if let Some(merged) = merged {
                writer.length(MISSING);
                writer.byte(MERGED);
                writer.signed(i64::from(*merged));
            }
            writer.length(COUNTS + strands.len());
            for counted in strands {
                tallies.write_counted(writer, counted);
            }
            tallies.write_all(writer, aside);
        }
    }
}

fn read_found(reader: &mut Reader<'_>, tallies: &mut Tallies) -> Result<Found, Malformed> {
    Ok(match usize::try_from(reader.whole()?).map_err(|_| Malformed::TooLarge)? {
        MISSING => match reader.byte()? {
            LACKING_NEW => Found::Lacking(read_lacking(reader, Arm::New)?),
            LACKING_OLD => Found::Lacking(read_lacking(reader, Arm::Old)?),
            MERGED => Found::Counts(read_merged(reader, tallies)?),
            MIXED => {
                let length = reader.length()?;
                let mixes = (0..length).map(|_| tallies.read_counted(reader)).collect::<Result<_, _>>()?;
                Found::Counts(Counts { mixes, ..read_plain(reader, tallies)? })
            }
            gap => Found::Missing(gap_of(gap)?),
        },
        LEVELS => Found::Levels(Levels { new: reader.real()?, old: reader.real()? }),
        VALUE => Found::Value(reader.real()?),
        more => Found::Counts(read_counts(reader, tallies, (more, None))?),
    })
}

fn read_counts(
    reader: &mut Reader<'_>,
    tallies: &mut Tallies,
    (more, merged): (usize, Option<i8>),
) -> Result<Counts, Malformed> {
    let strands = (COUNTS..more).map(|_| tallies.read_counted(reader)).collect::<Result<_, _>>()?;
    Ok(Counts { strands, aside: tallies.read_all(reader)?, merged, ..Counts::default() })
}

/// Counts behind those of a mix: merged ones, or others.
fn read_plain(reader: &mut Reader<'_>, tallies: &mut Tallies) -> Result<Counts, Malformed> {
    let other = |value: String| Malformed::Value { what: "kind of a look with a mix", value };
    match usize::try_from(reader.whole()?).map_err(|_| Malformed::TooLarge)? {
        MISSING => match reader.byte()? {
            MERGED => read_merged(reader, tallies),
            byte => Err(other(byte.to_string())),
        },
        more @ COUNTS.. => read_counts(reader, tallies, (more, None)),
        kind => Err(other(kind.to_string())),
    }
}

fn read_merged(reader: &mut Reader<'_>, tallies: &mut Tallies) -> Result<Counts, Malformed> {
    let merged = i8::try_from(reader.signed()?).map_err(|_| Malformed::TooLarge)?;
    match usize::try_from(reader.whole()?).map_err(|_| Malformed::TooLarge)? {
        more @ COUNTS.. => read_counts(reader, tallies, (more, Some(merged))),
        other => {
            let what = "kind of a look with merged buckets";
            Err(Malformed::Value { what, value: other.to_string() })
        }
    }
}

fn read_lacking(reader: &mut Reader<'_>, arm: Arm) -> Result<Lacking, Malformed> {
    let count = u32::try_from(reader.whole()?).map_err(|_| Malformed::TooLarge)?;
    let length = reader.length()?;
    let named = (0..length).map(|_| reader.text()).collect::<Result<_, _>>()?;
    Ok(Lacking { arm, named, count })
}

/// What else stands behind the first byte of what is missing: who lacks a bucket; and that counts follow, at coarser ones,
/// or behind those of a mix.
const LACKING_NEW: u8 = 12;
const LACKING_OLD: u8 = 13;
const MERGED: u8 = 14;
const MIXED: u8 = 17;

/// Each reason as a byte.
const GAPS: [(u8, Gap); 14] = [
    (0, Gap::Silent(Arm::New)),
    (1, Gap::Silent(Arm::Old)),
    (2, Gap::Unmarked(Arm::New)),
    (3, Gap::Unmarked(Arm::Old)),
    (4, Gap::NotACount(Arm::New)),
    (5, Gap::NotACount(Arm::Old)),
    (6, Gap::Incoherent(Arm::New)),
    (7, Gap::Incoherent(Arm::Old)),
    (8, Gap::NoBucket(Arm::New)),
    (9, Gap::NoBucket(Arm::Old)),
    (10, Gap::NoValue),
    (11, Gap::NoHistory),
    (15, Gap::Behind(Arm::New)),
    (16, Gap::Behind(Arm::Old)),
];

/// Behind which a source that was not heard has its byte, by why. The order is that in which they came to be.
const UNHEARD: u8 = 18;
const DEAF: [Deaf; 14] = [
    Deaf::Unusable,
    Deaf::Unreachable,
    Deaf::Late,
    Deaf::Unwelcome,
    Deaf::Redirected,
    Deaf::Refused,
    Deaf::Failed,
    Deaf::Overloaded,
    Deaf::BackingOff,
    Deaf::OverBudget,
    Deaf::Garbage,
    Deaf::TooMuch,
    Deaf::Partial,
    Deaf::Uncounted,
];

/// All reasons, each with its byte.
fn gaps() -> impl Iterator<Item = (u8, Gap)> {
    let unheard = (UNHEARD..).zip(DEAF).map(|(byte, deaf)| (byte, Gap::Unheard(deaf)));
    GAPS.into_iter().chain(unheard)
}

fn gap_byte(gap: Gap) -> u8 {
    gaps().find(|(_, known)| *known == gap).map_or(u8::MAX, |(byte, _)| byte)
}

fn gap_of(byte: u8) -> Result<Gap, Malformed> {
    let gap = gaps().find(|(known, _)| *known == byte).map(|(_, gap)| gap);
    gap.ok_or_else(|| Malformed::Value { what: "reason for a look without counts", value: byte.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Counted, Tally};
    use proptest::prelude::*;

    fn tally() -> impl Strategy<Value = Tally> {
        prop_oneof![
            (0..50_u64, 0..5_000_u64).prop_map(|(events, of)| Tally { events, of }),
            any::<(u64, u64)>().prop_map(|(events, of)| Tally { events, of }),
        ]
    }

    fn found() -> impl Strategy<Value = Found> {
        let counted =
            || (tally(), prop::collection::vec(tally(), 0..9)).prop_map(|(new, old)| Counted { new, old });
        let strands = prop::collection::vec(counted(), 0..4);
        let mixed = (prop::collection::vec(counted(), 0..4), prop::option::of(-4..9_i8));
        prop_oneof![
            6 => (strands, prop::collection::vec(tally(), 0..3))
                .prop_map(|(strands, aside)| Found::Counts(Counts { strands, aside, ..Counts::default() })),
            2 => mixed
                .prop_map(|(mixes, merged)| Found::Counts(Counts { merged, mixes, ..Counts::default() })),
            1 => (prop::collection::vec(tally(), 0..3), -4..9_i8)
                .prop_map(|(aside, merged)| Found::Counts(Counts { aside, merged: Some(merged), ..Counts::default() })),
            1 => (any::<bool>(), prop::collection::vec(".{0,9}", 0..4), any::<u32>()).prop_map(|(new, named, count)| {
                Found::Lacking(Lacking { arm: if new { Arm::New } else { Arm::Old }, named, count })
            }),
            1 => (-1e9..1e9_f64, any::<i32>())
                .prop_map(|(new, old)| Found::Levels(Levels { new, old: f64::from(old) })),
            1 => (-1e9..1e9_f64).prop_map(Found::Value),
            1 => prop::sample::select(every_gap()).prop_map(Found::Missing),
        ]
    }

    /// All reasons, those of sources from the list of all, so that one without a byte does not come back.
    fn every_gap() -> Vec<Gap> {
        GAPS.into_iter().map(|(_, gap)| gap).chain(Deaf::ALL.map(Gap::Unheard)).collect()
    }

    fn look() -> impl Strategy<Value = Look> {
        let at =
            prop_oneof![(0..100_i64).prop_map(|seconds| 1_795_271_400_000 + seconds * 1_000), any::<i64>()];
        (at, prop::collection::vec(found(), 0..4))
            .prop_map(|(at, found)| Look { at: UnixMillis::new(at), found })
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
        fn no_bytes_are_too_much(bytes: Vec<u8>) {
            drop(read_looks(&mut Reader::new(&bytes), UnixMillis::new(0)));
        }
    }

    #[test]
    fn every_reason_has_a_byte_of_its_own() {
        for gap in every_gap() {
            assert_eq!(gap_of(gap_byte(gap)), Ok(gap));
        }
        for (byte, gap) in gaps() {
            assert_eq!((gap_byte(gap), gap_of(byte)), (byte, Ok(gap)));
        }
        assert!(gap_of(LACKING_NEW).is_err() && gap_of(LACKING_OLD).is_err() && gap_of(MERGED).is_err());
        assert!(gap_of(MIXED).is_err());
    }

    #[test]
    fn typical_looks_are_small() {
        let old = |seed: u64| {
            (0..8).map(move |group| Tally { events: (seed + group) % 3, of: 340 + 7 * group % 31 })
        };
        let counted = |seed| Counted { new: Tally { events: 1, of: 150 }, old: old(seed).collect() };
        let look = |at, seed| Look { at: UnixMillis::new(at), found: vec![counted(seed).into()] };
        let looks = [look(1_795_271_400_000, 1), look(1_795_271_430_000, 2)];
        let bytes = written(looks[1].at, &looks).len();
        assert!((30..=60).contains(&bytes), "{bytes} bytes");
    }
}
