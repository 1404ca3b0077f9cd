//! Certificates as files, and servers that show them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

use crate::folder::Folder;
use crate::skip::skip;

/// An authority, a server called `prometheus.internal`, one called by the address of this machine, a client, and an
/// authority that nobody knows, as files of a folder; nothing, where there is no `openssl`.
pub(crate) fn certificates(test: &str) -> Option<Folder> {
    let folder = Folder::of(test);
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        skip(test, "openssl");
        return None;
    }
    let made = |args: &str| {
        let mut command = Command::new("openssl");
        command.current_dir(folder.path()).args(args.split(' ')).stderr(Stdio::null());
        assert!(command.status().unwrap().success(), "openssl {args}");
    };
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    for authority in ["ca", "other"] {
        made(&format!("{new} -keyout {authority}.key -out {authority}.pem -subj /CN={authority}"));
    }
    let signed = "-CA ca.pem -CAkey ca.key -addext basicConstraints=critical,CA:FALSE";
    for (name, usage) in [
        ("server", "-addext subjectAltName=DNS:prometheus.internal"),
        ("here", "-addext subjectAltName=IP:127.0.0.1"),
        ("client", "-addext extendedKeyUsage=clientAuth"),
    ] {
        made(&format!("{new} {signed} -keyout {name}.key -out {name}.pem -subj /CN={name} {usage}"));
    }
    Some(folder)
}

fn pem(folder: &Path, name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(folder.join(name)).unwrap()
}

/// What a server goes by that shows this certificate, and wants to see one where it is told to.
pub(crate) fn shown(folder: &Path, name: &str, wants_client: bool) -> Arc<ServerConfig> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let config = ServerConfig::builder();
    let config = if wants_client {
        let mut roots = RootCertStore::empty();
        roots.add(pem(folder, "ca.pem")).unwrap();
        config.with_client_cert_verifier(WebPkiClientVerifier::builder(roots.into()).build().unwrap())
    } else {
        config.with_no_client_auth()
    };
    let key = PrivateKeyDer::from_pem_file(folder.join(format!("{name}.key"))).unwrap();
    Arc::new(config.with_single_cert(vec![pem(folder, &format!("{name}.pem"))], key).unwrap())
}
