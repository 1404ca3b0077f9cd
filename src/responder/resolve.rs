//! Looking hosts up: of the addresses that a host has, only those are handed on at which it may be connected to.
//!
//! The addresses that are held against the list are the very ones that are connected to. Nobody looks the host up a second
//! time in between, so a name that changes from one answer to the next gains nothing.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::decision::{Hosts, OutOfReach};

/// The addresses of a host, once they are known.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Looks hosts up.
pub trait Lookup: Send + Sync {
    /// All addresses that a host has now.
    fn addresses(&self, host: &str) -> Found;
}

/// As the machine does it.
#[derive(Debug, Clone, Copy)]
pub struct Machine;

impl Lookup for Machine {
    fn addresses(&self, host: &str) -> Found {
        let host = host.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Where requests may go: the hosts as they are listed at the time, looked up.
#[derive(Clone)]
pub struct Reach {
    hosts: Arc<dyn Fn() -> Arc<Hosts> + Send + Sync>,
    lookup: Arc<dyn Lookup>,
}

impl Reach {
    /// To these hosts, asked for with each use.
    pub fn new(hosts: impl Fn() -> Arc<Hosts> + Send + Sync + 'static) -> Self {
        Self { hosts: Arc::new(hosts), lookup: Arc::new(Machine) }
    }

    /// The same, looked up by somebody else.
    pub fn looked_up_by(self, lookup: impl Lookup + 'static) -> Self {
        Self { lookup: Arc::new(lookup), ..self }
    }

    /// That something may be sent to this address, as far as it says where it leads.
    ///
    /// # Errors
    /// Where it may not.
    pub fn allow(&self, url: &str) -> Result<(), OutOfReach> {
        (self.hosts)().allow(url)
    }

    /// That this is where a host may have been found.
    pub(super) fn admits(&self, host: &str, at: Option<SocketAddr>) -> Result<(), OutOfReach> {
        let at: Vec<IpAddr> = at.iter().map(SocketAddr::ip).collect();
        (self.hosts)().admitted(host, &at).map(|_| ())
    }
}

impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.clone();
        Box::pin(async move {
            let found = reach.lookup.addresses(name.as_str()).await?;
            let admitted = (reach.hosts)().admitted(name.as_str(), &found)?;
            // The port is the address's own, whatever stands here.
            let admitted: Vec<SocketAddr> =
                admitted.into_iter().map(|address| SocketAddr::new(address, 0)).collect();
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

impl fmt::Debug for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reach").field(&(self.hosts)()).finish()
    }
}
