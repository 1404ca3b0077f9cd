//! What is read of an application.

use serde_json::Value;

use crate::decision::{Edition, Identity};
use crate::responder::argocd::{APPLICATION, AUTOMATED, TAKEN_BACK};
use crate::responder::object::field::{named, query, text, whole};
use crate::responder::object::{Endpoint, PAST, Read};

/// The path of an application, or of something of it. `NAMESPACE/NAME` is one outside of Argo CD's own namespace.
pub(super) fn path(app: &str, rest: &str) -> String {
    let (namespace, name) = app.split_once('/').map_or((None, app), |(of, name)| (Some(of), name));
    let of = namespace.map(|of| format!("?appNamespace={}", query(of))).unwrap_or_default();
    format!("/api/v1/applications/{}{rest}{of}", query(name))
}

/// Its name alone, as bodies have it.
pub(super) fn name(app: &str) -> &str {
    app.rsplit('/').next().unwrap_or(app)
}

pub(super) fn read(name: &'static str, path: String) -> Read {
    Read { name, at: Endpoint::ArgoCd, path }
}

pub(super) fn reads(app: &str) -> Read {
    read(APPLICATION, path(app, ""))
}

pub(super) fn identity(it: &Value) -> Option<Identity> {
    Some(Identity {
        uid: text(it, "/metadata/uid")?.to_owned(),
        resource_version: text(it, "/metadata/resourceVersion").unwrap_or_default().to_owned(),
        generation: whole(it, "/metadata/generation"),
    })
}

/// What syncs it by itself; nothing where nobody does.
pub(super) fn automated(it: &Value) -> Option<&Value> {
    let automated = it.pointer("/spec/syncPolicy/automated").filter(|automated| automated.is_object())?;
    let is_on = automated.get("enabled").and_then(Value::as_bool) != Some(false);
    is_on.then_some(automated)
}

/// What belongs into it where backstop holds it.
pub(super) fn belongs(it: &Value) -> Option<Value> {
    serde_json::from_str(named(it, "annotations", AUTOMATED)?).ok().filter(Value::is_object)
}

/// The revision that git has to move past.
pub(super) fn past(it: &Value) -> Option<&str> {
    named(it, "annotations", PAST)
}

/// The images that were taken back: of those that ran when it was held, what runs no more.
pub(super) fn taken_back(it: &Value) -> Vec<String> {
    let noted: Option<Vec<String>> =
        named(it, "annotations", TAKEN_BACK).and_then(|list| serde_json::from_str(list).ok());
    let now = it.pointer("/status/summary/images").and_then(Value::as_array);
    let runs = |image: &String| now.is_some_and(|now| now.iter().any(|other| other.as_str() == Some(image)));
    noted.into_iter().flatten().filter(|image| !runs(image)).collect()
}

/// Whether something is rolled out now, or is about to be.
pub(super) fn is_busy(it: &Value) -> bool {
    let asked = it.get("operation").is_some_and(|operation| !operation.is_null());
    asked || matches!(text(it, "/status/operationState/phase"), Some("Running" | "Terminating"))
}

/// What git asks for now, as Argo CD saw it last.
pub(super) fn asked(it: &Value) -> Option<String> {
    revision(it.pointer("/status/sync")?)
}

/// What was asked of it last: what is about to be rolled out, is being rolled out, or was.
pub(super) fn last(it: &Value) -> Option<Edition> {
    let about_to_be = it.get("operation").filter(|operation| operation.is_object());
    let operation = about_to_be.or_else(|| it.pointer("/status/operationState/operation"))?;
    let sync = operation.get("sync")?;
    // Those that it began by itself say no source.
    let source = sync.get("source").or_else(|| it.pointer("/status/operationState/syncResult/source"));
    edition(sync, source.or_else(|| it.pointer("/spec/source")), String::new())
}

/// Whether what was asked of it last came to no good end: it runs that in part, and its history does not have it.
fn is_half_done(it: &Value) -> bool {
    matches!(text(it, "/status/operationState/phase"), Some("Failed" | "Error"))
}

/// What it runs: what is being rolled out, or was last, if only in part.
pub(super) fn runs(it: &Value) -> Option<Edition> {
    last(it).filter(|_| is_busy(it) || is_half_done(it)).or_else(|| editions(it).into_iter().next())
}

/// What it ran, the newest first.
pub(super) fn editions(it: &Value) -> Vec<Edition> {
    let history = it.pointer("/status/history").and_then(Value::as_array).into_iter().flatten();
    let mut known: Vec<&Value> = history.collect();
    known.sort_by_key(|entry| std::cmp::Reverse(whole(entry, "/id")));
    let of = |entry: &Value| edition(entry, entry.get("source"), whole(entry, "/id").to_string());
    known.into_iter().filter_map(of).collect()
}

/// What an entry of the history brings: what git or a chart is at, and the images that its sources put in place of others.
/// The images themselves are not in it.
fn edition(entry: &Value, source: Option<&Value>, id: String) -> Option<Edition> {
    let hash = revision(entry)?;
    let sources: Vec<&Value> = match entry.get("sources").and_then(Value::as_array) {
        Some(several) if !several.is_empty() => several.iter().collect(),
        Some(_) | None => source.into_iter().collect(),
    };
    let revisions: Vec<&str> = hash.split('+').collect();
    let mut images = Vec::new();
    for (at, revision) in revisions.iter().enumerate() {
        images.push(brought(sources.get(at).copied(), revision));
        images.extend(sources.get(at).copied().into_iter().flat_map(replaced));
    }
    images.sort_unstable();
    let version = match *sources {
        [one] => text(one, "/targetRevision").map(str::to_owned),
        _ => None,
    };
    Some(Edition { revision: id, hash, images, version })
}

/// The revision, or those of several sources.
fn revision(of: &Value) -> Option<String> {
    let several = of.get("revisions").and_then(Value::as_array).into_iter().flatten();
    let several: Vec<&str> = several.filter_map(Value::as_str).collect();
    let one = text(of, "/revision").filter(|revision| !revision.is_empty()).map(str::to_owned);
    if several.is_empty() { one } else { Some(several.join("+")) }
}

/// In the form of an image: `apps/shop@SHA`, or `chart:1.2.3`.
fn brought(source: Option<&Value>, revision: &str) -> String {
    let of = |pointer: &str| source.and_then(|source| text(source, pointer)).filter(|text| !text.is_empty());
    match (of("/chart"), of("/path")) {
        (Some(chart), _) => format!("{chart}:{revision}"),
        (None, path) => format!("{}@{revision}", path.unwrap_or("git")),
    }
}

/// The images that a source puts in place of what git says.
fn replaced(source: &Value) -> Vec<String> {
    let list = |pointer: &str| source.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    let images = list("/kustomize/images").filter_map(Value::as_str).map(str::to_owned);
    let parameters = list("/helm/parameters").filter_map(|parameter| {
        Some(format!("{}:{}", text(parameter, "/name")?, text(parameter, "/value")?))
    });
    images.chain(parameters).collect()
}
