//! Targets: what may be watched, found by its key.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::decision::Claimant;
use crate::gate::Target;
use crate::signal::TargetKey;

/// Targets in the order in which they are written, no two of one key. There may be ten thousand, each of which is looked
/// up at every look.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    all: Vec<Target>,
    places: BTreeMap<TargetKey, usize>,
    services: BTreeMap<String, Vec<usize>>,
    /// How many services there are in each environment.
    environments: BTreeMap<Option<String>, u32>,
    /// Those that alerts may find: each by the one of its labels that the fewest others share.
    by_alert: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

impl Targets {
    /// The one of this key.
    pub fn of(&self, key: &TargetKey) -> Option<&Target> {
        self.all.get(self.place(key)?)
    }

    /// Those of a service.
    pub fn named(&self, service: &str) -> impl Iterator<Item = &Target> {
        self.services.get(service).into_iter().flatten().filter_map(|place| self.all.get(*place))
    }

    /// How many services there are in an environment.
    pub fn services_in(&self, environment: Option<&str>) -> u32 {
        self.environments.get(&environment.map(str::to_owned)).copied().unwrap_or_default()
    }

    /// Its number among them.
    pub fn place(&self, key: &TargetKey) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// Whose an alert with these labels is: the target's of which it carries every pair of `alerts`; of two such targets
    /// the one that says more.
    pub fn claimant(&self, labels: &BTreeMap<String, String>) -> Claimant {
        let carries =
            |target: &&Target| target.alerts.iter().all(|(label, value)| labels.get(label) == Some(value));
        let places =
            labels.iter().filter_map(|(label, value)| self.by_alert.get(label)?.get(value)).flatten();
        let found: Vec<&Target> = places.filter_map(|place| self.all.get(*place)).filter(carries).collect();
        let most = found.iter().map(|target| target.alerts.len()).max().unwrap_or_default();
        let mut best: Vec<TargetKey> =
            found.iter().filter(|target| target.alerts.len() == most).map(|target| target.to_key()).collect();
        match best.pop() {
            None => Claimant::Nobody,
            Some(only) if best.is_empty() => Claimant::Target(only),
            Some(last) => {
                best.push(last);
                best.sort();
                Claimant::Several(best)
            }
        }
    }
}

impl From<Vec<Target>> for Targets {
    fn from(all: Vec<Target>) -> Self {
        let (mut places, mut services) = (BTreeMap::new(), BTreeMap::<String, Vec<usize>>::new());
        let mut apart: BTreeMap<Option<String>, BTreeSet<&str>> = BTreeMap::new();
        for (place, target) in all.iter().enumerate() {
            places.entry(target.to_key()).or_insert(place);
            services.entry(target.service.clone()).or_default().push(place);
            apart.entry(target.environment.clone()).or_default().insert(&target.service);
        }
        let count = |services: BTreeSet<&str>| u32::try_from(services.len()).unwrap_or(u32::MAX);
        let environments = apart.into_iter().map(|(name, services)| (name, count(services))).collect();
        let by_alert = by_alert(&all);
        Self { all, places, services, environments, by_alert }
    }
}

impl FromIterator<Target> for Targets {
    fn from_iter<I: IntoIterator<Item = Target>>(targets: I) -> Self {
        targets.into_iter().collect::<Vec<_>>().into()
    }
}

impl Deref for Targets {
    type Target = [Target];

    fn deref(&self) -> &[Target] {
        &self.all
    }
}

/// Where each target that alerts may find stands. Ten thousand of them share a cluster and a severity; an alert that is
/// held against all of those would keep whatever else happens waiting.
fn by_alert(all: &[Target]) -> BTreeMap<String, BTreeMap<String, Vec<usize>>> {
    let mut shared: BTreeMap<(&String, &String), usize> = BTreeMap::new();
    for pair in all.iter().flat_map(|target| &target.alerts) {
        *shared.entry(pair).or_default() += 1;
    }
    let mut found: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
    for (place, target) in all.iter().enumerate() {
        let rarest = target.alerts.iter().min_by_key(|pair| shared.get(pair).copied().unwrap_or_default());
        if let Some((label, value)) = rarest {
            found.entry(label.clone()).or_default().entry(value.clone()).or_default().push(place);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unit::{Extent, FileId, Place};
    use proptest::prelude::*;

    fn target(service: usize, alerts: &[(u8, u8)]) -> Target {
        let place = Place { file: FileId(0), extent: Extent::default() };
        Target {
            place,
            service: format!("s{service}"),
            environment: None,
            cluster: None,
            source: None,
            select: BTreeMap::new(),
            alerts: labels(alerts),
            labels: BTreeMap::new(),
            object: None,
            gitops: None,
            through: None,
            depends_on: Vec::new(),
            owner: None,
        }
    }

    fn labels(pairs: &[(u8, u8)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(label, value)| (format!("l{label}"), format!("v{value}"))).collect()
    }

    proptest! {
        /// By whichever of its labels a target is found, it is the one that all of them find.
        #[test]
        fn an_alert_finds_what_says_most_of_it(
            targets in proptest::collection::vec(proptest::collection::vec((0_u8..4, 0_u8..2), 0..4), 0..8),
            carried in proptest::collection::vec((0_u8..4, 0_u8..2), 0..5),
        ) {
            let all: Vec<Target> =
                targets.iter().enumerate().map(|(index, alerts)| target(index, alerts)).collect();
            let labels = labels(&carried);
            let says = |target: &&Target| {
                !target.alerts.is_empty()
                    && target.alerts.iter().all(|(label, value)| labels.get(label) == Some(value))
            };
            let fitting: Vec<&Target> = all.iter().filter(says).collect();
            let most = fitting.iter().map(|target| target.alerts.len()).max();
            let mut best: Vec<TargetKey> = fitting
                .iter()
                .filter(|target| Some(target.alerts.len()) == most)
                .map(|target| target.to_key())
                .collect();
            best.sort();
            let expected = match best.as_slice() {
                [] => Claimant::Nobody,
                [only] => Claimant::Target(only.clone()),
                _ => Claimant::Several(best),
            };
            prop_assert_eq!(Targets::from(all.clone()).claimant(&labels), expected);
        }
    }
}
