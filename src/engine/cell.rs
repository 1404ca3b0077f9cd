//! A cell: one gate that watches one change.

mod again;
mod recovering;
mod turn;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::decision::{CellId, Course, DecisionId, Key, Occasion, Recovery, Refusal, Ruling};
use crate::engine::consent::Asked;
use crate::engine::event::{Effect, Notice};
use crate::engine::release::Gives;
use crate::engine::wanted::latest_end;
use crate::gate::{
    Before, Begins, Ending, Found, Gate, Look, Opening, Question, Settled, Shortfall, Standing, Start, Terms,
    Trial, Verdict,
};
use crate::ledger::Record;
use crate::signal::{Change, Deaf};
use crate::unit::{Span, UnixMillis};

pub(super) use again::Withdrawn;
pub use recovering::Recovering;
pub(super) use recovering::Undone;

/// Looks are written down together when so much time is in them, or when something rests on them.
const TOGETHER: Span = Span::from_secs(60);

/// One gate that watches one change.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What tells it from every other.
    pub id: CellId,
    /// The gate, by its number in the program.
    pub watch: usize,
    /// The change.
    pub change: Arc<Change>,
    /// How far it is.
    pub phase: Phase,
    /// How many decisions it led to.
    pub decisions: u32,
    /// The last ruling on each occasion: nothing is decided twice on like facts.
    pub ruled: Vec<(Occasion, Ruling)>,
    /// What people are asked, by the action that it is about.
    pub asks: BTreeMap<Key, Asked>,
    /// What came of looking whether things are well again; nothing while it looks, and where it never did.
    pub recovery: Option<Recovery>,
    recovering: Option<Box<Recovering>>,
    every: Span,
    begins: Begins,
    settle: Span,
    terms: Terms,
    /// How long after its event each check counts.
    lags: Vec<Span>,
    /// What it gives to the evidence of its release.
    gives: Gives,
    /// Whether it began to look: from then on its terms hold.
    opened: bool,
    /// Why its source is not heard, before it looks.
    deaf: Option<Deaf>,
}

/// How far a cell is.
#[derive(Debug, Clone)]
pub enum Phase {
    /// It waits for the new side's first event.
    Awaiting {
        /// Up to when it knows that there was none.
        seen_to: UnixMillis,
    },
    /// It lets the new side warm up, and counts from this moment on.
    Warming {
        /// From when on.
        from: UnixMillis,
    },
    /// It looks.
    Looking(Box<Looking>),
    /// It looks at nothing: an alert asks for something, for as long as it fires.
    Asking,
    /// It stopped.
    Over {
        /// Where it stood.
        standing: Standing,
        /// Why it stopped.
        why: Ending,
    },
}

/// A cell that looks.
#[derive(Debug, Clone)]
pub struct Looking {
    /// From when on it counts.
    pub from: UnixMillis,
    /// The evidence.
    pub trial: Trial,
    /// Up to when each check is counted.
    counted_to: Vec<UnixMillis>,
    /// What each check counts, as it was settled before the first look.
    settled: Arc<[Settled]>,
    /// Looks that are not written down yet.
    unwritten: Vec<Look>,
}

impl Cell {
    /// A gate that is about to watch a change.
    pub fn new(
        id: CellId,
        (watch, gate): (usize, &Gate),
        change: Arc<Change>,
        terms: Terms,
        settle: Span,
    ) -> Self {
        let lag = |question: &Question| match question {
            Question::Proportion(proportion) => proportion.lag,
            Question::Quantile(_) | Question::Slow(_) | Question::Mean { .. } | Question::Expr { .. } => {
                Span::ZERO
            }
        };
        let phase = match gate.begins.at {
            _ if gate.checks.is_empty() => Phase::Asking,
            Start::FirstTraffic => Phase::Awaiting { seen_to: change.at },
            Start::Change | Start::Alert => {
                Phase::Warming { from: onto_grid(change.at.plus(gate.begins.warmup), gate.every) }
            }
        };
        Self {
            id,
            watch,
            phase,
            decisions: 0,
            ruled: Vec::new(),
            asks: BTreeMap::new(),
            recovery: None,
            recovering: None,
            every: gate.every,
            begins: gate.begins,
            settle,
            gives: Gives::nothing(terms.share),
            terms,
            lags: gate.checks.iter().map(|check| lag(&check.question)).collect(),
            opened: false,
            deaf: None,
            change,
        }
    }

    /// What each check counts, as it was settled before the first look.
    pub fn settled(&self) -> Arc<[Settled]> {
        match &self.phase {
            Phase::Looking(looking) => Arc::clone(&looking.settled),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking | Phase::Over { .. } => {
                self.settled_before().unwrap_or_default()
            }
        }
    }

    /// On which terms it watches.
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }

    /// Whether no other gate has a say about its change.
    pub(super) fn is_alone(&self) -> bool {
        self.terms.share >= 1.0
    }

    /// Its share of its release's evidence.
    pub(super) const fn share(&self) -> f64 {
        self.terms.share
    }

    /// When it looked first of all looks that were not weighed.
    pub(super) fn next_weight(&self) -> Option<UnixMillis> {
        self.gives.next()
    }

    /// What it gives to the evidence of its release at this moment.
    pub(super) fn weight_at(&mut self, at: UnixMillis) -> (f64, f64) {
        self.gives.at(at)
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        match &self.phase {
            Phase::Awaiting { .. } | Phase::Warming { .. } => match self.deaf {
                Some(deaf) => {
                    let verdict = Verdict::Inconclusive(Shortfall::Unheard { deaf });
                    Standing { verdict, ..Standing::UNLOOKED }
                }
                None => Standing::UNLOOKED,
            },
            Phase::Looking(looking) => looking.trial.standing(),
            Phase::Asking => Standing::UNLOOKED,
            Phase::Over { standing, .. } => *standing,
        }
    }

    /// Its evidence, while it looks.
    pub fn trial(&self) -> Option<&Trial> {
        match &self.phase {
            Phase::Looking(looking) => Some(&looking.trial),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking | Phase::Over { .. } => None,
        }
    }

    /// How far apart its looks are.
    pub const fn every(&self) -> Span {
        self.every
    }

    /// Whether it has stopped.
    pub const fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over { .. })
    }

    /// Whether an alert asks for something, and nothing is looked at.
    pub const fn is_asking(&self) -> bool {
        matches!(self.phase, Phase::Asking)
    }

    /// Since when it counts.
    pub fn began(&self) -> Option<UnixMillis> {
        match &self.phase {
            Phase::Looking(looking) => Some(looking.from),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking | Phase::Over { .. } => None,
        }
    }

    /// Up to when the check that is furthest behind was counted; nothing before the first look.
    pub(super) fn counts_from(&self) -> Option<UnixMillis> {
        match &self.phase {
            Phase::Looking(looking) => looking.counted_to.iter().min().copied(),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking => None,
            Phase::Over { .. } => self.fared_to(),
        }
    }

    /// The time of its last look; where it took none, when it began to count.
    pub fn last_look(&self) -> Option<UnixMillis> {
        match &self.phase {
            Phase::Looking(looking) => Some(self.due(looking).minus(self.every)),
            Phase::Awaiting { .. } | Phase::Warming { .. } | Phase::Asking | Phase::Over { .. } => None,
        }
    }

    /// Whether a look at that time is of the past: whoever decides has to know how things are now.
    pub(super) fn is_stale(&self, look: UnixMillis, now: UnixMillis) -> bool {
        let two = Span::from_millis(self.every.millis().saturating_mul(2));
        look.plus(two).plus(self.settle) < now
    }

    /// The id of its next decision.
    pub fn next_decision(&mut self) -> DecisionId {
        self.decisions += 1;
        DecisionId { cell: self.id, number: self.decisions }
    }

    /// The ledger refused what was decided: that is judged again on current evidence. What was written down before is not.
    pub(super) fn refused(&mut self, why: &Refusal) {
        if *why != Refusal::Known {
            self.ruled.retain(|(_, ruling)| ruling.course != Course::Act);
        }
    }

    /// It is known up to when the new side had traffic, or had none.
    pub fn traffic(&mut self, to: UnixMillis, seen: bool, now: UnixMillis) -> Vec<Effect> {
        let Phase::Awaiting { seen_to } = &mut self.phase else { return Vec::new() };
        self.deaf = None;
        *seen_to = to.max(*seen_to);
        if seen {
            self.phase = Phase::Warming { from: onto_grid(to.plus(self.begins.warmup), self.every) };
        }
        self.tick(now)
    }

    /// Its source is not heard, so it goes on waiting.
    pub(super) fn unheard(&mut self, deaf: Deaf) {
        self.deaf = Some(deaf);
    }

    /// Whether its source was not heard for as long as it could have watched at all.
    pub(super) fn is_given_up(&self, gate: &Gate, now: UnixMillis) -> bool {
        let waits = matches!(self.phase, Phase::Awaiting { .. } | Phase::Warming { .. });
        waits && self.deaf.is_some() && latest_end(gate, self.change.at).plus(self.settle) <= now
    }

    /// What was before is known: it begins to look.
    pub fn open(&mut self, gate: &Gate, opening: Opening, now: UnixMillis) -> Vec<Effect> {
        let Phase::Warming { from } = self.phase else { return Vec::new() };
        self.resume(from, self.terms.clone(), &opening);
        let opened = Record::Opened {
            cell: self.id,
            gate: gate.name.clone(),
            change: self.change.id.clone(),
            target: self.change.target.clone(),
            at: now,
            from,
            every: self.every,
            terms: self.terms.clone(),
            opening,
        };
        vec![Effect::Write(now, opened), Effect::Tell(Notice::Began(self.id, from))]
    }

    /// Begins to look, on what the ledger says that it began with.
    pub fn resume(&mut self, from: UnixMillis, terms: Terms, opening: &Opening) {
        let mut counted_to: Vec<UnixMillis> = self.lags.iter().map(|lag| from.plus(*lag)).collect();
        counted_to.resize(terms.checks.len(), from);
        let trial = Trial::open(terms.clone(), opening);
        // Shares are fixed before the first look, whatever the rules say by now.
        self.gives = Gives::nothing(terms.share);
        (self.terms, self.opened) = (terms, true);
        let settled = opening.checks.iter().map(Before::settled).collect();
        let unwritten = Vec::new();
        self.phase = Phase::Looking(Box::new(Looking { from, trial, counted_to, settled, unwritten }));
    }

    /// Takes a look in.
    pub fn counted(&mut self, at: UnixMillis, found: Vec<Found>, now: UnixMillis) -> Vec<Effect> {
        let look = Look { at, found };
        let Some(standing) = self.look(&look) else { return Vec::new() };
        let mut effects = Vec::new();
        if let Phase::Looking(looking) = &mut self.phase {
            looking.unwritten.push(look);
            let first = looking.unwritten[0].at;
            if TOGETHER <= Span::from_millis(at.since(first).millis() + self.every.millis()) {
                effects.extend(self.write(now));
            }
        }
        effects.push(Effect::Tell(Notice::Looked(self.id, standing)));
        effects
    }

    /// A look that is written down already, or is about to be; nothing if it is not the next one of those planned.
    pub fn look(&mut self, look: &Look) -> Option<Standing> {
        let Phase::Looking(looking) = &self.phase else { return None };
        if self.is_through() || self.due(looking) != look.at {
            return None;
        }
        let Phase::Looking(looking) = &mut self.phase else { return None };
        for (to, found) in looking.counted_to.iter_mut().zip(&look.found) {
            if found.is_there() {
                *to = look.at.max(*to);
            }
        }
        let standing = looking.trial.look(look);
        if self.terms.share < 1.0 {
            self.gives.at_look(look.at, looking.trial.given());
        }
        Some(standing)
    }

    /// Has all looks written down that are not.
    pub fn write(&mut self, now: UnixMillis) -> Option<Effect> {
        let Phase::Looking(looking) = &mut self.phase else { return None };
        if looking.unwritten.is_empty() {
            return None;
        }
        let looks = std::mem::take(&mut looking.unwritten);
        let before = usize::try_from(looking.trial.looks()).unwrap_or(usize::MAX) - looks.len();
        let first = u32::try_from(before + 1).unwrap_or(u32::MAX);
        Some(Effect::Write(now, Record::Looked { cell: self.id, first, looks }))
    }

    /// Stops it.
    pub fn end(&mut self, why: Ending, now: UnixMillis) -> Vec<Effect> {
        let standing = self.standing();
        let mut effects: Vec<Effect> = self.write(now).into_iter().collect();
        self.phase = Phase::Over { standing, why };
        let ended = Record::Ended { cell: self.id, at: now, look: standing.looks, standing, why };
        effects.extend([Effect::Write(now, ended), Effect::Tell(Notice::Ended(self.id, why, standing))]);
        effects
    }
}

/// The first moment of the grid that is not before this one.
fn onto_grid(at: UnixMillis, every: Span) -> UnixMillis {
    let floor = at.floor(every);
    if floor == at { at } else { floor.plus(every) }
}
