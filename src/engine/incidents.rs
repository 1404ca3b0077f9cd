//! Incidents: alerts that fire, and those that did a short while ago. An alert is one incident from its first firing until it
//! is resolved, whoever tells of it and however often.

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::{Alarm, CellId, Claimant, Incident, IncidentKey, LedTo};
use crate::signal::{Alert, Fingerprint, Provenance};
use crate::unit::UnixMillis;

/// How many incidents are open at most; of more, the one that was heard of longest ago is let go of.
pub const MOST_OPEN: usize = 10_000;

/// How many that are over are kept for whoever asks, and to know what comes late; the ledger keeps them all.
pub const MOST_RESOLVED: usize = 1_000;

/// What is known of alerts.
#[derive(Debug, Clone, Default)]
pub struct Incidents {
    open: BTreeMap<IncidentKey, Open>,
    over: BTreeMap<IncidentKey, Incident>,
    /// The open incidents that led to a cell.
    behind: BTreeMap<CellId, BTreeSet<IncidentKey>>,
    /// What became of all alerts since the process began.
    pub(super) outcomes: Outcomes,
}

/// An incident that is open.
#[derive(Debug, Clone)]
pub struct Open {
    /// The incident.
    pub incident: Incident,
    /// When it was told of last.
    pub heard: UnixMillis,
}

/// What became of alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Alerts of a target that were not known.
    pub taken: u64,
    /// Alerts of which nothing was new.
    pub merged: u64,
    /// Alerts that are over.
    pub resolved: u64,
    /// Alerts that were not known and are no target's.
    pub unclaimed: u64,
    /// Alerts that were not known and could be of several targets.
    pub ambiguous: u64,
    /// Alerts that nobody told of, as there were too many.
    pub left_out: u64,
}

impl Outcomes {
    /// What came since these.
    pub const fn since(&self, before: &Self) -> Self {
        Self {
            taken: self.taken - before.taken,
            merged: self.merged - before.merged,
            resolved: self.resolved - before.resolved,
            unclaimed: self.unclaimed - before.unclaimed,
            ambiguous: self.ambiguous - before.ambiguous,
            left_out: self.left_out - before.left_out,
        }
    }

    /// Each with its word.
    pub const fn each(&self) -> [(&'static str, u64); 6] {
        [
            ("taken", self.taken),
            ("merged", self.merged),
            ("resolved", self.resolved),
            ("unclaimed", self.unclaimed),
            ("ambiguous", self.ambiguous),
            ("left_out", self.left_out),
        ]
    }
}

impl Incidents {
    /// Those that are open.
    pub fn open(&self) -> impl ExactSizeIterator<Item = &Open> {
        self.open.values()
    }

    /// Those that are over, as far as they are kept.
    pub fn over(&self) -> impl Iterator<Item = &Incident> {
        self.over.values()
    }

    /// What became of all alerts since the process began.
    pub const fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// The alert behind a cell: of several the one that was told by somebody known, and first. Nothing where none fires.
    pub fn alarm(&self, cell: CellId) -> Option<Alarm> {
        let keys = self.behind.get(&cell)?;
        let open = keys.iter().filter_map(|key| self.open.get(key));
        let known = |open: &&Open| open.incident.provenance != Provenance::Authenticated;
        let first = open.clone().min_by_key(|open| (known(open), open.incident.at))?;
        let heard = open.map(|open| open.heard).max()?;
        let Incident { alert, by, provenance, .. } = &first.incident;
        Some(Alarm {
            name: alert.name().to_owned(),
            fingerprint: alert.fingerprint.0.clone(),
            starts: alert.starts,
            heard,
            by: by.clone(),
            provenance: *provenance,
            rule: first.incident.led_to(cell)?.rule.clone(),
            others: u32::try_from(keys.len().saturating_sub(1)).unwrap_or(u32::MAX),
        })
    }

    /// Hears of an alert that fires. Whether nothing of it is new: it is open, or is over and began before it was.
    pub(super) fn merges(&mut self, key: &IncidentKey, alert: &Alert, now: UnixMillis) -> bool {
        if let Some(open) = self.open.get_mut(key) {
            // Two that evaluate one rule do not find it at the same moment.
            open.incident.alert.starts = open.incident.alert.starts.min(alert.starts);
            open.heard = now;
            return true;
        }
        // The other one of a pair may be late to tell what is over.
        let ended = self.over.get(key).and_then(|over| over.alert.ends.or(over.resolved));
        ended.is_some_and(|ended| alert.starts <= ended)
    }

    /// Takes in an incident that is open.
    pub(super) fn insert(&mut self, incident: Incident, heard: UnixMillis) {
        let key = incident.key();
        for cell in incident.led.iter().filter_map(|led| led.to.cell()) {
            self.behind.entry(cell).or_default().insert(key.clone());
        }
        self.over.remove(&key);
        self.open.insert(key, Open { incident, heard });
        if MOST_OPEN < self.open.len() {
            let oldest = self.open.iter().min_by_key(|(_, open)| open.heard).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.take(&key));
        }
    }

    /// The open incidents of an alert: what it is told of may have become another target's since.
    pub(super) fn of(&self, fingerprint: &Fingerprint) -> Vec<IncidentKey> {
        let first = (fingerprint.clone(), None);
        self.open
            .range(first..)
            .map(|(key, _)| key)
            .take_while(|key| key.0 == *fingerprint)
            .cloned()
            .collect()
    }

    /// An incident is over.
    pub(super) fn resolve(
        &mut self,
        key: &IncidentKey,
        ends: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Option<Incident> {
        let mut incident = self.take(key)?;
        incident.alert.ends = Some(ends.unwrap_or(now).min(now));
        incident.resolved = Some(now);
        self.keep(incident.clone());
        Some(incident)
    }

    /// What the ledger says of an alert.
    pub(super) fn recall(&mut self, incident: Incident) {
        if incident.resolved.is_some() {
            self.take(&incident.key());
            self.keep(incident);
        } else {
            let heard = incident.at;
            self.insert(incident, heard);
        }
    }

    fn keep(&mut self, incident: Incident) {
        self.over.insert(incident.key(), incident);
        if MOST_RESOLVED < self.over.len() {
            let oldest = self.over.iter().min_by_key(|(_, over)| over.resolved).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.over.remove(&key));
        }
    }

    fn take(&mut self, key: &IncidentKey) -> Option<Incident> {
        let open = self.open.remove(key)?;
        for cell in open.incident.led.iter().filter_map(|led| led.to.cell()) {
            if let Some(behind) = self.behind.get_mut(&cell) {
                behind.remove(key);
                if behind.is_empty() {
                    self.behind.remove(&cell);
                }
            }
        }
        Some(open.incident)
    }
}

impl LedTo {
    /// The cell that it led to.
    pub(super) const fn cell(&self) -> Option<CellId> {
        match self {
            Self::Began(cell) | Self::Asked(cell) => Some(*cell),
            Self::Nothing(_) => None,
        }
    }
}

impl Outcomes {
    /// An alert was not known.
    pub(super) const fn count_new(&mut self, of: &Claimant) {
        match of {
            Claimant::Target(_) => self.taken += 1,
            Claimant::Nobody => self.unclaimed += 1,
            Claimant::Several(_) => self.ambiguous += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(number: usize, at: i64) -> Incident {
        let alert = Alert {
            fingerprint: Fingerprint(format!("f{number:06}")),
            starts: UnixMillis::new(at),
            ends: None,
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            link: None,
        };
        let (of, by, provenance) = (Claimant::Nobody, "am".to_owned(), Provenance::Authenticated);
        let led = Vec::new();
        Incident { alert, of, at: UnixMillis::new(at), by, provenance, left_out: 0, resolved: None, led }
    }

    #[test]
    fn of_too_many_the_one_that_was_heard_of_longest_ago_is_let_go_of() {
        let mut incidents = Incidents::default();
        for number in 0..MOST_OPEN {
            let at = i64::try_from(number).unwrap();
            incidents.insert(incident(number, at), UnixMillis::new(at));
        }
        // The first one is told of again.
        let first = incident(0, 0);
        let now = UnixMillis::new(1_000_000);
        assert!(incidents.merges(&first.key(), &first.alert, now));
        incidents.insert(incident(MOST_OPEN, 1_000_001), UnixMillis::new(1_000_001));
        assert_eq!(incidents.open().len(), MOST_OPEN);
        assert!(incidents.of(&first.alert.fingerprint) == [first.key()]);
        assert!(incidents.of(&Fingerprint("f000001".to_owned())).is_empty());
        for number in 0..=MOST_RESOLVED {
            let ended = UnixMillis::new(2_000_000 + i64::try_from(number).unwrap());
            assert!(number == 1 || incidents.resolve(&incident(number, 0).key(), None, ended).is_some());
        }
        assert_eq!(incidents.over().count(), MOST_RESOLVED);
    }

    #[test]
    fn what_began_before_it_was_over_is_the_same_one() {
        let mut incidents = Incidents::default();
        let one = incident(1, 100);
        let now = UnixMillis::new;
        let fires = |incidents: &mut Incidents, starts: i64| {
            incidents.merges(&one.key(), &incident(1, starts).alert, now(900))
        };
        assert!(!fires(&mut incidents, 100));
        incidents.insert(one.clone(), now(110));
        assert!(fires(&mut incidents, 95), "another of a pair saw it earlier");
        assert_eq!(incidents.open().next().unwrap().incident.alert.starts, now(95));
        assert_eq!(incidents.open().next().unwrap().heard, now(900));
        let over = incidents.resolve(&one.key(), Some(now(500)), now(600)).unwrap();
        assert_eq!((over.alert.ends, over.resolved), (Some(now(500)), Some(now(600))));
        for (starts, merged) in [(100, true), (500, true), (501, false)] {
            assert_eq!(fires(&mut incidents, starts), merged, "{starts}");
        }
        // The same after a restart.
        let mut again = Incidents::default();
        again.recall(one.clone());
        again.recall(over);
        assert_eq!((fires(&mut again, 500), fires(&mut again, 501), again.open().len()), (true, false, 0));
    }
}
