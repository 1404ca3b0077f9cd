//! Hosts of the server file: where requests may go.

use crate::config::raw;
use crate::config::reader::{Reader, Whose, texts};
use crate::config::yaml::{Given, Node, Text, Tree, Value, decode};
use crate::decision::{Host, HostName, Hosts};
use crate::lint::{Finding, name};
use crate::unit::{Network, Place};

/// The most hosts that a server file lists; more are a pattern.
pub const MOST_HOSTS: usize = 1_000;

impl Reader<'_> {
    /// Where requests may go.
    pub(crate) fn hosts(&mut self, given: &Given<Tree>) -> Hosts {
        let Some(spot) = given.get() else { return Hosts::default() };
        let node = &spot.value.0;
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            Value::Scalar(_) | Value::Map(_) => std::slice::from_ref(node),
        };
        if MOST_HOSTS < items.len() {
            let message = format!("{} hosts are more than the {MOST_HOSTS} that are read", items.len());
            self.error(name::TOO_LARGE, spot.place, message, "list what is above them: `*.example.com`");
            return Hosts::default();
        }
        let mut known: Vec<(Host, Place)> = Vec::new();
        for item in items.iter().filter(|item| !item.is_null()) {
            let Some(host) = self.host(item) else { continue };
            let place = item.written();
            if let Some((_, first)) = known.iter().find(|(other, _)| other.name == host.name) {
                let message = format!("host `{}` is listed twice", host.name);
                let finding = Finding::error(name::DUPLICATE_NAME, place, message).help("keep one of them");
                self.push(finding.with(*first, "the other is here"));
            } else {
                known.push((host, place));
            }
        }
        Hosts(known.into_iter().map(|(host, _)| host).collect())
    }

    fn host(&mut self, node: &Node) -> Option<Host> {
        if matches!(node.value, Value::Scalar(_)) {
            let text = decode::<Text>(node, &mut self.findings)?;
            let name = self.host_name(&text)?;
            return Some(Host { name, addresses: Vec::new(), http: false });
        }
        let raw = decode::<raw::Host>(node, &mut self.findings)?;
        let whose = Whose { what: "the entry of `hosts`", place: node.written() };
        let name = self.need(&raw.host, "host", whose).and_then(|spot| self.host_name(&spot.value));
        let written = texts(&raw.addresses).count();
        let addresses: Vec<Network> =
            texts(&raw.addresses).filter_map(|text| self.parse_text(text)).collect();
        if let (Some(place), 0) = (raw.addresses.place(), written) {
            let help = "leave `addresses` out where it may be anywhere out in the world";
            self.error(name::BAD_VALUE, place, "with no address at all it could never be found", help);
            return None;
        }
        // One that is broken is not left out: with none, the host could be found anywhere.
        if addresses.len() < written || raw.addresses.is_broken() || raw.http.is_broken() {
            return None;
        }
        Some(Host { name: name?, addresses, http: raw.http.get().is_some_and(|spot| spot.value) })
    }

    fn host_name(&mut self, text: &Text) -> Option<HostName> {
        self.parse_text(text)
    }
}
