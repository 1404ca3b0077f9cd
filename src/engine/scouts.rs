//! Scouts: looks at objects. What is done to one is decided on what it is now, so whoever would decide waits for a look,
//! and decides as well where none comes.

use std::collections::BTreeMap;

use crate::decision::{Action, CellId, Key, Order, Sight};
use crate::engine::event::Effect;
use crate::engine::step::Engine;
use crate::signal::{Change, TargetKey};
use crate::unit::{Span, UnixMillis};

/// How old a look at an object may be that something is decided on.
pub const SURVEY_FRESH: Span = Span::from_secs(10);

/// How long it is waited for a look at an object. Then it is decided without, and held.
pub const SURVEY_WITHIN: Span = Span::from_secs(5);

/// How long a look is kept that nobody asks for any more.
const KEPT: Span = Span::from_secs(60);

/// Looks at objects, by the actions that they are for.
#[derive(Debug, Clone, Default)]
pub(super) struct Scouts(BTreeMap<Key, Scout>);

/// A look at an object.
#[derive(Debug, Clone)]
struct Scout {
    target: TargetKey,
    /// When it was asked for: it saw what was from then on.
    asked: UnixMillis,
    /// What it came to; nothing while it is on its way.
    sight: Option<Sight>,
}

impl Scout {
    fn is_fresh(&self, now: UnixMillis) -> bool {
        now < self.asked.plus(SURVEY_FRESH)
    }

    /// Whether it is waited for.
    fn is_awaited(&self, now: UnixMillis) -> bool {
        self.sight.is_none() && now < self.asked.plus(SURVEY_WITHIN)
    }
}

impl Scouts {
    /// What a look came to that is not of the past.
    pub(super) fn fresh(&self, key: &Key, now: UnixMillis) -> Option<Sight> {
        self.0.get(key).filter(|scout| scout.is_fresh(now)).and_then(|scout| scout.sight.clone())
    }

    /// What is asked before anything is decided; nothing where a look is there, or none came in time.
    pub(super) fn ask(
        &mut self,
        key: &Key,
        (target, order): (&TargetKey, Order),
        now: UnixMillis,
    ) -> Option<Vec<Effect>> {
        match self.0.get(key) {
            Some(scout) if scout.is_awaited(now) => Some(Vec::new()),
            Some(scout) if scout.is_fresh(now) => {
                self.overdue(now);
                None
            }
            Some(_) | None => {
                self.0.insert(key.clone(), Scout { target: target.clone(), asked: now, sight: None });
                Some(vec![Effect::Survey { key: key.clone(), order: Box::new(order) }])
            }
        }
    }

    /// Something is done on a look: the object is another one from then on.
    pub(super) fn spent(&mut self, key: &Key) {
        self.0.remove(key);
    }

    /// Whether a look at the object of a target is waited for.
    pub(super) fn is_awaited(&self, target: &TargetKey, now: UnixMillis) -> bool {
        self.0.values().any(|scout| scout.target == *target && scout.is_awaited(now))
    }

    /// A look came to this. The target it is about; nothing where nobody waits for it any more.
    fn came(&mut self, key: &Key, sight: Sight) -> Option<TargetKey> {
        let scout = self.0.get_mut(key)?;
        scout.sight = Some(sight);
        Some(scout.target.clone())
    }

    /// Ends the waits that have lasted long enough, and lets go of looks of the past. The actions and targets of the waits.
    fn overdue(&mut self, now: UnixMillis) -> Vec<(Key, TargetKey)> {
        self.0.retain(|_, scout| now < scout.asked.plus(KEPT));
        let mut late = Vec::new();
        for (key, scout) in &mut self.0 {
            if scout.sight.is_none() && !scout.is_awaited(now) {
                let why = format!("its platform did not answer within {SURVEY_WITHIN}");
                scout.sight = Some(Sight::Unseen(why));
                late.push((key.clone(), scout.target.clone()));
            }
        }
        late
    }
}

impl Engine {
    /// What is wanted of the object of a change's target; nothing where the action touches none, or there is none that
    /// it can be carried out on.
    pub(super) fn order(&self, change: &Change, action: &Action, now: UnixMillis) -> Option<Order> {
        let does = action.deed.on_object()?;
        let target = self.program.target(&change.target)?;
        let object = target.object.clone().filter(|object| does.is_carried_out_on(object.kind))?;
        Some(Order {
            object,
            cluster: target.cluster.clone(),
            gitops: target.gitops.clone(),
            through: target.through.clone(),
            does,
            version: change.version.clone(),
            commit: change.git_sha.clone(),
            vouched: self.past.with_commits(&change.target, self.past.vouched(&change.target)),
            quarantined: self.past.with_commits(&change.target, self.past.quarantined(change)),
            holds: self.past.holds(&change.target),
            at: now,
        })
    }

    /// A look at an object came to something.
    pub(super) fn surveyed(&mut self, key: &Key, sight: Sight, now: UnixMillis) -> Vec<Effect> {
        let target = self.scouts.came(key, sight);
        target.map(|target| self.scouted(key, &target, now)).unwrap_or_default()
    }

    /// Decides without the looks that did not come.
    pub(super) fn unsurveyed(&mut self, now: UnixMillis) -> Vec<Effect> {
        let late = self.scouts.overdue(now);
        late.into_iter().flat_map(|(key, target)| self.scouted(&key, &target, now)).collect()
    }

    fn scouted(&mut self, key: &Key, target: &TargetKey, now: UnixMillis) -> Vec<Effect> {
        let waited: Vec<CellId> =
            self.of(target).filter(|cell| !cell.is_over()).map(|cell| cell.id).collect();
        let mut effects: Vec<Effect> =
            waited.into_iter().flat_map(|id| self.settle_or_wind_up(id, now)).collect();
        effects.extend(self.rested(key, now));
        effects
    }
}
