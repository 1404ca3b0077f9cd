//! Tempering: how far errors come in clusters, so that one retry storm is not taken for a hundred bad requests.

use crate::gate::tally::Tally;
use crate::stats::{Dispersion, phi_upper, tempered};

/// Errors may come in clusters that outlast a look, and in some that outlast many: whoever is on one side for an hour is
/// in one cluster all that time. So blocks of so many looks count as well.
const BLOCKS: [usize; 2] = [10, 40];

/// By how many standard errors the clusters of longer blocks have to be larger than those of shorter ones. There are few
/// long blocks, so that chance alone makes theirs seem large, and whatever seems large slows all proofs.
const STANDS_OUT: [f64; BLOCKS.len()] = [1.5, 2.0];

/// By how much more than one the cluster size weighs: it holds for clusters of any mean size at shares from 5 %.
const KAPPA: f64 = 2.0;

/// The size of clusters on the old side while both run: learnt from how its groups differ, look by look. The new side
/// never goes in, or a regression would excuse itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Running {
    single: Dispersion,
    blocks: [Block; BLOCKS.len()],
    /// The look before, where the old side is one group: neighbours in time then stand in for groups.
    before: Option<Tally>,
}

/// Looks in blocks of one length.
#[derive(Debug, Clone, Default)]
struct Block {
    dispersion: Dispersion,
    /// The groups of the block that is not full yet, and how many looks are in it.
    open: (Vec<Tally>, usize),
}

impl Running {
    /// What evidence is divided by now. It is asked before a look is added, so that no look judges itself.
    pub(super) fn temper(&self) -> f64 {
        let [medium, long] = &self.blocks;
        let [from_medium, from_long] = STANDS_OUT;
        let shortest = self.single.phi();
        let shorter = stands_out(&medium.dispersion, from_medium, shortest).unwrap_or(shortest);
        let phi = stands_out(&long.dispersion, from_long, shorter).unwrap_or(shorter);
        tempered(phi, KAPPA)
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
        for (block, length) in self.blocks.iter_mut().zip(BLOCKS) {
            block.add(groups, length);
        }
    }

    fn add_in_pairs(&mut self, whole: Tally) {
        match self.before.take() {
            Some(before) => row(&mut self.single, &[before, whole]),
            None => self.before = Some(whole),
        }
    }
}

impl Block {
    fn add(&mut self, groups: &[Tally], length: usize) {
        let (sums, looks) = &mut self.open;
        sums.resize(sums.len().max(groups.len()), Tally::default());
        for (sum, group) in sums.iter_mut().zip(groups) {
            *sum = sum.and(*group);
        }
        *looks += 1;
        if *looks == length {
            row(&mut self.dispersion, sums);
            self.open = (Vec::new(), 0);
        }
    }
}

/// The size of the clusters of longer blocks, where it is larger than that of shorter ones by so many standard errors. It is
/// taken to be the same until longer blocks show another: one that is not full yet, or has few events, never stands out.
fn stands_out(longer: &Dispersion, errors: f64, shorter: f64) -> Option<f64> {
    let phi = longer.phi_about(shorter);
    (phi > shorter * (1.0 + errors * longer.error())).then_some(phi)
}

/// The size of clusters in a baseline: learnt once, from how its stretches differ. Nothing runs beside the new side to
/// cancel a burst, so its upper limit counts; and where bursts may have come `unseen`, what they would have shown.
pub(super) fn of_baseline(stretches: &[Tally], unseen: bool) -> f64 {
    let [ten, forty] = BLOCKS;
    let dispersion = |length: usize| {
        let blocks: Vec<Tally> = stretches.chunks_exact(length).map(Tally::sum).collect();
        let mut dispersion = Dispersion::default();
        row(&mut dispersion, &blocks);
        let groups = blocks.iter().filter(|block| block.of > 0).count();
        (dispersion, phi_upper(float(groups.saturating_sub(1))))
    };
    let [(single, single_upper), (medium, medium_upper), (long, long_upper)] =
        [1, ten, forty].map(dispersion);
    let shorter = (single.phi() * single_upper).max(medium.phi() * medium_upper);
    let longer = stands_out(&long, STANDS_OUT[1], medium.phi()).map_or(0.0, |phi| phi * long_upper);
    let phi = shorter.max(longer);
    let mean = count(Tally::sum(stretches).events) / float(stretches.len().max(1));
    let bursts = if unseen { 1.0 + BURSTS * mean * float(ten) } else { 1.0 };
    tempered(phi.max(bursts), KAPPA)
}

/// How unevenly bursts spread events over blocks of ten looks: by what part of its mean squared the number in a block
/// varies, where two minutes in thirty have eight times as many.
const BURSTS: f64 = 0.6;

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
