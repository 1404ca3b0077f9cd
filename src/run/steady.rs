//! Steady time: a wall clock that leaps is held against the time that passed, and against the samples that come in.
//!
//! Looks of an hour that never was would find nothing, and their gate would end; and time that the engine has lived does
//! not come back. So a leap is believed once samples come from where it leads to, as after a machine was asleep. Where
//! they still come from where they did, the clock is wrong, and time goes on as it passes.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use crate::store::Store;
use crate::unit::{Span, UnixMillis};

/// A clock that is set by no more than this is believed at once.
const LEAP: Span = Span::from_secs(120);

/// How long ago the last sample of a series may be that speaks for a time.
const LATELY: Span = Span::from_secs(120);

/// How far ahead of a time it may be.
const AHEAD: Span = Span::from_secs(15);

/// How long a leap is doubted that no sample speaks for or against.
const DOUBT: Span = Span::from_secs(300);

/// Time that goes on as it passes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Steady {
    time: UnixMillis,
    /// How much had passed then.
    passed: Duration,
    /// How much had passed when the wall clock leapt, as long as that is doubted.
    leapt: Option<Duration>,
}

impl Steady {
    /// It is what the wall clock says, when so much has passed.
    pub(crate) const fn new(wall: UnixMillis, passed: Duration) -> Self {
        Self { time: wall, passed, leapt: None }
    }

    /// What time it is, by the wall clock, by how much has passed, and by what was heard of.
    pub(crate) fn now(&mut self, wall: UnixMillis, passed: Duration, store: &RwLock<Store>) -> UnixMillis {
        let expected = self.time.plus(span(passed.saturating_sub(self.passed)));
        let leap = wall.since(expected).max(expected.since(wall));
        let believed = leap <= LEAP
            || {
                let leapt = *self.leapt.get_or_insert_with(|| {
                tracing::warn!(%wall, %expected, "the clock leaps; it is believed once samples come from there");
                passed
            });
                let store = store.read().unwrap_or_else(PoisonError::into_inner);
                let speaks_for = |time: UnixMillis| store.heard_last(time.minus(LATELY), time.plus(AHEAD));
                match (speaks_for(expected), speaks_for(wall)) {
                    (0, 0) => DOUBT <= span(passed.saturating_sub(leapt)),
                    (here, there) => here < there,
                }
            };
        if believed && self.leapt.take().is_some() {
            tracing::warn!(%wall, %expected, "the clock is believed again");
        }
        self.time = if believed { wall } else { expected };
        self.passed = passed;
        self.time
    }
}

fn span(duration: Duration) -> Span {
    Span::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::{Labels, Sample, Series};
    use crate::store::Bounds;

    const HOUR: i64 = 3_600;

    fn at(second: i64) -> UnixMillis {
        UnixMillis::new(1_795_271_400_000 + second * 1_000)
    }

    /// What time it is taken to be, as seconds from the beginning, where the wall clock is so much off from the second
    /// minute to the tenth, and samples come in with these times, or none.
    fn lived(off: i64, sampled: impl Fn(i64) -> Option<i64>) -> Vec<i64> {
        let store = RwLock::new(Store::new(Bounds { ahead: Span::from_secs(86_400), ..Bounds::default() }));
        let mut steady = Steady::new(at(0), Duration::ZERO);
        let labels = Labels::new(vec![("__name__".to_owned(), "up".to_owned())]).unwrap();
        let lived = (0..=900_i64).step_by(15).map(|passed| {
            let wall = at(passed + if (120..600).contains(&passed) { off } else { 0 });
            if let Some(second) = sampled(passed) {
                let samples = vec![Sample { at: at(second), value: 1.0 }.into()];
                store.write().unwrap().append(&[Series { labels: labels.clone(), samples }], at(passed));
            }
            let passed = Duration::from_secs(passed.unsigned_abs());
            (steady.now(wall, passed, &store).millis() - at(0).millis()) / 1_000
        });
        lived.collect()
    }

    #[test]
    fn a_leap_is_believed_where_samples_come_from_there() {
        let slept = |off: i64| move |passed: i64| Some(passed + if 120 <= passed { off } else { 0 });
        let is_off =
            |off: i64| move |passed: i64| passed + if (120..600).contains(&passed) { off } else { 0 };
        let steady = |passed: i64| passed;
        let all = |time: &dyn Fn(i64) -> i64| (0..=900).step_by(15).map(time).collect::<Vec<i64>>();
        for off in [HOUR, -HOUR, 24 * HOUR] {
            assert_eq!(lived(off, Some), all(&steady), "the clock is wrong by {off} s");
        }
        for off in [60, -60] {
            assert_eq!(lived(off, Some), all(&is_off(off)), "the clock is set by {off} s");
        }
        // A machine that was asleep: samples come from where the clock leads to. While it is set back at the end, and they
        // still come from there, time goes on.
        let woken = lived(HOUR, slept(HOUR));
        assert_eq!(woken[8..], (8..=60).map(|step| step * 15 + HOUR).collect::<Vec<_>>()[..]);
    }

    #[test]
    fn a_leap_that_nobody_speaks_of_is_believed_after_a_while() {
        let lived = lived(HOUR, |passed| (passed < 120).then_some(passed));
        let step = |second: usize| lived[second / 15];
        assert_eq!((step(120), step(405), step(420)), (120, 405, 420 + HOUR));
    }
}
