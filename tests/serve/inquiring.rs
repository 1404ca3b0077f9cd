//! Texts of actions that ask: what is found out goes out with the first attempt, and the same with every other one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::killed::PATH;
use crate::process::{Process, wait};
use crate::prometheus::Prometheus;
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};
use crate::sources::{asking, url};

const NOTIFY: &str = "/shop/notify";

/// How many fail a second, by track: sixty of a thousand in the canary, two of each thousand in two stable instances.
const RATE: &str = r#"'{{ range query (printf `sort(sum by (track) (rate(http_requests_total{service=%q, code="500"}[30s])))` .Service) }}{{ .Labels.track }} {{ .Value | printf "%.2f" }}, {{ else }}nothing{{ end }}'"#;
const SAYS: &str = "stable 4.00, canary 60.00, ";

/// It cannot be evaluated: several series are on both sides.
const FAILS: &str = "'{{ query `http_requests_total + on (service) http_requests_total` | first | value }}'";

/// What is done by the rules of every site.
const LADDER: &str = "{ confidence: 0.80, do: shop-notify }, { confidence: 0.99, do: shop-take-back }";

fn site(test: &str, receiver: &Receiver) -> Site {
    let receiver = receiver.address;
    let watched = Watched { service: "shop", receiver, timeout: "10s", verified: false, watch: "10m" };
    Site::new(test, &[watched])
}

/// Has the texts of both actions of a site say this.
fn says(site: &Site, text: &str) {
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let (head, rest) = rules.split_once("/take-back\n      timeout").unwrap();
    let rules = format!(
        "external_url: https://backstop.example.com\n{head}/take-back\n      body: {{ rate: {text}, of: '{{{{ externalURL }}}}' }}\n      timeout{rest}"
    );
    assert!(rules.contains("/notify', sign"), "{rules}");
    site.write(
        "rules.yaml",
        rules.replace("/notify', sign", &format!("/notify', body: {{ rate: {text} }}, sign")),
    );
}

fn told(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap();
    body["rate"].as_str().unwrap().to_owned()
}

fn ships(process: &Process, shop: &Shop) {
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert_eq!(status, 201, "{text}");
}

/// The samples are gone with the process that had them; what was found in them is not.
#[test]
fn what_was_found_goes_out_again_after_the_process_was_killed() {
    let well = Arc::new(AtomicBool::new(false));
    let platform = Arc::clone(&well);
    let receiver = Receiver::start(move |stream, got| {
        let refuses = got.line.contains("take-back") && !platform.load(Ordering::SeqCst);
        answer(stream, if refuses { "503 Service Unavailable" } else { "200 OK" }, "");
    });
    let (site, shop) = (site("found-before", &receiver), Shop::new("shop"));
    says(&site, RATE);
    let process = site.start();
    send(&process, &shop.sales(60));
    ships(&process, &shop);
    wait("the refusal on record", || site.records("answered", "503").pop());
    process.kill();
    well.store(true, Ordering::SeqCst);
    let before = receiver.got(PATH).len();
    let process = site.start();
    wait("a further attempt", || (before < receiver.got(PATH).len()).then_some(()));
    wait("the end", || site.records("closed", "").pop());
    let got = receiver.got(PATH);
    for got in &got {
        assert_eq!(told(&got.body), SAYS);
        assert_eq!(got.body, receiver.got(PATH)[0].body);
        assert!(String::from_utf8_lossy(&got.body).contains("https://backstop.example.com"));
    }
    assert!(receiver.got(NOTIFY).iter().all(|got| told(&got.body) == SAYS));
    let decision = site.records("intended", "take-back")[0]["decision"].as_str().unwrap().to_owned();
    assert_eq!(process.stop().0, 0);
    let (text, code) = site.run(&["explain", &decision]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("asked `sort(sum by (track)"), "{text}");
    assert!(text.contains(r#"`: 4 of {track="stable"}, 60 of {track="canary"}"#), "{text}");
    site.holds();
}

/// A site where the texts of both actions have no answer, with this ladder.
fn without_an_answer(test: &str, receiver: &Receiver, ladder: &str) -> (Site, Process) {
    let (site, shop) = (site(test, receiver), Shop::new("shop"));
    says(&site, FAILS);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    assert!(rules.contains(LADDER), "{rules}");
    site.write("rules.yaml", rules.replace(LADDER, ladder));
    let process = site.start();
    send(&process, &shop.sales(60));
    ships(&process, &shop);
    (site, process)
}

const WHY: &str = "the query `http_requests_total + on (service) http_requests_total` has no answer";

#[test]
fn what_cannot_be_filled_is_not_sent_to_a_platform() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let (site, process) = without_an_answer("not-found", &receiver, LADDER);
    let unsent = wait("an attempt that is not sent", || site.records("answered", "unsent").pop()).to_string();
    assert!(unsent.contains("its body cannot be filled"), "{unsent}");
    assert!(unsent.contains(WHY), "{unsent}");
    wait("a further attempt", || site.records("retried", "").pop());
    assert_eq!(process.stop().0, 0);
    assert_eq!(receiver.got(PATH), []);
    site.holds();
}

#[test]
fn what_cannot_be_filled_is_said_to_people_all_the_same() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let (site, process) =
        without_an_answer("not-found-but-told", &receiver, "{ confidence: 0.80, do: shop-notify }");
    let message = wait("the message", || receiver.got(NOTIFY).pop());
    assert!(told(&message.body).contains(WHY), "{message:?}");
    assert_eq!(process.stop().0, 0);
    site.holds();
}

fn is_told_of_a_source(site: &Site, receiver: &Receiver, shop: &Shop) {
    says(site, RATE);
    let process = site.start();
    ships(&process, shop);
    let got = wait("the webhook", || receiver.got(PATH).pop());
    assert_eq!(told(&got.body), SAYS);
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn another_backstop_is_asked_where_it_is_the_source() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let source = Site::new("said-elsewhere", &[]);
    let source = source.start();
    let shop = Shop::new("shop");
    send(&source, &shop.sales(60));
    let site = asking("told-by-another", &[("shop", url(source.address))], &receiver, "10m");
    is_told_of_a_source(&site, &receiver, &shop);
}

#[test]
fn a_prometheus_is_asked_where_it_is_the_source() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let folder = crate::folder::Folder::of("said-by-prometheus");
    let Some(prometheus) = Prometheus::start("a_prometheus_is_asked_where_it_is_the_source", folder.path())
    else {
        return;
    };
    let shop = Shop::new("shop");
    prometheus.take(&shop.sales(60));
    let site = asking("told-by-prometheus", &[("shop", prometheus.url())], &receiver, "10m");
    is_told_of_a_source(&site, &receiver, &shop);
}
