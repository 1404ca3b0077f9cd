//! Borders: which buckets of a histogram stand for a bound. They are chosen once, by what the old side had before the
//! first look, so nothing of the new side can move them; and no quantile is ever estimated to decide by.

use crate::gate::opening::{Border, Shows};
use crate::gate::terms::{Bound, CheckTerms, Proof};
use crate::gate::threshold::Worse;

/// The finest buckets of a native histogram that borders are chosen from, by their resolution: each 9 % wider than the one
/// before, as client libraries make them by default. Finer ones are often merged while a process runs.
pub const FINEST_NATIVE: i8 = 3;

/// By how much of itself a bound may differ from a bucket and still be that bucket: 1.2 times 0.35 is not quite 0.42.
const DUST: f64 = 1e-9;

/// The shares of the old side's observations that buckets are chosen for where nobody names bounds: many enough to see
/// soon that all of it got slower, and few enough to see the tail.
const TAILS: [f64; 2] = [0.10, 0.01];

/// The largest share above a bound that is chosen by itself: where more lie above it, its buckets end too soon to show
/// that anything got slower.
const MOST_ABOVE: f64 = 0.5;

/// The histogram of the old side before the first look.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    /// The finite bounds, rising, each with how many observations lie at or below it.
    buckets: Vec<(f64, u64)>,
    /// All observations.
    of: u64,
}

/// Where a quantile lies.
enum Place {
    /// Nearest to this bound.
    At(f64),
    /// Above the last bound, which is this.
    Beyond(f64),
}

impl Histogram {
    /// A histogram of so many observations, with how many of them lie at or below each bound.
    pub fn new(of: u64, buckets: impl IntoIterator<Item = (f64, u64)>) -> Self {
        let mut buckets: Vec<(f64, u64)> =
            buckets.into_iter().filter(|(bound, _)| bound.is_finite()).collect();
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        // A bucket that was scraped a moment earlier may hold less than one below it; none holds more than there are.
        let mut under = 0;
        for bucket in &mut buckets {
            under = bucket.1.clamp(under, of.max(under)).min(of);
            bucket.1 = under;
        }
        Self { buckets, of }
    }

    /// The borders for a quantile: one for each bound that harm breaks, then one for each that a pass keeps. Nothing
    /// where too little is known of the old side to choose any.
    pub fn shifts(&self, q: f64, check: &CheckTerms) -> Option<Vec<Border>> {
        let harm = check.fails.iter().map(|bound| self.shift(q, *bound, (check.worse, Shows::Harm)));
        let within: &[Bound] = match &check.passes {
            Proof::Within(within) => within,
            Proof::NotContradicted | Proof::Never => &[],
        };
        let proof = within.iter().map(|bound| self.shift(q, *bound, (check.worse, Shows::Proof)));
        harm.chain(proof).collect()
    }

    /// Were the new side no worse than so much times the old one, no more of it would lie above `new` than of the old
    /// side above `old`: that holds for every pair that is as far apart as the bound or further, and for a proof for
    /// every pair that is no further apart. So only the rounding of the pair depends on what it is to show.
    fn shift(&self, q: f64, bound: Bound, (worse, shows): (Worse, Shows)) -> Option<Border> {
        let up = (worse == Worse::Higher) == (shows == Shows::Harm);
        let (old, target) = match (bound, self.quantile(q)) {
            (Bound::Value(value) | Bound::Reached(value), _) if !self.buckets.is_empty() => (None, value),
            (Bound::Value(_) | Bound::Reached(_), _) | (_, None) => return None,
            (_, Some(Place::At(old))) => (Some(old), beyond(bound, worse, old)),
            (_, Some(Place::Beyond(last))) => return Some(lacking(beyond(bound, worse, last), up, shows)),
        };
        Some(match self.nearest(target, up) {
            Some(new) => Border { new, old: old.unwrap_or(new), shows },
            None => lacking(target, up, shows),
        })
    }

    /// The borders for a share of slow observations: the same bound on both sides. Nothing where too little is known of
    /// the old side to choose any.
    pub fn slow(&self, over: &[f64]) -> Option<Vec<Border>> {
        let last = self.buckets.last()?.0;
        if !over.is_empty() {
            return Some(over.iter().flat_map(|bound| self.over(*bound)).collect());
        }
        if self.of == 0 {
            return None;
        }
        let both = |bound: f64| Border { new: bound, old: bound, shows: Shows::Both };
        let mut chosen: Vec<f64> = TAILS.iter().filter_map(|tail| self.with_above(*tail)).collect();
        chosen.dedup_by(|one, other| one.total_cmp(other).is_eq());
        if chosen.is_empty() {
            // Either all of it lies below the first bound, which shows harm if any, or too much above the last.
            let below = self.buckets.iter().find(|(_, under)| *under == self.of);
            return Some(vec![
                below.map_or_else(|| lacking(2.0 * last, true, Shows::Harm), |(bound, _)| both(*bound)),
            ]);
        }
        Some(chosen.into_iter().map(both).collect())
    }

    /// The borders for one bound: itself where it is a bucket. Else what is slow without doubt shows harm, and what is
    /// fast without doubt its absence.
    fn over(&self, bound: f64) -> Vec<Border> {
        let of = |up: bool, shows: Shows| match self.nearest(bound, up) {
            Some(at) => Border { new: at, old: at, shows },
            None => lacking(bound, up, shows),
        };
        let (harm, proof) = (of(true, Shows::Harm), of(false, Shows::Proof));
        if harm.new.total_cmp(&proof.new).is_eq() {
            return vec![Border { shows: Shows::Both, ..harm }];
        }
        vec![harm, proof]
    }

    /// The bound with a share above it that is nearest to this one, in its order of magnitude.
    fn with_above(&self, tail: f64) -> Option<f64> {
        let far = |share: f64| (libm::log(share) - libm::log(tail)).abs();
        let shares = self.buckets.iter().map(|(bound, under)| (*bound, self.share_above(*under)));
        let nearest = shares
            .filter(|(_, share)| 0.0 < *share && *share <= MOST_ABOVE)
            .min_by(|one, other| far(one.1).total_cmp(&far(other.1)));
        nearest.map(|(bound, _)| bound)
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody observes 2^53 requests")]
    fn share_above(&self, under: u64) -> f64 {
        self.of.saturating_sub(under) as f64 / self.of as f64
    }

    /// The bound that a quantile is nearest to; within its bucket it is taken to lie as Prometheus has it.
    #[expect(clippy::cast_precision_loss, reason = "nobody observes 2^53 requests")]
    fn quantile(&self, q: f64) -> Option<Place> {
        let last = self.buckets.last()?.0;
        if self.of == 0 {
            return None;
        }
        let rank = q * self.of as f64;
        let Some(index) = self.buckets.iter().position(|(_, under)| rank <= *under as f64) else {
            return Some(Place::Beyond(last));
        };
        let (upper, under) = self.buckets[index];
        let Some((lower, below)) = index.checked_sub(1).map(|before| self.buckets[before]) else {
            return Some(Place::At(upper));
        };
        let inside = (rank - below as f64) / (under - below) as f64;
        Some(Place::At(if inside <= 0.5 { lower } else { upper }))
    }

    /// The first bound from there on up, or the last from there on down.
    fn nearest(&self, target: f64, up: bool) -> Option<f64> {
        let dust = target.abs() * DUST;
        let mut bounds = self.buckets.iter().map(|(bound, _)| *bound);
        if up {
            bounds.find(|bound| target - dust <= *bound)
        } else {
            bounds.rfind(|bound| *bound <= target + dust)
        }
    }
}

/// Where a bound lies from what the old side had.
pub fn beyond(bound: Bound, worse: Worse, old: f64) -> f64 {
    match (bound, worse) {
        (Bound::Ratio(ratio), _) => ratio * old,
        (Bound::Difference(difference), Worse::Higher) => old + difference,
        (Bound::Difference(difference), Worse::Lower) => old - difference,
        (Bound::Value(value) | Bound::Reached(value), _) => value,
    }
}

/// A border that no bucket stands for.
const fn lacking(at: f64, up: bool, shows: Shows) -> Border {
    Border { new: if up { f64::INFINITY } else { f64::NEG_INFINITY }, old: at, shows }
}

#[cfg(test)]
mod tests;
