//! Reading: what selectors find in the store.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use crate::promql::eval::column::Column;
use crate::promql::eval::error::EvalError;
use crate::promql::eval::grid;
use crate::promql::eval::layout::{Layout, Pace};
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::{Meter, SERIES};
use crate::promql::eval::reach::Reach;
use crate::promql::eval::wanted;
use crate::promql::eval::window::{Track, Windows};
use crate::promql::selector::Selector;
use crate::promql::stock::Stock;
use crate::promql::{MatchOp, Matcher};
use crate::signal::histogram::Hint;
use crate::signal::{Histogram, NAME, Point, is_stale};
use crate::store::{Lot, Points};
use crate::unit::UnixMillis;

/// What is read of the sample that stands for a series at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reads {
    /// What it is worth.
    Value,
    /// When it was taken.
    Time,
    /// When its counter began.
    Start,
}

/// The newest sample of each series at each step.
pub(super) fn newest<'e>(
    stock: &'e dyn Stock,
    meter: &'e Meter<'e>,
    selector: &Selector,
    reach: Reach,
    reads: Reads,
) -> Lines<'e> {
    let back = reach.back();
    let mut layout = None;
    let lines = lots(stock, meter, selector, &reach).map(move |lot| {
        let lot = lot?;
        let layout = Layout::kept(&mut layout, lot.points().times, &back, meter)?;
        // However many samples a window has, one is read of it.
        let pace = Pace { meter, sample: 0 };
        let column = column(lot.points(), (layout, pace), &reach, reads);
        Ok(Line { labels: Cow::Borrowed(lot.labels), unnamed: false, column })
    });
    Lines::new(lines, has_one_name(selector))
}

/// The samples of each series that the windows reach.
pub(super) fn windows<'e>(
    stock: &'e dyn Stock,
    meter: &'e Meter<'e>,
    selector: &Selector,
    reach: Reach,
) -> Windows<'e> {
    let tracks = lots(stock, meter, selector, &reach).map(move |lot| {
        let lot = lot?;
        meter.work(lot.points().len())?;
        Ok(Track::read(lot, reach.watched, meter))
    });
    Windows { reach, each: Box::new(tracks), apart: has_one_name(selector) }
}

/// A histogram with what is seen of its counter beside the one before it, where nothing is known of that.
pub(super) fn watched(points: Points<'_>, index: usize) -> Option<Arc<Histogram>> {
    let histogram = points.histogram(index)?;
    let earlier = index.checked_sub(1).and_then(|before| points.histogram(before));
    let (Hint::Unknown, Some(earlier)) = (histogram.hint(), earlier) else { return Some(histogram.clone()) };
    let hint = if histogram.has_reset_since(earlier) { Hint::Reset } else { Hint::NotReset };
    Some(Arc::new(histogram.as_ref().clone().with_hint(hint)))
}

/// The samples of each series that are looked at.
fn lots<'e>(
    stock: &'e dyn Stock,
    meter: &'e Meter<'e>,
    selector: &Selector,
    reach: &Reach,
) -> impl Iterator<Item = Result<Lot<'e>, EvalError>> + use<'e> {
    let wanted = wanted::of(selector, reach);
    let to = wanted.to;
    stock.lots(&wanted, &|work| meter.is_over(work)).map(move |lot| {
        meter.work(SERIES)?;
        if let Some(newest) = lot.points().times.last() {
            meter.read(to.since(*newest));
        }
        Ok(lot)
    })
}

/// Whether all series that it means have the same name, so that their other labels tell them apart.
fn has_one_name(selector: &Selector) -> bool {
    let names = |matcher: &Matcher| matcher.label == NAME && matcher.op == MatchOp::Equal;
    selector.name.is_some() || selector.matchers.iter().any(names)
}

/// What stands for a series at each step: its newest sample, unless that is too old or says that it ended.
fn column(
    points: Points<'_>,
    (layout, pace): (&Layout<'_>, Pace<'_>),
    reach: &Reach,
    reads: Reads,
) -> Column {
    let newest = |part: Range<usize>| part.end.checked_sub(1);
    let seconds = |at: UnixMillis| grid::seconds(at.millis());
    let told = |index: &usize| points.values.get(*index).is_some_and(|value| !is_stale(*value));
    match reads {
        // The marker of an end is what stands for nothing, too.
        Reads::Value if points.histograms.is_empty() => {
            layout.numbers(pace, |_, part| points.values.get(newest(part)?).copied())
        }
        Reads::Value => layout.points(pace, |_, part| value(points, newest(part)?, reach)),
        Reads::Time => {
            layout.numbers(pace, |_, part| points.times.get(newest(part).filter(told)?).copied().map(seconds))
        }
        Reads::Start => layout.numbers(pace, |_, part| points.start(newest(part).filter(told)?).map(seconds)),
    }
}

fn value(points: Points<'_>, newest: usize, reach: &Reach) -> Option<Point> {
    let value = *points.values.get(newest)?;
    match points.histogram(newest) {
        Some(_) if reach.watched => watched(points, newest).map(Point::Histogram),
        Some(histogram) => Some(Point::Histogram(histogram.clone())),
        None => (!is_stale(value)).then_some(Point::Float(value)),
    }
}
