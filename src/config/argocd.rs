//! Argo CDs of the server file: where applications are, and who backstop is there.

use std::collections::BTreeMap;

use crate::config::raw;
use crate::config::reader::{Reader, Whose, list};
use crate::config::server::Secret;
use crate::lint::name;
use crate::unit::{Name, Tls, is_hidden};

/// An Argo CD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgoCd {
    /// Where it is.
    pub url: String,
    /// The token of an account there.
    pub token: Secret,
    /// Certificates.
    pub tls: Tls,
}

/// Argo CDs, by the clusters whose targets they keep.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArgoCds(BTreeMap<String, ArgoCd>);

impl ArgoCds {
    /// That of a target's cluster; the only one keeps all clusters. Else why there is none.
    pub fn of(&self, cluster: Option<&str>) -> Result<&ArgoCd, String> {
        let only = self.0.values().next().filter(|_| self.0.len() == 1);
        let named = cluster.and_then(|cluster| self.0.get(cluster));
        named.or(only).ok_or_else(|| {
            let known = || list(self.0.keys().map(String::as_str));
            match cluster {
                _ if self.0.is_empty() => "there is no `argocd` entry".to_owned(),
                Some(cluster) => format!("there is no `argocd` entry for `{cluster}`, only for {}", known()),
                None => format!("it names no cluster, and there are `argocd` entries for {}", known()),
            }
        })
    }
}

impl Reader<'_> {
    /// The Argo CDs.
    pub(crate) fn argocds(&mut self, raw: &raw::File, secrets: &BTreeMap<Name, Secret>) -> ArgoCds {
        let mut all = BTreeMap::new();
        for pair in raw.argocd.get().into_iter().flat_map(|spot| &spot.value.0) {
            let title = format!("the entry `{}` of `argocd`", pair.key.value);
            let whose = Whose { what: &title, place: pair.key.place };
            let url = self.need(&pair.value.url, "url", whose).and_then(|spot| {
                let (text, place) = (spot.value.value.clone(), spot.place);
                self.address(&spot.value).filter(|_| {
                    let fits = url::Url::parse(&text).is_ok_and(|url| is_hidden(&url));
                    if !fits {
                        let message = format!("`{text}` would be told a token in the clear");
                        self.error(name::BAD_VALUE, place, message, "write an address with https");
                    }
                    fits
                })
            });
            let token = self.need(&pair.value.token, "token", whose).and_then(|spot| {
                self.secret(&pair.value.token, secrets).filter(|_| !spot.value.value.is_empty())
            });
            let tls = self.tls(&pair.value.tls);
            let token = token.and_then(|name| secrets.get(&name).cloned());
            if let (Some(url), Some(token), Some(tls)) = (url, token, tls) {
                all.insert(pair.key.value.clone(), ArgoCd { url, token, tls });
            }
        }
        ArgoCds(all)
    }
}
