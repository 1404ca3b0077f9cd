//! Levels: how high a measure stands on a side at a moment, and what an expression says.

use crate::engine::count::{FRESH, Reading, Whose};
use crate::engine::event::Window;
use crate::engine::terms::is_plain;
use crate::gate::{Arm, Before, Comparison, Found, Gap, Levels};
use crate::promql::{Plan, Query, Value, When, evaluate};
use crate::signal::{Labels, Point, Sample};
use crate::store::{Is, LOOKBACK, group_of, heard_up_to};
use crate::unit::{Span, UnixMillis};

/// How old what an expression reads may be, where looks are not further apart. It is less than for what is counted: counts
/// that are missing come later, but a value that stands still would cast one vote at each look.
pub(super) const FRESH_VOTE: Span = Span::from_secs(60);

/// A question about how high a measure stands.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) of: &'a Plan,
}

/// A question that is an expression.
#[derive(Clone, Copy)]
pub(super) struct Expression<'a> {
    pub(super) reading: &'a Reading<'a>,
    pub(super) expr: &'a Plan,
}

/// Which half of the series of a side.
type Half<'a> = &'a dyn Fn(&Labels) -> bool;

impl Measure<'_> {
    /// Whether a side has a level that it came to within the window.
    pub(super) fn traffic(&self, whose: Whose, window: Window) -> bool {
        self.reading.came(self.of, whose, window)
    }

    /// What a look finds.
    pub(super) fn found(&self, at: UnixMillis) -> Found {
        self.levels(at).map_or_else(Found::Missing, Found::Levels)
    }

    fn levels(&self, at: UnixMillis) -> Result<Levels, Gap> {
        let all = |_: &Labels| true;
        let new = self.level(Whose::New, at, &all)?;
        let old = match self.reading.gate.comparison {
            Comparison::Tracks(_) => self.level(Whose::Old, at, &all)?,
            Comparison::AfterBefore(_) => 0.0,
        };
        Ok(Levels { new, old })
    }

    /// What was before the first look.
    pub(super) fn before(&self, windows: &[Window]) -> Before {
        let level = |half: Half<'_>| -> Vec<Option<f64>> {
            windows.iter().map(|window| self.level(Whose::Old, window.to, half).ok()).collect()
        };
        let of = |half: usize| move |labels: &Labels| group_of(labels, 2) == half;
        let halves = match self.reading.gate.comparison {
            Comparison::Tracks(_) => beside(&level(&of(0)), &level(&of(1))),
            Comparison::AfterBefore(_) => Vec::new(),
        };
        // Nothing else runs beside the whole: then an earlier time stands in for the other half.
        let levels = if halves.is_empty() { behind(&level(&|_| true)) } else { halves };
        Before { levels, ..Before::default() }
    }

    /// The mean over the series of a side, each by its newest value.
    fn level(&self, whose: Whose, at: UnixMillis, half: Half<'_>) -> Result<f64, Gap> {
        let silent = Gap::Silent(if whose == Whose::New { Arm::New } else { Arm::Old });
        let values = if is_plain(self.of) {
            self.reading.newest(self.of, whose, at, half).ok_or(silent)?
        } else {
            let told = self.reading.evaluate(self.of, whose, (at, self.reading.fresh())).ok_or(silent)?;
            told.into_iter().filter(|(labels, _)| half(labels)).map(|(_, value)| value).collect()
        };
        mean(&values).ok_or(Gap::NoValue)
    }
}

impl Expression<'_> {
    /// Whether something that it asks about came within the window.
    pub(super) fn traffic(&self, window: Window) -> bool {
        self.reading.came(self.expr, Whose::Anybody, window)
    }

    /// What a look finds: one number, or nothing.
    pub(super) fn found(&self, at: UnixMillis) -> Found {
        let fresh = FRESH_VOTE.max(self.reading.gate.every);
        let Some(told) = self.reading.evaluate(self.expr, Whose::Anybody, (at, fresh)) else {
            return Found::Missing(Gap::Silent(Arm::New));
        };
        match told.as_slice() {
            [(_, value)] if value.is_finite() => Found::Value(*value),
            _ => Found::Missing(Gap::NoValue),
        }
    }
}

impl Reading<'_> {
    /// Whether a series that an expression asks about has a sample in the window.
    fn came(&self, plan: &Plan, whose: Whose, window: Window) -> bool {
        let plan = self.narrowed(plan, whose);
        plan.selectors().any(|selector| {
            let stored = self.store.select(&selector.asks());
            stored.iter().any(|stored| stored.between(window.from, window.to).next().is_some())
        })
    }

    /// The newest values of a selector's series; nothing where it was not heard of lately.
    fn newest(&self, plan: &Plan, whose: Whose, at: UnixMillis, half: Half<'_>) -> Option<Vec<f64>> {
        let asks = self.asks(plan, whose)?;
        let stored = self.store.select(&asks);
        let own = stored.iter().filter(|stored| half(stored.labels()));
        let samples: Vec<Sample> = own.filter_map(|stored| stored.seen(at, LOOKBACK)).collect();
        let newest = samples.iter().map(|sample| sample.at).max();
        self.is_fresh(newest, at).then(|| samples.iter().map(|sample| sample.value).collect())
    }

    /// What an expression is worth, of a side of the target alone; nothing where what it reads was not heard of lately,
    /// for it would say the same for as long as Prometheus looks back.
    fn evaluate(
        &self,
        plan: &Plan,
        whose: Whose,
        (at, fresh): (UnixMillis, Span),
    ) -> Option<Vec<(Labels, f64)>> {
        let plan = self.narrowed(plan, whose);
        let (value, age) = match evaluate(&plan, &Query::new(When::At(at)), self.store) {
            Ok(answer) => (Some(answer.value), answer.age),
            Err(_) => (None, None),
        };
        let number = |(labels, point)| match point {
            Point::Float(value) => Some((labels, value)),
            Point::Histogram(_) => None,
        };
        let told = match value {
            Some(Value::Scalar(value)) => vec![(Labels::default(), value)],
            Some(Value::Vector(elements)) => elements.into_iter().filter_map(number).collect(),
            Some(Value::Text(_) | Value::Matrix(_)) | None => Vec::new(),
        };
        let heard = match age {
            Some(age) => age < fresh,
            // It found nothing to read, which only says something where there is something to hear.
            None => self.is_heard(at),
        };
        heard.then_some(told)
    }

    fn is_heard(&self, at: UnixMillis) -> bool {
        let asks: Vec<Is<'_>> = self.target.select.iter().map(|(label, value)| Is { label, value }).collect();
        heard_up_to(self.store, &asks, at, FRESH).is_some()
    }

    /// The same of a side of the target alone.
    pub(super) fn narrowed(&self, plan: &Plan, whose: Whose) -> Plan {
        let labels = self.target.select.iter().chain(self.track(whose));
        plan.and(&labels.map(|(label, value)| (label.as_str(), value.as_str())).collect::<Vec<_>>())
    }
}

/// The levels of two halves of the series, of each time at which both are known.
fn beside(one: &[Option<f64>], other: &[Option<f64>]) -> Vec<Levels> {
    let both = one.iter().zip(other);
    both.filter_map(|(one, other)| Some(Levels { new: (*one)?, old: (*other)? })).collect()
}

/// The levels of two halves of the time, as far as they are known; the oldest is left over where they are odd.
fn behind(levels: &[Option<f64>]) -> Vec<Levels> {
    let known: Vec<f64> = levels.iter().copied().flatten().collect();
    let (earlier, later) = known[known.len() % 2..].split_at(known.len() / 2);
    earlier.iter().zip(later).map(|(old, new)| Levels { new: *new, old: *old }).collect()
}

/// The mean of those that are numbers; nothing where none is.
fn mean(values: &[f64]) -> Option<f64> {
    let numbers: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    #[expect(clippy::cast_precision_loss, reason = "a number of series")]
    let many = numbers.len() as f64;
    let mean = numbers.iter().map(|value| value / many).sum::<f64>();
    (many > 0.0 && mean.is_finite()).then_some(mean)
}
