//! What is watched now, as JSON.

use serde_json::{Value, json};

use crate::engine::{Cell, Engine, Flight, Phase, State};
use crate::surface::evidence::checks;
use crate::unit::UnixMillis;

/// All gates that watch something, or did a short while ago.
pub fn shown(engine: &Engine, now: UnixMillis) -> Value {
    json!({
        "mode": engine.program().mode.to_string(),
        "switched_off": engine.past().off,
        "gates": engine.cells().map(|cell| gate(engine, cell, now)).collect::<Vec<_>>(),
        "actions": engine.flights().map(flight).collect::<Vec<_>>(),
    })
}

fn gate(engine: &Engine, cell: &Cell, now: UnixMillis) -> Value {
    let (standing, gate) = (cell.standing(), &engine.program().watches[cell.watch].gate);
    // Whoever decides by a verdict has to know that it is one of now.
    let stale = cell.stale(now).is_some();
    let verdict = if stale { "inconclusive" } else { standing.verdict.word() };
    json!({
        "gate": gate.name.as_str(),
        "cell": cell.id.to_string(),
        "change": cell.change.id.0,
        "service": cell.change.target.service,
        "environment": cell.change.target.environment,
        "cluster": cell.change.target.cluster,
        "version": cell.change.version,
        "phase": match &cell.phase {
            Phase::Awaiting { .. } => "waiting for traffic",
            Phase::Warming { .. } => "warming up",
            Phase::Looking(_) => "looking",
            Phase::Over { .. } => "over",
        },
        "looks": standing.looks,
        "verdict": verdict,
        "stale": stale,
        "confidence": standing.confidence(),
        "checks": cell.trial().map(|trial| checks(trial, cell.every())),
        "decisions": (1..=cell.decisions).map(|number| format!("{}-{number}", cell.id)).collect::<Vec<_>>(),
    })
}

fn flight(flight: &Flight) -> Value {
    json!({
        "key": flight.intention.key.0,
        "action": flight.intention.action.as_str(),
        "decision": flight.intention.decision.to_string(),
        "service": flight.intention.target.service,
        "state": match flight.state {
            State::Journaling { .. } => "being written down",
            State::Sent { .. } => "sent",
            State::Taken { .. } => "taken, to be verified",
            State::Unknown { .. } => "unknown, to be verified",
            State::Resting { .. } => "to be tried again",
        },
    })
}
