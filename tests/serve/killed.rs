//! Killed between every two steps of an action: nothing is forgotten, the key stays the same, and what nobody knows the
//! outcome of is looked at before it is sent again.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;

use crate::process::{Process, wait};
use crate::receiver::{Receiver, answer, hold};
use crate::shop::{Shop, send};
use crate::site::{SECRET, Site, Watched};

pub(crate) const PATH: &str = "/shop/take-back";
pub(crate) const ACTION: &str = "shop-take-back";

fn site(test: &str, receiver: &Receiver) -> Site {
    let receiver = receiver.address;
    let watched = Watched { service: "shop", receiver, timeout: "60s", verified: true, watch: "10m" };
    Site::new(test, &[watched])
}

/// A service that has been told of a bad release.
pub(crate) fn started(site: &Site, shop: &Shop) -> Process {
    let process = site.start();
    send(&process, &shop.sales(60));
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert!(matches!(status, 200 | 201), "{text}");
    process
}

/// Where its action is.
pub(crate) fn state(process: &Process) -> Option<String> {
    let gates = process.json("/v1/gates");
    let of_ours = |action: &&serde_json::Value| action["action"] == ACTION;
    Some(gates["actions"].as_array()?.iter().find(of_ours)?["state"].as_str()?.to_owned())
}

/// That a restarted service knows of its action, looks on without sending anything, and sees it verified in the end.
fn goes_on(site: &Site, (receiver, sent): (&Receiver, usize), shop: &Shop, expected: &str) {
    let intended = site.records("intended", ACTION);
    assert_eq!(intended.len(), 1, "{intended:?}");
    let process = started(site, shop);
    assert_eq!(state(&process).as_deref(), Some(expected));
    let looks = || process.json("/v1/gates")["gates"][0]["looks"].as_u64();
    let before = looks();
    wait("more looks", || (before < looks()).then_some(()));
    assert_eq!(state(&process).as_deref(), Some(expected));
    assert_eq!(receiver.got(PATH).len(), sent, "it was sent again, blindly");
    send(&process, &shop.undone());
    wait("verification", || state(&process).is_none().then_some(()));
    assert_eq!(process.stop().0, 0);
    let key = intended[0]["key"].as_str().unwrap();
    for (kind, words) in [("intended", ACTION), ("closed", key)] {
        let records = site.records(kind, words);
        assert_eq!(records.len(), 1, "{records:?}");
        assert_eq!(records[0]["key"], key);
    }
    assert!(site.records("closed", key)[0].to_string().contains("verified"));
    assert!(site.records("retried", key).is_empty());
    let got = receiver.got(PATH);
    assert_eq!(got.len(), sent);
    assert!(got.iter().all(|got| got.header("webhook-id") == key && got.is_signed(SECRET)));
    site.holds();
}

/// Keeps everybody else from writing to the ledger.
pub(crate) struct Held(Runtime, SqliteConnection);

impl Held {
    pub(crate) fn take(site: &Site) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let options = SqliteConnectOptions::new().filename(site.ledger());
        let taken = runtime.block_on(async {
            let mut connection = options.connect().await?;
            sqlx::query("BEGIN IMMEDIATE").execute(&mut connection).await?;
            Ok::<_, sqlx::Error>(connection)
        });
        Self(runtime, taken.unwrap())
    }

    pub(crate) fn release(self) {
        self.0.block_on(self.1.close()).unwrap();
    }
}

#[test]
fn before_it_is_written_down() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("before-journal", &receiver);
    let shop = Shop::new("shop");
    let process = site.start();
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert_eq!(status, 201, "{text}");
    let held = Held::take(&site);
    send(&process, &shop.sales(60));
    wait("a decision that cannot be written", || {
        (process.logged("decided") || process.logged("nothing is acted on")).then_some(())
    });
    process.kill();
    held.release();
    assert!(receiver.got("/shop/notify").is_empty() && receiver.got(PATH).is_empty());
    assert!(site.records("intended", "").is_empty());
    // What was not written down did not happen; it is decided anew, and done once.
    let process = started(&site, &shop);
    wait("the webhook", || receiver.got(PATH).pop());
    send(&process, &shop.undone());
    wait("verification", || (!site.records("closed", "seen to have worked").is_empty()).then_some(()));
    assert_eq!(process.stop().0, 0);
    assert_eq!((receiver.got(PATH).len(), site.records("intended", ACTION).len()), (1, 1));
    site.holds();
}

/// A port that takes no connection: its queue is full. Nothing that is sent there arrives.
pub(crate) fn full_port() -> (TcpListener, Vec<TcpStream>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let listener = runtime.block_on(async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket.listen(1).unwrap().into_std().unwrap()
    });
    listener.set_nonblocking(false).unwrap();
    let address = listener.local_addr().unwrap();
    let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(200)).ok();
    let waiting: Vec<TcpStream> = std::iter::from_fn(connect).take(64).collect();
    assert!(waiting.len() < 64, "the queue does not fill");
    (listener, waiting)
}

#[test]
fn after_it_is_written_down_and_before_it_is_sent() {
    let (listener, waiting) = full_port();
    let nobody = Receiver::start(|stream, _| answer(stream, "200 OK", "told"));
    let address = listener.local_addr().unwrap();
    let watched =
        Watched { service: "shop", receiver: address, timeout: "60s", verified: true, watch: "10m" };
    let site = Site::new("before-sending", &[watched]);
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    wait("the intention", || site.records("intended", ACTION).pop());
    process.kill();
    drop((waiting, nobody));
    let receiver = Receiver::on(listener, |stream, _| answer(stream, "200 OK", "done"));
    goes_on(&site, (&receiver, 0), &shop, "unknown, to be verified");
}

#[test]
fn after_it_is_sent_and_before_it_is_answered() {
    let receiver = Receiver::start(|stream, _| hold(stream));
    let site = site("before-answer", &receiver);
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    wait("the webhook", || receiver.got(PATH).pop());
    process.kill();
    goes_on(&site, (&receiver, 1), &shop, "unknown, to be verified");
}

#[test]
fn after_it_is_answered_and_before_that_is_written_down() {
    let answers = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&answers);
    let receiver = Receiver::start(move |stream, got| {
        if got.line.contains("take-back") {
            wait("leave to answer", || told.load(Ordering::SeqCst).then_some(()));
        }
        answer(stream, "200 OK", "done");
    });
    // It is watched for a few seconds, after which nothing is written but what the answer says.
    let watched =
        Watched { service: "shop", receiver: receiver.address, timeout: "60s", verified: true, watch: "5s" };
    let site = Site::new("before-answered", &[watched]);
    let mut shop = Shop::new("shop");
    shop.ship_now();
    let process = started(&site, &shop);
    wait("the last look", || (process.json("/v1/gates")["gates"][0]["looks"] == 5).then_some(()));
    wait("the webhook", || receiver.got(PATH).pop());
    let held = Held::take(&site);
    answers.store(true, Ordering::SeqCst);
    wait("the answer", || process.logged("answer=Accepted { status: 200, excerpt: \"done\" }").then_some(()));
    process.kill();
    held.release();
    let key = site.records("intended", ACTION)[0]["key"].as_str().unwrap().to_owned();
    assert!(site.records("answered", &key).is_empty());
    let process = site.start();
    assert_eq!(state(&process).as_deref(), Some("unknown, to be verified"));
    // It has to hear of the shop again, before that anything is seen of it means anything.
    send(&process, &shop.sales(60));
    send(&process, &shop.undone());
    wait("verification", || state(&process).is_none().then_some(()));
    assert_eq!(process.stop().0, 0);
    assert_eq!(receiver.got(PATH).len(), 1);
    assert!(site.records("closed", &key)[0].to_string().contains("verified"));
    site.holds();
}

#[test]
fn while_it_is_looked_whether_it_worked() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "done"));
    let site = site("verifying", &receiver);
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    let key = wait("the answer on record", || {
        let intended = site.records("intended", ACTION).pop()?;
        let key = intended["key"].as_str()?.to_owned();
        site.records("answered", &key).pop().map(|_| key)
    });
    assert!(key.starts_with("act_"));
    assert_eq!(state(&process).as_deref(), Some("taken, to be verified"));
    process.kill();
    goes_on(&site, (&receiver, 1), &shop, "taken, to be verified");
}

#[test]
fn while_it_rests_before_the_next_attempt() {
    let healed = Arc::new(AtomicBool::new(false));
    let well = Arc::clone(&healed);
    let receiver = Receiver::start(move |stream, _| {
        let status = if well.load(Ordering::SeqCst) { "200 OK" } else { "503 Service Unavailable" };
        answer(stream, status, "");
    });
    let site = site("resting", &receiver);
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    let first = wait("the webhook", || receiver.got(PATH).pop());
    let key = first.header("webhook-id").to_owned();
    wait("the answer on record", || site.records("answered", &key).pop());
    process.kill();
    healed.store(true, Ordering::SeqCst);
    let process = started(&site, &shop);
    // It is known not to have been taken, so it is sent again: once, with the same key, as the same bytes.
    wait("the second attempt", || (receiver.got(PATH).len() == 2).then_some(()));
    send(&process, &shop.undone());
    wait("verification", || state(&process).is_none().then_some(()));
    assert_eq!(process.stop().0, 0);
    let got = receiver.got(PATH);
    assert_eq!(got.len(), 2);
    assert_eq!(got[1].header("webhook-id"), key);
    assert!(got.iter().all(|got| got.is_signed(SECRET)));
    let text = |at: usize| String::from_utf8(got[at].body.clone()).unwrap();
    assert_eq!(text(0), text(1));
    assert_eq!(site.records("retried", &key).len(), 1);
    site.holds();
}
