//! What a webhook says where its rule does not say otherwise: `{ type, timestamp, data }`, the form that the Standard
//! Webhooks give a payload.

use serde::Serialize;

use crate::decision::{Body, BodyValue, DecisionId, Key, Kind};
use crate::signal::{ChangeId, TargetKey};
use crate::unit::{Confidence, Name, UnixMillis};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An action is asked for.
    ActionRequested,
    /// A person is asked whether an action should be.
    ApprovalRequested,
    /// An action is held back, and nobody can agree to it.
    ActionHeld,
    /// An action did not end well.
    ActionFailed,
    /// A change was taken back, and things were not seen to be well in time.
    ActionUnrecovered,
}

/// What is called for, where a message is not about its own action.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The action that is meant.
    pub action: Name,
    /// What it is for.
    pub kind: Kind,
    /// What holds it back: each guard's word, what it says and what would lift it.
    pub holds: Vec<(&'static str, String, String)>,
    /// How it ended, where it did.
    pub outcome: Option<&'static str>,
    /// Until when somebody may agree.
    pub until: Option<UnixMillis>,
}

/// What is said. Nothing of it changes from one attempt to the next, so each sends the same bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// What it is about.
    pub event: Event,
    /// When it was decided.
    pub at: UnixMillis,
    /// What tells the effect from every other.
    pub key: Key,
    /// What decided it.
    pub decision: DecisionId,
    /// The action.
    pub action: Name,
    /// What it is for.
    pub kind: Kind,
    /// What it is done to.
    pub target: TargetKey,
    /// The change that it is about.
    pub change: ChangeId,
    /// The version that the change brought.
    pub version: String,
    /// The version before, where that is known.
    pub previous: Option<String>,
    /// The gate that judged.
    pub gate: Name,
    /// Its verdict, in a word.
    pub verdict: String,
    /// How sure it is, where it is sure of anything.
    pub confidence: Option<Confidence>,
    /// All of it in a sentence.
    pub headline: String,
    /// Where the decision is told of, where that is known.
    pub url: Option<String>,
    /// What somebody is called for.
    pub call: Option<Call>,
}

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: String,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    key: &'a str,
    decision: String,
    action: &'a str,
    kind: String,
    service: &'a str,
    environment: Option<&'a str>,
    cluster: Option<&'a str>,
    change: &'a str,
    version: &'a str,
    previous: Option<&'a str>,
    gate: &'a str,
    verdict: &'a str,
    confidence: Option<f64>,
    headline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(flatten)]
    call: Option<Called<'a>>,
}

#[derive(Serialize)]
struct Called<'a> {
    wanted: Wanted<'a>,
    holds: Vec<Hold<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

#[derive(Serialize)]
struct Wanted<'a> {
    action: &'a str,
    kind: String,
}

#[derive(Serialize)]
struct Hold<'a> {
    word: &'a str,
    why: &'a str,
    lift: &'a str,
}

impl Call {
    fn shown(&self) -> Called<'_> {
        Called {
            wanted: Wanted { action: self.action.as_str(), kind: self.kind.to_string() },
            holds: self.holds.iter().map(|(word, why, lift)| Hold { word, why, lift }).collect(),
            outcome: self.outcome,
            until: self.until.map(|until| until.to_string()),
        }
    }
}

impl Event {
    /// Its word, by which a receiver tells messages apart.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ActionRequested => "action.requested",
            Self::ApprovalRequested => "approval.requested",
            Self::ActionHeld => "action.held",
            Self::ActionFailed => "action.failed",
            Self::ActionUnrecovered => "action.unrecovered",
        }
    }
}

impl Message {
    /// It as JSON. A serialiser writes every byte, so no text in it can become structure.
    pub fn body(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Payload {
            r#type: self.event.word(),
            timestamp: self.at.to_string(),
            data: Data {
                key: &self.key.0,
                decision: self.decision.to_string(),
                action: self.action.as_str(),
                kind: self.kind.to_string(),
                service: &self.target.service,
                environment: self.target.environment.as_deref(),
                cluster: self.target.cluster.as_deref(),
                change: &self.change.0,
                version: &self.version,
                previous: self.previous.as_deref(),
                gate: self.gate.as_str(),
                verdict: &self.verdict,
                confidence: self.confidence.map(Confidence::share),
                headline: &self.headline,
                url: self.url.as_deref(),
                call: self.call.as_ref().map(Call::shown),
            },
        })
    }
}

/// A body that a rule gives, as JSON.
pub fn json(body: Body<String>) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&structure(BodyValue::Map(body.0)))
}

fn structure(value: BodyValue<String>) -> serde_json::Value {
    match value {
        BodyValue::Null => serde_json::Value::Null,
        BodyValue::Bool(truth) => truth.into(),
        BodyValue::Whole(whole) => whole.into(),
        BodyValue::Number(number) => number.into(),
        BodyValue::Text(text) => text.into(),
        BodyValue::List(values) => values.into_iter().map(structure).collect(),
        BodyValue::Map(values) => serde_json::Value::Object(
            values.into_iter().map(|(name, value)| (name, structure(value))).collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::CellId;

    #[test]
    fn says_all_of_it_and_nothing_breaks_out_of_its_place() {
        let message = Message {
            event: Event::ActionRequested,
            at: UnixMillis::new(1_795_271_400_000),
            key: Key("act_00".to_owned()),
            decision: DecisionId { cell: CellId(1), number: 2 },
            action: "rollback".parse().unwrap(),
            kind: Kind::Rollback,
            target: TargetKey {
                service: "check\",\"out".to_owned(),
                environment: Some("production".to_owned()),
                cluster: None,
            },
            change: ChangeId("chg_1".to_owned()),
            version: "v2".to_owned(),
            previous: Some("v1".to_owned()),
            gate: "http".parse().unwrap(),
            verdict: "fail".to_owned(),
            confidence: Some(Confidence::new(0.99).unwrap()),
            headline: "{\n\u{1b}}".to_owned(),
            url: None,
            call: None,
        };
        let expected = concat!(
            r#"{"type":"action.requested","timestamp":"2026-11-21T14:30:00Z","data":{"key":"act_00","#,
            r#""decision":"0000000000000001-2","action":"rollback","kind":"rollback","#,
            r#""service":"check\",\"out","environment":"production","cluster":null,"change":"chg_1","#,
            r#""version":"v2","previous":"v1","gate":"http","verdict":"fail","confidence":0.99,"#,
            r#""headline":"{\n\u001b}"}}"#,
        );
        assert_eq!(String::from_utf8(message.body().unwrap()).unwrap(), expected);
    }
}
