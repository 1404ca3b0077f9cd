//! `irate` and `idelta`: how the last two samples of a window differ.

use std::sync::Arc;

use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::over::{rate, rate_of_histograms};
use crate::promql::eval::window::Window;
use crate::promql::number::as_float;
use crate::signal::histogram::{Hint, MixedSchemas};
use crate::signal::{Histogram, Point};

pub(super) fn irate(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    differ(window, around, true)
}

pub(super) fn idelta(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    differ(window, around, false)
}

fn differ(window: &Window<'_>, around: &Around<'_>, counter: bool) -> Option<Point> {
    let points = &window.points;
    let (before, last) = (points.len().checked_sub(2)?, points.len() - 1);
    let seconds =
        as_float(points.times.get(last)?.millis().saturating_sub(points.times.get(before)?.millis()));
    let seconds = seconds / 1_000.0;
    match (points.histogram(before), points.histogram(last)) {
        (None, None) => {
            let now = *points.values.get(last)?;
            let reset = counter && rate::is_reset(points, last, around.starts);
            let growth = if reset { now } else { now - points.values.get(before)? };
            Some(Point::Float(if counter { growth / seconds } else { growth }))
        }
        (Some(one), Some(other)) => {
            let reset = counter && rate_of_histograms::is_reset(points, last, around.starts);
            tell_kind((one, other), counter, around);
            let Ok(mut growth) = difference((one, other), reset, around) else {
                around.tell(Remark::MixedSchemas);
                return None;
            };
            if counter {
                growth.divide(seconds);
            }
            Some(Point::Histogram(Arc::new(growth)))
        }
        (_, _) => {
            around.tell(Remark::Mixed);
            None
        }
    }
}

fn tell_kind((one, other): (&Histogram, &Histogram), counter: bool, around: &Around<'_>) {
    let is_gauge = |histogram: &Histogram| histogram.hint() == Hint::Gauge;
    if counter && (is_gauge(one) || is_gauge(other)) {
        around.tell(Remark::NotCounter);
    }
    if !(counter || is_gauge(one) && is_gauge(other)) {
        around.tell(Remark::NotGauge);
    }
}

fn difference(
    (one, other): (&Histogram, &Histogram),
    reset: bool,
    around: &Around<'_>,
) -> Result<Histogram, MixedSchemas> {
    let mut growth = other.clone();
    if !reset {
        around.remarks.tell_met(growth.subtract(one)?, Remark::Subtracted);
    }
    let mut growth = growth.with_hint(Hint::Gauge);
    growth.compact(0);
    Ok(growth)
}
