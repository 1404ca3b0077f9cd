//! Decisions: which actions there are, which verdict leads to which of them, and within what limits.

mod action;
mod policy;
mod limit;

pub use action::{Action, Approval, Body, BodyValue, Deed, Kind, Method, Revision, Verification, Webhook};
pub use limit::{Limits, Scope};
pub use policy::{Act, Mode, Policy, Rung, Undecided, Weak};
