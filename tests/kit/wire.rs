//! Protobuf read by its wire format alone, and OTLP's traces by the numbers of their fields.
#![expect(clippy::unwrap_used, reason = "what cannot be read has failed")]
#![expect(clippy::panic, reason = "what cannot be read has failed")]

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A field of a message.
#[derive(Debug, Clone)]
enum Field {
    Varint(u64),
    Fixed(u64),
    Bytes(Vec<u8>),
}

/// The fields of a message, by their numbers.
fn message(mut bytes: &[u8]) -> BTreeMap<u64, Vec<Field>> {
    let mut fields: BTreeMap<u64, Vec<Field>> = BTreeMap::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Varint(varint(&mut bytes)),
            1 => Field::Fixed(u64::from_le_bytes(taken(&mut bytes, 8).try_into().unwrap())),
            2 => {
                let length = usize::try_from(varint(&mut bytes)).unwrap();
                Field::Bytes(taken(&mut bytes, length).to_vec())
            }
            kind => panic!("a field of kind {kind}"),
        };
        fields.entry(key >> 3).or_default().push(field);
    }
    fields
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = taken(bytes, 1)[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return value;
        }
    }
    panic!("a number that does not end");
}

fn taken<'b>(bytes: &mut &'b [u8], count: usize) -> &'b [u8] {
    let (taken, rest) = bytes.split_at(count);
    *bytes = rest;
    taken
}

/// The messages in a field.
fn messages(of: &BTreeMap<u64, Vec<Field>>, field: u64) -> Vec<BTreeMap<u64, Vec<Field>>> {
    of.get(&field).into_iter().flatten().map(|field| message(bytes(field))).collect()
}

fn bytes(field: &Field) -> &[u8] {
    match field {
        Field::Bytes(bytes) => bytes,
        Field::Varint(_) | Field::Fixed(_) => panic!("no bytes: {field:?}"),
    }
}

fn text(of: &BTreeMap<u64, Vec<Field>>, field: u64) -> String {
    of.get(&field).map_or_else(String::new, |found| String::from_utf8(bytes(&found[0]).to_vec()).unwrap())
}

fn id(of: &BTreeMap<u64, Vec<Field>>, field: u64) -> String {
    let found = of.get(&field).map(|found| bytes(&found[0]).to_vec()).unwrap_or_default();
    backstop::unit::hex(&found)
}

fn nanos(of: &BTreeMap<u64, Vec<Field>>, field: u64) -> u64 {
    match of.get(&field).map(|found| &found[0]) {
        Some(Field::Fixed(nanos)) => *nanos,
        other => panic!("no time: {other:?}"),
    }
}

fn attributes(of: &BTreeMap<u64, Vec<Field>>, field: u64) -> Value {
    let pair = |own: BTreeMap<u64, Vec<Field>>| {
        let value = messages(&own, 2).remove(0);
        let (number, found) = value.into_iter().next().unwrap();
        let value = match (number, &found[0]) {
            (1, Field::Bytes(bytes)) => json!(std::str::from_utf8(bytes).unwrap()),
            (2, Field::Varint(value)) => json!(*value == 1),
            (3, Field::Varint(value)) => json!(i64::from_ne_bytes(value.to_ne_bytes())),
            (4, Field::Fixed(value)) => json!(f64::from_bits(*value)),
            other => panic!("a value that is not known: {other:?}"),
        };
        (text(&own, 1), value)
    };
    messages(of, field).into_iter().map(pair).collect::<serde_json::Map<_, _>>().into()
}

/// The spans of an `ExportTraceServiceRequest`, each with what is known of its process.
pub(crate) fn spans(body: &[u8]) -> Vec<Value> {
    let mut found = Vec::new();
    for resource_spans in messages(&message(body), 1) {
        let resource = attributes(&messages(&resource_spans, 1).remove(0), 1);
        for scope_spans in messages(&resource_spans, 2) {
            let scope = text(&messages(&scope_spans, 1).remove(0), 1);
            for span in messages(&scope_spans, 2) {
                found.push(json!({
                    "resource": resource,
                    "scope": scope,
                    "trace": id(&span, 1),
                    "id": id(&span, 2),
                    "parent": id(&span, 4),
                    "name": text(&span, 5),
                    "start": nanos(&span, 7),
                    "end": nanos(&span, 8),
                    "attributes": attributes(&span, 9),
                }));
            }
        }
    }
    found
}
