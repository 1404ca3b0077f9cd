//! Decisions: which actions there are, and which verdict leads to which of them within what limits.
//!
//! [`decide()`] is the whole of it: a [`Case`] holds every fact, each guard looks at it, and the [`Ruling`] says what is
//! done and which guards spoke. What is to be done becomes an [`Intention`], which the ledger may still refuse.

mod matter;
mod templated;
mod action;
mod body;
mod texts;
mod seal;
mod policy;
mod order;
mod aim;
mod misfit;
mod sight;
mod limit;
mod freeze;
mod hosts;
mod consent;
mod announced;
mod case;
mod ruling;
mod guard;
mod decide;
mod intention;
mod recovery;
mod incident;
mod switches;
mod authorship;

pub use action::{
    Action, Answering, Approval, Body, BodyValue, Deed, Kind, Method, Revision, Verification, Webhook,
};
pub use aim::{Aim, Edition, Identity, KeeperStep, MOST_STEPS, Progress, StepName};
pub use announced::{Announced, LONGEST_FREEZE, MOST_FREEZES};
pub use authorship::{Authorship, LONGEST_WORDS};
pub use body::{MOST_OF_A_BODY, fill};
pub use case::{Budget, Case, Irreversible, Occasion, Share, Suspect, Wish};
pub use consent::Consent;
pub use decide::decide;
pub use freeze::{During, Freeze, Frozen, LONGEST_WHY, Moment, MomentError, Offset, OffsetError};
pub use hosts::{Host, HostName, HostNameError, Hosts, OutOfReach};
pub use incident::{Alarm, Alerts, Claimant, Incident, IncidentKey, Led, LedTo};
pub use intention::{
    Answer, CellId, Claim, DecisionId, DecisionIdError, Intention, Key, Outcome, Page, Refusal,
};
pub use limit::{Limits, Scope};
pub use matter::Matter;
pub use misfit::Misfit;
pub use order::{Move, Order};
pub use policy::{Act, Mode, Policy, Rung, Undecided, Weak};
pub use recovery::Recovery;
pub use ruling::{Course, Held, Ruling};
pub use seal::{Digits, Form, Part, Seal, SealError, Sealed};
pub use sight::{Seen, Sight};
pub use switches::{Off, Offs, Switches, Turn};
pub use templated::{Filling, Templated};

pub use crate::template::{Answers, Found, MOST_QUERIES};
