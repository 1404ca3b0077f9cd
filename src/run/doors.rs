//! Doors of receivers: how each webhook gets in. Logins and certificates are kept from one attempt to the next, so a token
//! that was given once is shown until it ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::{Client, ClientBuilder};

use crate::decision::Webhook;
use crate::responder::{Responder, certified, shown};
use crate::run::certificates::{identity, renewed, roots};
use crate::run::set::InForce;
use crate::source::asking::{self, Clients, Kept, OAuth2};
use crate::unit::{Login, Name, Tls};

/// How a webhook gets in.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    /// Who asks.
    pub(crate) login: Arc<asking::Login>,
    /// The clients with its own certificates, where it has any.
    pub(crate) clients: Option<Clients>,
}

/// The doors of the rules that are in force.
pub(crate) struct Doors {
    in_force: InForce,
    /// The rules that they are of.
    of: String,
    kept: BTreeMap<(Login, Tls), Door>,
}

impl Doors {
    pub(crate) const fn new(in_force: InForce) -> Self {
        Self { in_force, of: String::new(), kept: BTreeMap::new() }
    }

    /// The door of a webhook; or why there is none.
    pub(crate) fn of(&mut self, webhook: &Webhook, responder: &Responder) -> Result<Door, String> {
        let set = self.in_force.now();
        if self.of != set.rules.config {
            self.kept.clear();
            self.of.clone_from(&set.rules.config);
        }
        let key = (webhook.login.clone(), webhook.tls.clone());
        if let Some(door) = self.kept.get(&key) {
            return Ok(door.clone());
        }
        let door =
            Door { login: Arc::new(self.login(webhook, responder)?), clients: own(webhook, responder)? };
        self.kept.insert(key, door.clone());
        Ok(door)
    }

    fn login(&self, webhook: &Webhook, responder: &Responder) -> Result<asking::Login, String> {
        Ok(match &webhook.login {
            Login::None => asking::Login::Nobody,
            Login::Bearer(token) => asking::Login::Bearer(self.secret(token)),
            Login::Basic { username, password } => {
                asking::Login::Basic { username: username.clone(), password: self.secret(password) }
            }
            Login::OAuth2 { token_url, client_id, client_secret, scopes } => {
                let (tls, responder) = (webhook.tls.clone(), responder.clone());
                let clients =
                    renewed(token_url.clone(), &webhook.tls, move || client_of_tokens(&tls, &responder))?;
                let login = OAuth2::new(clients, token_url, (client_id, self.secret(client_secret)), scopes);
                asking::Login::OAuth2(Box::new(login.map_err(|why| format!("`token_url`: {why}"))?))
            }
        })
    }

    /// A secret, read whenever it is used, where it is said to be then.
    fn secret(&self, name: &Name) -> Kept {
        let (in_force, name) = (self.in_force.clone(), name.clone());
        Kept::new(move || in_force.secret(&name))
    }
}

/// The clients of a webhook with certificates of its own.
fn own(webhook: &Webhook, responder: &Responder) -> Result<Option<Clients>, String> {
    if webhook.tls == Tls::default() {
        return Ok(None);
    }
    let (tls, responder) = (webhook.tls.clone(), responder.clone());
    let host = shown(webhook.url.text());
    renewed(host, &webhook.tls, move || client(&tls, &responder)).map(Some)
}

fn client(tls: &Tls, responder: &Responder) -> Result<Client, String> {
    let (roots, identity) = (roots(tls)?, identity(tls)?);
    responder.client_with(|builder| certified(builder, roots, identity)).map_err(|error| error.to_string())
}

/// A client for tokens. Who gives them may be somebody else, whom everybody trusts, and to whom the certificate of the
/// webhook is nothing.
fn client_of_tokens(tls: &Tls, responder: &Responder) -> Result<Client, String> {
    let roots = roots(tls)?;
    let settle =
        |builder: ClientBuilder| if roots.is_empty() { builder } else { builder.tls_certs_merge(roots) };
    responder.client_with(settle).map_err(|error| error.to_string())
}
