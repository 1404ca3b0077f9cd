//! Growth: by how much a counter went up. It is taken series by series and before any sum, since a sum hides that
//! one of its counters began again.

use crate::signal::{Labels, Sample, is_stale};
use crate::store::stored::Stored;
use crate::store::tally::Window;
use crate::unit::UnixMillis;

/// The largest count of which a float still tells each from the next.
const MOST: f64 = 9_007_199_254_740_992.0;

/// By how much a counter went up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Growth {
    /// By how much since its last value before, or since `first`.
    pub by: u64,
    /// Its first value, where it has none before: `by` leaves it out, for it may be the history of years.
    pub first: Option<First>,
    /// When it was last seen up to the end; before the start, where it is silent.
    pub newest: Option<UnixMillis>,
}

/// The first value of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct First {
    /// When.
    pub at: UnixMillis,
    /// How much.
    pub count: u64,
}

/// A value that no counter of events has.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error(
    "{series} is {value} at {at}; a counter of events holds whole numbers from 0 to 2^53: choose a series that \
     counts, such as one whose name ends in `_total`, `_count` or `_bucket`"
)]
pub struct NotACount {
    /// The series.
    pub series: Labels,
    /// When.
    pub at: UnixMillis,
    /// The value; NaN also of a gauge that is a histogram, whatever it counts.
    pub value: f64,
}

/// By how much a counter went up after `from` and up to `to`.
///
/// What it had before is its last value, however long ago: so nothing is lost over a gap, and what is counted in
/// neighbouring stretches adds up. A value below the one before it means that the counter began again at zero. A
/// marker of its end ends nothing: should it go on, it goes on from its last value. While it is no number it counts
/// nothing and is no counter; once it is one again, it goes on likewise. One that was not heard of since for so long that it
/// is gone is not waited for: what it had before stays counted.
pub fn increases(stored: &Stored, window: &Window) -> Result<Growth, NotACount> {
    let Window { from, to, lookback } = *window;
    let (base, mut lost) = last_number(stored, from);
    let mut growth = Growth { newest: base.map(|sample| sample.at), ..Growth::default() };
    let mut before = base.map(|sample| count(stored, sample)).transpose()?;
    // What it had before that is unknown, so its first number is no first value.
    let mut begun = lost.is_some();
    for sample in stored.between(from, to) {
        // One that ended is not expected to be a number again.
        lost = (sample.value.is_nan() && !is_stale(sample.value)).then_some(sample);
        begun |= lost.is_some();
        if sample.value.is_nan() {
            continue;
        }
        let now = count(stored, sample)?;
        match before {
            Some(before) => growth.by = growth.by.saturating_add(now.checked_sub(before).unwrap_or(now)),
            None if begun => {}
            None => growth.first = Some(First { at: sample.at, count: now }),
        }
        growth.newest = Some(sample.at);
        before = Some(now);
    }
    let lost = lost.filter(|sample| to.minus(lookback) < sample.at);
    lost.map_or(Ok(growth), |sample| count(stored, sample).map(|_| growth))
}

/// The last number of a series up to a time, and what came after that and is none.
fn last_number(stored: &Stored, until: UnixMillis) -> (Option<Sample>, Option<Sample>) {
    let (mut at, mut lost) = (until, None);
    while let Some(sample) = stored.last(at) {
        if !sample.value.is_nan() {
            return (Some(sample), lost);
        }
        lost = lost.or(Some(sample));
        at = UnixMillis::new(sample.at.millis().saturating_sub(1));
    }
    (None, lost)
}

pub(super) fn count(stored: &Stored, Sample { at, value }: Sample) -> Result<u64, NotACount> {
    if !(0.0..=MOST).contains(&value) || value.fract() != 0.0 {
        return Err(NotACount { series: stored.labels().clone(), at, value });
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a whole number up to 2^53"
    )]
    Ok(value as u64)
}
