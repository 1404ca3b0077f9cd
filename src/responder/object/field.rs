//! Fields of objects, and what goes into addresses.

use std::fmt::Write as _;

use serde_json::Value;

/// A text in an object.
pub(in crate::responder) fn text<'a>(it: &'a Value, pointer: &str) -> Option<&'a str> {
    it.pointer(pointer)?.as_str()
}

/// A whole number in an object; none where there is none, as zeros are left out.
pub(in crate::responder) fn whole(it: &Value, pointer: &str) -> u64 {
    it.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
}

/// A label or an annotation: their names hold slashes.
pub(in crate::responder) fn named<'a>(it: &'a Value, of: &str, name: &str) -> Option<&'a str> {
    it.pointer("/metadata")?.get(of)?.get(name)?.as_str()
}

/// The pointer of an annotation.
pub(in crate::responder) fn annotation(name: &str) -> String {
    format!("/metadata/annotations/{}", name.replace('/', "~1"))
}

/// The items of a list.
pub(in crate::responder) fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.get("items").and_then(Value::as_array).into_iter().flatten()
}

/// The controller that an object belongs to.
pub(in crate::responder) fn controller(it: &Value) -> Option<&Value> {
    let owners = it.pointer("/metadata/ownerReferences")?.as_array()?;
    owners.iter().find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true))
}

/// A selector, as it is written in a query.
pub(in crate::responder) fn selector(selector: Option<&Value>) -> String {
    let mut parts = Vec::new();
    let labels = selector.and_then(|it| it.get("matchLabels")).and_then(Value::as_object);
    for (label, value) in labels.into_iter().flatten() {
        parts.push(format!("{label}={}", value.as_str().unwrap_or_default()));
    }
    let expressions = selector.and_then(|it| it.get("matchExpressions")).and_then(Value::as_array);
    for expression in expressions.into_iter().flatten() {
        parts.extend(matches(expression));
    }
    parts.join(",")
}

fn matches(expression: &Value) -> Option<String> {
    let label = expression.get("key")?.as_str()?;
    let values = expression.get("values").and_then(Value::as_array).into_iter().flatten();
    let values: Vec<&str> = values.filter_map(Value::as_str).collect();
    let values = values.join(",");
    match expression.get("operator")?.as_str()? {
        "In" => Some(format!("{label} in ({values})")),
        "NotIn" => Some(format!("{label} notin ({values})")),
        "Exists" => Some(label.to_owned()),
        "DoesNotExist" => Some(format!("!{label}")),
        _ => None,
    }
}

/// A text as part of an address: nothing in it can end that part.
pub(in crate::responder) fn query(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut all, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            all.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            write!(all, "%{byte:02X}").ok();
        }
        all
    })
}
