//! Webhooks: one request, one answer, and no doubt about which of four things came of it.

mod excerpt;
mod watched;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, Url};

use crate::decision::{Answer, Key, Method};
use crate::responder::sign::{SigningKey, stamp};
use crate::responder::webhook::excerpt::Excerpt;
use crate::responder::webhook::watched::Watched;
use crate::unit::{Secret, Span, UnixMillis, escaped, retry_after, told};

pub use excerpt::EXCERPT;

/// How long a connection may take to come about, where the whole attempt does not end before.
pub const CONNECT: Span = Span::from_secs(5);

/// Sends requests.
#[derive(Debug, Clone)]
pub struct Responder {
    client: reqwest::Client,
}

/// A request with all that belongs to it.
#[derive(Clone)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// How.
    pub method: Method,
    /// What goes with it; what is sent for the signature and the token takes the place of any of these.
    pub headers: BTreeMap<String, String>,
    /// What it says; nothing: no body.
    pub body: Vec<u8>,
    /// The keys that sign it; none: it goes out without a signature.
    pub signing: Vec<SigningKey>,
    /// The token that opens the door.
    pub bearer: Option<Secret>,
    /// The answers that mean it was taken.
    pub expect: Vec<u16>,
    /// How long all of it may take.
    pub timeout: Span,
    /// What tells the effect from every other.
    pub key: Key,
}

/// Why no request can be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("requests cannot be sent: {0}; TLS needs the root certificates of this machine (`ca-certificates`)")]
pub struct ResponderError(String);

/// A client that goes where it is sent and nowhere else: no redirect, no proxy, no second attempt.
pub fn client() -> Result<reqwest::Client, ResponderError> {
    client_with(|builder| builder)
}

/// The same, with certificates of somebody's own.
pub fn client_with(
    settle: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
) -> Result<reqwest::Client, ResponderError> {
    // Whoever comes second finds it installed.
    rustls::crypto::ring::default_provider().install_default().ok();
    let builder = reqwest::Client::builder()
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .http1_only()
        .referer(false)
        .pool_max_idle_per_host(0)
        .connect_timeout(Duration::from_millis(CONNECT.millis()))
        .user_agent(concat!("backstop/", env!("CARGO_PKG_VERSION")));
    settle(builder).build().map_err(|error| ResponderError(told(&error)))
}

impl Responder {
    /// One that sends each request over a connection of its own: which is then never half dead already, so what was
    /// not sent is known not to have been.
    pub fn new() -> Result<Self, ResponderError> {
        Ok(Self { client: client()? })
    }

    /// Sends a request once, at this moment.
    ///
    /// The status alone decides whether it was taken: an answer that breaks off or dawdles behind its status is an
    /// answer all the same. A redirection is one that was not expected, and is never followed.
    pub async fn attempt(&self, request: &Request, at: UnixMillis) -> Answer {
        let begun = Arc::new(AtomicBool::new(false));
        let sending = match self.prepared(request, at, &begun) {
            Ok(sending) => sending,
            Err(why) => return Answer::Unsent { why },
        };
        let deadline = tokio::time::sleep(Duration::from_millis(request.timeout.millis()));
        tokio::pin!(deadline);
        let sent = || begun.load(Ordering::SeqCst);
        let response = tokio::select! {
            biased;
            response = self.client.execute(sending) => response,
            () = &mut deadline => return too_late(request, sent()),
        };
        let mut response = match response {
            Ok(response) => response,
            Err(error) => return broken(request, error, sent()),
        };
        let mut excerpt = Excerpt::default();
        tokio::select! {
            biased;
            () = excerpt.read(&mut response, request.bearer.as_ref()) => {}
            () = &mut deadline => {}
        }
        answer(request, &response, excerpt.text(request.bearer.as_ref()), at)
    }

    fn prepared(
        &self,
        request: &Request,
        at: UnixMillis,
        begun: &Arc<AtomicBool>,
    ) -> Result<reqwest::Request, String> {
        let url = Url::parse(&request.url).map_err(|error| format!("the address is none: {error}"))?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut sending = self.client.request(method, url).headers(headers(request, at)?);
        if request.body.is_empty() {
            // Nothing tells when a request without a body goes out, so it is taken to have.
            begun.store(true, Ordering::SeqCst);
        } else {
            let body = Watched::new(request.body.clone(), Arc::clone(begun));
            sending = sending.body(reqwest::Body::wrap(body));
        }
        sending.build().map_err(|error| told(&error.without_url()))
    }
}

/// The headers: those of the rule, and over them those that say who sends it.
fn headers(request: &Request, at: UnixMillis) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    if !request.body.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in &request.headers {
        let known: HeaderName = name.parse().map_err(|_| format!("`{name}` is no name of a header"))?;
        headers.insert(known, sendable(name, value)?);
    }
    let stamp = stamp(&request.signing, &request.key.0, &request.body, at);
    let mut stamps = vec![("webhook-id", stamp.id), ("webhook-timestamp", stamp.timestamp)];
    if !request.signing.is_empty() {
        stamps.push(("webhook-signature", stamp.signature));
    }
    for (name, value) in stamps {
        headers.insert(name, sendable(name, &value)?);
    }
    if let Some(bearer) = &request.bearer {
        let mut value = sendable("authorization", &format!("Bearer {}", bearer.reveal()))?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

/// A header's value. What is wrong with it is not shown, as it may be a secret.
fn sendable(name: &str, value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value).map_err(|_| format!("the value of `{name}` is not fit for a header"))
}

fn answer(request: &Request, response: &Response, excerpt: String, at: UnixMillis) -> Answer {
    let status = response.status().as_u16();
    if request.expect.contains(&status) {
        return Answer::Accepted { status, excerpt };
    }
    let given = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    Answer::Rejected { status, excerpt, retry_after: given.and_then(|text| retry_after(text, at)) }
}

fn too_late(request: &Request, begun: bool) -> Answer {
    let (host, timeout) = (host(request), request.timeout);
    if begun {
        Answer::Lost { why: format!("{host} did not answer within {timeout}") }
    } else {
        Answer::Unsent { why: format!("no connection to {host} within {timeout}") }
    }
}

fn broken(request: &Request, error: reqwest::Error, begun: bool) -> Answer {
    let host = host(request);
    let connecting = error.is_connect() || error.is_builder();
    let told = told(&error.without_url());
    if connecting || !begun {
        Answer::Unsent { why: format!("no connection to {host}: {told}") }
    } else {
        Answer::Lost { why: format!("{host} broke off: {told}") }
    }
}

/// Where a request goes, as far as it may be shown: addresses of webhooks hold secrets in their paths and queries.
fn host(request: &Request) -> String {
    let origin = Url::parse(&request.url).map(|url| url.origin().ascii_serialization());
    escaped(origin.unwrap_or_else(|_| "an address that is none".to_owned()))
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("key", &self.key.0)
            .field("method", &self.method)
            .field("host", &host(self))
            .field("headers", &self.headers.keys())
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}
