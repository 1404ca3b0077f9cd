//! Receivers as they are in the world: gone, slow, broken, elsewhere, talking nonsense, or without end.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};

use crate::process::wait;
use crate::receiver::{Got, Receiver, answer, hold};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

type Manner = fn(&mut TcpStream, &Got);

/// A receiver, and what has to be known of it once it was asked.
struct Row {
    service: &'static str,
    /// What it does; nothing: nobody listens there.
    manner: Option<Manner>,
    /// Where the action then is, for whoever asks for the gates; nothing: it has ended.
    state: Option<&'static str>,
    /// What the rationale says.
    says: &'static str,
    /// How many requests it has had by then.
    requests: usize,
}

const TO_BE_SEEN: Option<&str> = Some("unknown, to be verified");
const AGAIN: Option<&str> = Some("to be tried again");

const ROWS: &[Row] = &[
    Row {
        service: "down",
        manner: None,
        state: AGAIN,
        says: "attempt 1: not sent: no connection to http://127.0.0.1",
        requests: 0,
    },
    Row {
        service: "slow",
        manner: Some(|stream, _| hold(stream)),
        state: TO_BE_SEEN,
        says: "did not answer within 1s",
        requests: 1,
    },
    Row {
        service: "broken",
        manner: Some(|stream, _| answer(stream, "500 Internal Server Error", "out of order")),
        state: AGAIN,
        says: "500: out of order",
        requests: 1,
    },
    Row {
        service: "moved",
        manner: Some(|stream, got| {
            if got.line.contains("/elsewhere") {
                return answer(stream, "200 OK", "taken elsewhere");
            }
            answer(stream, "301 Moved Permanently\r\nLocation: /elsewhere", "over there");
        }),
        state: AGAIN,
        says: "301: over there",
        requests: 1,
    },
    Row {
        service: "mumbling",
        manner: Some(|stream, _| drop(stream.write_all(b"\x00\xffwho is there?\r\n\r\n"))),
        state: TO_BE_SEEN,
        says: "broke off",
        requests: 1,
    },
    Row { service: "hanging-up", manner: Some(|_, _| ()), state: TO_BE_SEEN, says: "broke off", requests: 1 },
    Row {
        service: "endless",
        manner: Some(flood),
        state: Some("taken, to be verified"),
        says: "taken with 200: 0000",
        requests: 1,
    },
];

/// Two gigabytes of an answer, as far as somebody reads them.
fn flood(stream: &mut TcpStream, _: &Got) {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 2_u64 << 30);
    let zeros = vec![b'0'; 1 << 20];
    let mut written = stream.write_all(head.as_bytes());
    for _ in 0..2 << 10 {
        written = written.and_then(|()| stream.write_all(&zeros));
    }
    // It was not let go on for that long.
    assert!(written.is_err(), "somebody read two gigabytes");
}

#[test]
fn what_receivers_do_is_told_as_it_was_and_nothing_is_taken_for_more() {
    let nobody: SocketAddr = {
        // A port that was free a moment ago; nothing listens there.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let receivers: Vec<Option<Receiver>> =
        ROWS.iter().map(|row| row.manner.map(|manner| Receiver::start(manner))).collect();
    let watched = ROWS.iter().zip(&receivers).map(|(row, receiver)| Watched {
        service: row.service,
        receiver: receiver.as_ref().map_or(nobody, |receiver| receiver.address),
        timeout: "1s",
        verified: true,
        watch: "10m",
    });
    let site = Site::new("receivers", &watched.collect::<Vec<_>>());
    let process = site.start();
    for row in ROWS {
        let shop = Shop::new(row.service);
        send(&process, &shop.sales(60));
        let (status, text) = process.post("/v1/changes", &shop.change());
        assert_eq!(status, 201, "{text}");
    }
    for (row, receiver) in ROWS.iter().zip(&receivers) {
        let Row { service, says, .. } = row;
        let action = format!("{service}-take-back");
        let decision = wait("the intention", || {
            Some(site.records("intended", &action).pop()?["decision"].as_str()?.to_owned())
        });
        let told = wait(says, || {
            let (text, code) = site.run(&["explain", &decision]);
            assert_eq!(code, 0, "{text}");
            text.contains(says).then_some(text)
        });
        assert!(!told.contains("verified: "), "{told}");
        // What is tried again may just be under way.
        wait(row.state.unwrap_or("no state"), || {
            let gates = process.json("/v1/gates");
            let mut actions = gates["actions"].as_array().unwrap().iter();
            let found = actions.find(|found| found["action"] == action.as_str());
            (found.and_then(|found| found["state"].as_str()) == row.state).then_some(())
        });
        if let Some(receiver) = receiver {
            let got = receiver.got(&format!("/{service}/take-back")).len();
            // No request goes out that is not written down first, and none but those that are tried again goes out twice.
            let written = || {
                let intended = site.records("intended", &action);
                intended.len() + site.records("retried", intended[0]["key"].as_str().unwrap()).len()
            };
            let most = if row.state == AGAIN { written() } else { row.requests };
            assert!((row.requests..=most).contains(&got), "{service}: {got} requests, and {most} at most");
            assert!(receiver.got("/elsewhere").is_empty(), "{service}");
        }
    }
    if let Some(memory) = process.memory() {
        assert!(memory < 100 << 20, "it has {memory} bytes");
    }
    assert_eq!(process.stop().0, 0);
    site.holds();
}
