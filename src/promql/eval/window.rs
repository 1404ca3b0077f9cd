//! What selectors read: the newest sample of each series, or all samples of a window.

use crate::promql::duration::Length;
use crate::promql::eval::Select;
use crate::promql::eval::element::Element;
use crate::promql::selector::{At, Selector};
use crate::signal::{Labels, Sample, Series, is_stale};
use crate::unit::{Span, UnixMillis};

/// How long the newest sample of a series stands for it, unless a stale marker ends it sooner.
pub const LOOKBACK: Span = Span::from_secs(300);

/// The samples of one series within (from, to], oldest first; at least one, and no stale marker.
#[derive(Debug, Clone)]
pub(super) struct Window {
    pub(super) labels: Labels,
    pub(super) samples: Vec<Sample>,
    pub(super) from: UnixMillis,
    pub(super) to: UnixMillis,
    /// How long the window was said to be, which may be finer than milliseconds.
    pub(super) seconds: f64,
}

/// The newest sample of each series; none where that is a stale marker.
pub(super) fn newest(selector: &Selector, at: UnixMillis, select: &Select<'_>) -> Vec<Element> {
    let to = looks_at(selector, at);
    let newest = |series: Series| {
        let last = *series.samples.last()?;
        (!is_stale(last.value)).then(|| Element { at: last.at, ..Element::new(series.labels, last.value) })
    };
    read(selector, to.minus(LOOKBACK), to, select).into_iter().filter_map(newest).collect()
}

/// The window of each series that has samples in it.
pub(super) fn windows(selector: &Selector, at: UnixMillis, select: &Select<'_>) -> Vec<Window> {
    let to = looks_at(selector, at);
    let from = earlier(to, selector.range.as_ref());
    let seconds = selector.range.as_ref().and_then(Length::fixed).unwrap_or_default();
    let window = |series: Series| {
        let mut samples = series.samples;
        samples.retain(|sample| !is_stale(sample.value));
        (!samples.is_empty()).then_some(Window { labels: series.labels, samples, from, to, seconds })
    };
    read(selector, from, to, select).into_iter().filter_map(window).collect()
}

/// Series in the order of their labels, so that sums do not depend on where they are from.
fn read(selector: &Selector, from: UnixMillis, to: UnixMillis, select: &Select<'_>) -> Vec<Series> {
    let mut all = select(selector, from, to);
    for series in &mut all {
        series.samples.retain(|sample| from < sample.at && sample.at <= to);
    }
    all.sort_by(|one, other| one.labels.cmp(&other.labels));
    all
}

/// The moment that a selector means. In an instant query `start()` and `end()` are that instant.
fn looks_at(selector: &Selector, at: UnixMillis) -> UnixMillis {
    let fixed = match selector.shift.at {
        Some(At::Millis(millis)) => UnixMillis::new(millis),
        Some(At::Start | At::End) | None => at,
    };
    earlier(fixed, selector.shift.offset.as_ref())
}

/// So much earlier, or later where the length is negative.
fn earlier(at: UnixMillis, length: Option<&Length>) -> UnixMillis {
    UnixMillis::new(at.millis().saturating_sub(length.and_then(Length::millis).unwrap_or_default()))
}
