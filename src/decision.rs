//! Decisions: which actions there are, and which verdict leads to which of them within what limits.
//!
//! [`decide()`] is the whole of it: a [`Case`] holds every fact, each guard looks at it, and the [`Ruling`] says what is
//! done and which guards spoke. What is to be done becomes an [`Intention`], which the ledger may still refuse.

mod matter;
mod templated;
mod action;
mod body;
mod policy;
mod limit;
mod freeze;
mod case;
mod ruling;
mod guard;
mod decide;
mod intention;
mod authorship;

pub use action::{Action, Approval, Body, BodyValue, Deed, Kind, Method, Revision, Verification, Webhook};
pub use authorship::{Authorship, LONGEST_WORDS};
pub use body::{MOST_OF_A_BODY, fill};
pub use case::{Budget, Case, Occasion, Wish};
pub use decide::decide;
pub use freeze::{During, Freeze, Frozen, LONGEST_WHY, Moment, MomentError, Offset, OffsetError};
pub use intention::{Answer, CellId, Claim, DecisionId, DecisionIdError, Intention, Key, Outcome, Refusal};
pub use limit::{Limits, Scope};
pub use matter::Matter;
pub use policy::{Act, Mode, Policy, Rung, Undecided, Weak};
pub use ruling::{Course, Held, Ruling};
pub use templated::Templated;
