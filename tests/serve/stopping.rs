//! Stopping in good order, and telling systemd how it goes.

use std::os::unix::net::UnixDatagram;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer, hold};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

fn site(test: &str, receiver: &Receiver, timeout: &'static str) -> Site {
    let receiver = receiver.address;
    Site::new(test, &[Watched { service: "shop", receiver, timeout, verified: false, watch: "10m" }])
}

fn signal(process: &Process, name: &str) {
    let pid = process.pid().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// A release that is bad enough for its webhooks to go out.
fn ship(process: &Process) {
    let shop = Shop::new("shop");
    send(process, &shop.sales(60));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
}

#[test]
fn an_attempt_on_its_way_is_answered_before_it_stops() {
    let told = Arc::new(AtomicBool::new(false));
    let stops = Arc::clone(&told);
    let receiver = Receiver::start(move |stream, _| {
        while !stops.load(Ordering::SeqCst) {
            std::thread::yield_now();
        }
        answer(stream, "202 Accepted", "late");
    });
    let site = site("stop-answered", &receiver, "30s");
    let process = site.start();
    ship(&process);
    wait("the webhook", || receiver.got("/shop/take-back").pop());
    signal(&process, "-TERM");
    wait("the end of its beginning", || process.logged("backstop stops").then_some(()));
    told.store(true, Ordering::SeqCst);
    let (code, log) = process.stop_of_itself();
    assert_eq!(code, 0, "{log:#?}");
    let answers = site.records("answered", "late");
    assert_eq!(answers.len(), site.records("intended", "").len(), "{answers:#?}");
    site.holds();
    assert!(!site.start().logged("was cut short"));
}

#[test]
fn looks_are_written_down_before_it_stops() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("stop-looks", &receiver, "1s");
    let process = site.start();
    let shop = Shop::new("shop");
    send(&process, &shop.sales(2));
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let looks = wait("looks", || {
        let looks = process.json("/v1/gates")["gates"][0]["looks"].as_u64()?;
        (looks >= 3).then_some(looks)
    });
    assert_eq!(process.stop().0, 0);
    let records = site.records("looked", "");
    let written: usize = records.iter().map(|record| record["looks"].as_array().unwrap().len()).sum();
    assert!(looks <= written as u64, "{looks} were taken, and {written} written down");
}

#[test]
fn whoever_is_told_twice_ends_at_once_and_says_so_by_the_exit_code() {
    let receiver = Receiver::start(|stream, _| hold(stream));
    let site = site("stop-twice", &receiver, "30s");
    let process = site.start();
    ship(&process);
    wait("the webhook", || receiver.got("/shop/take-back").pop());
    signal(&process, "-TERM");
    wait("the end of its beginning", || process.logged("backstop stops").then_some(()));
    signal(&process, "-INT");
    let (code, log) = process.stop_of_itself();
    assert_eq!(code, 4, "{log:#?}");
    assert!(log.iter().any(|line| line.contains("told twice to stop")), "{log:#?}");
    // The attempt was written down before it was made, so it is known after all.
    site.holds();
    assert!(site.start().logged("was cut short"));
}

/// What systemd hears, one message after the other.
struct Heard(UnixDatagram);

impl Heard {
    fn next(&self) -> String {
        let mut buffer = [0; 4_096];
        let read = self.0.recv(&mut buffer).unwrap();
        String::from_utf8(buffer[..read].to_vec()).unwrap()
    }

    /// The next message that begins so; everything in between has to say that it lives.
    fn until(&self, begins: &str) -> String {
        loop {
            let message = self.next();
            if message.starts_with(begins) {
                return message;
            }
            assert_eq!(message, "WATCHDOG=1\n", "{begins} is awaited");
        }
    }
}

#[test]
fn systemd_hears_that_it_is_ready_lives_reloads_and_stops() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("systemd", &receiver, "1s");
    let path = site.path().join("notify");
    let heard = Heard(UnixDatagram::bind(&path).unwrap());
    heard.0.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut serve = site.serve();
    let process = Process::start(serve.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "200000"));
    assert!(heard.next().starts_with("READY=1\nSTATUS="));
    for _ in 0..3 {
        assert_eq!(heard.next(), "WATCHDOG=1\n");
    }
    signal(&process, "-HUP");
    let reloading = heard.until("RELOADING=1");
    let since = reloading.lines().find_map(|line| line.strip_prefix("MONOTONIC_USEC="));
    assert!(since.unwrap().parse::<u64>().unwrap() > 0, "{reloading}");
    assert_eq!(heard.until("READY=1"), "READY=1\nSTATUS=watches\n");
    site.write("rules.yaml", "gates: [ { gate: shop, evry: 1s } ]\n");
    signal(&process, "-HUP");
    heard.until("RELOADING=1");
    assert!(heard.until("READY=1").contains("could not be read"));
    signal(&process, "-TERM");
    heard.until("STOPPING=1");
    assert_eq!(process.stop_of_itself().0, 0);
}

#[test]
fn a_watchdog_of_another_process_is_not_told() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let site = site("systemd-pid", &receiver, "1s");
    let path = site.path().join("notify");
    let heard = Heard(UnixDatagram::bind(&path).unwrap());
    heard.0.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut serve = site.serve();
    // The watchdog is somebody else's.
    serve.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "1000").env("WATCHDOG_PID", "1");
    let process = Process::start(&mut serve);
    assert!(heard.next().starts_with("READY=1"));
    signal(&process, "-TERM");
    assert!(heard.next().starts_with("STOPPING=1"));
    assert_eq!(process.stop_of_itself().0, 0);
}
