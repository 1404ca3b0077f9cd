//! Reading: what selectors find in the store.

use std::borrow::Cow;
use std::sync::Arc;

use crate::promql::eval::column::Column;
use crate::promql::eval::line::{Line, Lines};
use crate::promql::eval::meter::Meter;
use crate::promql::eval::reach::Reach;
use crate::promql::eval::window::{Track, Windows, advanced};
use crate::promql::selector::Selector;
use crate::promql::{MatchOp, Matcher};
use crate::signal::histogram::Hint;
use crate::signal::{Histogram, NAME, Point, is_stale};
use crate::store::{Points, Store, Stored};

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
    store: &'e Store,
    meter: &'e Meter<'e>,
    selector: &Selector,
    reach: Reach,
    reads: Reads,
) -> Lines<'e> {
    let lines = chosen(store, selector).into_iter().map(move |stored| {
        meter.go_on()?;
        let column = column(read(stored, meter, &reach), &reach, reads);
        Ok(Line { labels: Cow::Borrowed(stored.labels()), unnamed: false, column })
    });
    Lines::new(lines, has_one_name(selector))
}

/// The samples of each series that the windows reach.
pub(super) fn windows<'e>(
    store: &'e Store,
    meter: &'e Meter<'e>,
    selector: &Selector,
    reach: Reach,
) -> Windows<'e> {
    let tracks = chosen(store, selector).into_iter().map(move |stored| {
        meter.go_on()?;
        Ok(Track::stored(stored.labels(), read(stored, meter, &reach), reach.watched))
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

/// The samples of a series that are looked at.
fn read<'e>(stored: &'e Stored, meter: &Meter<'_>, reach: &Reach) -> Points<'e> {
    let (from, to) = reach.whole();
    let points = stored.points().between(from, to);
    if let Some(newest) = points.times.last() {
        meter.read(to.since(*newest));
    }
    points
}

fn chosen<'e>(store: &'e Store, selector: &Selector) -> Vec<&'e Stored> {
    store.select(&selector.asks())
}

/// Whether all series that it means have the same name, so that their other labels tell them apart.
fn has_one_name(selector: &Selector) -> bool {
    let names = |matcher: &Matcher| matcher.label == NAME && matcher.op == MatchOp::Equal;
    selector.name.is_some() || selector.matchers.iter().any(names)
}

/// What stands for a series at each step: its newest sample, unless that is too old or says that it ended.
fn column(points: Points<'_>, reach: &Reach, reads: Reads) -> Column {
    let mut column = Column::empty(reach.grid.len());
    let mut known = 0;
    for index in 0..reach.grid.len() {
        let to = reach.end(index);
        known = advanced(points.times, known, to);
        let Some(newest) = known.checked_sub(1) else { continue };
        let Some(sample) = points.sample(newest) else { continue };
        if is_stale(sample.value) || sample.at.millis() <= to.saturating_sub(reach.lookback) {
            continue;
        }
        let seconds = |millis: i64| Some(Point::Float(crate::promql::eval::grid::seconds(millis)));
        match (reads, points.histogram(newest)) {
            (Reads::Value, None) => column.values[index] = sample.value,
            (Reads::Value, Some(_)) if reach.watched => {
                column.set(index, watched(points, newest).map(Point::Histogram));
            }
            (Reads::Value, Some(histogram)) => column.set(index, Some(Point::Histogram(histogram.clone()))),
            (Reads::Time, _) => column.set(index, seconds(sample.at.millis())),
            (Reads::Start, _) => {
                column.set(index, points.start(newest).and_then(|start| seconds(start.millis())));
            }
        }
    }
    column
}
