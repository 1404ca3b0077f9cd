//! Who is asked: a Prometheus at an address, with what the server file says of the source that has that address.

use reqwest::Url;

use crate::config::{self, Source};
use crate::run::{args, login, servers};
use crate::source::asking::Login;
use crate::source::prometheus::Prometheus;
use crate::unit::{self, Name};

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
        let prometheus = match login {
            Login::Nobody => servers::client_of(name, source, known).map_err(|why| {
                format!("{why}; `--token-file`, or `--username` with `--password-file`, is taken in place of its login")
            }),
            told @ (Login::Bearer(_) | Login::Basic { .. } | Login::OAuth2(_)) => servers::client_for(name, source, told),
        };
        Ok(Self { prometheus: prometheus?, source: Some(name.clone()) })
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
