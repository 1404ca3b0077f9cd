//! The way in by TLS: what is shown, who is known by what they show, and what is renewed without a start.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;

use crate::alertmanager::Alertmanager;
use crate::process::{Process, wait};
use crate::site::{Site, TOKEN};
use crate::skip::skip;

const PATH: &str = "/v1/incidents/alertmanager";

/// Makes a certificate that an authority signs.
fn signed(folder: &Path, name: &str, more: &str) {
    made(
        folder,
        &format!(
            "{NEW} -CA ca.pem -CAkey ca.key -addext basicConstraints=critical,CA:FALSE -keyout {name}.key -out {name}.pem -subj /CN={name} {more}"
        ),
    );
}

const NEW: &str = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";

fn made(folder: &Path, args: &str) {
    let mut command = Command::new("openssl");
    command.current_dir(folder).args(args.split(' ')).stderr(Stdio::null());
    assert!(command.status().unwrap().success(), "openssl {args}");
}

/// A site that listens by TLS, with certificates of callers; nothing, where there is no `openssl`.
fn site(test: &str, name: &str) -> Option<Site> {
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        skip(test, "openssl");
        return None;
    }
    let site = Site::new(name, &[]);
    let folder = site.path();
    for authority in ["ca", "other"] {
        made(folder, &format!("{NEW} -keyout {authority}.key -out {authority}.pem -subj /CN={authority}"));
    }
    signed(folder, "server", "-addext subjectAltName=DNS:backstop.internal");
    for (name, san) in [("teller", "alertmanager.internal"), ("stranger", "stranger.internal")] {
        let usage = "-addext extendedKeyUsage=clientAuth";
        signed(folder, name, &format!("-addext subjectAltName=DNS:{san} {usage}"));
    }
    let self_made = "-addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=clientAuth";
    made(
        folder,
        &format!(
            "{NEW} -CA other.pem -CAkey other.key -keyout forged.key -out forged.pem -subj /CN=forged -addext subjectAltName=DNS:alertmanager.internal {self_made}"
        ),
    );
    site.write(
        "rules.yaml",
        "settle: 250ms
secrets: { token: { file: token } }
tls: { cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem }
access:
  - { who: pipeline, token: token, may: [change, ingest, read] }
  - { who: alertmanager, san: alertmanager.internal, may: alert }
targets: [ { service: shop, environment: production, select: { service: shop }, alerts: { service: shop } } ]
",
    );
    Some(site)
}

/// Starts it, whose readiness nobody can ask in the clear.
fn start(site: &Site) -> Process {
    Process::start_silent(&mut site.serve())
}

/// Asks by TLS, showing a certificate where there is one: the status and the body, or nothing where the two do not come to
/// terms.
fn ask(
    folder: &Path,
    address: SocketAddr,
    own: Option<&str>,
    head: &str,
    body: &str,
) -> Option<(u16, String)> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("ca.pem")).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots);
    let config = match own {
        None => config.with_no_client_auth(),
        Some(own) => {
            let cert = CertificateDer::from_pem_file(folder.join(format!("{own}.pem"))).unwrap();
            let key = PrivateKeyDer::from_pem_file(folder.join(format!("{own}.key"))).unwrap();
            config.with_client_auth_cert(vec![cert], key).unwrap()
        }
    };
    let name = ServerName::try_from("backstop.internal").unwrap();
    let session = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(session, TcpStream::connect(address).unwrap());
    let (line, more) = head.split_once('\n').unwrap_or((head, "X-From: a test"));
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: backstop\r\nConnection: close\r\nContent-Length: {length}\r\n{more}\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok();
    let answer = String::from_utf8(answer).unwrap();
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned())))
}

#[test]
fn callers_are_known_by_the_names_in_their_certificates() {
    let test = "callers_are_known_by_the_names_in_their_certificates";
    let Some(site) = site(test, "tls") else { return };
    let process = start(&site);
    let alerts = json!({ "version": "4", "alerts": [] }).to_string();
    let telling = format!("POST {PATH}\nContent-Type: application/json");
    let reading = format!("GET /v1/gates\nAuthorization: Bearer {TOKEN}");
    for (own, head, body, expected) in [
        (Some("teller"), &*telling, &*alerts, Some(200)),
        (Some("teller"), "GET /v1/gates", "", Some(403)),
        (Some("stranger"), &telling, &alerts, Some(401)),
        (None, &telling, &alerts, Some(401)),
        // A token counts before a certificate, and takes none.
        (None, &reading, "", Some(200)),
        (Some("teller"), &reading, "", Some(200)),
        // Who signs their own is nobody.
        (Some("forged"), &telling, &alerts, None),
    ] {
        let answer = ask(site.path(), process.address, own, head, body);
        let status = answer.as_ref().map(|(status, _)| *status);
        assert_eq!(status, expected, "{own:?} {head}: {answer:?}");
    }
    // In the clear there is nothing.
    assert_eq!(process.get("/-/healthy").0, 0);
    assert_eq!(process.stop().0, 0);
}

#[test]
fn an_alertmanager_is_known_by_its_certificate() {
    let test = "an_alertmanager_is_known_by_its_certificate";
    let Some(site) = site(test, "tls-alertmanager") else { return };
    let process = start(&site);
    let own = |name: &str| site.path().join(name).display().to_string();
    let tls = format!(
        "tls_config: {{ ca_file: '{}', cert_file: '{}', key_file: '{}', server_name: backstop.internal }}",
        own("ca.pem"),
        own("teller.pem"),
        own("teller.key")
    );
    let url = format!("https://{}{PATH}", process.address);
    let Some(alertmanager) = Alertmanager::start(test, &site.path().join("am"), (&url, &tls)) else { return };
    alertmanager.fire(&json!({ "alertname": "HighErrors", "service": "shop" }));
    let row = wait("the record", || site.records("alerted", "HighErrors").pop());
    assert_eq!((&row["by"], &row["provenance"]), (&json!("alertmanager"), &json!("authenticated")));
    assert_eq!(process.stop().0, 0);
}

#[test]
fn certificates_are_renewed_without_a_start() {
    let test = "certificates_are_renewed_without_a_start";
    let Some(site) = site(test, "tls-renewed") else { return };
    let process = start(&site);
    let reading = format!("GET /v1/gates\nAuthorization: Bearer {TOKEN}");
    let works =
        || ask(site.path(), process.address, None, &reading, "").is_some_and(|(status, _)| status == 200);
    assert!(works());
    // From now on another authority is trusted by whoever asks.
    made(site.path(), &format!("{NEW} -keyout ca.key -out ca.pem -subj /CN=ca"));
    assert!(!works());
    signed(site.path(), "server", "-addext subjectAltName=DNS:backstop.internal");
    wait("the new certificate", || works().then_some(()));
    assert_eq!(process.stop().0, 0);
}
