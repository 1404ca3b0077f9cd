//! Buckets: observations above the bounds of a histogram, as shares of all of them, as a whole and in slices.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::count::sides::{Side, Sides, slices_of};
use crate::engine::count::slices::{Slicing, whole};
use crate::engine::count::{Reading, Whose};
use crate::engine::event::Window;
use crate::gate::{Arm, Border, BucketUnit, CheckTerms, Gap, Histogram, Part, Shows, Slice, Tally};
use crate::promql::{Plan, Selector};
use crate::signal::Labels;
use crate::store::{Increase, group_of};
use crate::unit::Span;

/// The label that says the bound of a bucket.
const BOUND: &str = "le";

/// How many bounds of a histogram are looked at: a schema of native buckets has some hundred.
const MOST_BOUNDS: usize = 1_000;

/// A question about a histogram.
#[derive(Clone, Copy)]
pub(super) struct Buckets<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) of: &'a Plan,
    pub(super) by: &'a [String],
    pub(super) wants: Wants<'a>,
}

/// Above which bounds it is counted.
#[derive(Clone, Copy)]
pub(super) enum Wants<'a> {
    /// Those that stand for the bounds on a quantile.
    Quantile(f64),
    /// These, or those that the old side's tail lies above.
    Slow(&'a [Span], BucketUnit),
}

/// The parts of the histogram's family that are counters.
struct Family {
    bucket: Selector,
    count: Selector,
}

impl Buckets<'_> {
    /// Whether the new side had an observation.
    pub(super) fn traffic(&self, window: Window) -> bool {
        let Some(family) = self.family() else { return false };
        let grown = self.reading.grown(&family.count, Whose::New, &[window], (1, &|_| Some(0)));
        grown.iter().any(|increase| increase.sum() > 0)
    }

    /// What is to be counted: the whole and each slice, above the borders that suit it; nothing where too little is
    /// known to choose any.
    pub(super) fn parts(&self, check: &CheckTerms, windows: &[Window]) -> Vec<Part> {
        let (Some(family), Some(window)) = (self.family(), whole(windows)) else { return Vec::new() };
        let slices = Slicing { reading: self.reading, by: self.by }.most(&family.count, windows);
        let (histogram, sliced) = self.histograms(&family, window, &slices);
        let Some(all) = self.borders(check, &histogram) else { return Vec::new() };
        let parts = |(slice, borders): (Option<Slice>, Vec<Border>)| {
            borders.into_iter().map(move |border| Part { slice: slice.clone(), border: Some(border) })
        };
        // A slice that has no borders of its own can still be held to those of the whole. What is proved of the whole
        // is enough for a pass, so slices are not counted for that.
        let own = |histogram: &Histogram| {
            let own = self.borders(check, histogram);
            let own = own.filter(|own| own.iter().all(|border| border.lacks().is_none()));
            let mut own = own.unwrap_or_else(|| all.clone());
            own.retain(|border| border.shows != Shows::Proof);
            own
        };
        let sliced = slices.into_iter().zip(&sliced).map(|(slice, histogram)| (Some(slice), own(histogram)));
        std::iter::once((None, all.clone())).chain(sliced).flat_map(parts).collect()
    }

    fn borders(&self, check: &CheckTerms, histogram: &Histogram) -> Option<Vec<Border>> {
        match self.wants {
            Wants::Quantile(q) => histogram.shifts(q, check),
            Wants::Slow(over, unit) => {
                let over: Vec<f64> = over.iter().map(|span| unit.bound(*span)).collect();
                histogram.slow(&over)
            }
        }
    }

    /// The finite bounds that all instances of the old side have that had a sample in a window, each with its number. Of
    /// a bound that one of them lacks nobody knows how many of its observations lie under it.
    fn shared(&self, family: &Family, window: Window) -> BTreeMap<Bound, usize> {
        let mut instances: BTreeMap<Labels, BTreeSet<Bound>> = BTreeMap::new();
        for stored in self.reading.store.select(&self.reading.asks_of(&family.bucket, Whose::Old)) {
            if stored.between(window.from, window.to).next().is_none() {
                continue;
            }
            let own = instances.entry(stored.labels().only(|label| label != BOUND)).or_default();
            own.extend(bound_of(stored.labels()).map(Bound).filter(|_| own.len() < MOST_BOUNDS));
        }
        let shared = instances.into_values().reduce(|one, other| one.intersection(&other).copied().collect());
        shared.unwrap_or_default().into_iter().zip(0..).collect()
    }

    /// What the old side's histogram held in a window, as a whole and in slices.
    fn histograms(&self, family: &Family, window: Window, slices: &[Slice]) -> (Histogram, Vec<Histogram>) {
        let slicing = Slicing { reading: self.reading, by: self.by };
        let bounds = self.shared(family, window);
        let (many, places) = (bounds.len(), slices.len().max(1));
        let grown = |selector, groups, group: &dyn Fn(&Labels) -> Option<usize>| {
            let grown = self.reading.grown(selector, Whose::Old, &[window], (groups, group)).pop();
            grown.unwrap_or_default().groups
        };
        let of = grown(&family.count, places, &|labels| Some(slicing.place(labels, slices)));
        let under = grown(&family.bucket, places * many, &|labels| {
            let bound = bounds.get(&Bound(bound_of(labels)?))?;
            Some(slicing.place(labels, slices) * many + bound)
        });
        let of_slice = |slice: usize| of.get(slice).copied().unwrap_or_default();
        let under_in =
            |slice: usize, index: usize| under.get(slice * many + index).copied().unwrap_or_default();
        let histogram = |these: std::ops::Range<usize>| {
            let under = bounds.iter().map(|(bound, index)| {
                (
                    bound.0,
                    these.clone().fold(0, |sum: u64, slice| sum.saturating_add(under_in(slice, *index))),
                )
            });
            let of = these.clone().fold(0, |sum: u64, slice| sum.saturating_add(of_slice(slice)));
            Histogram::new(of, under.collect::<Vec<_>>())
        };
        (histogram(0..places), (0..slices.len()).map(|slice| histogram(slice..slice + 1)).collect())
    }

    /// The counters of the histogram; nothing where it is no plain one.
    fn family(&self) -> Option<Family> {
        let called = |ending: &str| self.of.ending_in(ending).as_selector().cloned();
        Some(Family { bucket: called("_bucket")?, count: called("_count")? })
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
    ) -> Vec<Result<Side, Gap>> {
        // Nothing was known before that a border could be chosen by.
        if parts.is_empty() {
            return vec![Err(Gap::NoHistory); windows.len()];
        }
        let arm = if whose == Whose::New { Arm::New } else { Arm::Old };
        let Some(family) = self.family() else { return vec![Err(Gap::NoBucket(arm)); windows.len()] };
        let slicing = Slicing { reading, by: self.by };
        let slices = slices_of(parts);
        let groups = reading.groups(whose);
        let place = |labels: &Labels| slicing.place(labels, &slices) * groups + group_of(labels, groups);
        let places = slices.len().max(1) * groups;
        let of = reading.grown(&family.count, whose, windows, (places, &|labels| Some(place(labels))));
        let mut under: BTreeMap<Bound, Vec<Increase>> = BTreeMap::new();
        for bound in parts.iter().filter_map(|part| bound_on(part, whose)) {
            under.entry(Bound(bound)).or_insert_with(|| {
                let group = |labels: &Labels| {
                    let own = bound_of(labels).map(Bound)? == Bound(bound);
                    own.then(|| place(labels))
                };
                reading.grown(&family.bucket, whose, windows, (places, &group))
            });
        }
        let side = |(index, window): (usize, &Window)| {
            let none = Increase::default();
            let of = of.get(index).unwrap_or(&none);
            if !reading.is_fresh(of.newest, window.to) {
                return Err(Gap::Silent(arm));
            }
            let under: BTreeMap<&Bound, &Increase> =
                under.iter().map(|(bound, each)| (bound, each.get(index).unwrap_or(&none))).collect();
            if of.fault.is_some() || under.values().any(|increase| increase.fault.is_some()) {
                return Err(Gap::NotACount(arm));
            }
            // Without its bucket, all of a series would seem slow.
            if under.values().any(|increase| increase.series < of.series) {
                return Err(Gap::NoBucket(arm));
            }
            let tallies = |part: &Part| {
                let of = in_slice(&of.groups, part.slice.as_ref(), &slices, groups);
                let Some(bound) = bound_on(part, whose) else { return Some(unreached(part, whose, &of)) };
                let under = under.get(&Bound(bound)).map(|increase| increase.groups.as_slice());
                above(&of, &in_slice(under.unwrap_or_default(), part.slice.as_ref(), &slices, groups))
            };
            parts.iter().map(tallies).collect::<Option<Side>>().ok_or(Gap::Incoherent(arm))
        };
        windows.iter().enumerate().map(side).collect()
    }
}

/// A bound with an order.
#[derive(Debug, Clone, Copy)]
struct Bound(f64);

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Bound {}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The bound of a bucket, however it is spelled; nothing where it is infinite or none.
fn bound_of(labels: &Labels) -> Option<f64> {
    labels.get(BOUND).parse().ok().filter(|bound: &f64| bound.is_finite())
}

/// The bound that a part is counted above on a side; nothing where a bucket is missing.
fn bound_on(part: &Part, whose: Whose) -> Option<f64> {
    let border = part.border.filter(|border| border.lacks().is_none())?;
    Some(if whose == Whose::New { border.new } else { border.old })
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

    #[test]
    fn a_bound_is_a_number_however_it_is_spelled() {
        let bound = |text: &str| bound_of(&Labels::new(vec![("le".to_owned(), text.to_owned())]).unwrap());
        for spelled in ["0.5", "5e-1", ".5", "0.50"] {
            assert_eq!(bound(spelled), Some(0.5), "{spelled}");
        }
        for none in ["+Inf", "NaN", "", "half"] {
            assert_eq!(bound(none), None, "{none}");
        }
    }

    /// Where a bucket is missing, no direction of evidence finds anything.
    #[test]
    fn nothing_is_shown_where_a_bucket_is_missing() {
        let part = |new| Part { slice: None, border: Some(Border { new, old: 0.6, shows: Shows::Harm }) };
        for (new, events) in [(f64::INFINITY, 0), (f64::NEG_INFINITY, 9)] {
            assert_eq!(unreached(&part(new), Whose::New, &[9]), [tally(events, 9)]);
            assert_eq!(unreached(&part(new), Whose::Old, &[9]), [tally(0, 9)]);
            assert_eq!(bound_on(&part(new), Whose::Old), None);
        }
    }
}
