//! Access: who may ask this server for what, and where it listens.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::SocketAddr;

use crate::config::raw;
use crate::config::reader::{Reader, Whose, texts};
use crate::config::server::Secret;
use crate::config::yaml::{Given, Text};
use crate::lint::{Finding, name};
use crate::unit::{Name, Place};

/// Something that a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// See what there is.
    Read,
    /// Send samples.
    Ingest,
    /// Record changes.
    Change,
    /// Switch automation off and on.
    Operate,
    /// All of it.
    Admin,
}

impl Role {
    /// Each role with its word.
    pub const NAMED: [(&'static str, Self); 5] = [
        ("read", Self::Read),
        ("ingest", Self::Ingest),
        ("change", Self::Change),
        ("operate", Self::Operate),
        ("admin", Self::Admin),
    ];
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::NAMED.iter().find(|(_, role)| role == self).map_or("nothing", |(word, _)| word))
    }
}

/// Who may ask for what.
#[derive(Debug, Clone)]
pub struct Access {
    /// Where it was written.
    pub place: Place,
    /// What they are called.
    pub who: Name,
    /// The secret that they send, by name.
    pub token: Name,
    /// What they may.
    pub may: BTreeSet<Role>,
}

impl Reader<'_> {
    pub(crate) fn access(&mut self, raw: &raw::File, secrets: &BTreeMap<Name, Secret>) -> Vec<Access> {
        let mut found = Vec::new();
        let mut known: BTreeMap<Name, Place> = BTreeMap::new();
        for written in raw.access.get().into_iter().flat_map(|spot| &spot.value.0) {
            let raw = &written.value;
            let whose = Whose { what: "the entry of `access`", place: written.place };
            let who = self.need(&raw.who, "who", whose).and_then(|spot| self.parse_text::<Name>(&spot.value));
            self.need(&raw.token, "token", whose);
            let token = self.secret(&raw.token, secrets);
            let given = self.need(&raw.may, "may", whose);
            if let Some(place) = given.filter(|spot| spot.value.0.is_empty()).map(|spot| spot.place) {
                self.error(
                    name::BAD_VALUE,
                    place,
                    "whoever sends this token may do nothing",
                    "take the entry out",
                );
            }
            let may: BTreeSet<Role> =
                texts(&raw.may).filter_map(|text| self.word_text(text, &Role::NAMED)).collect();
            let (Some(who), Some(token)) = (who, token) else { continue };
            // Two with one token could not be told apart, and would each have what the other may.
            let at = raw.token.place().unwrap_or(written.place);
            if let Some(first) = known.insert(token.clone(), at) {
                let message = format!("the token `{token}` is given to two");
                let finding = Finding::error(name::DUPLICATE_NAME, at, message);
                self.push(finding.help("give each a secret of its own").with(first, "the other is here"));
                continue;
            }
            found.push(Access { place: written.place, who, token, may });
        }
        found
    }

    /// An address to listen on. One that other machines reach needs somebody who may ask there.
    pub(crate) fn listening(&mut self, given: &Given<Text>, nobody: bool) -> Option<SocketAddr> {
        let text = &given.get()?.value;
        let Ok(address) = text.value.parse::<SocketAddr>() else {
            let message = format!("`{}` is no address to listen on", text.value);
            let help = "write an address and a port: `127.0.0.1:9098`, `0.0.0.0:9098`, `[::1]:9098`";
            self.error(name::BAD_VALUE, text.place, message, help);
            return None;
        };
        if !address.ip().to_canonical().is_loopback() && nobody {
            let message = format!(
                "other machines reach {address}, and nobody has a token: anybody could record changes"
            );
            let help = "listen on 127.0.0.1, or give out tokens: `access: [ { who: ci, token: SECRET, may: [change] } ]`";
            self.error(name::BAD_VALUE, text.place, message, help);
        }
        Some(address)
    }

    /// The path of a file.
    pub(crate) fn path(&mut self, given: &Given<Text>) -> Option<String> {
        let text = &given.get()?.value;
        if text.value.is_empty() || text.value.contains('\0') {
            self.error(name::BAD_VALUE, text.place, "this names no file", "write a path: `backstop.db`");
            return None;
        }
        Some(text.value.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Gathered, Loaded, load};
    use crate::promql::Features;
    use crate::unit::Span;

    fn loaded(text: &str) -> Loaded {
        let mut gathered = Gathered::default();
        gathered.files.add("backstop.yaml".to_owned(), text.to_owned());
        load(gathered, Features::NONE)
    }

    #[test]
    fn a_server_listens_on_loopback_and_knows_nobody_until_told() {
        let server = loaded("mode: shadow").server;
        assert_eq!(
            (server.listen.to_string().as_str(), server.ledger.as_str(), server.settle),
            ("127.0.0.1:9098", "backstop.db", Span::from_secs(30))
        );
        assert!(server.access.is_empty());
    }

    #[test]
    fn what_is_written_is_what_is_meant() {
        let server = loaded(
            "secrets: { t: { env: T } }\naccess: [ { who: ci, token: t, may: [read, change] } ]\n\
             listen: '[::]:80'\nledger: /a/b\nsettle: 1m",
        )
        .server;
        let [access] = server.access.as_slice() else { panic!("{:?}", server.access) };
        assert_eq!((access.who.as_str(), access.token.as_str()), ("ci", "t"));
        assert_eq!(access.may, BTreeSet::from([Role::Read, Role::Change]));
        assert_eq!(
            (server.listen.to_string().as_str(), server.ledger.as_str(), server.settle),
            ("[::]:80", "/a/b", Span::from_secs(60))
        );
    }
}
