//! What people are asked now, as JSON.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::decision::Key;
use crate::engine::{Asked, Cell, Engine};
use crate::surface::decisions::{HoldShown, hold_shown};
use crate::surface::value;
use crate::unit::UnixMillis;

/// What people are asked now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Approvals {
    /// The oldest first.
    pub approvals: Vec<Approval>,
}

/// Something that waits for somebody to agree.
#[derive(Debug, Serialize, ToSchema)]
pub struct Approval {
    /// The decision that asks.
    #[schema(examples("4f2a9c01b7e3d655-1"))]
    pub decision: String,
    /// What would be done, by its key.
    #[schema(examples("act_532300a4a7103ff1080e2b99"))]
    pub key: String,
    /// The action.
    #[schema(examples("take-back"))]
    pub action: String,
    /// The gate.
    pub gate: String,
    /// The change that it is about.
    pub change: String,
    /// The service.
    pub service: String,
    /// Its environment.
    pub environment: Option<String>,
    /// Its cluster.
    pub cluster: Option<String>,
    /// The version that the change brought.
    pub version: String,
    /// Since when it is asked.
    pub since: String,
    /// Until when; then it is judged again.
    pub until: String,
    /// What speaks against it: the words go back as `lifts`.
    pub holds: Vec<HoldShown>,
    /// Who agreed already.
    pub agreed: Vec<String>,
    /// How many have to agree.
    pub needed: usize,
}

/// What people are asked now.
pub fn asked(engine: &Engine, now: UnixMillis) -> Value {
    let approvals = engine.asked(now).into_iter();
    value(&Approvals { approvals: approvals.map(|asked| shown(engine, asked)).collect() })
}

fn shown(engine: &Engine, (cell, key, asked): (&Cell, &Key, &Asked)) -> Approval {
    let watch = &engine.program().watches[cell.watch];
    let (change, target) = (&cell.change, &cell.change.target);
    let named = watch.actions().find(|action| Key::of(&change.id, target, &action.name) == *key);
    let mut agreed: Vec<String> = asked.consents.iter().map(|consent| consent.by.to_string()).collect();
    agreed.dedup();
    Approval {
        decision: asked.decision.to_string(),
        key: key.0.clone(),
        action: named.map(|action| action.name.to_string()).unwrap_or_default(),
        gate: watch.gate.name.to_string(),
        change: change.id.0.clone(),
        service: target.service.clone(),
        environment: target.environment.clone(),
        cluster: target.cluster.clone(),
        version: change.version.clone(),
        since: asked.since.to_string(),
        until: engine.asked_until(asked).to_string(),
        holds: asked.spoke.iter().map(hold_shown).collect(),
        agreed,
        needed: asked.needed(),
    }
}
