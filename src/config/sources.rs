//! Sources: servers that answer PromQL.

use crate::config::logins::Ways;
use crate::config::raw;
use crate::config::raw::Layer;
use crate::config::reader::{Reader, Whose};
use crate::config::server::Secret;
use crate::config::yaml::{Given, Text};
use crate::lint::name;
use crate::unit::{Login, Name, Rate, Span, Tls};
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
        let ways = Ways { basic: &raw.basic, bearer: &raw.bearer, oauth2: &raw.oauth2 };
        let login = self.login(ways, Some(secrets), whose);
        let tls = self.tls(&raw.tls);
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
}
