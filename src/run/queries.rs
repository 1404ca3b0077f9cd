//! Queries of a running service: so many at a time, on threads of their own, each over a snapshot of what it reads.
//! Samples come in and looks are taken meanwhile, as nobody holds the store for longer than a turn.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinError;
use tokio::time::timeout;

use crate::promql::{self, Answer, EvalError, MOST_SAMPLES, Matcher, Plan, Query, Shared, Value};
use crate::run::clock::Stopwatch;
use crate::signal::Labels;
use crate::store::{Access, Search, Snapshot, Store, Wanted};
use crate::surface::answer::{Beside, Stats, json};
use crate::surface::http::{Asked, Refused};
use crate::surface::metrics::QueryFigures;

/// How many queries are evaluated at a time. Each takes all of a core, and looks want one as well.
const AT_ONCE: usize = 4;

/// How many samples, and how many results, a query may have that is evaluated where it came in: it is done in hardly
/// more time than another thread takes to wake.
const SMALL: usize = 1 << 11;

/// How often such a query may look up whether to stop, some hundred microseconds apart at most. Few samples may still be
/// much work, which is done on another thread then: connections are waiting.
const FEW_LOOKS: u32 = 32;

/// How much may be asked of series until those are found that such a query reads, and how large its patterns may be, in
/// parts of automata: to compile more takes milliseconds.
const FEW_ASKS: usize = 1 << 13;
const FEW_PARTS: usize = 100;

/// As how many samples a series counts that is found: its place among the others takes as much.
const FOUND: usize = 4;

/// How many samples an answer may have: some hundreds of megabytes.
const MOST_TOLD: usize = 10_000_000;

/// Where a query was that took too long.
const IN_QUEUE: &str = "query queue";
const IN_PREPARATION: &str = "query preparation";

/// Answers queries.
pub struct Queries {
    store: Arc<RwLock<Store>>,
    slots: Arc<Semaphore>,
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
    gone: Arc<AtomicBool>,
    store: Arc<RwLock<Store>>,
    _slot: OwnedSemaphorePermit,
}

/// What a query reads.
struct Prepared {
    snapshot: Snapshot<Matcher>,
    /// How long it took to find.
    took: Duration,
}

/// How far a query has come where it came in.
enum Begun {
    Prepared(Prepared),
    Wanted(Vec<Wanted<Matcher>>),
}

/// What a query came to.
struct Evaluated {
    answer: Answer,
    took: Duration,
}

impl Queries {
    /// Over this store.
    pub fn new(store: Arc<RwLock<Store>>) -> Self {
        Self {
            store,
            slots: Arc::new(Semaphore::new(AT_ONCE)),
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
        let task =
            Task { asked, watch, gone: Arc::clone(&asker.0), store: Arc::clone(&self.store), _slot: slot };
        let begun = task.begun()?;
        if let Begun::Prepared(prepared) = &begun
            && task.is_small(prepared)
        {
            let little = catch_unwind(AssertUnwindSafe(|| task.little(prepared)));
            if let Some(answer) = little.map_err(|_| Refused::Broken)?? {
                return Ok(answer);
            }
        }
        let answered = tokio::task::spawn_blocking(move || match begun {
            Begun::Prepared(prepared) => task.answer(&prepared),
            Begun::Wanted(wanted) => task.answer(&task.found(wanted)?),
        });
        let broken = |error: JoinError| if error.is_panic() { Refused::Broken } else { Refused::Stopping };
        answered.await.map_err(broken)?
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
    fn query<'q>(&self, stop: &'q dyn Fn() -> bool) -> Query<'q> {
        let own = Query { stop, ..Query::new(self.asked.when) };
        Query { lookback: self.asked.lookback.unwrap_or(own.lookback), ..own }
    }

    /// What it wants to read, found already where there are few series among which to look for it.
    fn begun(&self) -> Result<Begun, Refused> {
        let wanted = promql::wanted(&self.asked.plan, &self.query(&|| false))?;
        let soon = is_soon_found(&self.asked.plan, &wanted, &self.locked());
        if soon { self.found(wanted).map(Begun::Prepared) } else { Ok(Begun::Wanted(wanted)) }
    }

    /// A snapshot of all that is read.
    fn found(&self, wanted: Vec<Wanted<Matcher>>) -> Result<Prepared, Refused> {
        let watch = Stopwatch::start();
        let access: &Access<'_> = &|look| look(&self.locked());
        let snapshot = found(wanted, access, MOST_SAMPLES, &|| self.is_over())?;
        Ok(Prepared { snapshot, took: watch.elapsed() })
    }

    /// Whether it may be done in less time than it takes to have another thread do it.
    fn is_small(&self, prepared: &Prepared) -> bool {
        let few = prepared.snapshot.few(&|look| look(&self.locked()));
        let cells = |series| self.query(&|| false).cells(series);
        few.is_some_and(|(series, samples)| samples <= SMALL && cells(series) <= SMALL)
    }

    /// The answer, if it is little work after all.
    fn little(&self, prepared: &Prepared) -> Result<Option<Bytes>, Refused> {
        let evaluated = in_few_looks(&|| self.is_over(), |stop| self.evaluated(prepared, stop))?;
        evaluated.map(|evaluated| self.told(prepared, &evaluated)).transpose()
    }

    fn answer(&self, prepared: &Prepared) -> Result<Bytes, Refused> {
        self.told(prepared, &self.evaluated(prepared, &|| self.is_over())?)
    }

    fn evaluated(&self, prepared: &Prepared, stop: &dyn Fn() -> bool) -> Result<Evaluated, EvalError> {
        let watch = Stopwatch::start();
        let shared = Shared { snapshot: &prepared.snapshot, access: &|look| look(&self.locked()) };
        let answer = promql::evaluate(&self.asked.plan, &self.query(stop), &shared)?;
        Ok(Evaluated { answer, took: watch.elapsed() })
    }

    fn told(&self, prepared: &Prepared, evaluated: &Evaluated) -> Result<Bytes, Refused> {
        let Evaluated { answer, took } = evaluated;
        let has = told(answer);
        if MOST_TOLD < has {
            return Err(Refused::TooLarge { has, most: MOST_TOLD });
        }
        let waited = self.watch.elapsed().saturating_sub(prepared.took + *took);
        let stats = Stats {
            waited: waited.as_secs_f64(),
            prepared: prepared.took.as_secs_f64(),
            evaluated: took.as_secs_f64(),
        };
        let stats = self.asked.stats.then_some(stats);
        let beside =
            Beside { text: &self.asked.text, at: self.asked.when.end(), limit: self.asked.limit, stats };
        Ok(json(answer, &beside).into())
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

/// What an expression is worth, by samples that others write down meanwhile.
pub(crate) fn worth(plan: &Plan, query: &Query<'_>, store: &RwLock<Store>) -> Result<Answer, Refused> {
    let access: &Access<'_> = &|look| look(&store.read().unwrap_or_else(PoisonError::into_inner));
    let snapshot = found(promql::wanted(plan, query)?, access, MOST_SAMPLES, query.stop)?;
    Ok(promql::evaluate(plan, query, &Shared { snapshot: &snapshot, access })?)
}

/// Whether series are found in less time than it takes to have another thread find them.
fn is_soon_found(plan: &Plan, wanted: &[Wanted<Matcher>], store: &Store) -> bool {
    store.asked_of(wanted) <= FEW_ASKS && plan.parts() <= FEW_PARTS
}

/// A snapshot of what is wanted, unless that is so much that it counts as more than so many samples.
fn found(
    wanted: Vec<Wanted<Matcher>>,
    access: &Access<'_>,
    most: usize,
    is_over: &dyn Fn() -> bool,
) -> Result<Snapshot<Matcher>, Refused> {
    let mut search = Search::new(wanted);
    while !search.go_on(access) {
        if is_over() {
            return Err(Refused::Late(IN_PREPARATION));
        }
        if most < FOUND.saturating_mul(search.found()) {
            return Err(EvalError::TooManySamples(most).into());
        }
    }
    Ok(search.done(access))
}

/// Evaluates something as long as that takes few looks at whether to stop; nothing where it would take more.
fn in_few_looks<T>(
    stop: &dyn Fn() -> bool,
    evaluate: impl FnOnce(&dyn Fn() -> bool) -> Result<T, EvalError>,
) -> Result<Option<T>, EvalError> {
    let looks = Cell::new(0);
    let few = || {
        looks.set(looks.get() + 1);
        FEW_LOOKS < looks.get() || stop()
    };
    match evaluate(&few) {
        Err(EvalError::Stopped) if FEW_LOOKS < looks.get() => Ok(None),
        Err(error) => Err(error),
        Ok(value) => Ok(Some(value)),
    }
}

/// How many bytes of labels take as much room in an answer as a sample does.
const TOLD_BYTES: usize = 32;

/// How many samples an answer has; histograms and labels count as many as take their room.
fn told(answer: &Answer) -> usize {
    let named = |labels: &Labels| {
        labels.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() / TOLD_BYTES
    };
    match &answer.value {
        Value::Scalar(_) | Value::Text(_) => 1,
        Value::Vector(elements) => {
            elements.iter().map(|(labels, point)| named(labels) + point.weight()).sum()
        }
        Value::Matrix(rows) => rows.iter().map(|row| named(&row.labels) + row.weight()).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::promql::{Features, When, parse};
    use crate::signal::{NAME, Observation, Point};
    use crate::store::Bounds;
    use crate::unit::{Span, UnixMillis};

    /// Connections wait for so much work and no more, however small a query seems.
    #[test]
    fn what_is_much_work_is_not_done_where_connections_wait() {
        let mut store = Store::new(Bounds { retention: Span::from_secs(1 << 20), ..Bounds::default() });
        let labels = Labels::new(vec![(NAME.to_owned(), "x".to_owned())]).unwrap();
        let each = (0..1_000).map(|index| Observation {
            at: UnixMillis::new(index * 1_000),
            start: None,
            point: Point::Float(1.0 + f64::from(u32::try_from(index).unwrap())),
        });
        store.observe(&labels, each, UnixMillis::new(1_000_000));
        let (from, to) = (UnixMillis::new(0), UnixMillis::new(1_000_000));
        let when = When::Range { from, to, step: Span::from_millis(100) };
        let powers = |count: usize| format!("x{}", " ^ 1.5".repeat(count));
        for (text, fits) in [
            ("x".to_owned(), true),
            (powers(10), true),
            ("rate(x[1m])".to_owned(), true),
            (powers(2_000), false),
            ("mad_over_time(x[1h])".to_owned(), false),
            (format!("x and on () {}", "(".repeat(200) + "sum(x)" + &")".repeat(200)), false),
        ] {
            let plan = parse(&text, Features::ALL).unwrap();
            let looks = Cell::new(0);
            let stop = || {
                looks.set(looks.get() + 1);
                false
            };
            let query = Query::new(when);
            let answer =
                in_few_looks(&stop, |stop| promql::evaluate(&plan, &Query { stop, ..query }, &store));
            assert_eq!(answer.unwrap().is_some(), fits, "{text}");
            assert!(looks.get() <= FEW_LOOKS, "{text}: {} looks", looks.get());
        }
    }

    fn of(count: i32) -> Store {
        let mut store = Store::new(Bounds::default());
        for index in 0..count {
            let pair = |name: &str, value: String| (name.to_owned(), value);
            let labels = vec![pair(NAME, "x".to_owned()), pair("a", index.to_string())];
            let sample = Observation { at: UnixMillis::new(0), start: None, point: Point::Float(1.0) };
            store.observe(&Labels::new(labels).unwrap(), [sample], UnixMillis::new(0));
        }
        store
    }

    /// Connections do not wait for patterns to be compiled, or for many of them to be asked of many series.
    #[test]
    fn what_is_hard_to_find_is_not_looked_for_where_connections_wait() {
        let store = of(2_000);
        for (text, is_soon) in [
            ("x{a=~\"1.*\"}".to_owned(), true),
            (format!("x{{{}}}", "a!=\"\",".repeat(4)), false),
            ("y".to_owned() + &" + y".repeat(1_000), true),
            (format!("y{{{}}}", "a!=\"\",".repeat(4_000)), true),
            ("y".to_owned() + &" + y{a=~\"b+\"}".repeat(1_000), false),
            ("y{a=~\"(b{100}c){9}\"}".to_owned(), false),
            ("label_replace(y, \"a\", \"\", \"b\", \"(c{100}d){9}\")".to_owned(), false),
        ] {
            let plan = parse(&text, Features::ALL).unwrap();
            let wanted = promql::wanted(&plan, &Query::new(When::At(UnixMillis::new(0)))).unwrap();
            assert_eq!(is_soon_found(&plan, &wanted, &store), is_soon, "{text:.40}");
        }
    }

    /// However often series are asked for, they are not noted without end.
    #[test]
    fn no_more_series_are_found_than_may_be_held() {
        let store = of(1_000);
        let plan = parse("x + x{b=''} + x{c=''}", Features::ALL).unwrap();
        let wanted = || promql::wanted(&plan, &Query::new(When::At(UnixMillis::new(0)))).unwrap();
        let most = 3_000 * FOUND;
        assert!(found(wanted(), &|look| look(&store), most, &|| false).is_ok());
        let refused = found(wanted(), &|look| look(&store), most - 1, &|| false).unwrap_err();
        assert_eq!(refused, EvalError::TooManySamples(most - 1).into());
        let late = found(wanted(), &|look| look(&store), most, &|| true).unwrap_err();
        assert_eq!(late, Refused::Late(IN_PREPARATION));
    }

    #[test]
    fn whoever_asked_may_stop_it_there_too() {
        let plan = parse("vector(1)", Features::ALL).unwrap();
        let (query, store) = (Query::new(When::At(UnixMillis::new(0))), Store::new(Bounds::default()));
        let stopped =
            in_few_looks(&|| true, |stop| promql::evaluate(&plan, &Query { stop, ..query }, &store));
        assert_eq!(stopped.unwrap_err(), EvalError::Stopped);
    }
}
