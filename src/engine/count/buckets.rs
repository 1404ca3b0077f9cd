//! Buckets: observations above the bounds of a histogram, as shares of all of them, as a whole and in slices.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::engine::count::family::{Bound, Family, Grown, Rim};
use crate::engine::count::sides::{Lack, Side, Sides, slices_of};
use crate::engine::count::slices::{Slicing, whole};
use crate::engine::count::{Places, Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{
    self, Arm, Border, BucketUnit, CheckTerms, Gap, Histogram, Lacking, Part, Shows, Slice, Tally, Worse,
};
use crate::promql::Plan;
use crate::signal::Labels;
use crate::store::{Gives, Increase, group_of};
use crate::unit::Span;

/// A question about a histogram.
#[derive(Clone, Copy)]
pub(super) struct Buckets<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) of: &'a Plan,
    /// Whether it is a classic one or a native one, where somebody says so.
    pub(super) told: Option<gate::Buckets>,
    pub(super) by: &'a [String],
    pub(super) wants: Wants<'a>,
    pub(super) worse: Worse,
}

/// Above which bounds it is counted.
#[derive(Clone, Copy)]
pub(super) enum Wants<'a> {
    /// Those that stand for the bounds on a quantile.
    Quantile(f64),
    /// These, or those that the old side's tail lies above.
    Slow(&'a [Span], BucketUnit),
}

impl Buckets<'_> {
    /// Whether a side had an observation.
    pub(super) fn traffic(&self, whose: Whose, window: Window) -> bool {
        let Some(family) = self.family(self.reading, whose, window) else { return false };
        let grown = family.grown((self.reading, whose), &[window], &[], (1, &|_| Some(0)));
        grown.iter().any(|grown| grown.of.sum() > 0)
    }

    /// What is to be counted: the whole and each slice, above the borders that suit it; nothing where too little is
    /// known to choose any.
    pub(super) fn parts(&self, check: &CheckTerms, windows: &[Window]) -> Vec<Part> {
        let (Some(window), Some(last)) = (whole(windows), windows.last()) else { return Vec::new() };
        let Some(family) = self.family(self.reading, Whose::Old, *last) else { return Vec::new() };
        let counted = |window, places: Places<'_>| {
            let grown = family.grown((self.reading, Whose::Old), &[window], &[], places).pop();
            grown.map(|grown| grown.of)
        };
        let slicing = Slicing { reading: self.reading, by: self.by };
        let slices = slicing.most(family.all(), windows, &counted);
        let (histogram, sliced) = self.histograms(&family, window, &slices);
        let Some(all) = self.borders(check, &histogram, family.is_native()) else { return Vec::new() };
        let parts = |(slice, borders): (Option<Slice>, Vec<Border>)| {
            borders.into_iter().map(move |border| Part { slice: slice.clone(), border: Some(border) })
        };
        // A slice that has no borders of its own can still be held to those of the whole. What is proved of the whole
        // is enough for a pass, so slices are not counted for that.
        let own = |histogram: &Histogram| {
            let own = self.borders(check, histogram, family.is_native());
            let own = own.filter(|own| own.iter().all(|border| border.lacks().is_none()));
            let mut own = own.unwrap_or_else(|| all.clone());
            own.retain(|border| border.shows != Shows::Proof);
            own
        };
        let sliced = slices.into_iter().zip(&sliced).map(|(slice, histogram)| (Some(slice), own(histogram)));
        std::iter::once((None, all.clone())).chain(sliced).flat_map(parts).collect()
    }

    /// The borders that suit a histogram. Those of a native one may be merged away, and then harm and its absence are no
    /// longer counted at the same bound.
    fn borders(&self, check: &CheckTerms, histogram: &Histogram, is_native: bool) -> Option<Vec<Border>> {
        match self.wants {
            Wants::Quantile(q) => histogram.shifts(q, check),
            Wants::Slow([], _) if is_native => {
                let apart = |border: Border| match border.shows {
                    Shows::Both => vec![Shows::Harm, Shows::Proof],
                    alone @ (Shows::Harm | Shows::Proof) => vec![alone],
                };
                let all = histogram.slow(&[])?.into_iter();
                Some(
                    all.flat_map(|border| {
                        apart(border).into_iter().map(move |shows| Border { shows, ..border })
                    })
                    .collect(),
                )
            }
            Wants::Slow(over, unit) => {
                let over: Vec<f64> = over.iter().map(|span| unit.bound(*span)).collect();
                histogram.slow(&over)
            }
        }
    }

    /// The bound that a part is counted above on a side, and which way that gives where it is no bound any more: to where
    /// less is proved; nothing where a bucket is missing. Harm is proved by what lies above on the new side and is
    /// refuted by what does on the old one, so a count that is moved like this proves no more than the true one would.
    fn rim(&self, part: &Part, whose: Whose) -> Option<Rim> {
        let border = part.border.filter(|border| border.lacks().is_none())?;
        let is_new = whose == Whose::New;
        let up = is_new == (self.worse == Worse::Higher);
        let gives = match (border.shows, up) {
            (Shows::Both, _) => Gives::Never,
            (Shows::Harm, true) | (Shows::Proof, false) => Gives::Up,
            (Shows::Harm, false) | (Shows::Proof, true) => Gives::Down,
        };
        Some((Bound(if is_new { border.new } else { border.old }), gives))
    }

    /// The resolution of the old side's native histogram before the first look.
    pub(super) fn resolution(&self, windows: &[Window]) -> Option<i8> {
        let family = self.family(self.reading, Whose::Old, *windows.last()?)?;
        family.resolution(self.reading, whole(windows)?)
    }

    /// What the old side's histogram held in a window, as a whole and in slices.
    fn histograms(&self, family: &Family, window: Window, slices: &[Slice]) -> (Histogram, Vec<Histogram>) {
        let slicing = Slicing { reading: self.reading, by: self.by };
        let shared = family.shared(self.reading, window);
        let rims: Vec<Rim> = shared.into_iter().map(|bound| (Bound(bound), Gives::Never)).collect();
        let places = slices.len().max(1);
        let place = |labels: &Labels| Some(slicing.place(labels, slices));
        let grown = family.grown((self.reading, Whose::Old), &[window], &rims, (places, &place)).pop();
        let Grown { of, under, .. } = grown.unwrap_or_default();
        let in_slices = |increase: &Increase, these: &Range<usize>| {
            let groups = increase.groups.get(these.clone()).unwrap_or_default();
            groups.iter().fold(0, |sum: u64, slice| sum.saturating_add(*slice))
        };
        // Of a bound that one of them cannot count under, nobody knows what lies under it.
        let known = || under.iter().filter(|(_, own)| own.series == of.series || !family.is_native());
        let histogram = |these: Range<usize>| {
            let buckets: Vec<(f64, u64)> =
                known().map(|((bound, _), own)| (bound.0, in_slices(own, &these))).collect();
            Histogram::new(in_slices(&of, &these), buckets)
        };
        (histogram(0..places), (0..slices.len()).map(|slice| histogram(slice..slice + 1)).collect())
    }

    /// The counters of the histogram on a side; nothing where it is no plain one.
    fn family(&self, reading: &Reading<'_>, whose: Whose, window: Window) -> Option<Family> {
        Family::of(self.of, self.told, (reading, whose, window))
    }
}

impl Sides for Buckets<'_> {
    fn reading(&self) -> &Reading<'_> {
        self.reading
    }

    /// A gap also where a bucket that is needed is not there.
    fn sides(
        &self,
        reading: &Reading<'_>,
        whose: Whose,
        windows: &[Window],
        parts: &[Part],
    ) -> Vec<Result<Side, Lack>> {
        // Nothing was known before that a border could be chosen by.
        if parts.is_empty() {
            return vec![Err(Gap::NoHistory.into()); windows.len()];
        }
        let arm = if whose == Whose::New { Arm::New } else { Arm::Old };
        let family = windows.last().and_then(|last| self.family(reading, whose, *last));
        let Some(family) = family else { return vec![Err(Gap::NoBucket(arm).into()); windows.len()] };
        let slicing = Slicing { reading, by: self.by };
        let slices = slices_of(parts);
        let groups = reading.groups(whose);
        let place = |labels: &Labels| slicing.place(labels, &slices) * groups + group_of(labels, groups);
        let places = slices.len().max(1) * groups;
        let rims: BTreeSet<Rim> = parts.iter().filter_map(|part| self.rim(part, whose)).collect();
        let rims: Vec<Rim> = rims.into_iter().collect();
        let grown = family.grown((reading, whose), windows, &rims, (places, &|labels| Some(place(labels))));
        let lags = reading.lags(&family.selectors(), whose, windows);
        let side = |(index, window): (usize, &Window)| {
            let none = Grown::default();
            let Grown { of, under, merged } = grown.get(index).unwrap_or(&none);
            if !reading.is_fresh(of.newest, window.to) {
                return Err(Gap::Silent(arm).into());
            }
            if lags {
                return Err(Gap::Behind(arm).into());
            }
            if of.fault.is_some() || under.values().any(|increase| increase.fault.is_some()) {
                return Err(Gap::NotACount(arm).into());
            }
            // Without its bucket, all of a series would seem slow.
            if under.values().any(|increase| increase.series < of.series) {
                let lacking = family.lacking((reading, whose), *window, &rims);
                return Err(Lack::Bucket(Lacking::new(arm, lacking)));
            }
            let tallies = |part: &Part| {
                let of = in_slice(&of.groups, part.slice.as_ref(), &slices, groups);
                let Some(rim) = self.rim(part, whose) else { return Some(unreached(part, whose, &of)) };
                let under = under.get(&rim).map(|increase| increase.groups.as_slice());
                above(&of, &in_slice(under.unwrap_or_default(), part.slice.as_ref(), &slices, groups))
            };
            let parts = parts.iter().map(tallies).collect::<Option<Vec<_>>>();
            let parts = parts.ok_or(Lack::Gap(Gap::Incoherent(arm)))?;
            Ok(Side { parts, merged: *merged })
        };
        windows.iter().enumerate().map(side).collect()
    }
}

/// The groups of one slice, or of all of them together.
fn in_slice(counts: &[u64], slice: Option<&Slice>, slices: &[Slice], groups: usize) -> Vec<u64> {
    let count = |slice: usize, group: usize| counts.get(slice * groups + group).copied().unwrap_or_default();
    let one = slice.and_then(|slice| slices.iter().position(|known| known == slice));
    let these = one.map_or(0..slices.len().max(1), |one| one..one + 1);
    (0..groups)
        .map(|group| these.clone().fold(0, |sum: u64, slice| sum.saturating_add(count(slice, group))))
        .collect()
}

/// What lies above a bound, in groups. A scrape between two counters can make one group's bucket outrun its count for a
/// moment: then they are one group. Nothing where even that has more in its bucket than in all.
fn above(of: &[u64], under: &[u64]) -> Option<Vec<Tally>> {
    let slow = |of: u64, under: u64| Some(Tally { events: of.checked_sub(under)?, of });
    let groups: Option<Vec<Tally>> = of.iter().zip(under).map(|(of, under)| slow(*of, *under)).collect();
    groups.or_else(|| {
        let all = |counts: &[u64]| counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
        Some(vec![slow(all(of), all(under))?])
    })
}

/// Where a bucket is missing nothing may ever be shown: the new side has all or nothing there, whichever says least, and
/// the old side nothing.
fn unreached(part: &Part, whose: Whose, of: &[u64]) -> Vec<Tally> {
    let all = whose == Whose::New && part.border.is_some_and(|border| border.new < 0.0);
    of.iter().map(|of| Tally { events: if all { *of } else { 0 }, of: *of }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(events: u64, of: u64) -> Tally {
        Tally { events, of }
    }

    #[test]
    fn what_lies_above_is_what_is_not_in_the_bucket() {
        assert_eq!(above(&[10, 20], &[9, 20]), Some(vec![tally(1, 10), tally(0, 20)]));
        assert_eq!(above(&[0], &[0]), Some(vec![tally(0, 0)]));
        // A group whose bucket runs ahead of its count is one with the others.
        assert_eq!(above(&[10, 20], &[11, 15]), Some(vec![tally(4, 30)]));
        assert_eq!(above(&[10, 20], &[11, 20]), None);
    }

    #[test]
    fn the_whole_is_all_slices() {
        let slices = [Slice::Of(vec!["/pay".to_owned()]), Slice::Other];
        let counts = [1, 2, 10, 20];
        for (slice, expected) in [(None, [11, 22]), (Some(&slices[0]), [1, 2]), (Some(&slices[1]), [10, 20])]
        {
            assert_eq!(in_slice(&counts, slice, &slices, 2), expected, "{slice:?}");
        }
        assert_eq!(in_slice(&[3, 4], None, &[], 2), [3, 4]);
    }

    /// Where a bucket is missing, no direction of evidence finds anything.
    #[test]
    fn nothing_is_shown_where_a_bucket_is_missing() {
        let part = |new| Part { slice: None, border: Some(Border { new, old: 0.6, shows: Shows::Harm }) };
        for (new, events) in [(f64::INFINITY, 0), (f64::NEG_INFINITY, 9)] {
            assert_eq!(unreached(&part(new), Whose::New, &[9]), [tally(events, 9)]);
            assert_eq!(unreached(&part(new), Whose::Old, &[9]), [tally(0, 9)]);
        }
    }
}
