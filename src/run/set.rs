//! The set of rules that is in force: read, checked and put into force as a whole, or not at all.

use std::sync::{Arc, PoisonError, RwLock};

use crate::archive::LastStop;
use crate::config::{self, Loaded, SecretError};
use crate::decision::Mode;
use crate::engine::{Program, Rules};
use crate::run::authorship;
use crate::surface::http::{Access, SameToken, Token};
use crate::unit::{Name, hex};

/// A set of rules with the settings beside them.
#[derive(Debug)]
pub(crate) struct Set {
    /// What the engine goes by.
    pub(crate) rules: Rules,
    /// The settings of the server.
    pub(crate) server: config::Server,
}

/// Why tokens are none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// One cannot be read.
    #[error("the token of `{0}` cannot be read: {1}")]
    Unreadable(Name, SecretError),
    /// Two have one token.
    #[error(transparent)]
    Same(#[from] SameToken),
}

impl Set {
    /// The set of what was loaded. Whoever has forgotten what was done last does nothing.
    pub(crate) fn of(loaded: Loaded, last_stop: LastStop) -> Self {
        let mut program = config::program(&loaded);
        authorship::note(&mut program, &loaded.files);
        let program = match last_stop {
            LastStop::Older => Program { mode: Mode::Shadow, ..program },
            LastStop::First | LastStop::Clean | LastStop::Unclean => program,
        };
        let rules = Rules { program: Arc::new(program), config: fingerprint(&loaded) };
        Self { rules, server: loaded.server }
    }
}

/// The set that is in force now, for all who go by it.
#[derive(Debug, Clone)]
pub(crate) struct InForce(Arc<RwLock<Arc<Set>>>);

impl InForce {
    pub(crate) fn new(set: Set) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(set))))
    }

    pub(crate) fn now(&self) -> Arc<Set> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn put(&self, set: Arc<Set>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set;
    }
}

/// Who may ask, by the tokens as they are now.
pub(crate) fn access(server: &config::Server) -> Result<Access, TokenError> {
    let tokens = server.access.iter().map(|access| {
        // `check` refuses an entry whose secret is not there.
        let secret = server.secrets.get(&access.token);
        let read =
            secret.map_or_else(|| Err(SecretError::Unset(access.token.to_string())), config::Secret::read);
        let token = read.map_err(|error| TokenError::Unreadable(access.who.clone(), error))?;
        Ok(Token::new(access.who.clone(), &token, access.may.clone()))
    });
    Ok(Access::new(tokens.collect::<Result<_, TokenError>>()?)?)
}

/// The SHA-256 of all files, in hex: their names are part of it, since what a file is trusted with goes by that.
pub(crate) fn fingerprint(loaded: &Loaded) -> String {
    let mut hash = ring::digest::Context::new(&ring::digest::SHA256);
    for (_, file) in loaded.files.iter() {
        for part in [&file.name, &file.text] {
            hash.update(&part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    hex(hash.finish().as_ref())
}
