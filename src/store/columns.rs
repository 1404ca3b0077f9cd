//! Columns: the samples of one series, times and values apart, so that a window of them is two plain slices.

use std::sync::Arc;

use crate::signal::{Histogram, Observation, Point, Sample};
use crate::unit::UnixMillis;

/// Samples in the order of their times, no two at one.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    times: Vec<UnixMillis>,
    values: Vec<f64>,
    /// What only few series have; each as long as the others.
    rare: Option<Box<Rare>>,
    /// How many at the front are dropped already. They go once they are half of all, so that dropping costs little.
    dropped: usize,
}

/// What a sample may have besides a value.
#[derive(Debug, Clone, Default)]
struct Rare {
    histograms: Vec<Option<Arc<Histogram>>>,
    starts: Vec<Option<UnixMillis>>,
}

/// How many samples around the place where one should be are looked at first: not many lie in one line of memory.
const NEAR: usize = 4;

/// Samples of one series, side by side.
#[derive(Debug, Clone, Copy, Default)]
pub struct Points<'s> {
    /// When each was taken.
    pub times: &'s [UnixMillis],
    /// The value of each; NaN where it is a histogram.
    pub values: &'s [f64],
    /// The histograms among them; empty where there are none.
    pub histograms: &'s [Option<Arc<Histogram>>],
    /// Since when the counter of each counts, where that was told; empty where it never was.
    pub starts: &'s [Option<UnixMillis>],
}

impl<'s> Points<'s> {
    /// How many there are.
    pub const fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Those from one index up to, and without, another.
    #[must_use]
    pub fn part(&self, from: usize, to: usize) -> Self {
        let rare = |len: usize| if len == 0 { 0..0 } else { from..to };
        Self {
            times: self.times.get(from..to).unwrap_or_default(),
            values: self.values.get(from..to).unwrap_or_default(),
            histograms: self.histograms.get(rare(self.histograms.len())).unwrap_or_default(),
            starts: self.starts.get(rare(self.starts.len())).unwrap_or_default(),
        }
    }

    /// Those after one time and up to another.
    #[must_use]
    pub fn between(&self, after: UnixMillis, to: UnixMillis) -> Self {
        let from = self.up_to(after);
        self.part(from, self.up_to(to).max(from))
    }

    /// How many there are up to a time. Samples mostly come at a steady pace, so that where they should be is a better
    /// place to begin than the middle: what is asked first is already beside the answer.
    pub fn up_to(&self, at: UnixMillis) -> usize {
        let (Some(first), Some(last)) = (self.times.first(), self.times.last()) else { return 0 };
        if *last <= at {
            return self.times.len();
        }
        if at < *first {
            return 0;
        }
        let (ahead, all) = (at.since(*first).millis(), last.since(*first).millis());
        let gaps = u64::try_from(self.times.len() - 1).unwrap_or_default();
        let guess = usize::try_from(ahead.saturating_mul(gaps) / all.max(1)).unwrap_or_default();
        let (from, to) = (guess.saturating_sub(NEAR), (guess + NEAR).min(self.times.len()));
        let is_up_to = |index: usize| self.times.get(index).is_some_and(|time| *time <= at);
        let near = is_up_to(from) && !is_up_to(to);
        let (from, to) = if near { (from, to) } else { (0, self.times.len()) };
        from + self.times[from..to].partition_point(|time| *time <= at)
    }

    /// The histogram that a sample is.
    pub fn histogram(&self, index: usize) -> Option<&'s Arc<Histogram>> {
        self.histograms.get(index).and_then(Option::as_ref)
    }

    /// Since when the counter of a sample counts.
    pub fn start(&self, index: usize) -> Option<UnixMillis> {
        self.starts.get(index).copied().flatten()
    }

    /// One of them, a histogram being no number.
    pub fn sample(&self, index: usize) -> Option<Sample> {
        Some(Sample { at: *self.times.get(index)?, value: *self.values.get(index)? })
    }

    /// One of them, as it came.
    pub(super) fn observation(&self, index: usize) -> Option<Observation> {
        let Sample { at, value } = self.sample(index)?;
        let point = match self.histogram(index) {
            Some(histogram) => Point::Histogram(Arc::clone(histogram)),
            None => Point::Float(value),
        };
        Some(Observation { at, start: self.starts.get(index).copied().flatten(), point })
    }
}

impl Columns {
    /// A copy of these; histograms are shared.
    pub(super) fn of(points: Points<'_>) -> Self {
        let any = !points.histograms.is_empty() || !points.starts.is_empty();
        let rare = || Rare { histograms: points.histograms.to_vec(), starts: points.starts.to_vec() };
        let rare = any.then(|| Box::new(rare()));
        Self { times: points.times.to_vec(), values: points.values.to_vec(), rare, dropped: 0 }
    }

    /// All that are kept.
    pub(super) fn points(&self) -> Points<'_> {
        let kept = self.dropped..self.times.len();
        let all = |rare: &Rare| (rare.histograms.len(), rare.starts.len());
        debug_assert!(
            self.rare.as_deref().map(all).is_none_or(|all| all == (self.times.len(), self.times.len()))
        );
        Points {
            times: &self.times[kept.clone()],
            values: &self.values[kept.clone()],
            histograms: self.rare.as_deref().map_or(&[], |rare| &rare.histograms[kept.clone()]),
            starts: self.rare.as_deref().map_or(&[], |rare| &rare.starts[kept.clone()]),
        }
    }

    /// Adds one that is later than all.
    pub(super) fn push(&mut self, observation: Observation) {
        let Observation { at, start, point } = observation;
        let (value, histogram) = match point {
            Point::Float(value) => (value, None),
            Point::Histogram(histogram) => (f64::NAN, Some(self.hinted(histogram))),
        };
        if self.rare.is_none() && (histogram.is_some() || start.is_some()) {
            let none =
                Rare { histograms: vec![None; self.times.len()], starts: vec![None; self.times.len()] };
            self.rare = Some(Box::new(none));
        }
        if let Some(rare) = &mut self.rare {
            rare.histograms.push(histogram);
            rare.starts.push(start);
        }
        self.times.push(at);
        self.values.push(value);
    }

    /// A histogram with what is known of it beside the one right before it.
    fn hinted(&self, histogram: Arc<Histogram>) -> Arc<Histogram> {
        let points = self.points();
        let earlier = points.len().checked_sub(1).and_then(|last| points.histogram(last));
        let hint = histogram.hint_after(earlier.map(Arc::as_ref));
        if hint == histogram.hint() {
            histogram
        } else {
            Arc::new(histogram.as_ref().clone().with_hint(hint))
        }
    }

    /// Drops those before a time, and tells as how many they were counted.
    pub(super) fn forget(&mut self, before: UnixMillis) -> usize {
        let points = self.points();
        let gone = points.times.partition_point(|time| *time < before);
        let weight = (0..gone).map(|index| points.histogram(index).map_or(1, |own| own.samples())).sum();
        self.dropped += gone;
        if self.times.len() < 2 * self.dropped {
            self.times.drain(..self.dropped);
            self.values.drain(..self.dropped);
            if let Some(rare) = &mut self.rare {
                rare.histograms.drain(..self.dropped);
                rare.starts.drain(..self.dropped);
            }
            self.dropped = 0;
            self.shrink();
        }
        weight
    }

    fn shrink(&mut self) {
        let kept = self.times.len();
        if self.times.capacity() / 4 <= kept {
            return;
        }
        self.times.shrink_to(kept * 2);
        self.values.shrink_to(kept * 2);
        if let Some(rare) = &mut self.rare {
            rare.histograms.shrink_to(kept * 2);
            rare.starts.shrink_to(kept * 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Where a time is looked for first makes no difference.
        #[test]
        fn as_many_are_up_to_a_time_as_there_are(
            steady in 0_i64..40, pace in 1_i64..20, odd in prop::collection::btree_set(0_i64..400, 0..20), at in -10_i64..900,
        ) {
            let times = odd.into_iter().chain((0..steady).map(|step| 400 + step * pace));
            let times: Vec<UnixMillis> = times.map(UnixMillis::new).collect();
            let points = Points { times: &times, ..Points::default() };
            let at = UnixMillis::new(at);
            prop_assert_eq!(points.up_to(at), times.iter().filter(|time| **time <= at).count());
        }
    }
}
