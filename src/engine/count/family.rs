//! The counters of a histogram: a classic one's buckets, which are series of their own, or a native one, which is a
//! counter at each of its bounds. Whatever lies above a bound is the same count in both.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::count::{Places, Reading, Whose, wide};
use crate::engine::event::Window;
use crate::gate::{Buckets, FINEST_NATIVE};
use crate::promql::{Plan, Selector};
use crate::signal::histogram::Resolution;
use crate::signal::{BOUND, INSTANCE, Labels, NAME};
use crate::store::{
    Edge, Gives, Grain, Increase, LOOKBACK, coarsest, has_histograms, shared_bounds, spreads, untold,
};

/// How many bounds of a histogram are looked at.
const MOST_BOUNDS: usize = 1_000;

/// How many doublings beyond what a native histogram observed a border may lie: its buckets have no last bound.
const BEYOND: u8 = 24;

/// The counters of a histogram.
pub(super) enum Family {
    Classic { bucket: Selector, count: Selector },
    Native(Selector),
}

/// By how much a histogram grew: all of it, and what lies at or below each bound.
#[derive(Default)]
pub(super) struct Grown {
    pub(super) of: Increase,
    pub(super) under: BTreeMap<Rim, Increase>,
    /// The coarsest resolution at which a border was merged away.
    pub(super) merged: Option<i8>,
}

/// A bound that is counted at or below of, and which way it gives where a native histogram has merged it away.
pub(super) type Rim = (Bound, Gives);

impl Family {
    /// The family of a histogram on a side; nothing where it is no plain one. Where nobody says which it is, it is the
    /// classic one as long as that is heard of, since rules were written for that before there were others.
    pub(super) fn of(
        plan: &Plan,
        told: Option<Buckets>,
        (reading, whose, window): (&Reading<'_>, Whose, Window),
    ) -> Option<Self> {
        let called = |ending: &str| plan.ending_in(ending).as_selector().cloned();
        let classic = Self::Classic { bucket: called("_bucket")?, count: called("_count")? };
        let native = Self::Native(plan.as_selector()?.clone());
        let lately = Window { from: window.from.minus(LOOKBACK), to: window.to };
        let is_native = match told {
            Some(Buckets::Native) => true,
            Some(Buckets::Classic) => false,
            None => !classic.is_heard(reading, whose, lately) && native.is_heard(reading, whose, lately),
        };
        Some(if is_native { native } else { classic })
    }

    fn is_heard(&self, reading: &Reading<'_>, whose: Whose, window: Window) -> bool {
        let asks = reading.asks_of(self.all(), whose);
        match self {
            Self::Native(_) => has_histograms(reading.store, &asks, &wide(&window)),
            Self::Classic { .. } => {
                let stored = reading.store.select(&asks);
                stored.iter().any(|stored| stored.between(window.from, window.to).next().is_some())
            }
        }
    }

    pub(super) const fn is_native(&self) -> bool {
        matches!(self, Self::Native(_))
    }

    /// The series that count all observations.
    pub(super) const fn all(&self) -> &Selector {
        match self {
            Self::Classic { count, .. } => count,
            Self::Native(own) => own,
        }
    }

    /// All of its series.
    pub(super) fn selectors(&self) -> Vec<&Selector> {
        match self {
            Self::Classic { bucket, count } => vec![bucket, count],
            Self::Native(own) => vec![own],
        }
    }

    /// The finite bounds that all instances of the old side have that had a sample in a window. Of a bound that one of
    /// them lacks nobody knows how many of its observations lie under it.
    pub(super) fn shared(&self, reading: &Reading<'_>, window: Window) -> Vec<f64> {
        let bucket = match self {
            Self::Classic { bucket, .. } => bucket,
            Self::Native(own) => {
                let finest = Resolution::new(FINEST_NATIVE.into()).unwrap_or_default();
                let grain = Grain { finest, beyond: BEYOND, most: MOST_BOUNDS };
                let asks = reading.asks_of(own, Whose::Old);
                return shared_bounds(reading.store, &asks, &wide(&window), grain);
            }
        };
        let mut instances: BTreeMap<Labels, BTreeSet<Bound>> = BTreeMap::new();
        for stored in reading.store.select(&reading.asks_of(bucket, Whose::Old)) {
            if stored.between(window.from, window.to).next().is_none() {
                continue;
            }
            let own = instances.entry(stored.labels().only(|label| label != BOUND)).or_default();
            own.extend(bound_of(stored.labels()).map(Bound).filter(|_| own.len() < MOST_BOUNDS));
        }
        let shared = instances.into_values().reduce(|one, other| one.intersection(&other).copied().collect());
        shared.unwrap_or_default().into_iter().map(|bound| bound.0).collect()
    }

    /// The coarsest resolution of the old side's instances that had a sample in a window, where bounds grow.
    pub(super) fn resolution(&self, reading: &Reading<'_>, window: Window) -> Option<i8> {
        let Self::Native(own) = self else { return None };
        coarsest(reading.store, &reading.asks_of(own, Whose::Old), &wide(&window)).map(Resolution::number)
    }

    /// By how much it grew in each window, in the place that is found for each series.
    pub(super) fn grown(
        &self,
        (reading, whose): (&Reading<'_>, Whose),
        windows: &[Window],
        rims: &[Rim],
        (places, place): Places<'_>,
    ) -> Vec<Grown> {
        let (bucket, count) = match self {
            Self::Classic { bucket, count } => (bucket, count),
            Self::Native(own) => {
                let windows: Vec<_> = windows.iter().map(wide).collect();
                let asks = reading.asks_of(own, whose);
                let spreads = spreads(reading.store, &asks, &windows, &edges(rims), (places, place));
                let grown = spreads.into_iter().map(|spread| Grown {
                    of: spread.of,
                    under: rims.iter().copied().zip(spread.under).collect(),
                    merged: spread.gave.map(Resolution::number),
                });
                return grown.collect();
            }
        };
        let all = reading.grown(count, whose, windows, (places, place));
        let mut grown: Vec<Grown> = all.into_iter().map(|of| Grown { of, ..Grown::default() }).collect();
        for rim in rims.iter().copied() {
            let bound = rim.0;
            let own = |labels: &Labels| {
                let own = bound_of(labels).map(Bound)? == bound;
                own.then(|| place(labels)).flatten()
            };
            let under = reading.grown(bucket, whose, windows, (places, &own));
            for (grown, under) in grown.iter_mut().zip(under) {
                grown.under.insert(rim, under);
            }
        }
        grown
    }

    /// The instances on a side that had a sample in a window, and lack a bucket: by their `instance`, or by all of their
    /// labels.
    pub(super) fn lacking(
        &self,
        (reading, whose): (&Reading<'_>, Whose),
        window: Window,
        rims: &[Rim],
    ) -> Vec<String> {
        let (bucket, count) = match self {
            Self::Classic { bucket, count } => (bucket, count),
            Self::Native(own) => {
                let asks = reading.asks_of(own, whose);
                let untold = untold(reading.store, &asks, &wide(&window), &edges(rims));
                return untold.into_iter().map(called).collect();
            }
        };
        let heard = |selector: &Selector| {
            let stored = reading.store.select(&reading.asks_of(selector, whose));
            let heard =
                stored.into_iter().filter(|stored| stored.between(window.from, window.to).next().is_some());
            heard.map(|stored| stored.labels().clone()).collect::<Vec<_>>()
        };
        let own = |labels: &Labels| labels.only(|label| label != BOUND && label != NAME);
        let buckets: BTreeSet<(Labels, Bound)> =
            heard(bucket).iter().filter_map(|labels| Some((own(labels), Bound(bound_of(labels)?)))).collect();
        let lacks =
            |labels: &&Labels| rims.iter().any(|(bound, _)| !buckets.contains(&(own(labels), *bound)));
        heard(count).iter().filter(lacks).map(called).collect()
    }
}

fn edges(rims: &[Rim]) -> Vec<Edge> {
    rims.iter().map(|(bound, gives)| Edge { at: bound.0, gives: *gives }).collect()
}

/// What an instance is called.
fn called(labels: &Labels) -> String {
    match labels.get(INSTANCE) {
        "" => labels.only(|label| label != NAME).to_string(),
        instance => instance.to_owned(),
    }
}

/// A bound with an order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound(pub(super) f64);

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
