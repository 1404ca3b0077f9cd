//! Rollouts that are driven through Argo CD: which action each move is, what is refused, and whole releases through the
//! program, which has no access to their cluster.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use backstop::decision::{Aim, Misfit, Move, Order, Progress, Revision, Sight, StepName};
use backstop::responder::argocd::Resource;
use backstop::responder::object::{Adapter, Got, Kept};
use backstop::signal::{GitOps, GitOpsKind, ObjectKind};
use serde_json::{Value, json};

use crate::argocd::{ArgoCd, TOKEN, Then, World};
use crate::kube::api::Asked;
use crate::kube::{Kube, World as Cluster};
use crate::process::wait;
use crate::receiver::{Receiver, answer};
use crate::rehearsing::explained;
use crate::rollouts::{
    Edit, aborted, analysed, image, inconclusive, order as direct, out, paused, shifted, undo,
};
use crate::rules::{HELD, TAKEN_BACK, asked, closed, site_of, started, vouched};
use crate::shop::{Shop, now, send};
use crate::site::Site;

/// An Argo CD beside a cluster in which these versions were shipped, the last one of which is on its way.
fn shipped_to(versions: &[&str]) -> (World, Kube) {
    let (mut world, cluster) = (World::new(), Kube::start());
    for (at, version) in versions.iter().enumerate() {
        cluster.with(|cluster| {
            if at == 0 {
                cluster.roll_out("shop", &image(version));
            } else {
                cluster.let_out("shop");
                cluster.ship("shop", &image(version));
            }
        });
    }
    world.cluster = Some(cluster.clone());
    (world, cluster)
}

fn order(does: Move, holds: bool) -> Order {
    let gitops = Some(GitOps { kind: GitOpsKind::ArgoCd, app: "shop".to_owned() });
    Order { gitops, through: Some("shop".to_owned()), ..direct(does, holds) }
}

fn kept() -> Kept {
    let order = order(Move::Hold, false);
    Kept::of(&order.object, order.gitops).unwrap().through(&order.object, "shop").unwrap()
}

fn resource() -> Resource {
    Resource::of(ObjectKind::Rollout, "shop").unwrap()
}

fn asking(method: &str, path: &str, body: Value) -> Asked {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Asked {
        method: method.to_owned(),
        path: path.to_owned(),
        query: query.to_owned(),
        content_type: "application/json".to_owned(),
        token: format!("Bearer {TOKEN}"),
        body,
    }
}

/// All that is read, round by round, and how many reads of how many rounds that takes.
fn got(world: &mut World) -> (Got, Vec<usize>) {
    let (object, mut got, mut rounds) = (order(Move::Hold, false).object, Got::default(), Vec::new());
    loop {
        let reads = kept().reads(&object, &got);
        if reads.is_empty() {
            return (got, rounds);
        }
        rounds.push(reads.len());
        for read in reads {
            let (status, body) = world.answer(&asking("GET", &read.path, Value::Null));
            assert_eq!(status, 200, "{}: {body}", read.path);
            got.add(read.name, Some(body));
        }
    }
}

fn seen(world: &mut World, order: &Order) -> (Option<Aim>, Vec<Misfit>, Option<String>) {
    match kept().sighted(order, &got(world).0) {
        Sight::Seen(seen) => (seen.aim, seen.misfits, seen.keeper),
        Sight::Unseen(why) => panic!("{why}"),
    }
}

fn progress(world: &mut World, aim: &Aim) -> Progress {
    let got = got(world).0;
    kept().progress(aim, &got)
}

/// What it is about, what is wanted, whether backstop holds it, what is otherwise, and which actions that is.
type Row = (&'static str, Move, bool, Edit, &'static [&'static str]);

#[test]
fn each_move_is_the_action_that_its_release_needs() {
    let nothing: Edit = |_| {};
    let held_and_analysed: Edit = |cluster: &mut Cluster| {
        analysed(cluster);
        paused(cluster);
    };
    let rows: [Row; 12] = [
        ("abort", undo(), false, nothing, &["abort"]),
        ("abort of what backstop holds", undo(), true, paused, &["abort", "resume"]),
        ("retry", Move::Retry, false, aborted, &["retry"]),
        ("pause", Move::Hold, false, nothing, &["pause"]),
        ("resume of what waits as well", Move::GoOn, true, paused, &["resume"]),
        ("promote", Move::GoOn, false, nothing, &["resume"]),
        ("promote past an analysis", Move::GoOn, false, analysed, &["skip-current-step"]),
        (
            "resume, and past an analysis",
            Move::GoOn,
            true,
            held_and_analysed,
            &["resume", "skip-current-step"],
        ),
        ("promote in full", Move::Promote, false, nothing, &["promote-full"]),
        ("promote in full of what backstop holds", Move::Promote, true, paused, &["promote-full", "resume"]),
        ("restart", Move::Restart, false, nothing, &["restart"]),
        ("restart of what is all out", Move::Restart, false, out, &["restart"]),
    ];
    for (what, does, holds, edit, expected) in rows {
        let (mut world, cluster) = shipped_to(&["1", "2", "3"]);
        cluster.with(edit);
        let (aim, misfits, keeper) = seen(&mut world, &order(does, holds));
        let aim = aim.unwrap_or_else(|| panic!("{what}: {misfits:?}"));
        assert_eq!((aim.through.as_deref(), &aim.keeper, keeper), (Some("shop"), &None, None), "{what}");
        let before = progress(&mut world, &aim);
        assert_eq!((before.taken, before.holds), (0, false), "{what}: nothing is taken before");
        let mut actions = Vec::new();
        for (at, step) in aim.steps.iter().enumerate() {
            let now = got(&mut world).0;
            let step = kept().step(&aim, *step, &now).unwrap_or_else(|why| panic!("{what}: {why:?}"));
            assert_eq!(step.path, "/api/v1/applications/shop/resource/actions/v2", "{what}");
            assert_eq!((step.early, step.overtaken), (None, &[][..]), "{what}");
            let body: Value = serde_json::from_slice(&step.body).unwrap();
            let of_old = step.elsewhere.unwrap();
            assert_eq!(
                of_old.path,
                "/api/v1/applications/shop/resource/actions?namespace=shop&resourceName=shop&group=argoproj.io\
                 &version=v1alpha1&kind=Rollout",
                "{what}"
            );
            assert_eq!(serde_json::from_slice::<Value>(&of_old.body).unwrap(), body["action"], "{what}");
            let answered = world.answer(&asking("POST", &step.path, body.clone()));
            assert_eq!(answered.0, 200, "{what}: {}", answered.1);
            actions.push(body["action"].as_str().unwrap().to_owned());
            assert_eq!(progress(&mut world, &aim).taken, at + 1, "{what}: {body}");
        }
        assert_eq!(actions, expected, "{what}");
        if expected == ["restart"] {
            let under_way = progress(&mut world, &aim);
            assert_eq!((under_way.taken, under_way.holds), (1, false), "{what}: its pods go one by one");
            cluster.edit("shop", |_| {});
        }
        let after = progress(&mut world, &aim);
        assert!(after.holds && after.otherwise.is_none(), "{what}: {after:?}");
    }
}

#[test]
fn what_no_action_can_do_is_told_with_the_way_out() {
    let nothing: Edit = |_| {};
    let exactly = |revision: &str| Move::Undo { to: Revision::Exactly(revision.to_owned()) };
    for (what, versions, does, holds, edit, words) in [
        ("undo of what is all out", &["1", "2", "3"][..], undo(), false, out as Edit, vec!["no_action"]),
        (
            "undo of what is all out, to the one before",
            &["2", "3"],
            Move::Undo { to: Revision::Previous },
            false,
            out,
            vec!["no_action"],
        ),
        ("undo past what serves", &["1", "2", "3"], exactly("1"), false, nothing, vec!["no_action"]),
        ("promote of what is inconclusive", &["1", "3"], Move::GoOn, false, inconclusive, vec!["no_action"]),
        ("abort of the first release", &["1", "3"], undo(), false, first, vec!["none_before"]),
        ("abort of what is aborted", &["1", "2", "3"], undo(), false, aborted, vec!["aborted"]),
        ("abort of what somebody paused", &["1", "2", "3"], undo(), false, paused, vec!["held_by_other"]),
        ("retry of what is not aborted", &["1", "3"], Move::Retry, false, nothing, vec!["not_aborted"]),
        ("promote of what is all out", &["1", "3"], Move::GoOn, false, out, vec!["promoted"]),
    ] {
        let (mut world, cluster) = shipped_to(versions);
        cluster.with(edit);
        let (aim, misfits, keeper) = seen(&mut world, &order(does, holds));
        let found: Vec<&str> = misfits.iter().map(Misfit::word).collect();
        assert_eq!((aim, found, keeper), (None, words, None), "{what}");
    }
    let why = |step| Misfit::NoAction { step }.to_string();
    assert!(why(StepName::Undo).contains("`object: argocd/APP`"), "{}", why(StepName::Undo));
    assert!(why(StepName::Promote).contains("an analysis"), "{}", why(StepName::Promote));
}

fn first(cluster: &mut Cluster) {
    cluster.edit("shop", |it| it["status"]["stableRS"] = json!(""));
}

#[test]
fn what_is_not_any_more_what_was_decided_about_is_not_acted_on() {
    let nothing: Edit = |_| {};
    let promoted: Edit = |cluster| cluster.edit("shop", |it| it["status"]["pauseConditions"] = Value::Null);
    let resumed: Edit = |cluster| cluster.edit("shop", |it| it["spec"]["paused"] = json!(false));
    let shipped: Edit = |cluster| cluster.ship("shop", &image("4"));
    let unstaffed: Edit = |cluster| cluster.staff("shop", 0);
    for (what, does, holds, before, since, why) in [
        ("its release is out", undo(), false, nothing, out as Edit, "all of its release is out by now"),
        ("another release", undo(), false, nothing, shipped, "it runs"),
        ("somebody paused it", undo(), false, nothing, paused, "it is paused now"),
        ("its pods went", undo(), false, shifted, unstaffed, "traffic would shift at once to 0 pods"),
        ("somebody promoted it", Move::GoOn, false, nothing, promoted, "its release is at step 3 now"),
        ("paused beside its step", Move::GoOn, false, nothing, paused, "it is paused now"),
        ("resumed, and at its step", Move::GoOn, true, paused, resumed, "it is not paused any more"),
    ] {
        let (mut world, cluster) = shipped_to(&["1", "2", "3"]);
        cluster.with(before);
        let aim = seen(&mut world, &order(does, holds)).0.unwrap();
        cluster.with(since);
        let overtaken = resource().step(&aim, aim.steps[0], &got(&mut world).0).unwrap_err().0;
        assert!(overtaken.contains(why), "{what}: {overtaken}");
    }
}

#[test]
fn a_restart_is_known_by_the_time_that_argo_cd_wrote() {
    let (mut world, cluster) = shipped_to(&["1", "2", "3"]);
    let aim = seen(&mut world, &order(Move::Restart, false)).0.unwrap();
    for (at, taken) in
        [("2026-11-21T14:28:59Z", 0), ("2026-11-21T14:29:00Z", 1), ("2026-11-21T14:31:07Z", 1), ("soon", 0)]
    {
        cluster.edit("shop", |it| it["spec"]["restartAt"] = json!(at));
        assert_eq!(progress(&mut world, &aim).taken, taken, "{at}");
    }
    // Whether its pods went is said by the time that Argo CD wrote, and not by that of the aim.
    cluster.edit("shop", |it| it["spec"]["restartAt"] = json!("2026-11-21T14:29:30Z"));
    for (at, holds) in [
        (json!("2026-11-21T14:29:29Z"), false),
        (json!("2026-11-21T14:29:30Z"), true),
        (json!("2026-11-21T14:31:07Z"), true),
        (Value::Null, false),
        (json!("soon"), false),
    ] {
        let mut got = got(&mut world).0;
        let mut manifest: Value =
            serde_json::from_str(got.get("live").unwrap()["manifest"].as_str().unwrap()).unwrap();
        manifest["status"]["restartedAt"] = at.clone();
        got.add("live", Some(json!({"manifest": manifest.to_string()})));
        assert_eq!(kept().progress(&aim, &got).holds, holds, "{at}");
    }
    // What was written before it was looked at is an earlier one.
    let mut later = aim;
    later.seen.generation = cluster.rollout("shop")["metadata"]["generation"].as_u64().unwrap();
    cluster.edit("shop", |it| it["status"]["touched"] = json!(true));
    assert_eq!(progress(&mut world, &later).taken, 0);
}

#[test]
fn it_is_read_in_two_rounds_and_each_resource_once() {
    for (what, edit, expected) in
        [("a release on its way", (|_| {}) as Edit, [1, 2]), ("one that is all out", out as Edit, [1, 1])]
    {
        let (mut world, cluster) = shipped_to(&["1", "2"]);
        cluster.with(edit);
        assert_eq!(got(&mut world).1, expected, "{what}");
    }
}

#[test]
fn one_of_another_namespace_that_takes_its_template_from_a_deployment_is_read_by_its_own_name() {
    let object = "rollout/shop/web".parse().unwrap();
    let resource = Resource::of(ObjectKind::Rollout, "team/shop").unwrap();
    let manifest = json!({
        "spec": {"workloadRef": {"kind": "Deployment", "name": "base"}},
        "status": {"currentPodHash": "b", "stableRS": "a"},
    });
    let mut got = Got::default();
    got.add("live", Some(json!({"manifest": manifest.to_string()})));
    let paths: Vec<String> = resource.reads(&object, &got).into_iter().map(|read| read.path).collect();
    let of = "/api/v1/applications/shop/resource?appNamespace=team&namespace=shop&resourceName=";
    assert_eq!(
        paths,
        ["base", "web-b", "web-a"].map(|name| {
            let kind = if name == "base" { "Deployment" } else { "ReplicaSet" };
            format!("{of}{name}&group=apps&version=v1&kind={kind}")
        })
    );
    assert!(Resource::of(ObjectKind::Deployment, "shop").is_none());
    got.add("live", Some(json!({"manifest": "{"})));
    assert_eq!(resource.survey(&object, &got).unwrap_err().word(), "unreadable");
}

/// A cluster in which 2.4.0 is out and 2.4.1 on its way, its Argo CD, and a site that comes to that alone.
fn shipped(test: &str, fail: &str) -> (ArgoCd, Kube, Site) {
    let (argocd, cluster) = (ArgoCd::start(), Kube::start());
    cluster.with(|cluster| {
        cluster.roll_out("shop", &image("2.4.0"));
        cluster.ship("shop", &image("2.4.1"));
    });
    argocd.with(|world| world.cluster = Some(cluster.clone()));
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "told"));
    let object = "rollout/shop/shop, gitops: { kind: argocd, app: shop }, through: argocd";
    let site = site_of(test, (&cluster, &receiver), object, fail);
    let folder = site.path().display().to_string();
    let rules = std::fs::read_to_string(site.path().join("rules.yaml")).unwrap();
    let to_cluster = format!("kubernetes: {{ main: {{ kubeconfig: {folder}/kube.yaml }} }}");
    assert!(rules.contains(&to_cluster), "{rules}");
    let to_argocd = format!("argocd: {{ main: {{ url: 'http://{}', token: argocd }} }}", argocd.address);
    let secret = format!("secrets: {{ argocd: {{ file: {folder}/argocd-token }}, ");
    site.write("rules.yaml", rules.replace(&to_cluster, &to_argocd).replace("secrets: { ", &secret));
    site.write("argocd-token", TOKEN);
    std::fs::remove_file(site.path().join("kube.yaml")).unwrap();
    vouched(&site, "2.4.0");
    (argocd, cluster, site)
}

/// Nothing was asked of the cluster itself.
fn is_apart(cluster: &Kube) {
    assert_eq!(cluster.with(|cluster| cluster.asked()), 0, "somebody came to the cluster");
}

#[test]
fn a_canary_that_fails_is_aborted_with_no_access_to_its_cluster() {
    let (argocd, cluster, site) = shipped("through-abort", TAKEN_BACK);
    let (text, code) = explained(&site, &[]);
    assert_eq!(code, 0, "{text}");
    for words in [
        "rollout/shop/shop",
        "through Argo CD (shop), by its actions on resources",
        "runs revision 2: web=registry.example.com/shop:2.4.1",
        "kept by nobody that would take this back",
        "steps: abort",
        "+ web=registry.example.com/shop:2.4.0",
        "POST /api/v1/applications/shop/resource/actions/v2: the platform is not asked",
    ] {
        assert!(text.contains(words), "no `{words}` in\n{text}");
    }
    assert_eq!(argocd.done(), [""; 0], "nothing is changed");

    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    let status = cluster.rollout("shop")["status"].clone();
    assert_eq!((&status["abort"], &status["phase"]), (&json!(true), &json!("Degraded")));
    assert_eq!(argocd.done(), ["abort"]);
    assert_eq!(argocd.automated(), json!({"prune": true, "selfHeal": true}), "git takes no abort back");
    assert_eq!(process.stop().0, 0);
    let aim = site.records("intended", "take-back")[0]["aim"].clone();
    assert_eq!((&aim["through"], aim.get("keeper")), (&json!("shop"), None), "{aim}");
    is_apart(&cluster);
    site.holds();
}

#[test]
fn an_argo_cd_before_3_1_is_asked_by_the_name_of_the_action() {
    let (argocd, cluster, site) = shipped("through-old", TAKEN_BACK);
    argocd.with(|world| world.old = true);
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    assert_eq!(cluster.rollout("shop")["status"]["abort"], json!(true));
    assert_eq!(argocd.done(), ["abort", "abort, as of old"]);
    assert_eq!(process.stop().0, 0);
    is_apart(&cluster);
    site.holds();
}

/// An application outside of Argo CD's own namespace is named in both forms.
#[test]
fn an_action_on_an_application_of_another_namespace_names_that() {
    let (mut world, _cluster) = shipped_to(&["1", "2", "3"]);
    let aim = seen(&mut world, &order(undo(), false)).0.unwrap();
    let resource = Resource::of(ObjectKind::Rollout, "team/shop").unwrap();
    let step = resource.step(&aim, StepName::Abort, &got(&mut world).0).unwrap();
    let body: Value = serde_json::from_slice(&step.body).unwrap();
    assert_eq!((&body["name"], &body["appNamespace"]), (&json!("shop"), &json!("team")));
    let path = step.elsewhere.unwrap().path;
    let of = "/api/v1/applications/shop/resource/actions?appNamespace=team&namespace=shop&resourceName=shop&";
    assert!(path.starts_with(of), "{path}");
}

/// What is not there is not there in the older form either, which is told.
#[test]
fn an_application_that_is_gone_is_told_of() {
    let (argocd, cluster, site) = shipped("through-gone", TAKEN_BACK);
    argocd.before(|world, _| {
        world.app = Value::Null;
        Then::Answered
    });
    let process = started(&site, &Shop::new("shop"));
    let answered = wait("the answer", || site.records("answered", "applications.argoproj.io").pop());
    assert_eq!(answered["answer"]["rejected"]["status"], 404, "{answered}");
    assert_eq!(argocd.done(), ["abort", "abort, as of old"]);
    assert_eq!(cluster.rollout("shop")["status"]["abort"], Value::Null);
    assert_eq!(process.stop().0, 0);
}

#[test]
fn a_canary_is_held_and_goes_on_once_a_later_release_passes() {
    let (argocd, cluster, site) = shipped("through-hold", HELD);
    let shop = Shop::new("shop");
    let process = started(&site, &shop);
    assert_eq!(closed(&site, &process, "hold"), "verified: it is seen to have worked");
    assert_eq!(cluster.rollout("shop")["spec"]["paused"], json!(true));
    cluster.with(|cluster| cluster.ship("shop", &image("2.4.2")));
    let fixed = json!({"service": "shop", "environment": "production", "kind": "deployment",
        "version": "2.4.2", "previous": "2.4.1", "at": now().to_string()});
    let (status, text) = process.post("/v1/changes", &fixed);
    assert_eq!(status, 201, "{text}");
    send(&process, &shop.sales(0));
    assert_eq!(closed(&site, &process, "go-on"), "verified: it is seen to have worked");
    assert_eq!(argocd.done(), ["pause", "resume"]);
    assert_eq!(cluster.rollout("shop")["spec"]["paused"], json!(false));
    assert_eq!(process.stop().0, 0);
    is_apart(&cluster);
    site.holds();
}

#[test]
fn an_undo_of_what_is_all_out_asks_a_person_and_says_why() {
    let (argocd, cluster, site) = shipped("through-out", TAKEN_BACK);
    cluster.with(out);
    let process = started(&site, &Shop::new("shop"));
    let asked = asked(&site, "take-back");
    assert!(asked.contains("no_action") && !asked.contains("reconciled"), "{asked}");
    assert_eq!(argocd.done(), [""; 0]);
    assert_eq!(process.stop().0, 0);
    is_apart(&cluster);
}

#[test]
fn whoever_may_not_look_touches_nothing_and_is_told_what_it_takes() {
    type Lacks = fn(&mut World);
    let rows: [(&str, Lacks, &str); 2] = [
        ("through-unread", |world| world.forbidden.push("get".to_owned()), "403: permission denied"),
        (
            "through-foreign",
            |world| world.cluster = Some(Kube::start()),
            "400: Rollout argoproj.io shop not found as part of application shop",
        ),
    ];
    for (test, lacks, why) in rows {
        let (argocd, cluster, site) = shipped(test, TAKEN_BACK);
        argocd.with(lacks);
        let process = started(&site, &Shop::new("shop"));
        let asked = asked(&site, "take-back");
        assert!(asked.contains(why), "{test}: {asked}");
        assert_eq!(argocd.done(), [""; 0], "{test}");
        assert_eq!(process.stop().0, 0);
        is_apart(&cluster);
    }
}

#[test]
fn an_action_that_may_not_be_taken_changes_nothing() {
    let (argocd, cluster, site) = shipped("through-forbidden", TAKEN_BACK);
    argocd.with(|world| world.forbidden.push("action/argoproj.io/Rollout/abort".to_owned()));
    let process = started(&site, &Shop::new("shop"));
    let answered = wait("the answer", || site.records("answered", "permission denied").pop());
    assert_eq!(answered["answer"]["rejected"]["status"], 403, "{answered}");
    assert_eq!(cluster.rollout("shop")["status"]["abort"], Value::Null);
    assert_eq!(process.stop().0, 0);
}

#[test]
fn what_somebody_else_aborted_first_is_let_be() {
    let (argocd, cluster, site) = shipped("through-raced", TAKEN_BACK);
    cluster.with(aborted);
    let process = started(&site, &Shop::new("shop"));
    let asked = asked(&site, "take-back");
    assert!(asked.contains("aborted"), "{asked}");
    assert_eq!(argocd.done(), [""; 0]);
    assert_eq!(process.stop().0, 0);
}

/// Has nothing answered to the first action, whether it is carried out or not; how many came.
fn unanswered(argocd: &ArgoCd, arrives: bool, then: fn() -> Then) -> Arc<AtomicUsize> {
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    argocd.before(move |world, asked| {
        if 0 < count.fetch_add(1, Ordering::SeqCst) {
            return Then::Answered;
        }
        if arrives {
            assert_eq!(world.act(&asked.body).0, 200);
        }
        then()
    });
    came
}

/// Nobody knows what came of the action: it is looked at, and taken again only where it was not.
#[test]
fn what_came_of_an_action_without_an_answer_is_seen() {
    for (test, arrives, times) in [("through-lost", false, 2), ("through-unanswered", true, 1)] {
        let (argocd, cluster, site) = shipped(test, TAKEN_BACK);
        unanswered(&argocd, arrives, || Then::Closed);
        let process = started(&site, &Shop::new("shop"));
        assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked", "{test}");
        assert_eq!(argocd.done(), vec!["abort"; times], "{test}");
        assert_eq!(process.stop().0, 0);
        is_apart(&cluster);
        site.holds();
    }
}

/// Killed while the action is on its way: whoever is started again takes the same way.
#[test]
fn after_a_restart_it_is_driven_through_argo_cd_as_before() {
    for (test, arrives, times) in [("through-kill-sent", false, 2), ("through-kill-taken", true, 1)] {
        let (argocd, cluster, site) = shipped(test, TAKEN_BACK);
        let came = unanswered(&argocd, arrives, || Then::Silent);
        let shop = Shop::new("shop");
        let process = started(&site, &shop);
        wait("the action", || (0 < came.load(Ordering::SeqCst)).then_some(()));
        process.kill();
        let process = started(&site, &shop);
        assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked", "{test}");
        assert_eq!(argocd.done(), vec!["abort"; times], "{test}");
        assert_eq!(process.stop().0, 0);
        is_apart(&cluster);
        site.holds();
    }
}
