//! Certificates of clients, as their files are at the time.

use std::os::unix::fs::MetadataExt as _;
use std::sync::{Mutex, PoisonError};

use reqwest::{Certificate, Client, Identity};

use crate::source::asking::Clients;
use crate::unit::{Tls, told};

/// Clients with these certificates: another one where their files are others. Where that makes no client, the last one
/// stays, for whoever renews a certificate writes it and its key one after the other.
pub(super) fn renewed(
    whose: String,
    tls: &Tls,
    make: impl Fn() -> Result<Client, String> + Send + Sync + 'static,
) -> Result<Clients, String> {
    let Tls { ca_file, identity, .. } = tls;
    let own = identity.iter().flat_map(|(cert, key)| [cert, key]);
    let files: Vec<String> = ca_file.iter().chain(own).cloned().collect();
    if files.is_empty() {
        return make().map(Clients::from);
    }
    // It is asked with every query, so what is in them is read only where they are others, or were written to.
    let look = |file: &String| {
        std::fs::metadata(file).ok().map(|held| (held.ino(), held.len(), held.modified().ok()))
    };
    let held = move || files.iter().map(look).collect::<Vec<_>>();
    // Looked at first: what is written meanwhile is otherwise than this, and is taken with the next use.
    let known = Mutex::new((held(), make()?));
    Ok(Clients::new(move || {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held();
        if known.0 != held {
            match make() {
                Ok(client) => known.1 = client,
                Err(why) => {
                    tracing::warn!(of = %whose, %why, "its certificates are as they were read before");
                }
            }
            known.0 = held;
        }
        known.1.clone()
    }))
}

fn broken(file: &str, error: &dyn std::fmt::Display) -> String {
    format!("`{file}` cannot be taken: {error}")
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| broken(file, &error))
}

/// The roots to trust; none: those of the machine.
pub(super) fn roots(tls: &Tls) -> Result<Vec<Certificate>, String> {
    let Some(file) = &tls.ca_file else { return Ok(Vec::new()) };
    let roots = Certificate::from_pem_bundle(&read(file)?).map_err(|error| broken(file, &told(&error)))?;
    if roots.is_empty() {
        return Err(broken(file, &"there is no certificate in it"));
    }
    Ok(roots)
}

/// The certificate to show.
pub(super) fn identity(tls: &Tls) -> Result<Option<Identity>, String> {
    let Some((cert, key)) = &tls.identity else { return Ok(None) };
    let both = [read(cert)?, read(key)?].join(&b"\n"[..]);
    let identity = Identity::from_pem(&both);
    identity.map(Some).map_err(|error| broken(&format!("{cert}` with `{key}"), &told(&error)))
}
