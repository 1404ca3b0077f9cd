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
    /// Where the decision is told of; empty where nobody knows how this server is reached.
    pub url: String,
    /// What is told, in a word: `action.requested`, `approval.requested`, `action.held`, `action.failed` or
    /// `action.unrecovered`.
    pub event: String,
    /// The action that is asked for, held or that failed, where it is not the one that tells.
    pub wanted: String,
    /// What holds it back: each guard's word, what it says and what would lift it.
    pub holds: Vec<(String, String, String)>,
    /// How it ended; empty where it has not.
    pub outcome: String,
    /// Where people reach this server; empty where nobody knows.
    pub server: String,
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
            url: word(),
            event: word(),
            wanted: word(),
            holds: vec![(word(), word(), word())],
            outcome: word(),
            server: word(),
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
            url: nothing(),
            wanted: nothing(),
            holds: Vec::new(),
            outcome: nothing(),
            server: nothing(),
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
        // No traffic is shifted by steps yet.
        let decision = vec![
            ("ID", Value::text(&self.decision)),
            ("Headline", Value::text(&self.headline)),
            ("URL", Value::text(&self.url)),
        ];
        let hold = |(word, why, lift): &(String, String, String)| {
            let fields =
                vec![("Word", Value::text(word)), ("Why", Value::text(why)), ("Lift", Value::text(lift))];
            Value::record("hold", fields)
        };
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
            ("Event", Value::text(&self.event)),
            ("Wanted", Value::text(&self.wanted)),
            ("Holds", Value::list(self.holds.iter().map(hold))),
            ("Outcome", Value::text(&self.outcome)),
        ];
        Value::record("action", fields)
    }
}
