//! Sums: what is asked of a source in place of counters that are too many to be fetched one by one.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::count::NO_TRAFFIC;
use crate::engine::wanted::plain;
use crate::gate::{Comparison, Gate, Question, Target};
use crate::promql::{Matcher, Plan, Selector};
use crate::signal::{BOUND, NAME};
use crate::unit::Span;

/// No step is longer, where looks and lags leave the choice: of a counter that begins again within a step, what it had
/// counted in that step before is lost.
const LONGEST_STEP: u64 = 60_000;

/// No step is shorter.
const SHORTEST_STEP: u64 = 1_000;

/// How the metric of buckets ends.
const BUCKETS: &str = "_bucket";

/// The labels that say what runs somewhere, and not where.
const WHAT: [&str; 2] = ["service_version", "version"];

/// One metric of a target, asked as sums: all that its checks count of it, so that no event is in two sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The metric.
    pub metric: String,
    /// The series that are summed.
    pub selector: String,
    /// The metric's series of the whole target, by which is known which processes there are.
    pub target: String,
    /// Those of the other counters of the gate, by which is known as well which processes there are.
    pub others: Vec<String>,
    /// The labels that say where something runs.
    pub place: BTreeSet<String>,
    /// The labels by which nothing is told apart: those that say where something runs.
    pub without: BTreeSet<String>,
    /// How far apart sums are.
    pub step: Span,
    /// How long before the first one its series are looked for.
    pub before: Span,
}

impl Sum {
    /// Whether these are the buckets of a histogram.
    pub fn are_buckets(&self) -> bool {
        self.metric.ends_with(BUCKETS)
    }
}

/// What is asked in place of too many counters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums {
    /// The counters, as sums.
    pub of: Vec<Sum>,
    /// The selectors that are asked as they are.
    pub besides: BTreeSet<String>,
}

impl Sums {
    /// The same beside what an expression reads; nothing where it reads what is summed.
    pub fn beside(mut self, plan: &Plan) -> Option<Self> {
        let metrics: BTreeSet<&str> = self.of.iter().map(|sum| sum.metric.as_str()).collect();
        let is_apart =
            |own: &Selector| own.name.as_ref().is_some_and(|name| !metrics.contains(name.text.as_str()));
        if !plan.selectors().all(is_apart) {
            return None;
        }
        self.besides.extend(plan.selectors().map(|own| own.bare().to_string()));
        Some(self)
    }
}

/// The metrics of a gate, as they are found.
pub(super) struct Metrics<'a> {
    gate: &'a Gate,
    target: &'a Target,
    known: BTreeMap<String, Metric>,
    /// Whether one of them is none that can be summed.
    broken: bool,
    besides: Vec<Selector>,
}

struct Metric {
    /// What all selectors of it ask.
    common: Selector,
    asked: BTreeSet<String>,
    before: Span,
}

impl<'a> Metrics<'a> {
    pub(super) const fn new(gate: &'a Gate, target: &'a Target) -> Self {
        Self { gate, target, known: BTreeMap::new(), broken: false, besides: Vec::new() }
    }

    /// A counter of the target is counted, and its series before that are asked for.
    pub(super) fn count(&mut self, plan: &Plan, before: Span) {
        let Some((selector, name)) = plain(plan).and_then(|own| Some((own, own.name.as_ref()?))) else {
            self.broken = true;
            return;
        };
        let labels = selector.matchers.iter().map(|matcher| matcher.label.clone());
        let metric = self.known.entry(name.text.clone()).or_insert_with(|| Metric {
            common: selector.clone(),
            asked: BTreeSet::new(),
            before,
        });
        metric.asked.extend(labels);
        metric.before = metric.before.max(before);
        metric.common.matchers.retain(|own| selector.matchers.iter().any(|other| is_same(own, other)));
    }

    /// A selector is read as it is.
    pub(super) fn read(&mut self, selector: &Selector) {
        self.besides.push(selector.bare());
    }

    /// What is asked; nothing, where it cannot be done: sums and series of one metric would be counted twice.
    pub(super) fn sums(self) -> Option<Sums> {
        let is_apart =
            |own: &Selector| own.name.as_ref().is_some_and(|name| !self.known.contains_key(&name.text));
        if self.broken || self.known.is_empty() || !self.besides.iter().all(is_apart) {
            return None;
        }
        let step = self.step();
        let of = self.known.iter().map(|(name, metric)| self.sum(name, metric, step)).collect();
        Some(Sums { of, besides: self.besides.iter().map(Selector::to_string).collect() })
    }

    fn sum(&self, name: &str, metric: &Metric, step: Span) -> Sum {
        // Of a histogram its count says as much, in far fewer series.
        let others = self.known.iter().filter(|(other, _)| *other != name && !other.ends_with(BUCKETS));
        let others = others.map(|(_, metric)| self.whole(metric)).collect();
        let by = self.gate.checks.iter().flat_map(|check| &check.by);
        let tracks = match &self.gate.comparison {
            Comparison::Tracks(tracks) => tracks.canary().keys().chain(tracks.stable().keys()).collect(),
            Comparison::AfterBefore(_) => Vec::new(),
        };
        let kept: BTreeSet<&String> = metric.asked.iter().chain(by).chain(tracks).collect();
        let without = NO_TRAFFIC.iter().filter(|label| **label != NAME && **label != BOUND);
        let without = without.map(|label| (*label).to_owned());
        let place = without.clone().filter(|label| !WHAT.contains(&label.as_str())).collect();
        let without = without.filter(|label| !kept.contains(label));
        Sum {
            metric: name.to_owned(),
            selector: metric.common.to_string(),
            target: self.whole(metric),
            others,
            place,
            without: without.collect(),
            step,
            before: metric.before,
        }
    }

    /// A metric's series of the whole target.
    fn whole(&self, metric: &Metric) -> String {
        let selects = |own: &Matcher| {
            let value = self.target.select.get(&own.label);
            value.is_some_and(|value| own.value.as_str() == Some(value))
        };
        let mut target = metric.common.clone();
        target.matchers.retain(selects);
        target.to_string()
    }

    /// How far apart sums are: all windows begin and end at one of them.
    fn step(&self) -> Span {
        let lag = |question: &Question| match question {
            Question::Proportion(proportion) => proportion.lag.millis(),
            Question::Quantile(_) | Question::Slow(_) | Question::Mean { .. } | Question::Expr { .. } => 0,
        };
        let lags = self.gate.checks.iter().map(|check| lag(&check.question));
        Span::from_millis(step_of(lags.fold(self.gate.every.millis(), common_divisor)))
    }
}

/// The longest part of a span that is not too long, where it has one.
fn step_of(all: u64) -> u64 {
    let (few, many) = (all.div_ceil(LONGEST_STEP).max(1), all / SHORTEST_STEP);
    let parts = (few..=many).find(|parts| all.is_multiple_of(*parts)).unwrap_or(1);
    all / parts
}

fn is_same(one: &Matcher, other: &Matcher) -> bool {
    (&one.label, one.op, &one.value) == (&other.label, other.op, &other.value)
}

const fn common_divisor(one: u64, other: u64) -> u64 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_fit_into_every_window() {
        for (all, expected) in [(30, 30), (1, 1), (60, 60), (90, 45), (600, 60), (7, 7), (3_600, 60)] {
            assert_eq!(step_of(all * 1_000), expected * 1_000, "{all}");
        }
        assert_eq!(step_of(500), 500);
        assert_eq!(common_divisor(30, 0), 30);
        assert_eq!([1_200, 45].into_iter().fold(30, common_divisor), 15);
    }
}
