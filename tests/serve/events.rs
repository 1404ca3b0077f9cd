//! Things as they happen, over a connection that stays open.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::process::Process;
use crate::receiver::{Receiver, answer};
use crate::schema::wrong;
use crate::shop::{Shop, send};
use crate::site::{Site, TOKEN, Watched};

/// How long nothing may be heard.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who listens.
struct Listener(BufReader<TcpStream>);

/// What is heard: its id, its name, its data.
#[derive(Debug)]
struct Heard {
    id: Option<String>,
    event: String,
    data: Value,
}

impl Listener {
    /// Listens, and tells the head of the answer.
    fn start(process: &Process, headers: &str) -> (Self, String) {
        let mut stream = TcpStream::connect(process.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head =
            format!("GET /v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TOKEN}\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut listener = Self(BufReader::new(stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(0 < listener.0.read_line(&mut head).unwrap(), "{head}");
        }
        (listener, head.to_ascii_lowercase())
    }

    /// The next line of what is told; nothing where it has ended.
    fn line(&mut self) -> Option<String> {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap() == 0 {
                return None;
            }
            // Each piece stands between its size and an empty line of HTTP's own.
            let text = line.trim_end_matches("\r\n");
            if text == "0" {
                return None;
            }
            if line.ends_with("\r\n") && (text.is_empty() || u64::from_str_radix(text, 16).is_ok()) {
                continue;
            }
            return Some(line.trim_end_matches('\n').to_owned());
        }
    }

    /// What happens next; nothing where it has ended.
    fn next(&mut self) -> Option<Heard> {
        let (mut id, mut event, mut data) = (None, String::new(), None);
        loop {
            let line = self.line()?;
            match line.split_once(": ") {
                Some(("id", text)) => id = Some(text.to_owned()),
                Some(("event", text)) => text.clone_into(&mut event),
                Some(("data", text)) => data = Some(serde_json::from_str(text).unwrap()),
                None if line.is_empty() => {
                    if let Some(data) = data.take() {
                        return Some(Heard { id, event, data });
                    }
                }
                _ => {}
            }
        }
    }
}

#[test]
fn whoever_listens_hears_of_a_release_from_its_change_to_its_end() {
    let receiver = Receiver::start(|stream, _| answer(stream, "202 Accepted", "on its way"));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: true, watch: "10m" };
    let site = Site::new("events", &[watched]);
    let process = site.start();
    let document = process.json("/v1/openapi.json");
    let (mut listener, head) = Listener::start(&process, "");
    assert!(head.contains("200 ok") && head.contains("content-type: text/event-stream"), "{head}");
    assert!(head.contains("cache-control: no-store"), "{head}");
    let shop = Shop::new("shop");
    send(&process, &shop.sales(60));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let (mut heard, mut last, mut undone) = (Vec::new(), 0, false);
    while !heard.contains(&"ended".to_owned()) {
        let Heard { id, event, data } = listener.next().unwrap();
        let found = wrong(&document, &document["components"]["schemas"]["Event"], &data, &event);
        assert!(found.is_empty(), "{found:#?} in {data:#}");
        assert_eq!(
            (&data["gate"], &data["service"]),
            (&"shop-canary".into(), &"shop".into()),
            "{event}: {data}"
        );
        let number: u64 = id.unwrap().rsplit_once('-').unwrap().1.parse().unwrap();
        assert!(last < number, "{number} behind {last}");
        last = number;
        if event == "answered" && data["action"] == "shop-take-back" && !undone {
            undone = true;
            send(&process, &shop.undone());
        }
        heard.push(event);
    }
    for event in ["awaited", "began", "looked", "decided", "sent", "answered", "closed", "ended"] {
        assert!(heard.contains(&event.to_owned()), "no {event} in {heard:?}");
    }
    // A stop is not kept waiting by whoever listens.
    let stopping = std::thread::spawn(move || process.stop().0);
    while listener.next().is_some() {}
    assert_eq!(stopping.join().unwrap(), 0);
}

#[test]
fn whoever_comes_again_is_told_how_much_they_missed_and_one_too_many_to_come_later() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "5s", verified: false, watch: "10m" };
    let site = Site::new("events-again", &[watched]);
    let process = site.start();
    let (mut first, _) = Listener::start(&process, "");
    let mut change = Shop::new("shop").change();
    let mut ship = |version: &str| {
        change["version"] = version.into();
        assert_eq!(process.post("/v1/changes", &change).0, 201);
    };
    ship("3.0.0");
    let id = first.next().unwrap().id.unwrap();
    drop(first);
    ship("3.0.1");
    let (mut again, _) = Listener::start(&process, &format!("Last-Event-ID: {id}\r\n"));
    let lost = again.next().unwrap();
    assert_eq!((lost.event.as_str(), lost.id), ("lost", None));
    // The gate of the one before ended, and that of the new one waits.
    assert_eq!(lost.data["events"], 2, "{}", lost.data);
    let mut all = vec![again];
    while let (listener, head) = Listener::start(&process, "")
        && head.contains("200 ok")
    {
        all.push(listener);
        assert!(all.len() <= 32, "there is a place for everybody");
    }
    let (status, text) = process.get("/v1/events");
    assert_eq!(status, 503, "{text}");
    assert!(text.contains("others listen already"), "{text}");
    let (_, head) = Listener::start(&process, "");
    assert!(head.contains("retry-after: 5"), "{head}");
    drop(all);
    assert_eq!(process.stop().0, 0);
}
