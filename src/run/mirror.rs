//! Mirrors: of each source a store that holds what gates want of it, so that what is asked of a source is counted by the
//! same code as samples that were sent.
//!
//! The engine's thread says what it wants and looks whether it is there; it never waits. A task of each source asks: like
//! questions once, questions that differ in one label's value together, some at a time. One source that is slow or gone
//! delays nothing but its own.

mod batch;
mod desk;
mod feed;
mod fetch;
mod sums;
mod wishes;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::{AbortHandle, JoinSet};

use crate::config;
use crate::decision::CellId;
use crate::engine::{Engine, Wanted};
use crate::run::bell::Bell;
use crate::run::clock;
use crate::run::control::Line;
use crate::run::mirror::batch::{Batch, Met};
use crate::run::mirror::desk::Desk;
use crate::run::mirror::fetch::{Unanswered, fetch, held};
use crate::run::mirror::wishes::{summed, wish};
use crate::run::world::{Asked, By, Supply};
use crate::signal::Deaf;
use crate::source::prometheus::Prometheus;
use crate::store::{Bounds, Store};
use crate::surface::metrics::SourceFigures;
use crate::unit::{Name, UnixMillis};

pub(crate) use desk::Ward;

/// How many queries a source answers at once at the most.
const AT_ONCE: usize = 8;

/// No later than a ward wished.
const AS_WISHED: UnixMillis = UnixMillis::new(0);

/// The mirrors of all sources.
#[derive(Default)]
pub(crate) struct Mirrors(BTreeMap<Name, Mirror>);

impl Mirrors {
    /// Those of these sources, and whether questions to each are fused.
    pub(crate) fn of(
        sources: impl IntoIterator<Item = (Name, Prometheus, bool)>,
        (line, handle): (&Line, &Handle),
    ) -> Self {
        let mirror = |(name, prometheus, fuses): (Name, Prometheus, bool)| {
            (name.clone(), Mirror::new((name, prometheus), fuses, (line.clone(), handle)))
        };
        Self(sources.into_iter().map(mirror).collect())
    }

    /// A source, to be asked something else than what gates want of it.
    pub(crate) fn source(&self, name: &Name) -> Option<Prometheus> {
        self.0.get(name).map(|mirror| mirror.shared.prometheus.clone())
    }

    /// Looks for what is wanted of a source.
    pub(crate) fn supply(&mut self, asked: &Asked<'_>, engine: &Engine) -> Supply {
        let Some(mirror) = self.0.get_mut(asked.source) else { return Supply::Not(Some(Deaf::Unusable)) };
        let times = (asked.to, asked.present);
        let there = match asked.by {
            By::Cell { cell, opens } => {
                mirror.has(&Ward::Cell(cell.id), times, (opens, || engine.wanted(cell)))
            }
            By::Action(key, plan) => {
                let cell = engine.flight(key).and_then(|flight| engine.cell(flight.intention.decision.cell));
                let wanted = || {
                    let mut wanted = Wanted::of_plan(plan, asked.to);
                    // It matters as well whether anything is heard of the target.
                    let own = cell.and_then(|cell| engine.wanted(cell));
                    if let Some(own) = own {
                        wanted.selectors.extend(own.selectors);
                        wanted.sums = own.sums.and_then(|sums| sums.beside(plan));
                    }
                    Some(wanted)
                };
                mirror.has(&Ward::Action(key.clone()), times, (false, wanted))
            }
        };
        match there {
            Ok(store) => Supply::There(store),
            Err(why) => Supply::Not(why),
        }
    }

    /// The gates of which something came since this was asked.
    pub(crate) fn woken(&self) -> Vec<CellId> {
        let woken = self.0.values().flat_map(Mirror::woken);
        let cell = |ward| match ward {
            Ward::Cell(id) => Some(id),
            Ward::Action(_) => None,
        };
        woken.filter_map(cell).collect()
    }

    /// Everything was wished for that is for now.
    pub(crate) fn flush(&mut self) {
        self.0.values_mut().for_each(Mirror::flush);
    }

    /// Lets go of what nobody wants any more.
    pub(crate) fn sweep(&mut self, engine: &Engine) {
        let since = |ward: &Ward| match ward {
            Ward::Cell(id) => engine.cell(*id).and_then(|cell| engine.wants_from(cell)),
            Ward::Action(key) => engine.flight(key).map(|_| AS_WISHED),
        };
        self.0.values_mut().for_each(|mirror| mirror.sweep(since));
    }

    /// Other rules are in force, and these sources are new or are asked otherwise than before. What gates want that have
    /// begun is what they wanted; all else has to be wished for anew.
    fn renew(&mut self, fresh: Self, server: &config::Server, engine: &Engine) {
        self.0.extend(fresh.0);
        self.0.retain(|name, _| server.asks(name));
        let begun = |ward: &Ward| match ward {
            Ward::Cell(id) => engine.cell(*id).filter(|cell| cell.trial().is_some()).map(|_| AS_WISHED),
            Ward::Action(_) => None,
        };
        self.0.values_mut().for_each(|mirror| mirror.sweep(begun));
    }

    /// What the figures of each can be read from, while others use this.
    pub(crate) fn figures(&self) -> Figures {
        Figures(self.0.values().map(|mirror| Arc::clone(&mirror.shared)).collect())
    }
}

/// The figures of mirrors, which wait for whoever writes to one.
pub(crate) struct Figures(Vec<Arc<Shared>>);

impl Figures {
    pub(crate) fn read(&self) -> Vec<SourceFigures> {
        self.0.iter().map(|shared| shared.figures()).collect()
    }
}

/// Sources that are new, or are asked otherwise than before.
pub(crate) struct Resourced {
    pub(crate) mirrors: Arc<Mutex<Mirrors>>,
    pub(crate) fresh: Vec<(Name, Prometheus, bool)>,
    pub(crate) line: Line,
    pub(crate) handle: Handle,
}

impl Resourced {
    /// Asks as the rules say from now on.
    pub(crate) fn renew(self, server: &config::Server, engine: &Engine) {
        let mut mirrors = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
        mirrors.renew(Mirrors::of(self.fresh, (&self.line, &self.handle)), server, engine);
    }
}

/// A source's mirror.
pub(crate) struct Mirror {
    shared: Arc<Shared>,
    /// Whether something was wished for since the task was woken.
    wishes: bool,
    asking: AbortHandle,
}

struct Shared {
    name: Name,
    prometheus: Prometheus,
    desk: Mutex<Desk>,
    work: Notify,
    bell: Bell,
    /// What is held of the source at the most, all together.
    bounds: Bounds,
}

impl Mirror {
    /// The mirror of a source; it asks as long as it lives.
    pub(crate) fn new(
        (name, prometheus): (Name, Prometheus),
        fuses: bool,
        (line, handle): (Line, &Handle),
    ) -> Self {
        Self::within((name, prometheus), fuses, (line, handle), Bounds::default())
    }

    fn within(
        (name, prometheus): (Name, Prometheus),
        fuses: bool,
        (line, handle): (Line, &Handle),
        bounds: Bounds,
    ) -> Self {
        let store = Arc::new(RwLock::new(Store::new(Bounds::default())));
        let shared = Arc::new(Shared {
            name,
            desk: Mutex::new(Desk::new(fuses, prometheus.series_at_most(), store)),
            prometheus,
            work: Notify::new(),
            bell: Bell::new(line),
            bounds,
        });
        let asking = handle.spawn(ask(Arc::clone(&shared))).abort_handle();
        Self { shared, wishes: false, asking }
    }

    /// What holds all that a ward wants, where it is there up to a moment; else it is asked for, up to the `present`. Of
    /// counters that are too many, sums are.
    pub(crate) fn has(
        &mut self,
        ward: &Ward,
        times: (UnixMillis, UnixMillis),
        (opens, wanted): (bool, impl Fn() -> Option<Wanted>),
    ) -> Result<Arc<RwLock<Store>>, Option<Deaf>> {
        let mut desk = self.shared.desk();
        if !desk.knows(ward, opens) {
            let wanted = wanted().ok_or(None)?;
            match wanted.sums.as_ref().filter(|_| desk.is_apart(ward)) {
                Some(sums) => desk.wish_apart(ward.clone(), summed(&wanted, sums), opens),
                None => desk.wish(ward.clone(), wish(&wanted), opens),
            }
        }
        let mut there = desk.has(ward, times);
        if there.is_err() && !desk.is_apart(ward) && desk.is_too_much(ward) {
            let wanted = wanted().ok_or(None)?;
            if let Some(sums) = &wanted.sums {
                let source = &self.shared.name;
                tracing::info!(%source, "it has more series than are taken, and is asked for sums");
                desk.wish_apart(ward.clone(), summed(&wanted, sums), opens);
                there = desk.has(ward, times);
            }
        }
        self.wishes |= there.is_err();
        there.and_then(|()| desk.store_of(ward).ok_or(None))
    }

    /// Everything was wished for that is for now: it is asked, like things together.
    pub(crate) fn flush(&mut self) {
        if std::mem::take(&mut self.wishes) {
            self.shared.work.notify_one();
        }
    }

    /// Those of whom something came since this was asked.
    fn woken(&self) -> BTreeSet<Ward> {
        self.shared.bell.heard();
        self.shared.desk().woken()
    }

    /// Lets go of wards that want nothing any more, and of what is older than they want.
    pub(crate) fn sweep(&mut self, since: impl Fn(&Ward) -> Option<UnixMillis>) {
        self.shared.desk().sweep(since);
        // It is the task that lets go of samples: while it does, nothing is asked.
        self.wishes = true;
        self.flush();
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.asking.abort();
    }
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn figures(&self) -> SourceFigures {
        let Self { name, prometheus, .. } = self;
        let (selectors, summed, questions, fused, refused, stores) = {
            let desk = self.desk();
            (desk.feeds(), desk.summed(), desk.answered, desk.fused, desk.refused, desk.stores())
        };
        let usage = prometheus.usage();
        let errors: BTreeMap<&'static str, u64> =
            usage.deaf().map(|(deaf, count)| (deaf.word(), count)).filter(|(_, count)| 0 < *count).collect();
        let (series, samples) = held(stores.iter());
        SourceFigures {
            name: name.to_string(),
            queries: usage.answered + errors.values().sum::<u64>(),
            bytes: usage.bytes,
            seconds: usage.spent.as_secs_f64(),
            waited: usage.waited,
            errors,
            questions,
            fused,
            refused,
            selectors,
            summed,
            series,
            samples,
        }
    }
}

/// Asks for what is wanted, as long as the mirror lives.
async fn ask(shared: Arc<Shared>) {
    let mut running: JoinSet<(Batch, Result<Vec<Met>, Unanswered>)> = JoinSet::new();
    let mut last = None;
    loop {
        shorten(&shared).await;
        while running.len() < AT_ONCE {
            let Some(batch) = shared.desk().next_batch(clock::now()) else { break };
            let shared = Arc::clone(&shared);
            running.spawn(async move {
                let met = fetch(&shared, &batch).await;
                (batch, met)
            });
        }
        let rests = shared.desk().rests_until();
        let rest = rests.map(|until| Duration::from_millis(until.since(clock::now()).millis().max(1)));
        tokio::select! {
            Some(done) = running.join_next() => {
                // A query that broke is one that is asked again; nothing of it was taken.
                if let Ok((batch, met)) = done {
                    last = finished(&shared, &batch, met, last);
                }
            }
            () = shared.work.notified() => {}
            () = tokio::time::sleep(rest.unwrap_or(Duration::MAX)), if rest.is_some() => {}
        }
    }
}

/// Lets go of samples that nobody wants any more. Meanwhile nothing is asked, so that nothing comes that was wished for
/// only since: all that is on its way was known to be wanted.
async fn shorten(shared: &Arc<Shared>) {
    let Some(needs) = shared.desk().less() else { return };
    let shorten = move || {
        for (store, needs) in needs {
            let needs = needs.iter().map(|(asks, from)| (&**asks, *from));
            let kept = store.read().unwrap_or_else(PoisonError::into_inner).kept(needs);
            let mut next = Some(0);
            while let Some(first) = next {
                next = store.write().unwrap_or_else(PoisonError::into_inner).shorten(&kept, first);
            }
            store.write().unwrap_or_else(PoisonError::into_inner).leave(&kept);
        }
    };
    // Where it breaks, what was to be let go of stays.
    tokio::task::spawn_blocking(shorten).await.ok();
}

/// Puts an answer where it belongs; gives what the source is deaf with.
fn finished(
    shared: &Shared,
    batch: &Batch,
    met: Result<Vec<Met>, Unanswered>,
    last: Option<Deaf>,
) -> Option<Deaf> {
    let source = &shared.name;
    let now = match met {
        Ok(met) => {
            shared.desk().answered(batch, met);
            if last.is_some() {
                tracing::info!(%source, "the source answers again");
            }
            None
        }
        Err(Unanswered { why, is_full: true, deaf }) => {
            shared.desk().full(batch, clock::now());
            if last != Some(deaf) {
                tracing::warn!(%source, %why, "what the source answers has no room");
            }
            Some(deaf)
        }
        Err(Unanswered { deaf, why, is_full: false }) => {
            shared.desk().failed(batch, deaf, clock::now());
            if last != Some(deaf) {
                tracing::warn!(%source, kind = deaf.word(), %why, "the source {deaf}");
            }
            Some(deaf)
        }
    };
    shared.bell.ring();
    now
}
