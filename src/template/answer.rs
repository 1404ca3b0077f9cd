//! Answers to queries, which a template is given and never fetches.

use std::collections::BTreeMap;

use crate::template::value::Value;

/// One of the values that a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its labels, the name of its metric among them.
    pub labels: BTreeMap<String, String>,
    /// The value.
    pub value: f64,
}

/// What is known so far: for each query what it found, or why there is no answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers(pub BTreeMap<String, Result<Vec<Found>, String>>);

impl Answers {
    /// Takes in what a query found, or why it has no answer.
    pub fn add(&mut self, query: impl Into<String>, found: Result<Vec<Found>, String>) {
        self.0.insert(query.into(), found);
    }

    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, query: &str) -> Option<Result<Value, &str>> {
        let sample = |Found { labels, value }: &Found| Value::sample(labels, *value);
        let list = |found: &Vec<Found>| Value::list(found.iter().map(sample));
        Some(self.0.get(query)?.as_ref().map(list).map_err(String::as_str))
    }
}
