//! Fetching: one query's samples, from the source into its mirror.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use crate::promql::{Features, Selector, parse};
use crate::run::mirror::Shared;
use crate::run::mirror::batch::{Batch, Met};
use crate::run::mirror::sums::{Asking, Grid};
use crate::run::processes::{Process, tells};
use crate::signal::{Deaf, Series};
use crate::source::prometheus::{Error, Heard, MOST_SERIES, Moments, SHORT, Stretch};
use crate::store::Store;
use crate::unit::UnixMillis;

/// Why a query was not answered.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) deaf: Deaf,
    pub(super) why: String,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self { deaf: error.kind(), why: error.to_string() }
    }
}

/// Asks, and tells what was met of each feed.
pub(super) async fn fetch(shared: &Shared, batch: &Batch) -> Result<Vec<Met>, Unanswered> {
    let store = shared.desk().store(batch.space);
    // Nobody wants it any more.
    let Some(store) = store else { return Ok(vec![Met::default(); batch.feeds.len()]) };
    if let Some((sum, whole)) = &batch.sum {
        return fetch_sums((shared, &store), batch, Asking { sum, whole: *whole }).await;
    }
    let mut tally = Tally::of(batch);
    let Stretch { from, .. } = batch.stretch;
    // Before all else it is known whether there is too much.
    let stretches = shared.prometheus.stretches(&batch.selector, batch.stretch, batch.room).await?;
    if let Some(span) = batch.before.filter(|span| batch.begins && !span.is_zero()) {
        let stretch = Stretch { from: from.minus(span), to: from };
        let mut heard = shared.prometheus.last_seen(&batch.selector, stretch).await?.whole()?;
        // It was seen then at the latest, and stands for all that was before.
        for sample in heard.series.iter_mut().flat_map(|series| &mut series.samples) {
            sample.at = from;
        }
        take(&store, heard.series, (from, from))?;
    }
    for stretch in stretches {
        let heard = shared.prometheus.samples(&batch.selector, stretch).await?.whole()?;
        // Of a short stretch nobody asked before how much is in it.
        let many = u64::try_from(heard.series.len()).unwrap_or(u64::MAX);
        if batch.by.is_none() && shared.prometheus.series_at_most() < many {
            return Err(shared.prometheus.too_many(&batch.selector, many).into());
        }
        heard.series.iter().for_each(|series| tally.meet(series));
        take(&store, heard.series, (stretch.from, stretch.to))?;
    }
    Ok(tally.met)
}

/// Asks by how much counters went up together, and goes on with what was counted before.
async fn fetch_sums(
    (shared, store): (&Shared, &RwLock<Store>),
    batch: &Batch,
    asking: Asking<'_>,
) -> Result<Vec<Met>, Unanswered> {
    let (source, sum) = (&shared.prometheus, asking.sum);
    let grid = Grid::of(batch.stretch, sum.step);
    let length = grid.to.since(grid.from);
    let mut sums = MOST_SERIES;
    if !length.is_zero() && (batch.begins || SHORT < length) {
        let query = asking.number(length);
        sums = source.number(&query, grid.to).await?;
        if MOST_SERIES < sums {
            return Err(source.too_many(&query, sums).into());
        }
    }
    let mut asks = Vec::new();
    if let Ok(plan) = parse(&sum.selector, Features::NONE) {
        asks.extend(plan.as_selector().into_iter().flat_map(Selector::asks));
    }
    if batch.begins {
        let mut seen = Heard::default();
        if let Some(span) = batch.before.filter(|span| !span.is_zero()) {
            seen = source.worth(&asking.seen(span), Moments::At(grid.from)).await?.whole()?;
        }
        // What was counted from another beginning is no part of this count.
        store.write().unwrap_or_else(PoisonError::into_inner).clear(&asks);
        take(store, asking.zero(seen.series, grid.from), (grid.from, grid.from))?;
    }
    let mut met = Met::default();
    for part in grid.parts(sums) {
        let grown = source.worth(&asking.grown(), part.moments()).await?.whole()?.series;
        let mut members = Vec::new();
        if sum.are_buckets() {
            members = source.worth(&asking.members(), part.moments()).await?.whole()?.series;
        }
        met.series = met.series.max(grown.len());
        let series = {
            let store = store.read().unwrap_or_else(PoisonError::into_inner);
            asking.counters((grown, &members), part, (&store, &asks))
        };
        take(store, series, (part.from, part.to))?;
    }
    Ok(vec![met])
}

/// Takes in what was heard, all of it or nothing.
fn take(
    store: &RwLock<Store>,
    series: Vec<Series>,
    stretch: (UnixMillis, UnixMillis),
) -> Result<(), Unanswered> {
    let mut store = store.write().unwrap_or_else(PoisonError::into_inner);
    let refused = store.graft(series, stretch).refused();
    if refused == 0 {
        return Ok(());
    }
    let bounds = store.bounds();
    let why = format!(
        "there is no room for {refused} samples: {} series and {} samples are the most",
        bounds.series, bounds.samples
    );
    Err(Unanswered { deaf: Deaf::TooMuch, why })
}

/// What was met of each feed, by the value that its series have and others do not.
struct Tally<'b> {
    by: Option<(&'b str, BTreeMap<&'b str, usize>)>,
    met: Vec<Met>,
}

impl<'b> Tally<'b> {
    fn of(batch: &'b Batch) -> Self {
        let places = |values: &'b Vec<String>| values.iter().enumerate().map(|(at, own)| (own.as_str(), at));
        let by = batch.by.as_ref().map(|(label, values)| (label.as_str(), places(values).collect()));
        Self { by, met: vec![Met::default(); batch.feeds.len()] }
    }

    fn meet(&mut self, series: &Series) {
        let place = match &self.by {
            Some((label, places)) => places.get(series.labels.get(label)).copied(),
            None => Some(0),
        };
        let Some(met) = place.and_then(|place| self.met.get_mut(place)) else { return };
        met.series += 1;
        met.processes.extend(Process::of(&series.labels).filter(|_| !tells(&series.labels)));
    }
}
