//! Fetching: one query's samples, from the source into its mirror.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use crate::run::mirror::Shared;
use crate::run::mirror::batch::{Batch, Met};
use crate::run::processes::{Process, tells};
use crate::signal::{Deaf, Series};
use crate::source::prometheus::{Error, Heard, Stretch};
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
    let mut tally = Tally::of(batch);
    let Stretch { from, .. } = batch.stretch;
    if let Some(span) = batch.before.filter(|span| batch.begins && !span.is_zero()) {
        let stretch = Stretch { from: from.minus(span), to: from };
        let mut heard = shared.prometheus.last_seen(&batch.selector, stretch).await?.whole()?;
        // It was seen then at the latest, and stands for all that was before.
        for sample in heard.series.iter_mut().flat_map(|series| &mut series.samples) {
            sample.at = from;
        }
        take(shared, heard, (from, from))?;
    }
    for stretch in shared.prometheus.stretches(&batch.selector, batch.stretch, batch.room).await? {
        let heard = shared.prometheus.samples(&batch.selector, stretch).await?.whole()?;
        heard.series.iter().for_each(|series| tally.meet(series));
        take(shared, heard, (stretch.from, stretch.to))?;
    }
    Ok(tally.met)
}

/// Takes in what was heard, all of it or nothing.
fn take(shared: &Shared, heard: Heard, stretch: (UnixMillis, UnixMillis)) -> Result<(), Unanswered> {
    let mut store = shared.store.write().unwrap_or_else(PoisonError::into_inner);
    let refused = store.graft(heard.series, stretch).refused();
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
