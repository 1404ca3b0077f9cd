//! HTTP: who may ask, what may be asked, and how much of it at once.
//!
//! [`serve()`] takes connections within [`Limits`], [`router()`] leads each request to the [`Desk`] behind it: if
//! [`Access`] knows who asks, and they may.

mod accept;
mod auth;
mod problem;
mod tls;
mod body;
mod changes;
mod alerts;
mod samples;
mod query;
mod listeners;
mod api;
#[cfg(test)]
mod tests;

pub use accept::{Counters, Limits, serve, serve_at};
pub use alerts::{LARGEST_ALERTS, MOST_ALERTS, MOST_LABELS, read as read_alerts};
pub use api::{
    ALERTS_AT_ONCE, CHANGES_AT_ONCE, Desk, NotFrozen, NotReloaded, NotSwitched, Pending, Recorded, Reloaded,
    Unavailable, WRITES_AT_ONCE, WriteError, router,
};
pub use auth::{Access, BindError, Caller, Certified, SameToken, Token, may_bind};
pub use changes::{EARLIEST, LATEST, Shown as ChangeShown, read as read_change, shown as change_shown};
pub use listeners::{KEPT, Listeners, MOST_LISTENERS};
pub use problem::Problem;
pub use query::{Asked, LONGEST_QUERY, MOST_STEPS, Refused};
pub use tls::{Door, DoorError, DoorFiles};
