//! Queries of a running service: so many at a time, on threads of their own, each over a copy of what it reads. Samples
//! come in and looks are taken meanwhile, as nobody holds the store for longer than a turn of an excerpt.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use axum::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::promql::{self, Answer, EvalError, MOST_SAMPLES, Matcher, Query, Value, When};
use crate::run::clock::Stopwatch;
use crate::signal::Point;
use crate::store::{Copied, Excerpt, Store};
use crate::surface::answer::{Beside, Stats, json};
use crate::surface::http::{Asked, Refused};
use crate::surface::metrics::QueryFigures;

/// How many queries are evaluated at a time. Each takes all of a core, and looks want one as well.
const AT_ONCE: usize = 4;

/// How many samples all of them together may have copied: a gigabyte, roughly.
const COPIED: usize = MOST_SAMPLES;

/// How many samples and results a query may have that is evaluated where the samples are: it is done in hardly more
/// time than a turn of a copy takes.
const IN_PLACE: usize = 1 << 16;

/// How many samples an answer may have: some hundreds of megabytes.
const MOST_TOLD: usize = 10_000_000;

/// Where a query was that took too long.
const IN_QUEUE: &str = "query queue";
const IN_PREPARATION: &str = "query preparation";

/// Answers queries.
pub struct Queries {
    store: Arc<RwLock<Store>>,
    slots: Arc<Semaphore>,
    room: Arc<Semaphore>,
    waiting: AtomicU64,
    answered: AtomicU64,
    failed: AtomicU64,
    late: AtomicU64,
}

/// One more, for as long as this lives.
struct Counted<'c>(&'c AtomicU64);

impl<'c> Counted<'c> {
    fn new(counter: &'c AtomicU64) -> Self {
        counter.fetch_add(1, Ordering::Relaxed);
        Self(counter)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whoever waits for an answer. Once they are gone, nobody needs it any more.
#[derive(Default)]
struct Asker(Arc<AtomicBool>);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A query on its thread.
struct Task {
    asked: Asked,
    watch: Stopwatch,
    waited: Duration,
    gone: Arc<AtomicBool>,
    store: Arc<RwLock<Store>>,
    room: Arc<Semaphore>,
    _slot: OwnedSemaphorePermit,
}

impl Queries {
    /// Over this store.
    pub fn new(store: Arc<RwLock<Store>>) -> Self {
        Self {
            store,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            room: Arc::new(Semaphore::new(COPIED)),
            waiting: AtomicU64::default(),
            answered: AtomicU64::default(),
            failed: AtomicU64::default(),
            late: AtomicU64::default(),
        }
    }

    /// Answers one.
    pub async fn answer(&self, asked: Asked) -> Result<Bytes, Refused> {
        let answer = self.answered(asked).await;
        let counter = match &answer {
            Ok(_) => &self.answered,
            Err(Refused::Late(_)) => &self.late,
            Err(_) => &self.failed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        answer
    }

    async fn answered(&self, asked: Asked) -> Result<Bytes, Refused> {
        let watch = Stopwatch::start();
        let within = Duration::from_millis(asked.within.millis());
        let slot = {
            let _waits = Counted::new(&self.waiting);
            timeout(within, Arc::clone(&self.slots).acquire_owned()).await
        };
        let slot = slot.map_err(|_| Refused::Late(IN_QUEUE))?.map_err(|_| Refused::Stopping)?;
        let asker = Asker::default();
        let task = Task {
            asked,
            watch,
            waited: watch.elapsed(),
            gone: Arc::clone(&asker.0),
            store: Arc::clone(&self.store),
            room: Arc::clone(&self.room),
            _slot: slot,
        };
        let done = tokio::task::spawn_blocking(move || task.run()).await;
        done.unwrap_or_else(|error| Err(if error.is_panic() { Refused::Broken } else { Refused::Stopping }))
    }

    /// What became of queries.
    pub fn figures(&self) -> QueryFigures {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        QueryFigures {
            open: (AT_ONCE - self.slots.available_permits()) as u64,
            waiting: read(&self.waiting),
            answered: read(&self.answered),
            failed: read(&self.failed),
            late: read(&self.late),
        }
    }
}

impl Task {
    fn run(self) -> Result<Bytes, Refused> {
        let stop = || self.is_over();
        let own = Query { stop: &stop, ..Query::new(self.asked.when) };
        let query = Query { lookback: self.asked.lookback.unwrap_or(own.lookback), ..own };
        let mut excerpt = self.locked().excerpt(promql::wanted(&self.asked.plan, &query)?);
        let samples = self.found(&mut excerpt)?;
        let work = samples.saturating_add(query.cells(excerpt.series()));
        // Of a subquery nobody knows beforehand how much work it is.
        let (prepared, answer) = if work <= IN_PLACE && !self.asked.plan.has_subquery() {
            let store = self.locked();
            (self.watch.elapsed(), promql::evaluate(&self.asked.plan, &query, &store)?)
        } else {
            let (copied, _room) = self.copied(excerpt, samples)?;
            (self.watch.elapsed(), promql::evaluate(&self.asked.plan, &query, copied.store())?)
        };
        let has = told(&answer);
        if MOST_TOLD < has {
            return Err(Refused::TooLarge { has, most: MOST_TOLD });
        }
        let stats = Stats {
            waited: self.waited.as_secs_f64(),
            prepared: prepared.saturating_sub(self.waited).as_secs_f64(),
            evaluated: self.watch.elapsed().saturating_sub(prepared).as_secs_f64(),
        };
        let at = match self.asked.when {
            When::At(at) => at,
            When::Range { to, .. } => to,
        };
        let stats = self.asked.stats.then_some(stats);
        let beside = Beside { text: &self.asked.text, at, limit: self.asked.limit, stats };
        Ok(json(&answer, &beside).into())
    }

    /// How many samples are read.
    fn found(&self, excerpt: &mut Excerpt<Matcher>) -> Result<usize, Refused> {
        loop {
            if let Some(samples) = excerpt.samples() {
                return Ok(samples);
            }
            excerpt.go_on(&self.locked());
            if self.is_over() {
                return Err(Refused::Late(IN_PREPARATION));
            }
        }
    }

    /// A copy of all that is read, and the room that it takes.
    fn copied(
        &self,
        mut excerpt: Excerpt<Matcher>,
        samples: usize,
    ) -> Result<(Copied, OwnedSemaphorePermit), Refused> {
        let late = || Refused::Late(IN_PREPARATION);
        let room = u32::try_from(samples).ok().filter(|_| samples <= COPIED);
        let room = room.ok_or(EvalError::TooManySamples(COPIED))?;
        let free = Arc::clone(&self.room).acquire_many_owned(room);
        let free = Handle::current().block_on(async { timeout(self.left(), free).await });
        let room = free.map_err(|_| late())?.map_err(|_| Refused::Stopping)?;
        while !excerpt.go_on(&self.locked()) {
            if self.is_over() {
                return Err(late());
            }
        }
        Ok((excerpt.done(), room))
    }

    fn locked(&self) -> RwLockReadGuard<'_, Store> {
        self.store.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn left(&self) -> Duration {
        Duration::from_millis(self.asked.within.millis()).saturating_sub(self.watch.elapsed())
    }

    /// Whether nobody waits any more.
    fn is_over(&self) -> bool {
        self.gone.load(Ordering::Relaxed) || self.left().is_zero()
    }
}

/// How many samples an answer has; a histogram counts as many as it takes.
fn told(answer: &Answer) -> usize {
    let weight = |point: &Point| match point {
        Point::Float(_) => 1,
        Point::Histogram(histogram) => histogram.samples(),
    };
    match &answer.value {
        Value::Scalar(_) | Value::Text(_) => 1,
        Value::Vector(elements) => elements.iter().map(|(_, point)| weight(point)).sum(),
        Value::Matrix(rows) => rows.iter().flat_map(|row| &row.points).map(|(_, point)| weight(point)).sum(),
    }
}
