//! Spreads: by how much native histograms went up, in all and at or below some bounds. A histogram is a counter at each
//! of its bounds, so it is taken series by series, and counts at first sight, as a plain counter is.

use std::collections::BTreeSet;

use crate::signal::histogram::{Hint, Resolution, Schema};
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
    /// What lies at or below each edge. A series that cannot tell is left out of it, and is not one of its series.
    pub under: Vec<Increase>,
    /// The coarsest resolution at which an edge gave way.
    pub gave: Option<Resolution>,
}

/// A bound at which is counted what lies at or below.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Where it lies.
    pub at: f64,
    /// Which way it gives, where a series has merged it away.
    pub gives: Gives,
}

/// Which way an edge gives where it is no bound of a series any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gives {
    /// To the next bound above, so that more lies at or below.
    Up,
    /// To the next bound below, so that less does.
    Down,
    /// It does not: such a series cannot tell.
    Never,
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
    edges: &[Edge],
    (groups, group): Groups<'_>,
) -> Vec<Spread> {
    let chosen: Vec<(&Stored, usize)> = store
        .matching(asks)
        .filter(|stored| !stored.points().histograms.is_empty())
        .filter_map(|stored| Some((stored, group(stored.labels()).filter(|group| *group < groups)?)))
        .collect();
    windows.iter().map(|window| spread_of(store, &chosen, window, edges, groups)).collect()
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

/// The coarsest resolution of the histograms that pass and had a sample in the window; nothing where the bounds of one are
/// written down.
pub fn coarsest<A: Asks>(store: &Store, asks: &[A], window: &Window) -> Option<Resolution> {
    let mut coarsest: Option<Resolution> = None;
    for last in store.matching(asks).filter_map(|stored| last_in(stored, window)) {
        let Schema::Exponential(own) = last.schema() else { return None };
        coarsest = Some(coarsest.map_or(*own, |known| known.min(*own)));
    }
    coarsest
}

/// The histograms that pass and had a sample in the window, of which nobody can tell what lies at or below some edge.
pub fn untold<'s, A: Asks>(store: &'s Store, asks: &[A], window: &Window, edges: &[Edge]) -> Vec<&'s Labels> {
    let cannot_tell = |stored: &&Stored| {
        last_in(stored, window).is_some_and(|last| edges.iter().any(|edge| edge.of(last).is_none()))
    };
    store.matching(asks).filter(cannot_tell).map(Stored::labels).collect()
}

fn last_in<'s>(stored: &'s Stored, window: &Window) -> Option<&'s Histogram> {
    let points = stored.points().between(window.from, window.to);
    points.histograms.iter().rev().flatten().next().map(AsRef::as_ref)
}

fn spread_of(
    store: &Store,
    chosen: &[(&Stored, usize)],
    window: &Window,
    edges: &[Edge],
    groups: usize,
) -> Spread {
    let none = || Increase { groups: vec![0; groups], ..Increase::default() };
    let mut spread = Spread { of: none(), under: edges.iter().map(|_| none()).collect(), gave: None };
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
                edges.iter().map(|edge| course.by(*edge)).collect();
            Ok((course.all()?, under?, course.newest, course.gave(edges)))
        });
        let (of, under, newest) = match told {
            Ok((of, under, newest, gave)) => {
                spread.gave = spread.gave.into_iter().chain(gave).min();
                (of, under, newest)
            }
            Err(fault) => {
                spread.of.accuse(fault);
                continue;
            }
        };
        let counts = std::iter::once((&mut spread.of, Some(of))).chain(spread.under.iter_mut().zip(under));
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

    /// By how much all of it went up.
    fn all(&self) -> Result<u64, NotACount> {
        let mut sum = 0_u64;
        for (from, to) in &self.runs {
            let before = from.map_or(Ok(0), |from| self.whole(from.count()))?;
            sum = sum.saturating_add(rise(before, self.whole(to.count())?));
        }
        Ok(sum)
    }

    /// By how much that went up which lies at or below an edge; nothing, where nobody can tell. Buckets get coarser while
    /// a process runs and never finer, so each run is read at what is a bound at its end.
    fn by(&self, edge: Edge) -> Result<Option<u64>, NotACount> {
        let mut sum = 0_u64;
        for (from, to) in &self.runs {
            let Some(bound) = edge.of(to) else { return Ok(None) };
            let before = from.map_or(Some(0.0), |from| from.at_most(bound));
            let (Some(before), Some(now)) = (before, to.at_most(bound)) else { return Ok(None) };
            sum = sum.saturating_add(rise(self.whole(before)?, self.whole(now)?));
        }
        Ok(Some(sum))
    }

    /// The coarsest resolution at which an edge gave way.
    fn gave(&self, edges: &[Edge]) -> Option<Resolution> {
        let gives = |to: &&Histogram| edges.iter().any(|edge| to.at_most(edge.at).is_none());
        let coarse = self.runs.iter().map(|(_, to)| *to).filter(gives).map(Histogram::schema);
        let resolutions = coarse.filter_map(|schema| match schema {
            Schema::Exponential(resolution) => Some(*resolution),
            Schema::Custom(_) => None,
        });
        resolutions.min()
    }

    fn whole(&self, value: f64) -> Result<u64, NotACount> {
        count(self.stored, Sample { at: self.newest.unwrap_or_default(), value })
    }
}

impl Edge {
    /// Where it lies for a histogram; nothing where that cannot tell.
    fn of(self, histogram: &Histogram) -> Option<f64> {
        match self.gives {
            Gives::Never => histogram.at_most(self.at).is_some().then_some(self.at),
            Gives::Up => histogram.nearest_known(self.at, true),
            Gives::Down => histogram.nearest_known(self.at, false),
        }
    }
}

/// What came since; what holds less than before began anew.
fn rise(before: u64, now: u64) -> u64 {
    now.checked_sub(before).unwrap_or(now)
}

#[cfg(test)]
mod tests;
