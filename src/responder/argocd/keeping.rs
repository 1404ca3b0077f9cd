//! Holding what Argo CD syncs by itself, and giving it back.

use serde_json::{Value, json};

use crate::decision::{Edition, KeeperStep, Method, Misfit, StepName};
use crate::responder::argocd::application::{
    asked, automated, belongs, is_busy, name, past, path, read, reads, runs, taken_back,
};
use crate::responder::argocd::{APPLICATION, AUTOMATED, RESOURCES, TAKEN_BACK};
use crate::responder::kubernetes::{keeper, owner};
use crate::responder::object::field::annotation;
use crate::responder::object::{Endpoint, Got, Need, Overtaken, PAST, Read, Reconciler, Step};

/// What is needed to hold an application and to give it back, in the words of Argo CD's own accounts.
pub(super) const NEEDS: [Need; 3] = [
    Need { group: "argocd", resource: "applications", verb: "get" },
    Need { group: "argocd", resource: "applications", verb: "update" },
    Need { group: "argocd", resource: "applications", verb: "sync" },
];

const JSON: &str = "application/json";

/// Argo CD, as what keeps objects as git says.
#[derive(Debug, Clone, Copy)]
pub struct ArgoCd;

impl Reconciler for ArgoCd {
    fn reads(&self, app: &str, got: &Got) -> Vec<Read> {
        if !got.was_read(APPLICATION) {
            return vec![reads(app)];
        }
        let is_held = got.get(APPLICATION).is_some_and(|it| belongs(it).is_some());
        if is_held && !got.was_read(RESOURCES) {
            return vec![read(RESOURCES, path(app, "/managed-resources"))];
        }
        Vec::new()
    }

    fn holds_off(&self, app: &str, got: &Got) -> Result<Vec<KeeperStep>, Misfit> {
        let it = found(app, got)?;
        // Whatever an application comes from has it synced by itself again.
        match owner(it).or_else(|| keeper(it)) {
            Some(owner) => Err(Misfit::OwnedBy { owner }),
            None => Ok(first(it)),
        }
    }

    fn is_ours(&self, got: &Got) -> bool {
        got.get(APPLICATION).is_some_and(|it| automated(it).is_none() && belongs(it).is_some())
    }

    fn gives_back(&self, app: &str, versions: &[String], got: &Got) -> Result<(), Misfit> {
        let it = found(app, got)?;
        if !self.is_ours(got) {
            return Err(Misfit::NotOurs);
        }
        let past = past(it).unwrap_or("what was rolled out");
        let moved = asked(it).is_some_and(|asked| asked != past && !versions.contains(&asked));
        // Whoever has many services in one repository moves on with every commit, whatever that is about.
        let brings = brings_back(&taken_back(it), versions, got);
        if moved && !brings { Ok(()) } else { Err(Misfit::NotMoved { revision: past.to_owned() }) }
    }

    fn step(&self, app: &str, step: KeeperStep, got: &Got) -> Result<Step, Overtaken> {
        request(app, step, got)
    }

    fn is_taken(&self, step: KeeperStep, got: &Got) -> bool {
        let Some(it) = got.get(APPLICATION) else { return false };
        match step {
            KeeperStep::Detach => automated(it).is_none(),
            KeeperStep::Terminate => !is_busy(it),
            KeeperStep::Attach => automated(it).is_some(),
        }
    }

    fn needs(&self) -> &'static [Need] {
        &NEEDS
    }
}

fn found<'a>(app: &str, got: &'a Got) -> Result<&'a Value, Misfit> {
    got.get(APPLICATION).ok_or_else(|| Misfit::Unreadable(format!("Argo CD has no application {app}")))
}

/// What has to be done before anything else is done about an application: what is under way would go on, and what is
/// synced by itself would begin anew.
pub(super) fn first(it: &Value) -> Vec<KeeperStep> {
    let mut steps = Vec::new();
    steps.extend(automated(it).map(|_| KeeperStep::Detach));
    steps.extend(is_busy(it).then_some(KeeperStep::Terminate));
    steps
}

/// Whether git would bring back what was taken back, resource by resource. Where that cannot be read, or where no image
/// tells the one from the other, it might.
fn brings_back(taken_back: &[String], versions: &[String], got: &Got) -> bool {
    let items = got.get(RESOURCES).and_then(|it| it.get("items")).and_then(Value::as_array);
    let (Some(items), false) = (items, taken_back.is_empty()) else { return true };
    let is_bad = |image: &String| {
        let edition = Edition { images: vec![image.clone()], ..Edition::default() };
        taken_back.contains(image) || versions.iter().any(|version| edition.is_of(version))
    };
    let targets = items.iter().filter_map(|item| item.get("targetState")).filter_map(Value::as_str);
    let mut targets = targets.filter_map(|target| serde_json::from_str::<Value>(target).ok());
    targets.any(|target| has_image(&target, &is_bad))
}

/// Whether any field `image` anywhere in it is such a one.
fn has_image(it: &Value, is_bad: &impl Fn(&String) -> bool) -> bool {
    match it {
        Value::Object(fields) => fields.iter().any(|(name, value)| match value {
            Value::String(image) => name == "image" && is_bad(image),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                has_image(value, is_bad)
            }
        }),
        Value::Array(all) => all.iter().any(|it| has_image(it, is_bad)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The request of a step that holds an application, ends what is under way, or gives it back.
pub(super) fn request(app: &str, step: KeeperStep, got: &Got) -> Result<Step, Overtaken> {
    let it =
        got.get(APPLICATION).ok_or_else(|| Overtaken(format!("there is no application {app} any more")))?;
    match step {
        KeeperStep::Detach => detach(app, it),
        KeeperStep::Terminate => Ok(Step {
            method: Method::Delete,
            path: path(app, "/operation"),
            body: Vec::new(),
            // It ended by itself (400).
            expect: &[200, 400],
            ..sent(step.name(), app, &json!({}))
        }),
        KeeperStep::Attach => attach(app, it),
    }
}

/// Takes out what syncs it by itself, if that is still what was read, and notes what belongs there.
fn detach(app: &str, it: &Value) -> Result<Step, Overtaken> {
    let Some(automated) = automated(it) else {
        return Err(Overtaken("nothing syncs it by itself any more".to_owned()));
    };
    let images = it.pointer("/status/summary/images").cloned().unwrap_or_else(|| json!([]));
    let past = runs(it).map(|runs| runs.hash).or_else(|| asked(it)).unwrap_or_default();
    let mut patch = vec![
        json!({"op": "test", "path": "/metadata/uid", "value": it.pointer("/metadata/uid")}),
        json!({"op": "test", "path": "/spec/syncPolicy/automated", "value": automated}),
        json!({"op": "remove", "path": "/spec/syncPolicy/automated"}),
    ];
    if it.pointer("/metadata/annotations").is_none() {
        patch.push(json!({"op": "add", "path": "/metadata/annotations", "value": {}}));
    }
    for (key, value) in [(AUTOMATED, automated.to_string()), (PAST, past), (TAKEN_BACK, images.to_string())] {
        patch.push(json!({"op": "add", "path": annotation(key), "value": value}));
    }
    Ok(patched(KeeperStep::Detach, app, patch))
}

/// Puts back what was taken out.
fn attach(app: &str, it: &Value) -> Result<Step, Overtaken> {
    let Some(automated) = belongs(it) else {
        return Err(Overtaken("it is not held by backstop any more".to_owned()));
    };
    let mut patch = vec![
        json!({"op": "test", "path": "/metadata/uid", "value": it.pointer("/metadata/uid")}),
        json!({"op": "test", "path": annotation(AUTOMATED), "value": automated.to_string()}),
    ];
    if it.pointer("/spec/syncPolicy").is_none_or(Value::is_null) {
        patch.push(json!({"op": "add", "path": "/spec/syncPolicy", "value": {}}));
    }
    patch.push(json!({"op": "add", "path": "/spec/syncPolicy/automated", "value": automated}));
    for key in [AUTOMATED, PAST, TAKEN_BACK] {
        if it.pointer(&annotation(key)).is_some() {
            patch.push(json!({"op": "remove", "path": annotation(key)}));
        }
    }
    Ok(patched(KeeperStep::Attach, app, patch))
}

fn patched(step: KeeperStep, app: &str, patch: Vec<Value>) -> Step {
    let body = json!({"patch": Value::from(patch).to_string(), "patchType": "json"});
    // What a test of the patch finds to be another is answered as an error of the server: nothing was done.
    Step { method: Method::Patch, overtaken: &[400, 409, 500], ..sent(step.name(), app, &body) }
}

/// A request about an application, which the body names as well: what is asked besides is taken from there alone.
pub(super) fn sent(step: StepName, app: &str, body: &Value) -> Step {
    let mut body = body.clone();
    body["name"] = json!(name(app));
    if let Some((namespace, _)) = app.split_once('/') {
        body["appNamespace"] = json!(namespace);
    }
    Step {
        name: step,
        at: Endpoint::ArgoCd,
        method: Method::Post,
        path: path(app, ""),
        content_type: JSON,
        body: body.to_string().into_bytes(),
        expect: &[200],
        overtaken: &[],
        elsewhere: None,
        early: None,
    }
}
