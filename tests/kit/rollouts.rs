//! Rollouts, and what their controller does at once that takes a real one a while.

use serde_json::{Value, json};

use super::{APPS, Kube, World};

const ALL: &str = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts";
const REVISION: &str = "rollout.argoproj.io/revision";
const HASH: &str = "rollouts-pod-template-hash";

impl Kube {
    pub(crate) fn rollout(&self, name: &str) -> Value {
        self.with(|world| world.rollout(name).0)
    }

    pub(crate) fn edit(&self, name: &str, edit: impl FnOnce(&mut Value)) {
        self.with(|world| world.edit(name, edit));
    }
}

impl World {
    /// A Rollout of this image that is all out. Its releases wait at two of their steps.
    pub(crate) fn roll_out(&mut self, name: &str, image: &str) {
        let labels = json!({"app": name});
        let template = json!({"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": image}]}});
        let steps = json!([{"setWeight": 20}, {"pause": {}}, {"setWeight": 60}, {"pause": {}}]);
        let object = json!({
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Rollout",
            "metadata": {"name": name, "namespace": "shop", "generation": 1},
            "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": template,
                "strategy": {"canary": {"steps": steps}}},
            "status": {}
        });
        let path = format!("{ALL}/{name}");
        self.put(&path, object);
        self.reconcile(&path);
    }

    /// Ships another image: its release begins.
    pub(crate) fn ship(&mut self, name: &str, image: &str) {
        self.edit(name, |it| it["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image));
    }

    /// Lets all of it out.
    pub(crate) fn let_out(&mut self, name: &str) {
        self.edit(name, |it| it["status"]["promoteFull"] = json!(true));
    }

    /// So many pods of each of its releases are ready.
    pub(crate) fn staff(&mut self, name: &str, pods: u64) {
        let object = self.objects[&format!("{ALL}/{name}")].clone();
        let sets: Vec<(String, Value)> = self.own(&object).map(|(at, it)| (at.clone(), it.clone())).collect();
        for (at, mut set) in sets {
            set["status"]["availableReplicas"] = json!(pods);
            self.put(&at, set);
        }
    }

    /// Somebody changes it.
    pub(crate) fn edit(&mut self, name: &str, edit: impl FnOnce(&mut Value)) {
        let path = format!("{ALL}/{name}");
        let mut object = self.objects[&path].clone();
        edit(&mut object);
        self.update(&path, object);
    }

    /// A Rollout and its `ReplicaSets`.
    pub(crate) fn rollout(&self, name: &str) -> (Value, Value) {
        let inside = format!("{APPS}/replicasets/");
        let sets = self.objects.iter().filter(|(path, _)| path.starts_with(&inside)).map(|(_, it)| it);
        let object = self.objects.get(&format!("{ALL}/{name}"));
        (object.cloned().unwrap_or(Value::Null), json!({"items": sets.collect::<Vec<_>>()}))
    }

    /// What the controller of Rollouts does.
    pub(super) fn roll(&mut self, path: &str) {
        if self.blind {
            return;
        }
        let mut object = self.objects[path].clone();
        let hash = self.set(&object);
        let (spec, mut status) = (object["spec"].clone(), object["status"].clone());
        let steps = spec["strategy"]["canary"]["steps"].as_array().unwrap().clone();
        let last = json!(steps.len());
        if status["currentPodHash"] != json!(hash) {
            // Whatever was asked of another release is over.
            for of_another in ["abort", "promoteFull", "pauseConditions", "controllerPause"] {
                status.as_object_mut().unwrap().remove(of_another);
            }
            let first = status["stableRS"].is_null() || status["stableRS"] == json!(hash);
            status["currentPodHash"] = json!(hash);
            status["currentStepIndex"] = if first { last.clone() } else { json!(0) };
        }
        let fast = self.goes_back_fast(&object, &hash);
        if fast && status["promoteFull"] != json!(true) {
            self.shift(&object, &hash);
        }
        let is_out = status["promoteFull"] == json!(true) || fast;
        let conditions = status["pauseConditions"].as_array().is_some_and(|all| !all.is_empty());
        let aborted = status["abort"] == json!(true);
        if aborted {
            status["currentStepIndex"] = json!(0);
            status.as_object_mut().unwrap().remove("pauseConditions");
        } else if is_out {
            status["currentStepIndex"] = last.clone();
        } else if !conditions && spec["paused"] != json!(true) {
            let index = status["currentStepIndex"].as_u64().unwrap();
            let past = index + u64::from(status["controllerPause"] == json!(true));
            let count = u64::try_from(steps.len()).unwrap();
            let next = (past.min(count)..=count).find(|at| match steps.get(usize::try_from(*at).unwrap()) {
                Some(step) => !step["pause"].is_null() || !step["analysis"].is_null(),
                None => true,
            });
            status["currentStepIndex"] = json!(next);
            status["controllerPause"] = json!(false);
            let at = steps.get(usize::try_from(next.unwrap()).unwrap());
            if at.is_some_and(|step| !step["pause"].is_null()) {
                status["pauseConditions"] = json!([{"reason": "CanaryPauseStep"}]);
                status["controllerPause"] = json!(true);
            }
        }
        if status["currentStepIndex"] == last {
            status["stableRS"] = json!(hash);
            status.as_object_mut().unwrap().remove("pauseConditions");
        }
        let out = status["stableRS"] == json!(hash);
        let held = spec["paused"] == json!(true) || !status["pauseConditions"].is_null();
        let phase = match (aborted, out, held) {
            (true, ..) => "Degraded",
            (_, true, _) => "Healthy",
            (.., true) => "Paused",
            _ => "Progressing",
        };
        if self.has_restarted(path, &spec["restartAt"]) {
            status["restartedAt"] = spec["restartAt"].clone();
        }
        let replicas = spec["replicas"].clone();
        status["phase"] = json!(phase);
        status["availableReplicas"] = if self.stuck { json!(0) } else { replicas.clone() };
        status["updatedReplicas"] = if out { replicas } else { json!(u64::from(!aborted)) };
        let generation = object["metadata"]["generation"].as_u64().unwrap();
        status["observedGeneration"] = json!(generation.to_string());
        object["status"] = status;
        self.scale(&object);
        self.put(path, object);
    }

    /// All pods of it are there at once; a router that is told of the steps alone does not wait for them.
    fn shift(&mut self, object: &Value, hash: &str) {
        let spec = &object["spec"];
        let splits = !spec["strategy"]["canary"]["trafficRouting"].is_null();
        if splits && self.pods(object, hash) < spec["replicas"].as_u64() {
            self.run_over += 1;
        }
    }

    /// Whether all pods are new that were to be started anew at this time: some are in one round, the others in the next.
    fn has_restarted(&mut self, path: &str, at: &Value) -> bool {
        self.restarting.insert(path.to_owned(), at.clone()).as_ref() == Some(at)
    }

    /// Whether what is asked for was made before what serves, within the window of revisions that are gone back to at once.
    fn goes_back_fast(&self, object: &Value, hash: &str) -> bool {
        let window = object["spec"]["rollbackWindow"]["revisions"].as_u64().unwrap_or(0);
        let made = |hash: &Value| -> Option<String> {
            let set = self.own(object).find(|(_, it)| it["metadata"]["labels"][HASH] == *hash)?.1;
            Some(set["metadata"]["creationTimestamp"].as_str()?.to_owned())
        };
        let (Some(asked), Some(stable)) = (made(&json!(hash)), made(&object["status"]["stableRS"])) else {
            return false;
        };
        let between = self.own(object).filter(|(_, it)| {
            let made = it["metadata"]["creationTimestamp"].as_str().unwrap();
            &*asked < made && made < &*stable
        });
        asked < stable && u64::try_from(between.count()).unwrap() < window
    }

    /// How many pods of a set are there.
    fn pods(&self, object: &Value, hash: &str) -> Option<u64> {
        let set = self.own(object).find(|(_, it)| it["metadata"]["labels"][HASH] == json!(hash))?.1;
        set["status"]["availableReplicas"].as_u64()
    }

    fn own<'a>(&'a self, object: &'a Value) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let uid = &object["metadata"]["uid"];
        let is_own = move |it: &Value| it["metadata"]["ownerReferences"][0]["uid"] == *uid;
        self.objects.iter().filter(move |(at, it)| at.contains("/replicasets/") && is_own(it))
    }

    /// What serves has all of its pods, what is on its way has one, and nothing else has any.
    fn scale(&mut self, object: &Value) {
        let (status, replicas) = (&object["status"], &object["spec"]["replicas"]);
        let sets: Vec<(String, Value)> = self.own(object).map(|(at, it)| (at.clone(), it.clone())).collect();
        for (at, mut set) in sets {
            let hash = &set["metadata"]["labels"][HASH];
            let pods = if *hash == status["stableRS"] {
                replicas.clone()
            } else {
                json!(u64::from(*hash == status["currentPodHash"] && status["abort"] != json!(true)))
            };
            set["status"] = json!({"availableReplicas": pods});
            self.put(&at, set);
        }
    }

    /// The `ReplicaSet` of what is asked for, with the highest number; its hash.
    fn set(&mut self, owner: &Value) -> String {
        let own: Vec<(String, Value)> = self.own(owner).map(|(at, it)| (at.clone(), it.clone())).collect();
        let number = |it: &Value| -> u64 {
            it["metadata"]["annotations"][REVISION].as_str().unwrap().parse().unwrap()
        };
        let last = own.iter().map(|(_, it)| number(it)).max().unwrap_or(0);
        let wanted = &owner["spec"]["template"];
        let bare = |it: &Value| {
            let mut template = it["spec"]["template"].clone();
            template["metadata"]["labels"].as_object_mut().unwrap().remove(HASH);
            template
        };
        let (at, mut set) =
            own.iter().find(|(_, it)| bare(it) == *wanted).cloned().unwrap_or_else(|| made(owner, last + 1));
        if number(&set) < last {
            set["metadata"]["annotations"][REVISION] = json!((last + 1).to_string());
        }
        let hash = set["metadata"]["labels"][HASH].as_str().unwrap().to_owned();
        self.put(&at, set);
        hash
    }
}

fn made(owner: &Value, number: u64) -> (String, Value) {
    let (name, hash) = (owner["metadata"]["name"].as_str().unwrap(), format!("7c8d{number}"));
    let mut template = owner["spec"]["template"].clone();
    template["metadata"]["labels"][HASH] = json!(hash);
    let labels = template["metadata"]["labels"].clone();
    let owners =
        json!([{"kind": "Rollout", "name": name, "controller": true, "uid": owner["metadata"]["uid"]}]);
    let set = json!({
        "metadata": {"name": format!("{name}-{hash}"), "namespace": "shop", "labels": labels,
            "annotations": {REVISION: number.to_string()}, "ownerReferences": owners,
            "creationTimestamp": format!("2026-11-21T10:00:{number:02}Z")},
        "spec": {"template": template}
    });
    (format!("{APPS}/replicasets/{name}-{hash}"), set)
}
