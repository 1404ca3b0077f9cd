//! Proxies: as they are written, and never from the environment.

use std::process::Command;

use crate::server::{NOTHING, Server, answer};
use crate::{ask, client};

#[tokio::test]
async fn a_source_is_asked_through_its_proxy() {
    let proxy = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let source = format!("url: 'http://prometheus.invalid:9090/eu', proxy: '{}'", proxy.url());
    ask(&client("", &source).unwrap()).await.unwrap();
    assert_eq!(proxy.got("http://prometheus.invalid:9090/eu/api/v1/query").len(), 1);
}

#[test]
fn the_environment_names_no_proxy() {
    let proxy = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let server = Server::start(|stream, _, _| answer(stream, "403 Forbidden", "direct"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, proxy.url());
    }
    let output = command.args(["query", "up", "--url", &server.url()]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("does not let us in (403): direct"), "{error}");
}
