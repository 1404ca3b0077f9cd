//! A process: the evidence of one strand, gathered look by look. It is nothing but a fold over counts, so the same
//! counts always lead to the same bits.

use crate::gate::border::{Both, KNOWN};
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
    /// The evidence that two of them are broken at the same looks.
    both: Option<Both>,
    proof: Option<Vec<Evidence>>,
    sides: Sides,
    /// What both sides had since the first look.
    pub(super) new: Tally,
    pub(super) old: Tally,
    /// What is known of the old side of each stratum, where both run at the same time.
    known: Vec<Tally>,
    ln_proof_most: f64,
}

/// The old side, and what evidence is divided by because of it.
#[derive(Debug, Clone)]
enum Sides {
    Concurrent {
        /// What there was before the first look, and in how many stretches.
        opening: (Tally, u32),
        temper: Running,
        /// What the old side of each stratum had just before the first look.
        lately: Vec<(f64, f64)>,
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
    /// Of what was known of it as a whole, and, where like is compared with like, of its strata.
    pub(super) fn new(aims: &Aims, rows: &[Vec<Tally>], strata: &[&[Vec<Tally>]]) -> Self {
        let itself = [rows];
        let strata = if strata.is_empty() { &itself } else { strata };
        let sides = Sides::new(aims.design, rows, strata);
        let harm = |bound: &Bound| (*bound, sides.harm(*bound, aims.worse, aims.looks));
        let harm = aims.harm.iter().map(harm).collect();
        let proof = aims.proof.as_ref();
        let proof = proof.map(|bounds| bounds.iter().map(|bound| sides.proof(*bound, aims.worse)).collect());
        let both = Both::of(&aims.harm, aims.design, aims.worse, Planned::harm(aims.looks));
        let (new, old) = (Tally::default(), Tally::default());
        let known = strata.iter().map(|rows| Tally::sum(rows.iter().flatten())).collect();
        Self { harm, both, proof, sides, new, old, known, ln_proof_most: 0.0 }
    }

    /// A look; with its strata, where like is compared with like.
    pub(super) fn look(&mut self, counted: &Counted, strata: &[&Counted]) {
        let temper = self.sides.temper();
        let known = self.sides.known(self.old);
        let old = self.sides.old(counted);
        let like = if strata.is_empty() { vec![pair(counted.new, old)] } else { alike(strata) };
        for (bound, evidence) in &mut self.harm {
            let temper = 1.0 + (temper - 1.0) * wider(*bound, known);
            evidence.look(counted.new, &like, temper);
        }
        for evidence in self.proof.iter_mut().flatten() {
            evidence.look(counted.new, &like, temper);
        }
        if let Some(both) = &mut self.both {
            both.look(&like, &self.known, temper);
        }
        self.know(counted, strata);
        self.new = self.new.and(counted.new);
        self.old = self.old.and(counted.old_sum());
        self.sides.add(counted, (&like, temper));
        self.ln_proof_most = self.ln_proof_most.max(self.ln_proof_now());
    }

    /// Adds the old side of a look to what is known of its strata; only after it was judged.
    fn know(&mut self, counted: &Counted, strata: &[&Counted]) {
        let itself = [counted];
        let strata = if strata.is_empty() { &itself } else { strata };
        self.known.resize(self.known.len().max(strata.len()), Tally::default());
        for (known, stratum) in self.known.iter_mut().zip(strata) {
            *known = known.and(stratum.old_sum());
        }
    }

    /// What all has to be broken for harm.
    pub(super) fn bounds(&self) -> impl Iterator<Item = Bound> {
        self.harm.iter().map(|(bound, _)| *bound)
    }

    /// The logarithm of the evidence of harm now: all bounds have to be broken, so the weakest counts.
    pub(super) fn ln_harm(&self) -> f64 {
        let both = self.both.as_ref().map_or(f64::INFINITY, Both::ln_now);
        weakest(self.harm.iter().map(|(_, evidence)| evidence)).min(both)
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
    fn new(design: Design, rows: &[Vec<Tally>], strata: &[&[Vec<Tally>]]) -> Self {
        match design {
            Design::Concurrent => {
                let mut temper = Running::default();
                let mut opening = (Tally::default(), 0);
                for groups in rows.iter().filter(|groups| !groups.is_empty()) {
                    temper.add(groups);
                    opening = (opening.0.and(Tally::sum(groups)), opening.1 + 1);
                }
                let lately = strata.iter().map(|rows| lately(rows)).collect();
                Self::Concurrent { opening, temper, lately, history: Vec::new() }
            }
            Design::AfterBefore | Design::AfterShort => {
                // A stretch in which nobody counted is none; one in which nothing happened is, but not to be held against.
                let known: Vec<Tally> = rows.iter().filter(|row| !row.is_empty()).map(Tally::sum).collect();
                let unseen = design == Design::AfterShort;
                let (temper, whole) = (of_baseline(&known, unseen), Tally::sum(&known));
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
            history.extend(like.iter().filter(|pair| pair.old_of > 0.0).map(|pair| (*pair, used)));
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
            (Bound::Difference(difference), Self::Concurrent { lately, .. }) => {
                let harmful = |(events, of): &(f64, f64)| match worse {
                    Worse::Higher => (*events, *of),
                    Worse::Lower => (of - events, *of),
                };
                let lately: Vec<(f64, f64)> = lately.iter().map(harmful).collect();
                let evidence = DifferenceEvidence::new(difference, aim, planned, (0.0, 0.0));
                Evidence::Difference(evidence.knowing(&lately), worse)
            }
            // The stretches of a baseline are each still to be held against a look, so none may choose what it is held
            // against.
            (Bound::Difference(difference), Self::AfterBefore { .. }) => {
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
    fn look(&mut self, new: Tally, like: &[Pair], temper: f64) {
        match self {
            Self::Ratio(evidence) => {
                evidence.look_in_strata(like, temper);
            }
            Self::Baseline(evidence) => {
                evidence.look(count(new.events), count(new.of), temper);
            }
            Self::Difference(evidence, worse) => {
                let like: Vec<Pair> = like.iter().map(|pair| harmful(*pair, *worse)).collect();
                evidence.look_in_strata(&like, temper);
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

/// By how much the clusters at a border may be larger than those at the share of the old side, at the most.
const WIDEST: f64 = 12.0;

/// How far a bound that is a share lies above that of the old side. Where noise grows with the share, as between pods of which one is
/// slow, clusters are larger there by so much than those that the old side shows.
fn wider(bound: Bound, known: Tally) -> f64 {
    if known.events < KNOWN {
        return 1.0;
    }
    let share = count(known.events) / count(known.of);
    let times = match bound {
        Bound::Ratio(_) => 1.0,
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
fn harmful(pair: Pair, worse: Worse) -> Pair {
    match worse {
        Worse::Higher => pair,
        Worse::Lower => pair.complement(),
    }
}

/// What there was in the last stretches before the first look: as far back as a share can be taken to be that of now.
fn lately(rows: &[Vec<Tally>]) -> (f64, f64) {
    let sum = Tally::sum(rows.iter().rev().take(LATELY).flatten());
    (count(sum.events), count(sum.of))
}

/// How many stretches are lately.
const LATELY: usize = 20;

/// Pairs of like with like, one for each stratum. What the old side has nothing of is counted with that of which it has most, or a route that
/// only the new version has could fail unseen.
fn alike(strata: &[&Counted]) -> Vec<Pair> {
    let mut sides: Vec<(Tally, Tally)> =
        strata.iter().map(|stratum| (stratum.new, stratum.old_sum())).collect();
    let mut alone = Tally::default();
    for (new, _) in sides.iter_mut().filter(|(_, old)| old.of == 0) {
        alone = alone.and(std::mem::take(new));
    }
    if let Some((new, _)) = sides.iter_mut().rev().max_by_key(|(_, old)| old.of) {
        *new = new.and(alone);
    }
    sides.into_iter().map(|(new, old)| pair(new, old)).collect()
}

fn pair(new: Tally, old: Tally) -> Pair {
    Pair {
        new_events: count(new.events),
        new_of: count(new.of),
        old_events: count(old.events),
        old_of: count(old.of),
    }
}
