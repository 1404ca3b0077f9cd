//! `rate`, `increase` and `delta`: how much a series grew within a window.

use crate::promql::eval::column::{Column, is_none};
use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::over::counts::Counts;
use crate::promql::eval::over::seen::Seen;
use crate::promql::eval::over::started::{Started, began, overlaps};
use crate::promql::eval::over::{Course, extended, extended_histograms, rate_of_histograms};
use crate::promql::eval::sum::count;
use crate::promql::eval::window::Window;
use crate::promql::number::as_float;
use crate::signal::Point;
use crate::store::Points;

/// What is asked of growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Whether the series only falls where it begins anew.
    pub(super) counter: bool,
    /// Whether it is told per second.
    pub(super) per_second: bool,
}

const RATE: Wanted = Wanted { counter: true, per_second: true };
const INCREASE: Wanted = Wanted { counter: true, per_second: false };
const DELTA: Wanted = Wanted { counter: false, per_second: false };

/// Whether a function is one for counters, which have names of their own.
pub(super) fn counts_up(function: &str) -> bool {
    ["rate", "increase"].contains(&function)
}

pub(super) fn rate(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    grown(RATE, window, around)
}

pub(super) fn increase(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    grown(INCREASE, window, around)
}

pub(super) fn delta(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    grown(DELTA, window, around)
}

pub(super) fn moving_rate(course: &Course<'_>) -> Option<Column> {
    moving(RATE, course)
}

pub(super) fn moving_increase(course: &Course<'_>) -> Option<Column> {
    moving(INCREASE, course)
}

pub(super) fn moving_delta(course: &Course<'_>) -> Option<Column> {
    moving(DELTA, course)
}

fn grown(wanted: Wanted, window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    match (Seen::of(window.points), window.reach.extended) {
        (Seen::Mixed, _) => {
            around.tell(Remark::Mixed);
            None
        }
        (Seen::Floats, None) => {
            let points = &window.points;
            let resets = (1..points.len()).filter(|index| is_reset(points, *index, around.starts));
            let growth = growth(points, wanted, resets)?;
            let overlap = |index| overlaps(points, index);
            if wanted.counter && around.starts && (1..points.len()).any(overlap) {
                around.tell(Remark::StartsOverlap);
            }
            floats(wanted, window, around, growth).map(Point::Float)
        }
        (Seen::Histograms, None) => rate_of_histograms::grown(wanted, window, around),
        (Seen::Floats, Some(extended)) => extended::grown(wanted, extended, window),
        (Seen::Histograms, Some(extended)) => extended_histograms::grown(wanted, extended, window, around),
    }
}

/// Whether a counter began anew before a sample.
pub(super) fn is_reset(points: &Points<'_>, index: usize, starts: bool) -> bool {
    match (index.checked_sub(1).and_then(|before| points.values.get(before)), points.values.get(index)) {
        (Some(before), Some(now)) => now < before || starts && began(points, index),
        (_, _) => false,
    }
}

/// By how much the samples went up, with what a counter had whenever it began anew.
fn growth(points: &Points<'_>, wanted: Wanted, resets: impl Iterator<Item = usize>) -> Option<f64> {
    let mut growth = points.values.last()? - points.values.first()?;
    if wanted.counter {
        for lost in resets.filter_map(|index| points.values.get(index.checked_sub(1)?)) {
            growth += lost;
        }
    }
    Some(growth)
}

/// The growth of the whole window, of which samples show only a part.
fn floats(wanted: Wanted, window: &Window<'_>, around: &Around<'_>, growth: f64) -> Option<f64> {
    let first = *window.points.values.first()?;
    let shown = Shown::of(wanted, window, around)?;
    let factor = shown.factor(wanted, window, growth, first)?;
    let growth = if shown.began.is_some() { growth + first } else { growth };
    Some(growth * factor)
}

/// What part of a window its samples show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    first: i64,
    last: i64,
    samples: usize,
    /// When the counter began, if that lies within the window before the first sample: there it had nothing yet.
    pub(super) began: Option<i64>,
}

/// How much longer than usual a gap at a border may be before the series is taken to begin or end within the window.
const USUAL_GAP: f64 = 1.1;

impl Shown {
    pub(super) fn of(wanted: Wanted, window: &Window<'_>, around: &Around<'_>) -> Option<Self> {
        let points = &window.points;
        let started = || Started::of(points, 0)?.since(window.from);
        Some(Self {
            first: points.times.first()?.millis(),
            last: points.times.last()?.millis(),
            samples: points.len(),
            began: if wanted.counter && around.starts { started() } else { None },
        })
    }

    /// By what to multiply the growth that samples show; nothing where one sample alone shows none.
    ///
    /// `had` is what the counter had at its first sample: going back in time it comes to nothing at some moment, and
    /// before that there was no growth.
    pub(super) fn factor(self, wanted: Wanted, window: &Window<'_>, growth: f64, had: f64) -> Option<f64> {
        let seconds = |millis: i64| as_float(millis) / 1_000.0;
        let gap = if 1 < self.samples {
            seconds(self.last.saturating_sub(self.first)) / count(self.samples - 1)
        } else {
            0.0
        };
        let within = |border: f64| if gap * USUAL_GAP <= border { gap / 2.0 } else { border };
        let sampled = seconds(self.last.saturating_sub(self.began.unwrap_or(self.first)));
        let mut before = 0.0;
        if self.began.is_none() {
            if self.samples < 2 {
                return None;
            }
            before = within(seconds(self.first.saturating_sub(window.from)));
            if wanted.counter && 0.0 < growth && 0.0 <= had {
                let to_nothing = sampled * (had / growth);
                before = if to_nothing < before { to_nothing } else { before };
            }
        }
        let after = within(seconds(window.to.saturating_sub(self.last)));
        let factor = if sampled == 0.0 { 1.0 } else { (sampled + before + after) / sampled };
        Some(if wanted.per_second { factor / window.reach.seconds } else { factor })
    }
}

/// With a list of all resets, each window needs only those within it, summed up in the same order.
fn moving(wanted: Wanted, course: &Course<'_>) -> Option<Column> {
    let points = course.track.points();
    if course.reach.extended.is_some() {
        return None;
    }
    if !points.histograms.is_empty() {
        return rate_of_histograms::moving(wanted, course);
    }
    let starts = wanted.counter && course.around.starts;
    let resets: Vec<usize> = if wanted.counter {
        (1..points.len()).filter(|index| is_reset(&points, *index, starts)).collect()
    } else {
        Vec::new()
    };
    let overlapping = starts.then(|| Counts::of(points.len(), |index| overlaps(&points, index)));
    let factors = (!starts).then(|| factors(wanted, course));
    let (mut low, mut high) = (0, 0);
    Some(course.numbers(|step, part| {
        while resets.get(low).is_some_and(|reset| *reset <= part.start) {
            low += 1;
        }
        while resets.get(high).is_some_and(|reset| *reset < part.end) {
            high += 1;
        }
        let (first, last) = (*points.values.get(part.start)?, *points.values.get(part.end - 1)?);
        let lost = resets.get(low..high).unwrap_or_default().iter();
        let lost = lost.filter_map(|reset| points.values.get(reset.checked_sub(1)?));
        let growth = lost.fold(last - first, |growth, lost| growth + lost);
        if let Some(factor) = factors.and_then(|factors| factors.get(step))
            && !(wanted.counter && comes_to_nothing(growth, first))
        {
            return (!is_none(*factor)).then_some(growth * factor);
        }
        let around = course.around(step);
        if overlapping.as_ref().is_some_and(|counts| 0 < counts.between(part.start, part.end - 1)) {
            around.tell(Remark::StartsOverlap);
        }
        floats(wanted, &Window::of(points, part, course.reach, step), &around, growth)
    }))
}

/// Whether a counter may have come to nothing within its window before its first sample. What is added there is at most a
/// little more than one gap between samples, so a counter that had twice its growth was not nothing yet.
fn comes_to_nothing(growth: f64, had: f64) -> bool {
    0.0 < growth && 0.0 <= had && had < 2.0 * growth
}

/// By what growth is multiplied at each step where its counter does not come to nothing: that rests on times alone.
fn factors<'c>(wanted: Wanted, course: &Course<'c>) -> &'c [f64] {
    let points = course.track.points();
    course.layout.factors(course.track.pace(), |step, part| {
        let window = Window::of(points, part, course.reach, step);
        Shown::of(wanted, &window, &course.around(step))?.factor(wanted, &window, 0.0, 0.0)
    })
}
