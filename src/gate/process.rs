//! A process: the evidence of one check, gathered look by look. It is nothing but a fold over counts, so the same
//! counts always lead to the same bits.

use crate::gate::tally::{Counted, Tally};
use crate::gate::tempering::{Running, count, of_baseline};
use crate::gate::terms::{Bound, CheckTerms, Design, Proof, Terms};
use crate::gate::threshold::Worse;
use crate::stats::{
    Aim, BaselineEvidence, DifferenceEvidence, Direction, Interval, Pair, Planned, RatioEvidence,
    ValueEvidence, baseline_interval, ratio_interval,
};

/// How many looks lie between two starts of a before/after process.
const STARTS_EVERY: u32 = 10;

/// The two sides of intervals together.
const INTERVAL_ALPHA: f64 = 0.05;

/// The evidence of one check.
#[derive(Debug, Clone)]
pub(super) struct Process {
    harm: Vec<Evidence>,
    proof: Option<Vec<Evidence>>,
    sides: Sides,
    /// What both sides had since the first look.
    pub(super) new: Tally,
    pub(super) old: Tally,
    /// Whether the last look could not count.
    pub(super) missing: bool,
    ln_proof_most: f64,
}

/// The old side, and what evidence is divided by because of it.
#[derive(Debug, Clone)]
enum Sides {
    Concurrent {
        temper: Running,
        history: Vec<(Pair, f64)>,
    },
    /// Of the stretches, those that had traffic, and how many there were in all.
    AfterBefore {
        temper: f64,
        stretches: Vec<Tally>,
        known: u32,
        next: usize,
        whole: Tally,
    },
}

/// The evidence about one bound.
#[derive(Debug, Clone)]
enum Evidence {
    Ratio(RatioEvidence),
    Baseline(Box<BaselineEvidence>),
    Difference(DifferenceEvidence, Worse),
    Value(ValueEvidence),
}

impl Process {
    pub(super) fn new(terms: &Terms, check: &CheckTerms, rows: &[Vec<Tally>]) -> Self {
        let sides = Sides::new(terms.design, rows);
        let harm = check.fails.iter().map(|bound| sides.harm(*bound, check.worse, terms.looks));
        let proof = match &check.passes {
            Proof::Within(bounds) => {
                Some(bounds.iter().map(|bound| sides.proof(*bound, check.worse)).collect())
            }
            Proof::NotContradicted | Proof::Never => None,
        };
        Self {
            harm: harm.collect(),
            proof,
            sides,
            new: Tally::default(),
            old: Tally::default(),
            missing: false,
            ln_proof_most: 0.0,
        }
    }

    /// A look; one that could not count passes as one in which nothing happened.
    pub(super) fn look(&mut self, counted: Option<&Counted>) {
        self.missing = counted.is_none();
        let nothing = Counted::default();
        let counted = counted.unwrap_or(&nothing);
        let temper = self.sides.temper();
        let old = self.sides.old(counted);
        for evidence in self.harm.iter_mut().chain(self.proof.iter_mut().flatten()) {
            evidence.look(counted.new, old, temper);
        }
        self.new = self.new.and(counted.new);
        self.old = self.old.and(counted.old_sum());
        self.sides.add(counted, temper);
        self.ln_proof_most = self.ln_proof_most.max(self.ln_proof_now());
    }

    /// The logarithm of the evidence of harm now: all bounds have to be broken, so the weakest counts.
    pub(super) fn ln_harm(&self) -> f64 {
        weakest(&self.harm)
    }

    fn ln_proof_now(&self) -> f64 {
        self.proof.as_ref().map_or(0.0, |proof| weakest(proof))
    }

    /// The largest that the evidence for a pass ever was.
    pub(super) const fn ln_proof(&self) -> f64 {
        self.ln_proof_most
    }

    /// What the old side had, for people: all of the baseline, or all since the first look.
    pub(super) fn old_shown(&self) -> Tally {
        match &self.sides {
            Sides::Concurrent { .. } => self.old,
            Sides::AfterBefore { whole, .. } => *whole,
        }
    }

    /// Over how many stretches as long as a look the old side was counted; nothing where it is counted with the new one.
    pub(super) fn stretches(&self) -> Option<u32> {
        match &self.sides {
            Sides::Concurrent { .. } => None,
            Sides::AfterBefore { known, .. } => Some(*known),
        }
    }

    /// What evidence is divided by now.
    pub(super) fn temper(&self) -> f64 {
        self.sides.temper()
    }

    /// Between what the ratio of the two shares lies, valid at all looks together.
    pub(super) fn interval(&self) -> Interval {
        match &self.sides {
            Sides::Concurrent { history, .. } => ratio_interval(history, INTERVAL_ALPHA),
            Sides::AfterBefore { temper, whole, .. } => {
                baseline_interval(&pair(self.new, *whole), *temper, INTERVAL_ALPHA)
            }
        }
    }
}

impl Sides {
    fn new(design: Design, rows: &[Vec<Tally>]) -> Self {
        match design {
            Design::Concurrent => {
                let mut temper = Running::default();
                for groups in rows {
                    temper.add(groups);
                }
                Self::Concurrent { temper, history: Vec::new() }
            }
            Design::AfterBefore => {
                // A stretch in which nobody counted is none; one in which nothing happened is, but not to be held against.
                let known: Vec<Tally> = rows.iter().filter(|row| !row.is_empty()).map(Tally::sum).collect();
                let (temper, whole) = (of_baseline(&known), Tally::sum(&known));
                let many = u32::try_from(known.len()).unwrap_or(u32::MAX);
                let stretches = known.into_iter().filter(|stretch| stretch.of > 0).collect();
                Self::AfterBefore { temper, stretches, known: many, next: 0, whole }
            }
        }
    }

    fn temper(&self) -> f64 {
        match self {
            Self::Concurrent { temper, .. } => temper.temper(),
            Self::AfterBefore { temper, .. } => *temper,
        }
    }

    /// The old side that a look is held against. A stretch of the baseline is used once; when all are used up, nothing
    /// more can be proved by pairs.
    fn old(&mut self, counted: &Counted) -> Tally {
        match self {
            Self::Concurrent { .. } => counted.old_sum(),
            Self::AfterBefore { stretches, next, .. } if counted.new.of > 0 => {
                let stretch = stretches.get(*next).copied().unwrap_or_default();
                *next += 1;
                stretch
            }
            Self::AfterBefore { .. } => Tally::default(),
        }
    }

    fn add(&mut self, counted: &Counted, used: f64) {
        if let Self::Concurrent { temper, history } = self {
            temper.add(&counted.old);
            history.push((pair(counted.new, counted.old_sum()), used));
        }
    }

    /// The evidence that a bound is broken.
    fn harm(&self, bound: Bound, worse: Worse, looks: u32) -> Evidence {
        self.evidence(bound, worse, Planned::harm(looks), (toward(worse), Aim::Harm))
    }

    /// The evidence that a bound is kept.
    fn proof(&self, bound: Bound, worse: Worse) -> Evidence {
        self.evidence(bound, worse, Planned::proof(), (away(worse), Aim::NonInferior))
    }

    fn evidence(
        &self,
        bound: Bound,
        worse: Worse,
        planned: Planned,
        (direction, aim): (Direction, Aim),
    ) -> Evidence {
        match (bound, self) {
            (Bound::Ratio(ratio), Self::Concurrent { .. }) => {
                Evidence::Ratio(RatioEvidence::new(ratio, direction, planned))
            }
            (Bound::Ratio(ratio), Self::AfterBefore { whole, .. }) => {
                let baseline = (count(whole.events), count(whole.of));
                let evidence = BaselineEvidence::new(baseline, ratio, direction, STARTS_EVERY, planned);
                Evidence::Baseline(Box::new(evidence))
            }
            (Bound::Difference(difference), _) => {
                let evidence = DifferenceEvidence::new(difference, aim, planned, (0.0, 0.0));
                Evidence::Difference(evidence, worse)
            }
            (Bound::Value(share), _) => Evidence::Value(ValueEvidence::new(share, direction, planned)),
        }
    }
}

impl Evidence {
    fn look(&mut self, new: Tally, old: Tally, temper: f64) {
        match self {
            Self::Ratio(evidence) => {
                evidence.look(&pair(new, old), temper);
            }
            Self::Baseline(evidence) => {
                evidence.look(count(new.events), count(new.of), temper);
            }
            Self::Difference(evidence, worse) => {
                evidence.look(&pair(harmful(new, *worse), harmful(old, *worse)), temper);
            }
            Self::Value(evidence) => {
                evidence.look(count(new.events), count(new.of), temper);
            }
        }
    }

    fn ln_now(&self) -> f64 {
        match self {
            Self::Ratio(evidence) => evidence.ln_now(),
            Self::Baseline(evidence) => evidence.ln_now(),
            Self::Difference(evidence, _) => evidence.ln_now(),
            Self::Value(evidence) => evidence.ln_now(),
        }
    }
}

fn weakest(evidence: &[Evidence]) -> f64 {
    evidence.iter().map(Evidence::ln_now).reduce(f64::min).unwrap_or(0.0)
}

const fn toward(worse: Worse) -> Direction {
    match worse {
        Worse::Higher => Direction::Up,
        Worse::Lower => Direction::Down,
    }
}

const fn away(worse: Worse) -> Direction {
    match worse {
        Worse::Higher => Direction::Down,
        Worse::Lower => Direction::Up,
    }
}

/// A difference is one of what does harm: fewer orders are more carts without one.
const fn harmful(tally: Tally, worse: Worse) -> Tally {
    match worse {
        Worse::Higher => tally,
        Worse::Lower => Tally { events: tally.of.saturating_sub(tally.events), of: tally.of },
    }
}

fn pair(new: Tally, old: Tally) -> Pair {
    Pair {
        new_events: count(new.events),
        new_of: count(new.of),
        old_events: count(old.events),
        old_of: count(old.of),
    }
}
