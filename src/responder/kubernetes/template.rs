//! Pod templates.

use serde_json::Value;

use crate::responder::object::field::text;

/// The labels that a `ReplicaSet` adds to its template: one of a Deployment, one of a Rollout.
const HASHES: [&str; 2] = ["pod-template-hash", "rollouts-pod-template-hash"];

/// The images of a template, each behind its container's name, in the order of the names.
pub(super) fn images(template: &Value) -> Vec<String> {
    let of = |pointer: &str, before: &str| -> Vec<String> {
        let containers = template.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        let image =
            |container| Some(format!("{before}{}={}", text(container, "/name")?, text(container, "/image")?));
        containers.filter_map(image).collect()
    };
    let mut all = of("/spec/containers", "");
    all.extend(of("/spec/initContainers", "init/"));
    all.sort_unstable();
    all
}

/// The version that the labels of a template say.
pub(super) fn version(template: &Value) -> Option<String> {
    let label = template.pointer("/metadata/labels")?.get("app.kubernetes.io/version")?;
    label.as_str().map(str::to_owned)
}

/// A template without what its `ReplicaSet` added to it.
pub(super) fn bare(template: &Value) -> Value {
    let mut template = template.clone();
    let labels = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut);
    if let Some(labels) = labels {
        for hash in HASHES {
            labels.remove(hash);
        }
    }
    template
}

/// The hash that a `ReplicaSet`'s labels say.
pub(super) fn hash(set: &Value) -> Option<&str> {
    let labels = set.pointer("/metadata/labels")?;
    HASHES.into_iter().find_map(|hash| labels.get(hash)?.as_str())
}
