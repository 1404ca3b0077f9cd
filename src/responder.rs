//! Responder: one attempt to have an action carried out, and what came of it.
//!
//! [`payload`](Message) says what is asked, [`sign`](SigningKey) proves who asks, and a [`Responder`] sends it: once. Whether
//! there is another attempt is decided where the evidence is, never here. What is done to an object is planned by its
//! [adapter](object::Adapter) and sent to its [`Platforms`].

pub mod object;
pub mod argocd;
pub mod flux;
pub mod kubernetes;
mod platform;
mod platforms;
mod payload;
mod resolve;
mod seal;
mod sign;
mod webhook;

pub use payload::{Call, Event, Message, json};
pub use platform::{LARGEST_READ, Platform, READ_WITHIN};
pub use platforms::Platforms;
pub use resolve::{Found, Lookup, Machine, Reach};
pub use seal::Seal;
pub use sign::{Forged, KeyError, SigningKey, Stamp, stamp, verify};
pub use webhook::{
    CONNECT, EXCERPT, Request, Responder, ResponderError, Stop, certified, client, client_with, shown,
};
