//! Checks that count: what a look finds on both sides, and what was there before the first look.

use crate::engine::count::{Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{
    Aside, Before, Comparison, Counted, Counts, Found, Gap, Lacking, MixBy, Part, Settled, Slice, Strand,
    Tally, Target,
};
use crate::signal::TargetKey;

/// What a side counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Side {
    /// Of each part its groups, the whole first.
    pub(super) parts: Vec<Vec<Tally>>,
    /// The coarsest resolution of a native histogram that had merged away a border.
    pub(super) merged: Option<i8>,
}

/// Why a side was not counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lack {
    /// Something was missing.
    Gap(Gap),
    /// Some instances lack a bucket.
    Bucket(Lacking),
}

impl From<Gap> for Lack {
    fn from(gap: Gap) -> Self {
        Self::Gap(gap)
    }
}

impl From<Lack> for Found {
    fn from(lack: Lack) -> Self {
        match lack {
            Lack::Gap(gap) => Self::Missing(gap),
            Lack::Bucket(lacking) => Self::Lacking(lacking),
        }
    }
}

/// A question whose answers are counts.
pub(super) trait Sides {
    /// Of what it is asked.
    fn reading(&self) -> &Reading<'_>;

    /// The tallies of a side of such a reading in each window; a gap where a series that is needed is not there, or does
    /// not count.
    fn sides(
        &self,
        reading: &Reading<'_>,
        whose: Whose,
        windows: &[Window],
        parts: &[Part],
    ) -> Vec<Result<Side, Lack>>;

    /// What a look finds.
    fn found(&self, window: Window, settled: &Settled) -> Found {
        let aside = |key: &TargetKey| {
            let target = self.reading().targets.of(key);
            target.and_then(|target| self.had(target, &[window], &settled.parts)).unwrap_or_default()
        };
        match self.counted(window, &settled.parts) {
            Ok(counts) => {
                let aside = settled.aside.iter().map(aside).collect();
                Found::Counts(Counts { aside, mixes: self.mixes(window, &settled.mixes), ..counts })
            }
            Err(lack) => lack.into(),
        }
    }

    /// What both sides had by the labels by which the mix is watched.
    fn mixes(&self, _: Window, _: &[MixBy]) -> Vec<Counted> {
        Vec::new()
    }

    /// What both sides counted, part by part.
    fn counted(&self, window: Window, parts: &[Part]) -> Result<Counts, Lack> {
        let reading = self.reading();
        let side = |whose| {
            self.sides(reading, whose, &[window], parts).pop().unwrap_or(Err(Lack::Gap(Gap::NoValue)))
        };
        let new = side(Whose::New)?;
        let old = match reading.gate.comparison {
            Comparison::Tracks(_) => side(Whose::Old)?,
            Comparison::AfterBefore(_) => Side { parts: vec![Vec::new(); new.parts.len()], merged: None },
        };
        let merged = new.merged.into_iter().chain(old.merged).min();
        let counted = |(new, old): (Vec<Tally>, _)| Counted { new: Tally::sum(&new), old };
        let strands = new.parts.into_iter().zip(old.parts).map(counted).collect();
        Ok(Counts { strands, merged, ..Counts::default() })
    }

    /// What was before the first look; `lately` is the last stretch of it.
    fn before(
        &self,
        parts: Vec<Part>,
        (windows, lately): (&[Window], Window),
        beside: &[(&Target, bool)],
    ) -> Before {
        let reading = self.reading();
        // A stretch in which something was missing tells nothing.
        let known: Vec<Option<Side>> =
            self.sides(reading, Whose::Old, windows, &parts).into_iter().map(Result::ok).collect();
        let row = |side: &Option<Side>, part: usize| {
            side.as_ref().and_then(|side| side.parts.get(part).cloned()).unwrap_or_default()
        };
        let rows = |part| known.iter().map(|side| row(side, part)).collect();
        let new = self.sides(reading, Whose::New, &[lately], whole(&parts)).pop().and_then(Result::ok);
        let lately = new.and_then(|side| side.parts.first().map(Tally::sum)).unwrap_or_default();
        let aside = |(target, dependency): &(&Target, bool)| {
            let before = self.had(target, windows, &parts).filter(|tally| tally.of > 0)?;
            Some(Aside { target: target.to_key(), dependency: *dependency, before })
        };
        let aside = beside.iter().filter_map(aside).collect();
        let strand = |(index, part)| Strand { part, rows: rows(index) };
        Before {
            strands: parts.into_iter().enumerate().map(strand).collect(),
            lately,
            aside,
            ..Before::default()
        }
    }

    /// What another target had in these windows as a whole, where any of it is known.
    fn had(&self, target: &Target, windows: &[Window], parts: &[Part]) -> Option<Tally> {
        let reading = Reading { target, ..*self.reading() };
        let sides = self.sides(&reading, Whose::Anybody, windows, whole(parts));
        let known: Vec<Tally> = sides.into_iter().flatten().flat_map(|side| side.parts).flatten().collect();
        (!known.is_empty()).then(|| Tally::sum(&known))
    }
}

/// The first part, which is of the whole.
fn whole(parts: &[Part]) -> &[Part] {
    parts.get(..1).unwrap_or_default()
}

/// The slices of parts, each once.
pub(super) fn slices_of(parts: &[Part]) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    for slice in parts.iter().filter_map(|part| part.slice.as_ref()) {
        if slices.last() != Some(slice) {
            slices.push(slice.clone());
        }
    }
    slices
}
