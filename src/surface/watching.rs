//! What is watched now, as JSON.

use serde_json::{Value, json};

use crate::engine::{Cell, Engine, Flight, Phase, State};
use crate::ledger::reason;
use crate::signal::ChangeId;
use crate::surface::evidence::checks;
use crate::unit::UnixMillis;

/// All gates that watch something, or did a short while ago; of one change alone with what each check shows. That takes a
/// moment for each, which ten thousand gates do not have while nothing else is looked at.
pub fn shown(engine: &Engine, change: Option<&ChangeId>, now: UnixMillis) -> Value {
    let asked = engine.cells().filter(|cell| change.is_none_or(|change| *change == cell.change.id));
    let shown = |cell: &Cell| {
        let mut gate = gate(engine, cell, now);
        if let Some(trial) = cell.trial().filter(|_| change.is_some()) {
            gate["checks"] = checks(trial, cell.every()).into();
        }
        gate
    };
    json!({
        "mode": engine.program().mode.to_string(),
        "switched_off": engine.past().off,
        "gates": asked.map(shown).collect::<Vec<_>>(),
        "actions": engine.flights().map(flight).collect::<Vec<_>>(),
    })
}

fn gate(engine: &Engine, cell: &Cell, now: UnixMillis) -> Value {
    let (standing, gate) = (cell.standing(), &engine.program().watches[cell.watch].gate);
    // Whoever decides by a verdict has to know that it is one of now.
    let stale = engine.stale(cell, now);
    let verdict = if stale.is_some() { "inconclusive" } else { standing.verdict.word() };
    let reason = match stale {
        Some(last) => format!("its last look was at {last}"),
        None => reason(&standing.verdict, cell.terms()),
    };
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
        "reason": reason,
        "stale": stale.is_some(),
        "confidence": standing.confidence(),
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
