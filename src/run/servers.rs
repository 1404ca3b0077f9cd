//! The servers that are asked: a client for each source of the server file, one like another for whoever asks.

use reqwest::{Certificate, Client, ClientBuilder, Identity};

use crate::config::{self, Secret, Source, Tls};
use crate::source::prometheus::{Login, Prometheus, Terms};
use crate::unit::{self, Name, told};

/// The clients of the sources that targets name, as far as they are wanted. They have to be made where there is a timer.
pub(crate) fn clients(
    known: &config::Server,
    is_wanted: impl Fn(&Name, &Source) -> bool,
) -> Result<Vec<(Name, Prometheus)>, String> {
    let wanted = known.sources.iter().filter(|(name, source)| known.asks(name) && is_wanted(name, source));
    wanted.map(|(name, source)| Ok((name.clone(), client_of(name, source, known)?))).collect()
}

/// The client of a source, which asks with the source's own login. It has to be made where there is a timer.
pub(crate) fn client_of(name: &Name, source: &Source, known: &config::Server) -> Result<Prometheus, String> {
    let login = own(&source.login, known).map_err(|why| of(name, &why))?;
    client_for(name, source, login)
}

/// The client of a source, which asks with the login of somebody else.
pub(crate) fn client_for(name: &Name, source: &Source, login: Login) -> Result<Prometheus, String> {
    let client = client(&source.tls).map_err(|why| of(name, &why))?;
    let terms = Terms {
        headers: source.headers.clone(),
        within: source.timeout,
        most: Some((source.budget.times(), source.budget.per())),
    };
    let prometheus = Prometheus::new(client, &source.url, login);
    let prometheus = prometheus.map_err(|error| of(name, &error.to_string()))?;
    prometheus.on(&terms).map_err(|why| of(name, &why))
}

fn of(name: &Name, why: &str) -> String {
    format!("source `{name}`: {why}")
}

/// The login of a source.
fn own(login: &config::Login, known: &config::Server) -> Result<Login, String> {
    let secret = |name: &Name| -> Result<unit::Secret, String> {
        let secret = known.secrets.get(name).ok_or_else(|| format!("there is no secret `{name}`"))?;
        Secret::read(secret).map_err(|error| error.to_string())
    };
    match login {
        config::Login::None => Ok(Login::Nobody),
        config::Login::Bearer(token) => Ok(Login::Bearer(secret(token)?)),
        config::Login::Basic { username, password } => {
            Ok(Login::Basic { username: username.clone(), password: secret(password)? })
        }
        config::Login::OAuth2 { .. } => {
            Err("its `oauth2` is not carried out yet; give `--token-file` with a token, \
                                             or set `BACKSTOP_PROMETHEUS_TOKEN`"
                .to_owned())
        }
    }
}

/// A client that trusts and shows what a source says.
fn client(tls: &Tls) -> Result<Client, String> {
    let broken = |file: &str, error: &dyn std::fmt::Display| format!("`{file}` cannot be taken: {error}");
    let read = |file: &str| std::fs::read(file).map_err(|error| broken(file, &error));
    if let Some(name) = &tls.server_name {
        return Err(format!(
            "its `server_name: {name}` is not carried out yet; ask at an address of that name"
        ));
    }
    let mut roots = Vec::new();
    if let Some(file) = &tls.ca_file {
        roots = Certificate::from_pem_bundle(&read(file)?).map_err(|error| broken(file, &told(&error)))?;
        if roots.is_empty() {
            return Err(broken(file, &"there is no certificate in it"));
        }
    }
    let identity = match &tls.identity {
        Some((cert, key)) => {
            let both = [read(cert)?, read(key)?].join(&b"\n"[..]);
            Some(
                Identity::from_pem(&both)
                    .map_err(|error| broken(&format!("{cert}` with `{key}"), &told(&error)))?,
            )
        }
        None => None,
    };
    let settle = |builder: ClientBuilder| {
        let builder = if roots.is_empty() { builder } else { builder.tls_certs_merge(roots) };
        identity.into_iter().fold(builder, ClientBuilder::identity)
    };
    crate::responder::client_with(settle).map_err(|error| error.to_string())
}
