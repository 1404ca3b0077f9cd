//! Responder: one attempt to have an action carried out, and what came of it.
//!
//! [`payload`](Message) says what is asked, [`sign`](SigningKey) proves who asks, and a [`Responder`] sends it: once. Whether
//! there is another attempt is decided where the evidence is, never here.

mod payload;
mod sign;
mod webhook;

pub use payload::{Event, Message, json};
pub use sign::{Forged, KeyError, SigningKey, Stamp, stamp, verify};
pub use webhook::{CONNECT, EXCERPT, Request, Responder, ResponderError, client, client_with};
