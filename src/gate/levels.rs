//! Levels: the evidence about a measure that is read on both sides at every look. The two levels of a look are held
//! against each other alone, so that a wave which both follow is no effect.

use crate::gate::look;
use crate::gate::opening::Before;
use crate::gate::process::{away, toward};
use crate::gate::terms::{Bound, CheckTerms, Design, Proof, Terms};
use crate::gate::threshold::Worse;
use crate::stats::{Direction, Planned, RankEvidence, Size, beyond, rank_temper};

/// From so many pairs of levels before the first look it is known how long the runs are in which they follow one
/// another. With fewer they are taken to be at least as long as where nothing is known.
const ENOUGH: usize = 120;

/// The length of runs where nothing is known.
const UNKNOWN: f64 = 3.0;

/// The evidence of one check that asks how high a measure stands.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    harm: Vec<Evidence>,
    proof: Option<Vec<Evidence>>,
    old: Old,
    new_mean: Mean,
    old_mean: Mean,
    last: Option<(f64, Option<f64>)>,
    looks: u64,
    ln_proof_most: f64,
}

/// What the new side is held against.
#[derive(Debug, Clone)]
enum Old {
    /// What stood beside it at the same look.
    Concurrent,
    /// The stretches before the change, each used once: of as many as there are looks planned the oldest first.
    AfterBefore { stretches: Vec<f64>, next: usize },
}

/// The evidence about one bound.
#[derive(Debug, Clone)]
struct Evidence {
    bound: Bound,
    worse: Worse,
    direction: Direction,
    /// In runs of how many looks the levels follow one another.
    temper: f64,
    /// Whether that is known from enough levels before.
    known: bool,
    rank: RankEvidence,
}

/// A mean that does not overflow.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    many: u64,
    value: f64,
}

/// What levels have to show for themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelsAccount {
    /// The mean level of the new side; nothing where it had none.
    pub new: Option<f64>,
    /// The mean level of what it was held against.
    pub old: Option<f64>,
    /// The last level of the new side, and what it was held against.
    pub last: Option<(f64, Option<f64>)>,
    /// At how many looks both had a level.
    pub looks: u64,
    /// In runs of how many looks the levels are taken to follow one another.
    pub temper: f64,
    /// Whether that is known from enough levels before the first look.
    pub known: bool,
}

impl Levels {
    pub(super) fn new(terms: &Terms, check: &CheckTerms, before: &Before) -> Self {
        let evidence = |bounds: &[Bound], direction, planned| {
            let each = bounds.iter().map(|bound| {
                let (temper, known) = temper(*bound, &before.levels);
                let rank = RankEvidence::new(size(*bound), planned);
                Evidence { bound: *bound, worse: check.worse, direction, temper, known, rank }
            });
            each.collect::<Vec<_>>()
        };
        let proof = match &check.passes {
            Proof::Within(bounds) => Some(evidence(bounds, away(check.worse), Planned::proof())),
            Proof::NotContradicted | Proof::Never => None,
        };
        Self {
            harm: evidence(&check.fails, toward(check.worse), Planned::harm(terms.looks)),
            proof,
            old: Old::new(terms, before),
            new_mean: Mean::default(),
            old_mean: Mean::default(),
            last: None,
            looks: 0,
            ln_proof_most: 0.0,
        }
    }

    /// A look; one without levels passes as one at which both sides stood alike.
    pub(super) fn look(&mut self, levels: Option<look::Levels>) {
        let pair = levels.and_then(|levels| self.old.pair(levels));
        for evidence in self.harm.iter_mut().chain(self.proof.iter_mut().flatten()) {
            evidence.look(pair);
        }
        self.ln_proof_most = self.ln_proof_most.max(self.proof.as_ref().map_or(0.0, |proof| weakest(proof)));
        let Some((new, old)) = pair else { return };
        self.looks += 1;
        self.last = pair;
        self.new_mean.add(new);
        if let Some(old) = old {
            self.old_mean.add(old);
        }
    }

    /// The logarithm of the evidence of harm now: all bounds have to be broken, so the weakest counts.
    pub(super) fn ln_harm(&self) -> f64 {
        weakest(&self.harm)
    }

    /// Each bound with which way is worse, and where it lies beside this level of the old side; nothing where there is none.
    pub(super) fn borders(&self, beside: f64) -> Vec<(Bound, Worse, Option<f64>)> {
        let old = match &self.old {
            Old::Concurrent => Some(beside),
            Old::AfterBefore { stretches, .. } => {
                let mut mean = Mean::default();
                for level in stretches {
                    mean.add(*level);
                }
                mean.known()
            }
        };
        let border = |own: &Evidence| (own.bound, own.worse, border(own.bound, own.worse, old));
        self.harm.iter().map(border).collect()
    }

    /// The largest that the logarithm of the evidence for a pass ever was.
    pub(super) const fn ln_proof(&self) -> f64 {
        self.ln_proof_most
    }

    /// At how many looks there was something to hold against something.
    pub(super) const fn looks(&self) -> u64 {
        self.looks
    }

    pub(super) fn account(&self) -> LevelsAccount {
        let all = || self.harm.iter().chain(self.proof.iter().flatten());
        LevelsAccount {
            new: self.new_mean.known(),
            old: self.old_mean.known(),
            last: self.last,
            looks: self.looks,
            temper: all().map(|evidence| evidence.temper).fold(1.0, f64::max),
            known: all().all(|evidence| evidence.known),
        }
    }
}

impl Old {
    fn new(terms: &Terms, before: &Before) -> Self {
        match terms.design {
            Design::Concurrent => Self::Concurrent,
            Design::AfterBefore | Design::AfterShort => {
                // The halves of the baseline, one behind the other again.
                let earlier = before.levels.iter().map(|levels| levels.old);
                let later = before.levels.iter().map(|levels| levels.new);
                let known: Vec<f64> = earlier.chain(later).filter(|level| level.is_finite()).collect();
                // Those right before the change are the likest to what follows it.
                let many = usize::try_from(terms.looks).unwrap_or(usize::MAX).min(known.len());
                Self::AfterBefore { stretches: known[known.len() - many..].to_vec(), next: 0 }
            }
        }
    }

    /// The level of the new side with what it is held against. A stretch of the baseline is used once; when all are used
    /// up, nothing more can be shown by pairs.
    fn pair(&mut self, levels: look::Levels) -> Option<(f64, Option<f64>)> {
        if !levels.new.is_finite() {
            return None;
        }
        match self {
            Self::Concurrent => levels.old.is_finite().then_some((levels.new, Some(levels.old))),
            Self::AfterBefore { stretches, next } => {
                let stretch = stretches.get(*next).copied();
                *next += 1;
                Some((levels.new, stretch))
            }
        }
    }
}

impl Evidence {
    fn look(&mut self, pair: Option<(f64, Option<f64>)>) {
        let beyond = pair.and_then(|(new, old)| {
            let border = border(self.bound, self.worse, old)?;
            beyond(new, border, 0.0, self.direction)
        });
        self.rank.look(beyond, self.temper);
    }
}

impl Mean {
    #[expect(clippy::cast_precision_loss, reason = "a number of looks")]
    fn add(&mut self, value: f64) {
        self.many += 1;
        let many = self.many as f64;
        self.value = self.value * ((many - 1.0) / many) + value / many;
    }

    fn known(self) -> Option<f64> {
        (self.many > 0).then_some(self.value)
    }
}

/// What the new level is held against: beyond it lies harm. A ratio is one of sizes, so that the worse side of a level
/// below zero is the worse side still.
fn border(bound: Bound, worse: Worse, old: Option<f64>) -> Option<f64> {
    Some(match (bound, worse) {
        (Bound::Ratio(ratio), _) => old.map(|old| old + (ratio - 1.0) * old.abs())?,
        (Bound::Difference(difference), Worse::Higher) => old? + difference,
        (Bound::Difference(difference), Worse::Lower) => old? - difference,
        (Bound::Value(value) | Bound::Reached(value), _) => value,
    })
}

/// Levels of two sides that are alike differ as often and as far one way as the other, so it matters how far. Levels about
/// a fixed value may lie askew, so it only matters on which side of it they lie.
const fn size(bound: Bound) -> Size {
    match bound {
        Bound::Ratio(_) | Bound::Difference(_) => Size::Ranked,
        Bound::Value(_) | Bound::Reached(_) => Size::Ignored,
    }
}

/// In runs of how many looks the differences from a border follow one another, as far as that is known from before the
/// first look, and whether it is. At the border of harm a wave that both sides follow cancels as it does where they are
/// alike, so it is the plain difference that tells; from a fixed value nothing cancels.
fn temper(bound: Bound, before: &[look::Levels]) -> (f64, bool) {
    let told = |levels: &look::Levels| match bound {
        Bound::Ratio(_) | Bound::Difference(_) => beyond(levels.new, levels.old, 0.0, Direction::Up),
        Bound::Value(value) | Bound::Reached(value) => beyond(levels.old, value, 0.0, Direction::Up),
    };
    let history: Vec<f64> = before.iter().filter_map(told).collect();
    let temper = rank_temper(&history);
    if history.len() < ENOUGH { (temper.max(UNKNOWN), false) } else { (temper, true) }
}

fn weakest(evidence: &[Evidence]) -> f64 {
    evidence.iter().map(|evidence| evidence.rank.ln_now()).reduce(f64::min).unwrap_or(0.0)
}
