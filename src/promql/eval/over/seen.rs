//! What a window holds: numbers, histograms, or both.

use std::borrow::Cow;

use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::window::Window;
use crate::signal::Histogram;
use crate::store::Points;
use crate::unit::UnixMillis;

/// What the samples of a window are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    Floats,
    Histograms,
    Mixed,
}

impl Seen {
    pub(super) fn of(points: Points<'_>) -> Self {
        let histograms = points.histograms.iter().flatten().count();
        if histograms == 0 {
            Self::Floats
        } else if histograms == points.len() {
            Self::Histograms
        } else {
            Self::Mixed
        }
    }
}

/// The numbers of a window.
pub(super) struct Floats<'w> {
    pub(super) times: Cow<'w, [UnixMillis]>,
    pub(super) values: Cow<'w, [f64]>,
}

impl<'w> Floats<'w> {
    /// The numbers of a window, if there are any; that histograms among them are passed over is told.
    pub(super) fn of(window: &Window<'w>, around: &Around<'_>) -> Option<Self> {
        let points = window.points;
        if Seen::of(points) == Seen::Floats {
            return Some(Self { times: Cow::Borrowed(points.times), values: Cow::Borrowed(points.values) });
        }
        let all = points.times.iter().zip(points.values).zip(points.histograms);
        let (times, values): (Vec<_>, Vec<_>) = all
            .filter(|(_, histogram)| histogram.is_none())
            .map(|((time, value), _)| (*time, *value))
            .unzip();
        if times.is_empty() {
            return None;
        }
        around.tell(Remark::HistogramsIgnored);
        Some(Self { times: Cow::Owned(times), values: Cow::Owned(values) })
    }
}

/// The histograms of a window that holds nothing else.
pub(super) fn histograms<'w>(points: &Points<'w>) -> Vec<&'w Histogram> {
    points.histograms.iter().flatten().map(AsRef::as_ref).collect()
}
