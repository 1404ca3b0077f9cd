//! The servers that are asked: a client for each source of the server file, one like another for whoever asks.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name as HostName, Resolve, Resolving};
use reqwest::{Client, ClientBuilder, Proxy, Url};

use crate::config::{self, Secret, Source};
use crate::responder::{certified, client_with};
use crate::run::certificates::{identity, renewed, roots};
use crate::source::asking::{Clients, Kept, Login, OAuth2};
use crate::source::prometheus::{MOST_SERIES, MOST_UNANSWERED, Prometheus, Terms};
use crate::unit::{self, Name, told};

// What a source may be told to give at the most is what is ever taken.
const _: () = assert!(config::SERIES_AT_MOST == MOST_SERIES);

/// The clients of the sources that targets name, as far as they are wanted, and whether their queries are fused. They have
/// to be made where there is a timer.
pub(crate) fn clients(
    known: &config::Server,
    is_wanted: impl Fn(&Name, &Source) -> bool,
) -> Result<Vec<(Name, Prometheus, bool)>, String> {
    let wanted = known.sources.iter().filter(|(name, source)| known.asks(name) && is_wanted(name, source));
    wanted.map(|(name, source)| Ok((name.clone(), client_of(name, source, known)?, source.fuse))).collect()
}

/// The client of a source, which asks with the source's own login. It has to be made where there is a timer; and once, as
/// its budget is its own.
pub fn client_of(name: &Name, source: &Source, known: &config::Server) -> Result<Prometheus, String> {
    let login = own((name, source), known).map_err(|why| of(name, &why))?;
    client_for(name, source, login)
}

/// The client of a source, which asks with the login of somebody else.
pub(crate) fn client_for(name: &Name, source: &Source, login: Login) -> Result<Prometheus, String> {
    let client = clients_by(name, source, client).map_err(|why| of(name, &why))?;
    let terms = Terms {
        headers: source.headers.clone(),
        within: source.timeout,
        budget: Some(source.budget),
        server_name: source.tls.server_name.clone(),
    };
    let prometheus = Prometheus::new(client, &source.url, login);
    let prometheus = prometheus.map_err(|error| of(name, &error.to_string()))?;
    let prometheus = prometheus.on(&terms).map_err(|why| of(name, &why))?;
    Ok(prometheus.at_most(source.series_at_most))
}

fn of(name: &Name, why: &str) -> String {
    format!("source `{name}`: {why}")
}

/// A secret that is read again whenever it is used. That it can be read now is known from here on.
pub(crate) fn kept(secret: Secret) -> Result<Kept, String> {
    let kept = Kept::new(move || secret.read().map_err(|error| error.to_string()));
    kept.now().map(|_| kept)
}

/// The login of a source.
fn own((name, source): (&Name, &Source), known: &config::Server) -> Result<Login, String> {
    let secret = |name: &Name| -> Result<Kept, String> {
        kept(known.secrets.get(name).cloned().ok_or_else(|| format!("there is no secret `{name}`"))?)
    };
    match &source.login {
        unit::Login::None => Ok(Login::Nobody),
        unit::Login::Bearer(token) => Ok(Login::Bearer(secret(token)?)),
        unit::Login::Basic { username, password } => {
            Ok(Login::Basic { username: username.clone(), password: secret(password)? })
        }
        unit::Login::OAuth2 { token_url, client_id, client_secret, scopes } => {
            let client = clients_by(name, source, client_of_tokens)?;
            let login = OAuth2::new(client, token_url, (client_id, secret(client_secret)?), scopes);
            Ok(Login::OAuth2(Box::new(login.map_err(|why| format!("`token_url`: {why}"))?)))
        }
    }
}

/// The clients of a source, as its certificates are.
fn clients_by(
    name: &Name,
    source: &Source,
    make: fn(&Source) -> Result<Client, String>,
) -> Result<Clients, String> {
    let own = source.clone();
    renewed(format!("source `{name}`"), &source.tls, move || make(&own))
}

/// A client that goes where a source says, trusts whom it says, and shows what it says.
fn client(source: &Source) -> Result<Client, String> {
    let (roots, identity) = (roots(&source.tls)?, identity(&source.tls)?);
    let proxy = proxy(source)?;
    let resolver = match &source.tls.server_name {
        Some(name) => Some(Elsewhere::new(name, &source.url)?),
        None => None,
    };
    let settle = |builder: ClientBuilder| {
        let builder = certified(builder, roots, identity);
        let builder = resolver.into_iter().fold(builder, ClientBuilder::dns_resolver);
        // It is asked again and again, and a connection may be half dead without harm: nothing is changed there.
        proxy.into_iter().fold(builder, ClientBuilder::proxy).pool_max_idle_per_host(MOST_UNANSWERED)
    };
    client_with(settle).map_err(|error| error.to_string())
}

/// A client for the tokens of a source. Who gives them may be somebody else, whom everybody trusts, and to whom the
/// certificate of the source is nothing.
fn client_of_tokens(source: &Source) -> Result<Client, String> {
    let (roots, proxy) = (roots(&source.tls)?, proxy(source)?);
    let settle = |builder: ClientBuilder| {
        let builder = if roots.is_empty() { builder } else { builder.tls_certs_merge(roots) };
        proxy.into_iter().fold(builder, ClientBuilder::proxy)
    };
    client_with(settle).map_err(|error| error.to_string())
}

fn proxy(source: &Source) -> Result<Option<Proxy>, String> {
    let Some(url) = &source.proxy else { return Ok(None) };
    Proxy::all(url).map(Some).map_err(|error| format!("`proxy`: {}", told(&error)))
}

/// Finds a server at its own address, where it is asked for by the name in its certificate. So that name is what it is
/// told in the handshake, and what its certificate is held against; nothing of how that is done is ours.
struct Elsewhere {
    name: String,
    host: String,
}

impl Elsewhere {
    fn new(name: &str, url: &str) -> Result<Self, String> {
        let url = Url::parse(url).map_err(|error| error.to_string())?;
        let host = url.host_str().unwrap_or_default();
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        Ok(Self { name: name.to_owned(), host: bare.to_owned() })
    }
}

impl Resolve for Elsewhere {
    fn resolve(&self, name: HostName) -> Resolving {
        let is_it = name.as_str().eq_ignore_ascii_case(&self.name);
        let host = if is_it { self.host.clone() } else { name.as_str().to_owned() };
        Box::pin(async move {
            // The port is the address's own, whatever stands here.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host, 0)).await?.collect();
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
