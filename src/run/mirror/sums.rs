//! Sums: counters that are too many to be fetched one by one, as they went up together in each step; made into counters
//! again, so that the same code counts them.
//!
//! What went up is what the source's own samples say, of each series by itself: the last one in a step is held against the
//! last one before it, however long before that was, within [`REMEMBERED`]. A counter that began again counts from zero. A
//! series that is seen for the first time counts in full where its process was known and had none end in that step; else
//! it is a base. Known is what was scraped well a step before, or had series of the target then, at the very same place:
//! what only shares an instance with others, as behind a collector, may come back with all of its history, and so may what
//! is at no place at all. So a sum is what was counted by its series but for what a counter had counted in the step in which
//! it began again, for what nobody knows the beginning of, for steps that are no count, and for a series that its process
//! did not expose for longer than it is remembered, though it exposed others or was scraped well: that counts in full when
//! it comes back, as one that is new.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Sum;
use crate::promql::Matcher;
use crate::signal::{BOUND, INSTANCE, Labels, NAME, Observation, Point, STALE, Sample, Series, is_stale};
use crate::source::prometheus::{MOST_AT_ONCE, Moments, Stretch};
use crate::store::{Store, Stored};
use crate::unit::{Span, UnixMillis};

/// How long a silent series is remembered: one that comes back goes on from where it was.
const REMEMBERED: Span = Span::from_secs(900);

/// At how many moments sums are asked at once: servers refuse more than eleven thousand.
const MOST_STEPS: u64 = 1_000;

/// The label that a source tells groups of instances in, and what tells them apart: errors that come in clusters show as
/// groups that differ, and the last letter of an instance's name says as much as which group it is in.
const GROUP: &str = "backstop_group";
const LAST_LETTER: &str = ".*?([0-9A-Za-z])(:[0-9]+)?";

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
    /// By how much the series went up in the step that ends at a moment. What has no labels, as a `vector`, is
    /// at no place.
    pub(super) fn grown(self) -> String {
        let Sum { selector: x, target: y, step, .. } = self.sum;
        let place: Vec<&str> = self.sum.place.iter().map(String::as_str).collect();
        let place = place.join(", ");
        let now = format!("last_over_time({x}[{step}])");
        let before = format!("last_over_time({x}[{REMEMBERED}] offset {step})");
        let known = self.sum.others.iter().chain([y]).map(|own| format!(" or {own} offset {step}"));
        let known = format!("((up offset {step}) == 1{})", known.collect::<String>());
        let ended = format!("({y} offset {step} unless {y})");
        let born = format!(
            "({now} unless {before} and on ({place}) {known} unless on ({place}) {ended} unless on ({place}) vector(0))"
        );
        let each = format!("({now} - {before}) >= 0 or {now} < {before} or {born} or {now} * 0");
        format!("{} or {} * {NOTHING}", self.over("sum", &each), self.over("group", x))
    }

    /// How many sums there are, of series that had a sample in so much time.
    pub(super) fn number(self, span: Span) -> String {
        format!("count({})", self.seen(span))
    }

    /// How many series had a sample in so much time.
    pub(super) fn series(self, span: Span) -> String {
        format!("count(last_over_time({}[{span}]))", self.sum.selector)
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
    /// ended. Where one sum of a histogram is no number, or is of fewer series than others, none of them is a count.
    pub(super) fn counters(
        self,
        (grown, members): (Vec<Series>, &[Series]),
        grid: Grid,
        (store, asks): (&Store, &[Matcher]),
    ) -> Vec<Series> {
        let torn = if self.sum.are_buckets() { torn(&grown, members) } else { BTreeSet::new() };
        let known = |labels: &Labels| {
            let known = store.known(labels).and_then(|known| Known::at(known, grid.from));
            known.unwrap_or_default()
        };
        let own = |Series { labels: told, samples: mut grown }: Series| {
            let histogram = histogram_of(&told);
            for sample in grown.iter_mut().filter(|sample| torn.contains(&(histogram.clone(), sample.at))) {
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

    /// How many steps are asked at once of so many series.
    pub(super) fn most_steps(series: u64) -> u64 {
        (MOST_AT_ONCE / series.max(1)).clamp(1, MOST_STEPS)
    }

    /// So many steps of it at the most.
    pub(super) fn first(self, most: u64) -> Self {
        let length = Span::from_millis(self.step.millis().saturating_mul(most));
        Self { to: self.from.plus(length).min(self.to), ..self }
    }

    pub(super) fn steps(self) -> u64 {
        self.to.since(self.from).millis().checked_div(self.step.millis()).unwrap_or_default()
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
        let until = points.up_to(at);
        let last = points.sample(until.checked_sub(1)?)?;
        // What follows on a step that was no count goes on from before it.
        let value = points.part(0, until).values.iter().rev().find(|value| !value.is_nan()).copied();
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
                // As of a counter that is no number for a while: what that step had is lost, and no other.
                if by.is_nan() {
                    push(at, f64::NAN);
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

/// In which steps which histograms are no count, since one of their buckets is not, or is of fewer series than others: of
/// the observations of those that lack a bucket nobody knows which lie under it, and all of them would seem slow.
fn torn(grown: &[Series], members: &[Series]) -> BTreeSet<(Labels, UnixMillis)> {
    let mut least: BTreeMap<(Labels, UnixMillis), (f64, f64)> = BTreeMap::new();
    for own in members {
        for sample in &own.samples {
            let number = sample.number().unwrap_or_default();
            let (least, most) =
                least.entry((histogram_of(&own.labels), sample.at)).or_insert((number, number));
            (*least, *most) = (least.min(number), most.max(number));
        }
    }
    let fewer = least.into_iter().filter(|(_, (least, most))| least < most).map(|(place, _)| place);
    let broken = grown.iter().flat_map(|own| {
        let broken = own.samples.iter().filter(|sample| sample.number().is_none_or(f64::is_nan));
        broken.map(|sample| (histogram_of(&own.labels), sample.at))
    });
    let mut torn: BTreeSet<(Labels, UnixMillis)> = fewer.chain(broken).collect();
    torn.extend(silent(grown));
    torn
}

/// In which steps a bucket had no sample, and others of its histogram had.
fn silent(grown: &[Series]) -> impl Iterator<Item = (Labels, UnixMillis)> {
    let mut told: BTreeMap<(Labels, UnixMillis), (bool, bool)> = BTreeMap::new();
    for own in grown {
        for sample in &own.samples {
            let (was, was_not) = told.entry((histogram_of(&own.labels), sample.at)).or_default();
            let is_silent = sample.number().is_some_and(|by| by < 0.0);
            (*was, *was_not) = (*was || !is_silent, *was_not || is_silent);
        }
    }
    told.into_iter().filter(|(_, both)| *both == (true, true)).map(|(place, _)| place)
}

/// The labels that the buckets of a histogram share.
fn histogram_of(labels: &Labels) -> Labels {
    labels.only(|label| label != BOUND)
}

#[cfg(test)]
mod tests;
