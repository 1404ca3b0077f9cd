//! Reloading: other rules for an engine that lives on. It comes to what a restart would come to under these rules, but
//! for what only a process knows: attempts whose answers are on their way, and looks that are not written down.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::{CellId, Key, Page, Recovery};
use crate::engine::cell::Cell;
use crate::engine::event::{Effect, Notice};
use crate::engine::flight::Flight;
use crate::engine::page::Call;
use crate::engine::program::Rules;
use crate::engine::recovery::ends;
use crate::engine::release::Releases;
use crate::engine::step::Engine;
use crate::ledger::Record;
use crate::unit::{Name, UnixMillis};

impl Engine {
    /// Goes by other rules from now on. Gates that ask what they asked go on as they are; those that do not, and those that
    /// are gone, end. Changes that nobody watches are not watched from now on either: their beginning was not seen.
    pub(super) fn reloaded(&mut self, rules: Rules, now: UnixMillis) -> Vec<Effect> {
        self.owe_again();
        let before = std::mem::replace(&mut self.program, rules.program);
        let cells = std::mem::take(&mut self.cells);
        (self.releases, self.watching) = (Releases::default(), BTreeMap::new());
        let named = cells.into_values().map(|cell| (before.watches[cell.watch].gate.name.clone(), cell));
        let known: Vec<(Name, Cell)> = named.chain(std::mem::take(&mut self.aside)).collect();
        let mut gone: Vec<(Name, Cell)> = Vec::new();
        for (gate, old) in known {
            match self.goes_on(&gate, &old) {
                Some(cell) => self.insert(cell),
                None => gone.push((gate, old)),
            }
        }
        let (mut stopped, gone): (Vec<_>, Vec<_>) = gone.into_iter().partition(|(_, cell)| cell.is_over());
        let looks_no_more = stopped.iter_mut().filter_map(|(_, cell)| {
            cell.recovered(Recovery::Withdrawn)?;
            Some(cell.id)
        });
        let mut looks_no_more: Vec<CellId> = looks_no_more.collect();
        let cells = &self.cells;
        let is_lost =
            |call: &mut Call| call.page == Page::Unrecovered && !cells.contains_key(&call.decision.cell);
        looks_no_more.extend(self.uncalled.extract_if(.., is_lost).map(|call| call.decision.cell));
        let counts = |cell: &Cell| self.is_of_an_open_release(cell) || self.owes_a_call_about(cell.id);
        self.aside = stopped.into_iter().filter(|(_, cell)| counts(cell)).collect();
        let ids: Vec<_> = self.cells.keys().copied().collect();
        for id in ids {
            self.weigh(id);
        }
        self.note_all();
        let withdrawn = gone.len();
        let (config, mode) = (rules.config, self.program.mode);
        let reloaded = Record::Reloaded { config: config.clone(), mode };
        let mut effects = vec![Effect::Write(now, reloaded)];
        effects.push(Effect::Tell(Notice::Reloaded { config, withdrawn }));
        effects.extend(looks_no_more.into_iter().flat_map(|id| ends((id, Recovery::Withdrawn), now)));
        effects.extend(self.redirect(now));
        effects.extend(gone.into_iter().flat_map(|(gate, cell)| cell.withdraw(&gate, now)));
        effects
    }

    /// The cell that goes on from this one; nothing where the rules have no such gate any more.
    fn goes_on(&self, gate: &Name, old: &Cell) -> Option<Cell> {
        let watch = self.program.still(gate, &old.change)?;
        let told = (Arc::clone(&old.change), Some(old.terms().share));
        let new = self.program.cell(old.id, watch, told);
        let mut cell = old.clone().under(new)?;
        cell.weigh_again();
        Some(cell)
    }

    /// Whether a gate watches the same change still, or an action about it is on its way.
    fn is_of_an_open_release(&self, cell: &Cell) -> bool {
        let same = |other: &&Cell| other.change.id == cell.change.id;
        let flies = |flight: &Flight| flight.intention.decision.cell == cell.id;
        self.of(&cell.change.target).filter(same).any(|other| !other.is_over())
            || self.flights.values().any(flies)
    }

    /// Has what is on its way be done as the rules say now. What they do not know any more is not attempted again.
    fn redirect(&mut self, now: UnixMillis) -> Vec<Effect> {
        let mut effects = Vec::new();
        let keys: Vec<Key> = self.flights.keys().cloned().collect();
        for key in keys {
            let action = self.flights.get(&key).and_then(|flight| self.action(&flight.intention));
            let next = self.flights.get_mut(&key).and_then(|flight| flight.redirect(action));
            effects.extend(next.map(|next| self.follow(&key, next, now)).unwrap_or_default());
        }
        effects
    }
}
