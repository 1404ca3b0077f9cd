//! What goes wrong at one time, over all releases: what would be undone at once, and what may be the one cause of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::{CellId, Kind, Mode, Share, Suspect};
use crate::engine::accused::{Accused, Place};
use crate::engine::cell::Cell;
use crate::engine::event::Effect;
use crate::engine::program::Errand;
use crate::engine::step::Engine;
use crate::gate::{Release, Target};
use crate::signal::{Change, TargetKey};
use crate::unit::{Percent, Span, UnixMillis};

/// How much longer than until its samples are in it is waited for what others see at the same moment, before a release is
/// taken back: one that waits for nobody is not waited for.
const OTHERS_WITHIN: Span = Span::from_secs(2);

/// Over how many services a cause is looked for: what a target depends on, what that depends on, and so on.
const FURTHEST: usize = 4;

/// How many changes of targets that depend on something are counted among those that would be undone.
const MOST_COUNTED: usize = 1_000;

/// Cells whose release something speaks against.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble {
    /// When each may look again.
    leaning: BTreeMap<CellId, UnixMillis>,
    /// The same by time.
    by_next: BTreeSet<(UnixMillis, CellId)>,
    /// Those whose change would be undone, if nothing held that.
    accused: Accused,
    /// Those that would have their change undone and wait for what others see, by the look that they wait at.
    waiting: BTreeSet<(UnixMillis, CellId)>,
}

impl Trouble {
    /// Something speaks against what a cell watches, which may look again then; or nothing does any more.
    fn leans(&mut self, id: CellId, next: Option<UnixMillis>) {
        if self.leaning.get(&id).copied() == next {
            return;
        }
        if let Some(known) = self.leaning.remove(&id) {
            self.by_next.remove(&(known, id));
        }
        if let Some(next) = next {
            self.leaning.insert(id, next);
            self.by_next.insert((next, id));
        }
    }

    /// A cell is gone.
    pub(super) fn forget(&mut self, id: CellId) {
        self.leans(id, None);
        self.accused.remove(id);
    }

    /// Whether a cell waits for what others see.
    pub(super) fn waits(&self, cell: &Cell) -> bool {
        cell.last_look().is_some_and(|look| self.waiting.contains(&(look, cell.id)))
    }

    /// Whether something that leans may still look up to this moment.
    fn may_look(&self, up_to: UnixMillis) -> bool {
        self.by_next.first().is_some_and(|(next, _)| *next <= up_to)
    }
}

impl Engine {
    /// All cells, those first that something speaks against: of a thousand looks that are due at one moment, the one that
    /// may lead to an action waits for no other.
    pub(super) fn by_urgency(&self) -> impl Iterator<Item = &Cell> {
        let leans = |cell: &&Cell| self.trouble.leaning.contains_key(&cell.id);
        let (first, others): (Vec<&Cell>, Vec<&Cell>) = self.cells.values().partition(leans);
        first.into_iter().chain(others)
    }

    /// Notes whether something speaks against what a cell watches.
    pub(super) fn note(&mut self, id: CellId) {
        let Some(cell) = self.cells.get(&id).filter(|cell| cell.began().is_some()) else {
            return self.trouble.forget(id);
        };
        let release = self.release(cell);
        let accused = self.would_be_undone(cell, &release);
        let next = cell.may_look_at().filter(|_| accused || release.leans());
        self.trouble.leans(id, next);
        if accused && !self.trouble.accused.has(id) {
            let place = self.program.target(&cell.change.target).and_then(Place::of);
            self.trouble.accused.add(id, &cell.change, place);
        } else if !accused {
            self.trouble.accused.remove(id);
        }
    }

    /// The same for all of them.
    pub(super) fn note_all(&mut self) {
        self.trouble = Trouble::default();
        let ids: Vec<CellId> = self.cells.keys().copied().collect();
        for id in ids {
            self.note(id);
        }
    }

    /// Whether its policy would have the change undone that a cell watches.
    fn would_be_undone(&self, cell: &Cell, release: &Release) -> bool {
        let watch = &self.program.watches[cell.watch];
        let undoes = |errand: &Errand| matches!(errand, Errand::Do(action) if action.kind == Kind::Rollback);
        let mut rungs = watch.errands.fail.iter().filter(|(_, errand)| undoes(errand));
        release.named
            && rungs.any(|(confidence, _)| release.blames(*confidence))
            && self.program.mode(watch, Kind::Rollback, &cell.change.target.service) != Mode::Shadow
    }

    /// Whether a cell waits for what others see at the moment of its last look: those that something speaks against, and
    /// what its target depends on. Else which of many fails first would be luck.
    pub(super) fn awaits_others(&self, cell: &Cell, now: UnixMillis) -> bool {
        let Some(look) = cell.last_look() else { return false };
        if look.plus(self.program.settle).plus(OTHERS_WITHIN) <= now {
            return false;
        }
        let looks =
            |other: &Cell| other.began().is_some() && other.may_look_at().is_some_and(|next| next <= look);
        self.trouble.may_look(look)
            || self
                .dependencies_of(&cell.change.target)
                .iter()
                .any(|target| self.of(&target.to_key()).any(looks))
    }

    /// Has a cell wait.
    pub(super) fn wait_for_others(&mut self, id: CellId) {
        if let Some(look) = self.cells.get(&id).and_then(Cell::last_look) {
            self.trouble.waiting.insert((look, id));
        }
    }

    /// Settles the cells that waited for others which have looked by now, or did not in time.
    pub(super) fn settle_waiting(&mut self, now: UnixMillis) -> Vec<Effect> {
        let waiting = std::mem::take(&mut self.trouble.waiting);
        waiting.into_iter().flat_map(|(_, id)| self.settle_up(id, now)).collect()
    }

    /// Whether cells wait, and none of those that lean may still look where they did.
    pub(super) fn may_settle_waiting(&self) -> bool {
        self.trouble.waiting.first().is_some_and(|(look, _)| !self.trouble.may_look(*look))
    }

    /// The changes that would be undone of targets that depend on something, but for those that this is likelier to have
    /// caused. Of thousands that depend on one, that is asked once.
    fn unsuspected(&self) -> impl Iterator<Item = &Change> {
        let counted = self.trouble.accused.dependent().flat_map(|(place, group)| {
            let fails = |target: &&Target| self.fails(target).is_some();
            let failing: Vec<&Target> = self.dependencies(place).into_iter().filter(fails).take(2).collect();
            let (counts, alone) = match &*failing {
                [] => (usize::MAX, None),
                // Nothing is suspected of having caused what goes wrong at itself.
                [only] if Place::of(only).as_ref() == Some(place) => (usize::MAX, Some(only.to_key())),
                _ => (0, None),
            };
            let changes = group.values().map(|change| &**change).take(counts);
            changes.filter(move |change| alone.as_ref().is_none_or(|alone| *alone == change.target))
        });
        counted.take(MOST_COUNTED)
    }

    /// How many other changes are being undone, or would be; those left out that something else is likelier to have caused.
    pub(super) fn undone_now(&self, change: &Change, now: UnixMillis) -> u32 {
        let undone = self.past.undone(&change.id, now).map(|intention| &intention.change);
        let others = self.unsuspected().map(|change| &change.id).chain(undone);
        count(self.trouble.accused.changes().with(others, Some(&change.id)))
    }

    /// What a change's target depends on, and fails as well after a change of its own: of several the one furthest away.
    pub(super) fn suspect(&self, change: &Change) -> Option<Suspect> {
        let dependencies = self.dependencies_of(&change.target);
        dependencies.iter().rev().find_map(|target| {
            let failing = self.fails(target)?;
            let (change, version) = (failing.id.clone(), failing.version.clone());
            Some(Suspect { service: target.service.clone(), change, version })
        })
    }

    /// The change of a target after which it fails, or which was undone for that.
    fn fails(&self, target: &Target) -> Option<&Change> {
        let fails = |cell: &&Cell| self.trouble.leaning.contains_key(&cell.id);
        let failing = self.of(&target.to_key()).find(fails).map(|cell| &*cell.change);
        failing.or_else(|| self.past.undone_of(&target.to_key(), self.now()))
    }

    /// What a target depends on in its environment and cluster, the nearest first.
    fn dependencies_of(&self, of: &TargetKey) -> Vec<&Target> {
        let place = self.program.target(of).and_then(Place::of);
        let mut dependencies = place.map(|place| self.dependencies(&place)).unwrap_or_default();
        dependencies.retain(|target| !target.is(of));
        dependencies
    }

    /// What targets that lie there depend on, the nearest first; some of them may depend on each other.
    fn dependencies(&self, place: &Place) -> Vec<&Target> {
        let beside =
            |target: &&Target| target.environment == place.environment && target.cluster == place.cluster;
        let mut known: Vec<&Target> = Vec::new();
        let mut calls: Vec<&String> = place.depends_on.iter().collect();
        for _ in 0..FURTHEST {
            let from = known.len();
            for target in calls.iter().flat_map(|service| self.program.targets.named(service)).filter(beside)
            {
                if known.iter().all(|other| other.key() != target.key()) {
                    known.push(target);
                }
            }
            calls = known.iter().skip(from).flat_map(|target| &target.depends_on).collect();
        }
        known
    }

    /// How many services of its environment would be undone with a change, where that is limited.
    pub(super) fn share(&self, change: &Change, most: Option<Percent>, now: UnixMillis) -> Option<Share> {
        let most = most?;
        let environment = &change.target.environment;
        let services = self.program.targets.services_in(environment.as_deref());
        let undone = self.past.undone(&change.id, now).map(|intention| &intention.target);
        let targets = self.unsuspected().map(|change| &change.target).chain(undone).chain([&change.target]);
        let others = targets.filter(|target| target.environment == *environment);
        let undone = count(
            self.trouble.accused.services(environment.as_deref(), others.map(|target| &target.service)),
        );
        Some(Share { undone, services, most: most.of(services) })
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
