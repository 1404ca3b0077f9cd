//! Sources that are asked: a release judged by what another server knows, and servers that are gone, slow, or lie.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};

use backstop::signal::{Labels, NAME, Observation, Sample, Series};

use crate::process::{Process, backstop, wait};
use crate::prometheus::Prometheus;
use crate::receiver::{Receiver, answer};
use crate::shop::{Shop, send};
use crate::site::{Site, Watched};

/// A site whose services are each watched by what a source of that address knows.
pub(crate) fn asking(
    test: &str,
    services: &[(&'static str, String)],
    receiver: &Receiver,
    watch: &'static str,
) -> Site {
    let watched = services.iter().map(|(service, _)| Watched {
        service,
        receiver: receiver.address,
        timeout: "10s",
        verified: true,
        watch,
    });
    let site = Site::new(test, &watched.collect::<Vec<_>>());
    let mut text = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    text = text.replace("    every: 1s\n", "    every: 1s\n    recovers_within: 5s\n");
    text.push_str("sources:\n");
    for (service, url) in services {
        let target = format!("{{ service: {service}, environment: production,");
        text = text.replace(&target, &format!("{target} source: of-{service},"));
        let _infallible = writeln!(
            text,
            "  of-{service}: {{ url: '{url}', bearer: token, timeout: 800ms, budget: 6000/m }}"
        );
    }
    site.write("rules.yaml", text);
    site
}

pub(crate) fn url(address: SocketAddr) -> String {
    format!("http://{address}")
}

/// Ships a bad canary, and sees it taken back by what the source says; and that it fails on all the same.
fn is_taken_back(site: &Site, receiver: &Receiver, shop: &Shop, undo: impl Fn()) {
    let process = site.start();
    let (status, text) = process.post("/v1/changes", &shop.change());
    assert_eq!(status, 201, "{text}");
    let path = format!("/{}/take-back", shop.service);
    wait("the webhook", || receiver.got(&path).into_iter().next());
    undo();
    wait("the end of the gate", || {
        let gates = process.json("/v1/gates");
        let over = gates["gates"].as_array()?.iter().all(|gate| gate["recovery"]["outcome"] == "unrecovered");
        (over && gates["actions"].as_array()?.is_empty()).then_some(())
    });
    assert_eq!(process.stop().0, 0);
    let closed = site.records("closed", "verified");
    assert_eq!(closed.len(), 1, "{:?}", site.records("closed", ""));
    let looked = site.records("recovery", "\"counts\"");
    assert_eq!(looked.len(), 1, "{:?}", site.records("recovery", ""));
    site.holds();
}

#[test]
fn a_bad_release_is_taken_back_by_what_another_backstop_knows() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let source = Site::new("known-elsewhere", &[]);
    let source = source.start();
    let shop = Shop::new("shop");
    send(&source, &shop.sales(60));
    let site = asking("asks-another", &[("shop", url(source.address))], &receiver, "10m");
    is_taken_back(&site, &receiver, &shop, || send(&source, &shop.undone()));
}

#[test]
fn a_bad_release_is_taken_back_by_what_a_prometheus_knows() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let folder = crate::folder::Folder::of("known-to-prometheus");
    let Some(prometheus) =
        Prometheus::start("a_bad_release_is_taken_back_by_what_a_prometheus_knows", folder.path())
    else {
        return;
    };
    let shop = Shop::new("shop");
    prometheus.take(&shop.sales(60));
    let site = asking("asks-prometheus", &[("shop", prometheus.url())], &receiver, "10m");
    is_taken_back(&site, &receiver, &shop, || prometheus.take(&shop.undone()));
}

/// A site whose one service is watched by sums: its source has more series than are taken.
fn summing(test: &str, at: String, receiver: &Receiver) -> Site {
    let site = asking(test, &[("shop", at)], receiver, "10m");
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    site.write("rules.yaml", rules.replace("budget: 6000/m", "budget: 6000/m, series_at_most: 4"));
    site
}

/// Ships a bad canary, and sees it taken back by sums.
fn is_taken_back_by_sums(site: &Site, receiver: &Receiver, shop: &Shop, undo: impl Fn()) {
    let process = site.start();
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    wait("a sum", || {
        let (_, text) = process.get("/metrics");
        let name = "backstop_source_selectors_summed{source=\"of-shop\"} ";
        let summed: f64 = text.lines().find_map(|line| line.strip_prefix(name))?.parse().unwrap();
        (0.0 < summed).then_some(())
    });
    wait("the webhook", || receiver.got("/shop/take-back").into_iter().next());
    // Sixty of a thousand are bad, and two of them in two old instances.
    let gate = process.json("/v1/gates")["gates"][0].clone();
    let told = process.json(&format!("/v1/gates?change={}", gate["change"].as_str().unwrap()));
    let check = &told["gates"][0]["checks"][0];
    let count = |side: &str, what: &str| check[side][what].as_u64().unwrap();
    assert_eq!(count("new", "events") * 1_000, count("new", "of") * 60, "{check}");
    assert_eq!(count("old", "events") * 1_000, count("old", "of") * 2, "{check}");
    undo();
    wait("the end of the action", || {
        process.json("/v1/gates")["actions"].as_array()?.is_empty().then_some(())
    });
    assert_eq!(process.stop().0, 0);
    assert_eq!(site.records("closed", "verified").len(), 1, "{:?}", site.records("closed", ""));
    site.holds();
}

#[test]
fn a_bad_release_is_taken_back_by_the_sums_of_another_backstop() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let source = Site::new("summed-elsewhere", &[]);
    let source = source.start();
    let shop = Shop::new("shop");
    send(&source, &shop.sales(60));
    let site = summing("sums-another", url(source.address), &receiver);
    is_taken_back_by_sums(&site, &receiver, &shop, || send(&source, &shop.undone()));
}

#[test]
fn a_bad_release_is_taken_back_by_the_sums_of_a_prometheus() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let folder = crate::folder::Folder::of("summed-by-prometheus");
    let test = "a_bad_release_is_taken_back_by_the_sums_of_a_prometheus";
    let Some(prometheus) = Prometheus::start(test, folder.path()) else { return };
    let shop = Shop::new("shop");
    prometheus.take(&shop.sales(60));
    let site = summing("sums-prometheus", prometheus.url(), &receiver);
    is_taken_back_by_sums(&site, &receiver, &shop, || prometheus.take(&shop.undone()));
}

/// The same shop, in which requests are slow that fail elsewhere: as classic histograms.
fn slow(sales: &[Series]) -> Vec<Series> {
    let named = |labels: &Labels, ending: &str, bound: &str| {
        let labels = labels.only(|label| label != "code");
        labels.with(NAME, &format!("http_request_duration_seconds{ending}")).with("le", bound)
    };
    // Of each instance, those that were answered and those that failed.
    let histogram = |pair: &[Series]| {
        let [quick, slow] = pair else { panic!("{pair:?}") };
        let both = quick.samples.iter().zip(&slow.samples);
        let sum = both.map(|(quick, slow)| {
            let value = quick.number().unwrap() + slow.number().unwrap();
            Sample { at: quick.at, value }.into()
        });
        let all: Vec<Observation> = sum.collect();
        [
            Series { labels: named(&quick.labels, "_bucket", "0.5"), samples: quick.samples.clone() },
            Series { labels: named(&quick.labels, "_bucket", "+Inf"), samples: all.clone() },
            Series { labels: named(&quick.labels, "_count", ""), samples: all },
        ]
    };
    sales.chunks(2).flat_map(histogram).collect()
}

#[test]
fn a_slow_release_is_taken_back_by_the_sums_of_a_prometheus() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let folder = crate::folder::Folder::of("slow-by-prometheus");
    let test = "a_slow_release_is_taken_back_by_the_sums_of_a_prometheus";
    let Some(prometheus) = Prometheus::start(test, folder.path()) else { return };
    let shop = Shop::new("shop");
    prometheus.take(&slow(&shop.sales(60)));
    let site = summing("slow-sums", prometheus.url(), &receiver);
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let proportion = "proportion: { bad: 'http_requests_total{code=~\"5..\"}', of: http_requests_total }";
    assert!(rules.contains(proportion), "{rules}");
    let question = "slow: { of: http_request_duration_seconds, over: 500ms }";
    site.write("rules.yaml", rules.replace(proportion, question));
    is_taken_back_by_sums(&site, &receiver, &shop, || prometheus.take(&shop.undone()));
}

/// What the verdict of a service's gate is for want of.
fn lacks(process: &Process, service: &str) -> Option<String> {
    let gates = process.json("/v1/gates");
    let gate = gates["gates"].as_array()?.iter().find(|gate| gate["service"] == service)?.clone();
    assert_ne!(gate["verdict"], "fail", "{gate}");
    assert_ne!(gate["verdict"], "pass", "{gate}");
    gate["reason"].as_str().map(str::to_owned)
}

/// Where somebody listens that never answers, and servers that do not answer well, each with what is said of it.
fn deaf(slow: &TcpListener) -> Vec<(&'static str, SocketAddr, &'static str)> {
    let json = "Content-Type: application/json";
    let says = |status: &'static str, body: &'static str| {
        Receiver::start(move |stream, _| answer(stream, status, body)).address
    };
    let dead = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let slow_at = slow.local_addr().unwrap();
    let flaps = std::sync::atomic::AtomicU32::new(0);
    let flapping = Receiver::start(move |stream, _| {
        let nth = flaps.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let (status, body) = [("500 Oh", "oh"), ("200 OK", "{")][nth as usize % 2];
        answer(stream, status, body);
    });
    let half = Receiver::start(move |stream, _| {
        let head = format!("HTTP/1.1 200 OK\r\n{json}\r\nContent-Length: 900\r\n\r\n{{\"status\":\"succ");
        stream.write_all(head.as_bytes()).ok();
    });
    vec![
        ("dead", dead, "cannot be reached|is left alone"),
        ("slow", slow_at, "did not answer in time"),
        ("html", says("200 OK", "<html>Sign in</html>"), "answers what is no answer"),
        (
            "types",
            says(
                "200 OK",
                r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,2]]}]}}"#,
            ),
            "answers what is no answer",
        ),
        (
            "error",
            says("200 OK", r#"{"status":"error","errorType":"execution","error":"no"}"#),
            "says that it failed",
        ),
        ("half", half.address, "cannot be reached|is left alone"),
        ("many", says("429 Too Many Requests", "slowly"), "asked too much|is left alone"),
        ("locked", says("401 Unauthorized", "who?"), "does not let us in"),
        ("moved", says("302 Found", ""), "sends us elsewhere"),
        (
            "partial",
            says(
                "200 OK",
                r#"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["a store is gone"]}"#,
            ),
            "answers in part only",
        ),
        ("flapping", flapping.address, "the source "),
    ]
}

/// Sources that do not answer, or not well, each by its name. One that does well is not harmed.
#[test]
fn each_source_that_is_deaf_is_inconclusive_by_its_name() {
    let slow = TcpListener::bind("127.0.0.1:0").unwrap();
    let rows = deaf(&slow);
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let source = Site::new("one-that-hears", &[]);
    let source = source.start();
    let shop = Shop::new("shop");
    send(&source, &shop.sales(60));
    let mut services: Vec<(&str, String)> = rows.iter().map(|(name, at, _)| (*name, url(*at))).collect();
    services.push(("shop", url(source.address)));
    let site = asking("deaf-sources", &services, &receiver, "10m");
    let process = site.start();
    for (service, _) in &services {
        let (status, text) = process.post("/v1/changes", &Shop::new(service).change());
        assert_eq!(status, 201, "{text}");
    }
    wait("the webhook of the one that is well", || receiver.got("/shop/take-back").into_iter().next());
    for (service, _, words) in &rows {
        let last = std::cell::RefCell::new(None);
        let found = wait(&format!("{words:?} of {service}"), || {
            let why = lacks(&process, service)?;
            let fits = words.split('|').any(|words| why.contains(words));
            last.replace(Some(why.clone()));
            fits.then_some(why)
        });
        assert!(found.contains("the source"), "{service}: {found}");
    }
    let webhooks =
        rows.iter().filter(|(service, ..)| !receiver.got(&format!("/{service}/take-back")).is_empty());
    assert_eq!(webhooks.count(), 0);
    drop(slow);
    assert_eq!(process.stop().0, 0);
    site.holds();
}

/// A source that is stopped while a release is watched, and started again with a gap: no look is lost silently, and what
/// happened meanwhile counts once it is back.
#[test]
fn a_source_that_comes_back_is_heard_again() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let source = Site::new("comes-back", &[]);
    let first = source.start();
    let at = first.address;
    let mut shop = Shop::new("shop");
    shop.ship_now();
    // Neither harm nor its absence is proved soon.
    send(&first, &shop.sales(3));
    let site = asking("waits-for-source", &[("shop", url(at))], &receiver, "10m");
    let process = site.start();
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let checked = || {
        let change = process.json("/v1/gates")["gates"][0]["change"].clone();
        process.json(&format!("/v1/gates?change={}", change.as_str().unwrap()))["gates"][0]["checks"][0]
            .clone()
    };
    wait("a look", || checked()["found"]["looks"].as_u64().filter(|looks| *looks > 1));
    first.kill();
    wait("a look that was cut", || lacks(&process, "shop").filter(|why| why.contains("the source")));
    // Started with nothing, it is told all of it again.
    let again = Process::start(
        backstop().args(["serve", "rules.yaml", "--listen", &at.to_string()]).current_dir(source.path()),
    );
    send(&again, &shop.sales(3));
    wait("a look that was not", || lacks(&process, "shop").filter(|why| !why.contains("the source")));
    // A thousand requests in each second of every look since the first, cut or not.
    wait("a count without a gap", || {
        let check = checked();
        let (looks, new) = (check["found"]["of"].as_u64()?, check["new"]["of"].as_u64()?);
        (looks > 3 && new == looks * 1_000).then_some(())
    });
    assert_eq!(process.stop().0, 0);
    assert_eq!(again.stop().0, 0);
    site.holds();
}

/// A source that moves while a release is watched, to another address where another token is wanted: its new place is
/// written into the rules, and the count goes on as if nothing had been.
#[test]
fn a_source_that_moves_is_heard_where_it_is() {
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", ""));
    let old = Site::new("moves-from", &[]);
    let first = old.start();
    let at = first.address;
    let mut shop = Shop::new("shop");
    shop.ship_now();
    // Neither harm nor its absence is proved soon.
    send(&first, &shop.sales(3));
    let site = asking("moving-source", &[("shop", url(at))], &receiver, "10m");
    let process = site.start();
    assert_eq!(process.post("/v1/changes", &shop.change()).0, 201);
    let change = process.json("/v1/gates")["gates"][0]["change"].clone();
    let told = || process.json(&format!("/v1/gates?change={}", change.as_str().unwrap()))["gates"][0].clone();
    let counted = || {
        let check = told()["checks"][0].clone();
        Some((check["found"]["of"].as_u64()?, check["new"]["of"].as_u64()?))
    };
    wait("a look", || counted().filter(|(looks, _)| *looks > 1));
    first.kill();
    let new = Site::new("moves-to", &[]);
    new.write("other", "another-one");
    let text = std::fs::read_to_string(new.path().join("rules.yaml")).unwrap();
    let text = text
        .replace("secrets: {", &format!("secrets: {{ other: {{ file: {}/other }},", new.path().display()))
        .replace(
            "may: [change, ingest, read] }",
            "may: [ingest] }, { who: asker, token: other, may: [read] }",
        );
    new.write("rules.yaml", text);
    let second = new.start();
    // There, most of what the canary serves fails.
    send(&second, &shop.sales(600));
    let before = counted().unwrap().0;
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    site.write("next", "another-one");
    let rules = rules
        .replace("secrets: {", &format!("secrets: {{ next: {{ file: {}/next }},", site.path().display()))
        .replace(&url(at), &url(second.address))
        .replace("bearer: token,", "bearer: next, fuse: false,");
    site.write("rules.yaml", rules);
    wait("the other rules", || (site.records("reloaded", "").len() == 1).then_some(()));
    wait("the webhook", || receiver.got("/shop/take-back").into_iter().next());
    // A thousand requests in each second of every look, wherever it was counted, and cut or not.
    let (looks, new) = counted().unwrap();
    assert!(before < looks && new == looks * 1_000, "{before} looks, {}", told());
    assert_eq!(process.stop().0, 0);
    assert_eq!(second.stop().0, 0);
    site.holds();
}
