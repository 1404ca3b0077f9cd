//! Two sides at the same time: is the new share more than the old one by so much?

use crate::stats::mixture::Mixture;
use crate::stats::pair::Pair;
use crate::stats::planned::Planned;
use crate::stats::root::{Bracket, root};
use crate::stats::split::at_least_one;

/// What is to be shown of the difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// That it lies above the border.
    Harm,
    /// That it lies below the border.
    NonInferior,
}

/// The new share under each alternative of harm: so many times the border.
const HARM: [f64; 8] = [1.1, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0];

/// How likely each of them is against the others, where those near the border are likelier.
const NEAR: [f64; HARM.len()] = [0.8, 1.3, 1.3, 1.3, 1.2, 1.0, 0.3, 0.1];

/// The new share under each alternative of no harm: so many times the old one.
const NO_HARM: [f64; 4] = [0.25, 0.5, 0.75, 1.0];

/// The evidence that the new share less the old one lies beyond a border. A higher share is the worse one: where a
/// lower one is, give it the complement of each pair.
#[derive(Debug, Clone)]
pub struct DifferenceEvidence {
    difference: f64,
    mixture: Aimed,
    /// What the old side of each stratum had before this look, with half an event in a hundred to begin with.
    old: Vec<Known>,
}

#[derive(Debug, Clone)]
enum Aimed {
    Harm(Mixture<{ HARM.len() }>),
    NonInferior(Mixture<{ NO_HARM.len() }>),
}

#[derive(Debug, Clone, Copy)]
struct Known {
    events: f64,
    of: f64,
}

impl DifferenceEvidence {
    /// No evidence yet. `prior` are the events of the old side, and all there were, before the first look.
    pub fn new(difference: f64, aim: Aim, planned: Planned, prior: (f64, f64)) -> Self {
        let prior = Pair { old_events: prior.0, old_of: prior.1, ..Pair::default() }.counted();
        let mixture = match aim {
            Aim::Harm => Aimed::Harm(Mixture::new(planned, NEAR)),
            Aim::NonInferior => Aimed::NonInferior(Mixture::new(planned, [1.0; NO_HARM.len()])),
        };
        let old = Known { events: prior.old_events, of: prior.old_of };
        Self { difference, mixture, old: vec![Known::NOTHING.and(old)] }
    }

    /// Takes in a look, whose events come in clusters of the size of `temper`, and gives the logarithm of the evidence
    /// now. A look in which a side had no traffic says nothing.
    pub fn look(&mut self, pair: &Pair, temper: f64) -> f64 {
        self.look_in_strata(std::slice::from_ref(pair), temper)
    }

    /// The same of a look in strata, each of which compares like with like. They keep their order from look to look.
    pub fn look_in_strata(&mut self, strata: &[Pair], temper: f64) -> f64 {
        let temper = at_least_one(temper);
        self.old.resize(self.old.len().max(strata.len()), Known::NOTHING);
        let difference = self.difference;
        let strata: Vec<(Pair, Option<Border>)> = (strata.iter().zip(&self.old))
            .map(|(pair, old)| (pair.counted(), Border::new(old.share(), difference)))
            .collect();
        let factor = |new: &dyn Fn(Border) -> Option<f64>| {
            let of = |(pair, border): &(Pair, Option<Border>)| {
                border.and_then(|border| Some(border.ln_likelihood(pair, new(border)?))).unwrap_or(0.0)
            };
            strata.iter().map(of).sum::<f64>() / temper
        };
        let ln_now = match &mut self.mixture {
            Aimed::Harm(mixture) => {
                mixture.look(HARM.map(|times| factor(&|border: Border| Some(border.beyond(times)))))
            }
            Aimed::NonInferior(mixture) => {
                mixture.look(NO_HARM.map(|times| factor(&|border: Border| border.short_of(times))))
            }
        };
        // Only now, so that a look never chooses the alternatives that it is held against.
        for (old, (pair, _)) in self.old.iter_mut().zip(&strata) {
            *old = old.and(Known { events: pair.old_events, of: pair.old_of });
        }
        ln_now
    }

    /// What the old side of each stratum had before the first look.
    #[must_use]
    pub fn knowing(self, priors: &[(f64, f64)]) -> Self {
        let known = |(events, of): &(f64, f64)| {
            let prior = Pair { old_events: *events, old_of: *of, ..Pair::default() }.counted();
            Known::NOTHING.and(Known { events: prior.old_events, of: prior.old_of })
        };
        Self { old: priors.iter().map(known).collect(), ..self }
    }

    /// The logarithm of the evidence now.
    pub fn ln_now(&self) -> f64 {
        match &self.mixture {
            Aimed::Harm(mixture) => mixture.ln_now(),
            Aimed::NonInferior(mixture) => mixture.ln_now(),
        }
    }
}

impl Known {
    /// Half an event in a hundred.
    const NOTHING: Self = Self { events: 0.5, of: 100.0 };

    fn and(self, other: Self) -> Self {
        Self { events: self.events + other.events, of: self.of + other.of }
    }

    /// The share of the old side, as far as it is known.
    fn share(self) -> f64 {
        (self.events / self.of).clamp(1e-9, 0.98)
    }
}

/// How near to none or to all a share may come.
const EDGE: f64 = 1e-12;

/// The border: all pairs of shares that differ by just so much.
#[derive(Debug, Clone, Copy)]
struct Border {
    /// The old share as far as it is known.
    old: f64,
    difference: f64,
    /// The new share that lies on the border with that.
    new: f64,
}

impl Border {
    /// Nothing where no new share could lie on the border.
    fn new(old: f64, difference: f64) -> Option<Self> {
        let new = old + difference;
        (1e-9..=1.0 - 1e-9).contains(&new).then_some(Self { old, difference, new })
    }

    /// A new share that is harm.
    fn beyond(self, times: f64) -> f64 {
        self.new + (self.new * (times - 1.0)).min(0.9 * (1.0 - self.new))
    }

    /// A new share that is none; nothing where it would be.
    fn short_of(self, times: f64) -> Option<f64> {
        let new = self.old * times;
        (new < self.new).then_some(new)
    }

    /// The logarithm of how much likelier a look is with this new share than at the nearest point of the border. It
    /// is nearest by information, so that the mean of the likelihood is at most one wherever the truth lies short of
    /// the border, and not at that point alone.
    fn ln_likelihood(self, pair: &Pair, new: f64) -> f64 {
        if pair.new_of <= 0.0 || pair.old_of <= 0.0 {
            return 0.0;
        }
        let old_there = self.nearest(pair, new);
        side(pair.new_events, pair.new_of, new, old_there + self.difference)
            + side(pair.old_events, pair.old_of, self.old, old_there)
    }

    /// The old share at the nearest point of the border.
    ///
    /// There `n (x + d - p) / ((x + d) (1 - x - d)) + m (x - q) / (x (1 - x))` is zero, of `n` with the share `p` on
    /// the new side and `m` with the share `q` on the old one. Freed of its fractions this is a cubic, on which
    /// Newton's steps do well even where shares are tiny.
    fn nearest(self, pair: &Pair, new: f64) -> f64 {
        let (old, difference) = (self.old, self.difference);
        let new_weight = pair.new_of / (pair.new_of + pair.old_of);
        let old_weight = 1.0 - new_weight;
        let lowered = new - difference;
        let low = old.min(lowered).max(EDGE).max(EDGE - difference);
        let high = old.max(lowered).min(1.0 - EDGE).min(1.0 - EDGE - difference);
        let cubic = |at: f64| {
            let above = at + difference;
            let (spread, spread_above) = (at * (1.0 - at), above * (1.0 - above));
            let (from_new, from_old) = (new_weight * (at - lowered), old_weight * (at - old));
            let value = from_new * spread + from_old * spread_above;
            let slope = new_weight * spread
                + from_new * (1.0 - 2.0 * at)
                + old_weight * spread_above
                + from_old * (1.0 - 2.0 * above);
            (value, slope)
        };
        root(Bracket { low, high, scale: 0.0 }, new_weight * lowered + old_weight * old, cubic)
    }
}

/// The logarithm of how much likelier so many events are with a share than with another. More events than there were
/// in all is a slip between two counters.
fn side(events: f64, of: f64, share: f64, than: f64) -> f64 {
    let events = events.min(of);
    let others = of - events;
    events * ln_quotient(share, than, share - than)
        + others * ln_quotient(1.0 - share, 1.0 - than, than - share)
}

/// The logarithm of one over another, whose difference is known more closely than theirs would be.
fn ln_quotient(one: f64, other: f64, difference: f64) -> f64 {
    let beyond = difference / other;
    if beyond.abs() < 0.5 { libm::log1p(beyond) } else { libm::log(one / other) }
}
