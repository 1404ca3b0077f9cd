//! Counting: a cell's questions, answered from the store of backstop's own.

use std::collections::BTreeMap;

use crate::engine::event::Window;
use crate::gate::{
    Absent, Check, Comparison, Counted, Events, Gate, MOST_GROUPS, Opening, Proportion, Question, Tally,
    Target,
};
use crate::promql::{Matcher, Plan};
use crate::store;
use crate::store::{Increase, LOOKBACK, Store, group_of, tallies};
use crate::unit::{Extent, Span, UnixMillis};

/// How old the newest sample of a side may be, where looks are not further apart than half of it: an older side is one
/// that is missing, and its counts come with a later look.
pub const FRESH: Span = Span::from_secs(90);

/// How much of the old side is looked at before the first look, where both run at the same time.
pub const HISTORY: Span = Span::from_secs(3_600);

/// How many stretches are read before the first look at most: a day of looks half a minute apart.
pub const MOST_STRETCHES: u64 = 2_880;

/// What a gate asks of the store.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The store.
    pub store: &'a Store,
    /// The gate.
    pub gate: &'a Gate,
    /// The target.
    pub target: &'a Target,
}

/// Which series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    New,
    Old,
    /// Either's, and whatever else is the target's.
    Anybody,
}

impl Reading<'_> {
    /// Whether the new side had an event in the window.
    pub fn traffic(&self, window: Window) -> bool {
        self.proportions().any(|(_, proportion)| {
            self.increases(&proportion.of, Whose::New, &[window], 1).iter().any(|increase| increase.sum() > 0)
        })
    }

    /// What each check counts in its window; nothing where a side is missing.
    pub fn count(&self, windows: &[Window]) -> Vec<Option<Counted>> {
        let mut counted = vec![None; self.gate.checks.len()];
        for (index, proportion) in self.proportions() {
            if let (Some(window), Some(place)) = (windows.get(index), counted.get_mut(index)) {
                *place = self.counted(proportion, *window);
            }
        }
        counted
    }

    /// What was before the first look, in stretches as long as one.
    pub fn opening(&self, change: UnixMillis, from: UnixMillis) -> Opening {
        let every = self.gate.every;
        let (length, end) = match &self.gate.comparison {
            Comparison::Tracks(_) => (HISTORY, from),
            Comparison::AfterBefore(baseline) => (baseline.length, change.floor(every)),
        };
        let stretches = (length.millis() / every.millis().max(1)).min(MOST_STRETCHES);
        let window = |back: u64| {
            let from = end.minus(Span::from_millis(back * every.millis()));
            Window { from, to: from.plus(every) }
        };
        let windows: Vec<Window> = (1..=stretches).rev().map(window).collect();
        // A stretch in which something was missing tells nothing.
        let known = |side: Option<Vec<Tally>>| side.unwrap_or_default();
        let mut rows = vec![Vec::new(); self.gate.checks.len()];
        for (index, proportion) in self.proportions() {
            let old = self.sides(proportion, Whose::Old, &windows);
            rows[index] = old.into_iter().map(known).collect();
        }
        Opening { rows }
    }

    fn proportions(&self) -> impl Iterator<Item = (usize, &Proportion)> {
        self.gate.checks.iter().enumerate().filter_map(|(index, check)| Some((index, proportion(check)?)))
    }

    fn counted(&self, proportion: &Proportion, window: Window) -> Option<Counted> {
        let side = |whose| self.sides(proportion, whose, &[window]).pop().flatten();
        let new = side(Whose::New)?;
        let old = match self.gate.comparison {
            Comparison::Tracks(_) => side(Whose::Old)?,
            Comparison::AfterBefore(_) => Vec::new(),
        };
        Some(Counted { new: Tally::sum(&new), old })
    }

    /// The tallies of a side in each window; nothing where a series that is needed is not there, or does not count.
    fn sides(&self, proportion: &Proportion, whose: Whose, windows: &[Window]) -> Vec<Option<Vec<Tally>>> {
        let (Events::Bad(events) | Events::Good(events)) = &proportion.events;
        // Of the carts of now, the orders come later.
        let back = |at: UnixMillis| at.minus(proportion.lag);
        let begun: Vec<Window> =
            windows.iter().map(|window| Window { from: back(window.from), to: back(window.to) }).collect();
        let groups = self.groups(whose);
        let of = self.increases(&proportion.of, whose, &begun, groups);
        let marked = self.increases(events, whose, windows, groups);
        let counted = begun.iter().zip(&of).zip(windows.iter().zip(&marked));
        let side = |((begun, of), (window, marked)): ((&Window, &Increase), (&Window, &Increase))| {
            let fresh = of.newest.is_some_and(|newest| begun.to.minus(self.fresh()) < newest);
            if !fresh || of.fault.is_some() || marked.fault.is_some() {
                return None;
            }
            if marked.series == 0 && !self.counts_as_zero(proportion, events, whose, window.to) {
                return None;
            }
            coherent(of, marked)
        };
        counted.map(side).collect()
    }

    /// Into how many groups a side is split: the old one, where it runs beside the new one, shows clusters.
    const fn groups(&self, whose: Whose) -> usize {
        match (whose, &self.gate.comparison) {
            (Whose::Old, Comparison::Tracks(_)) => MOST_GROUPS,
            (Whose::New | Whose::Old | Whose::Anybody, _) => 1,
        }
    }

    /// Whether a missing series of marked events means that there were none.
    fn counts_as_zero(&self, proportion: &Proportion, events: &Plan, whose: Whose, at: UnixMillis) -> bool {
        let seen = |whose: Whose, within: Span| {
            self.asks(events, whose).is_some_and(|asks| {
                self.store
                    .select(&asks)
                    .iter()
                    .any(|stored| stored.between(at.minus(within), at).next().is_some())
            })
        };
        let other = match (whose, &self.gate.comparison) {
            (Whose::New, Comparison::Tracks(_)) => Whose::Old,
            (Whose::Old, Comparison::Tracks(_)) => Whose::New,
            (Whose::New | Whose::Old | Whose::Anybody, _) => Whose::Anybody,
        };
        match proportion.absent {
            Absent::Unknown => false,
            Absent::ZeroIfOnOtherSide => seen(other, self.store.bounds().retention),
            Absent::ZeroIfSeenIn(within) => seen(Whose::Anybody, within),
        }
    }

    /// By how much a counter went up in each window; nothing where it is none.
    fn increases(&self, plan: &Plan, whose: Whose, windows: &[Window], groups: usize) -> Vec<Increase> {
        let Some(asks) = self.asks(plan, whose) else { return Vec::new() };
        let wide = |window: &Window| store::Window { from: window.from, to: window.to, lookback: LOOKBACK };
        let windows: Vec<store::Window> = windows.iter().map(wide).collect();
        tallies(self.store, &asks, &windows, groups, |labels| Some(group_of(labels, groups)))
    }

    /// The matchers of a plain counter, with those of the target and of its track.
    fn asks(&self, plan: &Plan, whose: Whose) -> Option<Vec<Matcher>> {
        let mut asks = plan.as_selector()?.asks();
        let nothing = BTreeMap::new();
        let track = match (&self.gate.comparison, whose) {
            (Comparison::Tracks(tracks), Whose::New) => tracks.canary(),
            (Comparison::Tracks(tracks), Whose::Old) => tracks.stable(),
            (Comparison::Tracks(_), Whose::Anybody) | (Comparison::AfterBefore(_), _) => &nothing,
        };
        let labels = self.target.select.iter().chain(track);
        asks.extend(labels.map(|(label, value)| Matcher::equal(label, value, Extent::default())));
        Some(asks)
    }

    fn fresh(&self) -> Span {
        FRESH.max(Span::from_millis(self.gate.every.millis().saturating_mul(2)))
    }
}

fn proportion(check: &Check) -> Option<&Proportion> {
    match &check.question {
        Question::Proportion(proportion) => Some(proportion),
        Question::Quantile(_) | Question::Mean { .. } | Question::Expr { .. } => None,
    }
}

/// The tallies of what was counted; nothing where more errors than requests say that the two are not of one thing. A scrape
/// between two counters can make one group's errors outrun its requests for a moment, and labels may put them into
/// different groups. Then they are one group: no error may get lost, least of all on the old side.
fn coherent(of: &Increase, marked: &Increase) -> Option<Vec<Tally>> {
    let pairs = marked.groups.iter().zip(&of.groups);
    let groups: Vec<Tally> = pairs.map(|(events, of)| Tally { events: *events, of: *of }).collect();
    let (whole, holds) = (Tally::sum(&groups), |tally: &Tally| tally.events <= tally.of);
    holds(&whole).then(|| if groups.iter().all(holds) { groups } else { vec![whole] })
}
