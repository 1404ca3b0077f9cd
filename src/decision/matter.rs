//! What an action is about, as the texts of a rule name it.

use crate::template::Value;

/// What the texts of an action are filled from. It does not change from one attempt to the next.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matter {
    /// The service.
    pub service: String,
    /// The environment; empty where there is none.
    pub environment: String,
    /// The cluster; empty where there is none.
    pub cluster: String,
    /// The change.
    pub change: String,
    /// What kind of change it is, in a word.
    pub change_kind: String,
    /// The version that the change brought.
    pub version: String,
    /// The version before; empty where nobody knows it.
    pub previous: String,
    /// The action.
    pub action: String,
    /// What it is for, in a word.
    pub kind: String,
    /// The gate that judged.
    pub gate: String,
    /// Its verdict, in a word.
    pub verdict: String,
    /// How sure it is, where it is sure of anything.
    pub confidence: Option<f64>,
    /// What tells the effect from every other.
    pub key: String,
    /// Where it says what to do; empty where nobody wrote it.
    pub runbook: String,
    /// Who is asked about it; empty where it is nobody.
    pub owner: String,
    /// What decided it.
    pub decision: String,
    /// All of it in a sentence.
    pub headline: String,
}

impl Matter {
    /// One of which everything is known.
    pub(super) fn full() -> Self {
        let word = || "word".to_owned();
        Self {
            service: word(),
            environment: word(),
            cluster: word(),
            change: word(),
            change_kind: word(),
            version: word(),
            previous: word(),
            action: word(),
            kind: word(),
            gate: word(),
            verdict: word(),
            confidence: Some(0.99),
            key: word(),
            runbook: word(),
            owner: word(),
            decision: word(),
            headline: word(),
        }
    }

    /// One of which nothing is known that need not be.
    pub(super) fn bare() -> Self {
        let nothing = String::new;
        Self {
            environment: nothing(),
            cluster: nothing(),
            previous: nothing(),
            runbook: nothing(),
            owner: nothing(),
            confidence: None,
            ..Self::full()
        }
    }

    /// The dot of a template.
    pub(super) fn value(&self) -> Value {
        let change = vec![
            ("ID", Value::text(&self.change)),
            ("Kind", Value::text(&self.change_kind)),
            ("Version", Value::text(&self.version)),
            ("Previous", Value::text(&self.previous)),
        ];
        // There is no page to link to yet, and no traffic is shifted by steps yet.
        let decision = vec![
            ("ID", Value::text(&self.decision)),
            ("Headline", Value::text(&self.headline)),
            ("URL", Value::text("")),
        ];
        let fields = vec![
            ("Service", Value::text(&self.service)),
            ("Environment", Value::text(&self.environment)),
            ("Cluster", Value::text(&self.cluster)),
            ("Version", Value::text(&self.version)),
            ("Previous", Value::text(&self.previous)),
            ("Change", Value::record("change", change)),
            ("Action", Value::text(&self.action)),
            ("Kind", Value::text(&self.kind)),
            ("Gate", Value::text(&self.gate)),
            ("Verdict", Value::text(&self.verdict)),
            ("Confidence", self.confidence.map_or(Value::Missing, Value::Float)),
            ("Key", Value::text(&self.key)),
            ("Runbook", Value::text(&self.runbook)),
            ("Owner", Value::text(&self.owner)),
            ("Decision", Value::record("decision", decision)),
            ("Weight", Value::text("")),
        ];
        Value::record("action", fields)
    }
}
