//! Tempering: how far errors come in clusters, so that one retry storm is not taken for a hundred bad requests.

use crate::gate::tally::Tally;
use crate::stats::{Dispersion, phi_upper};

/// Errors may come in clusters that outlast a look: the longer of two block lengths counts.
const BLOCK: usize = 10;

/// By how much more than one the cluster size weighs: it holds for clusters of any mean size at shares from 5 %.
const KAPPA: f64 = 2.0;

/// The size of clusters on the old side while both run: learnt from how its groups differ, look by look. The new side
/// never goes in, or a regression would excuse itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Running {
    single: Dispersion,
    block: Dispersion,
    /// The groups of the block that is not full yet, and how many looks are in it.
    open: (Vec<Tally>, usize),
    /// The look before, where the old side is one group: neighbours in time then stand in for groups.
    before: Option<Tally>,
}

impl Running {
    /// What evidence is divided by now. It is asked before a look is added, so that no look judges itself.
    pub(super) fn temper(&self) -> f64 {
        self.single.temper(KAPPA).max(self.block.temper(KAPPA))
    }

    /// Adds the old side of a look; one without traffic tells nothing.
    pub(super) fn add(&mut self, groups: &[Tally]) {
        if groups.iter().all(|group| group.of == 0) {
            return;
        }
        if groups.iter().filter(|group| group.of > 0).count() < 2 {
            return self.add_in_pairs(Tally::sum(groups));
        }
        row(&mut self.single, groups);
        let (sums, looks) = &mut self.open;
        sums.resize(sums.len().max(groups.len()), Tally::default());
        for (sum, group) in sums.iter_mut().zip(groups) {
            *sum = sum.and(*group);
        }
        *looks += 1;
        if *looks == BLOCK {
            row(&mut self.block, sums);
            self.open = (Vec::new(), 0);
        }
    }

    fn add_in_pairs(&mut self, whole: Tally) {
        match self.before.take() {
            Some(before) => row(&mut self.single, &[before, whole]),
            None => self.before = Some(whole),
        }
    }
}

/// The size of clusters in a baseline: learnt once, from how its stretches differ. Nothing runs beside the new side to
/// cancel a burst, so its upper limit counts.
pub(super) fn of_baseline(stretches: &[Tally]) -> f64 {
    let phi = [1, BLOCK].into_iter().map(|length| {
        let blocks: Vec<Tally> = stretches.chunks_exact(length).map(Tally::sum).collect();
        let mut dispersion = Dispersion::default();
        row(&mut dispersion, &blocks);
        let groups = blocks.iter().filter(|block| block.of > 0).count();
        dispersion.phi() * phi_upper(float(groups.saturating_sub(1)))
    });
    1.0 + KAPPA * (phi.fold(1.0, f64::max) - 1.0)
}

/// The rarer of the two kinds of events shows clusters best: orders may be most of their carts.
fn row(dispersion: &mut Dispersion, groups: &[Tally]) {
    let whole = Tally::sum(groups);
    let common = whole.of < whole.events.saturating_mul(2);
    let rarer = |group: &Tally| if common { group.of.saturating_sub(group.events) } else { group.events };
    let events: Vec<f64> = groups.iter().map(|group| count(rarer(group))).collect();
    let of: Vec<f64> = groups.iter().map(|group| count(group.of)).collect();
    dispersion.add(&events, &of);
}

/// A count as a float: exact up to 2^53, which no look reaches.
#[expect(clippy::cast_precision_loss, reason = "a count of one look is far below 2^53")]
pub(super) const fn count(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "a number of stretches is far below 2^53")]
const fn float(number: usize) -> f64 {
    number as f64
}
