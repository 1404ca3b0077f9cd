//! Holding JSON against the schemas of a document: as much of JSON Schema as our document uses. A word that is not known
//! here fails, so nothing is passed over.
#![expect(clippy::panic, reason = "a schema that cannot be read has failed")]

use regex::Regex;
use serde_json::Value;

/// Words that say nothing about what holds.
const SAYS_NOTHING: [&str; 5] = ["description", "examples", "example", "default", "title"];

/// What is wrong with a value, each with its place.
pub(crate) fn wrong(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let Value::Object(words) = schema else { return Vec::new() };
    let mut found = Vec::new();
    for (word, asks) in words {
        let mut all = |schema: &Value| found.extend(wrong(document, schema, value, at));
        let holds = match word.as_str() {
            "$ref" => {
                let pointer = asks.as_str().and_then(|text| text.strip_prefix('#')).unwrap_or_default();
                let target = document.pointer(pointer);
                all(target.unwrap_or_else(|| panic!("{at}: nothing is at {pointer}")));
                true
            }
            "allOf" => {
                asks.as_array().into_iter().flatten().for_each(all);
                true
            }
            "oneOf" => {
                let each = asks.as_array().into_iter().flatten();
                each.filter(|schema| wrong(document, schema, value, at).is_empty()).count() == 1
            }
            "type" => match asks {
                Value::Array(kinds) => kinds.iter().any(|kind| is(value, kind)),
                kind => is(value, kind),
            },
            "enum" => asks.as_array().is_some_and(|known| known.contains(value)),
            "required" => {
                let names = asks.as_array().into_iter().flatten().filter_map(Value::as_str);
                let missing: Vec<&str> = names.filter(|name| value.get(name).is_none()).collect();
                found.extend(missing.iter().map(|name| format!("{at}: no {name}")));
                true
            }
            "properties" => {
                for (name, schema) in asks.as_object().into_iter().flatten() {
                    if let Some(value) = value.get(name) {
                        found.extend(wrong(document, schema, value, &format!("{at}/{name}")));
                    }
                }
                // Whatever is not documented is wrong as well.
                let known = |name: &String| asks.get(name).is_some();
                let odd: Vec<&String> = value
                    .as_object()
                    .into_iter()
                    .flat_map(|own| own.keys())
                    .filter(|name| !known(name))
                    .collect();
                found.extend(odd.iter().map(|name| format!("{at}: {name} is not documented")));
                true
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(wrong(document, asks, value, &format!("{at}/{index}")));
                }
                true
            }
            "pattern" => value.as_str().is_none_or(|text| {
                let pattern = Regex::new(asks.as_str().unwrap_or_default());
                pattern.is_ok_and(|pattern| pattern.is_match(text))
            }),
            "minimum" => value.as_f64().zip(asks.as_f64()).is_none_or(|(value, least)| least <= value),
            "maximum" => value.as_f64().zip(asks.as_f64()).is_none_or(|(value, most)| value <= most),
            "format" => match asks.as_str() {
                Some("date-time") => value.as_str().is_some_and(|text| text.ends_with('Z')),
                Some("double" | "int32" | "int64") => true,
                _ => panic!("{at}: a format that is not known: {asks}"),
            },
            known if SAYS_NOTHING.contains(&known) => true,
            _ => panic!("{at}: a word that is not known: {word}"),
        };
        if !holds {
            found.push(format!("{at}: {value} is not as {word} asks: {asks}"));
        }
    }
    found
}

fn is(value: &Value, kind: &Value) -> bool {
    match kind.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    }
}
