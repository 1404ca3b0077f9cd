//! Targets: what may be watched, found by its key.

use std::collections::BTreeMap;
use std::ops::Deref;

use crate::gate::Target;
use crate::signal::TargetKey;

/// Targets in the order in which they are written, no two of one key. There may be ten thousand, each of which is looked
/// up at every look.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    all: Vec<Target>,
    places: BTreeMap<TargetKey, usize>,
}

impl Targets {
    /// The one of this key.
    pub fn of(&self, key: &TargetKey) -> Option<&Target> {
        self.all.get(self.place(key)?)
    }

    /// Its number among them.
    pub fn place(&self, key: &TargetKey) -> Option<usize> {
        self.places.get(key).copied()
    }
}

impl From<Vec<Target>> for Targets {
    fn from(all: Vec<Target>) -> Self {
        let mut places = BTreeMap::new();
        for (place, target) in all.iter().enumerate() {
            places.entry(target.to_key()).or_insert(place);
        }
        Self { all, places }
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
