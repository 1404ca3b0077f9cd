//! Flux: Kustomizations and Helm releases, as what keeps objects as git says. One is suspended before anything is done to
//! what it keeps, and noted in it is what git has to move past before it goes on.

use serde_json::{Value, json};

use crate::decision::{KeeperStep, Method, Misfit};
use crate::responder::kubernetes::JSON_PATCH;
use crate::responder::object::field::{annotation, named, query, text};
use crate::responder::object::{Endpoint, Got, Need, Overtaken, PAST, Read, Reconciler, Step};
use crate::signal::{FluxApp, FluxKind};

/// What it is called among what was read.
const KEEPER: &str = "keeper";

/// Where it takes its files from.
const SOURCE: &str = "source";

const NEEDS: [Need; 7] = [
    Need { group: "helm.toolkit.fluxcd.io", resource: "helmreleases", verb: "get" },
    Need { group: "helm.toolkit.fluxcd.io", resource: "helmreleases", verb: "patch" },
    Need { group: "kustomize.toolkit.fluxcd.io", resource: "kustomizations", verb: "get" },
    Need { group: "kustomize.toolkit.fluxcd.io", resource: "kustomizations", verb: "patch" },
    Need { group: "source.toolkit.fluxcd.io", resource: "buckets", verb: "get" },
    Need { group: "source.toolkit.fluxcd.io", resource: "gitrepositories", verb: "get" },
    Need { group: "source.toolkit.fluxcd.io", resource: "ocirepositories", verb: "get" },
];

/// Flux, as what keeps objects as git says. What keeps one is written `kustomization/NAMESPACE/NAME` or
/// `helmrelease/NAMESPACE/NAME`.
#[derive(Debug, Clone, Copy)]
pub struct Flux;

/// The path of what keeps an object; nothing where it is not written so.
fn path(app: &str) -> Option<String> {
    let FluxApp { kind, namespace, name } = FluxApp::parse(app)?;
    let (api, resource) = match kind {
        FluxKind::Kustomization => ("kustomize.toolkit.fluxcd.io/v1", "kustomizations"),
        FluxKind::HelmRelease => ("helm.toolkit.fluxcd.io/v2", "helmreleases"),
    };
    Some(format!("/apis/{api}/namespaces/{}/{resource}/{}", query(namespace), query(name)))
}

fn read(name: &'static str, path: String) -> Read {
    Read { name, at: Endpoint::Kubernetes, path }
}

impl Reconciler for Flux {
    fn reads(&self, app: &str, got: &Got) -> Vec<Read> {
        if !got.was_read(KEEPER) {
            return path(app).map(|path| read(KEEPER, path)).into_iter().collect();
        }
        let source = got.get(KEEPER).and_then(|it| source(it, app)).filter(|_| !got.was_read(SOURCE));
        source.map(|path| read(SOURCE, path)).into_iter().collect()
    }

    fn holds_off(&self, app: &str, got: &Got) -> Result<Vec<KeeperStep>, Misfit> {
        let it = found(app, got)?;
        if revision(got).is_none() {
            return Err(Misfit::Unreadable(format!("what git is at for {app} cannot be read")));
        }
        Ok(if is_suspended(it) { Vec::new() } else { vec![KeeperStep::Detach] })
    }

    fn is_ours(&self, got: &Got) -> bool {
        got.get(KEEPER).is_some_and(|it| is_suspended(it) && past(it).is_some())
    }

    fn gives_back(&self, app: &str, versions: &[String], got: &Got) -> Result<(), Misfit> {
        let it = found(app, got)?;
        let past = past(it).filter(|_| is_suspended(it)).ok_or(Misfit::NotOurs)?;
        // A revision is written `main@sha1:COMMIT`.
        let is_bad =
            |revision: &str| versions.iter().any(|version| revision.ends_with(&format!(":{version}")));
        let moved = revision(got).is_some_and(|revision| revision != past && !is_bad(&revision));
        if moved { Ok(()) } else { Err(Misfit::NotMoved { revision: past.to_owned() }) }
    }

    fn step(&self, app: &str, step: KeeperStep, got: &Got) -> Result<Step, Overtaken> {
        let gone = || Overtaken(format!("there is no {app} any more"));
        let (it, path) = (got.get(KEEPER).ok_or_else(gone)?, path(app).ok_or_else(gone)?);
        match step {
            KeeperStep::Detach => detach(it, path, got),
            KeeperStep::Attach => attach(it, path),
            KeeperStep::Terminate => Err(Overtaken("what Flux rolls out cannot be ended".to_owned())),
        }
    }

    fn is_taken(&self, step: KeeperStep, got: &Got) -> bool {
        let suspended = got.get(KEEPER).map(is_suspended);
        match step {
            KeeperStep::Detach => suspended == Some(true),
            KeeperStep::Attach => suspended == Some(false),
            KeeperStep::Terminate => false,
        }
    }

    fn needs(&self) -> &'static [Need] {
        &NEEDS
    }
}

fn found<'a>(app: &str, got: &'a Got) -> Result<&'a Value, Misfit> {
    got.get(KEEPER).ok_or_else(|| Misfit::Unreadable(format!("Flux has no {app}")))
}

fn is_suspended(it: &Value) -> bool {
    it.pointer("/spec/suspend").and_then(Value::as_bool).unwrap_or(false)
}

fn past(it: &Value) -> Option<&str> {
    named(it, "annotations", PAST)
}

/// The path of what a Kustomization takes its files from; nothing for a Helm release, whose own words git holds.
fn source(it: &Value, app: &str) -> Option<String> {
    let of = it.pointer("/spec/sourceRef")?;
    let resource = match text(of, "/kind")? {
        "GitRepository" => "gitrepositories",
        "OCIRepository" => "ocirepositories",
        "Bucket" => "buckets",
        _ => return None,
    };
    let namespace = text(of, "/namespace").or_else(|| Some(FluxApp::parse(app)?.namespace))?;
    let name = text(of, "/name")?;
    let api = "/apis/source.toolkit.fluxcd.io/v1";
    Some(format!("{api}/namespaces/{}/{resource}/{}", query(namespace), query(name)))
}

/// What git is at: the revision of the source, or for a Helm release what is asked of it, as git is where that comes from.
fn revision(got: &Got) -> Option<String> {
    if let Some(source) = got.get(SOURCE) {
        return text(source, "/status/artifact/revision").map(str::to_owned);
    }
    let it = got.get(KEEPER).filter(|it| it.pointer("/spec/sourceRef").is_none())?;
    let mut spec = it.get("spec")?.clone();
    // Holding it changes nothing of what is asked.
    spec.as_object_mut()?.remove("suspend");
    Some(format!("spec {:016x}", xxhash_rust::xxh64::xxh64(spec.to_string().as_bytes(), 0)))
}

fn detach(it: &Value, path: String, got: &Got) -> Result<Step, Overtaken> {
    if is_suspended(it) {
        return Err(Overtaken("it is suspended already".to_owned()));
    }
    // What git is at by now may be what mends it already.
    let applied = text(it, "/status/lastAppliedRevision").map(str::to_owned);
    let past = applied.filter(|_| it.pointer("/spec/sourceRef").is_some()).or_else(|| revision(got));
    let past = past.ok_or_else(|| Overtaken("what git is at cannot be read".to_owned()))?;
    let mut patch = vec![json!({"op": "add", "path": "/spec/suspend", "value": true})];
    if it.pointer("/metadata/annotations").is_none() {
        patch.push(json!({"op": "add", "path": "/metadata/annotations", "value": {}}));
    }
    patch.push(json!({"op": "add", "path": annotation(PAST), "value": past}));
    Ok(patched((KeeperStep::Detach, it), path, patch))
}

fn attach(it: &Value, path: String) -> Result<Step, Overtaken> {
    if past(it).is_none() {
        return Err(Overtaken("it is not held by backstop any more".to_owned()));
    }
    let patch = vec![
        json!({"op": "add", "path": "/spec/suspend", "value": false}),
        json!({"op": "remove", "path": annotation(PAST)}),
    ];
    Ok(patched((KeeperStep::Attach, it), path, patch))
}

/// On the generation that was read alone: its state changes with every look that Flux takes at git.
fn patched((step, it): (KeeperStep, &Value), path: String, mut patch: Vec<Value>) -> Step {
    let is_same = |path: &str| json!({"op": "test", "path": path, "value": it.pointer(path)});
    patch.splice(0..0, [is_same("/metadata/uid"), is_same("/metadata/generation")]);
    Step {
        name: step.name(),
        at: Endpoint::Kubernetes,
        method: Method::Patch,
        path,
        content_type: JSON_PATCH,
        body: Value::from(patch).to_string().into_bytes(),
        expect: &[200],
        overtaken: &[409, 422],
        elsewhere: None,
        early: None,
    }
}
