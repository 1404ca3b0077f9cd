//! The rules of others, written anew from what they do, and held against the same traffic.

pub(crate) mod argo;
pub(crate) mod calibrated;
pub(crate) mod flagger;
pub(crate) mod kayenta;
pub(crate) mod seed;

use backstop::gate::Tally;

use super::traffic::{LOOKS, Rollout, float};

/// A rollout as sums since its beginning, so that any window is a difference of two.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// The new side, from before the first look on: as its service counted before there were two sides.
    service: Vec<Tally>,
    before: usize,
    old: Vec<Tally>,
}

impl Seen {
    pub(crate) fn of(rollout: &Rollout) -> Self {
        let new = rollout.before.iter().chain(&rollout.looks).map(|beat| beat.new);
        let old = rollout.looks.iter().map(|beat| Tally::sum(&beat.old));
        Self { service: sums(new), before: rollout.before.len(), old: sums(old) }
    }

    /// What the new side had in the so many looks up to a look, as far as it ran in them.
    pub(crate) fn new_side(&self, look: usize, looks: usize) -> Tally {
        let first = look.saturating_sub(looks);
        less(self.service[self.before + look], self.service[self.before + first])
    }

    /// The same of the old side.
    pub(crate) fn old_side(&self, look: usize, looks: usize) -> Tally {
        less(self.old[look], self.old[look.saturating_sub(looks)])
    }

    /// The service before and after its change, in the so many looks up to so many looks ago.
    pub(crate) fn service(&self, look: usize, ago: usize, looks: usize) -> Tally {
        let last = self.before + look - ago;
        less(self.service[last], self.service[last - looks])
    }
}

fn sums(tallies: impl Iterator<Item = Tally>) -> Vec<Tally> {
    let running = tallies.scan(Tally::default(), |sum, tally| {
        *sum = sum.and(tally);
        Some(*sum)
    });
    std::iter::once(Tally::default()).chain(running).collect()
}

const fn less(late: Tally, early: Tally) -> Tally {
    Tally { events: late.events - early.events, of: late.of - early.of }
}

/// The share as Prometheus divides: nothing of nothing is no number.
pub(crate) fn share(tally: Tally) -> f64 {
    float(tally.events) / float(tally.of)
}

/// A rule of somebody else's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rival {
    SeedDifference,
    SeedRatio,
    ArgoAtOnce,
    ArgoThrice,
    ArgoFivePercent,
    Flagger,
    KayentaFive,
    KayentaTen,
}

pub(crate) const RIVALS: [Rival; 8] = [
    Rival::SeedDifference,
    Rival::SeedRatio,
    Rival::ArgoAtOnce,
    Rival::ArgoThrice,
    Rival::ArgoFivePercent,
    Rival::Flagger,
    Rival::KayentaFive,
    Rival::KayentaTen,
];

impl Rival {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SeedDifference => "difference > 10pp over 5 m",
            Self::SeedRatio => "ratio > 2 over 30 m, an hour apart",
            Self::ArgoAtOnce => "Argo, twice the true base, limit 0",
            Self::ArgoThrice => "Argo, twice the true base, limit 3",
            Self::ArgoFivePercent => "Argo, 5 %, limit 3",
            Self::Flagger => "Flagger, twice the true base, threshold 5",
            Self::KayentaFive => "Kayenta each 5 m",
            Self::KayentaTen => "Kayenta each 10 m",
        }
    }

    /// Kayenta's judge sorts a hundred numbers some hundred times, so it sees fewer rollouts.
    pub(crate) const fn is_slow(self) -> bool {
        matches!(self, Self::KayentaFive | Self::KayentaTen)
    }

    /// The look at which it takes the release back. The operator of those who need a limit knows the true base.
    pub(crate) fn takes_back(self, seen: &Seen, base: f64) -> Option<u32> {
        let first = |bad: &mut dyn FnMut(usize) -> bool| (1..=LOOKS).find(|look| bad(*look as usize));
        match self {
            Self::SeedDifference => first(&mut |look| {
                let error_rate = |tally: Tally| (tally.of > 0).then(|| share(tally));
                let (new, old) = (seen.new_side(look, 10), seen.old_side(look, 10));
                // With no traffic it would take back at once; the study spares it that.
                error_rate(new).zip(error_rate(old)).is_some_and(|(new, old)| !seed::errors_pass(new, old))
            }),
            Self::SeedRatio => first(&mut |look| {
                seed::ratio_fires(share(seen.service(look, 0, 60)), share(seen.service(look, 120, 60)))
            }),
            Self::ArgoAtOnce => argo::fails(seen, 2.0 * base, 0),
            Self::ArgoThrice => argo::fails(seen, 2.0 * base, 3),
            Self::ArgoFivePercent => argo::fails(seen, 0.05, 3),
            Self::Flagger => flagger::fails(seen, 2.0 * base, 5),
            Self::KayentaFive => kayenta::fails(seen, 10),
            Self::KayentaTen => kayenta::fails(seen, 20),
        }
    }
}
