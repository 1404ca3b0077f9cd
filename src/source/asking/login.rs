//! Logins: who asks, with secrets as they are at the time.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderValue;

use crate::source::asking::error::Error;
use crate::source::asking::oauth2::OAuth2;
use crate::unit::{Secret, Span};

/// A secret that is read whenever it is used: one that was changed in its place counts from then on.
#[derive(Clone)]
pub struct Kept(Arc<dyn Fn() -> Result<Secret, String> + Send + Sync>);

impl Kept {
    /// One that is read so. Reading has to be a matter of microseconds, as a file or a variable is.
    pub fn new(read: impl Fn() -> Result<Secret, String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The secret as it is now, or where it cannot be had and why.
    pub fn now(&self) -> Result<Secret, String> {
        (self.0)()
    }
}

impl From<Secret> for Kept {
    fn from(secret: Secret) -> Self {
        Self::new(move || Ok(secret.clone()))
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

/// Who asks.
#[derive(Debug)]
pub enum Login {
    /// Nobody in particular.
    Nobody,
    /// Whoever holds this token.
    Bearer(Kept),
    /// A user with a password.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: Kept,
    },
    /// Whoever is given a token for who they are.
    OAuth2(Box<OAuth2>),
}

/// What is shown at the door.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    /// What stands in `Authorization`.
    pub header: Option<HeaderValue>,
    /// What is taken out of whatever is said of it.
    pub secrets: Vec<Secret>,
}

impl Pass {
    pub(super) fn bearer(token: &Secret) -> Result<Self, String> {
        Self::of("Bearer", token.reveal(), vec![token.clone()])
    }

    pub(super) fn basic(username: &str, password: &Secret) -> Result<Self, String> {
        let both = STANDARD.encode(format!("{username}:{}", password.reveal()));
        Self::of("Basic", &both, vec![password.clone(), Secret::new(both.clone())])
    }

    fn of(scheme: &str, text: &str, secrets: Vec<Secret>) -> Result<Self, String> {
        let header = HeaderValue::try_from(format!("{scheme} {text}"));
        let mut header = header.map_err(|_| "the secret cannot be sent in a header".to_owned())?;
        header.set_sensitive(true);
        Ok(Self { header: Some(header), secrets })
    }
}

impl Login {
    /// What is shown at the door now.
    pub async fn pass(&self, host: &str, within: Span) -> Result<Pass, Error> {
        let pass = match self {
            Self::Nobody => Ok(Pass::default()),
            Self::Bearer(token) => token.now().and_then(|token| Pass::bearer(&token)),
            Self::Basic { username, password } => {
                password.now().and_then(|password| Pass::basic(username, &password))
            }
            Self::OAuth2(tokens) => return tokens.pass(host, None, within).await,
        };
        pass.map_err(|why| Error::NoSecret { host: host.to_owned(), why })
    }

    /// Another pass than this one, which was turned away; nothing, where there is none.
    pub async fn other(&self, host: &str, than: &Pass, within: Span) -> Result<Option<Pass>, Error> {
        let pass = match self {
            Self::OAuth2(tokens) => tokens.pass(host, Some(than), within).await?,
            Self::Nobody | Self::Bearer(_) | Self::Basic { .. } => self.pass(host, within).await?,
        };
        Ok(Some(pass).filter(|pass| pass.header != than.header))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[tokio::test]
    async fn a_secret_that_was_changed_counts_from_then_on() {
        let reads = AtomicU64::new(0);
        let token = Kept::new(move || match reads.fetch_add(1, Ordering::SeqCst) {
            0 | 1 => Ok(Secret::new("one".to_owned())),
            2 => Ok(Secret::new("two".to_owned())),
            _ => Err("the file is gone".to_owned()),
        });
        let login = Login::Bearer(token);
        let within = Span::from_secs(1);
        let shown = |pass: &Pass| pass.header.as_ref().unwrap().to_str().unwrap().to_owned();
        let pass = login.pass("http://a", within).await.unwrap();
        assert_eq!(shown(&pass), "Bearer one");
        assert!(login.other("http://a", &pass, within).await.unwrap().is_none());
        let other = login.other("http://a", &pass, within).await.unwrap().unwrap();
        assert_eq!(shown(&other), "Bearer two");
        let error = login.pass("http://a", within).await.unwrap_err();
        assert_eq!(error.to_string(), "http://a cannot be asked: the file is gone");
    }

    #[tokio::test]
    async fn nothing_of_a_login_is_printed() {
        let password = Kept::from(Secret::new("hunter2".to_owned()));
        let login = Login::Basic { username: "ada".to_owned(), password };
        let pass = login.pass("http://a", Span::from_secs(1)).await.unwrap();
        assert_eq!(pass.header.as_ref().unwrap(), "Basic YWRhOmh1bnRlcjI=");
        let printed = format!("{login:?} {pass:?}");
        assert!(!printed.contains("hunter2") && !printed.contains("YWRhOmh1bnRlcjI"), "{printed}");
        let unsendable = Login::Bearer(Secret::new("a\nb".to_owned()).into());
        let error = unsendable.pass("http://a", Span::from_secs(1)).await.unwrap_err();
        assert!(error.to_string().contains("cannot be sent in a header"), "{error}");
    }
}
