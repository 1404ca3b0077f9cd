//! Sources: servers that answer PromQL.

use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose, plain, texts};
use crate::config::server::Secret;
use crate::config::yaml::{Given, Text};
use crate::lint::name;
use crate::unit::{Name, Rate, Span};
use std::collections::BTreeMap;

/// The most series of a selector that are ever fetched, and how many are where nothing is said.
pub const SERIES_AT_MOST: u64 = 10_000;

/// A server that answers PromQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub url: String,
    /// How long an answer may take.
    pub timeout: Span,
    /// How many queries it is asked at most.
    pub budget: Rate,
    /// Who asks.
    pub login: Login,
    /// What goes with every query.
    pub headers: BTreeMap<String, String>,
    /// Certificates.
    pub tls: Tls,
    /// Whether selectors that differ in the value of one label are asked for together.
    pub fuse: bool,
    /// How many series of a selector are fetched at most; counters of more are asked for as sums.
    pub series_at_most: u64,
    /// The proxy that it is asked through; none: none at all.
    pub proxy: Option<String>,
}

/// Who asks a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Login {
    /// Nobody in particular.
    None,
    /// A user with a password, by the secret's name.
    Basic {
        /// The user.
        username: String,
        /// The secret.
        password: Name,
    },
    /// A bearer token, by the secret's name.
    Bearer(Name),
    /// Client credentials.
    OAuth2 {
        /// Where tokens are had.
        token_url: String,
        /// Who asks.
        client_id: String,
        /// The secret.
        client_secret: Name,
        /// For what.
        scopes: Vec<String>,
    },
}

/// Certificates, each in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// The roots to trust, and no others.
    pub ca_file: Option<String>,
    /// The certificate to show, and its key.
    pub identity: Option<(String, String)>,
    /// The name that its certificate is for, where that is not the one in the address.
    pub server_name: Option<String>,
}

impl Reader<'_> {
    pub(crate) fn sources(
        &mut self,
        raw: &raw::File,
        defaults: &raw::Defaults,
        secrets: &BTreeMap<Name, Secret>,
    ) -> BTreeMap<Name, Source> {
        let mut sources = BTreeMap::new();
        for pair in raw.sources.get().into_iter().flat_map(|spot| &spot.value.0) {
            let Some(name) = self.parse_text::<Name>(&pair.key) else { continue };
            let source = self.source(&pair.key, &pair.value.clone().over(&defaults.source), secrets);
            sources.extend(source.map(|source| (name, source)));
        }
        sources
    }

    fn source(&mut self, key: &Text, raw: &raw::Source, secrets: &BTreeMap<Name, Secret>) -> Option<Source> {
        let title = format!("source `{}`", key.value);
        let whose = Whose { what: &title, place: key.place };
        let url = self.need(&raw.url, "url", whose).and_then(|spot| self.address(&spot.value));
        let timeout = self.positive(&raw.timeout);
        let budget = self.budget(&raw.budget);
        let login = self.login(raw, secrets, whose);
        let tls = self.tls(raw);
        let proxy = self.proxy(raw);
        let series_at_most = self.series(&raw.series_at_most);
        Some(Source {
            headers: self.headers(&raw.headers),
            url: url?,
            timeout: timeout?,
            budget: budget?,
            login: login?,
            tls: tls?,
            proxy: proxy?,
            series_at_most: series_at_most?,
            fuse: raw.fuse.get().is_none_or(|spot| spot.value),
        })
    }

    /// One that lets something pass.
    fn budget(&mut self, given: &Given<Text>) -> Option<Rate> {
        let budget: Rate = self.parse(given)?;
        if budget.times() == 0 {
            let help = "write how many queries in how long: `20/s`";
            self.error(name::BAD_VALUE, given.place()?, "with this budget it could never be asked", help);
            return None;
        }
        Some(budget)
    }

    /// A number of series, where one is written.
    fn series(&mut self, given: &Given<Text>) -> Option<u64> {
        let Some(place) = given.place() else { return Some(SERIES_AT_MOST) };
        let series = self.parse::<u64>(given)?;
        if (1..=SERIES_AT_MOST).contains(&series) {
            return Some(series);
        }
        let help = format!("write a number from 1 to {SERIES_AT_MOST}");
        self.error(name::BAD_VALUE, place, "so many series are never taken", &help);
        None
    }

    /// A proxy, where one is written.
    #[expect(clippy::option_option, reason = "none is written, or what is written is none")]
    fn proxy(&mut self, raw: &raw::Source) -> Option<Option<String>> {
        let Some(proxy) = raw.proxy.get() else { return Some(None) };
        let server_name = raw.tls.get().and_then(|tls| tls.value.server_name.get());
        if let Some(server_name) = server_name {
            self.error(
                name::BAD_VALUE,
                server_name.place,
                "behind a proxy a source is found by its own name alone",
                "ask at an address of this name, or without the proxy",
            );
            return None;
        }
        self.address(&proxy.value).map(Some)
    }

    fn login(
        &mut self,
        raw: &raw::Source,
        secrets: &BTreeMap<Name, Secret>,
        whose: Whose<'_>,
    ) -> Option<Login> {
        let ways =
            [("basic", raw.basic.place()), ("bearer", raw.bearer.place()), ("oauth2", raw.oauth2.place())];
        if ways.iter().all(|(_, place)| place.is_none()) {
            return Some(Login::None);
        }
        self.exactly_one(&ways, whose)?;
        if let Some(basic) = raw.basic.get() {
            let whose = Whose { what: "`basic`", place: basic.place };
            let username =
                self.need(&basic.value.username, "username", whose).map(|spot| spot.value.value.clone());
            self.need(&basic.value.password, "password", whose)?;
            let password = self.secret(&basic.value.password, secrets);
            return Some(Login::Basic { username: username?, password: password? });
        }
        if raw.bearer.get().is_some() {
            return self.secret(&raw.bearer, secrets).map(Login::Bearer);
        }
        let oauth2 = raw.oauth2.get()?;
        let whose = Whose { what: "`oauth2`", place: oauth2.place };
        let token_url =
            self.need(&oauth2.value.token_url, "token_url", whose).and_then(|spot| self.address(&spot.value));
        let client_id =
            self.need(&oauth2.value.client_id, "client_id", whose).map(|spot| spot.value.value.clone());
        self.need(&oauth2.value.client_secret, "client_secret", whose)?;
        let client_secret = self.secret(&oauth2.value.client_secret, secrets);
        let scopes = texts(&oauth2.value.scopes).map(|text| text.value.clone()).collect();
        Some(Login::OAuth2 {
            token_url: token_url?,
            client_id: client_id?,
            client_secret: client_secret?,
            scopes,
        })
    }

    fn tls(&mut self, raw: &raw::Source) -> Option<Tls> {
        let Some(spot) = raw.tls.get() else { return Some(Tls::default()) };
        let identity = match (plain(&spot.value.cert_file), plain(&spot.value.key_file)) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => {
                self.error(
                    name::MISSING_KEY,
                    spot.place,
                    "a certificate and its key go together",
                    "give `cert_file` and `key_file`",
                );
                return None;
            }
        };
        Some(Tls {
            ca_file: plain(&spot.value.ca_file),
            identity,
            server_name: plain(&spot.value.server_name),
        })
    }
}
