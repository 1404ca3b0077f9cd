//! Recovering: a gate whose change was taken back looks on, to see whether things are well again. It has stopped judging
//! that change, and nothing that it sees from here on is evidence about it.

use std::sync::Arc;

use crate::decision::{Key, Recovery};
use crate::engine::cell::{Cell, Phase, onto_grid};
use crate::engine::count::fresh;
use crate::engine::event::{Ask, Effect, Window};
use crate::engine::flight::Grounds;
use crate::gate::{Fares, Found, Look, Settled, Trial};
use crate::unit::{Span, UnixMillis};

/// What took a change back.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Undone {
    /// The action.
    pub(in crate::engine) key: Key,
    /// What that was decided on.
    pub(in crate::engine) grounds: Grounds,
    /// When it ended.
    pub(in crate::engine) since: UnixMillis,
    /// Until when things have to be well.
    pub(in crate::engine) until: UnixMillis,
}

/// A gate whose change was taken back, and that looks whether things are well again.
#[derive(Debug, Clone)]
pub struct Recovering {
    pub(in crate::engine) undone: Undone,
    /// What it judged by: the terms, and what was before.
    trial: Trial,
    settled: Arc<[Settled]>,
    /// From when on it counts.
    from: UnixMillis,
    /// The time of its next look.
    next: UnixMillis,
    /// The last look that found anything; where none did, the last one.
    seen: Option<Look>,
}

impl Recovering {
    /// Until when things have to be well.
    pub const fn until(&self) -> UnixMillis {
        self.undone.until
    }

    /// The time of its last look: the last of the grid that is in time, and one in any case.
    fn last(&self, every: Span) -> UnixMillis {
        self.undone.until.floor(every).max(self.from.plus(every))
    }
}

impl Cell {
    /// Its change was taken back: it looks whether things are well again. Whether it can, as it looked at them before, and
    /// does not already.
    pub(in crate::engine) fn recovers(&mut self, undone: Undone) -> bool {
        let Phase::Looking(looking) = &self.phase else { return false };
        if self.recovering.is_some() {
            return false;
        }
        // What is counted later than its event began before the change was taken back, up to then.
        let lag = self.lags.iter().max().copied().unwrap_or_default();
        let from = onto_grid(undone.since.plus(self.settle).plus(lag), self.every);
        let (trial, settled) = (looking.trial.clone(), Arc::clone(&looking.settled));
        let next = from.plus(self.every);
        self.recovering = Some(Box::new(Recovering { undone, trial, settled, from, next, seen: None }));
        true
    }

    /// Whether it looks whether things are well again.
    pub const fn recovering(&self) -> Option<&Recovering> {
        match &self.recovering {
            Some(recovering) => Some(recovering),
            None => None,
        }
    }

    /// Whether it wants to know nothing any more.
    pub const fn is_done(&self) -> bool {
        self.is_over() && self.recovering.is_none()
    }

    /// What its checks count now that its change was taken back.
    pub(in crate::engine) fn settled_before(&self) -> Option<Arc<[Settled]>> {
        self.recovering.as_ref().map(|recovering| Arc::clone(&recovering.settled))
    }

    /// Up to when a look is in that shows how things fare.
    pub(in crate::engine) fn fared_to(&self) -> Option<UnixMillis> {
        let idle = fresh(self.every);
        self.recovering.as_ref().map(|recovering| recovering.next.minus(idle.max(self.every)))
    }

    /// When it next wants to know how things are, or has to tell that they are not well.
    pub(super) fn next_fares(&self) -> Option<UnixMillis> {
        let recovering = self.recovering.as_ref()?;
        let is_through = recovering.last(self.every) < recovering.next;
        Some(if is_through { recovering.until() } else { recovering.next.plus(self.settle) })
    }

    /// What it wants to know at this moment of how things are.
    pub(super) fn ask_fares(&self, settled: UnixMillis) -> Option<Effect> {
        let recovering = self.recovering.as_ref()?;
        let (from, at, last) = (recovering.from, recovering.next, recovering.last(self.every));
        if last < at || settled < at {
            return None;
        }
        // A side is idle if it is for so long that samples of it would have come; in the end, for as long as there is.
        let stretch = at.minus(fresh(self.every));
        let idle = (from <= stretch || at == last).then(|| Window { from: stretch.max(from), to: at });
        let window = Window { from: at.minus(self.every), to: at };
        Some(Effect::Ask(Ask::Recovery { cell: self.id, window, idle }))
    }

    /// How things fare at a look. What came of it, where that is known by now.
    pub(in crate::engine) fn fared(&mut self, look: Look, idle: bool, now: UnixMillis) -> Option<Recovery> {
        let recovering = self.recovering.as_mut().filter(|own| own.next == look.at)?;
        if recovering.trial.fares(&look.found, idle) == Fares::Well {
            return Some(Recovery::Recovered { look, idle });
        }
        if recovering.seen.as_ref().is_none_or(|seen| is_there(&look) || !is_there(seen)) {
            recovering.seen = Some(look);
        }
        recovering.next = recovering.next.plus(self.every);
        self.unrecovered(now)
    }

    /// That things were not seen to be well, once their time is up and every look in it was taken.
    pub(in crate::engine) fn unrecovered(&self, now: UnixMillis) -> Option<Recovery> {
        let recovering = self.recovering.as_ref()?;
        let is_through = recovering.last(self.every) < recovering.next && recovering.until() <= now;
        is_through.then(|| Recovery::Unrecovered { last: recovering.seen.clone() })
    }

    /// It looks no more whether things are well again.
    pub(in crate::engine) fn recovered(&mut self, recovery: Recovery) -> Option<Undone> {
        let recovering = self.recovering.take()?;
        self.recovery = Some(recovery);
        Some(recovering.undone)
    }
}

fn is_there(look: &Look) -> bool {
    look.found.iter().any(Found::is_there)
}
