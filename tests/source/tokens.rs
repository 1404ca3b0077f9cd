//! Logins: secrets that change, and tokens that are had for them.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use backstop::signal::Deaf;
use backstop::source::asking::LONGEST_GRANT;
use backstop::source::prometheus::Prometheus;
use tokio::task::JoinSet;

use crate::folder::Folder;
use crate::server::{Got, NOTHING, Server, Stream, answer, hold};
use crate::{ask, client};

/// `ada` and `hunter/2` as they go into a header, and into a form.
const IN_HEADER: &str = "Basic YWRhOmh1bnRlciUyRjI=";
const IN_BODY: &str = "client_id=ada&client_secret=hunter%2F2";

fn secret(folder: &Path) -> String {
    let path = folder.join("secret");
    fs::write(&path, "hunter/2\n").unwrap();
    format!("own: {{ file: '{}' }}", path.display())
}

/// The client of a source that has its tokens from this server, and is asked for what is said here.
fn oauth2(folder: &Path, (prometheus, tokens): (&Server, &Server), more: &str) -> Prometheus {
    let login = format!("token_url: '{}/token', client_id: ada, client_secret: own", tokens.url());
    let source = format!("url: '{}', oauth2: {{ {login}, scopes: [a, b] }}{more}", prometheus.url());
    client(&secret(folder), &source).unwrap()
}

fn grant(stream: &mut dyn Stream, token: &str, lasts: &str) {
    let token = format!(r#"{{"access_token":"{token}","token_type":"bearer"{lasts}}}"#);
    answer(stream, "200 OK", &token);
}

fn bearers(server: &Server) -> Vec<String> {
    server.got("/api/v1/query").iter().map(|got| got.header("authorization").to_owned()).collect()
}

#[tokio::test]
async fn a_token_file_that_was_changed_counts_from_then_on() {
    let folder = Folder::of("source-rotated");
    let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let secrets = secret(folder.path());
    let prometheus = client(&secrets, &format!("url: '{}', bearer: own", server.url())).unwrap();
    ask(&prometheus).await.unwrap();
    fs::write(folder.path().join("secret"), "second\n").unwrap();
    ask(&prometheus).await.unwrap();
    assert_eq!(bearers(&server), ["Bearer hunter/2", "Bearer second"]);
    fs::remove_file(folder.path().join("secret")).unwrap();
    let error = ask(&prometheus).await.unwrap_err();
    assert_eq!(error.kind(), Deaf::Unusable);
    assert!(error.to_string().contains("the secret's file"), "{error}");
}

#[tokio::test]
async fn one_token_is_had_for_all_who_wait_for_it() {
    let folder = Folder::of("source-token");
    let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let tokens = Server::start(|stream, _, _| grant(stream, "t0ken", r#","expires_in":3600"#));
    let prometheus = oauth2(folder.path(), (&server, &tokens), "");
    let mut asking = JoinSet::new();
    for _ in 0..10 {
        let prometheus = prometheus.clone();
        asking.spawn(async move { ask(&prometheus).await.is_ok() });
    }
    assert!(asking.join_all().await.into_iter().all(|heard| heard));
    assert_eq!(bearers(&server), ["Bearer t0ken"; 10]);
    let got = tokens.got("/token");
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].header("authorization"), IN_HEADER);
    assert_eq!(got[0].header("content-type"), "application/x-www-form-urlencoded");
    assert_eq!(got[0].body, "grant_type=client_credentials&scope=a+b");
}

#[tokio::test]
async fn a_token_is_had_again_before_it_ends_and_after_it_was_turned_away() {
    let folder = Folder::of("source-token-again");
    let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let given = AtomicU64::new(0);
    let tokens = Server::start(move |stream, _, _| {
        // The first is at its end as soon as it is there; the next says its time in quotes.
        let number = given.fetch_add(1, Ordering::SeqCst);
        let lasts = if number == 0 { r#","expires_in":0"# } else { r#","expires_in":"3600""# };
        grant(stream, &format!("t{number}"), lasts);
    });
    let prometheus = oauth2(folder.path(), (&server, &tokens), "");
    for _ in 0..3 {
        ask(&prometheus).await.unwrap();
    }
    assert_eq!(bearers(&server), ["Bearer t0", "Bearer t1", "Bearer t1"]);

    // One that was turned away as soon as it was given is not what is wrong, and no other is asked for.
    let server = Server::start(|stream, _, _| answer(stream, "401 Unauthorized", "no t0ken of mine"));
    let tokens = Server::start(|stream, _, _| grant(stream, "t0ken", ""));
    let prometheus = oauth2(folder.path(), (&server, &tokens), "");
    for _ in 0..3 {
        let error = ask(&prometheus).await.unwrap_err();
        assert_eq!(error.kind(), Deaf::Unwelcome);
        assert!(error.to_string().contains("(401): no <redacted> of mine"), "{error}");
    }
    assert_eq!((bearers(&server).len(), tokens.got("/token").len()), (3, 1));
}

#[tokio::test]
async fn whoever_wants_the_login_in_the_body_has_it_there_from_then_on() {
    let folder = Folder::of("source-token-body");
    for refusal in ["401 Unauthorized", "400 Bad Request"] {
        let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
        let tokens = Server::start(move |stream, got, _| {
            if got.body.ends_with(IN_BODY) && got.header("authorization").is_empty() {
                grant(stream, "t0ken", r#","expires_in":0"#);
            } else {
                answer(stream, refusal, r#"{"error":"invalid_client"}"#);
            }
        });
        let prometheus = oauth2(folder.path(), (&server, &tokens), "");
        ask(&prometheus).await.unwrap();
        ask(&prometheus).await.unwrap();
        assert_eq!(tokens.got("/token").len(), 3, "{refusal}: a header, a body, a body");
    }
}

/// What is done with a question for a token, by what name the query then ends, and what is said of it.
type Refusal = (&'static str, fn(&mut dyn Stream, &Got), &'static str, bool);

const REFUSALS: &[Refusal] = &[
    ("closes", |_, _| {}, "cannot be reached: ", true),
    ("says nothing", |s, _| hold(s), "did not answer within 500ms", true),
    (
        "HTML",
        |s, _| answer(s, "200 OK", "<html>"),
        "gives no token that can be used: it is no such JSON",
        false,
    ),
    (
        "no token",
        |s, _| answer(s, "200 OK", r#"{"token_type":"bearer"}"#),
        "it is no such JSON, in line 1",
        false,
    ),
    ("an empty one", |s, _| grant(s, "", ""), "gives no token that can be used: it is empty", false),
    (
        "of another type",
        |s, _| answer(s, "200 OK", r#"{"access_token":"t0ken","token_type":"mac"}"#),
        "its type is `mac`, and not `Bearer`",
        false,
    ),
    ("of two lines", |s, _| grant(s, r"t0k\nen", ""), "cannot be sent in a header", false),
    ("for ever and a day", |s, _| grant(s, "t0ken", r#","expires_in":"soon""#), "it is no such JSON", false),
    (
        "elsewhere",
        |s, _| answer(s, "302 Found\r\nLocation: http://127.0.0.1:9/", ""),
        "gives no token (302)",
        false,
    ),
    (
        "unknown",
        |s, got| {
            let sent = format!("{} {}", got.header("authorization"), got.body);
            let said =
                format!(r#"{{"error":"invalid_client","error_description":"who is {sent}, hunter/2?"}}"#);
            answer(s, "401 Unauthorized", &said);
        },
        "gives no token (401): invalid_client: who is Basic <redacted>",
        false,
    ),
    (
        "not for that",
        |s, _| answer(s, "400 Bad Request", r#"{"error":"invalid_scope"}"#),
        "gives no token (400): invalid_scope",
        false,
    ),
    ("broken", |s, _| answer(s, "500 Oh", "oh"), "gives no token (500): oh", true),
    (
        "busy",
        |s, _| answer(s, "429 Too Many Requests\r\nRetry-After: 60", ""),
        "gives no token (429): nothing",
        true,
    ),
    (
        "long",
        |s, _| answer(s, "200 OK", &"x".repeat(LONGEST_GRANT + 1)),
        "answers with more than 65536 bytes",
        false,
    ),
];

#[tokio::test]
async fn whoever_gives_no_token_is_named_and_left_alone() {
    let folder = Folder::of("source-no-token");
    for (name, refuse, words, may_pass) in REFUSALS {
        let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
        let refuse = *refuse;
        let tokens = Server::start(move |stream, got, _| refuse(stream, got));
        let more = if *name == "says nothing" { ", timeout: 500ms" } else { "" };
        let prometheus = oauth2(folder.path(), (&server, &tokens), more);
        let error = ask(&prometheus).await.unwrap_err();
        let text = error.to_string();
        assert_eq!((error.kind(), error.may_pass()), (Deaf::Unwelcome, *may_pass), "{name}: {text}");
        let secrets = ["hunter", "t0ken", "t0k", "YWRhOmh1bnRlciUyRjI"];
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "{name}: {text}");
        let who = format!("{} cannot be asked, for want of a token: {}", server.url(), tokens.url());
        assert!(text.starts_with(&who) && text.contains(words), "{name}: `{words}` is not in\n{text}");
        // Whoever comes right behind it hears the same, and nobody is asked.
        let before = tokens.got("/token").len();
        let again = ask(&prometheus).await.unwrap_err().to_string();
        assert!(again.contains("it is asked again in") && again.contains(words), "{name}: {again}");
        assert_eq!((tokens.got("/token").len(), server.queries()), (before, 0), "{name}");
    }
}

#[tokio::test]
async fn whoever_goes_while_a_token_is_had_keeps_nobody_from_it() {
    let folder = Folder::of("source-token-gone");
    let server = Server::start(|stream, _, _| answer(stream, "200 OK", NOTHING));
    let asked = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&asked);
    let tokens = Server::start(move |stream, _, number| {
        seen.store(number, Ordering::SeqCst);
        if number == 1 { hold(stream) } else { grant(stream, "t0ken", "") }
    });
    let prometheus = oauth2(folder.path(), (&server, &tokens), "");
    let first = prometheus.clone();
    let first = tokio::spawn(async move { ask(&first).await.is_ok() });
    while asked.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    first.abort();
    ask(&prometheus).await.unwrap();
    assert_eq!(bearers(&server), ["Bearer t0ken"]);
}
