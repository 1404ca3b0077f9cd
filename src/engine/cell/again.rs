//! Cells under rules that were read again, by a restart or while the process runs. Both lead to the same cells, since both
//! come here.

use std::sync::Arc;

use crate::decision::CellId;
use crate::engine::cell::Cell;
use crate::engine::event::{Effect, Notice};
use crate::engine::program::Program;
use crate::engine::terms::terms;
use crate::gate::{CheckTerms, Ending, Standing, Terms};
use crate::ledger::Record;
use crate::signal::{Change, ChangeId, TargetKey};
use crate::unit::{Name, Span, UnixMillis};

impl Program {
    /// A gate that is about to watch a change. Its share of the evidence is what it was when the change was told, whatever
    /// gates there are by now: others may have had theirs already.
    pub(in crate::engine) fn cell(
        &self,
        id: CellId,
        watch: usize,
        (change, share): (Arc<Change>, Option<f64>),
    ) -> Cell {
        let gate = &self.watches[watch].gate;
        let target = self.target(&change.target);
        let mut terms = terms((gate, target), &change, self.sharing(gate, &change));
        terms.share = share.unwrap_or(terms.share);
        Cell::new(id, (watch, gate), change, terms, self.settle)
    }

    /// The gate of this name, where it is for such a change still. Whether a more particular one would watch the next
    /// change in its place is of no matter: nobody else watches this one.
    pub(in crate::engine) fn still(&self, gate: &Name, change: &Change) -> Option<usize> {
        let target = self.target(&change.target)?;
        self.watch(gate).filter(|watch| self.watches[*watch].is_for(target, change))
    }
}

impl Cell {
    /// Whether it asks what was asked when these terms were written down. Their figures hold in any case.
    pub(in crate::engine) fn asks_as(&self, every: Span, terms: &Terms) -> bool {
        every == self.every
            && terms.design == self.terms.design
            && terms.checks.len() == self.terms.checks.len()
            && terms.checks.iter().zip(&self.terms.checks).all(|(one, other)| is_same(one, other))
    }

    /// The cell that goes on from this one under rules that have this one for its gate; nothing where what was counted
    /// answers another question than is asked now.
    pub(in crate::engine) fn under(self, new: Self) -> Option<Self> {
        let asks_the_same = new.asks_as(self.every, &self.terms);
        if self.opened {
            let Self { watch, begins, settle, lags, .. } = new;
            return asks_the_same.then_some(Self { watch, begins, settle, lags, ..self });
        }
        let waits_the_same = asks_the_same && new.begins == self.begins;
        let (phase, deaf) =
            if waits_the_same || self.is_over() { (self.phase, self.deaf) } else { (new.phase, new.deaf) };
        Some(Self { phase, deaf, decisions: self.decisions, ruled: self.ruled, ..new })
    }

    /// Has its looks weighed anew: another gate of its release is not there any more.
    pub(in crate::engine) const fn weigh_again(&mut self) {
        self.gives.again();
    }

    /// Stops it, since the rules have no such gate any more.
    pub(in crate::engine) fn withdraw(mut self, gate: &Name, now: UnixMillis) -> Vec<Effect> {
        let withdrawn = Withdrawn::new(gate, &self.change.id, &self.change.target);
        self.write(now).into_iter().chain(withdrawn.ends(self.id, self.standing(), now)).collect()
    }
}

fn is_same(one: &CheckTerms, other: &CheckTerms) -> bool {
    // Ledgers of older versions do not tell questions of one name apart.
    let known = one.question.zip(other.question);
    (&one.name, one.worse, one.judged) == (&other.name, other.worse, other.judged)
        && known.is_none_or(|(one, other)| one == other)
}

/// A gate on a change that the rules have no gate for any more, or one that asks something else.
#[derive(Debug, Clone)]
pub(in crate::engine) struct Withdrawn {
    gate: Name,
    change: ChangeId,
    target: TargetKey,
}

impl Withdrawn {
    pub(in crate::engine) fn new(gate: &Name, change: &ChangeId, target: &TargetKey) -> Self {
        Self { gate: gate.clone(), change: change.clone(), target: target.clone() }
    }

    /// What is written down and told of it.
    pub(in crate::engine) fn ends(self, cell: CellId, standing: Standing, now: UnixMillis) -> [Effect; 2] {
        let why = Ending::Withdrawn;
        let ended = Record::Ended { cell, at: now, look: standing.looks, standing, why };
        let Self { gate, change, target } = self;
        let told = Notice::Withdrawn { cell, gate, change, target, standing };
        [Effect::Write(now, ended), Effect::Tell(told)]
    }
}
