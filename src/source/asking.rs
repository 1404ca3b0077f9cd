//! Asking servers: who asks and with which certificates, how much of an answer is read, and when a server is left alone.

mod wire;
mod said;
mod body;
mod rest;
mod clients;
mod error;
mod login;
mod oauth2;

pub use clients::Clients;
pub use error::Error;
pub use login::{Kept, Login, Pass};
pub use oauth2::{LONGEST_GRANT, OAuth2};
pub use rest::{LONGEST_REST, LONGEST_REST_ASKED, SHORTEST_REST, UNANSWERED};

pub(crate) use body::{read, retry_after};
pub(crate) use rest::{Met, Rest, Since};
pub(crate) use said::said;

use reqwest::Url;

/// An address of a server, as it is written; or why it is none. It is not shown: a secret may be in it.
pub(super) fn address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("it has to begin with `http://` or `https://`".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a login does not belong into it, where everybody sees it".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it ends before `?` and `#`".to_owned());
    }
    Ok(url)
}
