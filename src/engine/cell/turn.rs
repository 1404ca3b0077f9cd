//! Whose turn it is: what a cell wants to know at a moment, and whether it has had its last look.

use crate::engine::cell::{Cell, Looking, Phase, onto_grid};
use crate::engine::event::{Ask, Effect, Window};
use crate::unit::{Span, UnixMillis};

impl Cell {
    /// The first moment at which it may still look; nothing where it never will again.
    pub(in crate::engine) fn may_look_at(&self) -> Option<UnixMillis> {
        let first = |from: UnixMillis| from.plus(self.every);
        match &self.phase {
            Phase::Awaiting { seen_to } => {
                let from = onto_grid(self.next_on_grid(*seen_to).plus(self.begins.warmup), self.every);
                (!self.waited_in_vain()).then(|| first(from))
            }
            Phase::Warming { from } => Some(first(*from)),
            Phase::Looking(looking) => (!self.is_through()).then(|| self.due(looking)),
            Phase::Asking | Phase::Over { .. } => None,
        }
    }

    /// When it next wants to know something: samples have had their time to come in by then.
    pub(in crate::engine) fn next_turn(&self) -> Option<UnixMillis> {
        let at = match &self.phase {
            Phase::Awaiting { seen_to } => (!self.waited_in_vain()).then(|| self.next_on_grid(*seen_to)),
            Phase::Warming { from } => Some(*from),
            Phase::Looking(looking) => (!self.is_through()).then(|| self.due(looking)),
            Phase::Over { .. } => return self.next_fares(),
            Phase::Asking => None,
        };
        at.map(|at| at.plus(self.settle))
    }

    /// What it wants to know at this moment.
    pub fn tick(&self, now: UnixMillis) -> Vec<Effect> {
        let settled = now.minus(self.settle).floor(self.every);
        match &self.phase {
            // One stretch after the other, so that whoever asks late, or again, finds the same beginning.
            Phase::Awaiting { seen_to }
                if !self.waited_in_vain() && self.next_on_grid(*seen_to) <= settled =>
            {
                let window = Window { from: *seen_to, to: self.next_on_grid(*seen_to) };
                vec![Effect::Ask(Ask::Traffic { cell: self.id, window })]
            }
            Phase::Warming { from } if *from <= settled => {
                vec![Effect::Ask(Ask::Opening { cell: self.id, from: *from })]
            }
            Phase::Looking(looking) if !self.is_through() && self.due(looking) <= settled => {
                let at = self.due(looking);
                let windows = looking.counted_to.iter().map(|from| Window { from: *from, to: at }).collect();
                vec![Effect::Ask(Ask::Count { cell: self.id, windows, at })]
            }
            Phase::Over { .. } => self.ask_fares(settled).into_iter().collect(),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Looking(_) | Phase::Asking => Vec::new(),
        }
    }

    pub(super) fn next_on_grid(&self, after: UnixMillis) -> UnixMillis {
        after.floor(self.every).plus(self.every)
    }

    /// The time of its next look. Looks stand on the grid, so like questions meet.
    pub(super) fn due(&self, looking: &Looking) -> UnixMillis {
        let looks = u64::from(looking.trial.looks()) + 1;
        looking.from.plus(Span::from_millis(self.every.millis().saturating_mul(looks)))
    }

    /// Whether another look is due already: then nothing is decided on this one, which is of the past.
    pub fn lags_behind(&self, now: UnixMillis) -> bool {
        match &self.phase {
            Phase::Looking(looking) => {
                !self.is_through() && self.due(looking) <= now.minus(self.settle).floor(self.every)
            }
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking | Phase::Over { .. } => false,
        }
    }

    /// Whether it took its last look.
    pub fn is_through(&self) -> bool {
        match &self.phase {
            Phase::Looking(looking) => self.terms.looks <= looking.trial.looks(),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking | Phase::Over { .. } => false,
        }
    }

    /// Whether it waited too long for traffic.
    pub fn waited_in_vain(&self) -> bool {
        match &self.phase {
            Phase::Awaiting { seen_to } => self.change.at.plus(self.begins.within) <= *seen_to,
            Phase::Warming { .. } | Phase::Looking(_) | Phase::Asking | Phase::Over { .. } => false,
        }
    }
}
