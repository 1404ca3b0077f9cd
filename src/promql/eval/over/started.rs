//! Start times: what they say of a counter between two samples.

use crate::store::Points;
use crate::unit::UnixMillis;

/// A sample with the time since when its counter counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Started {
    at: i64,
    start: Option<i64>,
}

impl Started {
    /// A start of 0 is what senders write who know of none.
    pub(super) fn of(points: &Points<'_>, index: usize) -> Option<Self> {
        let at = points.times.get(index)?.millis();
        Some(Self { at, start: points.start(index).map(UnixMillis::millis).filter(|start| *start != 0) })
    }

    /// Whether the counter began anew after the sample before.
    ///
    /// A start at the very time of that sample is what increments have: each begins where the last ended. But a
    /// counter whose start nobody knows begins with its first sample, and every later one names that.
    pub(super) fn began_after(self, before: Self) -> bool {
        match self.start {
            // Where it is no earlier than its own sample it says nothing.
            Some(start) if start < self.at => {
                let known = before.start.is_some_and(|earlier| earlier < before.at);
                before.at < start || before.at == start && known
            }
            Some(_) | None => false,
        }
    }

    /// Whether it starts within what the sample before has counted, and yet not with that.
    pub(super) fn overlaps(self, before: Self) -> bool {
        self.start.is_some_and(|start| start < before.at && before.start != Some(start))
    }

    /// Since when it counts, if that lies after one time and before its own.
    pub(super) fn since(self, after: i64) -> Option<i64> {
        self.start.filter(|start| after < *start && *start < self.at)
    }
}

/// Whether start times say that a counter began anew before a sample.
pub(super) fn began(points: &Points<'_>, index: usize) -> bool {
    pair(points, index).is_some_and(|(before, now)| now.began_after(before))
}

/// Whether a sample starts within what the one before has counted.
pub(super) fn overlaps(points: &Points<'_>, index: usize) -> bool {
    pair(points, index).is_some_and(|(before, now)| now.overlaps(before))
}

fn pair(points: &Points<'_>, index: usize) -> Option<(Started, Started)> {
    if points.starts.is_empty() {
        return None;
    }
    Some((Started::of(points, index.checked_sub(1)?)?, Started::of(points, index)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at: i64, start: i64) -> Started {
        Started { at, start: (start != 0).then_some(start) }
    }

    #[test]
    fn a_start_says_whether_a_counter_began_anew() {
        for (before, now, began, overlaps) in [
            ((100, 0), (200, 0), false, false),
            ((100, 0), (200, 150), true, false),
            ((100, 0), (200, 100), false, false),
            ((100, 50), (200, 100), true, false),
            ((100, 100), (200, 100), false, false),
            ((100, 110), (200, 100), false, false),
            ((100, 50), (200, 50), false, false),
            ((100, 50), (200, 60), false, true),
            ((100, 0), (200, 60), false, true),
            ((100, 50), (200, 200), false, false),
            ((100, 50), (200, 201), false, false),
        ] {
            let (one, other) = (sample(before.0, before.1), sample(now.0, now.1));
            assert_eq!(
                (other.began_after(one), other.overlaps(one)),
                (began, overlaps),
                "{before:?} {now:?}"
            );
        }
    }

    #[test]
    fn a_start_counts_within_the_window_alone() {
        for (start, after, since) in
            [(50, 40, Some(50)), (50, 50, None), (50, 60, None), (100, 40, None), (0, -10, None)]
        {
            assert_eq!(sample(100, start).since(after), since, "{start} after {after}");
        }
    }
}
