//! Networks: stretches of addresses, as `10.0.0.0/8`; and which addresses are nobody's own out in the world.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;
use std::str::FromStr;

/// Addresses with the same first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Its first address.
    first: IpAddr,
    /// How many bits are the same.
    bits: u8,
}

/// Why a text is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// It is neither an address nor one with a number of bits.
    #[error("`{0}` is no network; write `10.0.0.0/8`, `fd00::/8`, or one address")]
    Malformed(String),
    /// It is written by an address inside it, so one of the two is a slip.
    #[error("`{0}` is written by an address inside it; it begins at `{1}`")]
    NotItsFirst(String, Network),
}

/// Whether what is sent there is seen by nobody on its way: by TLS, or to this very machine.
pub fn is_hidden(url: &url::Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "https" || is_here
}

impl Network {
    /// Whether an address is one of these.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let outside = 32 - u32::from(self.bits);
                (first.to_bits() ^ address.to_bits()).checked_shr(outside).unwrap_or(0) == 0
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let outside = 128 - u32::from(self.bits);
                (first.to_bits() ^ address.to_bits()).checked_shr(outside).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// The network of an address with so many bits.
    fn around(address: IpAddr, bits: u8) -> Option<Self> {
        let first = match address {
            IpAddr::V4(address) => {
                let outside = 32_u32.checked_sub(u32::from(bits))?;
                let mask = u32::MAX.checked_shl(outside).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from_bits(address.to_bits() & mask))
            }
            IpAddr::V6(address) => {
                let outside = 128_u32.checked_sub(u32::from(bits))?;
                let mask = u128::MAX.checked_shl(outside).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & mask))
            }
        };
        Some(Self { first, bits })
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let malformed = || NetworkError::Malformed(text.to_owned());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| malformed())?;
        let bits = match bits {
            // `u8` also takes `+8`, which nobody means.
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().map_err(|_| malformed())?
            }
            Some(_) => return Err(malformed()),
            None if address.is_ipv4() => 32,
            None => 128,
        };
        let network = Self::around(address, bits).ok_or_else(malformed)?;
        if network.first == address {
            Ok(network)
        } else {
            Err(NetworkError::NotItsFirst(text.to_owned(), network))
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

const fn v4(a: u8, b: u8, c: u8, bits: u8) -> Network {
    Network { first: IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), bits }
}

const fn v6(a: u16, b: u16, c: u16, bits: u8) -> Network {
    Network { first: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), bits }
}

/// Networks that no server of somebody else's is in, by IANA's registries of special purposes.
const RESERVED: &[(Network, &str)] = &[
    (v4(0, 0, 0, 8), "of this network"),
    (v4(10, 0, 0, 8), "private"),
    (v4(100, 64, 0, 10), "shared behind a carrier's NAT"),
    (v4(127, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 16), "link-local, where clouds keep their metadata"),
    (v4(172, 16, 0, 12), "private"),
    (v4(192, 0, 0, 24), "reserved for protocols"),
    (v4(192, 0, 2, 24), "for documentation"),
    (v4(192, 88, 99, 24), "of a 6to4 relay"),
    (v4(192, 168, 0, 16), "private"),
    (v4(198, 18, 0, 15), "for benchmarks"),
    (v4(198, 51, 100, 24), "for documentation"),
    (v4(203, 0, 113, 24), "for documentation"),
    (v4(224, 0, 0, 4), "multicast"),
    (v4(240, 0, 0, 4), "reserved, or broadcast"),
    (Network { first: IpAddr::V6(Ipv6Addr::LOCALHOST), bits: 128 }, "loopback"),
    (v6(0, 0, 0, 96), "unspecified, or an IPv4 address in an old form"),
    (v6(0x64, 0xff9b, 1, 48), "of a NAT64 of one's own"),
    (v6(0x100, 0, 0, 64), "discarded"),
    (v6(0x2001, 0, 0, 23), "of Teredo, or reserved for protocols"),
    (v6(0x2001, 0xdb8, 0, 32), "for documentation"),
    (v6(0x2002, 0, 0, 16), "of 6to4"),
    (v6(0x3fff, 0, 0, 20), "for documentation"),
    (v6(0xfc00, 0, 0, 7), "unique-local"),
    (v6(0xfe80, 0, 0, 10), "link-local"),
    (v6(0xfec0, 0, 0, 10), "site-local"),
    (v6(0xff00, 0, 0, 8), "multicast"),
];

/// Where servers of everybody are, among the addresses of IPv6.
const GLOBAL: Network = v6(0x2000, 0, 0, 3);

/// A NAT64 that everybody knows: the last 32 bits are an IPv4 address.
const NAT64: Network = v6(0x64, 0xff9b, 0, 96);

/// The IPv4 address that packets to an address of IPv6 end at, where it is written in that.
pub fn inner(address: IpAddr) -> Option<IpAddr> {
    let IpAddr::V6(outer) = address else { return None };
    let mapped = outer.to_ipv4_mapped().map(IpAddr::V4);
    let [.., a, b, c, d] = outer.octets();
    mapped.or_else(|| NAT64.holds(address).then_some(IpAddr::V4(Ipv4Addr::new(a, b, c, d))))
}

/// What keeps an address from being one out in the world, where something does; of one within another the inner one
/// counts, as that is where packets go.
pub fn reserved(address: IpAddr) -> Option<&'static str> {
    if let Some(inner) = inner(address) {
        return reserved(inner);
    }
    let known = RESERVED.iter().find(|(network, _)| network.holds(address)).map(|(_, word)| *word);
    known.or_else(|| (address.is_ipv6() && !GLOBAL.holds(address)).then_some("not one of the whole world"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_hold_their_own() {
        for (text, inside, outside) in [
            ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("::/0", "ffff::1", "1.2.3.4"),
            ("127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("127.0.0.1/32", "127.0.0.1", "127.0.0.0"),
            ("fd00::/8", "fdff::1", "fe00::"),
            ("::1", "::1", "::2"),
            ("172.16.0.0/12", "172.31.0.1", "172.32.0.0"),
        ] {
            let network: Network = text.parse().unwrap();
            assert!(network.holds(inside.parse().unwrap()), "{text} {inside}");
            assert!(!network.holds(outside.parse().unwrap()), "{text} {outside}");
            assert_eq!(network.to_string().parse::<Network>(), Ok(network));
        }
        for text in ["", "10/8", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "a/8", "10.0.0.0/8/8"] {
            assert_eq!(text.parse::<Network>(), Err(NetworkError::Malformed(text.to_owned())));
        }
        let error = "10.0.0.1/8".parse::<Network>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`10.0.0.1/8` is written by an address inside it; it begins at `10.0.0.0/8`"
        );
    }

    /// Addresses, each with a word of what keeps it from being one out in the world; none where nothing does.
    const KNOWN: &[(&str, &str)] = &[
        ("0.0.0.0", "of this network"),
        ("0.255.255.255", "of this network"),
        ("1.0.0.0", ""),
        ("9.255.255.255", ""),
        ("10.0.0.0", "private"),
        ("10.255.255.255", "private"),
        ("11.0.0.0", ""),
        ("100.63.255.255", ""),
        ("100.64.0.0", "carrier"),
        ("100.127.255.255", "carrier"),
        ("100.128.0.0", ""),
        ("126.255.255.255", ""),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("128.0.0.0", ""),
        ("169.253.255.255", ""),
        ("169.254.169.254", "metadata"),
        ("169.255.0.0", ""),
        ("172.15.255.255", ""),
        ("172.16.0.0", "private"),
        ("172.31.255.255", "private"),
        ("172.32.0.0", ""),
        ("192.0.0.8", "protocols"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4"),
        ("192.167.255.255", ""),
        ("192.168.1.1", "private"),
        ("198.17.255.255", ""),
        ("198.19.255.255", "benchmarks"),
        ("198.51.100.1", "documentation"),
        ("203.0.113.1", "documentation"),
        ("223.255.255.255", ""),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "broadcast"),
        ("8.8.8.8", ""),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("::127.0.0.1", "old form"),
        ("::8.8.8.8", "old form"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:169.254.169.254", "metadata"),
        ("::ffff:8.8.8.8", ""),
        ("::ffff:0:127.0.0.1", "whole world"),
        ("64:ff9b::127.0.0.1", "loopback"),
        ("64:ff9b::a9fe:a9fe", "metadata"),
        ("64:ff9b::8.8.8.8", ""),
        ("64:ff9b:1::8.8.8.8", "NAT64"),
        ("64:ff9b:2::1", "whole world"),
        ("100::1", "discarded"),
        ("2001::1", "Teredo"),
        ("2001:1ff::1", "Teredo"),
        ("2001:200::1", ""),
        ("2001:db8::1", "documentation"),
        ("2001:4860:4860::8888", ""),
        ("2002:7f00:1::", "6to4"),
        ("2003::1", ""),
        ("3fff::1", "documentation"),
        ("3fff:1000::1", ""),
        ("4000::1", "whole world"),
        ("fbff::1", "whole world"),
        ("fd00:ec2::254", "unique-local"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
    ];

    #[test]
    fn addresses_that_are_nobodys_own_are_known_from_both_sides_of_their_bounds() {
        for (text, word) in KNOWN {
            let why = reserved(text.parse().unwrap());
            assert_eq!(why.is_none(), word.is_empty(), "{text}: {why:?}");
            assert!(why.unwrap_or_default().contains(word), "{text}: {why:?}");
        }
    }
}
