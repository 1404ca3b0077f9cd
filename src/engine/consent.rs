//! What people are asked, and what they say to it.

use std::collections::BTreeSet;

use crate::decision::{Consent, Course, DecisionId, Held, Key, Ruling};
use crate::engine::cell::Cell;
use crate::engine::event::Effect;
use crate::engine::step::Engine;
use crate::ledger::Record;
use crate::unit::{Name, Span, UnixMillis};

/// What somebody is asked about an action.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What asks.
    pub decision: DecisionId,
    /// Since when. After a while it is judged again, so that nobody agrees to what was the case once.
    pub since: UnixMillis,
    /// What came of it so far.
    pub course: Course,
    /// What speaks against it.
    pub spoke: Vec<Held>,
    /// Who agreed, of this decision or of one before it.
    pub consents: Vec<Consent>,
    /// Who said no.
    pub declined: Option<Name>,
}

/// What somebody says to what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What asked.
    pub decision: DecisionId,
    /// Who they are.
    pub by: Name,
    /// Whether they agree.
    pub agrees: bool,
    /// The words of the guards that they agree to lift.
    pub lifts: BTreeSet<String>,
    /// Why, where they said.
    pub why: String,
}

/// Why what somebody says does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// There is no such decision among those of gates that are known.
    #[error("decision {0} asks nobody: there is none, or its gate stopped watching")]
    Unknown(DecisionId),
    /// It asks nothing, or does not any more.
    #[error("decision {0} asks nobody any more: the newest word of its gate is another")]
    Over(DecisionId),
    /// It is too long ago.
    #[error("decision {decision} was asked until {until}; it is judged again at the next look")]
    Expired {
        /// Which.
        decision: DecisionId,
        /// Until when.
        until: UnixMillis,
    },
    /// Whoever brought the change does not agree to what is done about it.
    #[error("{0} told of the change or made it, and whoever did may not agree to what is done about it")]
    OwnChange(Name),
    /// They agreed already.
    #[error("{0} agreed already; somebody else has to as well")]
    Already(Name),
    /// That does not speak against it.
    #[error("`{0}` does not speak against it")]
    NotSpoken(String),
    /// Nobody's word lifts that.
    #[error("`{0}` holds it, and nobody can agree to that")]
    NotLiftable(&'static str),
    /// Something that speaks against it was left out.
    #[error("`{0}` speaks against it as well, and is not among `lifts`")]
    LeftOut(&'static str),
}

/// What came of what somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// What is done now.
    pub course: Course,
    /// How many agreed.
    pub people: usize,
    /// How many have to.
    pub needed: usize,
}

impl Asked {
    /// How many have to agree: as many as the one that asks for most.
    pub fn needed(&self) -> usize {
        self.spoke.iter().filter_map(Held::people).max().unwrap_or_default()
    }

    /// What speaks against it and cannot be lifted.
    pub fn bars(&self) -> Option<&Held> {
        self.spoke.iter().find(|held| held.people().is_none())
    }

    fn agreed(&self, since: UnixMillis) -> impl Iterator<Item = &Consent> {
        self.consents.iter().filter(move |consent| since < consent.at)
    }
}

impl Engine {
    /// What people are asked now, the oldest first.
    pub fn asked(&self, now: UnixMillis) -> Vec<(&Cell, &Key, &Asked)> {
        let open = self.cells().filter(|cell| !cell.is_over());
        let all = open.flat_map(|cell| cell.asks.iter().map(move |(key, asked)| (cell, key, asked)));
        let waits = |asked: &Asked| {
            asked.course == Course::Ask && now < self.asked_until(asked) && asked.bars().is_none()
        };
        let mut waiting: Vec<_> = all.filter(|(_, _, asked)| waits(asked)).collect();
        waiting.sort_by_key(|(cell, _, asked)| (asked.since, cell.id));
        waiting
    }

    /// Until when somebody may say something to what is asked.
    pub fn asked_until(&self, asked: &Asked) -> UnixMillis {
        asked.since.plus(self.program.approve_within)
    }

    /// Takes in what somebody says, or says why it does not count.
    ///
    /// # Errors
    /// Where they were not asked.
    pub fn said(&mut self, said: Said, now: UnixMillis) -> Result<(Agreement, Vec<Effect>), NotAsked> {
        let key = self.may_say(&said, now)?;
        let Said { decision, by, agrees, lifts, why } = said;
        let id = decision.cell;
        let consented = Record::Consented { decision, key: key.clone(), at: now, by, agrees, lifts, why };
        if let Some(cell) = self.cells.get_mut(&id) {
            cell.told(&consented);
        }
        let mut effects = vec![Effect::Write(now, consented)];
        effects.extend(self.settle_up(id, now));
        let asked = self.cells.get(&id).and_then(|cell| cell.asks.get(&key));
        let standing = Agreement {
            // What was said while a look is due counts with that look; a no counts at once.
            course: asked.filter(|asked| asked.declined.is_none()).map_or(Course::Hold, |asked| asked.course),
            people: asked.map_or(0, |asked| people(&asked.consents)),
            needed: asked.map_or(0, Asked::needed),
        };
        Ok((standing, effects))
    }

    fn may_say(&self, said: &Said, now: UnixMillis) -> Result<Key, NotAsked> {
        let Said { decision, by, .. } = said;
        let cell = self.cells.get(&decision.cell).filter(|cell| !cell.is_over());
        let cell = cell.ok_or(NotAsked::Unknown(*decision))?;
        let asks = |asked: &Asked| asked.decision == *decision && asked.course == Course::Ask;
        let found = cell.asks.iter().find(|(_, asked)| asks(asked));
        let (key, asked) = found.ok_or(NotAsked::Over(*decision))?;
        let until = self.asked_until(asked);
        if until <= now {
            return Err(NotAsked::Expired { decision: *decision, until });
        }
        if !said.agrees {
            return Ok(key.clone());
        }
        // Whoever wants the change in the end is not who says that a rollback is right or wrong for all others.
        if is_of(by, cell) {
            return Err(NotAsked::OwnChange(by.clone()));
        }
        if asked
            .agreed(self.since(now))
            .any(|consent| consent.by == *by && said.lifts.is_subset(&consent.lifts))
        {
            return Err(NotAsked::Already(by.clone()));
        }
        if let Some(held) = asked.bars() {
            return Err(NotAsked::NotLiftable(held.word()));
        }
        let spoke = |word: &&String| asked.spoke.iter().any(|held| held.word() == word.as_str());
        if let Some(word) = said.lifts.iter().find(|word| !spoke(word)) {
            return Err(NotAsked::NotSpoken(word.clone()));
        }
        match asked.spoke.iter().find(|held| !said.lifts.contains(held.word())) {
            Some(held) => Err(NotAsked::LeftOut(held.word())),
            None => Ok(key.clone()),
        }
    }

    /// What people said about an action that still counts.
    pub(super) fn consents(&self, cell: &Cell, key: &Key, now: UnixMillis) -> (Vec<Consent>, Option<Name>) {
        let Some(asked) = cell.asks.get(key) else { return (Vec::new(), None) };
        (asked.agreed(self.since(now)).cloned().collect(), asked.declined.clone())
    }

    /// From when on what somebody agreed to counts now.
    fn since(&self, now: UnixMillis) -> UnixMillis {
        now.minus(self.program.approve_within)
    }
}

impl Cell {
    /// Whether people were asked so long ago that it is judged again.
    pub(super) fn asked_too_long_ago(&self, key: &Key, within: Span, now: UnixMillis) -> bool {
        let asked = self.asks.get(key).filter(|asked| asked.course == Course::Ask);
        asked.is_some_and(|asked| asked.since.plus(within) <= now)
    }

    /// Something was decided about an action: people are asked about it, or not any more.
    pub(super) fn ruled_on(&mut self, key: Key, ruling: &Ruling, (decision, at): (DecisionId, UnixMillis)) {
        let before = self.asks.remove(&key);
        let (consents, declined) = before.map(|asked| (asked.consents, asked.declined)).unwrap_or_default();
        // What was agreed to is asked of a further attempt as well.
        let (course, spoke) = (ruling.course, ruling.spoke.clone());
        self.asks.insert(key, Asked { decision, since: at, course, spoke, consents, declined });
    }

    /// Takes in what the ledger says that somebody said.
    pub(super) fn told(&mut self, record: &Record) {
        let Record::Consented { key, at, by, agrees, lifts, .. } = record else { return };
        let Some(asked) = self.asks.get_mut(key) else { return };
        if *agrees {
            let consent = Consent { by: by.clone(), at: *at, lifts: lifts.clone() };
            asked.consents.push(consent);
        } else {
            asked.declined = Some(by.clone());
        }
    }
}

/// How many different people agreed.
fn people(consents: &[Consent]) -> usize {
    consents.iter().map(|consent| &consent.by).collect::<BTreeSet<_>>().len()
}

/// Whether they told of a cell's change, or made it.
fn is_of(by: &Name, cell: &Cell) -> bool {
    cell.change.told_by.as_ref() == Some(by) || cell.change.author.as_deref() == Some(by.as_str())
}
