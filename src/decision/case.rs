//! A case: every fact that a decision rests on, and nothing else. It is recorded whole, so that the same decision
//! can be made from it again.

use std::collections::BTreeSet;

use crate::decision::action::{Approval, Kind};
use crate::decision::consent::Consent;
use crate::decision::freeze::Frozen;
use crate::decision::incident::Alarm;
use crate::decision::limit::Scope;
use crate::decision::policy::{Mode, Weak};
use crate::decision::sight::Sight;
use crate::gate::Release;
use crate::signal::{ChangeId, Provenance};
use crate::unit::{Confidence, Name, Rate, Span, UnixMillis};

/// The facts of a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// When it is decided.
    pub at: UnixMillis,
    /// What the policy wants.
    pub wish: Wish,
    /// Where the release stands: all gates that watch the change, together.
    pub release: Release,
    /// How far automation may go here: the lowest of the server's mode, of what its file is trusted with, and of the
    /// gate's own.
    pub mode: Mode,
    /// Why automation is switched off, where it is.
    pub switched_off: Option<String>,
    /// Why it is off for the service, where it is for that alone.
    pub service_off: Option<String>,
    /// Since when the ledger is doubted, where it is.
    pub doubted: Option<UnixMillis>,
    /// The freeze that holds here now.
    pub frozen: Option<Frozen>,
    /// Whether nothing is known to have run there before the change.
    pub first: bool,
    /// The change that cannot be undone, of those that would be: the last of them.
    pub irreversible: Option<Irreversible>,
    /// How backstop came to know of the change.
    pub provenance: Provenance,
    /// Whether the version that the change brought already ran here: then it is somebody's rollback.
    pub ran_before: bool,
    /// When the last look was that this rests on, where that is more than two looks ago.
    pub stale: Option<UnixMillis>,
    /// Weak evidence that this rests on alone, unless the policy says that it may.
    pub weak: BTreeSet<Weak>,
    /// The key of an action on the same target that has not ended.
    pub in_flight: Option<String>,
    /// The key of an action for the same change of which nobody saw whether it worked.
    pub unverified: Option<String>,
    /// How much of each budget is spent.
    pub budgets: Vec<Budget>,
    /// When the same target was last acted on, but for this change.
    pub last_acted: Option<UnixMillis>,
    /// How long to wait after that.
    pub cooldown: Span,
    /// How many other changes are being undone now, or would be if nothing held them.
    pub undone_now: u32,
    /// How many may be.
    pub undone_at_once: Option<u32>,
    /// The change that took the place of the one that this is about.
    pub superseded: Option<ChangeId>,
    /// When backstop took the version back here that the change brought again.
    pub taken_back: Option<UnixMillis>,
    /// How sure an action of this kind has to be of a failure, by the server's word.
    pub floor: Option<Confidence>,
    /// Over what a budget counts that cannot be counted, since the target does not say of which it is one.
    pub unkeyed: Option<Scope>,
    /// What the target depends on, and fails as well after a change of its own.
    pub suspect: Option<Suspect>,
    /// How many services would be undone with this one.
    pub share: Option<Share>,
    /// Who agreed that it is done.
    pub consents: Vec<Consent>,
    /// Who said that it is not to be done.
    pub declined: Option<Name>,
    /// The alert that asks for it, where one does.
    pub alarm: Option<Box<Alarm>>,
    /// What a look at the target's object came to, where the action is done to that.
    pub sight: Option<Sight>,
}

/// A change that cannot be undone, by the word of whoever told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Irreversible {
    /// The change.
    pub change: ChangeId,
    /// What it brought.
    pub version: String,
    /// Whether it is the one that is judged.
    pub judged: bool,
}

/// A change that may be the cause, in place of the one that is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    /// Whose it is: a service that the target depends on.
    pub service: String,
    /// The change.
    pub change: ChangeId,
    /// What it brought.
    pub version: String,
}

/// A part of the services of an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// How many would be undone, or were a short while ago, the one in question among them.
    pub undone: u32,
    /// Of how many.
    pub services: u32,
    /// How many may be.
    pub most: u32,
}

/// What a policy wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Nothing: the verdict is recorded, and that is all.
    Nothing,
    /// That a person is asked.
    Ask,
    /// That this is done.
    Do {
        /// The action.
        action: Name,
        /// What it is for.
        kind: Kind,
        /// Who has to agree.
        approval: Approval,
        /// Whether backstop can carry it out by itself.
        able: bool,
    },
}

/// A budget and how much of it is spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Of which action; none: of every action that changes a target.
    pub of: Option<Name>,
    /// Over what it counts.
    pub scope: Scope,
    /// How often.
    pub rate: Rate,
    /// How often it was in the stretch that ends now.
    pub spent: u32,
}

/// What led to a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Occasion {
    /// A failed verdict.
    Fail {
        /// The confidence of the rung that it reached; none where it reached none.
        rung: Option<Confidence>,
    },
    /// A threshold that is broken, without any confidence.
    Breach,
    /// A passed one.
    Pass,
    /// None in time.
    Inconclusive,
    /// A failed one on a target's first release.
    FirstRelease,
    /// An alert: nothing was judged.
    Alerted,
}
