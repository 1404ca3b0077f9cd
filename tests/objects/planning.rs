//! What is planned on an object: each row changes one thing about it, and none needs a server.

use backstop::decision::{Aim, Misfit, Move, Order, Revision, Sight, StepName};
use backstop::responder::kubernetes::{Controlled, Deployment};
use backstop::responder::object::{Adapter, Got, Kept};
use backstop::signal::{GitOps, GitOpsKind};
use backstop::unit::UnixMillis;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::kube::World;

fn image(version: &str) -> String {
    format!("registry.example.com/shop:{version}")
}

/// A shop that ran these versions one after the other.
fn world(versions: &[&str]) -> World {
    let mut world = World::default();
    let (first, later) = versions.split_first().unwrap();
    world.deploy("shop", &image(first));
    for version in later {
        world.set_image("shop", &image(version));
    }
    world
}

fn got(world: &World) -> Got {
    let mut got = Got::default();
    let (object, sets) = world.read("shop");
    got.add("object", Some(object).filter(|object| !object.is_null()));
    got.add("revisions", Some(sets));
    got
}

fn undo(to: Revision) -> Move {
    Move::Undo { to }
}

fn order(does: Move) -> Order {
    Order {
        object: "deployment/shop/shop".parse().unwrap(),
        cluster: None,
        gitops: None,
        through: None,
        does,
        version: "3".to_owned(),
        commit: None,
        vouched: vec!["1".to_owned(), "2".to_owned()],
        quarantined: vec!["3".to_owned()],
        holds: false,
        at: UnixMillis::new(1_795_271_400_000),
    }
}

fn seen(order: &Order, got: &Got) -> (Option<Aim>, Vec<Misfit>, Option<String>) {
    match Kept::of(&order.object, None).unwrap().sighted(order, got) {
        Sight::Seen(seen) => (seen.aim, seen.misfits, seen.keeper),
        Sight::Unseen(why) => panic!("{why}"),
    }
}

/// What it is about, the versions that ran, what is otherwise, and where it leads or why it does not.
type Row =
    (&'static str, &'static [&'static str], Box<dyn Fn(&mut Order)>, Result<&'static str, &'static str>);

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn an_undo_leads_to_the_newest_that_passed_and_differs() {
    let back = |to: Revision| move |order: &mut Order| order.does = undo(to.clone());
    let rows: Vec<Row> = vec![
        ("the newest of two that passed", &["1", "2", "3"], Box::new(|_| {}), Ok("2")),
        ("the one that passed", &["1", "2", "3"], Box::new(|o| o.vouched = vec!["1".to_owned()]), Ok("1")),
        ("with a v", &["1", "2", "3"], Box::new(|o| o.vouched = vec!["v1".to_owned()]), Ok("1")),
        (
            "nothing passed",
            &["1", "2", "3"],
            Box::new(|o| o.vouched.clear()),
            Err(
                "of 2 revisions of its object with other images none passed a gate here, so none is known to be good",
            ),
        ),
        (
            "the one that passed was taken back later",
            &["1", "2", "3"],
            Box::new(|o| {
                o.vouched = vec!["2".to_owned()];
                o.quarantined.push("2".to_owned());
            }),
            Err(
                "of 2 revisions of its object with other images none passed a gate here, so none is known to be good",
            ),
        ),
        // The platform gave the highest number to what an undo brought back, so the one before is the bad one.
        ("past an undo", &["1", "3", "1", "2", "3"], Box::new(|o| o.vouched = vec!["1".to_owned()]), Ok("1")),
        (
            "nothing ran before",
            &["3"],
            Box::new(|_| {}),
            Err("no revision of its object has other images than what runs"),
        ),
        ("the one before, whatever it was", &["1", "2", "3"], Box::new(back(Revision::Previous)), Ok("2")),
        (
            "nothing before",
            &["3"],
            Box::new(back(Revision::Previous)),
            Err("there is no revision of its object before the one that runs"),
        ),
        ("this one", &["1", "2", "3"], Box::new(back(Revision::Exactly("1".to_owned()))), Ok("1")),
        (
            "one that is gone",
            &["1", "2", "3"],
            Box::new(back(Revision::Exactly("9".to_owned()))),
            Err("there is no revision 9 of its object any more"),
        ),
        (
            "the one that runs",
            &["1", "2", "3"],
            Box::new(back(Revision::Exactly("3".to_owned()))),
            Err("revision 3 has the same images as what runs, so it would change nothing"),
        ),
        (
            "this one, which was taken back",
            &["1", "2", "3"],
            Box::new(|o| {
                o.does = undo(Revision::Exactly("1".to_owned()));
                o.quarantined.push("1".to_owned());
            }),
            Err("revision 1 brings 1, which was taken back here before"),
        ),
        (
            "somebody took it back already",
            &["1", "2", "3", "2"],
            Box::new(|_| {}),
            Err("its object does not run 3 any more, but proxy=proxy:0, web=registry.example.com/shop:2"),
        ),
    ];
    for (what, versions, edit, expected) in rows {
        let mut order = order(undo(Revision::LastKnownGood));
        edit(&mut order);
        let (aim, misfits, _) = seen(&order, &got(&world(versions)));
        let to = aim.as_ref().and_then(|aim| aim.to.as_ref()).map(|to| to.images[1].clone());
        match expected {
            Ok(version) => assert_eq!(to, Some(format!("web={}", image(version))), "{what}: {misfits:?}"),
            Err(why) => {
                let told: Vec<String> = misfits.iter().map(ToString::to_string).collect();
                assert!(to.is_none() && told.contains(&why.to_owned()), "{what}: {to:?} {told:?}");
            }
        }
    }
}

#[test]
fn what_speaks_against_a_move_is_told() {
    type Edit = fn(&mut Value);
    let held: Edit = |it| it["spec"]["paused"] = json!(true);
    let nothing: Edit = |_| {};
    let good = || undo(Revision::LastKnownGood);
    for (what, does, holds, edit, steps, words) in [
        ("an undo", good(), false, nothing, vec![StepName::Undo], vec![]),
        (
            "an undo of what backstop holds",
            good(),
            true,
            held,
            vec![StepName::Undo, StepName::Resume],
            vec![],
        ),
        ("an undo of what somebody holds", good(), false, held, vec![], vec!["held_by_other"]),
        ("a pause", Move::Hold, false, nothing, vec![StepName::Pause], vec![]),
        ("a second pause", Move::Hold, true, held, vec![], vec!["already_held"]),
        ("going on", Move::GoOn, true, held, vec![StepName::Resume], vec![]),
        ("going on with what somebody holds", Move::GoOn, false, held, vec![], vec!["held_by_other"]),
        ("going on with what goes on", Move::GoOn, false, nothing, vec![], vec!["not_held"]),
        ("a restart", Move::Restart, false, nothing, vec![StepName::Restart], vec![]),
        ("a restart of what is held", Move::Restart, true, held, vec![], vec!["already_held"]),
        (
            "somebody acts now",
            good(),
            false,
            |it| it["status"]["observedGeneration"] = json!(2),
            vec![],
            vec!["busy"],
        ),
        (
            "it belongs to something",
            good(),
            false,
            |it| {
                it["metadata"]["ownerReferences"] =
                    json!([{"kind": "Shop", "name": "eu", "controller": true}]);
            },
            vec![],
            vec!["owned_by"],
        ),
        ("it cannot be read", good(), false, |it| it["spec"] = json!({}), vec![], vec!["unreadable"]),
    ] {
        let (mut object, sets) = world(&["1", "2", "3"]).read("shop");
        edit(&mut object);
        let mut got = Got::default();
        got.add("object", Some(object));
        got.add("revisions", Some(sets));
        let order = Order { holds, ..order(does) };
        let (aim, misfits, _) = seen(&order, &got);
        let found: Vec<&str> = misfits.iter().map(Misfit::word).collect();
        assert_eq!((aim.map(|aim| aim.steps).unwrap_or_default(), found), (steps, words), "{what}");
    }
    let mut gone = Got::default();
    gone.add("object", None);
    let (_, misfits, _) = seen(&order(good()), &gone);
    assert_eq!(misfits, [Misfit::Gone("deployment/shop/shop".parse().unwrap())]);
}

#[test]
fn what_keeps_an_object_as_git_says_is_known_by_its_marks() {
    let marks = [
        (
            json!({"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:shop/shop"}}),
            Some("Argo CD (shop)"),
        ),
        (json!({"labels": {"argocd.argoproj.io/instance": "shop"}}), Some("Argo CD (shop)")),
        (
            json!({"labels": {"kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}}),
            Some("Flux (kustomization/flux-system/apps)"),
        ),
        (json!({"labels": {"helm.toolkit.fluxcd.io/name": "shop"}}), Some("Flux (helmrelease/?/shop)")),
        (json!({"labels": {"app.kubernetes.io/managed-by": "Helm"}}), None),
        (json!({}), None),
    ];
    for (mark, keeper) in marks {
        let mut world = world(&["1", "2", "3"]);
        world.change("shop", &json!({"metadata": mark}));
        let (.., found) = seen(&order(undo(Revision::LastKnownGood)), &got(&world));
        assert_eq!(found.as_deref(), keeper, "{mark}");
        // Git does not say whether a release is held.
        let (.., found) = seen(&order(Move::Hold), &got(&world));
        assert_eq!(found, None, "{mark}");
    }
    let gitops = Some(GitOps { kind: GitOpsKind::Flux, app: "apps".to_owned() });
    let named = Order { gitops, ..order(undo(Revision::LastKnownGood)) };
    let (.., found) = seen(&named, &got(&world(&["1", "2", "3"])));
    assert_eq!(found.as_deref(), Some("Flux (apps)"));
}

#[test]
fn annotations_are_kept_and_taken_as_kubectl_does() {
    let mut world = world(&["1", "2"]);
    let cause = |text: &str| json!({"metadata": {"annotations": {"kubernetes.io/change-cause": text}}});
    world.change("shop", &cause("two"));
    world.set_image("shop", &image("3"));
    world.change("shop", &cause("three"));
    world.change("shop", &json!({"metadata": {"annotations": {"note": "set since"}}}));
    let got = got(&world);
    let order = Order { vouched: vec!["1".to_owned()], ..order(undo(Revision::LastKnownGood)) };
    let (aim, ..) = seen(&order, &got);
    let step = Deployment.step(&aim.unwrap(), StepName::Undo, &got).unwrap();
    let patch: Value = serde_json::from_slice(&step.body).unwrap();
    let annotations = &patch.as_array().unwrap().last().unwrap()["value"];
    assert_eq!(annotations["kubectl.kubernetes.io/last-applied-configuration"], "{}");
    assert_eq!(annotations["deployment.kubernetes.io/revision"], "3", "its own: {annotations}");
    assert!(annotations.get("note").is_none_or(|note| note != "set since"), "{annotations}");
    let operations: Vec<(&str, &str)> = patch
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["op"].as_str().unwrap(), it["path"].as_str().unwrap()))
        .collect();
    assert_eq!(
        operations,
        [
            ("test", "/metadata/resourceVersion"),
            ("test", "/spec/template/spec/containers/0/image"),
            ("test", "/spec/template/spec/containers/1/image"),
            ("replace", "/spec/template"),
            ("add", "/metadata/annotations"),
        ]
    );
    let template = &patch[3]["value"];
    assert_eq!(template["metadata"]["labels"], json!({"app": "shop"}), "the hash is the ReplicaSet's own");
}

#[test]
fn what_changed_meanwhile_is_not_touched() {
    type Edit = fn(&mut World);
    let order = order(undo(Revision::LastKnownGood));
    for (what, edit, says) in [
        ("another image", (|w| w.set_image("shop", &image("4"))) as Edit, Some("it runs")),
        (
            "another object of the name",
            |w| {
                w.remove("shop");
                w.deploy("shop", &image("2"));
                w.set_image("shop", &image("3"));
            },
            Some("another object of the same name"),
        ),
        ("it was paused", |w| w.change("shop", &json!({"spec": {"paused": true}})), Some("it is paused now")),
        (
            "its template changed",
            |w| w.change("shop", &json!({"spec": {"template": {"spec": {"hostNetwork": true}}}})),
            Some("it runs"),
        ),
        ("it was scaled", |w| w.change("shop", &json!({"spec": {"replicas": 9}})), None),
        ("its pods come and go", |w| w.stir("shop"), None),
        ("it is gone", |w| w.remove("shop"), Some("there is no")),
    ] {
        let mut world = world(&["1", "2", "3"]);
        let (aim, ..) = seen(&order, &got(&world));
        edit(&mut world);
        let now = got(&world);
        let step = Deployment.step(&aim.clone().unwrap(), StepName::Undo, &now);
        match says {
            None => assert!(step.is_ok(), "{what}: {step:?}"),
            Some(says) => assert!(step.as_ref().is_err_and(|why| why.0.contains(says)), "{what}: {step:?}"),
        }
        let other = Deployment.progress(&aim.unwrap(), &now).otherwise.is_some();
        let is_elsewhere = matches!(what, "another image" | "another object of the name" | "it is gone");
        assert_eq!(other, is_elsewhere, "{what}");
    }
}

/// A `StatefulSet` or a `DaemonSet` with revisions of these versions, the last of which runs.
fn controlled(kind: &str, versions: &[&str], strategy: &Value) -> Got {
    let template = |version: &str| json!({"metadata": {"labels": {"app": "shop"}}, "spec": {"containers": [{"name": "web", "image": image(version)}]}});
    let owner = json!([{"kind": kind, "name": "shop", "uid": "u-1", "controller": true}]);
    let revision = |(number, version): (usize, &&str)| {
        let mut template = template(version);
        template["$patch"] = json!("replace");
        json!({"metadata": {"name": format!("shop-{number}"), "ownerReferences": owner},
            "revision": number + 1, "data": {"spec": {"template": template}}})
    };
    let items: Vec<Value> = versions.iter().enumerate().map(revision).collect();
    let object = json!({"metadata": {"name": "shop", "uid": "u-1", "resourceVersion": "7", "generation": 3},
        "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "shop"}}, "template": template(versions.last().unwrap()), "updateStrategy": strategy},
        "status": {"observedGeneration": 3, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2,
            "desiredNumberScheduled": 2, "updatedNumberScheduled": 2, "numberAvailable": 2}});
    let mut got = Got::default();
    got.add("object", Some(object));
    got.add("revisions", Some(json!({"items": items})));
    got
}

#[test]
fn stateful_sets_and_daemon_sets_go_back_by_the_patch_of_a_revision() {
    for (kind, adapter, path) in [
        ("StatefulSet", Controlled::StatefulSet, "/apis/apps/v1/namespaces/shop/statefulsets/shop"),
        ("DaemonSet", Controlled::DaemonSet, "/apis/apps/v1/namespaces/shop/daemonsets/shop"),
    ] {
        let rolling = json!({"type": "RollingUpdate"});
        let got = controlled(kind, &["1", "2", "2", "3"], &rolling);
        let object = format!("{}/shop/shop", kind.to_lowercase()).parse().unwrap();
        let order = Order { object, ..order(undo(Revision::LastKnownGood)) };
        let (aim, misfits, _) = seen(&order, &got);
        let aim = aim.unwrap_or_else(|| panic!("{misfits:?}"));
        assert_eq!(aim.to.as_ref().unwrap().revision, "3");
        let step = adapter.step(&aim, StepName::Undo, &got).unwrap();
        assert_eq!((&*step.path, step.content_type), (path, "application/strategic-merge-patch+json"));
        let body: Value = serde_json::from_slice(&step.body).unwrap();
        assert_eq!(body["metadata"], json!({"resourceVersion": "7"}));
        assert_eq!(body["spec"]["template"]["$patch"], "replace");
        assert_eq!(body["spec"]["template"]["spec"]["containers"][0]["image"], json!(image("2")));
        let before = adapter.progress(&aim, &got);
        assert_eq!((before.taken, before.holds, before.otherwise), (0, false, None));
        let after = adapter.progress(&aim, &controlled(kind, &["1", "2", "3", "2"], &rolling));
        assert_eq!((after.taken, after.holds, after.otherwise), (1, true, None));
        for does in [Move::Hold, Move::GoOn] {
            let (aim, misfits, _) = seen(&Order { does, ..order.clone() }, &got);
            assert_eq!((aim, misfits), (None, vec![Misfit::CannotHold]));
        }
        for strategy in
            [json!({"type": "OnDelete"}), json!({"type": "RollingUpdate", "rollingUpdate": {"partition": 1}})]
        {
            let (_, misfits, _) = seen(&order, &controlled(kind, &["1", "2", "3"], &strategy));
            assert_eq!(misfits, [Misfit::OnDelete], "{strategy}");
        }
    }
}

proptest! {
    #[test]
    fn no_undo_ever_leads_to_what_is_bad_the_same_or_unknown(
        history in prop::collection::vec(0_usize..5, 1..12),
        vouched in prop::collection::vec(any::<bool>(), 5),
        bad in prop::collection::vec(any::<bool>(), 5),
    ) {
        const VERSIONS: [&str; 5] = ["10", "11", "12", "13", "14"];
        let versions: Vec<&str> = history.iter().map(|at| VERSIONS[*at]).collect();
        let chosen = |of: &[bool]| -> Vec<String> {
            VERSIONS.iter().zip(of).filter(|(_, is)| **is).map(|(version, _)| (*version).to_owned()).collect()
        };
        let runs = (*versions.last().unwrap()).to_owned();
        let mut order = order(undo(Revision::LastKnownGood));
        order.version.clone_from(&runs);
        (order.vouched, order.quarantined) = (chosen(&vouched), chosen(&bad));
        let (aim, misfits, _) = seen(&order, &got(&world(&versions)));
        // The newest first, as numbers are given out.
        let fits = |version: &&&str| {
            let version = (**version).to_owned();
            version != runs && order.vouched.contains(&version) && !order.quarantined.contains(&version)
        };
        let expected = versions.iter().rev().find(fits).map(|version| format!("web={}", image(version)));
        let found = aim.and_then(|aim| aim.to).map(|to| to.images[1].clone());
        prop_assert_eq!(&found, &expected, "{:?} {:?}", versions, misfits);
        prop_assert_eq!(misfits.is_empty(), found.is_some());
    }
}
