//! The responder, against whoever would like it to go elsewhere.
#![expect(clippy::unwrap_used, reason = "a test that cannot have its server has failed")]

#[path = "responder/reach.rs"]
mod reach;
