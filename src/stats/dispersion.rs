//! How large the clusters are in which events come: retries, one client, one pod.

use crate::stats::pair::counted;

/// How many events are made up, so that there is a size before any was seen.
const MADE_UP: f64 = 5.0;

/// What was seen of clusters, on the old side alone, split into groups: with the new side among them, a regression
/// would excuse itself. Whatever hits all groups alike cancels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Dispersion {
    squares: f64,
    events: f64,
    degrees: f64,
}

impl Dispersion {
    /// Adds a look: for each group its events and all there were. It says nothing with fewer than two groups that had
    /// traffic, or without an event.
    pub fn add(&mut self, events: &[f64], of: &[f64]) {
        let groups = || {
            let counts = events.iter().zip(of).map(|(events, of)| (counted(*events), counted(*of)));
            counts.filter(|(_, of)| *of > 0.0)
        };
        let (mut many, mut all_events, mut all) = (0.0, 0.0, 0.0);
        for (events, of) in groups() {
            many += 1.0;
            all_events += events;
            all += of;
        }
        if many < 2.0 || all_events <= 0.0 {
            return;
        }
        let square = |(events, of): (f64, f64)| {
            let share = of / all;
            let off = events - all_events * share;
            off * off / share
        };
        self.squares += groups().map(square).sum::<f64>() / (many - 1.0);
        self.events += all_events;
        self.degrees += many - 1.0;
    }

    /// The mean size of the cluster that an event is in; without any history it is two.
    pub fn phi(&self) -> f64 {
        self.phi_about(2.0)
    }

    /// The mean size of the cluster that an event is in, where it is taken to be this until more is seen: as if five events
    /// had shown it. What shows no cluster never gives more than was taken.
    pub fn phi_about(&self, taken: f64) -> f64 {
        (self.squares + MADE_UP * taken) / (self.events + MADE_UP)
    }

    /// By what part of it the mean size may be off by chance: its standard error, where clusters are about alike.
    pub fn error(&self) -> f64 {
        libm::sqrt(2.0 / self.degrees.max(1.0))
    }

    /// What evidence is divided by for clusters of this size. With a `kappa` of 2 it holds for clusters as uneven as
    /// geometric ones.
    pub fn temper(&self, kappa: f64) -> f64 {
        tempered(self.phi(), kappa)
    }
}

/// What evidence is divided by for clusters of a mean size.
pub fn tempered(phi: f64, kappa: f64) -> f64 {
    1.0 + kappa * (phi - 1.0).max(0.0)
}

/// By how much a dispersion estimated with so many degrees of freedom may be too small, at a confidence of 95 %.
pub fn phi_upper(degrees: f64) -> f64 {
    /// The 95 % quantile of the normal distribution.
    const NORMAL_95: f64 = 1.644_853_626_951_472_2;
    // Wilson and Hilferty: the cube root of a chi-squared variable is nearly normal.
    let variance = 2.0 / (9.0 * degrees.max(1.0));
    let root = (1.0 - variance - NORMAL_95 * libm::sqrt(variance)).max(0.2);
    1.0 / (root * root * root)
}
