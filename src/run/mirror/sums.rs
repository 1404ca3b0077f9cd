//! Sums: counters that are too many to be fetched one by one, as they went up together in each step; made into counters
//! again, so that the same code counts them.
//!
//! What went up is what the source's own samples say, of each series by itself: the last one in a step is held against the
//! last one before it, however long before that was, within [`REMEMBERED`]. A counter that began again counts from zero. A
//! series that is seen for the first time counts in full where its process was known and had none end in that step; else
//! it is a base. So a sum is what was counted by its series but for what a counter had counted in the step in which it
//! began again, for what nobody knows the beginning of, and for a series that its process did not expose for longer than
//! it is remembered: that counts in full when it comes back, as one that is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Sum;
use crate::promql::Matcher;
use crate::signal::{Labels, NAME, Observation, Point, STALE, Sample, Series, is_stale};
use crate::source::prometheus::{MOST_AT_ONCE, Moments, Stretch};
use crate::store::{Store, Stored};
use crate::unit::{Span, UnixMillis};

/// How long a silent series is remembered: one that comes back goes on from where it was.
const REMEMBERED: Span = Span::from_secs(900);

/// At how many moments sums are asked at once: servers refuse more than eleven thousand.
const MOST_STEPS: u64 = 1_000;

/// By what instances are told apart, and the label that a source tells it in: errors that come in clusters show as groups
/// of instances that differ, and the last letter of an instance's name says as much as which group it is in.
const INSTANCE: &str = "instance";
const GROUP: &str = "backstop_group";
const LAST_LETTER: &str = ".*?([0-9A-Za-z])(:[0-9]+)?";

/// The label that says the bound of a bucket.
const BOUND: &str = "le";

/// What makes a count none: a sum of what is no number, or of fewer series than it should be of.
const NO_COUNT: f64 = 0.5;

/// What stands for a sum of which no series had a sample in a step, though one is there.
const NOTHING: f64 = -1.0;

/// What is asked of a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) sum: &'a Sum,
    /// Whether instances are not even told apart in groups.
    pub(super) whole: bool,
}

impl Asking<'_> {
    /// By how much the series went up in the step that ends at a moment.
    pub(super) fn grown(self) -> String {
        let Sum { selector: x, target: y, step, .. } = self.sum;
        let now = format!("last_over_time({x}[{step}])");
        let before = format!("last_over_time({x}[{REMEMBERED}] offset {step})");
        let known = format!("((up offset {step}) == 1 or {y} offset {step})");
        let ended = format!("({y} offset {step} unless {y})");
        let born = format!(
            "({now} unless {before} and on (job, instance) {known} unless on (job, instance) {ended})"
        );
        let each = format!("({now} - {before}) >= 0 or {now} < {before} or {born} or {now} * 0");
        format!("{} or {} * {NOTHING}", self.over("sum", &each), self.over("group", x))
    }

    /// How many sums there are, of series that had a sample in so much time.
    pub(super) fn number(self, span: Span) -> String {
        format!("count({})", self.seen(span))
    }

    /// The sums of series that had a sample in so much time.
    pub(super) fn seen(self, span: Span) -> String {
        self.over("group", &format!("last_over_time({}[{span}])", self.sum.selector))
    }

    /// Of how many series each sum is.
    pub(super) fn members(self) -> String {
        self.over("count", &format!("last_over_time({}[{}])", self.sum.selector, self.sum.step))
    }

    fn over(self, what: &str, each: &str) -> String {
        let without: Vec<&str> = self.sum.without.iter().map(String::as_str).collect();
        let without = without.join(", ");
        if self.whole || !self.sum.without.contains(INSTANCE) {
            return format!("{what} without ({without}) ({each})");
        }
        format!(
            "{what} without ({without}) (label_replace({each}, \"{GROUP}\", \"$1\", \"{INSTANCE}\", \"{LAST_LETTER}\"))"
        )
    }

    /// Sums that were seen before a moment, as counters that begin there.
    pub(super) fn zero(self, seen: Vec<Series>, at: UnixMillis) -> Vec<Series> {
        let zero = |series: Series| Series {
            labels: self.labels(&series.labels),
            samples: vec![Sample { at, value: 0.0 }.into()],
        };
        seen.into_iter().map(zero).collect()
    }

    /// What went up, as counters that go on from those that are known. One that has no series any more is told to have
    /// ended. Where a sum of buckets is of fewer series than others of its histogram, it is no count.
    pub(super) fn counters(
        self,
        (grown, members): (Vec<Series>, &[Series]),
        grid: Grid,
        (store, asks): (&Store, &[Matcher]),
    ) -> Vec<Series> {
        let lacking = lacking(members);
        let known = |labels: &Labels| {
            let known = store.known(labels).and_then(|known| Known::at(known, grid.from));
            known.unwrap_or_default()
        };
        let own = |Series { labels: told, samples: mut grown }: Series| {
            let lacks = lacking.get(&told);
            for sample in grown.iter_mut().filter(|sample| lacks.is_some_and(|at| at.contains(&sample.at))) {
                sample.point = Point::Float(f64::NAN);
            }
            let labels = self.labels(&told);
            let samples = counter(&grown, grid, known(&labels));
            Series { labels, samples }
        };
        let mut counters: Vec<Series> = grown.into_iter().map(own).collect();
        let told: BTreeSet<Labels> = counters.iter().map(|series| series.labels.clone()).collect();
        let ended = |stored: &&Stored| {
            let newest = stored.points().times.last();
            newest.is_some_and(|newest| *newest <= grid.from) && !told.contains(stored.labels())
        };
        let silent = store.select(asks).into_iter().filter(ended).map(|stored| stored.labels().clone());
        counters.extend(silent.map(|labels| Series { samples: counter(&[], grid, known(&labels)), labels }));
        counters
    }

    /// The labels of a sum in the store: those of a counter.
    fn labels(self, told: &Labels) -> Labels {
        let labels = told.with(NAME, &self.sum.metric);
        match told.get(GROUP) {
            "" => labels,
            group => labels.only(|label| label != GROUP).with(INSTANCE, group),
        }
    }
}

/// Moments one step apart: behind `from`, up to `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) from: UnixMillis,
    pub(super) to: UnixMillis,
    pub(super) step: Span,
}

impl Grid {
    /// The one that a stretch lies on.
    pub(super) fn of(stretch: Stretch, step: Span) -> Self {
        Self { from: stretch.from.floor(step), to: stretch.to.floor(step), step }
    }

    /// It in parts, for so many sums.
    pub(super) fn parts(self, sums: u64) -> Vec<Self> {
        let many = (MOST_AT_ONCE / sums.max(1)).clamp(1, MOST_STEPS);
        let length = Span::from_millis(self.step.millis().saturating_mul(many));
        let mut parts = Vec::new();
        let mut from = self.from;
        while from < self.to {
            let to = from.plus(length).min(self.to);
            parts.push(Self { from, to, ..self });
            from = to;
        }
        parts
    }

    pub(super) fn moments(self) -> Moments {
        Moments::Range { from: self.from.plus(self.step), to: self.to, step: self.step }
    }

    fn each(self) -> impl Iterator<Item = UnixMillis> {
        let next = move |at: &UnixMillis| Some(at.plus(self.step));
        std::iter::successors(Some(self.from.plus(self.step)), next).take_while(move |at| *at <= self.to)
    }
}

/// What is known of a counter up to a moment.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    value: Option<f64>,
    /// Whether it has not ended.
    lives: bool,
}

impl Known {
    fn at(stored: &Stored, at: UnixMillis) -> Option<Self> {
        let points = stored.points();
        let last = points.sample(points.up_to(at).checked_sub(1)?)?;
        let value = stored.last(at).map(|sample| sample.value.floor());
        Some(Self { value, lives: !is_stale(last.value) })
    }
}

fn counter(grown: &[Observation], grid: Grid, Known { value, mut lives }: Known) -> Vec<Observation> {
    let (mut count, mut has_begun) = (value.unwrap_or_default(), value.is_some());
    let mut samples = Vec::new();
    let mut push = |at, value| samples.push(Observation::from(Sample { at, value }));
    let mut rest = grown.iter().peekable();
    for at in grid.each() {
        while rest.next_if(|told| told.at < at).is_some() {}
        match rest.next_if(|told| told.at == at).and_then(Observation::number) {
            Some(by) if by < 0.0 => {}
            Some(by) => {
                // Its first value is no first value: what it counts since this moment is known.
                if !has_begun {
                    push(at.minus(grid.step), 0.0);
                }
                (has_begun, lives) = (true, true);
                if by.is_nan() {
                    push(at, count + NO_COUNT);
                    continue;
                }
                count += by;
                push(at, count);
            }
            None if lives => {
                lives = false;
                push(at, f64::from_bits(STALE));
            }
            None => {}
        }
    }
    samples
}

/// When sums of buckets were of fewer series than others of their histogram: of the observations of those that lack a
/// bucket nobody knows which lie under it, and all of them would seem slow.
fn lacking(members: &[Series]) -> BTreeMap<&Labels, BTreeSet<UnixMillis>> {
    let whole = |labels: &Labels| labels.only(|label| label != BOUND);
    let mut most: BTreeMap<(Labels, UnixMillis), f64> = BTreeMap::new();
    let told = || members.iter().flat_map(|own| own.samples.iter().map(move |sample| (&own.labels, sample)));
    for (labels, sample) in told() {
        let number = sample.number().unwrap_or_default();
        let most = most.entry((whole(labels), sample.at)).or_default();
        *most = most.max(number);
    }
    let mut lacking: BTreeMap<&Labels, BTreeSet<UnixMillis>> = BTreeMap::new();
    for (labels, sample) in told() {
        if most
            .get(&(whole(labels), sample.at))
            .is_some_and(|most| sample.number().is_some_and(|own| own < *most))
        {
            lacking.entry(labels).or_default().insert(sample.at);
        }
    }
    lacking
}

#[cfg(test)]
mod tests;
