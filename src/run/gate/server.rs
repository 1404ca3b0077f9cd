//! Who is asked: a Prometheus at an address, with what the server file says of the source that has that address.

use reqwest::{Certificate, Client, ClientBuilder, Identity, Url};

use crate::config::{self, Secret, Source, Tls};
use crate::run::{args, login};
use crate::source::prometheus::{Login, Prometheus, Terms};
use crate::unit::{self, Name, told};

/// A server that is asked, and the name of its source, where it is one.
pub(super) struct Server {
    pub(super) prometheus: Prometheus,
    pub(super) source: Option<Name>,
}

impl Server {
    /// The one that the arguments name. A source's login goes to the very address that stands beside it, and nowhere
    /// else; one of the arguments or of the environment comes before it.
    pub(super) fn of(asked: &args::Gate, known: &config::Server) -> Result<Self, String> {
        let source = match (&asked.source, &asked.url) {
            (Some(name), _) => Some(named(name, known)?),
            (None, Some(url)) => at(url, known)?,
            (None, None) => None,
        };
        let login = login::read(&asked.login)?;
        let Some((name, source)) = source else {
            let client = crate::responder::client().map_err(|error| error.to_string())?;
            let url = asked.url.as_deref().unwrap_or_default();
            let prometheus =
                Prometheus::new(client, url, login).map_err(|error| format!("--url: {error}"))?;
            return Ok(Self { prometheus, source: None });
        };
        let of_it = |why: String| format!("source `{name}`: {why}");
        let login = match login {
            Login::Nobody => own(&source.login, known).map_err(of_it)?,
            told @ (Login::Bearer(_) | Login::Basic { .. }) => told,
        };
        let client = client(&source.tls).map_err(of_it)?;
        let terms = Terms {
            headers: source.headers.clone(),
            within: source.timeout,
            most: Some((source.budget.times(), source.budget.per())),
        };
        let prometheus =
            Prometheus::new(client, &source.url, login).map_err(|error| of_it(error.to_string()))?;
        Ok(Self { prometheus: prometheus.on(&terms).map_err(of_it)?, source: Some(name.clone()) })
    }
}

type Named<'a> = (&'a Name, &'a Source);

/// The source of this name.
fn named<'a>(name: &str, known: &'a config::Server) -> Result<Named<'a>, String> {
    let found = known.sources.iter().find(|(own, _)| own.as_str() == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = known.sources.keys().map(Name::as_str).collect();
        let help = match unit::nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.is_empty() => "there is none in `sources:`".to_owned(),
            None => format!("there are {}", names.join(", ")),
        };
        format!("there is no source `{name}`; {help}")
    })
}

/// The source at this address, if there is one.
fn at<'a>(url: &str, known: &'a config::Server) -> Result<Option<Named<'a>>, String> {
    let Some(address) = address(url) else { return Ok(None) };
    let mut there =
        known.sources.iter().filter(|(_, source)| self::address(&source.url) == Some(address.clone()));
    match (there.next(), there.next()) {
        (Some((one, _)), Some((other, _))) => {
            Err(format!("sources `{one}` and `{other}` both have that address; say which by `--source`"))
        }
        (one, _) => Ok(one),
    }
}

/// An address as it is compared: whether it ends in a slash says nothing, and all else does.
fn address(url: &str) -> Option<(String, String)> {
    let url = Url::parse(url).ok()?;
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    bare.then(|| (url.origin().ascii_serialization(), url.path().trim_end_matches('/').to_owned()))
}

/// The login of a source.
fn own(login: &config::Login, known: &config::Server) -> Result<Login, String> {
    let secret = |name: &Name| -> Result<unit::Secret, String> {
        let secret = known.secrets.get(name).ok_or_else(|| format!("there is no secret `{name}`"))?;
        Secret::read(secret).map_err(|error| {
            format!(
                "{error}; `--token-file`, or `--username` with `--password-file`, is taken in place of it"
            )
        })
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
