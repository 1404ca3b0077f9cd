//! How events fall on the two sides. Given how many there were in all, that is all that tells of their ratio: the
//! share of events as such, which moves with the hour and with every dependency, is gone.

use crate::stats::grid::Alternative;
use crate::stats::pair::Pair;

/// Events split on two sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    /// Events on the new side, tempered.
    pub(super) new: f64,
    /// Events on the old side, tempered.
    pub(super) old: f64,
    /// How many times the traffic of the new side the old one had.
    odds: f64,
}

impl Split {
    /// A look's events in clusters of this size; nothing where a side had no traffic to compare.
    pub(super) fn of(pair: &Pair, temper: f64) -> Option<Self> {
        let both = pair.new_of > 0.0 && pair.old_of > 0.0;
        both.then(|| Self {
            new: pair.new_events / temper,
            old: pair.old_events / temper,
            odds: pair.old_of / pair.new_of,
        })
    }

    /// After `events` in `of`, a baseline whose own share is uncertain: integrating over that is as if one more event
    /// had been seen in it.
    pub(super) fn after_baseline(pair: &Pair, temper: f64) -> Option<Self> {
        Self::of(pair, temper).map(|split| Self { old: split.old + 1.0, ..split })
    }

    /// The share of events that falls on the new side where its rate is `ratio` times that of the old one.
    pub(super) fn share(&self, ratio: f64) -> f64 {
        1.0 / (1.0 + self.odds / ratio)
    }

    /// The logarithm of how much likelier the split is under the alternative than at the border, where this share of
    /// events falls on the new side. Split in two terms, each of which moves one way with its count, so that more
    /// events on the worse side never speak for it.
    pub(super) fn ln_likelihood(&self, share: f64, alternative: Alternative) -> f64 {
        let rise = libm::log1p(alternative.beyond * share);
        self.new * (alternative.ln - rise) - self.old * rise
    }

    /// With so many more events on the new side.
    pub(super) fn with_more(self, events: f64) -> Self {
        Self { new: self.new + events, ..self }
    }

    /// How many events on the new side are just as likely as this.
    pub(super) fn events_at(&self, ln_likelihood: f64, share: f64, alternative: Alternative) -> f64 {
        let rise = libm::log1p(alternative.beyond * share);
        let events = (ln_likelihood + self.old * rise) / (alternative.ln - rise);
        // Where the new side is all there is, no number of events makes a difference.
        if events.is_finite() { events } else { self.new }
    }
}

/// How large the clusters are at the least in which events come: dividing by less than one would claim more evidence
/// than there is.
pub(super) fn at_least_one(temper: f64) -> f64 {
    temper.max(1.0)
}
