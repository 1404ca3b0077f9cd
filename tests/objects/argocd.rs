//! Argo CD: an application is undone, and what is kept as git says is held before it is undone, and given back.

use backstop::decision::{Edition, KeeperStep, Misfit, Move, Order, Revision, Sight};
use backstop::responder::object::{Got, Kept, reconciler};
use backstop::signal::{GitOps, GitOpsKind};
use backstop::unit::UnixMillis;
use serde_json::{Value, json};

use crate::argocd::{ArgoCd, TOKEN, World};
use crate::kube::Kube;
use crate::process::wait;
use crate::receiver::{Receiver, answer};
use crate::rehearsing::explained;
use crate::rules::{TAKEN_BACK, asked, closed, site_of, started, vouched};
use crate::shop::Shop;
use crate::site::Site;

const GOOD: &str = "registry.example.com/shop:2.4.0";
const BAD: &str = "registry.example.com/shop:2.4.1";

fn sha(digit: char) -> String {
    digit.to_string().repeat(40)
}

/// An application that ran 2.4.0 and runs 2.4.1.
fn shipped_to(world: &mut World) {
    world.push(&sha('a'), GOOD);
    world.push(&sha('b'), BAD);
}

/// The same behind an API, and a site that acts on this object of it.
fn shipped(test: &str, object: &str) -> (ArgoCd, Kube, Site) {
    let (argocd, kube) = (ArgoCd::start(), Kube::start());
    kube.deploy("shop", GOOD);
    kube.set_image("shop", BAD);
    argocd.with(shipped_to);
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "told"));
    let site = site_of(test, (&kube, &receiver), object, TAKEN_BACK);
    site.write("argocd-token", TOKEN);
    let folder = site.path().display().to_string();
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let rules = rules.replace(
        "secrets: { ",
        &format!(
            "argocd: {{ main: {{ url: 'http://{}', token: argocd }} }}\nsecrets: {{ argocd: {{ file: {folder}/argocd-token }}, ",
            argocd.address
        ),
    );
    site.write(
        "rules.yaml",
        rules.replace(", object: deployment", ", gitops: { kind: argocd, app: shop }, object: deployment"),
    );
    vouched(&site, "2.4.0");
    (argocd, kube, site)
}

const AUTOMATED: &str = r#"{"prune":true,"selfHeal":true}"#;

#[test]
fn an_application_is_held_and_rolled_back_to_what_passed() {
    let (argocd, _kube, site) = shipped("argocd-undo", "argocd/shop");
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    assert_eq!(
        (argocd.image(), argocd.done()),
        (GOOD.to_owned(), vec!["patch".to_owned(), "rollback".to_owned()])
    );
    assert_eq!(argocd.automated(), Value::Null, "git would bring it back");
    let shown = process.json("/v1/gates")["held_against_git"][0].clone();
    assert_eq!(
        (&shown["keeper"], &shown["object"]),
        (&json!("Argo CD (shop)"), &json!("argocd/shop")),
        "{shown}"
    );
    let noted = argocd.with(|world| world.app["metadata"]["annotations"].clone());
    assert_eq!(noted["backstop/automated"], AUTOMATED, "{noted}");
    assert_eq!(
        (&noted["backstop/past"], &noted["backstop/taken-back"]),
        (&json!(sha('b')), &json!(format!("[\"{BAD}\"]")))
    );
    assert_eq!(process.stop().0, 0);
    let aim = site.records("intended", "take-back")[0]["aim"].clone();
    assert_eq!(aim["steps"], json!(["detach", "undo"]), "{aim}");
    site.holds();
}

#[test]
fn a_deployment_is_undone_once_what_keeps_it_is_held_and_that_is_given_back_once_git_moved() {
    let (argocd, kube, site) = shipped("argocd-kept", "deployment/shop/shop");
    // Git moves past the bad version as soon as nothing is synced by itself any more.
    let (fixed, image) = (sha('c'), "registry.example.com/shop:2.4.2".to_owned());
    let moves = argocd.clone();
    kube.before(move |_, asked| {
        if asked.body.is_array() {
            moves.with(|world| {
                // Argo CD sees what runs, whoever brought it there.
                world.app["status"]["summary"]["images"] = json!([GOOD]);
                world.push(&fixed, &image);
            });
        }
        true
    });
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    assert_eq!(kube.image("shop"), GOOD);
    let given = wait("that it is given back", || site.records("closed", "back_").pop());
    assert_eq!(given["outcome"], "verified", "{given}");
    assert_eq!(argocd.automated(), json!({"prune": true, "selfHeal": true}));
    let noted = argocd.with(|world| world.app["metadata"]["annotations"].clone());
    assert_eq!((noted, argocd.done()), (json!({}), vec!["patch".to_owned(), "patch".to_owned()]));
    assert_eq!(process.stop().0, 0);
    let steps = |of: &str| site.records("intended", of)[0]["aim"]["steps"].clone();
    assert_eq!(steps("detach"), json!(["detach", "undo"]));
    assert_eq!(steps("back_"), json!(["attach"]));
    site.holds();
}

#[test]
fn what_is_under_way_is_ended_first_and_waited_for() {
    let (argocd, _kube, site) = shipped("argocd-busy", "argocd/shop");
    argocd.with(|world| {
        world.slow = true;
        world.push(&sha('c'), BAD);
    });
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    assert_eq!(
        (argocd.image(), argocd.done()),
        (GOOD.to_owned(), words(&["patch", "operation", "rollback"]))
    );
    assert_eq!(process.stop().0, 0);
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn nothing_is_rolled_back_under_whoever_has_it_synced_again() {
    for (test, object) in
        [("argocd-parent", "argocd/shop"), ("argocd-parent-of-another", "deployment/shop/shop")]
    {
        let (argocd, kube, site) = shipped(test, object);
        argocd.with(|world| world.parent = true);
        let process = started(&site, &Shop::new("shop"));
        let ended = closed(&site, &process, "take-back");
        assert!(
            ended.starts_with("unverified: half of it was done") && ended.contains("is not held any more"),
            "{object}: {ended}"
        );
        assert_eq!((argocd.image(), argocd.done()), (BAD.to_owned(), vec!["patch".to_owned()]), "{object}");
        assert!(kube.patches().is_empty(), "{object}");
        assert_eq!(process.stop().0, 0);
    }
}

#[test]
fn whose_token_is_not_known_there_touches_nothing() {
    let (argocd, kube, site) = shipped("argocd-unknown", "deployment/shop/shop");
    site.write("argocd-token", "somebody else's");
    let process = started(&site, &Shop::new("shop"));
    let asked = asked(&site, "take-back");
    assert!(asked.contains("401: no session information") && !asked.contains("somebody else's"), "{asked}");
    assert!(argocd.done().is_empty() && kube.patches().is_empty());
    assert_eq!(process.stop().0, 0);
}

#[test]
fn what_would_be_done_is_told_and_nothing_is_changed() {
    for (object, runs, first) in [
        ("argocd/shop", "apps/shop@bbbb", "PATCH /api/v1/applications/shop: the platform is not asked"),
        ("deployment/shop/shop", "web=registry.example.com/shop:2.4.1", "PATCH /api/v1/applications/shop"),
    ] {
        let (argocd, kube, site) = shipped(&format!("argocd-explain-{}", &object[..4]), object);
        let (text, code) = explained(&site, &[]);
        assert_eq!(code, 0, "{text}");
        for words in [runs, "steps: detach, then undo", "kept by Argo CD (shop), which is held first", first]
        {
            assert!(text.contains(words), "no `{words}` in\n{text}");
        }
        assert!(argocd.done().is_empty() && kube.patches().is_empty());
    }
}

/// The bodies of Argo CD's API are all that it reads of a request, and the path of one without a body.
#[test]
fn an_application_outside_of_its_own_namespace_is_named_in_full() {
    let mut world = World::new();
    shipped_to(&mut world);
    let (argocd, got) = (reconciler(GitOpsKind::ArgoCd), got(&world, false));
    for (app, namespace) in [("shop", None), ("team/shop", Some("team"))] {
        let step = argocd.step(app, KeeperStep::Detach, &got).unwrap();
        let body: Value = serde_json::from_slice(&step.body).unwrap();
        assert_eq!((body["name"].as_str(), body["appNamespace"].as_str()), (Some("shop"), namespace));
        let end = argocd.step(app, KeeperStep::Terminate, &got).unwrap().path;
        assert_eq!(end.contains("appNamespace=team"), namespace.is_some(), "{end}");
    }
}

/// The catalogue names one application, and the object's own labels another.
#[test]
fn whoever_else_keeps_an_object_is_asked_about() {
    for (marked, keeper, held) in [
        ("shop", None, true),
        ("argocd_shop", Some("Argo CD (argocd_shop)"), false),
        ("others", Some("Argo CD (others)"), false),
    ] {
        let kube = Kube::start();
        kube.deploy("shop", GOOD);
        kube.set_image("shop", BAD);
        kube.change("shop", &json!({"metadata": {"labels": {"argocd.argoproj.io/instance": marked}}}));
        let mut world = World::new();
        shipped_to(&mut world);
        let (object, sets) = kube.with(|world| world.read("shop"));
        let mut got = got(&world, false);
        got.add("object", Some(object));
        got.add("revisions", Some(sets));
        let gitops = Some(GitOps { kind: GitOpsKind::ArgoCd, app: "shop".to_owned() });
        let object = "deployment/shop/shop".parse().unwrap();
        let order = Order { object, gitops: gitops.clone(), ..order(undo(Revision::LastKnownGood)) };
        let kept = Kept::of(&order.object, gitops).unwrap();
        let Sight::Seen(seen) = kept.sighted(&order, &got) else { panic!("{marked}") };
        assert_eq!(seen.keeper.as_deref(), keeper, "{marked}");
        assert_eq!(seen.aim.unwrap().keeper.is_some(), held, "{marked}");
    }
}

fn got(world: &World, is_held: bool) -> Got {
    let mut got = Got::default();
    got.add("application", Some(world.app.clone()));
    if is_held {
        got.add("resources", Some(json!({"items": [world.wanted()]})));
    }
    got
}

fn order(does: Move) -> Order {
    Order {
        object: "argocd/shop".parse().unwrap(),
        cluster: None,
        gitops: None,
        through: None,
        does,
        version: "2.4.1".to_owned(),
        commit: Some(sha('b')),
        vouched: vec!["2.4.0".to_owned()],
        quarantined: vec!["2.4.1".to_owned(), sha('b')],
        holds: false,
        at: UnixMillis::new(1_795_271_400_000),
    }
}

/// What would be done, in words; or what speaks against it.
fn planned(world: &World, order: &Order) -> String {
    let kept = Kept::of(&order.object, None).unwrap();
    let is_held = world.app.pointer("/metadata/annotations").is_some();
    let Sight::Seen(seen) = kept.sighted(order, &got(world, is_held)) else { return "unseen".to_owned() };
    match seen.aim {
        Some(aim) => {
            let steps: Vec<&str> = aim.steps.iter().map(|step| step.word()).collect();
            let to = aim.to.map(|to: Edition| {
                format!(" to {}", if to.revision.is_empty() { to.hash } else { to.revision })
            });
            format!("{}{}", steps.join(", "), to.unwrap_or_default())
        }
        None => seen.misfits.iter().map(Misfit::word).collect::<Vec<_>>().join(", "),
    }
}

fn undo(to: Revision) -> Move {
    Move::Undo { to }
}

type Row = (&'static str, fn(&mut World), fn(&mut Order), &'static str);

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_done_to_an_application_depends_on_what_it_is() {
    let unchanged: fn(&mut Order) = |_| {};
    let off = |world: &mut World| world.app["spec"]["syncPolicy"] = json!({});
    let rows: [Row; 18] = [
        ("synced by itself", |_| {}, unchanged, "detach, undo to 0"),
        ("synced by hand", off, unchanged, "undo to 0"),
        (
            "switched off as newer ones have it",
            |world| world.app["spec"]["syncPolicy"]["automated"]["enabled"] = json!(false),
            unchanged,
            "undo to 0",
        ),
        (
            "something under way",
            |world| {
                world.slow = true;
                world.push(&sha('c'), BAD);
            },
            unchanged,
            "detach, terminate, undo to 0",
        ),
        ("known by its commit alone", |_| {}, |order| order.vouched = vec![sha('a')], "detach, undo to 0"),
        ("nothing known to be good", |_| {}, |order| order.vouched.clear(), "none_known_good"),
        ("the one before", |_| {}, |order| order.does = undo(Revision::Previous), "detach, undo to 0"),
        (
            "a revision that it never ran",
            |_| {},
            |order| order.does = undo(Revision::Exactly("d".repeat(40))),
            "detach, undo to dddddddddddddddddddddddddddddddddddddddd",
        ),
        (
            "it runs another by now",
            |world| world.push(&sha('c'), "registry.example.com/shop:2.4.2"),
            unchanged,
            "runs_other",
        ),
        (
            "of another application",
            |world| {
                world.app["metadata"]["ownerReferences"] =
                    json!([{"kind": "ApplicationSet", "name": "all", "controller": true}]);
            },
            unchanged,
            "owned_by",
        ),
        (
            "kept by another application",
            |world| world.app["metadata"]["labels"] = json!({"argocd.argoproj.io/instance": "all"}),
            unchanged,
            "owned_by",
        ),
        (
            "its last sync failed",
            |world| {
                world.slow = true;
                world.push(&sha('c'), BAD);
                world.app["status"]["operationState"]["phase"] = json!("Failed");
            },
            unchanged,
            "detach, undo to 0",
        ),
        (
            "the same commit with another image",
            |world| world.push(&sha('b'), "registry.example.com/shop:2.4.2"),
            |order| order.version = "2.4.2".to_owned(),
            "detach, undo to 0",
        ),
        (
            "to go on after a rollback, which is for git",
            |world| world.hold(),
            |order| order.does = Move::GoOn,
            "held_by_other",
        ),
        ("never rolled out", |world| *world = World::new(), unchanged, "unreadable"),
        ("to be held", |_| {}, |order| order.does = Move::Hold, "detach"),
        ("held already", off, |order| order.does = Move::Hold, "already_held"),
        ("to go on, held by others", off, |order| order.does = Move::GoOn, "held_by_other"),
    ];
    for (what, edit, ask, expected) in rows {
        let mut world = World::new();
        shipped_to(&mut world);
        edit(&mut world);
        let mut order = order(undo(Revision::LastKnownGood));
        ask(&mut order);
        assert_eq!(planned(&world, &order), expected, "{what}");
    }
}

type Moved = (&'static str, fn(&mut World), &'static str);

/// What is held goes back to git only once git asks for something else, whatever else moves there.
#[test]
fn it_is_given_back_once_git_has_moved_past_what_was_taken_back() {
    let mut back = order(Move::GiveBack);
    back.quarantined.push(sha('d'));
    let rows: [Moved; 10] = [
        ("git is where it was", |_| {}, "not_moved"),
        ("another service's commit", |world| world.push(&sha('c'), BAD), "not_moved"),
        ("a new version", |world| world.push(&sha('c'), "registry.example.com/shop:2.4.2"), "attach"),
        ("a revert", |world| world.push(&sha('c'), GOOD), "attach"),
        (
            "given back by hand",
            |world| {
                world.app["spec"]["syncPolicy"]["automated"] = json!({});
            },
            "not_ours",
        ),
        (
            "a new version beside what never changes",
            |world| {
                for list in ["/metadata/annotations/backstop~1taken-back", "/status/summary/images"] {
                    let list = world.app.pointer_mut(list).unwrap();
                    let proxy = "registry.example.com/proxy:1";
                    *list = list.as_str().map_or_else(
                        || json!([GOOD, proxy]),
                        |noted| json!(noted.replace(']', &format!(",\"{proxy}\"]"))),
                    );
                }
                world.push(&sha('c'), "registry.example.com/shop:2.4.2");
            },
            "attach",
        ),
        (
            "no image tells it from what was taken back",
            |world| {
                world.app["metadata"]["annotations"]["backstop/taken-back"] = json!("[]");
                world.push(&sha('c'), "registry.example.com/shop:2.4.2");
            },
            "not_moved",
        ),
        (
            "another mirror of what was taken back",
            |world| world.push(&sha('c'), "mirror.example.com/shop:2.4.1"),
            "not_moved",
        ),
        (
            "a commit that was taken back",
            |world| world.push(&sha('d'), "registry.example.com/shop:2.4.2"),
            "not_moved",
        ),
        ("brought back by hand", |world| world.bring_back(), "reapplied"),
    ];
    for (what, edit, expected) in rows {
        let mut world = World::new();
        shipped_to(&mut world);
        world.hold();
        edit(&mut world);
        assert_eq!(planned(&world, &back), expected, "{what}");
    }
}
