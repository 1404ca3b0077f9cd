//! Counting: a cell's questions, answered from the store of backstop's own.

mod sides;
mod buckets;
mod family;
mod shares;
mod slices;
mod mixes;
mod levels;
mod origin;

pub(super) use mixes::NO_TRAFFIC;

use std::collections::BTreeMap;

use crate::engine::count::buckets::{Buckets, Wants};
use crate::engine::count::levels::{Expression, Measure};
use crate::engine::count::shares::Shares;
use crate::engine::count::sides::Sides;
use crate::engine::event::Window;
use crate::engine::targets::Targets;
use crate::gate::{
    Before, Check, CheckTerms, Comparison, Found, Gap, Gate, MOST_GROUPS, Opening, Question, Settled, Target,
    is_relative,
};
use crate::promql::{Length, Matcher, Plan, Selector};
use crate::signal::Labels;
use crate::store;
use crate::store::{Increase, LOOKBACK, Store, lags, tallies};
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
    /// All targets, for what the change does not touch.
    pub targets: &'a Targets,
}

/// Which series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    New,
    Old,
    /// Either's, and whatever else is the target's.
    Anybody,
}

/// So many places, and in which of them a series is counted.
type Places<'a> = (usize, &'a dyn Fn(&Labels) -> Option<usize>);

impl Reading<'_> {
    /// Whether the new side had traffic in the window: an event, where any check counts events. Else it begins with the
    /// first level of the new side; a gate of nothing but expressions, with the first sample that one of them reads.
    pub fn traffic(&self, window: Window) -> bool {
        self.has_traffic(Whose::New, window)
    }

    /// Whether nobody asked the new side for anything in the window, and its other side was asked: it was taken out of the
    /// traffic, whether its series are still there or not. Where nothing runs beside it, silence says nothing.
    pub fn idle(&self, window: Window) -> bool {
        matches!(self.gate.comparison, Comparison::Tracks(_))
            && !self.has_traffic(Whose::New, window)
            && self.has_traffic(Whose::Old, window)
    }

    fn has_traffic(&self, whose: Whose, window: Window) -> bool {
        if self.shares().next().is_some() || self.buckets().next().is_some() {
            self.shares().any(|(_, shares)| shares.traffic(whose, window))
                || self.buckets().any(|(_, buckets)| buckets.traffic(whose, window))
        } else if self.measures().next().is_some() {
            self.measures().any(|(_, measure)| measure.traffic(whose, window))
        } else {
            self.expressions().any(|(_, expression)| expression.traffic(window))
        }
    }

    /// What each check finds in its window, of what was settled before the first look.
    pub fn count(&self, windows: &[Window], settled: &[Settled]) -> Vec<Found> {
        let mut found = vec![Found::Missing(Gap::NoValue); self.gate.checks.len()];
        let nothing = Settled::default();
        let shares = self.shares().map(|(index, shares)| (index, Box::new(shares) as Box<dyn Sides + '_>));
        let buckets =
            self.buckets().map(|(index, buckets)| (index, Box::new(buckets) as Box<dyn Sides + '_>));
        for (index, counting) in shares.chain(buckets) {
            if let (Some(window), Some(place)) = (windows.get(index), found.get_mut(index)) {
                *place = counting.found(*window, settled.get(index).unwrap_or(&nothing));
            }
        }
        let at = |index: usize| windows.get(index).map(|window| window.to);
        let measured =
            self.measures().filter_map(|(index, measure)| Some((index, measure.found(at(index)?))));
        let said = self.expressions().filter_map(|(index, expr)| Some((index, expr.found(at(index)?))));
        for (index, own) in measured.chain(said) {
            found[index] = own;
        }
        found
    }

    /// What was before the first look, in stretches as long as one, for checks on these terms.
    pub fn opening(
        &self,
        terms: &[CheckTerms],
        change: UnixMillis,
        from: UnixMillis,
        beside: &[(&Target, bool)],
    ) -> Opening {
        let (every, length) = (self.gate.every, history(self.gate));
        let end = match &self.gate.comparison {
            Comparison::Tracks(_) => from,
            Comparison::AfterBefore(_) => change.floor(every),
        };
        let stretches = (length.millis() / every.millis().max(1)).min(MOST_STRETCHES);
        let window = |back: u64| {
            let from = end.minus(Span::from_millis(back * every.millis()));
            Window { from, to: from.plus(every) }
        };
        let windows: Vec<Window> = (1..=stretches).rev().map(window).collect();
        let lately = Window { from: from.minus(every), to: from };
        let mut checks = vec![Before::default(); self.gate.checks.len()];
        for (index, shares) in self.shares() {
            let before = shares.before(shares.parts(&windows), (&windows, lately), beside);
            let mixes =
                terms.get(index).filter(|terms| is_relative(terms)).map(|_| shares.settle_mixes(&windows));
            checks[index] = Before { mixes: mixes.unwrap_or_default(), ..before };
        }
        for (index, buckets) in self.buckets() {
            if let Some(terms) = terms.get(index) {
                let parts = buckets.parts(terms, &windows);
                let resolution = buckets.resolution(&windows);
                let before = buckets.before(parts, (&windows, lately), beside);
                checks[index] = Before { resolution, ..before };
            }
        }
        for (index, measure) in self.measures() {
            checks[index] = measure.before(&windows);
        }
        for (before, check) in checks.iter_mut().zip(&self.gate.checks) {
            before.origin = Some(self.origin(&check.question, lately));
        }
        Opening { checks }
    }

    fn shares(&self) -> impl Iterator<Item = (usize, Shares<'_>)> {
        self.gate.checks.iter().enumerate().filter_map(|(index, check)| match &check.question {
            Question::Proportion(proportion) => {
                Some((index, Shares { reading: self, proportion, by: &check.by }))
            }
            Question::Quantile(_) | Question::Slow(_) | Question::Mean { .. } | Question::Expr { .. } => None,
        })
    }

    fn buckets(&self) -> impl Iterator<Item = (usize, Buckets<'_>)> {
        self.gate.checks.iter().enumerate().filter_map(|(index, check)| {
            let (of, told, wants) = match &check.question {
                Question::Quantile(quantile) => (&quantile.of, quantile.buckets, Wants::Quantile(quantile.q)),
                Question::Slow(slow) => (&slow.of, slow.buckets, Wants::Slow(&slow.over, slow.unit)),
                Question::Proportion(_) | Question::Mean { .. } | Question::Expr { .. } => return None,
            };
            let (by, worse) = (&check.by, check.worse);
            Some((index, Buckets { reading: self, of, told, by, wants, worse }))
        })
    }

    fn measures(&self) -> impl Iterator<Item = (usize, Measure<'_>)> {
        self.gate.checks.iter().enumerate().filter_map(|(index, check)| match &check.question {
            Question::Mean { of } => Some((index, Measure { reading: self, of })),
            Question::Proportion(_) | Question::Quantile(_) | Question::Slow(_) | Question::Expr { .. } => {
                None
            }
        })
    }

    fn expressions(&self) -> impl Iterator<Item = (usize, Expression<'_>)> {
        self.gate.checks.iter().enumerate().filter_map(|(index, check)| match &check.question {
            Question::Expr { expr, .. } => Some((index, Expression { reading: self, expr })),
            Question::Proportion(_) | Question::Quantile(_) | Question::Slow(_) | Question::Mean { .. } => {
                None
            }
        })
    }

    /// Into how many groups a side is split: the old one, where it runs beside the new one, shows clusters.
    const fn groups(&self, whose: Whose) -> usize {
        match (whose, &self.gate.comparison) {
            (Whose::Old, Comparison::Tracks(_)) => MOST_GROUPS,
            (Whose::New | Whose::Old | Whose::Anybody, _) => 1,
        }
    }

    /// Whether a side has a sample in the stretch that ends here.
    fn seen(&self, plan: &Plan, whose: Whose, (within, at): (Span, UnixMillis)) -> bool {
        self.asks(plan, whose).is_some_and(|asks| {
            let stored = self.store.select(&asks);
            stored.iter().any(|stored| stored.between(at.minus(within), at).next().is_some())
        })
    }

    /// Whether a series of these on a side is on its way: others of its process are further at the end of a look.
    fn lags(&self, selectors: &[&Selector], whose: Whose, windows: &[Window]) -> bool {
        // What was before the first look has come in since.
        let [window] = windows else { return false };
        let asks: Vec<Vec<Matcher>> =
            selectors.iter().map(|selector| self.asks_of(selector, whose)).collect();
        lags(self.store, &asks, window.to, LOOKBACK)
    }

    /// By how much a counter went up in each window, in the group that each series is in; nothing where it is none.
    fn increases(
        &self,
        plan: &Plan,
        whose: Whose,
        windows: &[Window],
        (groups, group): (usize, &dyn Fn(&Labels) -> usize),
    ) -> Vec<Increase> {
        let Some(selector) = plan.as_selector() else { return Vec::new() };
        self.grown(selector, whose, windows, (groups, &|labels| Some(group(labels))))
    }

    /// The same of a selector, where a series may be in no group.
    fn grown(
        &self,
        selector: &Selector,
        whose: Whose,
        windows: &[Window],
        (groups, group): Places<'_>,
    ) -> Vec<Increase> {
        let windows: Vec<store::Window> = windows.iter().map(wide).collect();
        tallies(self.store, &self.asks_of(selector, whose), &windows, groups, group)
    }

    /// The matchers of a plain counter, with those of the target and of its track.
    fn asks(&self, plan: &Plan, whose: Whose) -> Option<Vec<Matcher>> {
        Some(self.asks_of(plan.as_selector()?, whose))
    }

    /// The same of a selector.
    fn asks_of(&self, selector: &Selector, whose: Whose) -> Vec<Matcher> {
        let mut asks = selector.asks();
        let labels = self.target.select.iter().chain(self.track(whose));
        asks.extend(labels.map(|(label, value)| Matcher::equal(label, value, Extent::default())));
        asks
    }

    /// The labels of a side's track.
    fn track(&self, whose: Whose) -> &BTreeMap<String, String> {
        const NOTHING: &BTreeMap<String, String> = &BTreeMap::new();
        match (&self.gate.comparison, whose) {
            (Comparison::Tracks(tracks), Whose::New) => tracks.canary(),
            (Comparison::Tracks(tracks), Whose::Old) => tracks.stable(),
            (Comparison::Tracks(_), Whose::Anybody) | (Comparison::AfterBefore(_), _) => NOTHING,
        }
    }

    /// Whether the newest sample of a side is new enough at this moment.
    fn is_fresh(&self, newest: Option<UnixMillis>, at: UnixMillis) -> bool {
        newest.is_some_and(|newest| at.minus(self.fresh()) < newest)
    }

    /// How old the newest sample of a side may be.
    fn fresh(&self) -> Span {
        fresh(self.gate.every)
    }
}

/// How old the newest sample of a side may be, where looks are so far apart.
pub(super) fn fresh(every: Span) -> Span {
    FRESH.max(Span::from_millis(every.millis().saturating_mul(2)))
}

/// A window as the store has it.
const fn wide(window: &Window) -> store::Window {
    store::Window { from: window.from, to: window.to, lookback: LOOKBACK }
}

/// How much of the old side is looked at before the first look.
const fn history(gate: &Gate) -> Span {
    match &gate.comparison {
        Comparison::Tracks(_) => HISTORY,
        Comparison::AfterBefore(baseline) => baseline.length,
    }
}

/// How far before a change samples have to be known that a gate looks at. Whether a series began within a stretch shows
/// in what was there before it.
pub fn reach(gate: &Gate) -> Span {
    Span::from_millis(history(gate).millis().saturating_add(margin(gate).millis()))
}

/// How far before a stretch samples have to be known for it to be counted.
pub(super) fn margin(gate: &Gate) -> Span {
    let lag = |check: &Check| match &check.question {
        Question::Proportion(proportion) => proportion.lag,
        Question::Mean { of: plan } | Question::Expr { expr: plan, .. } => {
            plan.selectors().map(looks_back).max().unwrap_or_default()
        }
        Question::Quantile(_) | Question::Slow(_) => Span::ZERO,
    };
    let lag = gate.checks.iter().map(lag).max().unwrap_or_default();
    let spans = [lag, gate.every, LOOKBACK, LOOKBACK, LOOKBACK];
    Span::from_millis(spans.iter().fold(0, |sum, span| span.millis().saturating_add(sum)))
}

/// How far back a selector looks by itself.
pub(super) fn looks_back(selector: &Selector) -> Span {
    let lengths = [&selector.range, &selector.shift.offset];
    let millis = lengths.into_iter().flatten().filter_map(Length::millis);
    Span::from_millis(millis.fold(0, |sum, millis| sum.saturating_add(millis.max(0).cast_unsigned())))
}
