//! Evaluators: the threads on which is counted what cells ask. A gate that counts many series, or a day of history before
//! its first look, delays neither the engine nor the looks of others.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::run::bell::Bell;
use crate::run::control::Line;
use crate::run::counting::{Counted, Counting};

/// How many there are. A second one goes on with looks while the first has one that takes long.
const THREADS: usize = 2;

/// The threads; they end with this.
pub(crate) struct Evaluators(Arc<Shared>);

struct Shared {
    work: Mutex<Work>,
    there_is_work: Condvar,
    done: Mutex<Vec<thread::Result<Counted>>>,
    bell: Bell,
}

/// What is to be counted: at most one thing for each gate that watches.
#[derive(Default)]
struct Work {
    looks: VecDeque<Counting>,
    /// Whatever a gate asks before its first look.
    others: VecDeque<Counting>,
    ends: bool,
}

impl Evaluators {
    /// Starts them; they tell the engine's thread when something was counted.
    pub(crate) fn start(line: Line) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            work: Mutex::default(),
            there_is_work: Condvar::new(),
            done: Mutex::default(),
            bell: Bell::new(line),
        });
        for number in 1..=THREADS {
            let shared = Arc::clone(&shared);
            thread::Builder::new().name(format!("evaluation-{number}")).spawn(move || shared.count())?;
        }
        Ok(Self(shared))
    }

    /// Has something counted.
    pub(crate) fn count(&self, counting: Counting) {
        let mut work = self.0.work();
        let queue = if counting.is_look() { &mut work.looks } else { &mut work.others };
        queue.push_back(counting);
        drop(work);
        self.0.there_is_work.notify_one();
    }

    /// What was counted since this was asked. What broke there breaks here: a judge that fails on a thread of its own is
    /// as broken as one that fails on the engine's.
    pub(crate) fn counted(&self) -> Vec<Counted> {
        self.0.bell.heard();
        let done = std::mem::take(&mut *self.0.done.lock().unwrap_or_else(PoisonError::into_inner));
        done.into_iter().map(|counted| counted.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    }
}

impl Drop for Evaluators {
    fn drop(&mut self) {
        self.0.work().ends = true;
        self.0.there_is_work.notify_all();
    }
}

impl Shared {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self) {
        while let Some(counting) = self.next() {
            let counted = catch_unwind(AssertUnwindSafe(|| counting.counted()));
            self.done.lock().unwrap_or_else(PoisonError::into_inner).push(counted);
            self.bell.ring();
        }
    }

    /// What is to be counted next; nothing where nobody wants anything any more.
    fn next(&self) -> Option<Counting> {
        let has_none = |work: &mut Work| !work.ends && work.looks.is_empty() && work.others.is_empty();
        let waited = self.there_is_work.wait_while(self.work(), has_none);
        let mut work = waited.unwrap_or_else(PoisonError::into_inner);
        if work.ends {
            return None;
        }
        work.looks.pop_front().or_else(|| work.others.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::RwLock;
    use std::sync::mpsc::{Receiver, sync_channel};

    use super::*;
    use crate::config;
    use crate::decision::CellId;
    use crate::engine::{Ask, Engine, Event, Window};
    use crate::promql;
    use crate::run::control::Command;
    use crate::run::counting::Question;
    use crate::signal::{Change, ChangeId, ChangeKind, Provenance, TargetKey};
    use crate::store::{Bounds, Store};
    use crate::unit::UnixMillis;

    const RULES: &str = "
targets: [ { service: shop, environment: production, select: { service: shop } } ]
gates:
  - gate: canary
    owner: team
    runbook: https://example.com
    upon: canary
    match: { environment: production }
    ends: { after: 10m }
    tracks: { label: track, canary: canary, stable: stable }
    checks:
      - check: errors
        proportion: { bad: 'errors_total', of: requests_total }
        fails_when: ratio > 1.25 and difference > 0.05pp
    then: { fail: [ { confidence: 0.99, do: ask } ] }
    first_release: ask
";

    /// An engine that watches one change.
    fn engine() -> Engine {
        let mut gathered = config::Gathered::default();
        gathered.files.add("backstop.yaml".to_owned(), RULES.to_owned());
        let loaded = config::load(gathered, promql::Features::NONE);
        let mut engine = Engine::new(Arc::new(config::program(&loaded)));
        let target = TargetKey {
            service: "shop".to_owned(),
            environment: Some("production".to_owned()),
            cluster: None,
        };
        let change = Change {
            id: ChangeId("one".to_owned()),
            kind: ChangeKind::Canary,
            target,
            version: "2".to_owned(),
            previous: Some("1".to_owned()),
            at: UnixMillis::new(0),
            author: None,
            git_sha: None,
            link: None,
            intent: None,
            risk: None,
            weight: None,
            provenance: Provenance::Authenticated,
        };
        engine.step(Event::Changed(Box::new(change)), UnixMillis::new(0));
        engine
    }

    fn ask(cell: CellId, to: i64) -> Ask {
        Ask::Traffic { cell, window: Window { from: UnixMillis::new(0), to: UnixMillis::new(to) } }
    }

    /// Waits until something was counted, and tells up to when.
    fn next(evaluators: &Evaluators, commands: &Receiver<Command>) -> Vec<i64> {
        assert!(matches!(commands.recv().unwrap(), Command::Supplied));
        let to = |counted: Counted| {
            let Event::Traffic { to, .. } = counted.event else { panic!("it was asked about traffic") };
            to.millis()
        };
        evaluators.counted().into_iter().map(to).collect()
    }

    #[test]
    fn what_takes_long_delays_nothing_else() {
        let engine = engine();
        let cell = engine.cells().next().unwrap().id;
        let (sender, commands) = sync_channel(8);
        let evaluators = Evaluators::start(Line(sender)).unwrap();
        let store = || Arc::new(RwLock::new(Store::new(Bounds::default())));
        let (slow, quick) = (store(), store());
        let counting = |to: i64, store: &Arc<RwLock<Store>>| {
            let question = Question::of(&engine, ask(cell, to)).unwrap();
            Counting { question, store: Arc::clone(store), age: 0 }
        };
        // As long as somebody writes to its store, the first is not done.
        let held = slow.write().unwrap();
        evaluators.count(counting(1, &slow));
        for to in 2..10 {
            evaluators.count(counting(to, &quick));
            assert_eq!(next(&evaluators, &commands), [to]);
        }
        drop(held);
        assert_eq!(next(&evaluators, &commands), [1]);
    }
}
