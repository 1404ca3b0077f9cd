//! Recovery: whether things are well again after a change was taken back. Of all gates that watched it, the one looks whose
//! decision it was: what it proved to be bad has to be well, and however many gates there are, somebody is called once.

use std::collections::BTreeMap;

use crate::decision::{CellId, DecisionId, Intention, Key, Page, Recovery};
use crate::engine::cell::Undone;
use crate::engine::event::{Effect, Notice};
use crate::engine::flight::Grounds;
use crate::engine::page::{Call, OWED_FOR};
use crate::engine::step::Engine;
use crate::gate::{Ending, Found, Look};
use crate::ledger::Record;
use crate::signal::TargetKey;
use crate::unit::UnixMillis;

impl Engine {
    /// A change was taken back for a gate: that one stops judging it, and looks whether things are well again.
    pub(super) fn taken_back(
        &mut self,
        (id, key): (CellId, &Key),
        grounds: &Grounds,
        (since, now): (UnixMillis, UnixMillis),
    ) -> Vec<Effect> {
        let Some(cell) = self.cells.get(&id).filter(|cell| !cell.is_over()) else { return Vec::new() };
        // What came to the target since is what runs there.
        let is_moved_on = self.past.is_moved_on(&cell.change);
        let until = since.plus(self.program.watches[cell.watch].gate.recovers_within);
        let Some(cell) = self.cells.get_mut(&id) else { return Vec::new() };
        // Whoever reads the ledger finds it as it is when it begins.
        let mut effects: Vec<Effect> = cell.write(now).into_iter().collect();
        let undone = Undone { key: key.clone(), grounds: grounds.clone(), since, until };
        let begun = (!is_moved_on && cell.recovers(undone)).then(|| Recovery::Begun {
            key: key.clone(),
            since,
            until,
        });
        effects.extend(begun.clone().map(|recovery| write((id, recovery), now)));
        effects.extend(self.end(id, Ending::ActedOn, now));
        effects.extend(begun.map(|recovery| Effect::Tell(Notice::Recovery(id, recovery))));
        effects
    }

    /// How things fare after a change was taken back.
    pub(super) fn fared(
        &mut self,
        (id, at): (CellId, UnixMillis),
        (found, idle): (Vec<Found>, bool),
        now: UnixMillis,
    ) -> Vec<Effect> {
        let Some(cell) = self.cells.get_mut(&id) else { return Vec::new() };
        match cell.fared(Look { at, found }, idle, now) {
            Some(recovery) => self.came(id, recovery, now),
            None => cell.tick(now),
        }
    }

    /// What time brings: those that were not seen to be well in their time.
    pub(super) fn give_up(&mut self, now: UnixMillis) -> Vec<Effect> {
        let late = self.cells.values().filter_map(|cell| Some((cell.id, cell.unrecovered(now)?)));
        let late: Vec<(CellId, Recovery)> = late.collect();
        late.into_iter().flat_map(|(id, recovery)| self.came(id, recovery, now)).collect()
    }

    /// What came to a target since changes of it were taken back: nobody can see any more what became of those.
    pub(super) fn move_on(&mut self, target: &TargetKey, now: UnixMillis) -> Vec<Effect> {
        let is_over = |id: &CellId| {
            let cell = self.cells.get(id).filter(|cell| cell.recovering().is_some());
            cell.is_some_and(|cell| self.past.is_moved_on(&cell.change))
        };
        let over: Vec<CellId> = self.of(target).map(|cell| cell.id).filter(is_over).collect();
        over.into_iter().flat_map(|id| self.came(id, Recovery::Superseded, now)).collect()
    }

    /// Goes on with what a restart came in between: looks of gates that the rules do not have any more, changes that came
    /// meanwhile, and calls that may never have been.
    pub(super) fn recover(
        &mut self,
        recoveries: BTreeMap<CellId, (Key, Option<UnixMillis>)>,
        decided: &BTreeMap<DecisionId, Grounds>,
        now: UnixMillis,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for (id, (key, unrecovered)) in recoveries {
            let looking = self.cells.get(&id).filter(|cell| cell.recovering().is_some());
            match (unrecovered, looking.map(|cell| cell.change.target.clone())) {
                (Some(at), _) => {
                    let intention = self.past.intention(&key);
                    let grounds = intention.and_then(|intention| decided.get(&intention.decision));
                    let call =
                        intention.zip(grounds).map(|(intention, grounds)| call(intention, grounds, at));
                    let owed = call.filter(|call| now < call.until && !self.past.knows(&call.key));
                    // Whose gate is gone is called by nobody, whatever the rules have later.
                    if owed.is_some() && !self.cells.contains_key(&id) {
                        effects.extend(ends((id, Recovery::Withdrawn), now));
                    } else {
                        self.uncalled.extend(owed);
                    }
                }
                (None, Some(target)) => effects.extend(self.move_on(&target, now)),
                (None, None) => effects.extend(ends((id, Recovery::Withdrawn), now)),
            }
        }
        effects
    }

    fn came(&mut self, id: CellId, recovery: Recovery, now: UnixMillis) -> Vec<Effect> {
        let Some(cell) = self.cells.get_mut(&id) else { return Vec::new() };
        let Some(undone) = cell.recovered(recovery.clone()) else { return Vec::new() };
        let is_well = !matches!(recovery, Recovery::Unrecovered { .. });
        let mut effects = ends((id, recovery), now).to_vec();
        let intention = self.past.intention(&undone.key).filter(|_| !is_well);
        let call = intention.map(|intention| call(intention, &undone.grounds, now));
        effects.extend(call.into_iter().flat_map(|call| self.page_ended(call, now)));
        effects
    }
}

/// The call for somebody about what was not seen to be well at this moment.
pub(super) fn call(undone: &Intention, grounds: &Grounds, at: UnixMillis) -> Call {
    Call {
        key: undone.key.page("unrecovered", undone.at),
        decision: undone.decision,
        grounds: grounds.clone(),
        page: Page::Unrecovered,
        until: at.plus(OWED_FOR),
    }
}

/// What is written down and told of how it ended.
pub(super) fn ends((id, recovery): (CellId, Recovery), now: UnixMillis) -> [Effect; 2] {
    [write((id, recovery.clone()), now), Effect::Tell(Notice::Recovery(id, recovery))]
}

fn write((cell, recovery): (CellId, Recovery), now: UnixMillis) -> Effect {
    Effect::Write(now, Record::Recovery { cell, at: now, recovery })
}
