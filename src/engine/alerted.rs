//! Alerts: what they may do. One begins a gate on the last change of its target, or has something asked for. It is evidence
//! that something is wrong, and none that a change did it; so it only ever leads to what its rule says, past all guards.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::decision::{Alerts, CellId, Claimant, Incident, Led, LedTo};
use crate::engine::cell::Cell;
use crate::engine::event::{Effect, Notice};
use crate::engine::program::Response;
use crate::engine::step::Engine;
use crate::gate::Ending;
use crate::ledger::Record;
use crate::signal::{Alert, Change, Notification, TargetKey};
use crate::unit::{Span, UnixMillis};

/// How long after it was heard of last an alert counts as firing now: whatever it asks for is not begun after that.
pub const FIRING: Span = Span::from_secs(300);

/// The share of the evidence of a gate that an alert begins. Its proof is its own: those that watch the change from its
/// beginning had theirs shared out when nobody knew of this one.
const WHOLE: f64 = 1.0;

/// A cell that an alert leads to.
struct Begin {
    id: CellId,
    watch: usize,
    change: Arc<Change>,
}

impl Engine {
    /// Alerts were told of.
    pub(super) fn alerted(&mut self, told: Notification, now: UnixMillis) -> Vec<Effect> {
        let Notification { alerts, by, provenance, left_out } = told;
        let counted = &mut self.incidents.outcomes.left_out;
        *counted = counted.saturating_add(left_out);
        let (mut effects, mut begin, mut end) = (Vec::new(), Vec::new(), BTreeSet::new());
        for alert in alerts {
            if alert.ends.is_some() {
                effects.extend(self.resolves(&alert, &mut end, now));
                continue;
            }
            let of = self.program.targets.claimant(&alert.labels);
            let (led, by) = (Vec::new(), by.clone());
            let incident = Incident { alert, of, at: now, by, provenance, left_out, resolved: None, led };
            effects.extend(self.fires(incident, &mut begin, now));
        }
        // However many alerts ask for one thing, it is decided on once.
        effects.extend(begin.into_iter().flat_map(|begin| self.begins(begin, now)));
        effects.extend(end.into_iter().flat_map(|id| self.wind_up(id, now)));
        effects
    }

    /// An alert fires. Of one that is known nothing follows: what it asked for was asked for.
    fn fires(&mut self, mut incident: Incident, begin: &mut Vec<Begin>, now: UnixMillis) -> Vec<Effect> {
        let key = incident.key();
        if self.incidents.merges(&key, &incident.alert, now) {
            self.incidents.outcomes.merged += 1;
            return Vec::new();
        }
        self.incidents.outcomes.count_new(&incident.of);
        if let Claimant::Target(target) = &incident.of {
            let change = self.past.last(target).cloned();
            let program = Arc::clone(&self.program);
            let Some(known) = program.target(target) else { return Vec::new() };
            let fits = |response: &&Response| response.alerts.fits(known, &incident.alert.labels);
            for response in program.responses.iter().filter(fits) {
                let to = match about(&response.alerts, &incident.alert, (target, change.as_ref())) {
                    Ok(change) => self.leads(response, (&incident, change), begin),
                    Err(why) => LedTo::Nothing(why),
                };
                incident.led.push(Led { rule: response.alerts.rule.clone(), to });
            }
        }
        self.incidents.insert(incident.clone(), now);
        let incident = Box::new(incident);
        vec![Effect::Write(now, Record::Alerted(incident.clone())), Effect::Tell(Notice::Alerted(incident))]
    }

    fn leads(
        &self,
        response: &Response,
        (incident, change): (&Incident, &Arc<Change>),
        begin: &mut Vec<Begin>,
    ) -> LedTo {
        let watch = response.begins;
        let Some(own) = self.program.watches.get(watch) else {
            return LedTo::Nothing("the rules have it no more".to_owned());
        };
        let gate = &own.gate.name;
        if !self.program.target(&change.target).is_some_and(|target| own.is_for(target, change)) {
            return LedTo::Nothing(format!("gate {gate} is not for such a change of that target"));
        }
        if own.asks() {
            let (target, fingerprint) = (&change.target, &incident.alert.fingerprint);
            let same = |cell: &&Cell| cell.is_asking() && cell.watch == watch && cell.change.id == change.id;
            let about = |begin: &&Begin| {
                (begin.watch, &begin.change.id, &begin.change.target) == (watch, &change.id, target)
            };
            if let Some(begin) = begin.iter().find(about) {
                return LedTo::Asked(begin.id);
            }
            let asking = self.of(target).find(same).map(|cell| cell.id);
            let new = || CellId::of_alert(gate, &change.id, (target, fingerprint), incident.at);
            let id = asking.unwrap_or_else(new);
            begin.push(Begin { id, watch, change: Arc::clone(change) });
            return LedTo::Asked(id);
        }
        let id = CellId::of(gate, &change.id, &change.target);
        if self.past.undid(&change.id) {
            return LedTo::Nothing(format!("change {} was taken back", change.id));
        }
        match self.cells.get(&id) {
            Some(cell) if cell.is_over() => LedTo::Nothing(format!("gate {gate} watched it already")),
            Some(_) => LedTo::Nothing(format!("gate {gate} watches it already")),
            None => {
                if begin.iter().all(|begin| begin.id != id) {
                    begin.push(Begin { id, watch, change: Arc::clone(change) });
                }
                LedTo::Began(id)
            }
        }
    }

    /// A cell begins that an alert led to; or another alert asks for the same.
    fn begins(&mut self, begin: Begin, now: UnixMillis) -> Vec<Effect> {
        let Begin { id, watch, change } = begin;
        let mut effects = Vec::new();
        if !self.cells.contains_key(&id) {
            let awaited = Record::Awaited {
                cell: id,
                gate: self.program.watches[watch].gate.name.clone(),
                change: change.id.clone(),
                target: change.target.clone(),
                at: now,
                share: Some(WHOLE),
                alarm: self.incidents.alarm(id).map(Box::new),
            };
            let cell = self.program.cell(id, watch, (change, Some(WHOLE)));
            self.insert(cell);
            effects.push(Effect::Write(now, awaited));
            effects.push(Effect::Tell(Notice::Awaited(id)));
        }
        if self.program.watches[watch].asks() {
            effects.extend(self.rule(id, now));
        }
        effects
    }

    /// An alert is over: what it asked for is not asked for any more. It never leads to anything else.
    fn resolves(&mut self, alert: &Alert, end: &mut BTreeSet<CellId>, now: UnixMillis) -> Vec<Effect> {
        let open = self.incidents.of(&alert.fingerprint);
        if open.is_empty() {
            self.incidents.outcomes.merged += 1;
            return Vec::new();
        }
        self.incidents.outcomes.resolved += 1;
        let mut effects = Vec::new();
        for key in open {
            let Some(incident) = self.incidents.resolve(&key, alert.ends, now) else { continue };
            end.extend(incident.led.iter().filter_map(|led| led.to.cell()));
            let incident = Box::new(incident);
            effects.push(Effect::Write(now, Record::Alerted(incident.clone())));
            effects.push(Effect::Tell(Notice::Alerted(incident)));
        }
        effects
    }

    /// What time brings to whatever an alert asks for: a guard may speak no more.
    pub(super) fn ask(&mut self, now: UnixMillis) -> Vec<Effect> {
        let asking = self.cells.values().filter(|cell| cell.is_asking()).map(|cell| cell.id);
        let fresh = |id: &CellId| self.unheard_since(*id, now).is_none();
        let asking: Vec<CellId> = asking.filter(fresh).collect();
        asking.into_iter().flat_map(|id| self.rule(id, now)).collect()
    }

    /// When the alert behind a cell was heard of last, where that is not now.
    pub(super) fn unheard_since(&self, id: CellId, now: UnixMillis) -> Option<UnixMillis> {
        self.incidents.alarm(id).map(|alarm| alarm.heard).filter(|heard| heard.plus(FIRING) < now)
    }

    /// Why what an alert asked for comes to its end.
    pub(super) fn stops_asking(&self, id: CellId) -> Option<Ending> {
        self.incidents.alarm(id).is_none().then_some(Ending::Resolved)
    }
}

/// The change that an alert may be about; where there is none, why.
fn about<'c>(
    alerts: &Alerts,
    alert: &Alert,
    (target, change): (&TargetKey, Option<&'c Arc<Change>>),
) -> Result<&'c Arc<Change>, String> {
    let change = change.ok_or_else(|| format!("no change of {target} is known"))?;
    if alert.starts < change.at {
        return Err(format!("the last change, {}, came after the alert began", change.id));
    }
    if change.at < alert.starts.minus(alerts.within) {
        return Err(format!(
            "the last change, {}, took effect more than {} before",
            change.id, alerts.within
        ));
    }
    Ok(change)
}
