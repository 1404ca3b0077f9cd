//! `backstop change record`.

use serde_json::json;

use crate::config::Secret;
use crate::run::args::RecordChange;
use crate::run::{Ending, output};

/// Where the token is taken from, where no file is named.
const TOKEN: &str = "BACKSTOP_TOKEN";

pub(crate) fn record(asked: &RecordChange) -> Ending {
    let token = match token(asked) {
        Ok(token) => token,
        Err(why) => return output::complain(&why),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::complain(&format!("no connection can be made: {error}")),
    };
    match runtime.block_on(send(asked, token.as_ref())) {
        Ok((status, text)) if (200..300).contains(&status) => {
            output::print(&format!("{text}\n"), Ending::Clean)
        }
        Ok((status, text)) => {
            let told = format!("{} did not record it ({status}): {text}\n", asked.url);
            output::print(&told, Ending::Found)
        }
        Err(why) => output::complain(&why),
    }
}

fn token(asked: &RecordChange) -> Result<Option<crate::unit::Secret>, String> {
    let secret = match &asked.token_file {
        Some(file) => Secret::File(file.clone()),
        None if std::env::var_os(TOKEN).is_some() => Secret::Env(TOKEN.to_owned()),
        None => return Ok(None),
    };
    secret.read().map(Some).map_err(|error| error.to_string())
}

async fn send(asked: &RecordChange, token: Option<&crate::unit::Secret>) -> Result<(u16, String), String> {
    let body = json!({
        "service": asked.service,
        "environment": asked.environment,
        "cluster": asked.cluster,
        "version": asked.version,
        "previous": asked.previous,
        "kind": asked.kind,
        "at": asked.at,
        "author": asked.author,
        "git_sha": asked.git_sha,
        "link": asked.link,
        "intent": asked.intent,
        "risk": asked.risk,
        "weight": asked.weight,
    });
    let unreachable = |error: reqwest::Error| {
        format!(
            "{} cannot be reached: {}; is `backstop serve` running there?",
            asked.url,
            error.without_url()
        )
    };
    let client = crate::responder::client().map_err(|error| error.to_string())?;
    let url = format!("{}/v1/changes", asked.url.trim_end_matches('/'));
    let mut request = client.post(url).header("content-type", "application/json").body(body.to_string());
    if let Some(token) = token {
        request = request.bearer_auth(token.reveal());
    }
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    Ok((status, response.text().await.map_err(unreachable)?))
}
