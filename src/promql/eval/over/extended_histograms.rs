//! Growth of histograms within windows that are `anchored` or `smoothed`.

use std::sync::Arc;

use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::over::extended::ends;
use crate::promql::eval::over::rate::Wanted;
use crate::promql::eval::over::seen::histograms;
use crate::promql::eval::window::Window;
use crate::promql::number::as_float;
use crate::promql::selector::Extended;
use crate::signal::histogram::{Hint, MixedSchemas};
use crate::signal::{Histogram, Point};

pub(super) fn grown(
    wanted: Wanted,
    extended: Extended,
    window: &Window<'_>,
    around: &Around<'_>,
) -> Option<Point> {
    let found = ends(&window.points, extended, (window.from, window.to))?;
    let all = histograms(&window.points);
    let within = all.get(found.0..=found.1)?;
    let custom = within.first()?.schema().is_custom();
    for histogram in within {
        if histogram.schema().is_custom() != custom {
            around.tell(Remark::MixedSchemas);
            return None;
        }
        if wanted.counter && histogram.hint() == Hint::Gauge {
            around.tell(Remark::NotCounter);
        }
    }
    let between = Between { all: &all, window, found, extended, wanted };
    let Ok(growth) = between.growth(around) else {
        around.tell(Remark::MixedSchemas);
        return None;
    };
    growth.map(|growth| Point::Histogram(Arc::new(growth)))
}

/// What lies between the borders of a window.
struct Between<'b> {
    all: &'b [&'b Histogram],
    window: &'b Window<'b>,
    found: (usize, usize),
    extended: Extended,
    wanted: Wanted,
}

impl Between<'_> {
    fn growth(&self, around: &Around<'_>) -> Result<Option<Histogram>, MixedSchemas> {
        let (first, last) = self.found;
        let (from, to) = (self.window.from, self.window.to);
        let smoothed = self.extended == Extended::Smoothed;
        let left = if smoothed && self.at(first) < from {
            self.interpolated(first, from, around)?
        } else {
            self.all.get(first).map(|histogram| (*histogram).clone())
        };
        let right = if smoothed && 0 < last && to < self.at(last) {
            self.interpolated(last - 1, to, around)?
        } else {
            self.all.get(last).map(|histogram| (*histogram).clone())
        };
        let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
        if !self.wanted.counter && (left.hint() != Hint::Gauge || right.hint() != Hint::Gauge) {
            around.tell(Remark::NotGauge);
        }
        let mut growth = right.clone();
        around.remarks.tell_met(growth.subtract(&left)?, Remark::Subtracted);
        if self.wanted.counter
            && let Some(lost) = self.lost(&left, &right, around)?
        {
            around.remarks.tell_met(growth.add(&lost)?, Remark::Added);
        }
        if self.wanted.per_second {
            growth.divide(self.window.reach.seconds);
        }
        let mut growth = growth.with_hint(Hint::Gauge);
        growth.compact(0);
        Ok(Some(growth))
    }

    fn at(&self, index: usize) -> i64 {
        self.window.points.times.get(index).map_or(0, |time| time.millis())
    }

    /// What lies between a sample and the next.
    fn interpolated(
        &self,
        index: usize,
        at: i64,
        around: &Around<'_>,
    ) -> Result<Option<Histogram>, MixedSchemas> {
        let (Some(one), Some(other)) = (self.all.get(index), self.all.get(index + 1)) else {
            return Ok(None);
        };
        let times = (self.at(index), self.at(index + 1));
        between((one, other), times, at, (self.wanted.counter, around)).map(Some)
    }

    /// What a counter lost whenever it began anew.
    ///
    /// The first and the last sample stand behind the borders, which tell of resets by themselves: where the left
    /// border lies on a line that begins anew, that is told already.
    fn lost(
        &self,
        left: &Histogram,
        right: &Histogram,
        around: &Around<'_>,
    ) -> Result<Option<Histogram>, MixedSchemas> {
        let (first, last) = self.found;
        let (mut next, mut before) = (first + 1, left);
        if self.extended == Extended::Smoothed
            && self.at(first) < self.window.from
            && let (Some(one), Some(other)) = (self.all.get(first), self.all.get(first + 1))
            && other.has_reset_since(one)
        {
            before = other;
            next += 1;
        }
        let mut lost: Option<Histogram> = None;
        let Some(within) = self.all.get(next..last) else { return Ok(None) };
        for histogram in within.iter().copied().chain([right]) {
            if histogram.has_reset_since(before) {
                match &mut lost {
                    None => lost = Some(before.clone()),
                    Some(lost) => around.remarks.tell_met(lost.add(before)?, Remark::Added),
                }
            }
            before = histogram;
        }
        Ok(lost)
    }
}

/// What lies on the line between two histograms. A counter that began anew had nothing at the first.
pub(super) fn between(
    (one, other): (&Histogram, &Histogram),
    times: (i64, i64),
    at: i64,
    (counter, around): (bool, &Around<'_>),
) -> Result<Histogram, MixedSchemas> {
    if at == times.0 {
        return Ok(one.clone());
    }
    let mut result = other.clone();
    if at == times.1 {
        return Ok(result);
    }
    let part = as_float(at.saturating_sub(times.0)) / as_float(times.1.saturating_sub(times.0));
    if counter && other.has_reset_since(one) {
        result.multiply(part);
        return Ok(result);
    }
    around.remarks.tell_met(result.subtract(one)?, Remark::Subtracted);
    result.multiply(part);
    around.remarks.tell_met(result.add(one)?, Remark::Added);
    Ok(result)
}
