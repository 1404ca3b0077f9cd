//! What was read of an object.

use std::collections::BTreeMap;

use serde_json::Value;

/// What was read of an object, by the names of the reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Got(BTreeMap<&'static str, Option<Value>>);

impl Got {
    /// It was read, and this is what was there; nothing: there is no such thing, or it may not be read.
    pub fn add(&mut self, name: &'static str, found: Option<Value>) {
        self.0.insert(name, found);
    }

    /// What was there.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)?.as_ref()
    }

    /// Whether it was read, whatever was there.
    pub fn was_read(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}
