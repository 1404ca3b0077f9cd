//! A mixture over how large an effect is and over when it sets in.

use crate::stats::mean::{ln_add, ln_sum_exp};
use crate::stats::planned::Planned;

/// The evidence of several alternatives, each of which may have set in at any planned look. The mean of such evidence
/// is evidence: nobody has to know the effect beforehand.
#[derive(Debug, Clone)]
pub(super) struct Mixture<const N: usize> {
    planned: Planned,
    /// The logarithm of how likely each alternative is.
    ln_prior: [f64; N],
    ln_cap: f64,
    looks: u32,
    /// For each alternative, the logarithm of the evidence from all starts so far, weighted.
    ln_begun: [f64; N],
    ln_now: f64,
}

impl<const N: usize> Mixture<N> {
    /// Of alternatives that are as likely as this against each other, where the plan does not take all alike.
    pub(super) fn new(planned: Planned, near: [f64; N]) -> Self {
        let (ln_cap, ln_prior) = (libm::log(planned.cap), planned.prior.ln_weights(near));
        Self { planned, ln_prior, ln_cap, looks: 0, ln_begun: [f64::NEG_INFINITY; N], ln_now: 0.0 }
    }

    /// Takes in the logarithms of what this look multiplies the alternatives by, and gives the evidence now.
    pub(super) fn look(&mut self, ln_factors: [f64; N]) -> f64 {
        self.looks = self.looks.saturating_add(1);
        let ln_weight = libm::log(self.planned.weight(self.looks));
        for ((ln, factor), ln_prior) in self.ln_begun.iter_mut().zip(ln_factors).zip(&self.ln_prior) {
            *ln = ln_add(*ln, ln_weight + ln_prior) + factor.min(self.ln_cap);
        }
        let ln_begun = ln_sum_exp(&self.ln_begun);
        self.ln_now = ln_add(ln_begun, libm::log(self.planned.rest(self.looks)));
        self.ln_now
    }

    /// The logarithm of the evidence now.
    pub(super) fn ln_now(&self) -> f64 {
        self.ln_now
    }
}

/// The logarithm of how many there are.
#[expect(clippy::cast_precision_loss, reason = "a handful of alternatives")]
pub(super) fn ln_many(many: usize) -> f64 {
    libm::log(many as f64)
}
