//! Logins as they are set up: who asks, with secrets by their names, and which certificates.

use crate::unit::Name;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Login {
    /// Nobody in particular.
    None,
    /// A user with a password, by the secret's name.
    Basic {
        /// The user.
        username: String,
        /// The secret.
        password: Name,
    },
    /// A bearer token, by the secret's name.
    Bearer(Name),
    /// Client credentials.
    OAuth2 {
        /// Where tokens are had.
        token_url: String,
        /// Who asks.
        client_id: String,
        /// The secret.
        client_secret: Name,
        /// For what.
        scopes: Vec<String>,
    },
}

impl Login {
    /// The secret that it takes.
    pub const fn secret(&self) -> Option<&Name> {
        match self {
            Self::None => None,
            Self::Bearer(name)
            | Self::Basic { password: name, .. }
            | Self::OAuth2 { client_secret: name, .. } => Some(name),
        }
    }
}

/// Certificates, each in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Tls {
    /// The roots to trust, and no others.
    pub ca_file: Option<String>,
    /// The certificate to show, and its key.
    pub identity: Option<(String, String)>,
    /// The name that its certificate is for, where that is not the one in the address.
    pub server_name: Option<String>,
}
