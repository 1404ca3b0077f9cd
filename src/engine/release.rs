//! Releases that several gates watch: their evidence together, moment by moment. A moment is taken once no gate can
//! still look at it or before it, so that no gate is ahead of another, in whichever order their looks come in.

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::CellId;
use crate::engine::cell::Cell;
use crate::engine::step::Engine;
use crate::gate::{Release, Verdict, named, together};
use crate::signal::{ChangeId, TargetKey};
use crate::unit::UnixMillis;

/// What tells a release from every other.
type Key = (ChangeId, TargetKey);

/// Releases that more than one gate watches.
#[derive(Debug, Clone, Default)]
pub(super) struct Releases(BTreeMap<Key, Together>);

/// The logarithms of the evidence of the gates of one release together.
#[derive(Debug, Clone, Default)]
struct Together {
    /// Its gates that have a say, by their cells.
    gates: BTreeSet<CellId>,
    now: f64,
    most: f64,
    ours: f64,
    /// The gates that the evidence named when there was most of it: who was loud then is to blame for that, not who
    /// happens to be loud now.
    named: Vec<CellId>,
    /// The last moment that was weighed.
    weighed_at: Option<UnixMillis>,
}

/// What a gate gives to the evidence of its release, look by look: the logarithms of all of it, and of what is this
/// change's.
#[derive(Debug, Clone)]
pub(super) struct Gives {
    /// Before its first look.
    nothing: (f64, f64),
    /// At each look.
    looks: Vec<(UnixMillis, (f64, f64))>,
    /// How many of them were weighed.
    weighed: usize,
}

impl Gives {
    /// Before its first look a gate gives its share, and neither more nor less.
    pub(super) fn nothing(share: f64) -> Self {
        Self { nothing: (libm::log(share), libm::log(share)), looks: Vec::new(), weighed: 0 }
    }

    /// It looked.
    pub(super) fn at_look(&mut self, at: UnixMillis, ln: (f64, f64)) {
        self.looks.push((at, ln));
    }

    /// When it looked first of all looks that were not weighed.
    pub(super) fn next(&self) -> Option<UnixMillis> {
        self.looks.get(self.weighed).map(|(at, _)| *at)
    }

    /// What it gives at this moment: what it gave at its last look up to then.
    pub(super) fn at(&mut self, moment: UnixMillis) -> (f64, f64) {
        while self.next().is_some_and(|at| at <= moment) {
            self.weighed += 1;
        }
        let last = self.weighed.checked_sub(1).and_then(|last| self.looks.get(last));
        last.map_or(self.nothing, |(_, ln)| *ln)
    }

    /// None of its looks was weighed.
    pub(super) const fn again(&mut self) {
        self.weighed = 0;
    }
}

impl Engine {
    /// Where the release stands that the gate of this cell watches, by all of its gates together.
    pub fn release_of(&self, id: CellId) -> Option<Release> {
        self.cells.get(&id).map(|cell| self.release(cell))
    }

    /// Where the release stands that a cell watches.
    pub(super) fn release(&self, cell: &Cell) -> Release {
        if cell.is_alone() {
            return Release::alone(&cell.standing());
        }
        let siblings: Vec<&Cell> = self.siblings(cell).collect();
        // The rules may have no other gate any more that was told of it.
        if siblings.len() <= 1 {
            return Release::alone(&cell.standing());
        }
        let unweighed = Together::default();
        let weighed = self.releases.0.get(&key(cell)).unwrap_or(&unweighed);
        let passes = |sibling: &&Cell| {
            sibling.next_weight().is_none() && matches!(sibling.standing().verdict, Verdict::Pass(_))
        };
        Release {
            gates: u32::try_from(siblings.len()).unwrap_or(u32::MAX),
            ln_now: weighed.now,
            ln_most: weighed.most,
            ln_ours: weighed.ours,
            named: weighed.named.contains(&cell.id),
            passes: siblings.iter().all(passes),
        }
    }

    /// Weighs a cell's release up to where one of its gates may still look. Whether there was anything to weigh.
    pub(super) fn weigh(&mut self, id: CellId) -> bool {
        let Some(cell) = self.cells.get(&id).filter(|cell| !cell.is_alone()) else { return false };
        let key = key(cell);
        let (ids, shares): (Vec<CellId>, Vec<f64>) =
            self.siblings(cell).map(|sibling| (sibling.id, sibling.share())).unzip();
        let horizon = self.siblings(cell).filter_map(Cell::may_look_at).min();
        let mut moved = false;
        while let Some(at) = ids.iter().filter_map(|id| self.cells.get(id)?.next_weight()).min() {
            if horizon.is_some_and(|horizon| horizon <= at) {
                break;
            }
            let given: Vec<(f64, f64)> =
                ids.iter().filter_map(|id| Some(self.cells.get_mut(id)?.weight_at(at))).collect();
            let release = self.releases.0.entry(key.clone()).or_default();
            release.add(&given, (&ids, &shares));
            release.weighed_at = Some(at);
            moved = true;
        }
        if moved {
            for id in ids {
                self.note(id);
            }
        }
        moved
    }

    /// The other gates of a cell's release.
    pub(super) fn others(&self, id: CellId) -> Vec<CellId> {
        let siblings = self.cells.get(&id).map(|cell| self.siblings(cell));
        siblings.into_iter().flatten().map(|sibling| sibling.id).filter(|other| *other != id).collect()
    }

    /// Whether a gate watches the same release that has not stopped.
    pub(super) fn is_still_watched(&self, cell: &Cell) -> bool {
        !cell.is_alone() && self.siblings(cell).any(|sibling| !sibling.is_over())
    }

    /// Whether a gate took its last look, passes, and waits for others of its release that may still let it go on. Its
    /// proof stands, and they end by themselves, so it does not wait for ever.
    pub(super) fn waits(&self, cell: &Cell) -> bool {
        let passes = |cell: &Cell| matches!(cell.standing().verdict, Verdict::Pass(_));
        let may_pass = |other: &Cell| passes(other) || other.may_look_at().is_some();
        let mut siblings = self.siblings(cell);
        !cell.is_alone()
            && passes(cell)
            && self.siblings(cell).all(may_pass)
            && siblings.any(|other| other.may_look_at().is_some())
    }

    /// The time of a cell's last look, where that is of the past. A gate that waited for the others is told by their looks
    /// how things are.
    pub fn stale(&self, cell: &Cell, now: UnixMillis) -> Option<UnixMillis> {
        let last = cell.last_look()?;
        let weighed = self.releases.0.get(&key(cell)).and_then(|release| release.weighed_at);
        cell.is_stale(last.max(weighed.unwrap_or(last)), now).then_some(last)
    }

    /// Takes in a cell.
    pub(super) fn insert(&mut self, cell: Cell) {
        if !cell.is_alone() {
            self.releases.0.entry(key(&cell)).or_default().gates.insert(cell.id);
        }
        self.watching.entry(cell.change.target.clone()).or_default().insert(cell.id);
        self.cells.insert(cell.id, cell);
    }

    /// Lets go of a cell, and of its release with the last of its gates.
    pub(super) fn remove(&mut self, id: CellId) {
        let Some(key) = self.cells.remove(&id).map(|cell| key(&cell)) else { return };
        self.trouble.forget(id);
        if let Some(watching) = self.watching.get_mut(&key.1) {
            watching.remove(&id);
            if watching.is_empty() {
                self.watching.remove(&key.1);
            }
        }
        if let Some(release) = self.releases.0.get_mut(&key) {
            release.gates.remove(&id);
            if release.gates.is_empty() {
                self.releases.0.remove(&key);
            }
        }
    }

    /// The cells of one release that have a say, itself among them, in the order of their ids.
    fn siblings(&self, cell: &Cell) -> impl Iterator<Item = &Cell> {
        let release = self.releases.0.get(&key(cell));
        release.into_iter().flat_map(|release| &release.gates).filter_map(|id| self.cells.get(id))
    }
}

impl Together {
    /// A moment: what each gate gives to all of it.
    fn add(&mut self, given: &[(f64, f64)], (ids, shares): (&[CellId], &[f64])) {
        let (now, ours): (Vec<f64>, Vec<f64>) = given.iter().copied().unzip();
        self.now = together(&now);
        self.ours = self.ours.max(together(&ours));
        if self.most < self.now {
            self.most = self.now;
            let loud = ids.iter().zip(named(&now, shares));
            self.named = loud.filter(|(_, named)| *named).map(|(id, _)| *id).collect();
        }
    }
}

fn key(cell: &Cell) -> Key {
    (cell.change.id.clone(), cell.change.target.clone())
}
