//! An API server that is no less strict than the real one about what is asked of it here: content types, states, tests
//! that fail, who asks and what they may. Behind it stand controllers that do at once what takes a real one a while.
#![expect(clippy::unwrap_used, reason = "a test whose API server does not run has failed")]
#![allow(dead_code, reason = "no test uses all of it")]

#[path = "api.rs"]
pub(crate) mod api;
#[path = "rollouts.rs"]
mod rollouts;

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use api::{Asked, patched, read, respond};
use serde_json::{Value, json};

/// The token that is known there.
pub(crate) const TOKEN: &str = "kube-own";

const APPS: &str = "/apis/apps/v1/namespaces/shop";
const REVISION: &str = "deployment.kubernetes.io/revision";
const HASH: &str = "pod-template-hash";

/// What happens before a patch is looked at; it says whether the patch is still answered.
type Before = Box<dyn FnMut(&mut World, &Asked) -> bool + Send>;

/// What is behind the API.
#[derive(Default)]
pub(crate) struct World {
    objects: BTreeMap<String, Value>,
    version: u64,
    uids: u64,
    /// Whether pods never become ready.
    pub(crate) stuck: bool,
    /// What nobody may: `patch deployments`.
    pub(crate) forbidden: Vec<String>,
    /// Whether the controller of Rollouts sees nothing.
    pub(crate) blind: bool,
    /// Whether Rollouts are there without their status as a subresource.
    pub(crate) whole: bool,
    /// Since when Rollouts start their pods anew, by their paths.
    restarting: BTreeMap<String, Value>,
    /// How often a router sent traffic to pods that were not there.
    pub(crate) run_over: u32,
    asked: Vec<Asked>,
    before: Option<Before>,
}

/// The API server.
#[derive(Clone)]
pub(crate) struct Kube {
    pub(crate) address: SocketAddr,
    world: Arc<Mutex<World>>,
}

impl Kube {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let kube = Self { address: listener.local_addr().unwrap(), world: Arc::default() };
        let world = Arc::clone(&kube.world);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let world = Arc::clone(&world);
                std::thread::spawn(move || serve(stream, &world));
            }
        });
        kube
    }

    /// A kubeconfig for it.
    pub(crate) fn config(&self) -> String {
        let address = self.address;
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: here\n\
             clusters: [ {{ name: fake, cluster: {{ server: 'http://{address}' }} }} ]\n\
             users: [ {{ name: backstop, user: {{ token: {TOKEN} }} }} ]\n\
             contexts: [ {{ name: here, context: {{ cluster: fake, user: backstop }} }} ]\n"
        )
    }

    pub(crate) fn with<T>(&self, what: impl FnOnce(&mut World) -> T) -> T {
        what(&mut self.world.lock().unwrap())
    }

    /// Does this before the next patches.
    pub(crate) fn before(&self, before: impl FnMut(&mut World, &Asked) -> bool + Send + 'static) {
        self.with(|world| world.before = Some(Box::new(before)));
    }

    /// Every patch that came, in its order.
    pub(crate) fn patches(&self) -> Vec<Asked> {
        self.with(|world| world.asked.iter().filter(|asked| asked.method == "PATCH").cloned().collect())
    }

    pub(crate) fn deployment(&self, name: &str) -> Value {
        self.with(|world| world.objects[&format!("{APPS}/deployments/{name}")].clone())
    }

    /// The image that is asked for.
    pub(crate) fn image(&self, name: &str) -> String {
        let image = &self.deployment(name)["spec"]["template"]["spec"]["containers"][0]["image"];
        image.as_str().unwrap().to_owned()
    }

    pub(crate) fn is_paused(&self, name: &str) -> bool {
        self.deployment(name)["spec"]["paused"] == json!(true)
    }

    /// A Deployment that runs this image.
    pub(crate) fn deploy(&self, name: &str, image: &str) {
        self.with(|world| world.deploy(name, image));
    }

    /// Somebody changes it as `kubectl patch` would.
    pub(crate) fn change(&self, name: &str, patch: &Value) {
        self.with(|world| world.change(name, patch));
    }

    pub(crate) fn set_image(&self, name: &str, image: &str) {
        self.with(|world| world.set_image(name, image));
    }
}

impl World {
    /// A Deployment and its `ReplicaSets`.
    pub(crate) fn read(&self, name: &str) -> (Value, Value) {
        let inside = format!("{APPS}/replicasets/");
        let sets = self.objects.iter().filter(|(path, _)| path.starts_with(&inside)).map(|(_, it)| it);
        let object = self.objects.get(&format!("{APPS}/deployments/{name}"));
        (object.cloned().unwrap_or(Value::Null), json!({"items": sets.collect::<Vec<_>>()}))
    }

    /// What lies at this path.
    pub(crate) fn at(&self, path: &str) -> Option<&Value> {
        self.objects.get(path)
    }

    /// How often somebody asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.len()
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.objects.remove(&format!("{APPS}/deployments/{name}"));
    }

    pub(crate) fn deploy(&mut self, name: &str, image: &str) {
        let labels = json!({"app": name});
        let containers = json!([{"name": "web", "image": image}, {"name": "proxy", "image": "proxy:0"}]);
        let template = json!({"metadata": {"labels": labels}, "spec": {"containers": containers}});
        let object = json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": "shop", "generation": 1,
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"}},
            "spec": {"replicas": 3, "selector": {"matchLabels": labels}, "template": template},
            "status": {}
        });
        let path = format!("{APPS}/deployments/{name}");
        self.put(&path, object);
        self.reconcile(&path);
    }

    pub(crate) fn set_image(&mut self, name: &str, image: &str) {
        let path = format!("{APPS}/deployments/{name}");
        let mut object = self.objects[&path].clone();
        object["spec"]["template"]["spec"]["containers"][0]["image"] = json!(image);
        self.update(&path, object);
    }

    pub(crate) fn change(&mut self, name: &str, patch: &Value) {
        let path = format!("{APPS}/deployments/{name}");
        let mut object = self.objects[&path].clone();
        merge(&mut object, patch);
        self.update(&path, object);
    }

    /// Its status changes, as it does while pods come and go.
    pub(crate) fn stir(&mut self, name: &str) {
        let path = format!("{APPS}/deployments/{name}");
        let object = self.objects[&path].clone();
        self.put(&path, object);
    }

    fn put(&mut self, path: &str, mut object: Value) {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        if object["metadata"]["uid"].is_null() {
            self.uids += 1;
            object["metadata"]["uid"] = json!(format!("uid-{}", self.uids));
        }
        self.objects.insert(path.to_owned(), object);
    }

    /// What is asked changes: its generation counts that, and its controller sees to it.
    fn update(&mut self, path: &str, mut object: Value) {
        let known = &self.objects[path];
        if known["spec"] != object["spec"] {
            let generation = known["metadata"]["generation"].as_u64().unwrap() + 1;
            object["metadata"]["generation"] = json!(generation);
        }
        self.put(path, object);
        self.reconcile(path);
    }

    /// What the controller of Deployments does: the template that is asked for gets a `ReplicaSet`, and the highest number.
    fn reconcile(&mut self, path: &str) {
        if path.contains("/rollouts/") {
            return self.roll(path);
        }
        let mut object = self.objects[path].clone();
        let uid = object["metadata"]["uid"].as_str().unwrap().to_owned();
        let paused = object["spec"]["paused"] == json!(true);
        if !paused {
            let own = |(at, set): (&String, &Value)| {
                let is_own = set["metadata"]["ownerReferences"][0]["uid"] == json!(uid);
                (is_own && at.contains("/replicasets/")).then(|| at.clone())
            };
            let own: Vec<String> = self.objects.iter().filter_map(own).collect();
            let number = |set: &Value| -> u64 {
                set["metadata"]["annotations"][REVISION].as_str().unwrap().parse().unwrap()
            };
            let last = own.iter().map(|at| number(&self.objects[at])).max().unwrap_or(0);
            let wanted = &object["spec"]["template"];
            let same = own.iter().find(|at| bare(&self.objects[*at]["spec"]["template"]) == *wanted).cloned();
            let (at, mut set) = match same {
                Some(at) => (at.clone(), self.objects[&at].clone()),
                None => Self::replica_set(&object, last + 1),
            };
            let newest = if number(&set) < last { last + 1 } else { number(&set) };
            let annotations = object["metadata"]["annotations"].clone();
            for (name, value) in annotations.as_object().unwrap() {
                if name != "kubectl.kubernetes.io/last-applied-configuration" {
                    set["metadata"]["annotations"][name] = value.clone();
                }
            }
            set["metadata"]["annotations"][REVISION] = json!(newest.to_string());
            self.put(&at, set);
            object["metadata"]["annotations"][REVISION] = json!(newest.to_string());
        }
        let replicas = object["spec"]["replicas"].clone();
        let ready = if self.stuck { json!(0) } else { replicas.clone() };
        object["status"] = json!({
            "observedGeneration": object["metadata"]["generation"],
            "replicas": replicas, "updatedReplicas": ready, "availableReplicas": ready,
        });
        self.put(path, object);
    }

    fn replica_set(owner: &Value, number: u64) -> (String, Value) {
        let name = owner["metadata"]["name"].as_str().unwrap();
        let hash = format!("5f6d{number}");
        let mut template = owner["spec"]["template"].clone();
        template["metadata"]["labels"][HASH] = json!(hash);
        let labels = template["metadata"]["labels"].clone();
        let owners = json!([{"kind": "Deployment", "name": name, "controller": true,
            "uid": owner["metadata"]["uid"]}]);
        let set = json!({
            "metadata": {"name": format!("{name}-{hash}"), "namespace": "shop", "labels": labels,
                "annotations": {REVISION: number.to_string()}, "ownerReferences": owners},
            "spec": {"template": template}
        });
        (format!("{APPS}/replicasets/{name}-{hash}"), set)
    }

    fn answer(&mut self, asked: &Asked) -> Option<(u16, Value)> {
        self.asked.push(asked.clone());
        if asked.token != format!("Bearer {TOKEN}") {
            return Some((401, status("Unauthorized")));
        }
        let parts: Vec<&str> = asked.path.trim_start_matches('/').split('/').collect();
        let (resource, sub) = (parts.get(5).copied().unwrap_or_default(), parts.get(7));
        let verb = match (&*asked.method, parts.len()) {
            ("GET", 6) => "list",
            ("GET", _) => "get",
            _ => "patch",
        };
        if self.forbidden.contains(&format!("{verb} {resource}")) {
            return Some((403, status(&format!("backstop cannot {verb} resource \"{resource}\""))));
        }
        match verb {
            "list" => Some((200, self.list(asked))),
            // No subresource of others is open to backstop.
            _ if sub.is_some() && (self.whole || resource != "rollouts") => {
                Some((404, status("the server could not find the requested resource")))
            }
            "get" => Some(match self.objects.get(&asked.path) {
                Some(object) => (200, object.clone()),
                None => (404, status("not found")),
            }),
            _ => {
                if let Some(mut before) = self.before.take() {
                    let goes_on = before(self, asked);
                    self.before.get_or_insert(before);
                    if !goes_on {
                        return None;
                    }
                }
                Some(self.patch(asked))
            }
        }
    }

    fn list(&self, asked: &Asked) -> Value {
        let selector = asked.query.split('&').find_map(|pair| pair.strip_prefix("labelSelector="));
        let wanted: Vec<(String, String)> = decoded(selector.unwrap_or_default())
            .split(',')
            .filter_map(|pair| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())))
            .collect();
        let fits = |object: &&Value| wanted.iter().all(|(k, v)| object["metadata"]["labels"][k] == json!(v));
        let inside = format!("{}/", asked.path);
        let found = self.objects.iter().filter(|(path, _)| path.starts_with(&inside)).map(|(_, it)| it);
        json!({"kind": "List", "items": found.filter(fits).collect::<Vec<_>>()})
    }

    /// Does what a patch says, whoever is answered.
    pub(crate) fn apply(&mut self, asked: &Asked) -> (u16, Value) {
        self.patch(asked)
    }

    fn patch(&mut self, asked: &Asked) -> (u16, Value) {
        let path = asked.path.trim_end_matches("/status").to_owned();
        let Some(known) = self.objects.get(&path).cloned() else { return (404, status("not found")) };
        let is_custom = path.contains("/argoproj.io/");
        let mut object = known.clone();
        match &*asked.content_type {
            "application/json-patch+json" => {
                if let Err(why) = patched(&mut object, &asked.body) {
                    return (422, status(&why));
                }
            }
            "application/strategic-merge-patch+json" if is_custom => {
                return (415, status("the body of the request was in an unknown format"));
            }
            "application/strategic-merge-patch+json" | "application/merge-patch+json" => {
                let state = &asked.body["metadata"]["resourceVersion"];
                if !state.is_null() && *state != known["metadata"]["resourceVersion"] {
                    return (
                        409,
                        status(
                            "the object has been modified; please apply your changes to the latest version and try again",
                        ),
                    );
                }
                merge(&mut object, &asked.body);
            }
            other => {
                return (415, status(&format!("the body of the request was in an unknown format: {other}")));
            }
        }
        if path != asked.path {
            // Nor is anything else by way of the status.
            let status = object["status"].take();
            object = known.clone();
            object["status"] = status;
        } else if !(is_custom && self.whole) {
            // Status is not changed by way of the object itself.
            object["status"] = known["status"].clone();
        }
        if !asked.query.contains("dryRun=All") {
            self.update(&path, object.clone());
            object = self.objects[&path].clone();
        }
        (200, object)
    }
}

fn bare(template: &Value) -> Value {
    let mut template = template.clone();
    template["metadata"]["labels"].as_object_mut().unwrap().remove(HASH);
    template
}

fn status(message: &str) -> Value {
    json!({"kind": "Status", "status": "Failure", "message": message})
}

/// As RFC 7396 has it, but for `$patch: replace`, and containers, which are known by their names.
fn merge(into: &mut Value, patch: &Value) {
    let Some(fields) = patch.as_object() else {
        *into = patch.clone();
        return;
    };
    if fields.get("$patch") == Some(&json!("replace")) || !into.is_object() {
        *into = json!({});
    }
    for (name, value) in fields.iter().filter(|(name, _)| *name != "$patch") {
        if value.is_null() {
            into.as_object_mut().unwrap().remove(name);
        } else {
            merge(&mut into[name], value);
        }
    }
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut all) = (text.bytes(), Vec::new());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            all.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            all.push(byte);
        }
    }
    String::from_utf8(all).unwrap()
}

fn serve(mut stream: TcpStream, world: &Mutex<World>) {
    let Some(asked) = read(&mut stream) else { return };
    let answer = world.lock().unwrap().answer(&asked);
    let Some((status, body)) = answer else {
        // Nothing is answered until the other side is gone.
        std::io::copy(&mut stream, &mut std::io::sink()).ok();
        return;
    };
    respond(stream, status, &body);
}
