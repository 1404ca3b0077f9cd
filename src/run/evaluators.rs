//! Evaluators: the threads on which is counted what cells ask, so that neither the engine nor the looks of other gates wait
//! for one that counts much. Whoever waits to write to a store has those wait that come later, so a count of seconds may
//! still delay others of the same store by that much, once.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::run::bell::Bell;
use crate::run::control::Line;
use crate::run::counting::{Counted, Counting};

/// What a thread counts. Looks have one of their own, so that they go on however much is asked of what was before; and
/// the other one begins with that, so that it is not put off for ever by looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    Looks,
    OthersFirst,
}

/// The threads there are.
const THREADS: [(&str, Takes); 2] = [("looks", Takes::Looks), ("openings", Takes::OthersFirst)];

/// The threads; they end with this.
pub(crate) struct Evaluators(Arc<Shared>);

struct Shared {
    work: Mutex<Work>,
    there_is_work: Condvar,
    done: Mutex<Vec<thread::Result<Counted>>>,
    bell: Bell,
}

/// What is to be counted: at most one thing for each gate that watches, and what nobody wants any more.
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
        let own = Self(Arc::new(Shared {
            work: Mutex::default(),
            there_is_work: Condvar::new(),
            done: Mutex::default(),
            bell: Bell::new(line),
        }));
        for (name, takes) in THREADS {
            let shared = Arc::clone(&own.0);
            thread::Builder::new().name(name.to_owned()).spawn(move || shared.count(takes))?;
        }
        Ok(own)
    }

    /// Has something counted.
    pub(crate) fn count(&self, counting: Counting) {
        let mut work = self.0.work();
        let queue = if counting.is_look() { &mut work.looks } else { &mut work.others };
        queue.push_back(counting);
        drop(work);
        self.0.there_is_work.notify_all();
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

    fn count(&self, takes: Takes) {
        while let Some(counting) = self.next(takes) {
            if !counting.is_wanted() {
                continue;
            }
            let counted = catch_unwind(AssertUnwindSafe(|| counting.counted()));
            self.done.lock().unwrap_or_else(PoisonError::into_inner).push(counted);
            self.bell.ring();
        }
    }

    /// What is to be counted next; nothing where nobody wants anything any more.
    fn next(&self, takes: Takes) -> Option<Counting> {
        let has_none = |work: &mut Work| !work.ends && work.has_none(takes);
        let waited = self.there_is_work.wait_while(self.work(), has_none);
        let mut work = waited.unwrap_or_else(PoisonError::into_inner);
        if work.ends {
            return None;
        }
        let other = if takes == Takes::OthersFirst { work.others.pop_front() } else { None };
        other.or_else(|| work.looks.pop_front())
    }
}

impl Work {
    fn has_none(&self, takes: Takes) -> bool {
        self.looks.is_empty() && (takes == Takes::Looks || self.others.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, sync_channel};
    use std::sync::{RwLock, Weak};

    use super::*;
    use crate::config;
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
            irreversible: false,
            weight: None,
            provenance: Provenance::Authenticated,
            told_by: None,
        };
        engine.step(Event::Changed(Box::new(change)), UnixMillis::new(0));
        engine
    }

    /// Waits until something was counted, and tells up to when.
    fn next(evaluators: &Evaluators, commands: &Receiver<Command>) -> Vec<i64> {
        assert!(matches!(commands.recv().unwrap(), Command::Supplied));
        let to = |counted: Counted| {
            let (Event::Traffic { to: at, .. } | Event::Counted { at, .. }) = counted.event else {
                panic!("nothing else was asked")
            };
            at.millis()
        };
        evaluators.counted().into_iter().map(to).collect()
    }

    #[test]
    fn looks_wait_for_nothing_that_takes_long_and_nobody_for_what_is_not_wanted() {
        let engine = engine();
        let cell = engine.cells().next().unwrap().id;
        let (sender, commands) = sync_channel(8);
        let evaluators = Evaluators::start(Line(sender)).unwrap();
        let store = || Arc::new(RwLock::new(Store::new(Bounds::default())));
        let (slow, quick) = (store(), store());
        let wanted = Arc::new(());
        let count = |ask: Ask, store: &Arc<RwLock<Store>>, wanted: Weak<()>| {
            let question = Question::of(&engine, ask).unwrap();
            evaluators.count(Counting { question, store: Arc::clone(store), wanted });
        };
        let at = UnixMillis::new;
        let traffic = |to: i64| Ask::Traffic { cell, window: Window { from: at(0), to: at(to) } };
        let look = |to: i64| Ask::Count { cell, windows: Vec::new(), at: at(to) };
        // As long as somebody writes to its store, none of these is done.
        let held = slow.write().unwrap();
        for to in 1..4 {
            count(traffic(to), &slow, Arc::downgrade(&wanted));
        }
        count(look(4), &quick, Weak::new());
        for to in 5..10 {
            count(look(to), &quick, Arc::downgrade(&wanted));
            assert_eq!(next(&evaluators, &commands), [to]);
        }
        drop(held);
        let mut rest = Vec::new();
        while rest.len() < 3 {
            rest.extend(next(&evaluators, &commands));
        }
        assert_eq!(rest, [1, 2, 3]);
    }
}
