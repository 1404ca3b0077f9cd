//! Asking a backstop that runs, as the commands do that tell it something.

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::config;
use crate::unit::Secret;

/// Where the token is taken from, where no file is named.
const TOKEN: &str = "BACKSTOP_TOKEN";

/// A backstop that is asked.
pub(crate) struct Asking {
    url: String,
    token: Option<Secret>,
    client: reqwest::Client,
    runtime: Runtime,
}

/// What it answered.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Asking {
    /// The backstop at this address, with the token of this file, or that of the environment.
    pub(crate) fn new(url: &str, token_file: Option<&str>) -> Result<Self, String> {
        let secret = match token_file {
            Some(file) => Some(config::Secret::File(file.to_owned())),
            None => std::env::var_os(TOKEN).map(|_| config::Secret::Env(TOKEN.to_owned())),
        };
        let token = secret.map(|secret| secret.read()).transpose().map_err(|error| error.to_string())?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no connection can be made: {error}"))?;
        let client = crate::responder::client().map_err(|error| error.to_string())?;
        Ok(Self { url: url.trim_end_matches('/').to_owned(), token, client, runtime })
    }

    pub(crate) fn get(&self, path: &str) -> Result<Heard, String> {
        self.hear(self.client.get(format!("{}{path}", self.url)))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Heard, String> {
        let request = self.client.post(format!("{}{path}", self.url));
        self.hear(request.header("content-type", "application/json").body(body.to_string()))
    }

    fn hear(&self, request: reqwest::RequestBuilder) -> Result<Heard, String> {
        let unreachable = |error: reqwest::Error| {
            let (url, error) = (&self.url, error.without_url());
            format!("{url} cannot be reached: {error}; is `backstop serve` running there?")
        };
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.reveal()),
            None => request,
        };
        self.runtime.block_on(async {
            let response = request.send().await.map_err(unreachable)?;
            let status = response.status().as_u16();
            Ok(Heard { status, text: response.text().await.map_err(unreachable)? })
        })
    }
}
