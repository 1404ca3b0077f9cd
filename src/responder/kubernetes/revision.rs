//! Revisions: which are an object's own, and what each would run.

use serde_json::Value;

use crate::decision::Edition;
use crate::responder::kubernetes::{REVISIONS, path, read, template};
use crate::responder::object::field::{controller, items, named, query, selector, text};
use crate::responder::object::{Got, Read};
use crate::signal::Object;

/// The most revisions that are read. Ten are kept where nobody says otherwise.
const MOST: usize = 500;

/// The list of an object's revisions, by its selector.
pub(super) fn list(object: &Object, resource: &str, it: &Value) -> Read {
    let selector = selector(it.pointer("/spec/selector"));
    let list = path(object, resource, None);
    read(REVISIONS, format!("{list}?labelSelector={}&limit={MOST}", query(&selector)))
}

/// The revisions that an object made: others may have labels that its selector finds.
pub(super) fn own<'a>(got: &'a Got, uid: &str) -> impl Iterator<Item = &'a Value> {
    let is_own = move |it: &&Value| controller(it).is_some_and(|owner| text(owner, "/uid") == Some(uid));
    got.get(REVISIONS).into_iter().flat_map(items).filter(is_own)
}

/// What is asked for and is no revision yet.
pub(super) fn unrolled(asked: &Value) -> Edition {
    Edition { images: template::images(asked), version: template::version(asked), ..Edition::default() }
}

/// What a `ReplicaSet` runs; an annotation of that name carries the number of its revision.
pub(super) fn of_set(set: &Value, annotation: &str) -> Edition {
    Edition {
        revision: number(set, annotation).map(|number| number.to_string()).unwrap_or_default(),
        hash: template::hash(set).unwrap_or_default().to_owned(),
        ..unrolled(set.pointer("/spec/template").unwrap_or(&Value::Null))
    }
}

/// The number of a revision, by the annotation that carries it.
pub(super) fn number(it: &Value, annotation: &str) -> Option<u64> {
    named(it, "annotations", annotation)?.parse().ok()
}

/// An object's own `ReplicaSets`, the newest first.
pub(super) fn sets<'a>(got: &'a Got, uid: &str, annotation: &str) -> Vec<&'a Value> {
    let mut sets: Vec<&Value> = own(got, uid).collect();
    sets.sort_by_cached_key(|set| std::cmp::Reverse(number(set, annotation).unwrap_or_default()));
    sets
}

/// All of them but the one that runs.
pub(super) fn others<'a>(known: &[&'a Value], running: Option<&Value>) -> impl Iterator<Item = &'a Value> {
    known.iter().copied().filter(move |it| running.is_none_or(|running| !std::ptr::eq(running, *it)))
}

/// Whether a `ReplicaSet` runs what is asked for.
pub(super) fn is_asked(set: &Value, asked: &Value) -> bool {
    set.pointer("/spec/template").is_some_and(|of| template::bare(of) == template::bare(asked))
}
