//! Answers to queries, which a template is given and never fetches.

use std::collections::BTreeMap;

use crate::template::value::Value;

/// One of the values that a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its labels, the name of its metric among them.
    pub labels: Vec<(String, String)>,
    /// The value.
    pub value: f64,
}

/// What is known so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers(BTreeMap<String, Result<Value, String>>);

impl Answers {
    /// Takes in what a query found, or why it found nothing.
    pub fn add(&mut self, query: impl Into<String>, found: Result<Vec<Found>, String>) {
        let sample = |Found { labels, value }| Value::sample(labels, value);
        self.0.insert(query.into(), found.map(|found| Value::list(found.into_iter().map(sample))));
    }

    pub(super) fn get(&self, query: &str) -> Option<&Result<Value, String>> {
        self.0.get(query)
    }
}
