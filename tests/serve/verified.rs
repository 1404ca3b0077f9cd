//! Whether it worked, as an address says it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::process::{Process, wait};
use crate::receiver::{Got, Receiver, answer, hold};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

const PATH: &str = "/shop/take-back";
const ACTION: &str = "shop-take-back";

/// A platform, and what it says of the release that it was told to take back.
struct Platform {
    receiver: Receiver,
    /// What it says: that it is out of order, that the release is still there, that it is rolled back.
    says: Arc<AtomicUsize>,
    /// How it was asked.
    asked: Arc<Mutex<Vec<Got>>>,
}

impl Platform {
    fn start(loses: bool) -> Self {
        let (says, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (now, log) = (Arc::clone(&says), Arc::clone(&asked));
        let receiver = Receiver::start(move |stream, got| {
            if !got.line.contains("/shop/state") {
                if loses && got.line.contains("take-back") {
                    return hold(stream);
                }
                return answer(stream, "200 OK", "done");
            }
            log.lock().unwrap().push(got.clone());
            match now.load(Ordering::SeqCst) {
                0 => answer(stream, "500 Internal Server Error", "rolled back to 2.4.0?"),
                1 => answer(stream, "200 OK", "2.4.1 is up"),
                _ => answer(stream, "200 OK", "rolled back to 2.4.0"),
            }
        });
        Self { receiver, says, asked }
    }

    fn site(&self, test: &str, timeout: &str) -> Site {
        let address = self.receiver.address;
        let watched = Watched { service: "shop", receiver: address, timeout, verified: false, watch: "10m" };
        let site = Site::new(test, &[watched]);
        let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
        let line = format!("url: http://{address}{PATH}\n");
        assert!(rules.contains(&line), "{rules}");
        let verify = format!(
            "verify: {{ url: 'http://{address}/shop/state?of={{{{ .Change.Version }}}}', expect: 200, \
             body: 'rolled back to {{{{ .Previous }}}}' }}"
        );
        let rules = rules.replace(&line, &format!("{line}      bearer: open\n      {verify}\n"));
        let open = format!("secrets: {{ open: {{ file: '{}' }}, ", site.path().join("open").display());
        let rules = rules.replace("secrets: { ", &open).replace("secrets: [hook]", "secrets: [hook, open]");
        site.write("open", "open-sesame");
        site.write("rules.yaml", rules);
        site
    }

    fn asked(&self) -> Vec<Got> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until it was asked once more, from here on.
    fn asked_again(&self) {
        let before = self.asked().len();
        wait("another look", || (before < self.asked().len()).then_some(()));
    }
}

fn started(site: &Site, shop: &Shop) -> Process {
    let process = site.start();
    send(&process, &shop.sales(60));
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert!(matches!(status, 200 | 201), "{text}");
    process
}

fn state(process: &Process) -> Option<String> {
    let gates = process.json("/v1/gates");
    let of_ours = |action: &&serde_json::Value| action["action"] == ACTION;
    Some(gates["actions"].as_array()?.iter().find(of_ours)?["state"].as_str()?.to_owned())
}

fn closed(site: &Site) -> Option<String> {
    let key = site.records("intended", ACTION).pop()?["key"].as_str()?.to_owned();
    site.records("closed", &key).pop().map(|record| record.to_string())
}

#[test]
fn an_address_says_whether_it_worked() {
    let platform = Platform::start(false);
    let site = platform.site("verified", "2s");
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    wait("the first look", || platform.asked().pop());
    // Neither who does not know, nor who says that it is not so, ends anything.
    platform.says.store(1, Ordering::SeqCst);
    platform.asked_again();
    wait("the state", || (state(&process).as_deref() == Some("taken, to be verified")).then_some(()));
    assert_eq!(closed(&site), None);
    platform.says.store(2, Ordering::SeqCst);
    let closed = wait("the end", || closed(&site));
    assert!(closed.contains("verified") && closed.contains("it is seen to have worked"), "{closed}");
    let asked = platform.asked();
    // Ticks are many; looks are seconds apart.
    assert!((3..=8).contains(&asked.len()), "{} looks", asked.len());
    for got in &asked {
        assert_eq!(got.line, "GET /shop/state?of=2.4.1 HTTP/1.1");
        assert_eq!(got.header("authorization"), "Bearer open-sesame");
        assert_eq!(got.header("webhook-id"), "");
    }
    assert_eq!(platform.receiver.got(PATH).len(), 1);
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn an_address_is_asked_on_after_a_restart() {
    let platform = Platform::start(false);
    platform.says.store(1, Ordering::SeqCst);
    let site = platform.site("verified-restarted", "2s");
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    wait("the first look", || platform.asked().pop());
    let key = site.records("intended", ACTION)[0]["key"].as_str().unwrap().to_owned();
    wait("the answer on record", || site.records("answered", &key).pop());
    process.kill();
    let process = site.start();
    assert_eq!(state(&process).as_deref(), Some("taken, to be verified"));
    platform.asked_again();
    assert_eq!(closed(&site), None);
    platform.says.store(2, Ordering::SeqCst);
    let closed = wait("the end", || closed(&site));
    assert!(closed.contains("it is seen to have worked"), "{closed}");
    assert_eq!(platform.receiver.got(PATH).len(), 1);
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn an_address_says_what_became_of_a_lost_answer() {
    let platform = Platform::start(true);
    platform.says.store(2, Ordering::SeqCst);
    let site = platform.site("verified-lost", "1s");
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    let closed = wait("the end", || closed(&site));
    assert!(closed.contains("it is seen to have worked"), "{closed}");
    assert_eq!(platform.receiver.got(PATH).len(), 1, "it was sent again");
    assert_eq!(process.stop().0, 0);
    site.holds();
}
