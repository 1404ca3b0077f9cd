//! Webhooks: one request, one answer, and no doubt about which of four things came of it.

mod excerpt;
mod watched;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode, Url};

use crate::decision::{Answer, Key, Method};
use crate::responder::resolve::Reach;
use crate::responder::seal::Seal;
use crate::responder::sign::{SigningKey, stamp};
use crate::source::asking::{Login, Pass};
use crate::unit::{Span, UnixMillis, escaped, retry_after, told};

pub use excerpt::EXCERPT;
pub(super) use excerpt::{Excerpt, Hidden};
pub(super) use watched::{Begun, Watched};

/// How long a connection may take to come about, where the whole attempt does not end before.
pub const CONNECT: Span = Span::from_secs(5);

/// Sends requests, where they may go.
#[derive(Debug, Clone)]
pub struct Responder {
    reach: Reach,
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
    /// A seal of the whole.
    pub seal: Option<Seal>,
    /// Who asks.
    pub login: Arc<Login>,
    /// The client with certificates of its own, where it has any: one of this responder's.
    pub client: Option<reqwest::Client>,
    /// The answers that mean it was taken.
    pub expect: Vec<u16>,
    /// How long all of it may take.
    pub timeout: Span,
    /// What tells the effect from every other; nothing, where it has none: a receiver would take it for another attempt.
    pub key: Option<Key>,
    /// What is asked at the last moment: why it may not go out any more.
    pub stop: Stop,
}

/// What was heard of a receiver.
struct Heard {
    status: u16,
    retry_after: Option<Span>,
    /// How it began, as it came.
    said: String,
    /// The same as it is shown.
    excerpt: String,
}

impl Heard {
    fn answer(self, request: &Request) -> Answer {
        let Self { status, retry_after, excerpt, .. } = self;
        if request.expect.contains(&status) {
            return Answer::Accepted { status, excerpt };
        }
        Answer::Rejected { status, excerpt, retry_after }
    }
}

/// Tells why nothing may go out, where that is so.
pub type Stop = Arc<dyn Fn() -> Option<String> + Send + Sync>;

/// Why no request can be sent at all.
#[derive(Debug, thiserror::Error)]
#[error("requests cannot be sent: {0}; TLS needs the root certificates of this machine (`ca-certificates`)")]
pub struct ResponderError(String);

/// A client that goes where it is sent and nowhere else: no redirect, no proxy, no second attempt.
pub fn client() -> Result<reqwest::Client, ResponderError> {
    client_with(|builder| builder)
}

/// With these roots, and this certificate to show. One's own authority means that no other is trusted.
pub fn certified(
    builder: reqwest::ClientBuilder,
    roots: Vec<reqwest::Certificate>,
    identity: Option<reqwest::Identity>,
) -> reqwest::ClientBuilder {
    let builder = if roots.is_empty() { builder } else { builder.tls_certs_only(roots) };
    identity.into_iter().fold(builder, reqwest::ClientBuilder::identity)
}

/// The same, settled otherwise.
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
    pub fn new(reach: Reach) -> Result<Self, ResponderError> {
        let client = client_with(|builder| builder.dns_resolver(reach.clone()))?;
        Ok(Self { reach, client })
    }

    /// Sends a request once, at this moment.
    ///
    /// The status alone decides whether it was taken: an answer that breaks off or dawdles behind its status is an
    /// answer all the same. A redirection is one that was not expected, and is never followed.
    pub async fn attempt(&self, request: &Request, at: UnixMillis) -> Answer {
        match self.exchange(request, at).await {
            Ok(heard) => heard.answer(request),
            Err(answer) => answer,
        }
    }

    /// Asks whether something is so: of an answer with the status that is expected, or any of success where none is, that
    /// says this. Who answers that there is no such thing, or something else, says that it is not; every other answer says
    /// nothing of it.
    ///
    /// # Errors
    /// Where nobody said whether it is so, and why.
    pub async fn look(&self, request: &Request, says: Option<&str>, at: UnixMillis) -> Result<bool, String> {
        let heard = match self.exchange(request, at).await {
            Ok(heard) => heard,
            Err(Answer::Unsent { why } | Answer::Lost { why }) => return Err(why),
            Err(Answer::Accepted { .. } | Answer::Rejected { .. } | Answer::Overtaken { .. }) => {
                return Err("it was no question".to_owned());
            }
        };
        let status = heard.status;
        let succeeded = (200..300).contains(&status);
        if if request.expect.is_empty() { succeeded } else { request.expect.contains(&status) } {
            return Ok(says.is_none_or(|text| heard.said.contains(text)));
        }
        if succeeded || matches!(status, 404 | 410) {
            return Ok(false);
        }
        Err(format!("{} answered {status}", host(request)))
    }

    /// Sends a request, and hears what is answered; or what came of it otherwise.
    async fn exchange(&self, request: &Request, at: UnixMillis) -> Result<Heard, Answer> {
        let deadline = tokio::time::sleep(Duration::from_millis(request.timeout.millis()));
        tokio::pin!(deadline);
        if let Some(why) = (request.stop)() {
            return Err(Answer::Unsent { why });
        }
        let begun = Arc::new(Begun::new(Arc::clone(&request.stop)));
        let sent = || begun.is_sent();
        let pass = tokio::select! {
            biased;
            pass = self.pass(request) => pass,
            () = &mut deadline => return Err(too_late(request, false)),
        };
        let prepared = pass.and_then(|pass| Ok((self.prepared(request, at, (&begun, &pass))?, pass)));
        let (sending, pass) = prepared.map_err(|why| Answer::Unsent { why })?;
        // Whoever gave a token may have taken its time.
        if let Some(why) = (request.stop)() {
            return Err(Answer::Unsent { why });
        }
        let client = request.client.as_ref().unwrap_or(&self.client);
        let response = tokio::select! {
            biased;
            response = client.execute(sending) => response,
            () = &mut deadline => return Err(too_late(request, sent())),
        };
        let mut response = response.map_err(|error| {
            let stopped = begun.stopped().map(|why| Answer::Unsent { why: why.to_owned() });
            stopped.unwrap_or_else(|| broken(request, error, sent()))
        })?;
        self.came_from(&response).map_err(|why| Answer::Lost { why })?;
        let hidden = request.hidden(&pass);
        let mut excerpt = Excerpt::default();
        let rest = async {
            excerpt.read(&mut response, &hidden).await;
            // Another token is had for the next attempt: this one was turned away.
            if response.status() == StatusCode::UNAUTHORIZED {
                request.login.other(&host(request), &pass, request.timeout).await.ok();
            }
        };
        tokio::select! {
            biased;
            () = rest => {}
            () = &mut deadline => {}
        }
        let given = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        Ok(Heard {
            status: response.status().as_u16(),
            retry_after: given.and_then(|text| retry_after(text, at)),
            said: excerpt.whole(),
            excerpt: excerpt.text(&hidden),
        })
    }

    /// What is shown at the door, once it is known that something may be sent there at all.
    async fn pass(&self, request: &Request) -> Result<Pass, String> {
        self.allow(&request.url)?;
        request.login.pass(&host(request), request.timeout).await.map_err(|error| error.to_string())
    }

    /// That something may be sent to this address; or why not.
    pub fn allow(&self, url: &str) -> Result<(), String> {
        self.reach.allow(url).map_err(|why| why.to_string())
    }

    /// A client that connects to where this responder may, and no further.
    pub fn client_with(
        &self,
        settle: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<reqwest::Client, ResponderError> {
        client_with(|builder| settle(builder).dns_resolver(self.reach.clone()))
    }

    /// That an answer came from where its host may be. Nothing is connected to that may not be, so this can only fail where
    /// the list has changed meanwhile, or where something is wrong here.
    fn came_from(&self, response: &Response) -> Result<(), String> {
        let host = response.url().host_str().unwrap_or_default();
        self.reach
            .admits(host, response.remote_addr())
            .map_err(|why| format!("it came to where it should not have: {why}"))
    }

    fn prepared(
        &self,
        request: &Request,
        at: UnixMillis,
        (begun, pass): (&Arc<Begun>, &Pass),
    ) -> Result<reqwest::Request, String> {
        let url = Url::parse(&request.url).map_err(|error| format!("the address is none: {error}"))?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let client = request.client.as_ref().unwrap_or(&self.client);
        let mut sending = client.request(method, url).headers(headers(request, at, pass)?);
        if request.body.is_empty() {
            // Nothing tells when a request without a body goes out, so it is taken to have.
            begun.send();
        } else {
            let body = Watched::new(request.body.clone(), Arc::clone(begun));
            sending = sending.body(reqwest::Body::wrap(body));
        }
        sending.build().map_err(|error| told(&error.without_url()))
    }
}

/// The headers: those of the rule, and over them those that say who sends it.
fn headers(request: &Request, at: UnixMillis, pass: &Pass) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    if !request.body.is_empty() {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in &request.headers {
        let known: HeaderName = name.parse().map_err(|_| format!("`{name}` is no name of a header"))?;
        headers.insert(known, sendable(name, value)?);
    }
    if let Some(key) = &request.key {
        let stamp = stamp(&request.signing, &key.0, &request.body, at);
        let mut stamps = vec![("webhook-id", stamp.id), ("webhook-timestamp", stamp.timestamp)];
        if !request.signing.is_empty() {
            stamps.push(("webhook-signature", stamp.signature));
        }
        for (name, value) in stamps {
            headers.insert(name, sendable(name, &value)?);
        }
        for (name, value) in request.seal.iter().flat_map(|seal| seal.headers(&key.0, &request.body, at)) {
            let known: HeaderName = name.parse().map_err(|_| format!("`{name}` is no name of a header"))?;
            headers.insert(known, sendable(&name, &value)?);
        }
    }
    headers.extend(pass.header.clone().map(|header| (AUTHORIZATION, header)));
    Ok(headers)
}

/// A header's value. What is wrong with it is not shown, as it may be a secret.
fn sendable(name: &str, value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value).map_err(|_| format!("the value of `{name}` is not fit for a header"))
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
    shown(&request.url)
}

/// An address, as far as it may be shown.
pub fn shown(url: &str) -> String {
    let origin = Url::parse(url).map(|url| url.origin().ascii_serialization());
    escaped(origin.unwrap_or_else(|_| "an address that is none".to_owned()))
}

impl Request {
    /// Its secrets, as no answer is shown with them.
    fn hidden(&self, pass: &Pass) -> Hidden {
        let own = self.signing.iter().map(SigningKey::secret).chain(self.seal.iter().map(|seal| &seal.key));
        Hidden::of(own.chain(&pass.secrets))
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("key", &self.key.as_ref().map(|key| &key.0))
            .field("method", &self.method)
            .field("host", &host(self))
            .field("headers", &self.headers.keys())
            .field("body", &self.body.len())
            .finish_non_exhaustive()
    }
}
