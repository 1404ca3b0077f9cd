//! Spreads: by how much native histograms went up, in all and at or below some bounds. A histogram is a counter at each
//! of its bounds, so it is taken series by series, and counts at first sight, as a plain counter is.

use std::collections::BTreeSet;

use crate::signal::histogram::{Hint, Resolution};
use crate::signal::{Histogram, Labels, Sample};
use crate::store::Store;
use crate::store::asks::Asks;
use crate::store::growth::{NotACount, count};
use crate::store::sight::Sights;
use crate::store::stored::Stored;
use crate::store::tally::{Bases, Increase, Window};
use crate::unit::UnixMillis;

/// By how much histograms went up.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spread {
    /// All that they observed. What is NaN is among it, and lies above every bound, as in a classic histogram.
    pub of: Increase,
    /// What lies at or below each bound. A series that cannot tell is left out of it, and is not one of its series.
    pub under: Vec<Increase>,
}

/// How fine bounds are, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grain {
    /// The finest resolution.
    pub finest: Resolution,
    /// How many doublings beyond what was observed.
    pub beyond: u8,
    /// How many bounds at most.
    pub most: usize,
}

/// So many groups, and in which of them a series is.
pub type Groups<'a> = (usize, &'a dyn Fn(&Labels) -> Option<usize>);

/// By how much the histograms that pass went up in each window, in groups as [`tallies`](crate::store::tallies) has them.
pub fn spreads<A: Asks>(
    store: &Store,
    asks: &[A],
    windows: &[Window],
    bounds: &[f64],
    (groups, group): Groups<'_>,
) -> Vec<Spread> {
    let chosen: Vec<(&Stored, usize)> = store
        .matching(asks)
        .filter(|stored| !stored.points().histograms.is_empty())
        .filter_map(|stored| Some((stored, group(stored.labels()).filter(|group| *group < groups)?)))
        .collect();
    windows.iter().map(|window| spread_of(store, &chosen, window, bounds, groups)).collect()
}

/// The bounds that all histograms which pass, and had a sample in the window, have in common.
pub fn shared_bounds<A: Asks>(store: &Store, asks: &[A], window: &Window, grain: Grain) -> Vec<f64> {
    let mut all: Option<Histogram> = None;
    for stored in store.select(asks) {
        let Some(last) = last_in(stored, window) else { continue };
        match &mut all {
            None => all = Some(last.clone()),
            // Of bounds that grow and bounds that are written down none is surely shared.
            Some(all) => {
                if all.add(last).is_err() {
                    return Vec::new();
                }
            }
        }
    }
    all.map(|all| all.bounds(grain.finest, grain.beyond, grain.most)).unwrap_or_default()
}

/// Whether a histogram that passes had a sample in the window.
pub fn has_histograms<A: Asks>(store: &Store, asks: &[A], window: &Window) -> bool {
    store.matching(asks).any(|stored| last_in(stored, window).is_some())
}

fn last_in<'s>(stored: &'s Stored, window: &Window) -> Option<&'s Histogram> {
    let points = stored.points().between(window.from, window.to);
    points.histograms.iter().rev().flatten().next().map(AsRef::as_ref)
}

fn spread_of(
    store: &Store,
    chosen: &[(&Stored, usize)],
    window: &Window,
    bounds: &[f64],
    groups: usize,
) -> Spread {
    let none = || Increase { groups: vec![0; groups], ..Increase::default() };
    let mut spread = Spread { of: none(), under: bounds.iter().map(|_| none()).collect() };
    let mut bases = BTreeSet::new();
    let mut sights = Sights::new(store, *window);
    for (stored, group) in chosen {
        let course = Course::of(stored, window, |first| {
            let began = sights.began_within(stored, first);
            if !began {
                bases.insert(stored.labels());
            }
            began
        });
        let told = course.and_then(|course| {
            let under: Result<Vec<Option<u64>>, NotACount> =
                bounds.iter().map(|bound| course.by(|histogram| histogram.at_most(*bound))).collect();
            Ok((course.by(|histogram| Some(histogram.count()))?, under?, course.newest))
        });
        let (of, under, newest) = match told {
            Ok(told) => told,
            Err(fault) => {
                spread.of.accuse(fault);
                continue;
            }
        };
        let counts = std::iter::once((&mut spread.of, of)).chain(spread.under.iter_mut().zip(under));
        for (increase, by) in counts {
            let Some(by) = by else { continue };
            increase.newest = increase.newest.max(newest);
            increase.series += u32::from(newest.is_some_and(|newest| window.from < newest));
            let place = &mut increase.groups[*group];
            *place = place.saturating_add(by);
        }
    }
    spread.of.bases = Bases::of(&bases);
    spread
}

/// What a histogram went through in a window.
struct Course<'s> {
    stored: &'s Stored,
    /// From what to what it went up, once more for each time that it began anew: then from nothing.
    runs: Vec<(Option<&'s Histogram>, &'s Histogram)>,
    newest: Option<UnixMillis>,
}

impl<'s> Course<'s> {
    /// The same rules as for a plain counter: what it had before is its last value, however long ago. A number among
    /// histograms is none of them, and neither is the marker of an end.
    fn of(
        stored: &'s Stored,
        window: &Window,
        began: impl FnOnce(UnixMillis) -> bool,
    ) -> Result<Self, NotACount> {
        let points = stored.points();
        let (from, to) = (points.up_to(window.from), points.up_to(window.to));
        let at = |index: usize| Some((*points.times.get(index)?, points.histogram(index)?.as_ref()));
        let base = (0..from).rev().find_map(at);
        let mut course = Self { stored, runs: Vec::new(), newest: base.map(|(at, _)| at) };
        let mut within = (from..to).filter_map(at).peekable();
        let mut start = base.map(|(_, histogram)| histogram);
        if let (None, Some((first, histogram))) = (base, within.peek()) {
            start = if began(*first) { None } else { Some(*histogram) };
        }
        let mut last = base.map(|(_, histogram)| histogram);
        for (at, now) in within {
            if now.hint() == Hint::Gauge {
                return Err(NotACount { series: stored.labels().clone(), at, value: f64::NAN });
            }
            if let Some(before) = last.filter(|before| now.has_reset_since(before)) {
                course.runs.push((start, before));
                start = None;
            }
            (last, course.newest) = (Some(now), Some(at));
        }
        course.runs.extend(last.map(|last| (start, last)));
        Ok(course)
    }

    /// By how much that which is read of it went up; nothing, where it cannot be read.
    fn by(&self, read: impl Fn(&Histogram) -> Option<f64>) -> Result<Option<u64>, NotACount> {
        let whole = |histogram: &Histogram| {
            let at = self.newest.unwrap_or_default();
            read(histogram).map(|value| count(self.stored, Sample { at, value })).transpose()
        };
        let mut sum = 0_u64;
        for (from, to) in &self.runs {
            let before = from.map_or(Ok(Some(0)), whole)?;
            let (Some(before), Some(now)) = (before, whole(to)?) else { return Ok(None) };
            sum = sum.saturating_add(now.checked_sub(before).unwrap_or(now));
        }
        Ok(Some(sum))
    }
}

#[cfg(test)]
mod tests;
