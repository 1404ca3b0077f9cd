//! Consents: people who agreed that something is done which a guard would ask about.

use std::collections::BTreeSet;

use crate::decision::ruling::Held;
use crate::unit::{Name, UnixMillis};

/// Somebody agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Who.
    pub by: Name,
    /// When.
    pub at: UnixMillis,
    /// The words of the guards that they were shown: what speaks besides later was not agreed to.
    pub lifts: BTreeSet<String>,
}

impl Held {
    /// How many different people have to agree before it holds no more; nothing where no agreement lifts it.
    pub const fn people(&self) -> Option<usize> {
        match self {
            Self::NeedsApproval { people } => Some(*people as usize),
            Self::ModeAsks
            | Self::RanBefore
            | Self::FirstRelease
            | Self::Irreversible(_)
            | Self::WeakEvidence(_)
            | Self::BelowFloor(_)
            | Self::CoolingDown { .. }
            | Self::Suspect(_)
            | Self::SharedCause { .. }
            | Self::TooMany(_) => Some(1),
            Self::SwitchedOff(_)
            | Self::ServiceOff(_)
            | Self::Shadow
            | Self::Doubted(_)
            | Self::Frozen(_)
            | Self::Unattested
            | Self::UnattestedAlert
            | Self::Superseded(_)
            | Self::Declined(_)
            | Self::TakenBack(_)
            | Self::Stale(_)
            | Self::Unkeyed(_)
            | Self::InFlight(_)
            | Self::Unverified(_)
            | Self::Budget(_)
            | Self::Unseen(_)
            | Self::Unfit(_)
            | Self::Reconciled { .. }
            | Self::Unable => None,
        }
    }

    /// Who agreed to lift it.
    pub fn agreed<'a>(&self, consents: &'a [Consent]) -> Vec<&'a Consent> {
        consents.iter().filter(|consent| consent.lifts.contains(self.word())).collect()
    }

    /// Whether enough people agreed to it. One who agrees twice is one.
    pub(super) fn is_lifted(&self, consents: &[Consent]) -> bool {
        let people: BTreeSet<&Name> = self.agreed(consents).into_iter().map(|consent| &consent.by).collect();
        self.people().is_some_and(|needed| needed <= people.len())
    }
}
