//! The set of rules that is in force: read, checked and put into force as a whole, or not at all.

use std::sync::{Arc, PoisonError, RwLock};

use crate::config::{self, KnownBy, Loaded, SecretError};
use crate::decision::Mode;
use crate::engine::{Program, Rules};
use crate::responder::Reach;
use crate::run::authorship;
use crate::surface::http::{Access, Certified, Door, DoorError, DoorFiles, SameToken, Token};
use crate::unit::{Name, Secret, UnixMillis, hex};

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
    pub(crate) fn of(loaded: Loaded, doubted: Option<UnixMillis>) -> Self {
        let mut program = config::program(&loaded);
        authorship::note(&mut program, &loaded.files);
        if doubted.is_some() {
            program = Program { mode: Mode::Shadow, doubted, ..program };
        }
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

    /// A secret as it is now, where the rules in force say that it is.
    pub(crate) fn secret(&self, name: &Name) -> Result<Secret, String> {
        let set = self.now();
        let secret = set.server.secrets.get(name).ok_or_else(|| format!("there is no secret `{name}`"))?;
        secret.read().map_err(|error| error.to_string())
    }

    /// Where webhooks may go, as the rules in force list it.
    pub(crate) fn reach(&self) -> Reach {
        let known = self.clone();
        Reach::new(move || Arc::clone(&known.now().server.hosts))
    }

    pub(crate) fn put(&self, set: Arc<Set>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = set;
    }
}

/// Who may ask, by the tokens as they are now.
pub(crate) fn access(server: &config::Server) -> Result<Access, TokenError> {
    let by_token = server.access.iter().filter_map(|access| Some((access, access.token()?)));
    let tokens = by_token.map(|(access, token)| {
        // `check` refuses an entry whose secret is not there.
        let secret = server.secrets.get(token);
        let read = secret.map_or_else(|| Err(SecretError::Unset(token.to_string())), config::Secret::read);
        let token = read.map_err(|error| TokenError::Unreadable(access.who.clone(), error))?;
        Ok(Token::new(access.who.clone(), &token, access.may.clone()))
    });
    let certified = server.access.iter().filter_map(|access| match &access.by {
        KnownBy::San(san) => {
            let (name, san, roles) = (access.who.clone(), san.clone(), access.may.clone());
            Some(Certified { name, san, roles })
        }
        KnownBy::Token(_) => None,
    });
    Ok(Access::new(tokens.collect::<Result<_, TokenError>>()?)?.with(certified.collect()))
}

/// The way in by TLS, by its files as they are now; nothing, where it listens in the clear.
pub(crate) fn door(server: &config::Server) -> Result<Option<Door>, DoorError> {
    let files = |tls: &config::Listening| DoorFiles {
        cert: tls.cert_file.clone(),
        key: tls.key_file.clone(),
        client_ca: tls.client_ca_file.clone(),
    };
    server.tls.as_ref().map(|tls| Door::open(&files(tls))).transpose()
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
