//! Answers to queries, which a template is given and never fetches.

use std::collections::BTreeMap;

use crate::template::value::Value;

/// What is known so far.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers(BTreeMap<String, Result<Value, String>>);

impl Answers {
    /// Takes in what a query found, each with its labels, or why it found nothing.
    pub fn add(&mut self, query: impl Into<String>, found: Result<Vec<(Vec<(String, String)>, f64)>, String>) {
        let samples = found
            .map(|found| Value::list(found.into_iter().map(|(labels, value)| Value::sample(labels, value))));
        self.0.insert(query.into(), samples);
    }

    pub(super) fn get(&self, query: &str) -> Option<&Result<Value, String>> {
        self.0.get(query)
    }
}
