//! A bad release is undone, held, and what is held goes on: each with one look before the decision, and seen to have worked.

use serde_json::json;

use crate::kube::Kube;
use crate::process::wait;
use crate::receiver::{Receiver, answer};
use crate::rules::{HELD, TAKEN_BACK, asked, closed, held, site, started, vouched};
use crate::shop::{Shop, send};
use crate::site::Site;

const GOOD: &str = "registry.example.com/shop:2.4.0";
const BAD: &str = "registry.example.com/shop:2.4.1";

/// A cluster in which 2.4.0 ran and 2.4.1 runs, and a site of it in which 2.4.0 passed.
pub(crate) fn shipped(test: &str, fail: &str) -> (Kube, Site) {
    let kube = Kube::start();
    kube.deploy("shop", GOOD);
    kube.set_image("shop", BAD);
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "told"));
    let site = site(test, (&kube, &receiver), fail);
    vouched(&site, "2.4.0");
    (kube, site)
}

/// The same where backstop holds the release.
pub(crate) fn shipped_and_held(test: &str) -> (Kube, Site) {
    let (kube, site) = shipped(test, TAKEN_BACK);
    kube.change("shop", &json!({"spec": {"paused": true}}));
    held(&site);
    (kube, site)
}

/// What each patch was, in a word.
fn steps(kube: &Kube) -> Vec<&'static str> {
    let step = |body: &serde_json::Value| match body {
        body if body.is_array() => "undo",
        body if body["spec"]["paused"] == json!(true) => "pause",
        body if body["spec"].get("paused").is_some_and(serde_json::Value::is_null) => "resume",
        _ => "something else",
    };
    kube.patches().iter().map(|asked| step(&asked.body)).collect()
}

#[test]
fn a_bad_release_is_undone_to_what_passed_and_seen_to_run() {
    let (kube, site) = shipped("object-undo", TAKEN_BACK);
    let process = started(&site, &Shop::new("shop"));
    let ended = closed(&site, &process, "take-back");
    assert_eq!(ended, "verified: it is seen to have worked");
    assert_eq!((kube.image("shop"), steps(&kube)), (GOOD.to_owned(), vec!["undo"]));
    let annotations = kube.deployment("shop")["metadata"]["annotations"].clone();
    assert_eq!(annotations["deployment.kubernetes.io/revision"], "3", "{annotations}");
    assert_eq!(annotations["kubectl.kubernetes.io/last-applied-configuration"], "{}", "{annotations}");
    assert_eq!(process.stop().0, 0);
    let aim = site.records("intended", "take-back")[0]["aim"].clone();
    assert_eq!(aim["to"]["revision"], "1", "{aim}");
    assert_eq!(aim["steps"], json!(["undo"]), "{aim}");
    site.holds();
}

#[test]
fn a_held_release_is_undone_and_goes_on_with_what_it_went_back_to() {
    let (kube, site) = shipped_and_held("object-held");
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    // The bad one never goes on, not even between two steps.
    assert_eq!(steps(&kube), ["undo", "resume"]);
    assert_eq!((kube.image("shop"), kube.is_paused("shop")), (GOOD.to_owned(), false));
    assert_eq!(process.stop().0, 0);
    let key = site.records("intended", "\"action\":\"take-back\"")[0]["key"].as_str().unwrap().to_owned();
    let answers = site.records("answered", &key);
    let taken: Vec<u64> = answers.iter().map(|answer| answer["step"].as_u64().unwrap_or(0)).collect();
    assert_eq!(taken, [0, 1], "each step is written down: {answers:?}");
    site.holds();
}

#[test]
fn what_backstop_held_goes_on_once_a_later_release_passes() {
    let (kube, site) = shipped("object-resume", HELD);
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    assert_eq!(closed(&site, &process, "hold"), "verified: it is seen to have worked");
    assert!(kube.is_paused("shop"));
    kube.set_image("shop", "registry.example.com/shop:2.4.2");
    let fixed = json!({"service": "shop", "environment": "production", "kind": "deployment",
        "version": "2.4.2", "previous": "2.4.1", "at": crate::shop::now().to_string()});
    let (status, text) = process.post("/v1/changes", &fixed);
    assert_eq!(status, 201, "{text}");
    send(&process, &shop.sales(0));
    assert_eq!(closed(&site, &process, "go-on"), "verified: it is seen to have worked");
    assert_eq!((steps(&kube), kube.is_paused("shop")), (vec!["pause", "resume"], false));
    // What passed is known to be good from then on.
    wait("the pass", || site.records("vouched", "2.4.2").pop());
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn a_restart_is_nothing_to_go_back_to() {
    let (kube, site) = shipped("object-restart", TAKEN_BACK);
    let at = json!({"kubectl.kubernetes.io/restartedAt": "2026-11-21T10:00:00Z"});
    kube.change("shop", &json!({"spec": {"template": {"metadata": {"annotations": at}}}}));
    assert_eq!(kube.deployment("shop")["metadata"]["annotations"]["deployment.kubernetes.io/revision"], "3");
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    // The revision before was the bad image as well.
    assert_eq!(kube.image("shop"), GOOD);
    assert_eq!(process.stop().0, 0);
}

#[test]
fn pods_that_come_and_go_are_nobody_that_came_first() {
    let (kube, site) = shipped("object-stirred", TAKEN_BACK);
    let mut times = 0;
    kube.before(move |world, _| {
        times += 1;
        if times < 3 {
            world.stir("shop");
        }
        true
    });
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    assert_eq!((steps(&kube).len(), kube.image("shop")), (3, GOOD.to_owned()));
    assert_eq!(process.stop().0, 0);
    let answers = site.records("answered", "accepted");
    assert!(answers.iter().all(|answer| answer["attempt"] == 1), "{answers:?}");
}

#[test]
fn who_comes_first_is_looked_at_and_decided_on_anew_and_left_alone() {
    let (kube, site) = shipped("object-conflict", TAKEN_BACK);
    let mut once = true;
    kube.before(move |world, _| {
        if std::mem::take(&mut once) {
            world.set_image("shop", "registry.example.com/shop:2.4.2");
        }
        true
    });
    let process = started(&site, &Shop::new("shop"));
    let ended = closed(&site, &process, "take-back");
    assert!(ended.starts_with("expired: not attempted again: its object does not run 2.4.1"), "{ended}");
    assert_eq!(kube.image("shop"), "registry.example.com/shop:2.4.2", "somebody's own fix is left alone");
    assert_eq!(process.stop().0, 0);
    assert_eq!(site.records("answered", "overtaken").len(), 1);
    site.holds();
}

#[test]
fn what_git_keeps_what_somebody_paused_and_what_nobody_vouched_for_is_for_a_person() {
    let argo = json!({"metadata": {"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/shop"}}});
    let owned = json!({"metadata": {"ownerReferences": [{"kind": "Shop", "name": "eu", "controller": true, "uid": "u"}]}});
    for (test, patch, says) in [
        ("object-argo", Some(argo), "Argo CD (shop)"),
        ("object-owned", Some(owned), "Shop eu"),
        ("object-paused", Some(json!({"spec": {"paused": true}})), "held_by_other"),
        ("object-first", None, "none_known_good"),
    ] {
        let kube = Kube::start();
        kube.deploy("shop", GOOD);
        kube.set_image("shop", BAD);
        let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "told"));
        let site = site(test, (&kube, &receiver), TAKEN_BACK);
        if let Some(patch) = &patch {
            vouched(&site, "2.4.0");
            kube.change("shop", patch);
        }
        let process = started(&site, &Shop::new("shop"));
        let spoke = asked(&site, "take-back");
        assert!(spoke.contains(says), "{test}: {spoke}");
        assert!(kube.patches().is_empty(), "{test}");
        assert_eq!(process.stop().0, 0);
        site.holds();
    }
}

#[test]
fn who_may_not_look_or_is_not_known_asks_a_person_and_says_why() {
    for (test, forbidden, token, says) in [
        ("object-403", Some("list replicasets"), None, "it needs a Role that allows this"),
        ("object-401", None, Some("another"), "its token or certificate is not known there"),
    ] {
        let (kube, site) = shipped(test, TAKEN_BACK);
        kube.with(|world| world.forbidden.extend(forbidden.map(str::to_owned)));
        if let Some(token) = token {
            site.write("kube.yaml", kube.config().replace(crate::kube::TOKEN, token));
        }
        let process = started(&site, &Shop::new("shop"));
        let spoke = asked(&site, "take-back");
        assert!(spoke.contains("unseen") && spoke.contains(says), "{test}: {spoke}");
        assert!(kube.patches().is_empty());
        assert_eq!(process.stop().0, 0);
        site.holds();
    }
}

#[test]
fn what_is_taken_and_never_comes_to_run_is_not_called_done() {
    let (kube, site) = shipped("object-stuck", TAKEN_BACK);
    let process = started(&site, &Shop::new("shop"));
    kube.with(|world| world.stuck = true);
    wait("the undo", || (kube.image("shop") == GOOD).then_some(()));
    let state = || {
        let actions = process.json("/v1/gates")["actions"].clone();
        let own = actions.as_array()?.iter().find(|action| action["action"] == "take-back")?.clone();
        Some(own["state"].as_str()?.to_owned())
    };
    wait("the answer", || (state()?.starts_with("taken")).then_some(()));
    assert!(site.records("closed", "verified").is_empty());
    // Somebody ships the bad one again before it ever ran.
    kube.set_image("shop", BAD);
    let ended = closed(&site, &process, "take-back");
    assert!(ended.starts_with("unverified: it was done, and then taken back by somebody else"), "{ended}");
    assert_eq!(process.stop().0, 0);
}

/// What keeps an object as git says, and is known to nobody, brings the bad release back as soon as it was undone.
#[test]
fn self_heal_fights_an_undo_and_is_not_fought() {
    let (kube, site) = shipped("object-selfheal", TAKEN_BACK);
    kube.with(|world| world.stuck = true);
    let process = started(&site, &Shop::new("shop"));
    wait("the undo", || (kube.image("shop") == GOOD).then_some(()));
    kube.set_image("shop", BAD);
    let ended = closed(&site, &process, "take-back");
    assert!(ended.starts_with("unverified: "), "{ended}");
    let page = wait("that somebody is called", || site.records("intended", "\"page_").pop());
    assert_eq!(page["page"], json!({"ended": "unverified"}), "{page}");
    let looks = || process.json("/v1/gates")["gates"][0]["looks"].as_u64();
    let by_then = looks().unwrap();
    wait("more looks at what still fails", || (by_then + 3 <= looks()?).then_some(()));
    assert_eq!((steps(&kube), kube.image("shop")), (vec!["undo"], BAD.to_owned()));
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn a_release_that_fails_is_started_anew() {
    let (kube, site) = shipped("object-anew", "{ confidence: 0.95, do: anew }");
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "anew"), "verified: it is seen to have worked");
    let annotations = &kube.deployment("shop")["spec"]["template"]["metadata"]["annotations"];
    assert!(annotations["kubectl.kubernetes.io/restartedAt"].is_string(), "{annotations}");
    assert_eq!(kube.image("shop"), BAD, "it runs what it ran");
    assert_eq!(process.stop().0, 0);
    site.holds();
}
