//! What a change does not touch: if that fares worse as well, something else is the matter, and the change may be
//! innocent. Evidence of it is held against the evidence of harm.

use crate::gate::opening::Aside;
use crate::gate::process::{STARTS_EVERY, toward};
use crate::gate::tally::Tally;
use crate::gate::tempering::count;
use crate::gate::terms::{Bound, CheckTerms, Design, Terms};
use crate::stats::{BaselineEvidence, Planned, ValueEvidence};

/// What is worse by so much elsewhere speaks for the change, where the check names no ratio itself.
const RATIO: f64 = 1.25;

/// The evidence that what the change does not touch fares worse.
#[derive(Debug, Clone)]
pub(super) struct Asides {
    targets: Vec<Beside>,
    /// The old side against bounds on the new side alone: where both break them, it is not the new version.
    old: Vec<ValueEvidence>,
    ln_most: f64,
}

/// The evidence of one target.
#[derive(Debug, Clone)]
struct Beside {
    /// Whether the changed target depends on it.
    dependency: bool,
    evidence: BaselineEvidence,
    /// What it had since the first look.
    since: Tally,
}

impl Asides {
    pub(super) fn new(terms: &Terms, check: &CheckTerms, asides: &[Aside]) -> Self {
        let planned = Planned::harm(terms.looks);
        let direction = toward(check.worse);
        let ratio = check.fails.iter().find_map(|bound| match bound {
            Bound::Ratio(ratio) => Some(*ratio),
            Bound::Difference(_) | Bound::Value(_) | Bound::Reached(_) => None,
        });
        let evidence = |aside: &Aside| {
            let before = (count(aside.before.events), count(aside.before.of));
            let ratio = ratio.unwrap_or(RATIO);
            let evidence = BaselineEvidence::new(before, ratio, direction, STARTS_EVERY, planned);
            Beside { dependency: aside.dependency, evidence, since: Tally::default() }
        };
        let values = check.fails.iter().map(|bound| match bound {
            Bound::Value(share) | Bound::Reached(share) => {
                Some(ValueEvidence::new(*share, direction, planned))
            }
            Bound::Ratio(_) | Bound::Difference(_) => None,
        });
        let old = match terms.design {
            Design::Concurrent => values.collect::<Option<Vec<_>>>().unwrap_or_default(),
            Design::AfterBefore | Design::AfterShort => Vec::new(),
        };
        Self { targets: asides.iter().map(evidence).collect(), old, ln_most: 0.0 }
    }

    /// A look: what each had, and what the old side had.
    pub(super) fn look(&mut self, tallies: &[Tally], old: Tally, temper: f64) {
        for (index, beside) in self.targets.iter_mut().enumerate() {
            let tally = tallies.get(index).copied().unwrap_or_default();
            beside.evidence.look(count(tally.events), count(tally.of), temper);
            beside.since = beside.since.and(tally);
        }
        for evidence in &mut self.old {
            evidence.look(count(old.events), count(old.of), temper);
        }
        self.ln_most = self.ln_most.max(self.ln_now());
    }

    /// The largest that the logarithm of the evidence ever was; that of one, where there is none.
    pub(super) const fn ln_most(&self) -> f64 {
        self.ln_most
    }

    /// Of each target what it had since the first look, and the logarithm of its evidence now.
    pub(super) fn each(&self) -> impl Iterator<Item = (Tally, f64)> {
        self.targets.iter().map(|beside| (beside.since, beside.evidence.ln_now()))
    }

    /// One dependency is enough to do harm. Of others one may fare worse for reasons of its own, so more than half of them have to.
    fn ln_now(&self) -> f64 {
        let of = |dependency: bool| {
            let alike = self.targets.iter().filter(move |beside| beside.dependency == dependency);
            alike.map(|beside| beside.evidence.ln_now())
        };
        let dependencies = of(true);
        let mut others: Vec<f64> = of(false).collect();
        others.sort_by(f64::total_cmp);
        let half = others.len().checked_sub(1).and_then(|last| others.get(last / 2)).copied();
        let old = self.old.iter().map(ValueEvidence::ln_now).reduce(f64::min);
        dependencies.chain(half).chain(old).fold(f64::NEG_INFINITY, f64::max)
    }
}
