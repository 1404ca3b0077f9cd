//! Platforms: API servers of which objects are read, and to which steps are sent. One request, one answer, as with
//! webhooks; but here it is known what is asked, and the answer is JSON.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;

use crate::decision::{Answer, Method};
use crate::responder::object::{Elsewhere, Read, Step};
use crate::responder::webhook::{Begun, Excerpt, Hidden, Stop, Watched};
use crate::unit::{Secret, Span, escaped, told};

/// How long an answer to a read may take.
pub const READ_WITHIN: Span = Span::from_secs(4);

/// How long the answer to a step may take.
const STEP_WITHIN: Span = Span::from_secs(10);

/// The most bytes of what is read.
pub const LARGEST_READ: usize = 16 * 1024 * 1024;

/// An API server.
#[derive(Clone)]
pub struct Platform {
    client: Client,
    /// Where it is, without a slash at its end.
    url: String,
    bearer: Option<Secret>,
}

impl Platform {
    /// One at this address, asked by this client with this token.
    pub fn new(client: Client, url: &str, bearer: Option<Secret>) -> Self {
        Self { client, url: url.trim_end_matches('/').to_owned(), bearer }
    }

    /// What is there; nothing where there is no such thing.
    pub(super) async fn read(&self, read: &Read) -> Result<Option<Value>, String> {
        let failed = |why: String| format!("{}{}: {why}", self.host(), bare(&read.path));
        let reading = async {
            let mut request = self.client.get(self.address(&read.path)?).header(ACCEPT, "application/json");
            if let Some(value) = self.bearer()? {
                request = request.header(AUTHORIZATION, value);
            }
            let mut response = request.send().await.map_err(|error| told(&error.without_url()))?;
            match response.status() {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND => return Ok(None),
                status => {
                    let said = self.excerpt(&mut response).await;
                    return Err(format!("{}: {said}{}", status.as_u16(), way_out(status)));
                }
            }
            let bytes = body(&mut response).await?;
            serde_json::from_slice(&bytes).map(Some).map_err(|error| format!("it answers no JSON: {error}"))
        };
        let within = tokio::time::timeout(Duration::from_millis(READ_WITHIN.millis()), reading);
        within.await.unwrap_or_else(|_| Err(format!("no answer within {READ_WITHIN}"))).map_err(failed)
    }

    /// Sends a step, once, unless it may not go out any more; and where there is nothing at its path, as it is elsewhere.
    pub async fn send(&self, step: &Step, stop: &Stop) -> Answer {
        let answer = self.send_once(step, stop).await;
        match (&answer, &step.elsewhere) {
            (Answer::Rejected { status: 404, .. }, Some(elsewhere)) => {
                let Elsewhere { path, body } = elsewhere.clone();
                self.send_once(&Step { path, body, elsewhere: None, ..step.clone() }, stop).await
            }
            _ => answer,
        }
    }

    async fn send_once(&self, step: &Step, stop: &Stop) -> Answer {
        if let Some(why) = stop() {
            return Answer::Unsent { why };
        }
        let begun = Arc::new(Begun::new(Arc::clone(stop)));
        let sending = match self.prepared(step, &begun) {
            Ok(sending) => sending,
            Err(why) => return Answer::Unsent { why },
        };
        let host = self.host();
        let sent = |why: String| {
            let why = begun.stopped().map_or(why, str::to_owned);
            if begun.is_sent() { Answer::Lost { why } } else { Answer::Unsent { why } }
        };
        let within = Duration::from_millis(STEP_WITHIN.millis());
        let mut response = match tokio::time::timeout(within, self.client.execute(sending)).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return sent(format!("{host}: {}", told(&error.without_url()))),
            Err(_) => return sent(format!("{host} did not answer within {STEP_WITHIN}")),
        };
        let status = response.status().as_u16();
        let excerpt = self.excerpt(&mut response).await;
        if step.expect.contains(&status) {
            // What it answers is the whole object, of which nobody needs the beginning.
            return Answer::Accepted { status, excerpt: String::new() };
        }
        Answer::Rejected { status, excerpt, retry_after: None }
    }

    fn prepared(&self, step: &Step, begun: &Arc<Begun>) -> Result<reqwest::Request, String> {
        let method = match step.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut request = self.client.request(method, self.address(&step.path)?);
        request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, step.content_type);
        if let Some(value) = self.bearer()? {
            request = request.header(AUTHORIZATION, value);
        }
        let body = Watched::new(step.body.clone(), Arc::clone(begun));
        let request = request.body(reqwest::Body::wrap(body));
        request.build().map_err(|error| told(&error.without_url()))
    }

    fn address(&self, path: &str) -> Result<Url, String> {
        Url::parse(&format!("{}{path}", self.url)).map_err(|error| format!("the address is none: {error}"))
    }

    fn bearer(&self) -> Result<Option<HeaderValue>, String> {
        let Some(bearer) = &self.bearer else { return Ok(None) };
        let mut value = HeaderValue::from_str(&format!("Bearer {}", bearer.reveal()))
            .map_err(|_| "its token is not fit for a header".to_owned())?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// How an answer began, with what it says of itself where it does.
    async fn excerpt(&self, response: &mut Response) -> String {
        let mut excerpt = Excerpt::default();
        let hidden = Hidden::of(self.bearer.iter());
        let reading = excerpt.read(response, &hidden);
        tokio::time::timeout(Duration::from_millis(READ_WITHIN.millis()), reading).await.ok();
        let text = excerpt.text(&hidden);
        let status: Option<Value> = serde_json::from_str(&text).ok();
        let message = status.as_ref().and_then(|status| status.get("message")).and_then(Value::as_str);
        message.map_or(text.clone(), |message| escaped(message.to_owned()))
    }

    /// Where it is, as it may be shown.
    fn host(&self) -> String {
        let origin = Url::parse(&self.url).map(|url| url.origin().ascii_serialization());
        escaped(origin.unwrap_or_else(|_| "an address that is none".to_owned()))
    }
}

/// A path without its query.
fn bare(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// What to do about an answer that says no.
fn way_out(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "; its token or certificate is not known there",
        StatusCode::FORBIDDEN => {
            "; it needs a Role that allows this, or a policy of Argo CD, for whoever backstop is there"
        }
        _ => "",
    }
}

async fn body(response: &mut Response) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| told(&error.without_url()))? {
        if LARGEST_READ < bytes.len() + chunk.len() {
            return Err(format!("it answers more than {LARGEST_READ} bytes"));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Platform").field("host", &self.host()).finish_non_exhaustive()
    }
}
