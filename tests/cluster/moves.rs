//! The moves, one after the other: one cluster takes some seconds to start.

use std::sync::Arc;

use backstop::decision::{Aim, Answer, Move, Order, Revision, Sight};
use backstop::responder::kubernetes::{Way, platform};
use backstop::responder::object::{Endpoint, Kept};
use backstop::responder::{Platforms, Stop};
use backstop::signal::Object;
use backstop::unit::UnixMillis;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::cluster::{Api, BACKSTOP, Cluster, wait};
use crate::manifests::{deploy, manifests};

/// Nobody switches anything off.
fn unstopped() -> Stop {
    Arc::new(|| None)
}

const ALL: &str = "/apis/apps/v1/namespaces/shop";

/// Whoever acts on an object of the cluster.
struct Actor {
    runtime: Runtime,
    platforms: Platforms,
    kept: Kept,
    object: Object,
}

fn image(version: &str) -> String {
    format!("registry.example.com/shop:{version}")
}

impl Actor {
    fn new(cluster: &Cluster, object: &str) -> Self {
        let file = cluster.path().join("backstop.yaml");
        std::fs::write(&file, cluster.config(BACKSTOP)).unwrap();
        let way = Way::Kubeconfig { file: file.to_str().unwrap().to_owned(), context: None };
        let object: Object = object.parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let kept = Kept::of(&object, None).unwrap();
        let argocd = Err("there is none".to_owned());
        let platforms = Platforms { kubernetes: platform(&way), argocd };
        Self { runtime, platforms, kept, object }
    }

    fn order(&self, does: Move, holds: bool) -> Order {
        Order {
            object: self.object.clone(),
            cluster: None,
            gitops: None,
            through: None,
            does,
            version: "2".to_owned(),
            commit: None,
            vouched: vec!["1".to_owned()],
            quarantined: vec!["2".to_owned()],
            holds,
            at: UnixMillis::new(1_795_271_400_000),
        }
    }

    fn sight(&self, order: &Order) -> Sight {
        let got = self.runtime.block_on(self.platforms.got(&self.kept, &self.object));
        got.map_or_else(Sight::Unseen, |got| self.kept.sighted(order, &got))
    }

    /// What would be done, once whatever happens now is seen by its controller.
    fn aim(&self, does: &Move, holds: bool) -> Aim {
        wait("an aim", || self.sight(&self.order(does.clone(), holds)).aim().cloned())
    }

    fn take(&self, aim: &Aim, step: usize) -> Answer {
        let name = aim.steps[step];
        let stop = unstopped();
        let taking =
            self.platforms.take(&self.kept, &self.object, |got| self.kept.step(aim, name, got), &stop);
        self.runtime.block_on(taking)
    }

    /// Takes every step, and waits until it is seen to have worked.
    fn carry_out(&self, aim: &Aim) {
        for step in 0..aim.steps.len() {
            let answer = self.take(aim, step);
            assert!(matches!(answer, Answer::Accepted { status: 200, .. }), "{answer:?}");
        }
        wait("that it is seen to have worked", || {
            let got = self.runtime.block_on(self.platforms.got(&self.kept, &self.object)).ok()?;
            let progress = self.kept.progress(aim, &got);
            assert_eq!(progress.otherwise, None);
            progress.holds.then_some(())
        });
    }
}

fn undo() -> Move {
    Move::Undo { to: Revision::LastKnownGood }
}

fn workload(kind: &str, name: &str) -> Value {
    let labels = json!({"app": name});
    let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": image("1")}]}});
    let mut spec = json!({"selector": {"matchLabels": labels}, "template": template});
    if kind != "DaemonSet" {
        spec["replicas"] = json!(2);
    }
    if kind == "StatefulSet" {
        spec["serviceName"] = json!(name);
    }
    json!({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec})
}

fn set_image(api: &Api, path: &str, version: &str) {
    let containers = json!([{"name": "web", "image": image(version)}]);
    api.patch(path, &json!({"spec": {"template": {"spec": {"containers": containers}}}}));
}

fn runs(api: &Api, path: &str) -> String {
    let image = &api.get(path)["spec"]["template"]["spec"]["containers"][0]["image"];
    image.as_str().unwrap().to_owned()
}

/// Waits until all pods of a Deployment are new.
fn rolled_out(api: &Api, path: &str) {
    wait("the rollout", || {
        let it = api.get(path);
        let status = &it["status"];
        let seen = status["observedGeneration"] == it["metadata"]["generation"];
        let wanted = it["spec"]["replicas"].clone();
        let done = seen && status["updatedReplicas"] == wanted && status["availableReplicas"] == wanted;
        (done && status["replicas"] == wanted).then_some(())
    });
}

/// Allows backstop what an overlay of `deploy/` adds, as it stands there; nobody may anything before.
fn allow(api: &Api, actor: &Actor, name: &str) {
    match actor.sight(&actor.order(undo(), false)) {
        Sight::Unseen(why) => assert!(why.contains("403") && why.contains("it needs a Role"), "{why}"),
        Sight::Seen(seen) => panic!("{seen:?}"),
    }
    for it in manifests(&deploy(&format!("kubernetes/roles/{name}/role.yaml"))) {
        let meta = &it["metadata"];
        assert_eq!(meta["namespace"], "shop", "{name}");
        let kind = it["kind"].as_str().unwrap().to_lowercase();
        api.post(&format!("/apis/rbac.authorization.k8s.io/v1/namespaces/shop/{kind}s"), &it);
    }
}

#[test]
fn deployments_are_undone_held_and_let_go_on() {
    let Some(cluster) = Cluster::start("cluster-deployments") else { return };
    let api = cluster.api();
    let path = format!("{ALL}/deployments/web");
    api.post(&format!("{ALL}/deployments"), &workload("Deployment", "web"));
    let actor = Actor::new(&cluster, "deployment/shop/web");

    allow(api, &actor, "deployments");
    rolled_out(api, &path);
    set_image(api, &path, "2");
    rolled_out(api, &path);

    // An undo, and another from what it came to: the number of a revision says nothing of its age.
    actor.carry_out(&actor.aim(&undo(), false));
    assert_eq!(runs(api, &path), image("1"));
    let again = actor.sight(&actor.order(undo(), false));
    assert!(again.aim().is_none(), "{again:?}");

    // A restart makes a revision of the same images.
    set_image(api, &path, "2");
    rolled_out(api, &path);
    actor.carry_out(&actor.aim(&Move::Restart, false));
    rolled_out(api, &path);
    let sets = api.get(&format!("{ALL}/replicasets"));
    assert_eq!(sets["items"].as_array().unwrap().len(), 3, "a restart makes a ReplicaSet of its own");
    let aim = actor.aim(&undo(), false);
    assert_eq!(aim.to.as_ref().unwrap().images, [format!("web={}", image("1"))]);
    actor.carry_out(&aim);
    rolled_out(api, &path);

    // What is held is held until it is let go on, and an undo lets it go on with what it went back to.
    actor.carry_out(&actor.aim(&Move::Hold, false));
    assert_eq!(api.get(&path)["spec"]["paused"], true);
    actor.carry_out(&actor.aim(&Move::GoOn, true));
    assert!(api.get(&path)["spec"].get("paused").is_none());
    set_image(api, &path, "2");
    wait("the new ReplicaSet to be seen", || {
        let it = api.get(&path);
        (it["status"]["observedGeneration"] == it["metadata"]["generation"]).then_some(())
    });
    actor.carry_out(&actor.aim(&Move::Hold, false));
    let aim = actor.aim(&undo(), true);
    assert_eq!(aim.steps.len(), 2);
    actor.carry_out(&aim);
    assert_eq!((runs(api, &path), api.get(&path)["spec"].get("paused").is_none()), (image("1"), true));

    // Whoever comes first wins: between the look and the step, and between the read and the request.
    set_image(api, &path, "2");
    rolled_out(api, &path);
    let aim = actor.aim(&undo(), false);
    set_image(api, &path, "3");
    assert!(matches!(actor.take(&aim, 0), Answer::Overtaken { .. }));
    set_image(api, &path, "2");
    rolled_out(api, &path);
    let aim = actor.aim(&undo(), false);
    let got = actor.runtime.block_on(actor.platforms.got(&actor.kept, &actor.object)).unwrap();
    let step = actor.kept.step(&aim, aim.steps[0], &got).unwrap();
    api.patch(&path, &json!({"metadata": {"labels": {"touched": "yes"}}}));
    let answer =
        actor.runtime.block_on(actor.platforms.at(Endpoint::Kubernetes).unwrap().send(&step, &unstopped()));
    assert!(
        matches!(&answer, Answer::Rejected { status, .. } if step.overtaken.contains(status)),
        "{answer:?}"
    );
    assert_eq!(runs(api, &path), image("2"), "nothing was done");
}

/// There is no controller of Rollouts here: its `ReplicaSets` are what it would have made.
fn replica_sets(api: &Api, name: &str, uid: &Value) {
    for number in ["1", "2"] {
        let labels = json!({"app": name, "rollouts-pod-template-hash": format!("h{number}")});
        let owner = json!([{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": name, "uid": uid, "controller": true}]);
        let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": image(number)}]}});
        api.post(
            &format!("{ALL}/replicasets"),
            &json!({"apiVersion": "apps/v1", "kind": "ReplicaSet",
                "metadata": {"name": format!("{name}-h{number}"), "labels": labels, "ownerReferences": owner,
                    "annotations": {"rollout.argoproj.io/revision": number}},
                "spec": {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}}),
        );
    }
}

#[test]
fn a_release_of_a_rollout_is_aborted_by_its_status_or_else_as_a_whole() {
    let Some(cluster) = Cluster::start("cluster-rollouts") else { return };
    let api = cluster.api();
    let resources = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    let all = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts";
    let version = |subresources: Value| {
        let schema =
            json!({"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}});
        json!([{"name": "v1alpha1", "served": true, "storage": true, "schema": schema, "subresources": subresources}])
    };
    let names = json!({"plural": "rollouts", "singular": "rollout", "kind": "Rollout"});
    api.post(
        resources,
        &json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "rollouts.argoproj.io"},
            "spec": {"group": "argoproj.io", "scope": "Namespaced", "names": names, "versions": version(json!({"status": {}}))}}),
    );
    for (name, has_status) in [("web", true), ("shop", false)] {
        if !has_status {
            let versions = version(json!({}));
            api.patch(&format!("{resources}/rollouts.argoproj.io"), &json!({"spec": {"versions": versions}}));
        }
        let path = format!("{all}/{name}");
        wait("the resource", || {
            (api.ask("GET", all, "application/json", &Value::Null).0 == 200).then_some(())
        });
        let mut rollout = workload("Rollout", name);
        rollout["apiVersion"] = json!("argoproj.io/v1alpha1");
        api.post(all, &rollout);
        let expected = if has_status { 200 } else { 404 };
        let status = format!("{path}/status");
        wait("its status to be there or not", || {
            (api.ask("GET", &status, "application/json", &Value::Null).0 == expected).then_some(())
        });
        let uid = api.get(&path)["metadata"]["uid"].clone();
        replica_sets(api, name, &uid);
        set_image(api, &path, "2");
        let generation = api.get(&path)["metadata"]["generation"].as_u64().unwrap();
        let status = json!({"status": {"currentPodHash": "h2", "stableRS": "h1", "currentStepIndex": 1,
            "observedGeneration": (generation + 10).to_string(), "phase": "Paused"}});
        api.patch(&if has_status { format!("{path}/status") } else { path.clone() }, &status);
        let actor = Actor::new(&cluster, &format!("rollout/shop/{name}"));
        if has_status {
            allow(api, &actor, "rollouts");
        }
        let aim = actor.aim(&undo(), false);
        let got = actor.runtime.block_on(actor.platforms.got(&actor.kept, &actor.object)).unwrap();
        let stale = actor.kept.step(&aim, aim.steps[0], &got).unwrap();
        api.patch(&path, &json!({"metadata": {"labels": {"touched": "yes"}}}));
        let answer = actor
            .runtime
            .block_on(actor.platforms.at(Endpoint::Kubernetes).unwrap().send(&stale, &unstopped()));
        assert!(matches!(answer, Answer::Rejected { status: 409, .. }), "{answer:?}");
        let answer = actor.take(&aim, 0);
        assert!(matches!(answer, Answer::Accepted { status: 200, .. }), "{answer:?}");
        let it = api.get(&path);
        assert_eq!(
            (&it["status"]["abort"], &it["spec"]["template"]["spec"]["containers"][0]["image"]),
            (&json!(true), &json!(image("2")))
        );
        let got = actor.runtime.block_on(actor.platforms.got(&actor.kept, &actor.object)).unwrap();
        assert_eq!(actor.kept.progress(&aim, &got).taken, 1);
    }
}

#[test]
fn stateful_sets_and_daemon_sets_are_undone() {
    let Some(cluster) = Cluster::start("cluster-controlled") else { return };
    let api = cluster.api();
    for (kind, resource) in [("StatefulSet", "statefulsets"), ("DaemonSet", "daemonsets")] {
        let path = format!("{ALL}/{resource}/web");
        api.post(&format!("{ALL}/{resource}"), &workload(kind, "web"));
        let actor = Actor::new(&cluster, &format!("{}/shop/web", kind.to_lowercase()));
        allow(api, &actor, resource);
        let seen = || {
            wait("its controller", || {
                let it = api.get(&path);
                let status = &it["status"];
                (status["observedGeneration"] == it["metadata"]["generation"]).then_some(())
            });
        };
        seen();
        set_image(api, &path, "2");
        seen();
        actor.carry_out(&actor.aim(&undo(), false));
        assert_eq!(runs(api, &path), image("1"), "{kind}");
    }
}
