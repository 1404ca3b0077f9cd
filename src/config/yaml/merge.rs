//! What holds for the keys of a mapping: each once, and `<<` brings in those of another.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::yaml::node::{Entry, Node, Style, Value};
use crate::lint::{Finding, name};
use crate::unit::Place;

/// The entries with `<<` carried out, each key once; what breaks a rule is reported and left out.
pub(super) fn settle(mut entries: Vec<Entry>, text: &str, findings: &mut Vec<Finding>) -> Vec<Entry> {
    once(&mut entries, text, findings);
    let Some(at) = entries.iter().position(|entry| is_merge(&entry.key)) else { return entries };
    let merge = entries.remove(at);
    let Some(sources) = sources(&merge.value) else {
        let message = "`<<` takes a mapping, an alias of one, or a list of these";
        let finding = Finding::error(name::WRONG_TYPE, merge.value.written(), message);
        findings.push(finding.help("quote it (`\"<<\"`) where an ordinary key of that name is meant"));
        return entries;
    };
    // What is written here wins, then the sources in their order.
    let mut taken: BTreeSet<&str> = entries.iter().filter_map(|own| own.key.text()).collect();
    let merged = sources.into_iter().filter_map(Node::entries).flatten();
    let merged: Vec<Entry> =
        merged.filter(|entry| entry.key.text().is_none_or(|key| taken.insert(key))).cloned().collect();
    entries.extend(merged);
    entries
}

/// A quoted `<<` is an ordinary key.
fn is_merge(key: &Node) -> bool {
    let plain = matches!(&key.value, Value::Scalar(scalar) if scalar.style == Style::Plain);
    let tagged = key.tag.as_deref();
    key.alias.is_none()
        && key.text() == Some("<<")
        && (tagged == Some("!!merge") || (plain && matches!(tagged, None | Some("!"))))
}

/// The mappings that a `<<` brings in; none where it takes something else.
fn sources(value: &Node) -> Option<Vec<&Node>> {
    match &value.value {
        Value::Map(_) => Some(vec![value]),
        Value::List(items) if value.alias.is_none() => {
            items.iter().all(|item| item.entries().is_some()).then(|| items.iter().collect())
        }
        Value::List(_) | Value::Scalar(_) => None,
    }
}

/// Two keys are one when they are written alike; how an alias resolves does not count.
fn once(entries: &mut Vec<Entry>, text: &str, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<(u8, &str), Place> = BTreeMap::new();
    let before = findings.len();
    let mut keep = Vec::with_capacity(entries.len());
    for entry in entries.iter() {
        let (kind, word) = spelling(&entry.key, text);
        let first = seen.get(&(kind, word)).copied();
        keep.push(first.is_none());
        match first {
            None => {
                seen.insert((kind, word), entry.key.written());
            }
            Some(first) => {
                let message = format!("the key `{word}` stands here a second time");
                let finding = Finding::error(name::DUPLICATE_KEY, entry.key.written(), message);
                findings.push(finding.help("keep one of the two").with(first, "it stands here first"));
            }
        }
    }
    if findings.len() > before {
        let mut keep = keep.into_iter();
        entries.retain(|_| keep.next().unwrap_or(true));
    }
}

/// The kind of a key and how it is written.
fn spelling<'n>(key: &'n Node, text: &'n str) -> (u8, &'n str) {
    match (&key.alias, &key.value) {
        (Some(alias), _) => (0, alias.extent.of(text)),
        (None, Value::Scalar(scalar)) => (1, &scalar.text),
        (None, Value::List(_)) => (2, ""),
        (None, Value::Map(_)) => (3, ""),
    }
}
