//! Clients: what a server is asked with, as its certificates are at the time.

use std::fmt;
use std::sync::Arc;

use reqwest::Client;

/// A client that may be another one with each use: certificates that were changed in their place count from then on.
#[derive(Clone)]
pub struct Clients(Arc<dyn Fn() -> Client + Send + Sync>);

impl Clients {
    /// One that is had so. That has to be a matter of microseconds where nothing was changed.
    pub fn new(now: impl Fn() -> Client + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// The client as it is now. Those that are alike share their connections.
    pub fn now(&self) -> Client {
        (self.0)()
    }
}

impl From<Client> for Clients {
    fn from(client: Client) -> Self {
        Self::new(move || client.clone())
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients")
    }
}
