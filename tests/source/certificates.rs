//! Certificates: whom a source trusts, what it is called, and what it shows.

use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex};

use backstop::signal::Deaf;
use rustls::ServerConnection;

use crate::kept::{certificates, shown};
use crate::server::{NOTHING, Server, Stream, answer};
use crate::{ask, client};

/// A server that shows its certificate, wants to see one where it is told to, and tells by what name it was asked.
fn server(folder: &Path, wants_client: bool) -> (Server, Arc<Mutex<Vec<String>>>) {
    let config = shown(folder, "server", wants_client);
    let names = Arc::new(Mutex::new(Vec::new()));
    let asked = Arc::clone(&names);
    let talk = move |tcp: &mut TcpStream, talk: &mut dyn FnMut(&mut dyn Stream)| {
        let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
        // Whoever turns away what is shown here ends the handshake.
        if session.complete_io(tcp).is_ok() {
            asked.lock().unwrap().extend(session.server_name().map(str::to_owned));
            talk(&mut rustls::Stream::new(&mut session, tcp));
            session.send_close_notify();
            session.complete_io(tcp).ok();
        }
    };
    (Server::over(|stream, _, _| answer(stream, "200 OK", NOTHING), talk), names)
}

#[tokio::test]
async fn a_server_is_trusted_by_its_authority_and_its_name() {
    let Some(folder) = certificates("source-tls") else { return };
    let own = |name: &str| folder.path().join(name).display().to_string();
    let (open, names) = server(folder.path(), false);
    let (closed, _) = server(folder.path(), true);
    let (ca, other) = (format!("ca_file: '{}'", own("ca.pem")), format!("ca_file: '{}'", own("other.pem")));
    let named = format!("{ca}, server_name: prometheus.internal");
    let shown = format!("{named}, cert_file: '{}', key_file: '{}'", own("client.pem"), own("client.key"));
    for (server, tls, words) in [
        (&open, &*named, None),
        (&open, &ca, Some("certificate not valid for name")),
        (&open, &*format!("{ca}, server_name: prometheus.external"), Some("certificate not valid for name")),
        (&open, "server_name: prometheus.internal", Some("UnknownIssuer")),
        (&open, &*format!("{other}, server_name: prometheus.internal"), Some("invalid peer certificate")),
        (&open, &shown, None),
        (&closed, &shown, None),
        (&closed, &named, Some("cannot be reached: ")),
    ] {
        let source = format!("url: 'https://{}', tls: {{ {tls} }}", server.address);
        let prometheus = client("", &source).unwrap();
        match (ask(&prometheus).await, words) {
            (Ok(_), None) => {}
            (Err(error), Some(words)) => {
                let text = error.to_string();
                assert_eq!(error.kind(), Deaf::Unreachable, "{tls}: {text}");
                // It is called by its address, whatever stands in its certificate.
                let who = format!("https://{} cannot be reached: ", server.address);
                assert!(text.starts_with(&who) && text.contains(words), "{tls}: `{words}` is not in\n{text}");
            }
            (heard, _) => panic!("{tls}: {heard:?}"),
        }
    }
    assert_eq!(open.queries(), 2);
    assert_eq!(names.lock().unwrap().as_slice(), ["prometheus.internal"; 2]);
    let host = open.got("/api/v1/query")[0].header("host").to_owned();
    assert_eq!(host, open.address.to_string(), "a name for its certificate is no other host");
}

/// Certificates are renewed in their place, one file after the other, and nobody reads the rules again for that.
#[tokio::test]
async fn certificates_that_are_renewed_count_from_then_on() {
    let Some(folder) = certificates("source-tls-renewed") else { return };
    let own = |name: &str| folder.path().join(name).display().to_string();
    let copy = |from: &str, to: &str| std::fs::copy(own(from), own(to)).unwrap();
    let (closed, _) = server(folder.path(), true);
    for (from, to) in [("client.pem", "now.pem"), ("client.key", "now.key"), ("ca.pem", "roots.pem")] {
        copy(from, to);
    }
    let files = format!(
        "ca_file: '{}', cert_file: '{}', key_file: '{}'",
        own("roots.pem"),
        own("now.pem"),
        own("now.key")
    );
    let source =
        format!("url: 'https://{}', tls: {{ server_name: prometheus.internal, {files} }}", closed.address);
    let prometheus = client("", &source).unwrap();
    let soon = async || {
        let good = async {
            while ask(&prometheus).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), good).await.unwrap();
    };
    ask(&prometheus).await.unwrap();
    // Of a key that is not the certificate's no client can be made.
    copy("other.key", "now.key");
    ask(&prometheus).await.unwrap();
    copy("other.pem", "now.pem");
    assert_eq!(ask(&prometheus).await.unwrap_err().kind(), Deaf::Unreachable);
    copy("client.pem", "now.pem");
    copy("client.key", "now.key");
    soon().await;
    copy("other.pem", "roots.pem");
    let error = ask(&prometheus).await.unwrap_err().to_string();
    assert!(error.contains("invalid peer certificate"), "{error}");
    copy("ca.pem", "roots.pem");
    soon().await;
}

#[tokio::test]
async fn files_that_hold_no_certificates_are_named() {
    let Some(folder) = certificates("source-tls-files") else { return };
    let own = |name: &str| folder.path().join(name).display().to_string();
    for (tls, words) in [
        (format!("ca_file: '{}'", own("nowhere.pem")), "nowhere.pem` cannot be taken: No such file"),
        (format!("ca_file: '{}'", own("ca.key")), "ca.key` cannot be taken: there is no certificate in it"),
        (
            format!("cert_file: '{}', key_file: '{}'", own("client.pem"), own("ca.pem")),
            "ca.pem` cannot be taken: ",
        ),
    ] {
        let error = client("", &format!("url: 'https://127.0.0.1:1', tls: {{ {tls} }}")).unwrap_err();
        assert!(error.starts_with("source `eu`: ") && error.contains(words), "`{words}` is not in\n{error}");
    }
}
