//! Servers that lie, dawdle or are not there: each ends under its own name.

use std::net::TcpListener;

use backstop::signal::Deaf;
use backstop::source::prometheus::{Error, LONGEST_ANSWER, Prometheus};

use crate::server::{NOTHING, Server, Stream, answer, drip, hold, say};
use crate::{ask, client};

/// What is sent for a query.
type Lie = fn(&mut dyn Stream);

const HTML: &str = "<html><title>Sign in</title></html>";
const API: &str = r#"{"status":"error","errorType":"execution","error":"too many samples"}"#;
const GIVEN_UP: &str = r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#;

fn matrix(stream: &mut dyn Stream, result: &str) {
    answer(
        stream,
        "200 OK",
        &format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":{result}}}}}"#),
    );
}

/// Answers that never come, or break off.
const BROKEN: &[(&str, Lie, Deaf, &str)] = &[
    ("accepts and says nothing", |s| hold(s), Deaf::Late, "was not answered within 300ms"),
    (
        "a byte at a time",
        |s| drip(s, &"HTTP/1.1 200 OK\r\n".repeat(9)),
        Deaf::Late,
        "was not answered within",
    ),
    (
        "half a head",
        |s| {
            say(s, "HTTP/1.1 200 OK\r\nContent-");
            hold(s);
        },
        Deaf::Late,
        "was not answered",
    ),
    (
        "a head and no body",
        |s| {
            say(s, "HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n");
            hold(s);
        },
        Deaf::Late,
        "was not answered within",
    ),
    (
        "a body at a byte a time",
        |s| {
            say(s, "HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n");
            drip(s, NOTHING);
        },
        Deaf::Late,
        "was not answered within",
    ),
    ("closes at once", |_| {}, Deaf::Unreachable, "cannot be reached: "),
    ("no HTTP", |s| say(s, "SSH-2.0-OpenSSH_9.2\r\n"), Deaf::Unreachable, "cannot be reached: "),
    (
        "closes within the body",
        |s| say(s, "HTTP/1.1 200 OK\r\nContent-Length: 640\r\n\r\n{\"status\":"),
        Deaf::Unreachable,
        "cannot be reached: ",
    ),
    (
        "chunks that are none",
        |s| say(s, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n"),
        Deaf::Unreachable,
        "cannot be reached: ",
    ),
    (
        "less than it says",
        |s| say(s, &format!("HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n{NOTHING}")),
        Deaf::Garbage,
        "no answer of a Prometheus: EOF",
    ),
];

/// Answers that are none.
const GARBAGE: &[(&str, Lie, Deaf, &str)] = &[
    ("HTML", |s| answer(s, "200 OK", HTML), Deaf::Garbage, "in `<html><title>Sign in</title></html>`"),
    ("half JSON", |s| answer(s, "200 OK", &NOTHING[..40]), Deaf::Garbage, "no answer of a Prometheus: EOF"),
    ("nothing", |s| answer(s, "200 OK", ""), Deaf::Garbage, "no answer of a Prometheus: EOF"),
    ("204", |s| say(s, "HTTP/1.1 204 No Content\r\n\r\n"), Deaf::Garbage, "no answer of a Prometheus: EOF"),
    ("a list", |s| answer(s, "200 OK", "[]"), Deaf::Garbage, "no answer of a Prometheus: "),
    ("no data", |s| answer(s, "200 OK", r#"{"status":"success"}"#), Deaf::Garbage, "it has no `data`"),
    ("a result that is no list", |s| matrix(s, "{}"), Deaf::Garbage, "invalid type: map"),
    (
        "numbers out of quotes",
        |s| matrix(s, r#"[{"metric":{},"values":[[1,2]]}]"#),
        Deaf::Garbage,
        "in quotes",
    ),
    (
        "a label that is a number",
        |s| matrix(s, r#"[{"metric":{"a":1}}]"#),
        Deaf::Garbage,
        "invalid type: integer",
    ),
    (
        "a moment that is none",
        |s| matrix(s, r#"[{"metric":{},"values":[["now","2"]]}]"#),
        Deaf::Garbage,
        "invalid",
    ),
    (
        "another kind",
        |s| answer(s, "200 OK", &NOTHING.replace("matrix", "vector")),
        Deaf::Garbage,
        "it is a vector, and a matrix was asked for",
    ),
    (
        "a warning that is none",
        |s| answer(s, "200 OK", &NOTHING.replacen('{', r#"{"warnings":"w","#, 1)),
        Deaf::Garbage,
        "invalid type: string",
    ),
    (
        "packed though nobody asked",
        |s| say(s, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\u{1f}x\u{8}"),
        Deaf::Garbage,
        "no answer of a Prometheus: ",
    ),
    (
        "no end",
        |s| {
            say(s, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"status\":\"");
            let much = "x".repeat(1 << 20);
            (0..=LONGEST_ANSWER >> 20).for_each(|_| say(s, &much));
        },
        Deaf::TooMuch,
        "was answered with more than 64 MiB",
    ),
];

/// Answers that are refusals.
const REFUSALS: &[(&str, Lie, Deaf, &str)] = &[
    (
        "an error with 200",
        |s| answer(s, "200 OK", API),
        Deaf::Failed,
        "failed there: execution: too many samples",
    ),
    (
        "302",
        |s| answer(s, "302 Found\r\nLocation: http://127.0.0.1:9/", ""),
        Deaf::Redirected,
        "sends us on to http",
    ),
    ("307", |s| answer(s, "307 Temporary Redirect", ""), Deaf::Redirected, "sends us on to nowhere (307)"),
    ("400", |s| answer(s, "400 Bad Request", API), Deaf::Refused, "failed there: execution"),
    ("401", |s| answer(s, "401 Unauthorized", "who?"), Deaf::Unwelcome, "does not let us in (401): who?"),
    ("403", |s| answer(s, "403 Forbidden", ""), Deaf::Unwelcome, "does not let us in (403): nothing"),
    ("404", |s| answer(s, "404 Not Found", "no page"), Deaf::Refused, "was refused (404): no page"),
    ("422", |s| answer(s, "422 Unprocessable Entity", API), Deaf::Refused, "failed there: execution"),
    ("429", |s| answer(s, "429 Too Many Requests", "slowly"), Deaf::Overloaded, "was refused (429): slowly"),
    ("500", |s| answer(s, "500 Oh", "oh \u{1b}[31m"), Deaf::Failed, "was refused (500): oh \\u{1b}[31m"),
    ("502", |s| answer(s, "502 Bad Gateway", HTML), Deaf::Failed, "was refused (502)"),
    ("503", |s| answer(s, "503 Service Unavailable", ""), Deaf::Overloaded, "was refused (503)"),
    (
        "503 for one query",
        |s| answer(s, "503 Service Unavailable", GIVEN_UP),
        Deaf::Late,
        "failed there: timeout",
    ),
];

fn asking(url: &str, more: &str) -> Prometheus {
    client("", &format!("url: '{url}'{more}")).unwrap()
}

#[tokio::test]
async fn each_lie_has_its_name() {
    for (name, lie, deaf, words) in BROKEN.iter().chain(GARBAGE).chain(REFUSALS) {
        let lie = *lie;
        let server = Server::start(move |stream, _, _| lie(stream));
        // Whoever dawdles is not waited for; whoever sends much is on a busy machine.
        let within = if *deaf == Deaf::Late { "300ms" } else { "30s" };
        let prometheus = asking(&server.url(), &format!(", timeout: {within}"));
        let Err(error) = ask(&prometheus).await else { panic!("{name} is taken for an answer") };
        let text = error.to_string();
        assert_eq!(error.kind(), *deaf, "{name}: {text}");
        assert!(text.contains(words), "{name}: `{words}` is not in\n{text}");
        assert!(text.contains(&server.address.to_string()), "{name} does not say who: {text}");
        assert_eq!(server.queries(), 1, "{name}: one refusal is enough");
        let usage = prometheus.usage();
        let counted: Vec<_> = usage.deaf().filter(|(_, times)| *times != 0).collect();
        assert_eq!((usage.answered, counted), (0, vec![(*deaf, 1)]), "{name}");
    }
}

#[tokio::test]
async fn where_nobody_listens_it_is_left_alone_after_a_few_times() {
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let prometheus = asking(&format!("http://{dead}"), "");
    let mut kinds = Vec::new();
    for _ in 0..5 {
        kinds.push(ask(&prometheus).await.unwrap_err().kind());
    }
    assert_eq!(kinds[..3], [Deaf::Unreachable; 3]);
    assert_eq!(kinds[3..], [Deaf::BackingOff; 2]);
    let text = ask(&prometheus).await.unwrap_err().to_string();
    assert!(text.contains("is left alone for") && text.contains("cannot be reached"), "{text}");
}

#[tokio::test]
async fn a_server_that_asks_for_rest_has_it() {
    let date = "Sat, 21 Nov 2026 14:30:00 GMT";
    let later = format!("\r\nDate: {date}\r\nRetry-After: Sat, 21 Nov 2026 14:31:00 GMT");
    for (status, asked, seconds) in [
        ("429 Too Many Requests", "", 1),
        ("429 Too Many Requests", "\r\nRetry-After: 7", 7),
        ("429 Too Many Requests", "\r\nRetry-After: 99999", 300),
        ("503 Service Unavailable", "\r\nRetry-After: 0", 1),
        ("503 Service Unavailable", &later, 60),
    ] {
        let head = format!("{status}{asked}");
        let server = Server::start(move |stream, _, _| answer(stream, &head, "slowly"));
        let prometheus = asking(&server.url(), "");
        assert_eq!(ask(&prometheus).await.unwrap_err().kind(), Deaf::Overloaded, "{asked}");
        let Err(Error::BackingOff { wait, why, .. }) = ask(&prometheus).await else {
            panic!("{asked}: no rest")
        };
        // An eighth may be added, and some of it is over by now.
        let (least, most) = (seconds * 1_000 - 900, seconds * 1_125);
        assert!((least..=most).contains(&wait.millis()), "{asked}: {wait}");
        assert!(why.contains("slowly"), "{why}");
        assert_eq!(server.queries(), 1, "{asked}: it was asked while it rests");
        // A clone is the same server.
        assert_eq!(ask(&prometheus.clone()).await.unwrap_err().kind(), Deaf::BackingOff);
    }
}

#[tokio::test]
async fn every_other_answer_of_a_flapping_server_is_heard() {
    let server = Server::start(|stream, _, number| match number % 4 {
        1 | 3 => answer(stream, "200 OK", NOTHING),
        2 => answer(stream, "500 Oh", ""),
        _ => {}
    });
    let prometheus = asking(&server.url(), "");
    for round in 0..3 {
        for deaf in [None, Some(Deaf::Failed), None, Some(Deaf::Unreachable)] {
            assert_eq!(ask(&prometheus).await.err().map(|error| error.kind()), deaf, "round {round}");
        }
    }
    assert_eq!(prometheus.usage().answered, 6);
    assert!(prometheus.usage().bytes >= 6 * NOTHING.len() as u64);
}

#[tokio::test]
async fn what_is_answered_in_part_is_no_whole() {
    for (more, words) in [
        (r#""warnings":["one store did not answer","another"],"#, "one store did not answer, and 1 more"),
        (r#""warnings":["PromQL warning: w"],"infos":["i"],"#, "decides nothing: PromQL warning: w"),
        (r#""isPartial":true,"#, "decides nothing: `isPartial` is true"),
        (r#""partial":true,"#, "decides nothing: `partial` is true"),
        (r#""partial_response":true,"isPartial":false,"#, "decides nothing: `partial_response` is true"),
        (r#""warnings":[],"infos":["i"],"isPartial":false,"stats":{"seriesFetched":"0"},"#, ""),
        (r#""warnings":null,"partial":null,"#, ""),
    ] {
        let body = NOTHING.replacen('{', &format!("{{{more}"), 1);
        let server = Server::start(move |stream, _, _| answer(stream, "200 OK", &body));
        let prometheus = asking(&server.url(), "");
        let heard = ask(&prometheus).await.unwrap();
        assert_eq!(heard.partial.is_some(), !words.is_empty(), "{more}");
        let usage = prometheus.usage();
        match heard.whole() {
            Ok(_) => assert_eq!(usage.answered, 1, "{more}"),
            Err(error) => {
                assert!(
                    error.kind() == Deaf::Partial && error.to_string().contains(words),
                    "{more}: {error}"
                );
                assert_eq!(usage.deaf().find(|(deaf, _)| *deaf == Deaf::Partial), Some((Deaf::Partial, 1)));
            }
        }
        let asked = &server.got("/api/v1/query")[0].body;
        assert!(asked.contains("partial_response=false&deny_partial_response=1"), "{asked}");
    }
}
