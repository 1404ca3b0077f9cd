//! `sum_over_time` and `avg_over_time` of histograms.

use std::sync::Arc;

use crate::promql::eval::over::around::{Around, Remark};
use crate::promql::eval::over::seen::histograms;
use crate::promql::eval::sum::count;
use crate::promql::eval::window::Window;
use crate::signal::histogram::{Compensated, Hint, Met, MixedSchemas};
use crate::signal::{Histogram, Point};

pub(super) fn sum(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let all = histograms(&window.points);
    told(summed(&all, around)?.map(|(sum, differ)| (sum.total(), differ)), &all, around)
}

pub(super) fn avg(window: &Window<'_>, around: &Around<'_>) -> Option<Point> {
    let all = histograms(&window.points);
    told(mean(&all, around)?, &all, around)
}

/// The result, and whether custom bounds had to be reconciled.
fn told(
    result: Result<(Histogram, bool), MixedSchemas>,
    all: &[&Histogram],
    around: &Around<'_>,
) -> Option<Point> {
    let Ok((result, bounds_differ)) = result else {
        around.tell(Remark::MixedSchemas);
        return None;
    };
    around.remarks.tell_met(Met { bounds_differ, ..Met::default() }, Remark::Aggregated);
    let has = |hint: Hint| all.iter().any(|histogram| histogram.hint() == hint);
    if has(Hint::Reset) && has(Hint::NotReset) {
        around.tell(Remark::HintsCollide);
    }
    Some(Point::Histogram(Arc::new(result)))
}

/// Nothing where it is to stop half way.
type Unless<T> = Option<Result<T, MixedSchemas>>;

fn summed(all: &[&Histogram], around: &Around<'_>) -> Unless<(Compensated, bool)> {
    let [first, rest @ ..] = all else { return Some(Err(MixedSchemas)) };
    let (mut sum, mut differ) = (Compensated::new(first), false);
    for histogram in rest {
        around.goes_on(histogram.samples())?;
        match sum.add(histogram) {
            Ok(met) => differ |= met.bounds_differ,
            Err(mixed) => return Some(Err(mixed)),
        }
    }
    Some(Ok((sum, differ)))
}

fn mean(all: &[&Histogram], around: &Around<'_>) -> Unless<(Histogram, bool)> {
    let (mut sum, differ) = match summed(all, around)? {
        Ok(summed) => summed,
        Err(mixed) => return Some(Err(mixed)),
    };
    // What is once infinite stays so, or becomes NaN: so it is enough to look at the end.
    let parts = sum.rounded();
    if parts.overflows() || parts.sum().is_nan() || parts.count().is_nan() {
        return Some(carried(all, around));
    }
    sum.divide(count(all.len()));
    Some(Ok((sum.total(), differ)))
}

/// The mean where the sum overflows: summed up as long as that is finite, then carried from one to the next.
fn carried(all: &[&Histogram], around: &Around<'_>) -> Result<(Histogram, bool), MixedSchemas> {
    let [first, rest @ ..] = all else { return Err(MixedSchemas) };
    let (mut sum, mut differ, mut carried) = (Compensated::new(first), false, false);
    for (before, histogram) in (1..).zip(rest) {
        if around.goes_on(histogram.samples()).is_none() {
            break;
        }
        let (before, now) = (count(before), count(before + 1));
        if !carried {
            let mut next = sum.clone();
            differ |= next.add(histogram)?.bounds_differ;
            if !next.rounded().overflows() {
                sum = next;
                continue;
            }
            carried = true;
            sum.divide(before);
        }
        sum.multiply(before / now);
        let mut part = (*histogram).clone();
        part.divide(now);
        differ |= sum.add(&part)?.bounds_differ;
    }
    if !carried {
        sum.divide(count(all.len()));
    }
    Ok((sum.total(), differ))
}
