//! Prometheus's rule groups as they are typed.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::yaml::{Given, List, Number, Pairs, Text};

/// A group of rules.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Group {
    /// Its name, once in the file.
    pub(crate) name: Given<Text>,
    /// How often it is evaluated, like `30s`; as often as every group where nothing is said.
    pub(crate) interval: Given<Text>,
    /// How far back its queries look, like `1m`.
    pub(crate) query_offset: Given<Text>,
    /// How many series or alerts one of its rules may come to; 0 for any number.
    pub(crate) limit: Given<Number>,
    /// Labels for all its rules.
    pub(crate) labels: Given<Pairs>,
    /// The rules, evaluated in this order.
    pub(crate) rules: List<Rule>,
}

/// A rule: `record` or `alert`, and `expr`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Rule {
    /// The name of the series to write.
    pub(crate) record: Given<Text>,
    /// The name of the alert to fire.
    pub(crate) alert: Given<Text>,
    /// The PromQL expression.
    pub(crate) expr: Given<Text>,
    /// How long an alert is pending before it fires, like `5m`.
    #[serde(rename = "for")]
    pub(crate) hold: Given<Text>,
    /// How long an alert keeps firing once nothing is returned any more.
    pub(crate) keep_firing_for: Given<Text>,
    /// Labels to add or to set; templates where it is an alert.
    pub(crate) labels: Given<Pairs>,
    /// What is told with each alert: templates.
    pub(crate) annotations: Given<Pairs>,
}
