//! Hosts: where requests may go. Nothing is sent to any other, and of one that is found at an address of somebody's own
//! network only where that is said.

use core::net::IpAddr;
use std::fmt;
use std::str::FromStr;

use url::{Host as Written, Url};

use crate::unit::{Network, inner, reserved};

/// Hosts that something may be sent to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts(pub Vec<Host>);

/// A host, or all below one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// What it is called.
    pub name: HostName,
    /// Where it may be found, and nowhere else; with none, anywhere out in the world.
    pub addresses: Vec<Network>,
    /// Whether it may be asked without TLS.
    pub http: bool,
}

/// What hosts are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostName {
    /// This one.
    Exactly(String),
    /// Each below this one, however deep; not itself.
    Below(String),
    /// Nothing: it has an address alone.
    Address(IpAddr),
}

/// Why a text is no name of a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no host; write `hooks.example.com`, `*.example.com` or an address, without `https://`, port and path"
)]
pub struct HostNameError(String);

/// Why nothing is sent somewhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// It is no address of a server.
    #[error("the address is none: {0}")]
    Malformed(String),
    /// Nobody listed its host.
    #[error("nothing may be sent to `{0}`: it is not among the `hosts:` of the server file")]
    NotListed(String),
    /// It is asked in the clear.
    #[error(
        "nothing is sent to `{0}` without TLS: its entry in the `hosts:` of the server file has no `http: true`"
    )]
    InTheClear(String),
    /// It is somewhere else than it may be.
    #[error(
        "nothing is sent to {address} ({why}) for `{host}`: no `addresses:` of its entry in the `hosts:` of the server file hold it"
    )]
    Elsewhere {
        /// The host.
        host: String,
        /// Where it is.
        address: IpAddr,
        /// What kind of address that is.
        why: &'static str,
    },
    /// It is nowhere.
    #[error("`{0}` has no address")]
    Nowhere(String),
}

impl Hosts {
    /// The entry that says of a host what may be sent there: of several the most particular.
    fn entry(&self, host: &Written<&str>) -> Option<&Host> {
        let fitting = self.0.iter().filter(|entry| entry.name.fits(host));
        fitting.max_by_key(|entry| entry.name.particular())
    }

    /// Whether something may be sent to this address of a server, as far as that can be known before its host is looked
    /// up.
    ///
    /// # Errors
    /// Where it may not, and what would have to be so for it.
    pub fn allow(&self, url: &str) -> Result<(), OutOfReach> {
        let url = Url::parse(url).map_err(|error| OutOfReach::Malformed(error.to_string()))?;
        let host = url.host().ok_or_else(|| OutOfReach::Malformed("it has no host".to_owned()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutOfReach::Malformed("it begins with neither `http://` nor `https://`".to_owned()));
        }
        let entry = self.entry(&host).ok_or_else(|| OutOfReach::NotListed(host.to_string()))?;
        if url.scheme() == "http" && !entry.http {
            return Err(OutOfReach::InTheClear(host.to_string()));
        }
        match address(&host) {
            Some(address) => entry.found_at(&host, address),
            None => Ok(()),
        }
    }

    /// The addresses at which a host may be connected to, of those that it has.
    ///
    /// # Errors
    /// Where there is none, and why.
    pub fn admitted(&self, host: &str, found: &[IpAddr]) -> Result<Vec<IpAddr>, OutOfReach> {
        let read = read(host).ok_or_else(|| OutOfReach::NotListed(host.to_owned()))?;
        let read = borrowed(&read);
        let entry = self.entry(&read).ok_or_else(|| OutOfReach::NotListed(host.to_owned()))?;
        let mut admitted = Vec::new();
        let mut why = OutOfReach::Nowhere(host.to_owned());
        for address in found {
            match entry.found_at(&read, *address) {
                Ok(()) => admitted.push(*address),
                Err(other) => why = other,
            }
        }
        if admitted.is_empty() { Err(why) } else { Ok(admitted) }
    }
}

impl Host {
    /// Whether the host may be connected to at an address.
    fn found_at(&self, host: &Written<&str>, address: IpAddr) -> Result<(), OutOfReach> {
        let listed = |address| self.addresses.iter().any(|network| network.holds(address));
        let why = reserved(address);
        // An IPv4 address within one of IPv6 is what is connected to, and what is listed.
        let canonical = address.to_canonical();
        let admitted = if self.addresses.is_empty() {
            why.is_none()
        } else {
            // The network of a NAT64 is listed; what is behind it is not, by that.
            listed(canonical) && (why.is_none() || inner(canonical).is_none_or(listed))
        };
        if admitted {
            return Ok(());
        }
        let why = why.unwrap_or("out in the world");
        Err(OutOfReach::Elsewhere { host: host.to_string(), address, why })
    }
}

impl HostName {
    fn fits(&self, host: &Written<&str>) -> bool {
        match (self, host) {
            (Self::Exactly(name), Written::Domain(domain)) => name == bare(domain),
            (Self::Below(suffix), Written::Domain(domain)) => bare(domain)
                .strip_suffix(suffix.as_str())
                .is_some_and(|below| below.len() > 1 && below.ends_with('.')),
            (Self::Address(address), Written::Ipv4(host)) => *address == IpAddr::V4(*host),
            (Self::Address(address), Written::Ipv6(host)) => *address == IpAddr::V6(*host),
            (Self::Exactly(_) | Self::Below(_), Written::Ipv4(_) | Written::Ipv6(_))
            | (Self::Address(_), Written::Domain(_)) => false,
        }
    }

    /// The more, the more particular.
    const fn particular(&self) -> (bool, usize) {
        match self {
            Self::Exactly(_) | Self::Address(_) => (true, 0),
            Self::Below(suffix) => (false, suffix.len()),
        }
    }
}

/// A domain without the dot of the root, with which it is the same.
fn bare(domain: &str) -> &str {
    domain.strip_suffix('.').unwrap_or(domain)
}

const fn address(host: &Written<&str>) -> Option<IpAddr> {
    match host {
        Written::Ipv4(address) => Some(IpAddr::V4(*address)),
        Written::Ipv6(address) => Some(IpAddr::V6(*address)),
        Written::Domain(_) => None,
    }
}

/// A host as addresses of servers have it: in whatever letters and notation it is written, it is the same one.
fn read(text: &str) -> Option<Written<String>> {
    let is_v6 = text.parse::<core::net::Ipv6Addr>().is_ok();
    let text = if is_v6 { format!("[{text}]") } else { text.to_owned() };
    Written::parse(&text).ok()
}

fn borrowed(host: &Written<String>) -> Written<&str> {
    match host {
        Written::Domain(domain) => Written::Domain(domain),
        Written::Ipv4(address) => Written::Ipv4(*address),
        Written::Ipv6(address) => Written::Ipv6(*address),
    }
}

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        let wrong = || HostNameError(text.to_owned());
        let (below, name) = text.strip_prefix("*.").map_or((false, text), |name| (true, name));
        if name.is_empty() || name.contains(['*', '/', '@', '?', '#']) {
            return Err(wrong());
        }
        match read(name).ok_or_else(wrong)? {
            Written::Domain(domain) if bare(&domain).is_empty() => Err(wrong()),
            Written::Domain(domain) if below => Ok(Self::Below(bare(&domain).to_owned())),
            Written::Domain(domain) => Ok(Self::Exactly(bare(&domain).to_owned())),
            Written::Ipv4(_) | Written::Ipv6(_) if below => Err(wrong()),
            Written::Ipv4(address) => Ok(Self::Address(IpAddr::V4(address))),
            Written::Ipv6(address) => Ok(Self::Address(IpAddr::V6(address))),
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exactly(name) => f.write_str(name),
            Self::Below(name) => write!(f, "*.{name}"),
            Self::Address(address) => write!(f, "{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str, addresses: &[&str], http: bool) -> Host {
        let addresses = addresses.iter().map(|network| network.parse().unwrap()).collect();
        Host { name: name.parse().unwrap(), addresses, http }
    }

    fn hosts() -> Hosts {
        Hosts(vec![
            host("hooks.example.com", &[], false),
            host("*.deploy.example.com", &[], false),
            host("mesh.deploy.example.com", &["10.0.0.0/8"], true),
            host("127.0.0.1", &["127.0.0.0/8"], true),
            host("10.0.0.1", &[], true),
            host("8.8.8.8", &[], false),
            host("[2001:db8::1]", &["2001:db8::/32"], false),
            host("bücher.example", &[], false),
        ])
    }

    #[test]
    fn each_spelling_of_an_address_is_the_host_that_it_leads_to() {
        for (url, why) in [
            ("https://hooks.example.com/a", ""),
            ("https://HOOKS.example.com:8443/a", ""),
            ("https://hooks.example.com./a", ""),
            ("https://hooks%2eexample.com/a", ""),
            ("https://ｈooks.example.com/a", ""),
            ("https://hooks.example.com/{{ .Service }}?x={{ .Version }}", ""),
            ("http://hooks.example.com/a", "without TLS"),
            ("https://example.com/", "not among"),
            ("https://a.hooks.example.com/", "not among"),
            ("https://hooks.example.com.evil.example/", "not among"),
            ("https://hooks.example.com@evil.example/", "`evil.example`"),
            ("https://evil.example\\@hooks.example.com/", "`evil.example`"),
            ("https://evil.example#@hooks.example.com/", "`evil.example`"),
            ("https://a.deploy.example.com/", ""),
            ("https://a.b.deploy.example.com/", ""),
            ("https://deploy.example.com/", "not among"),
            ("https://.deploy.example.com/", "not among"),
            ("https://xdeploy.example.com/", "not among"),
            ("http://mesh.deploy.example.com/", ""),
            ("http://a.deploy.example.com/", "without TLS"),
            ("https://xn--bcher-kva.example/", ""),
            ("https://BÜCHER.example/", ""),
            ("http://127.0.0.1:8080/", ""),
            ("http://0x7f.1/", ""),
            ("http://2130706433/", ""),
            ("http://0177.0.0.01/", ""),
            ("http://127.0.0.2/", "not among"),
            ("http://localhost/", "not among"),
            ("http://[::1]/", "not among"),
            ("http://[::ffff:127.0.0.1]/", "not among"),
            ("http://0xA9FEA9FE/", "`169.254.169.254`"),
            ("http://169.254.169.254/latest/meta-data", "not among"),
            ("http://[::ffff:a9fe:a9fe]/", "not among"),
            ("http://[64:ff9b::a9fe:a9fe]/", "not among"),
            ("http://10.0.0.1/", "10.0.0.1 (private)"),
            ("https://8.8.8.8/", ""),
            ("https://[2001:db8:0::1]/", ""),
            ("https://[2001:db8::2]/", "not among"),
            ("ftp://hooks.example.com/", "neither"),
            ("file:///etc/passwd", "no host"),
            ("https://", "the address is none"),
            ("hooks.example.com/a", "the address is none"),
        ] {
            match hosts().allow(url) {
                Ok(()) => assert_eq!(why, "", "{url} is allowed"),
                Err(error) => assert!(!why.is_empty() && error.to_string().contains(why), "{url}: {error}"),
            }
        }
        let error = Hosts::default().allow("https://hooks.example.com").unwrap_err();
        assert_eq!(error, OutOfReach::NotListed("hooks.example.com".to_owned()));
    }

    #[test]
    fn a_host_is_found_where_it_may_be_and_nowhere_else() {
        let addresses =
            |texts: &[&str]| -> Vec<IpAddr> { texts.iter().map(|text| text.parse().unwrap()).collect() };
        for (name, found, admitted) in [
            ("hooks.example.com", &["8.8.8.8", "2001:4860::1"][..], &["8.8.8.8", "2001:4860::1"][..]),
            ("hooks.example.com.", &["127.0.0.1", "8.8.8.8", "::1"], &["8.8.8.8"]),
            ("hooks.example.com", &["10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1"], &[]),
            (
                "hooks.example.com",
                &["64:ff9b::8.8.8.8", "::ffff:8.8.8.8"],
                &["64:ff9b::8.8.8.8", "::ffff:8.8.8.8"],
            ),
            ("hooks.example.com", &[], &[]),
            (
                "mesh.deploy.example.com",
                &["10.1.2.3", "8.8.8.8", "::ffff:10.1.2.3"],
                &["10.1.2.3", "::ffff:10.1.2.3"],
            ),
            ("mesh.deploy.example.com", &["64:ff9b::10.1.2.3", "192.168.0.1"], &[]),
            ("a.deploy.example.com", &["10.1.2.3"], &[]),
            ("evil.example", &["8.8.8.8"], &[]),
        ] {
            let got = hosts().admitted(name, &addresses(found)).unwrap_or_default();
            assert_eq!(got, addresses(admitted), "{name} at {found:?}");
        }
        let behind_nat = Hosts(vec![host("a.example", &["64:ff9b::/96"], false)]);
        assert!(behind_nat.admitted("a.example", &addresses(&["64:ff9b::8.8.8.8"])).is_ok());
        assert!(behind_nat.admitted("a.example", &addresses(&["64:ff9b::a9fe:a9fe"])).is_err());
    }

    #[test]
    fn takes_names_of_hosts_and_nothing_else() {
        for text in ["a", "a.example", "*.a.example", "127.0.0.1", "::1", "[::1]", "*.internal"] {
            let name: HostName = text.parse().unwrap();
            assert_eq!(name.to_string().parse(), Ok(name), "{text}");
        }
        for text in [
            "",
            "*",
            "*.",
            ".",
            "a.*",
            "**.a",
            "https://a.example",
            "a.example/b",
            "a:80",
            "u@a",
            "a b",
            "*.1.2.3.4",
        ] {
            assert_eq!(text.parse::<HostName>(), Err(HostNameError(text.to_owned())), "{text}");
        }
    }
}
