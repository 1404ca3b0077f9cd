//! What has to be known before a gate can be judged: which series, and from when on.

use std::collections::BTreeSet;

use crate::engine::cell::Cell;
use crate::engine::count::{looks_back, margin, reach};
use crate::engine::step::Engine;
use crate::engine::sums::{Metrics, Sums};
use crate::gate::{Absent, Buckets, Events, Gate, Length, Proportion, Quantile, Question, Slow, Target};
use crate::promql::{Plan, Selector, Shift};
use crate::store::{LOOKBACK, RETENTION};
use crate::unit::{Span, UnixMillis};

/// What is asked of a source about a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The selectors whose samples are fetched.
    pub selectors: Vec<String>,
    /// From when on.
    pub from: UnixMillis,
    /// The selectors of which is asked what was last seen before that, and how long before: the longest first. A counter
    /// that comes back has a history, and one that was seen lately is known by name.
    pub before: Vec<(String, Span)>,
    /// The selectors of native histograms, each sample of which takes much room.
    pub histograms: BTreeSet<String>,
    /// The histograms of which nobody says whether they are classic or native.
    pub families: Vec<Family>,
    /// The selectors of targets that are counted beside the one that is judged, each with its target. Nobody misses
    /// them, and without them it is judged by itself.
    pub aside: Vec<(String, String)>,
    /// What is asked in place of counters that are too many; nothing where they cannot be summed.
    pub sums: Option<Sums>,
}

/// The selectors of a histogram, as a classic one and as a native one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its buckets and its count.
    pub classic: [String; 2],
    /// Itself.
    pub native: String,
}

impl Engine {
    /// From when on a cell wants samples; nothing where it has stopped.
    pub fn wants_from(&self, cell: &Cell) -> Option<UnixMillis> {
        let gate = &self.program().watches[cell.watch].gate;
        let from = match cell.counts_from() {
            Some(counted) => counted.floor(gate.every).minus(margin(gate)),
            None => cell.change.at.floor(gate.every).minus(reach(gate)),
        };
        (!cell.is_done()).then_some(from)
    }

    /// What a cell wants of its target's source; nothing where it has stopped, or its target is gone.
    pub fn wanted(&self, cell: &Cell) -> Option<Wanted> {
        let gate = &self.program().watches[cell.watch].gate;
        let target = self.program().target(&cell.change.target).filter(|_| !cell.is_done())?;
        let beside: Vec<Target> = self.beside(cell).into_iter().map(|(target, _)| target.clone()).collect();
        let from = self.wants_from(cell)?;
        Some(Wanted::by((gate, target), &beside, (from, latest_end(gate, cell.change.at))))
    }
}

/// The latest moment at which a gate can take its last look at a change of this moment.
pub fn latest_end(gate: &Gate, change: UnixMillis) -> UnixMillis {
    let after = match gate.ends.after {
        Length::Time(after) => after,
        Length::Runs(_) => Span::ZERO,
    };
    let spans = [gate.begins.within, gate.begins.warmup, after, gate.every, gate.every];
    spans.iter().fold(change, |at, span| at.plus(*span))
}

/// What is asked of Prometheus about some targets.
#[derive(Debug, Default)]
struct Asked {
    selectors: BTreeSet<String>,
    before: BTreeSet<(Span, String)>,
    histograms: BTreeSet<String>,
    families: Vec<Family>,
}

impl Wanted {
    /// What a gate wants from a moment on, at the latest until `end`: of its target, and of the ones that are counted
    /// beside that.
    pub fn by(
        (gate, target): (&Gate, &Target),
        beside: &[Target],
        (from, end): (UnixMillis, UnixMillis),
    ) -> Self {
        // As much as a store of backstop's own would still know at the last look.
        let less = |span: Span| Span::from_millis(span.millis().saturating_sub(end.since(from).millis()));
        let counted = |target: &Target| {
            let mut asked = Asked::default();
            gate.checks.iter().for_each(|check| asked.counts(&check.question, target, &less));
            asked
        };
        let mut own = counted(target);
        gate.checks.iter().for_each(|check| own.levels(&check.question, target));
        let Asked { selectors, mut before, mut histograms, families } = own;
        let mut aside = Vec::new();
        for other in beside {
            let asked = counted(other);
            let more = asked.selectors.difference(&selectors);
            aside.extend(more.map(|selector| (other.to_string(), selector.clone())));
            before.extend(asked.before);
            histograms.extend(asked.histograms);
        }
        let before = before.into_iter().rev().filter(|(span, _)| !span.is_zero());
        Self {
            selectors: selectors.into_iter().collect(),
            from,
            before: before.map(|(span, selector)| (selector, span)).collect(),
            histograms,
            families,
            aside,
            sums: sums(gate, target, &less),
        }
    }
}

impl Wanted {
    /// What an expression wants that is evaluated at this moment.
    pub fn of_plan(plan: &Plan, at: UnixMillis) -> Self {
        let selectors: BTreeSet<String> =
            plan.selectors().map(|selector| selector.bare().to_string()).collect();
        let back = plan.selectors().map(looks_back).max().unwrap_or_default();
        Self {
            selectors: selectors.into_iter().collect(),
            from: at.minus(back).minus(LOOKBACK),
            before: Vec::new(),
            histograms: BTreeSet::new(),
            families: Vec::new(),
            aside: Vec::new(),
            sums: None,
        }
    }
}

impl Asked {
    /// What is counted of a target.
    fn counts(&mut self, question: &Question, target: &Target, less: &dyn Fn(Span) -> Span) {
        match question {
            Question::Proportion(proportion) => {
                for plan in asked(proportion) {
                    self.count(of(plan, target), less);
                }
                if let Absent::ZeroIfSeenIn(within) = proportion.absent {
                    self.before.insert((less(within), of(events(proportion), target)));
                }
            }
            Question::Quantile(Quantile { of: plan, buckets, .. })
            | Question::Slow(Slow { of: plan, buckets, .. }) => {
                let Some(family) = Family::of(plan, target) else { return };
                let either = buckets.is_none();
                let is_wanted = |kind| either || *buckets == Some(kind);
                let classic = family.classic.iter().filter(|_| is_wanted(Buckets::Classic));
                let native = is_wanted(Buckets::Native).then_some(&family.native);
                classic.chain(native).for_each(|selector| self.count(selector.clone(), less));
                self.histograms.extend(native.cloned());
                self.families.extend(either.then_some(family));
            }
            Question::Mean { .. } | Question::Expr { .. } => {}
        }
    }

    fn count(&mut self, selector: String, less: &dyn Fn(Span) -> Span) {
        self.before.insert((less(RETENTION), selector.clone()));
        self.selectors.insert(selector);
    }

    /// What is read of a target.
    fn levels(&mut self, question: &Question, target: &Target) {
        if let Question::Mean { of: plan } | Question::Expr { expr: plan, .. } = question {
            let own = plan.and(&labels(target));
            self.selectors.extend(own.selectors().map(|selector| selector.bare().to_string()));
        }
    }
}

/// What is asked in place of the counters of a target, where they are too many.
fn sums(gate: &Gate, target: &Target, less: &dyn Fn(Span) -> Span) -> Option<Sums> {
    let mut metrics = Metrics::new(gate, target);
    let own = |plan: &Plan| plan.and(&labels(target));
    for check in &gate.checks {
        match &check.question {
            Question::Proportion(proportion) => {
                let seen = match proportion.absent {
                    Absent::ZeroIfSeenIn(within) => within.max(RETENTION),
                    Absent::Unknown | Absent::ZeroIfOnOtherSide => RETENTION,
                };
                for plan in [events(proportion), &proportion.of] {
                    metrics.count(&own(plan), less(seen));
                }
            }
            Question::Quantile(Quantile { of: plan, buckets, .. })
            | Question::Slow(Slow { of: plan, buckets, .. }) => {
                if *buckets != Some(Buckets::Native) {
                    for ending in ["_bucket", "_count"] {
                        metrics.count(&own(&plan.ending_in(ending)), less(RETENTION));
                    }
                }
                if *buckets != Some(Buckets::Classic) {
                    own(plan).selectors().for_each(|selector| metrics.read(selector));
                }
            }
            Question::Mean { of: plan } | Question::Expr { expr: plan, .. } => {
                own(plan).selectors().for_each(|selector| metrics.read(selector));
            }
        }
    }
    metrics.sums()
}

impl Family {
    /// The selectors of a histogram; nothing where it is no plain one.
    fn of(plan: &Plan, target: &Target) -> Option<Self> {
        plain(plan)?;
        let classic = ["_bucket", "_count"].map(|ending| of(&plan.ending_in(ending), target));
        Some(Self { classic, native: of(plan, target) })
    }

    /// Whether this is missed where these are silent: not if what stands for it is heard of. Where all are silent, the
    /// classic ones are named.
    pub fn excuses(&self, selector: &str, silent: &BTreeSet<String>) -> bool {
        if self.native == selector {
            return true;
        }
        self.classic.iter().any(|own| own == selector) && !silent.contains(&self.native)
    }
}

const fn events(proportion: &Proportion) -> &Plan {
    let (Events::Bad(events) | Events::Good(events)) = &proportion.events;
    events
}

/// The plans of a proportion that are worth asking for: plain counters, and none that the other has among its own.
fn asked(proportion: &Proportion) -> Vec<&Plan> {
    let (events, of) = (events(proportion), &proportion.of);
    let within = plain(events).zip(plain(of)).is_some_and(|(events, of)| is_within(events, of));
    let both = [(events, within), (of, false)];
    both.into_iter().filter(|(plan, within)| !within && plain(plan).is_some()).map(|(plan, _)| plan).collect()
}

pub(super) fn plain(plan: &Plan) -> Option<&Selector> {
    plan.as_selector().filter(|selector| selector.range.is_none() && selector.shift == Shift::default())
}

/// Whether every series of one selector is one of another's, as far as that shows at once.
fn is_within(one: &Selector, other: &Selector) -> bool {
    let asks = one.asks();
    other.asks().iter().all(|ask| {
        asks.iter().any(|own| (&own.label, own.op, &own.value) == (&ask.label, ask.op, &ask.value))
    })
}

/// A plan over a target's own series, both tracks of it: a series may go from one to the other.
fn of(plan: &Plan, target: &Target) -> String {
    plan.and(&labels(target)).to_string()
}

fn labels(target: &Target) -> Vec<(&str, &str)> {
    target.select.iter().map(|(label, value)| (label.as_str(), value.as_str())).collect()
}
