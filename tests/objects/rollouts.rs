//! Rollouts: which command each move is, what is refused, and whole releases through the program.

use backstop::decision::{Aim, Misfit, Move, Order, Revision, Sight, StepName};
use backstop::responder::kubernetes::Rollout;
use backstop::responder::object::{Adapter, Elsewhere, Got, Kept, Step};
use backstop::unit::UnixMillis;
use serde_json::{Value, json};

use crate::kube::api::Asked;
use crate::kube::{Kube, World};
use crate::process::wait;
use crate::receiver::{Receiver, answer};
use crate::rules::{HELD, TAKEN_BACK, closed, site_of, started, vouched};
use crate::shop::Shop;
use crate::site::Site;

const MAIN: &str = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/shop";
const STATUS: &str = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/shop/status";

pub(crate) fn image(version: &str) -> String {
    format!("registry.example.com/shop:{version}")
}

/// A shop whose releases of these versions are out but for the last one, which is on its way.
fn world(versions: &[&str]) -> World {
    let mut world = World::default();
    for (at, version) in versions.iter().enumerate() {
        if at == 0 {
            world.roll_out("shop", &image(version));
        } else {
            world.let_out("shop");
            world.ship("shop", &image(version));
        }
    }
    world
}

fn got(world: &World) -> Got {
    let (object, sets) = world.rollout("shop");
    let mut got = Got::default();
    got.add("object", Some(object));
    got.add("revisions", Some(sets));
    got
}

pub(crate) fn order(does: Move, holds: bool) -> Order {
    Order {
        object: "rollout/shop/shop".parse().unwrap(),
        cluster: None,
        gitops: None,
        through: None,
        does,
        version: "3".to_owned(),
        commit: None,
        vouched: vec!["1".to_owned(), "2".to_owned()],
        quarantined: vec!["3".to_owned()],
        holds,
        at: UnixMillis::new(1_795_271_400_000),
    }
}

fn seen(order: &Order, got: &Got) -> (Option<Aim>, Vec<Misfit>, Option<String>) {
    match Kept::of(&order.object, None).unwrap().sighted(order, got) {
        Sight::Seen(seen) => (seen.aim, seen.misfits, seen.keeper),
        Sight::Unseen(why) => panic!("{why}"),
    }
}

pub(crate) fn undo() -> Move {
    Move::Undo { to: Revision::LastKnownGood }
}

pub(crate) type Edit = fn(&mut World);

pub(crate) fn paused(world: &mut World) {
    world.edit("shop", |it| it["spec"]["paused"] = json!(true));
}

pub(crate) fn aborted(world: &mut World) {
    world.edit("shop", |it| it["status"]["abort"] = json!(true));
}

pub(crate) fn analysed(world: &mut World) {
    world.edit("shop", |it| {
        it["spec"]["strategy"]["canary"]["steps"][1] = json!({"analysis": {}});
        it["status"]["pauseConditions"] = Value::Null;
        it["status"]["controllerPause"] = json!(false);
    });
}

pub(crate) fn inconclusive(world: &mut World) {
    world.edit("shop", |it| {
        it["status"]["canary"] = json!({"currentStepAnalysisRunStatus": {"status": "Inconclusive"}});
    });
}

pub(crate) fn out(world: &mut World) {
    world.let_out("shop");
}

/// What it is about, what is wanted, whether backstop holds it, what is otherwise, and which requests that is.
type Row = (&'static str, Move, bool, Edit, Vec<(&'static str, Value)>);

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_move_is_the_command_that_its_release_needs() {
    let nothing: Edit = |_| {};
    let rows: Vec<Row> = vec![
        ("abort", undo(), false, nothing, vec![(STATUS, json!({"status": {"abort": true}}))]),
        (
            "abort of what backstop holds",
            undo(),
            true,
            paused,
            vec![(STATUS, json!({"status": {"abort": true}})), (MAIN, json!({"spec": {"paused": false}}))],
        ),
        ("retry", Move::Retry, false, aborted, vec![(STATUS, json!({"status": {"abort": false}}))]),
        ("pause", Move::Hold, false, nothing, vec![(MAIN, json!({"spec": {"paused": true}}))]),
        (
            "resume, and promote past the step at which it waits",
            Move::GoOn,
            true,
            paused,
            vec![
                (MAIN, json!({"spec": {"paused": false}})),
                (STATUS, json!({"status": {"pauseConditions": null}})),
            ],
        ),
        ("promote", Move::GoOn, false, nothing, vec![(STATUS, json!({"status": {"pauseConditions": null}}))]),
        (
            "promote of what is inconclusive",
            Move::GoOn,
            false,
            inconclusive,
            vec![(
                STATUS,
                json!({"status": {"pauseConditions": null, "controllerPause": false, "currentStepIndex": 2}}),
            )],
        ),
        (
            "promote past an analysis",
            Move::GoOn,
            false,
            analysed,
            vec![(STATUS, json!({"status": {"pauseConditions": null, "currentStepIndex": 2}}))],
        ),
        (
            "promote in full",
            Move::Promote,
            false,
            nothing,
            vec![(STATUS, json!({"status": {"promoteFull": true}}))],
        ),
        (
            "promote in full of what backstop holds",
            Move::Promote,
            true,
            paused,
            vec![
                (STATUS, json!({"status": {"promoteFull": true}})),
                (MAIN, json!({"spec": {"paused": false}})),
            ],
        ),
        (
            "restart",
            Move::Restart,
            false,
            nothing,
            vec![(MAIN, json!({"spec": {"restartAt": "2026-11-21T14:30:00Z"}}))],
        ),
    ];
    for (what, does, holds, edit, expected) in rows {
        let mut world = world(&["1", "2", "3"]);
        edit(&mut world);
        let got = got(&world);
        let (aim, misfits, _) = seen(&order(does, holds), &got);
        let aim = aim.unwrap_or_else(|| panic!("{what}: {misfits:?}"));
        let steps: Vec<(String, Value)> = aim
            .steps
            .iter()
            .map(|step| {
                let step = Rollout.step(&aim, *step, &got).unwrap_or_else(|why| panic!("{what}: {why:?}"));
                assert_eq!(step.content_type, "application/merge-patch+json", "{what}");
                let is_status = step.path == STATUS;
                let whole = is_status.then(|| Elsewhere { path: MAIN.to_owned(), body: step.body.clone() });
                assert_eq!(step.elsewhere, whole, "{what}");
                let mut body: Value = serde_json::from_slice(&step.body).unwrap();
                let state = body.as_object_mut().unwrap().remove("metadata").unwrap();
                let (object, _) = world.rollout("shop");
                assert_eq!(state["resourceVersion"], object["metadata"]["resourceVersion"], "{what}");
                (step.path, body)
            })
            .collect();
        let expected: Vec<(String, Value)> =
            expected.into_iter().map(|(path, body)| (path.to_owned(), body)).collect();
        assert_eq!(steps, expected, "{what}");
        assert_eq!(Rollout.progress(&aim, &got).taken, 0, "{what}: nothing is taken before");
    }
}

#[test]
fn what_is_all_out_goes_back_and_is_let_out_whole() {
    for (window, steps) in [(0, vec![StepName::Undo, StepName::PromoteFull]), (1, vec![StepName::Undo])] {
        let mut world = world(&["1", "2", "3"]);
        world.let_out("shop");
        world.edit("shop", |it| it["spec"]["rollbackWindow"] = json!({"revisions": window}));
        let before = got(&world);
        let (aim, misfits, _) = seen(&order(undo(), false), &before);
        let aim = aim.unwrap_or_else(|| panic!("{misfits:?}"));
        assert_eq!(aim.steps, steps);
        assert_eq!(aim.to.as_ref().unwrap().images, [format!("web={}", image("2"))]);
        let step = Rollout.step(&aim, StepName::Undo, &before).unwrap();
        let patch: Value = serde_json::from_slice(&step.body).unwrap();
        assert_eq!((&*step.path, step.content_type), (MAIN, "application/json-patch+json"));
        assert_eq!(patch[0]["path"], "/metadata/resourceVersion");
        assert_eq!(patch[1]["value"]["metadata"]["labels"], json!({"app": "shop"}));
        world.edit("shop", |it| it["spec"]["template"] = patch[1]["value"].clone());
        let after = got(&world);
        let progress = Rollout.progress(&aim, &after);
        assert_eq!((progress.taken, progress.holds), (1, window == 1), "{progress:?}");
        if window == 0 {
            // Sent before its controller saw what it goes back to, it would be forgotten.
            let unseen = |world: &mut World| {
                let (mut object, sets) = world.rollout("shop");
                object["status"]["observedGeneration"] = json!("1");
                let mut got = Got::default();
                got.add("object", Some(object));
                got.add("revisions", Some(sets));
                got
            };
            let early = Rollout.step(&aim, StepName::PromoteFull, &unseen(&mut world)).unwrap();
            assert!(early.early.is_some());
            assert!(Rollout.step(&aim, StepName::PromoteFull, &after).unwrap().early.is_none());
            taken(&mut world, &Rollout.step(&aim, StepName::PromoteFull, &after).unwrap());
            let progress = Rollout.progress(&aim, &got(&world));
            assert_eq!((progress.taken, progress.holds), (2, true), "{progress:?}");
        }
    }
}

#[test]
fn a_restart_holds_once_its_controller_says_that_all_pods_are_new() {
    let mut world = world(&["1", "2"]);
    world.let_out("shop");
    // What its controller writes down is in whole seconds, and has to be what it was asked for.
    let order = Order { at: UnixMillis::new(1_795_271_400_987), ..order(Move::Restart, false) };
    let aim = seen(&order, &got(&world)).0.unwrap();
    let step = Rollout.step(&aim, StepName::Restart, &got(&world)).unwrap();
    assert!(String::from_utf8(step.body.clone()).unwrap().contains(r#""restartAt":"2026-11-21T14:30:00Z""#));
    let far = |world: &World| {
        let progress = Rollout.progress(&aim, &got(world));
        (progress.taken, progress.holds)
    };
    // An earlier one is none of this aim.
    world.edit("shop", |it| it["spec"]["restartAt"] = json!("2026-11-21T14:00:00Z"));
    world.edit("shop", |_| {});
    assert_eq!(far(&world), (0, false));
    let step = Rollout.step(&aim, StepName::Restart, &got(&world)).unwrap();
    taken(&mut world, &step);
    assert_eq!(far(&world), (1, false), "its pods go one by one");
    world.edit("shop", |_| {});
    assert_eq!(far(&world), (1, true));
}

/// Asks for a step, which is done.
fn taken(world: &mut World, step: &Step) {
    let asked = Asked {
        method: "PATCH".to_owned(),
        path: step.path.clone(),
        query: String::new(),
        content_type: step.content_type.to_owned(),
        token: String::new(),
        body: serde_json::from_slice(&step.body).unwrap(),
    };
    let (status, answer) = world.apply(&asked);
    assert_eq!(status, 200, "{answer}");
}

/// With a router that splits the traffic.
fn routed(world: &mut World) {
    world.edit("shop", |it| it["spec"]["strategy"]["canary"]["trafficRouting"] = json!({"nginx": {}}));
}

/// Does what an undo of what is all out asks for; what it asked for, and how often traffic went to pods that were not there.
fn undone(world: &mut World) -> (Aim, u32) {
    let (aim, misfits, _) = seen(&order(undo(), false), &got(world));
    let aim = aim.unwrap_or_else(|| panic!("{misfits:?}"));
    for (at, name) in aim.steps.iter().enumerate() {
        assert_eq!(Rollout.progress(&aim, &got(world)).taken, at, "{name:?} is before it");
        let step = Rollout.step(&aim, *name, &got(world)).unwrap_or_else(|why| panic!("{name:?}: {why:?}"));
        assert_eq!(step.early, None, "{name:?}");
        taken(world, &step);
    }
    let progress = Rollout.progress(&aim, &got(world));
    assert!(progress.holds, "{progress:?}");
    (aim, world.run_over)
}

#[test]
fn no_traffic_goes_to_pods_that_are_not_there() {
    let steps = |window: u64, edit: Edit| {
        let mut world = world(&["1", "2", "3"]);
        world.let_out("shop");
        edit(&mut world);
        world.edit("shop", |it| it["spec"]["rollbackWindow"] = json!({"revisions": window}));
        let (aim, run_over) = undone(&mut world);
        (aim.steps.len(), run_over)
    };
    assert_eq!(steps(1, |_| {}), (1, 0), "pods split the traffic");
    assert_eq!(steps(0, routed), (2, 0), "it takes its steps");
    assert_eq!(steps(1, routed), (2, 0), "its controller would go back at once");
    // By hand it goes wrong, so there is something to keep from.
    let mut by_hand = world(&["1", "2", "3"]);
    by_hand.let_out("shop");
    routed(&mut by_hand);
    by_hand.edit("shop", |it| it["spec"]["rollbackWindow"] = json!({"revisions": 1}));
    by_hand.ship("shop", &image("2"));
    assert_eq!(by_hand.run_over, 1);
}

#[test]
fn what_was_to_go_back_at_once_and_cannot_by_now_is_not_sent() {
    let ready = |windows: u64| {
        let mut world = world(&["1", "2", "3"]);
        world.let_out("shop");
        routed(&mut world);
        world.edit("shop", |it| it["spec"]["rollbackWindow"] = json!({"revisions": windows}));
        world.staff("shop", 3);
        world
    };
    let aim = seen(&order(undo(), false), &got(&ready(1))).0.unwrap();
    assert_eq!(aim.steps, [StepName::Undo], "its pods are there still");
    let step = |world: &World| Rollout.step(&aim, StepName::Undo, &got(world));

    let mut there = ready(1);
    let unmarked = step(&there).unwrap();
    assert!(!String::from_utf8(unmarked.body.clone()).unwrap().contains("backstop/undone"));
    taken(&mut there, &unmarked);
    assert!(Rollout.progress(&aim, &got(&there)).holds);
    assert_eq!(there.run_over, 0);

    let mut gone = ready(1);
    gone.staff("shop", 2);
    assert_eq!(step(&gone).unwrap_err().0, "the pods of what it goes back to are gone by now");
    let why = step(&ready(0)).unwrap_err().0;
    assert!(why.contains("not in its rollbackWindow by now"), "{why}");

    // Somebody else went back: nothing is asked for that is not there.
    let mut by_hand = ready(1);
    by_hand.ship("shop", &image("2"));
    let before = by_hand.rollout("shop").0;
    let again = step(&by_hand).unwrap();
    taken(&mut by_hand, &again);
    assert_eq!(by_hand.rollout("shop").0["spec"], before["spec"]);
}

/// Most of its traffic goes to its release, and shifts at once.
pub(crate) fn shifted(world: &mut World) {
    routed(world);
    world.edit("shop", |it| it["status"]["canary"] = json!({"weights": {"canary": {"weight": 80}}}));
}

#[test]
fn an_abort_is_not_sent_where_too_few_pods_are_left_by_now() {
    let mut world = world(&["1", "2", "3"]);
    shifted(&mut world);
    let aim = seen(&order(undo(), false), &got(&world)).0.unwrap();
    assert!(Rollout.step(&aim, StepName::Abort, &got(&world)).is_ok());
    world.staff("shop", 1);
    let why = Rollout.step(&aim, StepName::Abort, &got(&world)).unwrap_err();
    assert_eq!(why.0, "traffic would shift at once to 1 pods that are ready, and 3 have to be");
}

#[test]
fn what_its_controller_goes_back_to_at_once_is_told_by_when_it_was_made() {
    // 1 came back before 3 was shipped: by its number it lies between 2 and 3, by its time it does not.
    let mut world = world(&["1", "2", "1", "3"]);
    world.let_out("shop");
    world.edit("shop", |it| it["spec"]["rollbackWindow"] = json!({"revisions": 1}));
    let order = Order { vouched: vec!["2".to_owned()], ..order(undo(), false) };
    let (aim, misfits, _) = seen(&order, &got(&world));
    assert_eq!(aim.unwrap_or_else(|| panic!("{misfits:?}")).steps, [StepName::Undo]);
}

#[test]
fn an_abort_asks_where_too_few_pods_are_left_for_what_shifts_back() {
    let scaled = |ready: u64, weight: u64, edit: fn(&mut Value)| {
        let mut world = world(&["1", "2", "3"]);
        let (mut object, mut sets) = world.rollout("shop");
        object["spec"]["replicas"] = json!(20);
        object["spec"]["strategy"]["canary"]["trafficRouting"] = json!({"nginx": {}});
        object["status"]["canary"] = json!({"weights": {"canary": {"weight": weight}}});
        edit(&mut object);
        for set in sets["items"].as_array_mut().unwrap() {
            set["status"] = json!({"availableReplicas": ready});
        }
        world.remove("shop");
        let mut got = Got::default();
        got.add("object", Some(object));
        got.add("revisions", Some(sets));
        let (aim, misfits, _) = seen(&order(undo(), false), &got);
        assert_eq!(aim.is_some(), misfits.is_empty());
        misfits.first().map(ToString::to_string)
    };
    let nothing: fn(&mut Value) = |_| {};
    let short = |ready: u64, needed: u64| {
        Some(format!("traffic would shift at once to {ready} pods that are ready, and {needed} have to be"))
    };
    for (what, ready, weight, edit, told) in [
        ("all are there", 20, 100, nothing, None),
        ("as many as may be missing are", 15, 100, nothing, None),
        ("one more is", 14, 100, nothing, short(14, 15)),
        ("half of the traffic on nine pods", 9, 50, nothing, None),
        ("most of it", 9, 80, nothing, short(9, 11)),
        ("little of it", 1, 5, nothing, None),
        ("none is there", 0, 5, nothing, short(0, 1)),
        ("nothing shifts", 0, 0, nothing, None),
        (
            "no more may be missing than it says",
            19,
            100,
            |it| it["spec"]["strategy"]["canary"]["maxUnavailable"] = json!(0),
            short(19, 20),
        ),
        ("in percent", 10, 100, |it| it["spec"]["strategy"]["canary"]["maxUnavailable"] = json!("50%"), None),
        (
            "it shifts as pods come",
            0,
            100,
            |it| it["spec"]["strategy"]["canary"]["dynamicStableScale"] = json!(true),
            None,
        ),
        (
            "pods split the traffic",
            0,
            100,
            |it| {
                it["spec"]["strategy"]["canary"].as_object_mut().unwrap().remove("trafficRouting");
            },
            None,
        ),
        (
            "blue is served by still",
            0,
            0,
            |it| it["status"]["blueGreen"] = json!({"activeSelector": it["status"]["stableRS"]}),
            None,
        ),
        ("green is", 3, 0, |it| it["status"]["blueGreen"] = json!({"activeSelector": "green"}), short(3, 15)),
    ] {
        assert_eq!(scaled(ready, weight, edit), told, "{what}");
    }
}

#[test]
fn what_takes_its_template_from_a_deployment_goes_back_there() {
    let mut world = world(&["1", "2", "3"]);
    world.let_out("shop");
    let (mut object, sets) = world.rollout("shop");
    let template = object["spec"].as_object_mut().unwrap().remove("template").unwrap();
    object["spec"]["workloadRef"] = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "base"});
    object["status"]["workloadObservedGeneration"] = json!("4");
    let workload = json!({"metadata": {"resourceVersion": "77", "generation": 4},
        "spec": {"selector": {"matchLabels": {"app": "shop"}}, "template": template}});
    let mut got = Got::default();
    got.add("object", Some(object));
    let reads = Rollout.reads(&"rollout/shop/shop".parse().unwrap(), &got);
    assert_eq!(reads[0].path, "/apis/apps/v1/namespaces/shop/deployments/base");
    got.add("workload", Some(workload));
    let reads = Rollout.reads(&"rollout/shop/shop".parse().unwrap(), &got);
    assert!(reads[0].path.ends_with("/replicasets?labelSelector=app%3Dshop&limit=500"), "{reads:?}");
    got.add("revisions", Some(sets));
    let (aim, misfits, _) = seen(&order(undo(), false), &got);
    let aim = aim.unwrap_or_else(|| panic!("{misfits:?}"));
    let step = Rollout.step(&aim, StepName::Undo, &got).unwrap();
    assert_eq!(step.path, "/apis/apps/v1/namespaces/shop/deployments/base");
    let patch: Value = serde_json::from_slice(&step.body).unwrap();
    assert_eq!(patch[0]["value"], "77");
    // The pods of that Deployment are none of its own.
    let paths: Vec<&Value> = patch.as_array().unwrap().iter().map(|it| &it["path"]).collect();
    assert_eq!(paths, ["/metadata/resourceVersion", "/spec/template"]);
}

#[test]
fn what_speaks_against_a_command_is_told() {
    let nothing: Edit = |_| {};
    for (what, versions, does, holds, edit, words) in [
        ("abort of what is aborted", &["1", "2", "3"][..], undo(), false, aborted as Edit, vec!["aborted"]),
        ("abort of what somebody paused", &["1", "2", "3"], undo(), false, paused, vec!["held_by_other"]),
        (
            "abort to what was taken back",
            &["1", "3", "2"],
            undo(),
            false,
            nothing,
            vec!["runs_other", "quarantined"],
        ),
        (
            "abort of the first release",
            &["1", "3"],
            undo(),
            false,
            |w| {
                w.edit("shop", |it| it["status"]["stableRS"] = json!(""));
            },
            vec!["none_before"],
        ),
        ("undo to what nobody vouched for", &["0", "3"], undo(), false, out, vec!["none_known_good"]),
        ("retry of what is not aborted", &["1", "3"], Move::Retry, false, nothing, vec!["not_aborted"]),
        ("pause of what is paused", &["1", "3"], Move::Hold, true, paused, vec!["already_held"]),
        ("pause of what is aborted", &["1", "3"], Move::Hold, false, aborted, vec!["aborted"]),
        ("promote of what is all out", &["1", "3"], Move::GoOn, false, out, vec!["promoted"]),
        ("promote of what is aborted", &["1", "3"], Move::GoOn, false, aborted, vec!["aborted", "not_held"]),
        ("promote of what somebody paused", &["1", "3"], Move::GoOn, false, paused, vec!["held_by_other"]),
        ("promote in full of what is all out", &["1", "3"], Move::Promote, false, out, vec!["promoted"]),
        ("promote in full of what is aborted", &["1", "3"], Move::Promote, false, aborted, vec!["aborted"]),
    ] {
        let mut world = world(versions);
        edit(&mut world);
        let (_, misfits, _) = seen(&order(does, holds), &got(&world));
        let found: Vec<&str> = misfits.iter().map(Misfit::word).collect();
        assert_eq!(found, words, "{what}");
    }
    // Somebody acts now.
    let (mut object, sets) = world(&["1", "2", "3"]).rollout("shop");
    object["status"]["observedGeneration"] = json!("1");
    let mut busy = Got::default();
    busy.add("object", Some(object));
    busy.add("revisions", Some(sets));
    assert_eq!(seen(&order(undo(), false), &busy).1.first().map(Misfit::word), Some("busy"));
}

#[test]
fn a_step_that_is_not_about_what_is_there_is_not_sent() {
    let mut world = world(&["1", "2", "3"]);
    let promote = seen(&order(Move::GoOn, false), &got(&world)).0.unwrap();
    let abort = seen(&order(undo(), false), &got(&world)).0.unwrap();
    world.edit("shop", |it| it["status"]["pauseConditions"] = Value::Null);
    let progress = Rollout.progress(&promote, &got(&world));
    assert_eq!((progress.taken, progress.holds), (1, true), "it is at its next pause: {progress:?}");
    let why = Rollout.step(&promote, StepName::Promote, &got(&world)).unwrap_err();
    assert_eq!(why.0, "its release is at step 3 now");
    world.let_out("shop");
    let why = Rollout.step(&abort, StepName::Abort, &got(&world)).unwrap_err();
    assert_eq!(why.0, "all of its release is out by now");
    world.ship("shop", &image("4"));
    assert!(Rollout.step(&abort, StepName::Abort, &got(&world)).unwrap_err().0.contains("it runs"));
    assert!(Rollout.progress(&abort, &got(&world)).otherwise.is_some());
}

#[test]
fn git_takes_back_an_undo_and_no_abort() {
    let mut world = world(&["1", "2", "3"]);
    world.edit("shop", |it| it["metadata"]["labels"] = json!({"argocd.argoproj.io/instance": "shop"}));
    assert_eq!(seen(&order(undo(), false), &got(&world)).2, None);
    world.let_out("shop");
    assert_eq!(seen(&order(undo(), false), &got(&world)).2.as_deref(), Some("Argo CD (shop)"));
}

/// A cluster in which 2.4.0 is out and 2.4.1 on its way, and a site of it in which 2.4.0 passed.
pub(crate) fn shipped(test: &str, fail: &str) -> (Kube, Site) {
    let kube = Kube::start();
    kube.with(|world| {
        world.roll_out("shop", &image("2.4.0"));
        world.ship("shop", &image("2.4.1"));
    });
    let receiver = Receiver::start(|stream, _| answer(stream, "200 OK", "told"));
    let site = site_of(test, (&kube, &receiver), "rollout/shop/shop", fail);
    vouched(&site, "2.4.0");
    (kube, site)
}

#[test]
fn a_canary_that_fails_is_aborted_with_and_without_a_subresource() {
    for (test, whole, paths) in
        [("rollout-abort", false, &[STATUS][..]), ("rollout-abort-whole", true, &[STATUS, MAIN])]
    {
        let (kube, site) = shipped(test, TAKEN_BACK);
        kube.with(|world| world.whole = whole);
        let process = started(&site, &Shop::new("shop"));
        assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
        let rollout = kube.rollout("shop");
        assert_eq!(
            (&rollout["status"]["abort"], &rollout["status"]["phase"]),
            (&json!(true), &json!("Degraded"))
        );
        let asked: Vec<String> = kube.patches().into_iter().map(|asked| asked.path).collect();
        assert_eq!(asked, paths);
        assert_eq!(process.stop().0, 0);
        site.holds();
    }
}

#[test]
fn what_is_all_out_is_undone_in_two_steps_each_written_down() {
    let (kube, site) = shipped("rollout-undo", TAKEN_BACK);
    kube.with(|world| world.let_out("shop"));
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    let rollout = kube.rollout("shop");
    assert_eq!(rollout["spec"]["template"]["spec"]["containers"][0]["image"], json!(image("2.4.0")));
    assert_eq!(rollout["status"]["stableRS"], rollout["status"]["currentPodHash"]);
    assert_eq!(process.stop().0, 0);
    assert_eq!(site.records("intended", "take-back")[0]["aim"]["steps"], json!(["undo", "promote_full"]));
    assert_eq!(site.records("answered", "accepted").iter().filter(|it| it["step"] == 1).count(), 1);
    site.holds();
}

#[test]
fn a_canary_is_held_and_whoever_comes_first_wins() {
    let (kube, site) = shipped("rollout-hold", HELD);
    let mut times = 0;
    kube.before(move |world, _| {
        times += 1;
        if times < 3 {
            // Its status changes: a conflict, and no other release.
            world.edit("shop", |it| it["metadata"]["annotations"] = json!({"touched": times.to_string()}));
        }
        true
    });
    let process = started(&site, &Shop::new("shop"));
    assert_eq!(closed(&site, &process, "hold"), "verified: it is seen to have worked");
    assert_eq!((kube.patches().len(), &kube.rollout("shop")["spec"]["paused"]), (3, &json!(true)));
    assert_eq!(process.stop().0, 0);
    site.holds();
}

#[test]
fn a_promotion_waits_until_its_controller_has_seen_what_it_is_about() {
    let (kube, site) = shipped("rollout-early", TAKEN_BACK);
    kube.with(|world| world.let_out("shop"));
    kube.before(|world, asked| {
        world.blind = asked.body.is_array();
        true
    });
    let process = started(&site, &Shop::new("shop"));
    let unsent = wait("a step that is not sent", || site.records("answered", "has not seen yet").pop());
    assert_eq!((&unsent["step"], kube.patches().len()), (&json!(1), 1), "{unsent}");
    kube.with(|world| {
        world.blind = false;
        world.edit("shop", |_| {});
    });
    assert_eq!(closed(&site, &process, "take-back"), "verified: it is seen to have worked");
    assert_eq!(kube.patches().len(), 2);
    assert_eq!(process.stop().0, 0);
    site.holds();
}
