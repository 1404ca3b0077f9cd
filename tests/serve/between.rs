//! Killed at each point of an action, before receivers that know a request again and such that do not, with a way to see
//! whether it worked and without: never is anything done twice, and what nobody can know the end of is told to a person.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crate::killed::{ACTION, Held, PATH, full_port, started, state};
use crate::process::wait;
use crate::receiver::{Receiver, answer, hold};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

/// Where it is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Point {
    BeforeJournal,
    AfterJournal,
    AfterSend,
    AfterAnswer,
    Verifying,
    Resting,
}

/// How it ends after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// Somebody saw that it worked.
    Verified,
    /// The receiver took it, and that is all that anybody can know.
    Taken,
    /// Nobody knows, and a person is told.
    Unverified,
    /// It does not end yet: it is looked whether it worked.
    Open,
}

/// What a receiver does, and what it did.
#[derive(Clone, Default)]
struct Platform {
    /// The keys of what it did, once for each time.
    done: Arc<Mutex<Vec<String>>>,
    /// Whether it does, and answers, what it is asked.
    well: Arc<AtomicBool>,
    /// Whether it shows what it did.
    shows: Arc<AtomicBool>,
}

impl Platform {
    /// Behaves, up to the point, as it takes to be killed there.
    fn receive(
        &self,
        (point, dedups): (Point, bool),
        stream: &mut std::net::TcpStream,
        got: &crate::receiver::Got,
    ) {
        if got.line.contains("/shop/state") {
            let is_done = self.shows.load(Ordering::SeqCst) && !self.done.lock().unwrap().is_empty();
            return answer(stream, "200 OK", if is_done { "rolled back" } else { "still there" });
        }
        if !got.line.contains("take-back") {
            return answer(stream, "200 OK", "told");
        }
        let well = || self.well.load(Ordering::SeqCst);
        if point == Point::Resting && !well() {
            return answer(stream, "503 Service Unavailable", "");
        }
        let key = got.header("webhook-id").to_owned();
        {
            let mut done = self.done.lock().unwrap();
            if !(dedups && done.contains(&key)) {
                done.push(key);
            }
        }
        match point {
            Point::AfterSend if !well() => hold(stream),
            Point::AfterAnswer => {
                wait("leave to answer", || well().then_some(()));
                answer(stream, "200 OK", "done");
            }
            Point::BeforeJournal
            | Point::AfterJournal
            | Point::AfterSend
            | Point::Verifying
            | Point::Resting => {
                answer(stream, "200 OK", "done");
            }
        }
    }
}

/// A site whose action is verified by an address, or not at all.
fn site(name: &str, receiver: std::net::SocketAddr, (point, verified): (Point, bool)) -> Site {
    let watch = if point == Point::AfterAnswer { "5s" } else { "10m" };
    let site =
        Site::new(name, &[Watched { service: "shop", receiver, timeout: "60s", verified: false, watch }]);
    if verified {
        let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
        let line = format!("url: http://{receiver}{PATH}\n");
        assert!(rules.contains(&line), "{rules}");
        let verify = format!("      verify: {{ url: 'http://{receiver}/shop/state', body: rolled back }}\n");
        site.write("rules.yaml", rules.replace(&line, &(line.clone() + &verify)));
    }
    site
}

/// Leads an action up to a point, and kills the service there.
fn kill_at(point: Point, site: &Site, platform: &Platform, shop: &Shop, receiver: Option<&Receiver>) {
    let sent = || receiver.and_then(|receiver| receiver.got(PATH).pop());
    if point == Point::BeforeJournal {
        let process = site.start();
        assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
        let held = Held::take(site);
        send(&process, &shop.sales(60));
        wait("a decision that cannot be written", || {
            (process.logged("decided") || process.logged("nothing is acted on")).then_some(())
        });
        process.kill();
        held.release();
        assert!(site.records("intended", "").is_empty());
        return;
    }
    let process = started(site, shop);
    let key =
        wait("the intention", || Some(site.records("intended", ACTION).pop()?["key"].as_str()?.to_owned()));
    match point {
        Point::BeforeJournal | Point::AfterJournal => {}
        Point::AfterSend => drop(wait("the webhook", sent)),
        Point::AfterAnswer => {
            wait("the last look", || (process.json("/v1/gates")["gates"][0]["looks"] == 5).then_some(()));
            wait("the webhook", sent);
            let held = Held::take(site);
            platform.well.store(true, Ordering::SeqCst);
            wait("the answer", || process.logged("answer=Accepted { status: 200").then_some(()));
            process.kill();
            held.release();
            assert!(site.records("answered", &key).is_empty());
            return;
        }
        Point::Verifying | Point::Resting => {
            wait("the answer on record", || site.records("answered", &key).pop());
        }
    }
    process.kill();
}

fn row(point: Point, dedups: bool, verified: bool) {
    let platform = Platform::default();
    let name = format!("between-{point:?}-{dedups}-{verified}").to_lowercase();
    let mut shop = Shop::new("shop");
    if point == Point::AfterAnswer {
        shop.ship_now();
    }
    let playing = platform.clone();
    let play = move |stream: &mut std::net::TcpStream, got: &_| playing.receive((point, dedups), stream, got);
    let (site, receiver) = if point == Point::AfterJournal {
        let (listener, waiting) = full_port();
        let site = site(&name, listener.local_addr().unwrap(), (point, verified));
        kill_at(point, &site, &platform, &shop, None);
        drop(waiting);
        (site, Receiver::on(listener, play))
    } else {
        let receiver = Receiver::start(play);
        let site = site(&name, receiver.address, (point, verified));
        kill_at(point, &site, &platform, &shop, Some(&receiver));
        (site, receiver)
    };
    platform.well.store(true, Ordering::SeqCst);
    platform.shows.store(true, Ordering::SeqCst);
    let (requests, ends) = match (point, verified) {
        (Point::AfterJournal, true) => (0, Ends::Open),
        (Point::AfterJournal, false) => (0, Ends::Unverified),
        (Point::AfterSend | Point::AfterAnswer, false) => (1, Ends::Unverified),
        // It was refused, so it is known that nothing was done.
        (Point::Resting, true) => (2, Ends::Verified),
        (Point::Resting, false) => (2, Ends::Taken),
        (Point::BeforeJournal | Point::AfterSend | Point::AfterAnswer | Point::Verifying, true) => {
            (1, Ends::Verified)
        }
        (Point::BeforeJournal | Point::Verifying, false) => (1, Ends::Taken),
    };
    let process = started(&site, &shop);
    let closed = || {
        let key = site.records("intended", ACTION).pop()?["key"].as_str()?.to_owned();
        site.records("closed", &key).pop().map(|record| record.to_string())
    };
    if ends == Ends::Open {
        assert_eq!(state(&process).as_deref(), Some("unknown, to be verified"));
        assert_eq!(closed(), None);
    } else {
        let closed = wait("the end", closed);
        let (Ends::Verified | Ends::Taken | Ends::Unverified | Ends::Open) = ends;
        let why = match ends {
            Ends::Verified => "it is seen to have worked",
            Ends::Taken => "the receiver took it",
            Ends::Unverified => "nobody knows whether it was taken",
            Ends::Open => "",
        };
        assert!(closed.contains(why), "{closed}");
    }
    // It looks on, and nothing more is done.
    let looks = || process.json("/v1/gates")["gates"][0]["looks"].as_u64();
    if point != Point::AfterAnswer && ends != Ends::Taken && ends != Ends::Verified {
        let before = looks();
        wait("more looks", || (before < looks()).then_some(()));
    }
    let told = process.logged("a person has to look at this action");
    assert_eq!(told, ends == Ends::Unverified, "whether a person is told");
    assert_eq!(process.stop().0, 0);
    let got = receiver.got(PATH);
    assert_eq!(got.len(), requests, "requests");
    let done = platform.done.lock().unwrap().clone();
    assert!(done.len() <= 1, "it was done {} times", done.len());
    let intended = site.records("intended", ACTION);
    assert_eq!(intended.len(), 1);
    assert!(got.iter().all(|got| got.header("webhook-id") == intended[0]["key"]));
    site.holds();
}

/// A test for each row of the table.
macro_rules! rows {
    ($($name:ident: $point:ident, $dedups:literal, $verified:literal;)*) => {
        $(#[test] fn $name() { row(Point::$point, $dedups, $verified); })*
    };
}

rows! {
    before_journal_known_again_and_seen: BeforeJournal, true, true;
    before_journal_known_again_and_unseen: BeforeJournal, true, false;
    before_journal_not_known_and_seen: BeforeJournal, false, true;
    before_journal_not_known_and_unseen: BeforeJournal, false, false;
    after_journal_known_again_and_seen: AfterJournal, true, true;
    after_journal_known_again_and_unseen: AfterJournal, true, false;
    after_journal_not_known_and_seen: AfterJournal, false, true;
    after_journal_not_known_and_unseen: AfterJournal, false, false;
    after_send_known_again_and_seen: AfterSend, true, true;
    after_send_known_again_and_unseen: AfterSend, true, false;
    after_send_not_known_and_seen: AfterSend, false, true;
    after_send_not_known_and_unseen: AfterSend, false, false;
    after_answer_known_again_and_seen: AfterAnswer, true, true;
    after_answer_known_again_and_unseen: AfterAnswer, true, false;
    after_answer_not_known_and_seen: AfterAnswer, false, true;
    after_answer_not_known_and_unseen: AfterAnswer, false, false;
    while_verifying_known_again_and_seen: Verifying, true, true;
    while_verifying_known_again_and_unseen: Verifying, true, false;
    while_verifying_not_known_and_seen: Verifying, false, true;
    while_verifying_not_known_and_unseen: Verifying, false, false;
    while_resting_known_again_and_seen: Resting, true, true;
    while_resting_known_again_and_unseen: Resting, true, false;
    while_resting_not_known_and_seen: Resting, false, true;
    while_resting_not_known_and_unseen: Resting, false, false;
}
