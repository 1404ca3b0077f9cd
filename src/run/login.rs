//! Logins: who asks a Prometheus.

use crate::config::Secret;
use crate::run::args;
use crate::run::servers::kept;
use crate::source::asking::Login;

/// Where secrets are taken from, where no file is named.
const TOKEN: &str = "BACKSTOP_PROMETHEUS_TOKEN";
const PASSWORD: &str = "BACKSTOP_PROMETHEUS_PASSWORD";

/// Who asks, as the arguments say, or the environment.
pub(crate) fn read(asked: &args::Login) -> Result<Login, String> {
    let from_environment =
        |variable: &str| std::env::var_os(variable).map(|_| Secret::Env(variable.to_owned()));
    if let Some(username) = &asked.username {
        let file = asked.password_file.clone().map(Secret::File);
        let Some(password) = file.or_else(|| from_environment(PASSWORD)) else {
            return Err(format!(
                "`--username` needs a password: give `--password-file`, or set `{PASSWORD}`"
            ));
        };
        return Ok(Login::Basic { username: username.clone(), password: kept(password)? });
    }
    match asked.token_file.clone().map(Secret::File).or_else(|| from_environment(TOKEN)) {
        Some(token) => Ok(Login::Bearer(kept(token)?)),
        None => Ok(Login::Nobody),
    }
}
