//! Patches as servers apply them: those of JSON (RFC 6902), and merges as Kubernetes has them.

use serde_json::{Map, Value};

/// What becomes of it by a list of operations; else why they do not fit.
pub(super) fn patched(it: &Value, operations: &Value) -> Result<Value, String> {
    let mut it = it.clone();
    for operation in operations.as_array().ok_or("the patch is no list")? {
        let text = |name: &str| operation.get(name).and_then(Value::as_str);
        let (op, path) = (text("op").ok_or("no operation")?, text("path").ok_or("no path")?);
        let value = operation.get("value").unwrap_or(&Value::Null);
        let done = match op {
            "test" => it.pointer(path) == Some(value),
            "replace" => it.pointer_mut(path).map(|old| *old = value.clone()).is_some(),
            "add" => parent(&mut it, path).map(|(of, name)| of.insert(name, value.clone())).is_some(),
            "remove" => parent(&mut it, path).and_then(|(of, name)| of.remove(&name)).is_some(),
            _ => false,
        };
        if !done {
            return Err(format!("{op} does not fit at {path}"));
        }
    }
    Ok(it)
}

/// The fields that a path leads into, and the name of the last one.
fn parent<'a>(it: &'a mut Value, path: &str) -> Option<(&'a mut Map<String, Value>, String)> {
    let (above, name) = path.rsplit_once('/')?;
    let above = it.pointer_mut(above)?.as_object_mut()?;
    Some((above, name.replace("~1", "/").replace("~0", "~")))
}

/// Merges into it what a patch says: `null` takes out, and `$patch: replace` takes the place of all that was there.
pub(super) fn merge(it: &mut Value, patch: &Value) {
    let Value::Object(said) = patch else {
        it.clone_from(patch);
        return;
    };
    let mut said = said.clone();
    let replaces = said.remove("$patch").is_some_and(|how| how == "replace");
    match it {
        Value::Object(own) if !replaces => {
            for (name, value) in &said {
                if value.is_null() {
                    own.remove(name);
                } else {
                    merge(own.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        Value::Object(_)
        | Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Array(_) => *it = Value::Object(said),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_are_done_in_their_order_or_not_at_all() {
        let it = json!({"a": {"b/c": 1}, "d": [{"e": 2}]});
        for (operations, came) in [
            (json!([{"op": "test", "path": "/a/b~1c", "value": 1}]), Some(it.clone())),
            (json!([{"op": "test", "path": "/a/b~1c", "value": 2}]), None),
            (json!([{"op": "test", "path": "/f", "value": null}]), None),
            (
                json!([{"op": "add", "path": "/a/f", "value": 3}, {"op": "remove", "path": "/a/b~1c"}]),
                Some(json!({"a": {"f": 3}, "d": [{"e": 2}]})),
            ),
            (
                json!([{"op": "replace", "path": "/d/0/e", "value": 3}]),
                Some(json!({"a": {"b/c": 1}, "d": [{"e": 3}]})),
            ),
            (json!([{"op": "replace", "path": "/f", "value": 3}]), None),
            (json!([{"op": "add", "path": "/f/g", "value": 3}]), None),
            (json!([{"op": "remove", "path": "/f"}]), None),
            (json!([{"op": "move", "path": "/a", "from": "/d"}]), None),
            (json!({"op": "remove", "path": "/a"}), None),
        ] {
            assert_eq!(patched(&it, &operations).ok(), came, "{operations}");
        }
    }

    #[test]
    fn a_merge_keeps_what_it_does_not_name() {
        for (patch, came) in [
            (json!({"a": {"c": 3}}), json!({"a": {"b": 1, "c": 3}, "d": 2})),
            (json!({"a": null}), json!({"d": 2})),
            (json!({"e": null}), json!({"a": {"b": 1}, "d": 2})),
            (json!({"a": {"$patch": "replace", "c": 3}}), json!({"a": {"c": 3}, "d": 2})),
            (json!({"d": {"e": 3}}), json!({"a": {"b": 1}, "d": {"e": 3}})),
        ] {
            let mut it = json!({"a": {"b": 1}, "d": 2});
            merge(&mut it, &patch);
            assert_eq!(it, came, "{patch}");
        }
    }
}
