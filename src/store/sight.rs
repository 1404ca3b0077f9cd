//! First sight: whether a series that is seen for the first time began only now, so that its first value counts in
//! full, or may carry a history, which would arrive as if it had all happened at once.
//!
//! In full counts what is known to have begun; all else is only what later values are held against. What is known
//! rests on its *target*, the process that exposes it: where that was heard of all along and did not have the series,
//! the series is new. Two things only look like that. A relabelling ends one series and goes on with its counter under
//! another name. And a store that was deaf for a while, or full, did not hear of what there was.

use std::collections::BTreeMap;

use crate::signal::{INSTANCE, JOB, Labels, NAME};
use crate::store::Store;
use crate::store::asks::Is;
use crate::store::stored::Stored;
use crate::store::stretches::heard_around;
use crate::store::tally::Window;
use crate::unit::{Span, UnixMillis};

/// The metric that tells when the process of a target started, in seconds since 1970.
const STARTED: &str = "process_start_time_seconds";

/// What is known of first sights in a window. Whether a target was heard of is found out once for all of its series.
pub(super) struct Sights<'a> {
    store: &'a Store,
    window: Window,
    heard: BTreeMap<(Vec<Is<'a>>, UnixMillis), bool>,
}

impl<'a> Sights<'a> {
    pub(super) const fn new(store: &'a Store, window: Window) -> Self {
        Self { store, window, heard: BTreeMap::new() }
    }

    /// Whether a series whose first value came at `first` began within the window, as far as anybody can know.
    pub(super) fn began_within(&mut self, stored: &'a Stored, first: UnixMillis) -> bool {
        let sight = Sight { store: self.store, stored, first, lookback: self.window.lookback };
        if stored.forgot() || sight.room_was_short() {
            return false;
        }
        match sight.process_start() {
            // What ended before the process started was another's.
            Some(start) if self.window.from < start => {
                sight.ended_just_then().is_none_or(|ended| ended < start)
            }
            // An old process that nobody knew has a history. What it exposes later for the first time has none.
            Some(_) if sight.birth() == Some(first) => false,
            Some(_) | None => (self.heard(&sight) || self.born(&sight)) && sight.ended_just_then().is_none(),
        }
    }

    /// Whether its target was heard of for one lookback and more, without a gap.
    fn heard(&mut self, sight: &Sight<'a>) -> bool {
        self.was_heard(sight.target(), sight.first)
    }

    /// Whether its target was seen to come into being less than one lookback ago: then nothing of it has a history.
    fn born(&mut self, sight: &Sight<'a>) -> bool {
        let Some(birth) = sight.birth() else { return false };
        let mut alike = [NAME, JOB].into_iter().filter(|label| !sight.label(label).is_empty());
        alike.any(|label| self.was_heard(vec![sight.is(label)], birth)) && sight.job_goes_on(birth)
    }

    /// Whether series, taken together, were heard of from one lookback before a time up to then, without a gap.
    fn was_heard(&mut self, asks: Vec<Is<'a>>, until: UnixMillis) -> bool {
        let (store, Window { to, lookback, .. }) = (self.store, self.window);
        let edge = until.minus(lookback);
        // A store that has just begun knows that at once, or each of its first looks would go through all of it.
        if store.oldest.is_none_or(|oldest| edge < oldest) {
            return false;
        }
        let known = self.heard.entry((asks, edge));
        *known.or_insert_with_key(|(asks, _)| heard_around(store.matching(asks), (edge, to), lookback))
    }
}

/// A series that is seen for the first time.
#[derive(Clone, Copy)]
struct Sight<'a> {
    store: &'a Store,
    stored: &'a Stored,
    first: UnixMillis,
    lookback: Span,
}

impl<'a> Sight<'a> {
    fn label(&self, name: &str) -> &'a str {
        self.stored.labels().get(name)
    }

    /// Whether samples were refused for want of room up to a short while before, its own perhaps.
    fn room_was_short(&self) -> bool {
        self.store.lost.is_some_and(|lost| self.first.minus(self.lookback) <= lost)
    }

    /// What its target exposes. Without an instance nobody can tell targets apart, so all series of its metric are one.
    fn target(&self) -> Vec<Is<'a>> {
        if self.label(INSTANCE).is_empty() {
            return vec![self.is(NAME)];
        }
        vec![self.is(JOB), self.is(INSTANCE)]
    }

    fn is(&self, label: &'static str) -> Is<'a> {
        Is { label, value: self.label(label) }
    }

    /// When the process of its target started, by what was last heard of that. Of several the earliest, since that
    /// counts the least.
    fn process_start(&self) -> Option<UnixMillis> {
        if self.label(INSTANCE).is_empty() {
            return None;
        }
        let asks = [Is { label: NAME, value: STARTED }, self.is(JOB), self.is(INSTANCE)];
        let starts = self.store.matching(&asks).filter_map(|told| told.seen(self.first, self.lookback));
        starts.filter(|told| told.value.is_finite()).map(|told| millis(told.value)).min()
    }

    /// When another series of its metric and target was last seen that ended as this one began.
    ///
    /// A target exposes all series of a metric at once. So those that were there the last time before this one came
    /// should be there with it, or after it; if one is not, this may be the same counter under another name.
    fn ended_just_then(&self) -> Option<UnixMillis> {
        let mut family = self.target();
        family.push(self.is(NAME));
        let before = UnixMillis::new(self.first.millis().saturating_sub(1));
        let mut ended: Option<UnixMillis> = None;
        let mut latest: Option<UnixMillis> = None;
        for other in self.store.matching(&family) {
            let Some(last) = other.last(before) else { continue };
            latest = latest.max(Some(last.at));
            if !heard(other, before, self.first.plus(self.lookback)) {
                ended = ended.max(Some(last.at));
            }
        }
        ended.filter(|_| ended == latest)
    }

    /// When its target came into being, where that is less than one lookback ago.
    fn birth(&self) -> Option<UnixMillis> {
        if self.label(INSTANCE).is_empty() {
            return None;
        }
        let target = self.target();
        let mut birth = self.first;
        for own in self.store.matching(&target) {
            if own.forgot() {
                return None;
            }
            birth = own.first().map_or(birth, |first| birth.min(first.at));
        }
        (self.first.since(birth) < self.lookback).then_some(birth)
    }

    /// Whether its job has another target that was there before that birth and still is, unless it had none at all.
    /// Where all ended, they may have been given other names.
    fn job_goes_on(&self, birth: UnixMillis) -> bool {
        if self.label(JOB).is_empty() {
            return true;
        }
        let before = UnixMillis::new(birth.millis().saturating_sub(1));
        let mut had = false;
        for other in
            self.store.matching(&[self.is(JOB)]).filter(|other| self.is_of_another_target(other.labels()))
        {
            if !heard(other, before.minus(self.lookback), before) {
                continue;
            }
            if heard(other, before, birth.plus(self.lookback)) {
                return true;
            }
            had = true;
        }
        !had
    }

    fn is_of_another_target(&self, labels: &Labels) -> bool {
        [JOB, INSTANCE].iter().any(|label| labels.get(label) != self.label(label))
    }
}

/// Whether a series had a value after `from` and up to `to`.
fn heard(stored: &Stored, from: UnixMillis, to: UnixMillis) -> bool {
    stored.next(from).is_some_and(|next| next.at <= to)
}

#[expect(clippy::cast_possible_truncation, reason = "a time beyond all times becomes the last there is")]
fn millis(seconds: f64) -> UnixMillis {
    UnixMillis::new((seconds * 1_000.0) as i64)
}

#[cfg(test)]
mod tests;
