//! What happens, as whoever listens hears of it: each notice in one shape.

use serde::Serialize;
use utoipa::ToSchema;

use crate::decision::{Answer, CellId, Key};
use crate::engine::{Engine, Notice};
use crate::gate::Standing;
use crate::ledger::recovery_words;
use crate::surface::evidence::VerdictWord;
use crate::unit::UnixMillis;

/// Something that happened. What it does not say it leaves out.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Event {
    /// When.
    pub at: String,
    /// The gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub gate: Option<String>,
    /// What tells it from every other gate that watches a change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cell: Option<String>,
    /// The change.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub change: Option<String>,
    /// The service that was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub service: Option<String>,
    /// Its environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub environment: Option<String>,
    /// Its cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cluster: Option<String>,
    /// The version that the change brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub version: Option<String>,
    /// From when on the gate counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub from: Option<String>,
    /// How many looks it took.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub looks: Option<u32>,
    /// Its verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<VerdictWord>, nullable = false)]
    pub verdict: Option<&'static str>,
    /// How sure it is that something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub confidence: Option<f64>,
    /// The decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision: Option<String>,
    /// What is done about it: `act`, `ask` or `hold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub course: Option<String>,
    /// What tells the action from every other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
    /// The action.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub action: Option<String>,
    /// The alert.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alert: Option<String>,
    /// The number of the attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attempt: Option<u32>,
    /// What came of it, in a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<&'static str>,
    /// Why, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub why: Option<String>,
}

/// What kind of notice it is, in a word.
pub const fn kind(notice: &Notice) -> &'static str {
    match notice {
        Notice::Awaited(_) => "awaited",
        Notice::Began(..) => "began",
        Notice::Looked(..) => "looked",
        Notice::Decided(..) => "decided",
        Notice::Refused(..) => "refused",
        Notice::Sent(..) => "sent",
        Notice::Answered(..) => "answered",
        Notice::Closed(..) => "closed",
        Notice::Ended(..) => "ended",
        Notice::Withdrawn { .. } => "withdrawn",
        Notice::Reloaded { .. } => "reloaded",
        Notice::Alerted(_) => "alerted",
        Notice::Recovery(..) => "recovery",
    }
}

/// A notice.
pub fn shown(notice: &Notice, engine: &Engine, now: UnixMillis) -> Event {
    let told = match notice {
        Notice::Awaited(id) => of_cell(*id, engine),
        Notice::Began(id, from) => Event { from: Some(from.to_string()), ..of_cell(*id, engine) },
        Notice::Looked(id, standing) => stands(of_cell(*id, engine), standing),
        Notice::Decided(id, course) => {
            let own = of_cell(id.cell, engine);
            let standing = engine.cell(id.cell).map(crate::engine::Cell::standing);
            let own = match standing {
                Some(standing) => stands(own, &standing),
                None => own,
            };
            Event { decision: Some(id.to_string()), course: Some(course.to_string()), ..own }
        }
        Notice::Refused(key, why) => Event { why: Some(why.to_string()), ..of_key(key, engine) },
        Notice::Sent(key, attempt) => Event { attempt: Some(*attempt), ..of_key(key, engine) },
        Notice::Answered(key, attempt, answer) => {
            let (outcome, why) = came(answer);
            let (attempt, outcome) = (Some(*attempt), Some(outcome));
            Event { attempt, outcome, why: Some(why), ..of_key(key, engine) }
        }
        Notice::Closed(key, outcome, why) => {
            Event { outcome: Some(outcome.word()), why: Some(why.clone()), ..of_key(key, engine) }
        }
        Notice::Ended(id, why, standing) => {
            Event { outcome: Some(why.word()), ..stands(of_cell(*id, engine), standing) }
        }
        Notice::Withdrawn { cell, gate, change, target, standing } => {
            let own = Event {
                cell: Some(cell.to_string()),
                gate: Some(gate.to_string()),
                change: Some(change.0.clone()),
                service: Some(target.service.clone()),
                environment: target.environment.clone(),
                cluster: target.cluster.clone(),
                outcome: Some(crate::gate::Ending::Withdrawn.word()),
                ..Event::default()
            };
            stands(own, standing)
        }
        Notice::Reloaded { config, .. } => {
            Event { why: Some(format!("rules {config} are in force")), ..Event::default() }
        }
        Notice::Recovery(id, recovery) => {
            let (outcome, why) = (Some(recovery.word()), Some(recovery_words(recovery)));
            Event { outcome, why, ..of_cell(*id, engine) }
        }
        Notice::Alerted(incident) => {
            let target = incident.of.target();
            Event {
                alert: Some(incident.alert.name().to_owned()),
                service: target.map(|target| target.service.clone()),
                environment: target.and_then(|target| target.environment.clone()),
                cluster: target.and_then(|target| target.cluster.clone()),
                outcome: Some(if incident.resolved.is_some() { "resolved" } else { "firing" }),
                ..Event::default()
            }
        }
    };
    Event { at: now.to_string(), ..told }
}

fn of_cell(id: CellId, engine: &Engine) -> Event {
    let own = Event { cell: Some(id.to_string()), ..Event::default() };
    let Some(cell) = engine.cell(id) else { return own };
    let (change, target) = (&cell.change, &cell.change.target);
    Event {
        gate: Some(engine.program().watches[cell.watch].gate.name.to_string()),
        change: Some(change.id.0.clone()),
        service: Some(target.service.clone()),
        environment: target.environment.clone(),
        cluster: target.cluster.clone(),
        version: Some(change.version.clone()),
        ..own
    }
}

fn of_key(key: &Key, engine: &Engine) -> Event {
    let intention = engine.past().intention(key);
    let own = intention.map(|intention| of_cell(intention.decision.cell, engine)).unwrap_or_default();
    Event {
        key: Some(key.0.clone()),
        action: intention.map(|intention| intention.action.to_string()),
        decision: intention.map(|intention| intention.decision.to_string()),
        ..own
    }
}

fn stands(own: Event, standing: &Standing) -> Event {
    Event {
        looks: Some(standing.looks),
        verdict: Some(standing.verdict.word()),
        confidence: Some(standing.confidence()),
        ..own
    }
}

fn came(answer: &Answer) -> (&'static str, String) {
    match answer {
        Answer::Accepted { status, .. } => ("accepted", format!("status {status}")),
        Answer::Rejected { status, .. } => ("rejected", format!("status {status}")),
        Answer::Unsent { why } => ("unsent", why.clone()),
        Answer::Lost { why } => ("lost", why.clone()),
        Answer::Overtaken { why } => ("overtaken", why.clone()),
    }
}
