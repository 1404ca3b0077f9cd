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
mod budget;
mod figures;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, Url};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use crate::source::asking::{self, Clients, Login, Met, Pass, Rest, Since};
use crate::source::prometheus::budget::Budget;
use crate::source::prometheus::error::Asked;
use crate::source::prometheus::figures::Figures;
use crate::unit::{Rate, Span, UnixMillis, told};

pub use error::{Error, Partial};
pub use figures::Usage;
pub use query::{Found, Moments, Told};
pub use samples::{
    Amount, HISTOGRAM_ROOM, Heard, MOST_AT_ONCE, MOST_SAMPLES, MOST_SERIES, Room, SHORT, Stretch,
};

/// How long an answer may take, all of it, where nobody says otherwise.
pub const ANSWER_WITHIN: Span = Span::from_secs(60);

/// The most bytes of an answer. Samples are asked for in stretches that stay far below it.
pub const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// The most questions that a server has before it at one time: as many as a Prometheus works on at once.
pub const MOST_UNANSWERED: usize = 20;

/// A server that answers PromQL. A clone is the same one: whoever asks, there is one budget, and one rest.
#[derive(Debug, Clone)]
pub struct Prometheus {
    clients: Clients,
    /// Where queries go.
    query: Url,
    /// What it is called in messages: its address without what may be secret in it.
    host: String,
    login: Arc<Login>,
    headers: HeaderMap,
    within: Span,
    /// How many series of a selector are taken at the most.
    series_at_most: u64,
    /// When the next query may go out, where there is a limit.
    budget: Option<Arc<Budget>>,
    seats: Arc<Semaphore>,
    rest: Arc<Rest>,
    figures: Arc<Figures>,
}

/// On which terms it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What goes with every query; what the query itself and the login need takes the place of any of these.
    pub headers: BTreeMap<String, String>,
    /// How long an answer may take, all of it; and, before that, how long a query may wait for its turn.
    pub within: Span,
    /// How many queries go out at most: they are spread evenly, but for a tenth of them, which may go out at once.
    pub budget: Option<Rate>,
    /// The name that its certificate is for, where it is not that of its address. The client has to find it by this
    /// name.
    pub server_name: Option<String>,
}

impl Prometheus {
    /// The one at this address. The client has to be one that follows no redirection: a login goes where it was sent,
    /// and nowhere else.
    pub fn new(client: impl Into<Clients>, at: &str, login: Login) -> Result<Self, Error> {
        let mut query = address(at)?;
        let host = query.origin().ascii_serialization();
        match query.path_segments_mut() {
            Ok(mut path) => path.pop_if_empty().extend(["api", "v1", "query"]),
            Err(()) => return Err(Error::Address { why: "it has no path".to_owned() }),
        };
        Ok(Self {
            rest: Arc::new(Rest::new(&host)),
            login: Arc::new(login),
            headers: HeaderMap::new(),
            within: ANSWER_WITHIN,
            series_at_most: MOST_SERIES,
            budget: None,
            seats: Arc::new(Semaphore::new(MOST_UNANSWERED)),
            figures: Arc::default(),
            clients: client.into(),
            query,
            host,
        })
    }

    /// The same, asked on these terms; an error where a header is none. It has to be called where there is a timer.
    pub fn on(mut self, terms: &Terms) -> Result<Self, String> {
        for (name, value) in &terms.headers {
            let wrong = |_| format!("the header `{name}` cannot be sent");
            let name = HeaderName::try_from(name).map_err(|error| wrong(error.to_string()))?;
            self.headers
                .insert(name, HeaderValue::try_from(value).map_err(|error| wrong(error.to_string()))?);
        }
        if let Some(name) = &terms.server_name {
            let wrong = || format!("`server_name: {name}` is no name of a host");
            let port = self.query.port().map(|port| format!(":{port}")).unwrap_or_default();
            let host = format!("{}{port}", self.query.host_str().unwrap_or_default());
            self.headers.insert(HOST, HeaderValue::try_from(host).map_err(|_| wrong())?);
            self.query.set_host(Some(name)).map_err(|_| wrong())?;
        }
        self.within = terms.within;
        self.budget = terms.budget.map(|rate| Arc::new(Budget::new(rate)));
        Ok(self)
    }

    /// The same, of which so many series of a selector are taken at the most.
    #[must_use]
    pub fn at_most(self, series: u64) -> Self {
        Self { series_at_most: series.min(MOST_SERIES), ..self }
    }

    /// How many series of a selector are taken at the most.
    pub const fn series_at_most(&self) -> u64 {
        self.series_at_most
    }

    /// What it is called in messages.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// How often it was asked so far, what came of it, and what that cost.
    pub fn usage(&self) -> Usage {
        self.figures.read()
    }

    /// Asks once, as of a moment.
    async fn ask(&self, asked: &Asked, query: &str, at: UnixMillis) -> Result<Vec<u8>, Error> {
        self.post(self.query.clone(), form(query, &[("time", seconds(at))]), asked).await
    }

    /// Asks; and once more where the login was turned away, and there is another one by now.
    async fn post(&self, to: Url, form: String, asked: &Asked) -> Result<Vec<u8>, Error> {
        let pass = self.login.pass(&self.host, self.within).await?;
        let request = self.clients.now().post(to).body(form);
        // Nothing but a stream cannot be sent twice.
        let again = request.try_clone();
        match (self.once(request, &pass, asked).await, again) {
            (Err(turned_away @ Error::LoginWanted { status: 401, .. }), Some(again)) => {
                match self.login.other(&self.host, &pass, self.within).await? {
                    Some(pass) => self.once(again, &pass, asked).await,
                    None => Err(turned_away),
                }
            }
            (ended, _) => ended,
        }
    }

    /// Asks when it is the turn for it.
    async fn once(
        &self,
        request: reqwest::RequestBuilder,
        pass: &Pass,
        asked: &Asked,
    ) -> Result<Vec<u8>, Error> {
        // Whoever would be sent away anyhow takes nobody's turn.
        self.rested()?;
        let _seat = self.turn(asked).await?;
        let since = self.rested()?;
        let mut headers = self.headers.clone();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.extend(pass.header.clone().map(|header| (AUTHORIZATION, header)));
        let within = Duration::from_millis(self.within.millis());
        let begun = Instant::now();
        let response = request.timeout(within).headers(headers).send().await;
        let (ended, wait) = match response {
            Ok(response) => self.told(response, pass, asked).await,
            Err(error) => (Err(self.broken(error, asked)), None),
        };
        self.figures.spent(begun.elapsed());
        self.note(since, &ended, wait);
        ended
    }

    /// What it said, and how long it wants to be left alone, if it says so.
    async fn told(
        &self,
        mut response: Response,
        pass: &Pass,
        asked: &Asked,
    ) -> (Result<Vec<u8>, Error>, Option<Span>) {
        let status = response.status();
        let location = response.headers().get("location").and_then(|to| to.to_str().ok()).map(str::to_owned);
        let wait = asking::retry_after(response.headers());
        let body = match asking::read(&mut response, LONGEST_ANSWER).await {
            Ok(Some(body)) => body,
            Ok(None) => return (Err(Error::TooLong { asked: asked.clone() }), None),
            Err(error) => return (Err(self.broken(error, asked)), None),
        };
        self.figures.received(body.len());
        if status.is_success() {
            return (Ok(body), None);
        }
        let refused = answer::refused(asked, (status.as_u16(), location.as_deref()), &body, &pass.secrets);
        (Err(refused), wait)
    }

    fn broken(&self, error: reqwest::Error, asked: &Asked) -> Error {
        // A connection that does not come about in time says nothing of the question.
        if error.is_timeout() && !error.is_connect() {
            return Error::Late { asked: asked.clone(), within: self.within };
        }
        Error::Unreachable { host: self.host.clone(), why: told(&error.without_url()) }
    }

    /// That it may be asked now.
    fn rested(&self) -> Result<Since, Error> {
        self.rest.over().map_err(|(wait, why)| Error::BackingOff { host: self.host.clone(), wait, why })
    }

    /// Waits for a turn, and for one of the questions before it to be answered where there are many.
    async fn turn(&self, asked: &Asked) -> Result<Option<SemaphorePermit<'_>>, Error> {
        let mut at_once = true;
        if let Some(budget) = &self.budget {
            let turn = budget.turn(self.within).await;
            at_once = turn.ok_or_else(|| Error::OverBudget {
                host: self.host.clone(),
                budget: budget.rate(),
                within: self.within,
            })?;
        }
        if let Ok(seat) = self.seats.try_acquire() {
            if !at_once {
                self.figures.waited();
            }
            return Ok(Some(seat));
        }
        self.figures.waited();
        let seat = timeout(Duration::from_millis(self.within.millis()), self.seats.acquire()).await;
        // Nobody closes it, so there is a seat.
        let seat = seat.map_err(|_| Error::Late { asked: asked.clone(), within: self.within })?;
        Ok(seat.ok())
    }

    /// Notes whether it should be left alone from now on.
    fn note(&self, since: Since, ended: &Result<Vec<u8>, Error>, wait: Option<Span>) {
        let met = match ended {
            Err(Error::Unreachable { .. } | Error::Late { .. }) => Met::Nobody,
            Err(error) if error.kind() == crate::signal::Deaf::Overloaded => Met::TooMuch(wait),
            Ok(_) | Err(_) => Met::Answered,
        };
        let why = || ended.as_ref().err().map(Error::to_string).unwrap_or_default();
        self.rest.note(since, met, why);
    }
}

/// An address of a server, as it is written.
fn address(text: &str) -> Result<Url, Error> {
    asking::address(text).map_err(|why| Error::Address { why })
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
