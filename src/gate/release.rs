//! The evidence of a release: that of all gates that watch one change, as one. Each gate has a share of it, laid down
//! before its first look, so however many gates there are, what is promised of the release holds.

use crate::gate::verdict::{LEANING, PROVED, Standing, Verdict, is_as_sure_as, sureness};
use crate::stats::{culprits, ln_sum_exp};
use crate::unit::Confidence;

/// Where a release stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Release {
    /// How many gates watch it.
    pub gates: u32,
    /// The logarithm of its evidence of harm now.
    pub ln_now: f64,
    /// The largest that it ever was.
    pub ln_most: f64,
    /// The largest that it ever was as far as it was this change that did it.
    pub ln_ours: f64,
    /// Whether the gate that asks is among those that the evidence names.
    pub named: bool,
    /// Whether all gates pass that have a say.
    pub passes: bool,
}

impl Release {
    /// A release that one gate alone watches.
    pub const fn alone(standing: &Standing) -> Self {
        let Standing { ln_now, ln_most, ln_ours, .. } = *standing;
        let passes = matches!(standing.verdict, Verdict::Pass(_));
        Self { gates: 1, ln_now, ln_most, ln_ours, named: true, passes }
    }

    /// How sure it is that this change did harm: were it harmless, evidence this strong would appear in fewer than one
    /// minus this of all rollouts, however often anybody looks.
    pub fn confidence(&self) -> f64 {
        sureness(self.ln_ours)
    }

    /// How sure it is that something is the matter, whatever did it.
    pub fn most(&self) -> f64 {
        sureness(self.ln_most)
    }

    /// Whether it is as sure as that, that something is the matter, whatever did it.
    pub fn reaches(&self, confidence: Confidence) -> bool {
        is_as_sure_as(self.ln_most, confidence.share())
    }

    /// Whether it is as sure as that, that it was this change.
    pub fn blames(&self, confidence: Confidence) -> bool {
        is_as_sure_as(self.ln_ours, confidence.share())
    }

    /// Whether something speaks against it now, so that it is held where it is.
    pub fn leans(&self) -> bool {
        libm::log(LEANING) <= self.ln_now
    }
}

/// The evidence of several gates as one, from the logarithm of what each gives to it.
pub fn together(ln: &[f64]) -> f64 {
    ln_sum_exp(ln)
}

/// Which of several gates the evidence of their release names: by the logarithms of what each gives to it, and their
/// shares. Where it names none, the one that gives most.
pub fn named(ln: &[f64], shares: &[f64]) -> Vec<bool> {
    let own: Vec<f64> = ln.iter().zip(shares).map(|(ln, share)| ln - libm::log(*share)).collect();
    let named = culprits(&own, shares, 1.0 / PROVED);
    if named.contains(&true) {
        return named;
    }
    let most = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    ln.iter().map(|ln| *ln >= most).collect()
}
