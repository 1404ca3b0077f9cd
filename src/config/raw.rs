//! Rule and server files exactly as they are written: every key, nothing checked yet.
//!
//! One mirror serves three ends: reading (unknown keys are findings), the JSON Schema that editors complete from,
//! and layering, by which a gate takes whole keys from the one it extends and from the defaults.

mod layer;
mod gate;
mod check;
mod action;
mod rollout;
mod incident;
mod server;
pub(crate) mod groups;
mod whole;

pub(crate) use action::{Action, Limits, Verify, Webhook};
pub(crate) use check::{Check, Proportion, Quantile, Slow};
pub(crate) use gate::{Begins, Ends, Gate, Inconclusive, Rung, Then, Tracks};
pub(crate) use incident::Incident;
pub(crate) use layer::Layer;
pub(crate) use rollout::{BlueGreen, OnFail, Rollout, Step};
pub(crate) use server::{Basic, Freeze, Host, Listening, OAuth2, Source, Target, Tls};
pub(crate) use whole::{Defaults, File, RolloutDefaults};
