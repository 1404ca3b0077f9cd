//! Fetching: one query's samples, from the source into its mirror.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::engine::Sum;
use crate::promql::{Features, Selector, parse};
use crate::run::mirror::Shared;
use crate::run::mirror::batch::{Batch, Met};
use crate::run::mirror::sums::{Asking, Grid};
use crate::run::processes::{Process, tells};
use crate::signal::{Deaf, Series};
use crate::source::prometheus::{Error, Heard, MOST_SERIES, Moments, Prometheus, SHORT, Stretch};
use crate::store::{Bounds, Store};
use crate::unit::UnixMillis;

/// Why a query was not answered.
#[derive(Debug)]
pub(super) struct Unanswered {
    pub(super) deaf: Deaf,
    pub(super) why: String,
    /// Whether it was answered, and there was no room for it.
    pub(super) is_full: bool,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self { deaf: error.kind(), why: error.to_string(), is_full: false }
    }
}

impl Unanswered {
    /// Whether a server may answer the same of fewer moments: it has a bound on the samples of a query, or on its time.
    const fn is_for_less(&self) -> bool {
        matches!(self.deaf, Deaf::Refused | Deaf::Late | Deaf::TooMuch) && !self.is_full
    }
}

/// Asks, and tells what was met of each feed.
pub(super) async fn fetch(shared: &Shared, batch: &Batch) -> Result<Vec<Met>, Unanswered> {
    let store = shared.desk().store(batch.space);
    // Nobody wants it any more.
    let Some(store) = store else { return Ok(vec![Met::default(); batch.feeds.len()]) };
    let store = Place { shared, store };
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
        store.take(heard.series, (from, from))?;
    }
    for stretch in stretches {
        let heard = shared.prometheus.samples(&batch.selector, stretch).await?.whole()?;
        // Of a short stretch nobody asked before how much is in it.
        let many = u64::try_from(heard.series.len()).unwrap_or(u64::MAX);
        if batch.by.is_none() && shared.prometheus.series_at_most() < many {
            return Err(shared.prometheus.too_many(&batch.selector, many).into());
        }
        heard.series.iter().for_each(|series| tally.meet(series));
        store.take(heard.series, (stretch.from, stretch.to))?;
    }
    Ok(tally.met)
}

/// Asks by how much counters went up together, and goes on with what was counted before.
async fn fetch_sums(
    (shared, store): (&Shared, &Place<'_>),
    batch: &Batch,
    asking: Asking<'_>,
) -> Result<Vec<Met>, Unanswered> {
    let (source, sum) = (&shared.prometheus, asking.sum);
    let grid = Grid::of(batch.stretch, sum.step);
    let length = grid.to.since(grid.from);
    let mut rows = MOST_SERIES;
    if !length.is_zero() && (batch.begins || SHORT < length) {
        let sums = source.number(&asking.number(length), grid.to).await?;
        if MOST_SERIES < sums {
            return Err(too_many_sums(sum, sums));
        }
        // What a server works through are the series, however few their sums are.
        rows = sums.max(source.number(&asking.series(length), grid.to).await?);
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
        store.write().clear(&asks);
        store.take(asking.zero(seen.series, grid.from), (grid.from, grid.from))?;
    }
    let mut met = Met::default();
    let (mut rest, mut most) = (grid, Grid::most_steps(rows));
    while rest.from < grid.to {
        let part = rest.first(most);
        let (grown, members) = match ask(source, asking, part).await {
            Err(error) if error.is_for_less() && 1 < part.steps() => {
                most = part.steps() / 2;
                continue;
            }
            told => told?,
        };
        met.series = met.series.max(grown.len());
        let series = asking.counters((grown, &members), part, (&store.read(), &asks));
        store.take(series, (part.from, part.to))?;
        rest.from = part.to;
    }
    Ok(vec![met])
}

fn too_many_sums(sum: &Sum, sums: u64) -> Unanswered {
    let why = format!(
        "`{}`: there are {sums} sums of such series, and {MOST_SERIES} are the most that are taken; narrow the check's \
         selector, or take a label out of its `by:`",
        sum.selector
    );
    Unanswered { deaf: Deaf::TooMuch, why, is_full: false }
}

/// By how much counters went up together, and of how many series each sum is, where that matters.
async fn ask(
    source: &Prometheus,
    asking: Asking<'_>,
    part: Grid,
) -> Result<(Vec<Series>, Vec<Series>), Unanswered> {
    let grown = source.worth(&asking.grown(), part.moments()).await?.whole()?.series;
    let mut members = Vec::new();
    if asking.sum.are_buckets() {
        members = source.worth(&asking.members(), part.moments()).await?.whole()?.series;
    }
    Ok((grown, members))
}

/// Where an answer is put.
struct Place<'s> {
    shared: &'s Shared,
    store: Arc<RwLock<Store>>,
}

impl Place<'_> {
    fn read(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Store> {
        self.store.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in what was heard, all of it or nothing. All that is held of a source has one bound.
    fn take(&self, series: Vec<Series>, stretch: (UnixMillis, UnixMillis)) -> Result<(), Unanswered> {
        let whole = self.shared.bounds;
        let stores = self.shared.desk().stores();
        let others = stores.iter().filter(|other| !Arc::ptr_eq(other, &self.store));
        let (series_held, samples_held) = held(others);
        let mut store = self.write();
        store.bound(Bounds {
            series: whole.series.saturating_sub(series_held),
            samples: whole.samples.saturating_sub(samples_held),
            ..whole
        });
        let refused = store.graft(series, stretch).refused();
        if refused == 0 {
            return Ok(());
        }
        let why = format!(
            "there is no room for {refused} samples: {} series and {} samples are the most that are held of a source, for \
             all of its gates together; give targets a narrower `select`, or gates a shorter baseline",
            whole.series, whole.samples
        );
        Err(Unanswered { deaf: Deaf::TooMuch, why, is_full: true })
    }
}

/// How many series and samples some stores hold.
pub(super) fn held<'s>(stores: impl Iterator<Item = &'s Arc<RwLock<Store>>>) -> (usize, usize) {
    let held = stores.map(|store| {
        let store = store.read().unwrap_or_else(PoisonError::into_inner);
        (store.series(), store.samples())
    });
    held.fold((0, 0), |all, own| (all.0 + own.0, all.1 + own.1))
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

#[cfg(test)]
mod tests;
