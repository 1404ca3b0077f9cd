//! A process: the evidence of one strand, gathered look by look. It is nothing but a fold over counts, so the same
//! counts always lead to the same bits.

use crate::gate::tally::{Counted, Tally};
use crate::gate::tempering::{Running, count, of_baseline};
use crate::gate::terms::{Bound, Design};
use crate::gate::threshold::Worse;
use crate::stats::{
    Aim, BaselineEvidence, DifferenceEvidence, Direction, Interval, Pair, Planned, RatioEvidence,
    ValueEvidence, baseline_interval, ratio_interval,
};

/// How many looks lie between two starts of a before/after process.
pub(super) const STARTS_EVERY: u32 = 10;

/// The two sides of intervals together.
const INTERVAL_ALPHA: f64 = 0.05;

/// What evidence is gathered about.
#[derive(Debug, Clone)]
pub(super) struct Aims {
    /// How the two sides stand to each other.
    pub(super) design: Design,
    /// How many looks are planned.
    pub(super) looks: u32,
    /// Which way is worse.
    pub(super) worse: Worse,
    /// What all has to be broken for harm.
    pub(super) harm: Vec<Bound>,
    /// What all has to be kept for a pass; nothing where nobody asks.
    pub(super) proof: Option<Vec<Bound>>,
}

/// The evidence of one strand.
#[derive(Debug, Clone)]
pub(super) struct Process {
    /// Each bound with the evidence that it is broken.
    harm: Vec<(Bound, Evidence)>,
    proof: Option<Vec<Evidence>>,
    sides: Sides,
    /// What both sides had since the first look.
    pub(super) new: Tally,
    pub(super) old: Tally,
    ln_proof_most: f64,
}

/// The old side, and what evidence is divided by because of it.
#[derive(Debug, Clone)]
enum Sides {
    Concurrent {
        /// What there was before the first look, and in how many stretches.
        opening: (Tally, u32),
        temper: Running,
        history: Vec<(Pair, f64)>,
    },
    /// Of the stretches, those that had traffic, and how many there were in all.
    AfterBefore { temper: f64, stretches: Vec<Tally>, known: u32, next: usize, whole: Tally },
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
    pub(super) fn new(aims: &Aims, rows: &[Vec<Tally>]) -> Self {
        let sides = Sides::new(aims.design, rows);
        let harm = |bound: &Bound| (*bound, sides.harm(*bound, aims.worse, aims.looks));
        let harm = aims.harm.iter().map(harm).collect();
        let proof = aims.proof.as_ref();
        let proof = proof.map(|bounds| bounds.iter().map(|bound| sides.proof(*bound, aims.worse)).collect());
        let (new, old) = (Tally::default(), Tally::default());
        Self { harm, proof, sides, new, old, ln_proof_most: 0.0 }
    }

    /// A look; with its strata, where like is compared with like.
    pub(super) fn look(&mut self, counted: &Counted, strata: &[&Counted]) {
        let temper = self.sides.temper();
        let known = self.sides.known(self.old);
        let old = self.sides.old(counted);
        let like = if strata.is_empty() { vec![pair(counted.new, old)] } else { alike(strata) };
        for (bound, evidence) in &mut self.harm {
            let temper = 1.0 + (temper - 1.0) * wider(*bound, known);
            evidence.look((counted.new, old), &like, temper);
        }
        for evidence in self.proof.iter_mut().flatten() {
            evidence.look((counted.new, old), &like, temper);
        }
        self.new = self.new.and(counted.new);
        self.old = self.old.and(counted.old_sum());
        self.sides.add(counted, (&like, temper));
        self.ln_proof_most = self.ln_proof_most.max(self.ln_proof_now());
    }

    /// The logarithm of the evidence of harm now: all bounds have to be broken, so the weakest counts.
    pub(super) fn ln_harm(&self) -> f64 {
        weakest(self.harm.iter().map(|(_, evidence)| evidence))
    }

    fn ln_proof_now(&self) -> f64 {
        self.proof.as_ref().map_or(0.0, |proof| weakest(proof.iter()))
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

    /// What the old side had before the first look, and in how many stretches as long as a look.
    pub(super) const fn opening(&self) -> (Tally, u32) {
        match &self.sides {
            Sides::Concurrent { opening, .. } => *opening,
            Sides::AfterBefore { whole, known, .. } => (*whole, *known),
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
                let mut opening = (Tally::default(), 0);
                for groups in rows.iter().filter(|groups| !groups.is_empty()) {
                    temper.add(groups);
                    opening = (opening.0.and(Tally::sum(groups)), opening.1 + 1);
                }
                Self::Concurrent { opening, temper, history: Vec::new() }
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

    fn add(&mut self, counted: &Counted, (like, used): (&[Pair], f64)) {
        if let Self::Concurrent { temper, history, .. } = self {
            temper.add(&counted.old);
            history.extend(like.iter().map(|pair| (*pair, used)));
        }
    }

    /// What is known of the old side beside what it had since the first look.
    fn known(&self, since: Tally) -> Tally {
        match self {
            Self::Concurrent { opening, .. } => opening.0.and(since),
            Self::AfterBefore { whole, .. } => *whole,
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
            (Bound::Value(share) | Bound::Reached(share), _) => {
                Evidence::Value(ValueEvidence::new(share, direction, planned))
            }
        }
    }
}

impl Evidence {
    /// A look, as a whole and as pairs of like with like.
    fn look(&mut self, (new, old): (Tally, Tally), like: &[Pair], temper: f64) {
        match self {
            Self::Ratio(evidence) => {
                evidence.look_in_strata(like, temper);
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

fn weakest<'e>(evidence: impl Iterator<Item = &'e Evidence>) -> f64 {
    evidence.map(Evidence::ln_now).reduce(f64::min).unwrap_or(0.0)
}

/// From how many events of the old side on its share is known well enough to be held against a border.
const KNOWN: u64 = 100;

/// By how much the clusters at a border may be larger than those at the share of the old side, at the most.
const WIDEST: f64 = 12.0;

/// How far a bound lies above the share of the old side. Where noise grows with the share, as between pods of which one is
/// slow, clusters are larger there by so much than those that the old side shows.
fn wider(bound: Bound, known: Tally) -> f64 {
    if known.events < KNOWN {
        return 1.0;
    }
    let share = count(known.events) / count(known.of);
    let times = match bound {
        Bound::Ratio(ratio) => ratio,
        Bound::Difference(difference) => (share + difference) / share,
        Bound::Value(value) | Bound::Reached(value) => value / share,
    };
    times.clamp(1.0, WIDEST)
}

pub(super) const fn toward(worse: Worse) -> Direction {
    match worse {
        Worse::Higher => Direction::Up,
        Worse::Lower => Direction::Down,
    }
}

pub(super) const fn away(worse: Worse) -> Direction {
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

/// Pairs of like with like. What the old side has nothing of is counted with that of which it has most, or a route that
/// only the new version has could fail unseen.
fn alike(strata: &[&Counted]) -> Vec<Pair> {
    let sides: Vec<(Tally, Tally)> = strata.iter().map(|stratum| (stratum.new, stratum.old_sum())).collect();
    let (mut matched, alone): (Vec<_>, Vec<_>) = sides.into_iter().partition(|(_, old)| old.of > 0);
    if let Some((new, _)) = matched.iter_mut().rev().max_by_key(|(_, old)| old.of) {
        *new = alone.iter().fold(*new, |sum, (new, _)| sum.and(*new));
    }
    matched.into_iter().map(|(new, old)| pair(new, old)).collect()
}

fn pair(new: Tally, old: Tally) -> Pair {
    Pair {
        new_events: count(new.events),
        new_of: count(new.of),
        old_events: count(old.events),
        old_of: count(old.of),
    }
}
