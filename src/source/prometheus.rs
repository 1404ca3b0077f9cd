//! Prometheus, asked: raw samples, from anything that has its query API.
//!
//! Nothing is computed there that a verdict rests on: samples are fetched as they were scraped, so that what is counted
//! from them is counted by the same code as samples that were sent.

mod wire;
mod error;
mod histogram;
mod answer;
mod samples;
mod query;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use tokio::sync::Mutex;
use tokio::time::{Interval, MissedTickBehavior, interval};

use crate::source::prometheus::error::Asked;
use crate::unit::{Secret, Span, UnixMillis, told};

pub use error::{Error, Partial};
pub use query::{Found, Moments, Told};
pub use samples::{Amount, HISTOGRAM_ROOM, Heard, MOST_AT_ONCE, MOST_SAMPLES, MOST_SERIES, Room, Stretch};

/// How long an answer may take, all of it, where nobody says otherwise.
pub const ANSWER_WITHIN: Span = Span::from_secs(60);

/// The most bytes of an answer. Samples are asked for in stretches that stay far below it.
pub const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// A server that answers PromQL.
#[derive(Debug, Clone)]
pub struct Prometheus {
    client: reqwest::Client,
    /// Where queries go.
    query: Url,
    /// What it is called in messages: its address without what may be secret in it.
    host: String,
    login: Login,
    headers: HeaderMap,
    within: Span,
    /// When the next query may go out, where there is a limit.
    pace: Option<Arc<Mutex<Interval>>>,
}

/// On which terms it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What goes with every query; what the query itself and the login need takes the place of any of these.
    pub headers: BTreeMap<String, String>,
    /// How long an answer may take, all of it.
    pub within: Span,
    /// How many queries go out at most, in how long: they are spread evenly over it.
    pub most: Option<(u32, Span)>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub enum Login {
    /// Nobody in particular.
    Nobody,
    /// Whoever holds this token.
    Bearer(Secret),
    /// A user with a password.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: Secret,
    },
}

impl Login {
    const fn secret(&self) -> Option<&Secret> {
        match self {
            Self::Nobody => None,
            Self::Bearer(secret) | Self::Basic { password: secret, .. } => Some(secret),
        }
    }
}

impl Prometheus {
    /// The one at this address. The client has to be one that follows no redirection: a login goes where it was sent,
    /// and nowhere else.
    pub fn new(client: reqwest::Client, address: &str, login: Login) -> Result<Self, Error> {
        let wrong = |why: &str| Error::Address { why: why.to_owned() };
        let mut query = Url::parse(address).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(query.scheme(), "http" | "https") {
            return Err(wrong("it has to begin with `http://` or `https://`"));
        }
        if !query.username().is_empty() || query.password().is_some() {
            return Err(wrong("a login does not belong into it, where everybody sees it"));
        }
        if query.query().is_some() || query.fragment().is_some() {
            return Err(wrong("it ends before `?` and `#`"));
        }
        let host = query.origin().ascii_serialization();
        match query.path_segments_mut() {
            Ok(mut path) => path.pop_if_empty().extend(["api", "v1", "query"]),
            Err(()) => return Err(wrong("it has no path")),
        };
        Ok(Self { client, query, host, login, headers: HeaderMap::new(), within: ANSWER_WITHIN, pace: None })
    }

    /// The same, asked on these terms; an error where a header is none. It has to be called where there is a timer.
    pub fn on(mut self, terms: &Terms) -> Result<Self, String> {
        for (name, value) in &terms.headers {
            let wrong = |_| format!("the header `{name}` cannot be sent");
            let name = HeaderName::try_from(name).map_err(|error| wrong(error.to_string()))?;
            self.headers
                .insert(name, HeaderValue::try_from(value).map_err(|error| wrong(error.to_string()))?);
        }
        self.within = terms.within;
        self.pace = terms.most.map(|(times, per)| {
            let apart = Duration::from_millis(per.millis()) / times.max(1);
            // Nothing goes out twice as fast after a pause.
            let mut pace = interval(apart.max(Duration::from_millis(1)));
            pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Arc::new(Mutex::new(pace))
        });
        Ok(self)
    }

    /// What it is called in messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Asks once, as of a moment.
    async fn ask(&self, query: &str, at: UnixMillis) -> Result<Vec<u8>, Error> {
        self.post(self.query.clone(), form(query, &[("time", seconds(at))]), query).await
    }

    async fn post(&self, to: Url, form: String, query: &str) -> Result<Vec<u8>, Error> {
        let asked = Asked::new(&self.host, query);
        let broken = |error: reqwest::Error| {
            if error.is_timeout() {
                return Error::Late { asked: asked.clone(), within: self.within };
            }
            Error::Unreachable { host: self.host.clone(), why: told(&error.without_url()) }
        };
        if let Some(pace) = &self.pace {
            pace.lock().await.tick().await;
        }
        let within = Duration::from_millis(self.within.millis());
        let mut headers = self.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if self.login.secret().is_some() {
            headers.remove(AUTHORIZATION);
        }
        let request = self.client.post(to).timeout(within).body(form).headers(headers);
        let request = match &self.login {
            Login::Nobody => request,
            Login::Bearer(token) => request.bearer_auth(token.reveal()),
            Login::Basic { username, password } => request.basic_auth(username, Some(password.reveal())),
        };
        let mut response = request.send().await.map_err(broken)?;
        let status = response.status();
        let location = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            if LONGEST_ANSWER < body.len() + chunk.len() {
                return Err(Error::TooLong { asked });
            }
            body.extend_from_slice(&chunk);
        }
        if status.is_success() {
            return Ok(body);
        }
        Err(answer::refused(&asked, (status.as_u16(), location.as_deref()), &body, self.login.secret()))
    }
}

/// A query as a form. A partial answer would read as fewer errors than there were: servers that could give one, as
/// Thanos does, are told not to, and others pass over what they do not know.
fn form(query: &str, times: &[(&str, String)]) -> String {
    let fields = [("query", query), ("partial_response", "false"), ("deny_partial_response", "1")];
    let times = times.iter().map(|(name, time)| (*name, time.as_str()));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.into_iter().chain(times)).finish()
}

/// A moment in seconds.
fn seconds(at: UnixMillis) -> String {
    format!("{}.{:03}", at.millis().div_euclid(1_000), at.millis().rem_euclid(1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_a_server_and_hold_no_login() {
        rustls::crypto::ring::default_provider().install_default().ok();
        for (address, query) in [
            ("http://127.0.0.1:9090", Ok("http://127.0.0.1:9090/api/v1/query")),
            ("http://127.0.0.1:9090/", Ok("http://127.0.0.1:9090/api/v1/query")),
            (
                "https://metrics.example.com/prometheus",
                Ok("https://metrics.example.com/prometheus/api/v1/query"),
            ),
            (
                "https://metrics.example.com/select/0/",
                Ok("https://metrics.example.com/select/0/api/v1/query"),
            ),
            ("127.0.0.1:9090", Err("relative URL")),
            ("prometheus:9090", Err("has to begin with")),
            ("", Err("relative URL")),
            ("ftp://prometheus", Err("has to begin with")),
            ("http://ada:hunter2@prometheus", Err("a login does not belong")),
            ("http://prometheus/?token=hunter2", Err("ends before `?`")),
            ("http://prometheus/#graph", Err("ends before `?`")),
        ] {
            let made = Prometheus::new(reqwest::Client::new(), address, Login::Nobody);
            match (made, query) {
                (Ok(made), Ok(query)) => assert_eq!(made.query.as_str(), query, "{address}"),
                (Err(error), Err(why)) => {
                    let text = error.to_string();
                    assert!(text.contains(why) && !text.contains("hunter2"), "{address}: {text}");
                }
                (made, _) => panic!("{address}: {made:?}"),
            }
        }
    }

    #[test]
    fn queries_are_written_as_forms() {
        assert_eq!(
            form("up{a=\"b & c+d\"}[5m]", &[("time", seconds(UnixMillis::new(1_795_271_400_007)))]),
            "query=up%7Ba%3D%22b+%26+c%2Bd%22%7D%5B5m%5D&partial_response=false&deny_partial_response=1&time=1795271400.007"
        );
    }
}
