//! An Argo CD that is no less strict than the real one about what is asked of it here: who asks, which names the bodies say,
//! what it refuses while it syncs by itself or something is under way. Behind it stand git, a cluster, and controllers that do
//! at once what takes real ones a while.
#![expect(clippy::unwrap_used, reason = "a test whose Argo CD does not run has failed")]

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::kube::Kube;
use crate::kube::api::{Asked, patched, read, respond};

/// The token that is known there.
pub(crate) const TOKEN: &str = "argocd-own";

/// What becomes of an action that is asked for.
pub(crate) enum Then {
    /// It is carried out, and answered.
    Answered,
    /// Nothing is answered.
    Silent,
    /// Nothing is answered, and the connection is closed.
    Closed,
}

/// What happens before an action is carried out.
type Before = Box<dyn FnMut(&mut World, &Asked) -> Then + Send>;

/// What is behind the API: one application, `shop`.
pub(crate) struct World {
    /// The application; null once it is gone.
    pub(crate) app: Value,
    /// What git is at: a revision, and the image that it asks for.
    git: (String, String),
    asked: Vec<Asked>,
    /// Whether what is rolled out comes to no end.
    pub(crate) slow: bool,
    /// Whether whoever the application comes from has it synced by itself again.
    pub(crate) parent: bool,
    /// Whether it is older than 3.1, and knows actions by their names alone.
    pub(crate) old: bool,
    /// How often what is to be ended is still seen to be ending.
    ending: u8,
    /// The cluster that its resources lie in.
    pub(crate) cluster: Option<Kube>,
    /// What the account may not: `get`, or `action/argoproj.io/Rollout/abort`.
    pub(crate) forbidden: Vec<String>,
    before: Option<Before>,
}

/// An Argo CD.
#[derive(Clone)]
pub(crate) struct ArgoCd {
    pub(crate) address: SocketAddr,
    world: Arc<Mutex<World>>,
}

impl ArgoCd {
    /// One whose application is synced by itself.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, world) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(World::new())));
        let behind = Arc::clone(&world);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Some(asked) = read(&mut stream) else { continue };
                let then = behind.lock().unwrap().meanwhile(&asked);
                match then {
                    Then::Answered => {
                        let (status, body) = behind.lock().unwrap().answer(&asked);
                        respond(stream, status, &body);
                    }
                    Then::Silent => {
                        std::thread::spawn(move || std::io::copy(&mut stream, &mut std::io::sink()));
                    }
                    Then::Closed => {}
                }
            }
        });
        Self { address, world }
    }

    pub(crate) fn with<T>(&self, what: impl FnOnce(&mut World) -> T) -> T {
        what(&mut self.world.lock().unwrap())
    }

    /// What was asked for that changes something, in a word each.
    pub(crate) fn done(&self) -> Vec<String> {
        let word = |asked: &Asked| match (&*asked.method, asked.path.rsplit('/').next()) {
            ("GET", _) => None,
            (_, Some("v2")) => asked.body["action"].as_str().map(str::to_owned),
            (_, Some("actions")) => asked.body.as_str().map(|action| format!("{action}, as of old")),
            (_, Some("shop")) => Some(String::from("patch")),
            (_, rest) => rest.map(str::to_owned),
        };
        self.with(|world| world.asked.iter().filter_map(word).collect())
    }

    /// Does this before the next actions.
    pub(crate) fn before(&self, before: impl FnMut(&mut World, &Asked) -> Then + Send + 'static) {
        self.with(|world| world.before = Some(Box::new(before)));
    }

    /// The image that it runs.
    pub(crate) fn image(&self) -> String {
        self.with(|world| world.app["status"]["summary"]["images"][0].as_str().unwrap().to_owned())
    }

    /// What syncs it by itself.
    pub(crate) fn automated(&self) -> Value {
        self.with(|world| world.app["spec"]["syncPolicy"]["automated"].clone())
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let automated = json!({"prune": true, "selfHeal": true});
        let app = json!({
            "metadata": {"name": "shop", "namespace": "argocd", "uid": "app-1", "resourceVersion": "1", "generation": 1},
            "spec": {"project": "default", "source": source(""), "syncPolicy": {"automated": automated}},
            "status": {"history": [], "health": {"status": "Healthy"}, "sync": {}, "summary": {"images": []}},
        });
        let git = (String::new(), String::new());
        Self {
            app,
            git,
            asked: Vec::new(),
            slow: false,
            parent: false,
            old: false,
            ending: 0,
            cluster: None,
            forbidden: Vec::new(),
            before: None,
        }
    }

    /// Git goes on to a revision that asks for an image.
    pub(crate) fn push(&mut self, revision: &str, image: &str) {
        self.git = (revision.to_owned(), image.to_owned());
        self.app["spec"]["source"] = source(image);
        self.settle();
    }

    /// Backstop took back what it runs.
    pub(crate) fn hold(&mut self) {
        let automated = self.app["spec"]["syncPolicy"]["automated"].take();
        let last = self.history().last().unwrap().clone();
        self.app["metadata"]["annotations"] = json!({
            "backstop/automated": automated.to_string(), "backstop/past": last["revision"],
            "backstop/taken-back": self.app["status"]["summary"]["images"].to_string(),
        });
        self.app["spec"]["syncPolicy"] = json!({});
        let first = self.history()[0].clone();
        self.roll_out(first["revision"].as_str().unwrap(), &first["source"]);
    }

    /// Somebody rolls out what git asks for.
    pub(crate) fn bring_back(&mut self) {
        let (revision, source) = (self.git.0.clone(), self.app["spec"]["source"].clone());
        self.roll_out(&revision, &source);
    }

    fn automated(&self) -> bool {
        self.app["spec"]["syncPolicy"]["automated"].is_object()
    }

    fn history(&self) -> &Vec<Value> {
        self.app["status"]["history"].as_array().unwrap()
    }

    /// What its controller does: it compares, and syncs what is synced by itself.
    fn settle(&mut self) {
        let last = self.history().last().map(|entry| entry["revision"].clone());
        self.app["status"]["sync"] = json!({"revision": self.git.0});
        if self.automated() && last != Some(json!(self.git.0)) && !self.git.0.is_empty() {
            let (revision, source) = (self.git.0.clone(), self.app["spec"]["source"].clone());
            self.roll_out(&revision, &source);
        }
    }

    fn roll_out(&mut self, revision: &str, source: &Value) {
        let operation = json!({"sync": {"revision": revision, "source": source}});
        let phase = if self.slow { "Running" } else { "Succeeded" };
        self.app["status"]["operationState"] = json!({"phase": phase, "operation": operation});
        if !self.slow {
            let id = self.history().len();
            let entry = json!({"id": id, "revision": revision, "source": source});
            self.app["status"]["history"].as_array_mut().unwrap().push(entry);
            let image = source["kustomize"]["images"][0].as_str().unwrap();
            self.app["status"]["summary"]["images"] = json!([image.split_once('=').unwrap().1]);
        }
    }

    /// What is to be ended ends some time later.
    fn end(&mut self) {
        let is_ending = 0 < self.ending;
        self.ending = self.ending.saturating_sub(1);
        if is_ending && self.ending == 0 {
            self.app["status"]["operationState"]["phase"] = json!("Failed");
        }
    }

    fn is_busy(&self) -> bool {
        matches!(self.app["status"]["operationState"]["phase"].as_str(), Some("Running" | "Terminating"))
    }

    /// What becomes of a request.
    fn meanwhile(&mut self, asked: &Asked) -> Then {
        let is_action = asked.path.ends_with("/actions/v2");
        let Some(mut before) = self.before.take_if(|_| is_action) else { return Then::Answered };
        let then = before(self, asked);
        self.before = Some(before);
        if !matches!(then, Then::Answered) {
            self.asked.push(asked.clone());
        }
        then
    }

    /// What is answered to a request.
    pub(crate) fn answer(&mut self, asked: &Asked) -> (u16, Value) {
        if asked.token != format!("Bearer {TOKEN}") {
            return refused(401, 16, "no session information");
        }
        self.asked.push(asked.clone());
        self.end();
        let Some(rest) = asked.path.strip_prefix("/api/v1/applications/shop") else {
            // It does not tell what is not there from what may not be seen.
            return refused(403, 7, "permission denied");
        };
        if self.app.is_null() {
            // It is gone, and whoever asks may know that.
            return refused(404, 5, "applications.argoproj.io \"shop\" not found");
        }
        let by_path = asked.method == "GET" || asked.method == "DELETE" || rest == "/resource/actions";
        let named = by_path || asked.body["name"] == "shop";
        if !named {
            return refused(400, 3, "the name of the body is not that of the path");
        }
        match (&*asked.method, rest) {
            ("GET", "") => (200, self.app.clone()),
            ("GET", "/resource") => self.resource(asked),
            ("POST", "/resource/actions/v2") if !self.old => self.act(&asked.body),
            ("POST", "/resource/actions") => self.act_as_of_old(asked),
            ("GET", "/managed-resources") => (200, json!({"items": [self.wanted()]})),
            ("PATCH", "") => self.patch(&asked.body),
            ("DELETE", "/operation") if self.is_busy() => {
                self.app["status"]["operationState"]["phase"] = json!("Terminating");
                (self.slow, self.ending) = (false, 3);
                (200, json!({}))
            }
            ("DELETE", "/operation") => {
                refused(400, 3, "Unable to terminate operation. No operation is in progress")
            }
            ("POST", "/rollback") => self.rollback(&asked.body),
            ("POST", "/sync") => self.sync(&asked.body),
            _ => refused(404, 5, "Not Found"),
        }
    }

    /// A resource as it is in the cluster: in its tree, and there.
    fn resource(&self, asked: &Asked) -> (u16, Value) {
        let part = |name: &str| part(asked, name);
        if self.forbidden.iter().any(|verb| verb == "get") {
            return refused(403, 7, "permission denied");
        }
        let [group, version, kind] = ["group", "version", "kind"].map(part);
        match self.found((&group, &version, &kind), (&part("namespace"), &part("resourceName"))) {
            Ok(it) => (200, json!({"manifest": it.to_string()})),
            Err(refused) => refused,
        }
    }

    fn found(
        &self,
        (group, version, kind): (&str, &str, &str),
        (namespace, name): (&str, &str),
    ) -> Result<Value, (u16, Value)> {
        let resources = match (group, version, kind) {
            ("argoproj.io", "v1alpha1", "Rollout") => "rollouts",
            ("apps", "v1", "ReplicaSet") => "replicasets",
            ("apps", "v1", "Deployment") => "deployments",
            _ => "nothing of it",
        };
        let path = format!("/apis/{group}/{version}/namespaces/{namespace}/{resources}/{name}");
        let cluster = self.cluster.as_ref();
        let found = cluster.and_then(|cluster| cluster.with(|world| world.at(&path).cloned()));
        let why = || format!("{kind} {group} {name} not found as part of application shop");
        found.ok_or_else(|| refused(400, 3, &why()))
    }

    /// An action by its name alone, on what the query says. Whoever knows it the other way has to ask for it so: 3.1 looked for
    /// such an action under no name.
    fn act_as_of_old(&mut self, asked: &Asked) -> (u16, Value) {
        if !self.old {
            return refused(500, 2, "error getting Lua resource action: built-in script does not exist");
        }
        let Some(action) = asked.body.as_str() else {
            return refused(400, 3, "json: cannot unmarshal object into Go value of type string");
        };
        let mut body = json!({"action": action});
        for name in ["namespace", "resourceName", "group", "version", "kind"] {
            body[name] = json!(part(asked, name));
        }
        self.act(&body)
    }

    /// Carries out an action on a Rollout. The real one does so whatever state it is in, and leaves to its pages what it offers
    /// when; here, whoever ends what is all out has not looked at it.
    pub(crate) fn act(&mut self, body: &Value) -> (u16, Value) {
        let part = |name: &str| body[name].as_str().unwrap_or_default();
        let (group, kind, action) = (part("group"), part("kind"), part("action"));
        if self.forbidden.contains(&format!("action/{group}/{kind}/{action}")) {
            return refused(403, 7, "permission denied");
        }
        let it = match self.found((group, part("version"), kind), (part("namespace"), part("resourceName"))) {
            Ok(it) => it,
            Err(refused) => return refused,
        };
        let is_out = it["status"]["currentPodHash"] == it["status"]["stableRS"];
        if is_out && matches!(action, "abort" | "retry" | "promote-full" | "skip-current-step") {
            return refused(400, 3, &format!("{action} is disabled"));
        }
        let mut changed = it;
        let (spec, status) = ("spec", "status");
        match action {
            "abort" => changed[status]["abort"] = json!(true),
            "retry" => changed[status]["abort"] = json!(false),
            "pause" => changed[spec]["paused"] = json!(true),
            "resume" => {
                // Both what somebody paused and what waits at a step.
                changed[status]["pauseConditions"] = Value::Null;
                changed[spec]["paused"] = json!(false);
            }
            "promote-full" => changed[status]["promoteFull"] = json!(true),
            "restart" => changed[spec]["restartAt"] = json!("2026-11-21T14:30:01Z"),
            "skip-current-step" => {
                let index = changed[status]["currentStepIndex"].as_u64().unwrap();
                changed[status]["pauseConditions"] = Value::Null;
                changed[status]["currentStepIndex"] = json!(index + 1);
            }
            _ => return refused(500, 2, "error getting Lua resource action: built-in script does not exist"),
        }
        let cluster = self.cluster.as_ref().unwrap();
        cluster.with(|world| world.edit(part("resourceName"), |it| *it = changed));
        (200, json!({}))
    }

    /// What git asks for, as a resource.
    pub(crate) fn wanted(&self) -> Value {
        let container = json!({"name": "web", "image": self.git.1});
        let target =
            json!({"kind": "Deployment", "spec": {"template": {"spec": {"containers": [container]}}}});
        json!({"kind": "Deployment", "name": "shop", "targetState": target.to_string()})
    }

    fn patch(&mut self, body: &Value) -> (u16, Value) {
        if body["patchType"] != "json" {
            return refused(400, 3, "Patch type is not supported here");
        }
        let patch: Value =
            serde_json::from_str(body["patch"].as_str().unwrap_or_default()).unwrap_or_default();
        let mut app = self.app.clone();
        if let Err(why) = patched(&mut app, &patch) {
            return refused(500, 2, &why);
        }
        self.app = app;
        if self.parent {
            self.app["spec"]["syncPolicy"]["automated"] = json!({"selfHeal": true});
        }
        self.settle();
        (200, self.app.clone())
    }

    fn rollback(&mut self, body: &Value) -> (u16, Value) {
        if self.automated() {
            return refused(400, 9, "rollback cannot be initiated when auto-sync is enabled");
        }
        if self.is_busy() {
            return refused(400, 9, "another operation is already in progress");
        }
        let found = self.history().iter().find(|entry| entry["id"] == body["id"]).cloned();
        let Some(entry) = found else {
            return refused(400, 3, "application shop does not have deployment id in history");
        };
        self.roll_out(entry["revision"].as_str().unwrap(), &entry["source"]);
        (200, self.app.clone())
    }

    fn sync(&mut self, body: &Value) -> (u16, Value) {
        if self.is_busy() {
            return refused(400, 9, "another operation is already in progress");
        }
        if self.automated() && body["revision"] != json!(self.git.0) {
            return refused(400, 9, "Cannot sync: auto-sync currently set");
        }
        let source = self.app["spec"]["source"].clone();
        self.roll_out(body["revision"].as_str().unwrap_or_default(), &source);
        (200, self.app.clone())
    }
}

/// What a query says of something; nothing where it does not.
fn part(asked: &Asked, name: &str) -> String {
    let mut parts = asked.query.split('&').filter_map(|part| part.split_once('='));
    parts.find(|(known, _)| *known == name).map(|(_, value)| value).unwrap_or_default().to_owned()
}

fn source(image: &str) -> Value {
    json!({
        "repoURL": "https://git.example.com/shop", "path": "apps/shop", "targetRevision": "main",
        "kustomize": {"images": [format!("shop={image}")]},
    })
}

fn refused(status: u16, code: u64, message: &str) -> (u16, Value) {
    (status, json!({"error": message, "code": code, "message": message}))
}
