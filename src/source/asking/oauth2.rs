//! Client credentials: a token is had for who asks, and shown until shortly before it ends (RFC 6749, 4.4).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::source::asking::clients::Clients;
use crate::source::asking::error::Error;
use crate::source::asking::login::{Kept, Pass};
use crate::source::asking::rest::{Met, Rest};
use crate::source::asking::said::said;
use crate::source::asking::wire::{Granted, NotGranted};
use crate::source::asking::{address, body};
use crate::unit::{Secret, Span, escaped, told};

/// The most bytes of an answer with a token.
pub const LONGEST_GRANT: usize = 64 * 1024;

/// The longest that a token is kept, and how long one is whose end nobody says.
const LONGEST: Span = Span::from_secs(86_400);
const UNSAID: Span = Span::from_secs(300);

/// So long before its end a token is no longer shown; of one that is shorter than twice that, half its time.
const MARGIN: Span = Span::from_secs(30);

/// A token that is turned away so soon after it was given is not the one thing that is wrong: another is not asked for.
const FRESH: Span = Span::from_secs(30);

/// Who asks for tokens, and the one that was given last.
#[derive(Debug)]
pub struct OAuth2 {
    clients: Clients,
    url: Url,
    host: String,
    id: String,
    secret: Kept,
    scopes: String,
    /// Held while a token is asked for: one at a time is, however many wait for it.
    given: Mutex<Given>,
    rest: Rest,
}

#[derive(Debug, Default)]
struct Given {
    token: Option<Token>,
    /// Whether it wants to be told in the body who asks. In a header is how every server has to take it.
    in_body: bool,
}

#[derive(Debug)]
struct Token {
    pass: Pass,
    at: Instant,
    until: Instant,
}

/// Why there is no token.
struct Refusal {
    why: String,
    may_pass: bool,
    /// Whether it does not know who asks.
    is_of_login: bool,
    wait: Option<Span>,
}

impl OAuth2 {
    /// One that asks this client for tokens there. It has to follow no redirection.
    pub fn new(
        client: impl Into<Clients>,
        token_url: &str,
        (id, secret): (&str, Kept),
        scopes: &[String],
    ) -> Result<Self, String> {
        let url = address(token_url)?;
        let host = url.origin().ascii_serialization();
        Ok(Self {
            rest: Rest::new(&host),
            given: Mutex::default(),
            scopes: scopes.join(" "),
            id: id.to_owned(),
            clients: client.into(),
            url,
            host,
            secret,
        })
    }

    /// The token's pass, another one than that which was turned away, if there can be.
    pub(super) async fn pass(&self, host: &str, than: Option<&Pass>, within: Span) -> Result<Pass, Error> {
        let mut given = self.given.lock().await;
        let now = Instant::now();
        if let Some(token) = &given.token {
            let is_turned_away = than.is_some_and(|than| than.header == token.pass.header);
            let is_fresh = now.duration_since(token.at) < Duration::from_millis(FRESH.millis());
            if if is_turned_away { is_fresh } else { now < token.until } {
                return Ok(token.pass.clone());
            }
        }
        let none = |why: String, may_pass| Error::NoToken { host: host.to_owned(), why, may_pass };
        let since = self
            .rest
            .over()
            .map_err(|(wait, why)| none(format!("{why}; it is asked again in {wait}"), true))?;
        let secret = self.secret.now().map_err(|why| Error::NoSecret { host: host.to_owned(), why })?;
        match self.had(&mut given, &secret, within).await {
            Ok(token) => {
                self.rest.note(since, Met::Answered, String::new);
                let pass = token.pass.clone();
                given.token = Some(token);
                Ok(pass)
            }
            // Whoever waits behind this would only hear the same, and later.
            Err(Refusal { why, may_pass, wait, is_of_login: _ }) => {
                given.token = None;
                self.rest.note(since, Met::TooMuch(wait), || why.clone());
                Err(none(why, may_pass))
            }
        }
    }

    async fn had(&self, given: &mut Given, secret: &Secret, within: Span) -> Result<Token, Refusal> {
        match self.ask(given.in_body, secret, within).await {
            Err(refusal) if refusal.is_of_login => {
                let token = self.ask(!given.in_body, secret, within).await;
                // What it says of the way that every server has to take tells more.
                let token = token.map_err(|other| if given.in_body { other } else { refusal })?;
                given.in_body = !given.in_body;
                Ok(token)
            }
            had => had,
        }
    }

    async fn ask(&self, in_body: bool, secret: &Secret, within: Span) -> Result<Token, Refusal> {
        let at = Instant::now();
        let (headers, form, secrets) = self.asking(in_body, secret);
        let request =
            self.clients.now().post(self.url.clone()).timeout(Duration::from_millis(within.millis()));
        let response = request.headers(headers).body(form).send().await;
        let mut response = response.map_err(|error| self.broken(error, within))?;
        let (status, wait) = (response.status().as_u16(), body::retry_after(response.headers()));
        let bytes = match body::read(&mut response, LONGEST_GRANT).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Err(self.refusal(&format!("answers with more than {LONGEST_GRANT} bytes"))),
            Err(error) => return Err(self.broken(error, within)),
        };
        if status == 200 {
            return self.granted(&bytes, at);
        }
        Err(self.not_granted((status, wait), &bytes, &secrets))
    }

    /// What is sent, and what of it is secret.
    fn asking(&self, in_body: bool, secret: &Secret) -> (HeaderMap, String, [Secret; 3]) {
        let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let both = STANDARD.encode(format!("{}:{}", encoded(&self.id), encoded(secret.reveal())));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !self.scopes.is_empty() {
            form.append_pair("scope", &self.scopes);
        }
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if in_body {
            form.append_pair("client_id", &self.id).append_pair("client_secret", secret.reveal());
        } else if let Ok(mut header) = HeaderValue::try_from(format!("Basic {both}")) {
            header.set_sensitive(true);
            headers.insert(AUTHORIZATION, header);
        }
        let secrets = [secret.clone(), Secret::new(encoded(secret.reveal())), Secret::new(both)];
        (headers, form.finish(), secrets)
    }

    fn refusal(&self, why: &str) -> Refusal {
        Refusal { why: format!("{} {why}", self.host), may_pass: false, is_of_login: false, wait: None }
    }

    fn broken(&self, error: reqwest::Error, within: Span) -> Refusal {
        let why = if error.is_timeout() && !error.is_connect() {
            format!("did not answer within {within}")
        } else {
            format!("cannot be reached: {}", told(&error.without_url()))
        };
        Refusal { may_pass: true, ..self.refusal(&why) }
    }

    /// Reads a token. Nothing of what was sent is shown, whatever is wrong with it: the token may be in it.
    fn granted(&self, bytes: &[u8], at: Instant) -> Result<Token, Refusal> {
        let wrong = |why: String| self.refusal(&format!("gives no token that can be used: {why}"));
        let granted: Granted = serde_json::from_slice(bytes).map_err(|error| {
            wrong(format!("it is no such JSON, in line {}, column {}", error.line(), error.column()))
        })?;
        if !granted.kind.eq_ignore_ascii_case("bearer") {
            return Err(wrong(format!("its type is `{:.20}`, and not `Bearer`", escaped(granted.kind))));
        }
        if granted.token.is_empty() {
            return Err(wrong("it is empty".to_owned()));
        }
        let pass = Pass::bearer(&Secret::new(granted.token)).map_err(wrong)?;
        let lasts = granted.lasts.unwrap_or(UNSAID).min(LONGEST).millis();
        let shown = lasts.saturating_sub(MARGIN.millis()).max(lasts / 2);
        Ok(Token { pass, at, until: at + Duration::from_millis(shown) })
    }

    fn not_granted(&self, (status, wait): (u16, Option<Span>), bytes: &[u8], secrets: &[Secret]) -> Refusal {
        let (kind, said) = match serde_json::from_slice::<NotGranted>(bytes) {
            Ok(NotGranted { error, description }) => {
                let kind = said(error.as_bytes(), secrets);
                let more = description.map(|more| format!(": {}", said(more.as_bytes(), secrets)));
                (error, kind + &more.unwrap_or_default())
            }
            Err(_) => (String::new(), said(bytes, secrets)),
        };
        let may_pass = status == 429 || 500 <= status;
        let is_of_login = status == 401 || (status == 400 && kind == "invalid_client");
        let why = format!("gives no token ({status}): {said}");
        Refusal { may_pass, is_of_login, wait, ..self.refusal(&why) }
    }
}
