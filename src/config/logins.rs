//! Logins and certificates, of sources and of webhooks.

use std::collections::BTreeMap;

use crate::config::raw;
use crate::config::reader::{Reader, Whose, plain, texts};
use crate::config::server::Secret;
use crate::config::yaml::{Given, Text};
use crate::lint::name;
use crate::unit::{Login, Name, Tls};

/// The ways to log in.
#[derive(Clone, Copy)]
pub(crate) struct Ways<'a> {
    pub(crate) basic: &'a Given<raw::Basic>,
    pub(crate) bearer: &'a Given<Text>,
    pub(crate) oauth2: &'a Given<raw::OAuth2>,
}

impl Reader<'_> {
    /// Who asks: at most one way is given. Where the secrets are known, each has to be among them.
    pub(crate) fn login(
        &mut self,
        ways: Ways<'_>,
        secrets: Option<&BTreeMap<Name, Secret>>,
        whose: Whose<'_>,
    ) -> Option<Login> {
        let given =
            [("basic", ways.basic.place()), ("bearer", ways.bearer.place()), ("oauth2", ways.oauth2.place())];
        if given.iter().all(|(_, place)| place.is_none()) {
            return Some(Login::None);
        }
        self.exactly_one(&given, whose)?;
        if let Some(basic) = ways.basic.get() {
            let whose = Whose { what: "`basic`", place: basic.place };
            let username =
                self.need(&basic.value.username, "username", whose).map(|spot| spot.value.value.clone());
            if let (Some(place), true) =
                (basic.value.username.place(), username.as_ref().is_some_and(|name| name.contains(':')))
            {
                let help = "what stands behind the first colon would be taken for the password";
                self.error(name::BAD_VALUE, place, "a user's name holds no colon", help);
                return None;
            }
            self.need(&basic.value.password, "password", whose)?;
            let password = self.secret_named(&basic.value.password, secrets);
            return Some(Login::Basic { username: username?, password: password? });
        }
        if ways.bearer.get().is_some() {
            return self.secret_named(ways.bearer, secrets).map(Login::Bearer);
        }
        let oauth2 = ways.oauth2.get()?;
        let whose = Whose { what: "`oauth2`", place: oauth2.place };
        let token_url =
            self.need(&oauth2.value.token_url, "token_url", whose).and_then(|spot| self.address(&spot.value));
        let client_id =
            self.need(&oauth2.value.client_id, "client_id", whose).map(|spot| spot.value.value.clone());
        self.need(&oauth2.value.client_secret, "client_secret", whose)?;
        let client_secret = self.secret_named(&oauth2.value.client_secret, secrets);
        let scopes = texts(&oauth2.value.scopes).map(|text| text.value.clone()).collect();
        Some(Login::OAuth2 {
            token_url: token_url?,
            client_id: client_id?,
            client_secret: client_secret?,
            scopes,
        })
    }

    /// The name of a secret, which is there where that is known.
    fn secret_named(
        &mut self,
        given: &Given<Text>,
        secrets: Option<&BTreeMap<Name, Secret>>,
    ) -> Option<Name> {
        match secrets {
            Some(secrets) => self.secret(given, secrets),
            None => self.parse(given),
        }
    }

    /// Which certificates.
    pub(crate) fn tls(&mut self, given: &Given<raw::Tls>) -> Option<Tls> {
        let Some(spot) = given.get() else { return Some(Tls::default()) };
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
