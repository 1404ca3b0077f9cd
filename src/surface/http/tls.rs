//! TLS: what is shown to whoever connects, and what they show of themselves.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use ring::digest;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

/// The files of a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoorFiles {
    /// The certificate that is shown, with those that it was signed by.
    pub cert: String,
    /// Its key.
    pub key: String,
    /// The authority that the certificates of callers are signed by; nothing: nobody is asked for one.
    pub client_ca: Option<String>,
}

/// The way in by TLS. Whoever holds a copy has the same one, also after its certificates were renewed.
#[derive(Clone)]
pub struct Door(Arc<RwLock<Inside>>);

#[derive(Clone)]
struct Inside {
    acceptor: TlsAcceptor,
    /// The SHA-256 of all files.
    print: [u8; digest::SHA256_OUTPUT_LEN],
}

/// Why there is no door.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// A file cannot be read.
    #[error("`{0}` cannot be read: {1}; `tls:` in the server file names it")]
    Unreadable(String, std::io::Error),
    /// There is nothing of its kind in it.
    #[error("there is no {1} in `{0}`; it takes one in PEM")]
    Nothing(String, &'static str),
    /// The parts do not fit.
    #[error("`{0}` cannot be used: {1}")]
    Unfit(String, String),
}

/// The certificate that somebody showed, signed by the authority that they have to have it from.
#[derive(Clone)]
pub(super) struct Shown(CertificateDer<'static>);

impl Shown {
    /// Whether it is for this name.
    pub(super) fn is(&self, name: &str) -> bool {
        let parsed = ParsedCertificate::try_from(&self.0);
        let named = ServerName::try_from(name.to_owned());
        let (Ok(parsed), Ok(named)) = (parsed, named) else { return false };
        rustls::client::verify_server_name(&parsed, &named).is_ok()
    }
}

impl Door {
    /// The door of these files, as they are now.
    pub fn open(files: &DoorFiles) -> Result<Self, DoorError> {
        let mut print = digest::Context::new(&digest::SHA256);
        let mut read = |file: &String| {
            let held = std::fs::read(file).map_err(|error| DoorError::Unreadable(file.clone(), error))?;
            print.update(&(held.len() as u64).to_be_bytes());
            print.update(&held);
            Ok::<_, DoorError>(held)
        };
        let (cert, key) = (read(&files.cert)?, read(&files.key)?);
        let roots = files.client_ca.as_ref().map(|file| Ok((file, read(file)?))).transpose()?;
        let unfit =
            |file: &str, error: &dyn fmt::Display| DoorError::Unfit(file.to_owned(), error.to_string());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| unfit(&files.cert, &error))?;
        let config = match roots {
            None => config.with_no_client_auth(),
            Some((file, pem)) => {
                let mut store = RootCertStore::empty();
                for root in certificates(file, &pem)? {
                    store.add(root).map_err(|error| unfit(file, &error))?;
                }
                // Whoever shows none may have a token.
                let verifier = WebPkiClientVerifier::builder_with_provider(store.into(), provider)
                    .allow_unauthenticated()
                    .build()
                    .map_err(|error| unfit(file, &error))?;
                config.with_client_cert_verifier(verifier)
            }
        };
        let key = PrivateKeyDer::from_pem_slice(&key)
            .map_err(|_| DoorError::Nothing(files.key.clone(), "private key"))?;
        let config = config
            .with_single_cert(certificates(&files.cert, &cert)?, key)
            .map_err(|error| unfit(&files.cert, &error))?;
        let mut hash = [0; digest::SHA256_OUTPUT_LEN];
        hash.copy_from_slice(print.finish().as_ref());
        let inside = Inside { acceptor: TlsAcceptor::from(Arc::new(config)), print: hash };
        Ok(Self(Arc::new(RwLock::new(inside))))
    }

    /// Shows what another one does from now on, to whoever connects.
    pub fn renew(&self, other: &Self) {
        let other = other.inside();
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = other;
    }

    /// What a connection is met with now.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.inside().acceptor
    }

    fn inside(&self) -> Inside {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl PartialEq for Door {
    fn eq(&self, other: &Self) -> bool {
        self.inside().print == other.inside().print
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

/// What a caller showed, where they showed anything.
pub(super) fn shown(session: &rustls::ServerConnection) -> Option<Shown> {
    session.peer_certificates().and_then(<[_]>::first).map(|own| Shown(own.clone().into_owned()))
}

fn certificates(file: &str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, DoorError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| DoorError::Unfit(file.to_owned(), error.to_string()))?;
    if found.is_empty() { Err(DoorError::Nothing(file.to_owned(), "certificate")) } else { Ok(found) }
}
