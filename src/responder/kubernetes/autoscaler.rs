//! Autoscalers. One takes pods away from a bad release that does no work any more, and brings them back one load after the
//! other; what is gone back to would be run over in between.

use serde_json::Value;

use crate::responder::kubernetes::read;
use crate::responder::object::field::{items, named, query, text, whole};
use crate::responder::object::{Got, Need, Read};
use crate::signal::Object;

/// What the autoscalers of its namespace are called among what was read.
const AUTOSCALERS: &str = "autoscalers";

/// The most autoscalers of a namespace that are read.
const MOST: usize = 500;

pub(super) const NEED: Need =
    Need { group: "autoscaling", resource: "horizontalpodautoscalers", verb: "list" };

/// The list of them. Whoever may not read it goes back with the pods that there are.
pub(super) fn list(object: &Object) -> Read {
    let namespace = query(object.namespace().unwrap_or_default());
    let path = format!("/apis/autoscaling/v1/namespaces/{namespace}/horizontalpodautoscalers?limit={MOST}");
    Read { may_be_forbidden: true, ..read(AUTOSCALERS, path) }
}

/// How many pods an undo asks for, where its autoscaler left fewer: as many as the revision that it goes back to had when it
/// last served, which an annotation of its `ReplicaSet` says, and no more than the autoscaler lets there be.
pub(super) fn pods(it: &Value, (set, annotation): (&Value, &str), got: &Got) -> Option<u64> {
    let is_its = |scaler: &&Value| {
        let of = |field: &str| text(scaler, &format!("/spec/scaleTargetRef/{field}"));
        of("kind") == text(it, "/kind") && of("name") == text(it, "/metadata/name")
    };
    let scaler = got.get(AUTOSCALERS).into_iter().flat_map(items).find(is_its)?;
    let now = it.pointer("/spec/replicas").and_then(Value::as_u64)?;
    let had: u64 = named(set, "annotations", annotation)?.parse().ok()?;
    // What somebody scaled to nothing stays at that.
    Some(had.min(whole(scaler, "/spec/maxReplicas"))).filter(|pods| 0 < now && now < *pods)
}
