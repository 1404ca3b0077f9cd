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
    /// Say yes or no to what is asked.
    Approve,
    /// Switch automation off and on.
    Operate,
    /// Tell of alerts.
    Alert,
    /// All of it.
    Admin,
}

impl Role {
    /// Each role with its word.
    pub const NAMED: [(&'static str, Self); 7] = [
        ("read", Self::Read),
        ("ingest", Self::Ingest),
        ("change", Self::Change),
        ("approve", Self::Approve),
        ("operate", Self::Operate),
        ("alert", Self::Alert),
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
    /// How they are known.
    pub by: KnownBy,
    /// What they may.
    pub may: BTreeSet<Role>,
}

/// How somebody is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownBy {
    /// By the secret of this name, which they send.
    Token(Name),
    /// By this name in the certificate that they show.
    San(String),
}

impl Access {
    /// The secret that they send, by name.
    pub const fn token(&self) -> Option<&Name> {
        match &self.by {
            KnownBy::Token(token) => Some(token),
            KnownBy::San(_) => None,
        }
    }
}

/// The certificates by which a server listens, each in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listening {
    /// The certificate that it shows.
    pub cert_file: String,
    /// Its key.
    pub key_file: String,
    /// The authority of its callers.
    pub client_ca_file: Option<String>,
}

/// The longest name in a certificate.
const LONGEST_SAN: usize = 253;

impl Reader<'_> {
    /// The certificates by which it listens.
    pub(crate) fn listening_by(&mut self, given: &Given<raw::Listening>) -> Option<Listening> {
        let spot = given.get()?;
        let whose = Whose { what: "`tls`", place: spot.place };
        self.need(&spot.value.cert_file, "cert_file", whose);
        self.need(&spot.value.key_file, "key_file", whose);
        let (cert, key) = (self.path(&spot.value.cert_file), self.path(&spot.value.key_file));
        let client_ca_file = self.path(&spot.value.client_ca_file);
        Some(Listening { cert_file: cert?, key_file: key?, client_ca_file })
    }

    /// A name in a certificate, which somebody has to be asked for.
    fn san(&mut self, given: &Given<Text>, asked: bool) -> Option<String> {
        let text = &given.get()?.value;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        if !(1..=LONGEST_SAN).contains(&text.value.len()) || !text.value.chars().all(fits) {
            let message = format!("`{}` is no name that a certificate is for", text.value);
            let help = "write a DNS name: `alertmanager.monitoring.svc`";
            self.error(name::BAD_VALUE, text.place, message, help);
            return None;
        }
        if !asked {
            let message = "nobody is asked for a certificate, so nobody is known by one";
            let help = "say who signs them: `tls: { cert_file: .., key_file: .., client_ca_file: .. }`";
            self.error(name::BAD_VALUE, text.place, message, help);
        }
        Some(text.value.to_ascii_lowercase())
    }

    pub(crate) fn access(&mut self, raw: &raw::File, secrets: &BTreeMap<Name, Secret>) -> Vec<Access> {
        let mut found = Vec::new();
        let mut known: BTreeMap<KnownBy, Place> = BTreeMap::new();
        let asked = raw.tls.get().is_some_and(|spot| !spot.value.client_ca_file.is_absent());
        for written in raw.access.get().into_iter().flat_map(|spot| &spot.value.0) {
            let raw = &written.value;
            let whose = Whose { what: "the entry of `access`", place: written.place };
            let who = self.need(&raw.who, "who", whose).and_then(|spot| self.parse_text::<Name>(&spot.value));
            let one = self.exactly_one(&[("token", raw.token.place()), ("san", raw.san.place())], whose);
            let token = self.secret(&raw.token, secrets).map(KnownBy::Token);
            let by = token.or_else(|| self.san(&raw.san, asked).map(KnownBy::San)).filter(|_| one.is_some());
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
            let (Some(who), Some(by)) = (who, by) else { continue };
            // Two with one token could not be told apart, and would each have what the other may.
            let at = raw.token.place().or(raw.san.place()).unwrap_or(written.place);
            if let Some(first) = known.insert(by.clone(), at) {
                let message = match &by {
                    KnownBy::Token(token) => format!("the token `{token}` is given to two"),
                    KnownBy::San(san) => format!("the certificate of `{san}` is that of two"),
                };
                let finding = Finding::error(name::DUPLICATE_NAME, at, message);
                self.push(finding.help("give each a secret of its own").with(first, "the other is here"));
                continue;
            }
            found.push(Access { place: written.place, who, by, may });
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
        assert_eq!((access.who.as_str(), access.token().unwrap().as_str()), ("ci", "t"));
        assert_eq!(access.may, BTreeSet::from([Role::Read, Role::Change]));
        assert_eq!(
            (server.listen.to_string().as_str(), server.ledger.as_str(), server.settle),
            ("[::]:80", "/a/b", Span::from_secs(60))
        );
    }
}
