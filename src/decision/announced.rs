//! Freezes that somebody announces to a backstop that runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::decision::action::Kind;
use crate::decision::freeze::{During, Freeze};
use crate::gate::Match;
use crate::unit::{Name, Pattern, Span, UnixMillis};

/// How long one lasts at most: a longer one belongs into the server file, where it is seen by whoever changes that.
pub const LONGEST_FREEZE: Span = Span::from_secs(30 * 24 * 3_600);

/// How many hold at once at most.
pub const MOST_FREEZES: usize = 100;

/// A freeze that was announced. Lifting one is announcing that it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// What it is called.
    pub name: Name,
    /// Why there is one.
    pub why: String,
    /// Who said so, or lifted it.
    pub by: String,
    /// When it begins.
    pub from: UnixMillis,
    /// When it is over.
    pub until: UnixMillis,
    /// The services that it is about, as patterns; none: all.
    pub services: Vec<String>,
    /// The environments, likewise.
    pub environments: Vec<String>,
    /// What it holds back.
    pub holds: BTreeSet<Kind>,
}

impl Announced {
    /// As a freeze.
    pub fn freeze(&self) -> Freeze {
        let mut keys = BTreeMap::new();
        for (key, patterns) in [("service", &self.services), ("environment", &self.environments)] {
            if !patterns.is_empty() {
                keys.insert(key.to_owned(), patterns.iter().map(|text| Pattern::new(text)).collect());
            }
        }
        Freeze {
            name: self.name.clone(),
            why: self.why.clone(),
            matches: Match::new(keys),
            holds: self.held(),
            during: During::Once { from: self.from, until: self.until },
        }
    }

    /// What it holds back. One that held everything before there were restarts holds these as well.
    fn held(&self) -> BTreeSet<Kind> {
        let mut held = self.holds.clone();
        let known = Kind::NAMED.iter().map(|(_, kind)| *kind).chain([Kind::Other]);
        let is_held = |kind: Kind| !kind.changes_target() || kind == Kind::Restart || held.contains(&kind);
        if known.into_iter().all(is_held) {
            held.insert(Kind::Restart);
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_held_everything_before_there_were_restarts_holds_them_too() {
        let changing = || Kind::NAMED.iter().map(|(_, kind)| *kind).filter(|kind| kind.changes_target());
        let before: BTreeSet<Kind> =
            changing().filter(|kind| *kind != Kind::Restart).chain([Kind::Other]).collect();
        let held = |holds: BTreeSet<Kind>| {
            let (from, until) = (UnixMillis::new(0), UnixMillis::new(1));
            let (name, why, by) = ("peak".parse().unwrap(), "busy".to_owned(), "jo".to_owned());
            let services = Vec::new();
            let freeze =
                Announced { name, why, by, from, until, services, environments: Vec::new(), holds }.freeze();
            freeze.holds.contains(&Kind::Restart)
        };
        assert!(held(before.clone()));
        assert!(!held(before.into_iter().filter(|kind| *kind != Kind::Pause).collect()));
        assert!(!held([Kind::Rollback].into()));
    }
}
