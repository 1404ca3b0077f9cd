//! Holding JSON against the schemas of a document: as much of JSON Schema as our document uses. A word that is not known
//! here fails, so nothing is passed over.
#![expect(clippy::panic, reason = "a schema that cannot be read has failed")]

use regex::Regex;
use serde_json::Value;

/// Words that say nothing about what holds.
const SAYS_NOTHING: [&str; 6] = ["description", "examples", "example", "default", "title", "propertyNames"];

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
            "type" => {
                let kinds = asks.as_array().map_or(std::slice::from_ref(asks), Vec::as_slice);
                kinds.iter().any(|kind| is(value, kind))
            }
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
            "additionalProperties" => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    found.extend(wrong(document, asks, value, &format!("{at}/{name}")));
                }
                true
            }
            "items" => {
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    found.extend(wrong(document, asks, value, &format!("{at}/{index}")));
                }
                true
            }
            word if SAYS_NOTHING.contains(&word) => true,
            word => {
                scalar(word, asks, value).unwrap_or_else(|| panic!("{at}: {word} {asks} is not known here"))
            }
        };
        if !holds {
            found.push(format!("{at}: {value} is not as {word} asks: {asks}"));
        }
    }
    found
}

/// Whether a text or a number is as a word asks; nothing where the word is not known.
fn scalar(word: &str, asks: &Value, value: &Value) -> Option<bool> {
    let numbers = || value.as_f64().zip(asks.as_f64());
    Some(match word {
        "pattern" => value.as_str().is_none_or(|text| {
            let pattern = Regex::new(asks.as_str().unwrap_or_default());
            pattern.is_ok_and(|pattern| pattern.is_match(text))
        }),
        "minimum" => numbers().is_none_or(|(value, least)| least <= value),
        "maximum" => numbers().is_none_or(|(value, most)| value <= most),
        "format" => match asks.as_str()? {
            "date-time" => value.as_str().is_none_or(|text| text.ends_with('Z')),
            "double" | "int32" | "int64" => true,
            _ => return None,
        },
        _ => return None,
    })
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
