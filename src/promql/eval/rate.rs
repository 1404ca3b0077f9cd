//! How fast a series moves over a window: `rate`, `increase`, `delta`, `irate`, `idelta`.

use crate::promql::eval::sum::count;
use crate::promql::eval::window::Window;
use crate::promql::number::as_float;
use crate::unit::UnixMillis;

/// How a series moves, and how that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motion {
    /// A counter's, per second.
    Rate,
    /// A counter's, over the window.
    Increase,
    /// A gauge's, over the window.
    Delta,
}

/// What changed from the first sample to the last, stretched to the borders of the window.
///
/// A border is reached where a sample may have been missed only just before it: within 1.1 of the mean distance of
/// the samples. Beyond that the series is taken to begin, or end, half a distance from its outermost sample; and a
/// counter begins no earlier than where it would have been 0.
pub(super) fn stretched(window: &Window, motion: Motion) -> Option<f64> {
    let [first, .., last] = window.samples.as_slice() else { return None };
    let counter = motion != Motion::Delta;
    let mut change = last.value - first.value;
    if counter {
        let falls = window.samples.windows(2).filter(|pair| pair[1].value < pair[0].value);
        change = falls.fold(change, |change, pair| change + pair[0].value);
    }
    let sampled = seconds(first.at, last.at);
    let distance = sampled / count(window.samples.len() - 1);
    let reached = |gap: f64| if distance * 1.1 <= gap { distance / 2.0 } else { gap };
    let mut before = reached(seconds(window.from, first.at));
    if counter && 0.0 < change && 0.0 <= first.value {
        let since_zero = sampled * (first.value / change);
        if since_zero < before {
            before = since_zero;
        }
    }
    let after = reached(seconds(last.at, window.to));
    let mut factor = (sampled + before + after) / sampled;
    if motion == Motion::Rate {
        factor /= window.seconds;
    }
    Some(change * factor)
}

/// What changed between the last two samples: of a counter per second, of a gauge as it is.
pub(super) fn latest(window: &Window, counter: bool) -> Option<f64> {
    let [.., before, last] = window.samples.as_slice() else { return None };
    if !counter {
        return Some(last.value - before.value);
    }
    // A counter that fell began anew, so that all of it is new.
    let change = if last.value < before.value { last.value } else { last.value - before.value };
    Some(change / seconds(before.at, last.at))
}

fn seconds(from: UnixMillis, to: UnixMillis) -> f64 {
    as_float(to.millis().saturating_sub(from.millis())) / 1_000.0
}
