//! Layouts: which samples of a series the window of each step has.

use std::cell::OnceCell;
use std::ops::Range;

use crate::promql::eval::column::{Column, NONE};
use crate::promql::eval::error::EvalError;
use crate::promql::eval::meter::{Hold, Meter, UNLOOKED};
use crate::promql::eval::reach::Reach;
use crate::signal::Point;
use crate::unit::UnixMillis;

/// Where the windows of a series lie among its samples. Series of one target are sampled at the same times: what was
/// found of one mostly holds of the next.
pub(super) struct Layout<'e> {
    times: Vec<UnixMillis>,
    /// From which sample up to, and without, which other.
    parts: Vec<(u32, u32)>,
    /// How many samples all windows have together.
    samples: usize,
    /// By what a function multiplies at each step, if that rests on nothing but times.
    factors: OnceCell<Vec<f64>>,
    _hold: Hold<'e>,
}

/// How much work windows are.
#[derive(Clone, Copy)]
pub(super) struct Pace<'e> {
    pub(super) meter: &'e Meter<'e>,
    /// To go through one sample.
    pub(super) sample: usize,
}

impl<'e> Layout<'e> {
    /// That of samples of these times, for windows that reach so far.
    pub(super) fn of(times: &[UnixMillis], reach: &Reach, meter: &'e Meter<'e>) -> Result<Self, EvalError> {
        let len = reach.grid.len();
        let mut hold = Hold::new(meter);
        hold.add(len.saturating_add(times.len()) / 2)?;
        let (mut low, mut high, mut samples) = (0, 0, 0_usize);
        let mut parts = Vec::with_capacity(len);
        for step in 0..len {
            if meter.is_over_at(step, 1) {
                return Err(EvalError::Stopped);
            }
            let (after, until) = reach.samples(step);
            // No step looks further back than the one before it.
            low = advanced(times, low, after);
            high = advanced(times, high.max(low), until);
            samples = samples.saturating_add(high - low);
            parts.push((small(low), small(high)));
        }
        Ok(Self { times: times.to_vec(), parts, samples, factors: OnceCell::new(), _hold: hold })
    }

    /// The one that was kept, if it is that of these times, too.
    pub(super) fn kept<'k>(
        kept: &'k mut Option<Self>,
        times: &[UnixMillis],
        reach: &Reach,
        meter: &'e Meter<'e>,
    ) -> Result<&'k Self, EvalError> {
        let known = kept.take().filter(|layout| layout.times == times);
        Ok(kept.insert(if let Some(known) = known { known } else { Self::of(times, reach, meter)? }))
    }

    /// The number that a function makes of each window; it is not asked where there are no samples.
    pub(super) fn numbers(
        &self,
        pace: Pace<'_>,
        mut number: impl FnMut(usize, Range<usize>) -> Option<f64>,
    ) -> Column {
        let mut values = Vec::with_capacity(self.parts.len());
        for run in self.runs(pace) {
            let parts = self.parts.get(run.clone()).unwrap_or_default().iter();
            values.extend(run.zip(parts).map(|(step, (low, high))| {
                if low < high { number(step, *low as usize..*high as usize).unwrap_or(NONE) } else { NONE }
            }));
        }
        values.resize(self.parts.len(), NONE);
        Column { values, histograms: Vec::new() }
    }

    /// What a function makes of each window; it is not asked where there are no samples.
    pub(super) fn points(
        &self,
        pace: Pace<'_>,
        mut point: impl FnMut(usize, Range<usize>) -> Option<Point>,
    ) -> Column {
        let mut column = Column::empty(self.parts.len());
        for run in self.runs(pace) {
            let parts = self.parts.get(run.clone()).unwrap_or_default().iter();
            for (step, (low, high)) in run.zip(parts).filter(|(_, (low, high))| low < high) {
                column.set(step, point(step, *low as usize..*high as usize));
            }
        }
        column
    }

    /// By what a function multiplies at each step; it makes those when it is first asked for them.
    pub(super) fn factors(
        &self,
        pace: Pace<'_>,
        factor: impl Fn(usize, Range<usize>) -> Option<f64>,
    ) -> &[f64] {
        self.factors.get_or_init(|| self.numbers(pace, factor).values)
    }

    /// All steps, in runs of little work each, until it is to stop.
    fn runs(&self, pace: Pace<'_>) -> impl Iterator<Item = Range<usize>> {
        let all = self.parts.len().saturating_add(self.samples.saturating_mul(pace.sample));
        let mut from = 0;
        std::iter::from_fn(move || {
            let ahead = self.parts.get(from..).filter(|ahead| !ahead.is_empty())?;
            let mut work = all;
            let mut to = self.parts.len();
            if UNLOOKED <= all {
                work = 0;
                let each = ahead.iter().take_while(|(low, high)| {
                    let before = work;
                    work += 1 + pace.sample.saturating_mul((high - low) as usize);
                    before < UNLOOKED
                });
                to = from + each.count();
            }
            let run = from..to;
            from = to;
            (!pace.meter.is_over(work)).then_some(run)
        })
    }
}

/// A place among samples: there are never as many as would not fit.
fn small(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// How many times there are up to `until`, of which the first so many are known to be.
pub(super) fn advanced(times: &[UnixMillis], known: usize, until: i64) -> usize {
    let until = UnixMillis::new(until);
    let rest = times.get(known..).unwrap_or_default();
    // Most steps go on by few samples.
    match rest.iter().take(NEAR).position(|time| until < *time) {
        Some(further) => known + further,
        None => known + rest.partition_point(|time| *time <= until),
    }
}

const NEAR: usize = 16;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::promql::{Features, Query, Row, Value, When, evaluate, parse};
    use crate::signal::{Labels, NAME, STALE, Sample, Series};
    use crate::store::{Bounds, Store};
    use crate::unit::{Span, UnixMillis};

    fn series(index: usize, times: &BTreeSet<i64>, first: f64) -> Series {
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let labels = Labels::new(vec![pair(NAME, "x".to_owned()), pair("own", index.to_string())]).unwrap();
        let value = |at: i64| {
            if at % 11 == 3 {
                f64::from_bits(STALE)
            } else {
                first + f64::from(i32::try_from(at % 7).unwrap())
            }
        };
        let sample = |at: &i64| Sample { at: UnixMillis::new(at * 1_000), value: value(*at) }.into();
        Series { labels, samples: times.iter().map(sample).collect() }
    }

    /// The bits of what an expression comes to from 0 to 200 seconds.
    fn told(text: &str, step: u64, store: &Store) -> Vec<(Labels, Vec<(i64, u64)>)> {
        let (from, to) = (UnixMillis::new(0), UnixMillis::new(200_000));
        let query = Query::new(When::Range { from, to, step: Span::from_secs(step) });
        let answer = evaluate(&parse(text, Features::ALL).unwrap(), &query, store).unwrap();
        let Value::Matrix(rows) = answer.value else { panic!("{text} has no rows") };
        let bits = |row: &Row| row.numbers().map(|(at, value)| (at.millis(), value.to_bits())).collect();
        rows.iter().map(|row| (row.labels.clone(), bits(row))).collect()
    }

    proptest! {
        /// What was found of one series is taken for another of the same times alone.
        #[test]
        fn a_series_is_worth_the_same_whichever_are_beside_it(
            times in prop::collection::vec(prop::collection::btree_set(0_i64..200, 0..30), 1..3),
            which in prop::collection::vec((any::<prop::sample::Index>(), 0_i32..40), 1..6),
            step in 1_u64..60,
        ) {
            let each = which.iter().enumerate();
            let all: Vec<Series> =
                each.map(|(index, (own, first))| series(index, own.get(&times), f64::from(*first))).collect();
            let mut store = Store::new(Bounds::default());
            store.append(&all, UnixMillis::new(200_000));
            for text in [
                "SERIES", "timestamp(SERIES)", "SERIES offset 7s", "SERIES @ 50", "rate(SERIES[50s])",
                "increase(SERIES[9s])", "delta(SERIES[50s])", "rate(SERIES[50s] smoothed)",
                "increase(SERIES[30s] anchored)", "max_over_time(SERIES[40s] offset -10s)",
                "deriv(SERIES[40s] @ 100)", "rate(SERIES[30s:7s])", "sum_over_time(SERIES[0.5])",
            ] {
                let whole = told(&text.replace("SERIES", "x"), step, &store);
                let alone = |index: usize| told(&text.replace("SERIES", &format!("x{{own=\"{index}\"}}")), step, &store);
                let alone: Vec<_> = (0..which.len()).flat_map(alone).collect();
                prop_assert_eq!(whole, alone, "{}", text);
            }
        }
    }
}
