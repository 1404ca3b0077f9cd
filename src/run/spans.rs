//! Spans of what is looked at and decided. All of a release are in one trace, whichever gates watch it: the watch of a gate
//! from the change to its end, and in it its looks and decisions.

use std::time::Duration;

use ring::digest;

use crate::decision::CellId;
use crate::engine::{Cell, Engine, Notice};
use crate::gate::{Ending, Standing, Upon};
use crate::signal::Change;
use crate::surface::analysis::{Advice, Analysis};
use crate::surface::otlp::{KeyValue, Kind, Span};
use crate::surface::watching::analysed;
use crate::unit::{Name, UnixMillis};

/// Spans that happen inside.
const INTERNAL: i32 = 1;

/// The span of a notice, of which a look took so long; nothing of most.
pub(crate) fn span(notice: &Notice, engine: &Engine, (now, took): (UnixMillis, Duration)) -> Option<Span> {
    let cell = |id: CellId| engine.cell(id);
    match notice {
        Notice::Looked(id, standing) => {
            let cell = cell(*id)?;
            let own = of_cell(cell, engine, standing);
            let gate = &engine.program().watches[cell.watch].gate;
            let analysis = analysed(engine, cell).filter(|_| gate.upon == Upon::Canary);
            let name = if analysis.is_some() { "canary.analysis" } else { "gate.look" };
            let more = analysis.map(|analysis| canary(&cell.change, &analysis)).unwrap_or_default();
            let salt = (standing.looks, "look");
            Some(child((cell, name, salt), (now, took), [own, more].concat()))
        }
        Notice::Decided(id, course) => {
            let cell = cell(id.cell)?;
            let mut own = of_cell(cell, engine, &cell.standing());
            own.push(KeyValue::new("backstop.decision", id.to_string()));
            own.push(KeyValue::new("backstop.course", course.to_string()));
            if let Some((_, ruling)) = cell.ruled.last() {
                let spoke: Vec<&str> = ruling.spoke.iter().map(crate::decision::Held::word).collect();
                own.push(KeyValue::new("backstop.guards", spoke.join(",")));
            }
            Some(child((cell, "gate.decision", (id.number, "decision")), (now, Duration::ZERO), own))
        }
        Notice::Ended(id, why, standing) => {
            let cell = cell(*id)?;
            Some(watch((*id, &cell.change), (of_cell(cell, engine, standing), *why), now))
        }
        // Its cell is gone with its gate; the change is still known.
        Notice::Withdrawn { cell, gate, change, target, standing } => {
            let mut known = engine.past().changes();
            let change = known.find(|known| (&known.id, &known.target) == (change, target))?;
            let own = of_gate((*cell, gate), change, standing);
            Some(watch((*cell, change), (own, Ending::Withdrawn), now))
        }
        Notice::Awaited(_)
        | Notice::Began(..)
        | Notice::Refused(..)
        | Notice::Sent(..)
        | Notice::Answered(..)
        | Notice::Closed(..)
        | Notice::Reloaded { .. }
        | Notice::Alerted(_)
        | Notice::Recovery(..) => None,
    }
}

/// The watch of a gate, which ends now.
fn watch(
    (id, change): (CellId, &Change),
    (mut attributes, why): (Vec<KeyValue>, Ending),
    now: UnixMillis,
) -> Span {
    attributes.push(KeyValue::new("backstop.ending", why.word()));
    let end = nanos(now);
    Span {
        trace_id: trace(change),
        span_id: id.0.to_be_bytes().to_vec(),
        parent_span_id: Vec::new(),
        name: "gate.watch".to_owned(),
        kind: INTERNAL,
        start_time_unix_nano: nanos(change.at).min(end),
        end_time_unix_nano: end,
        attributes,
    }
}

/// A span in the watch of a gate, which ends now.
fn child(
    (cell, name, salt): (&Cell, &str, (u32, &str)),
    (now, took): (UnixMillis, Duration),
    attributes: Vec<KeyValue>,
) -> Span {
    let end = nanos(now);
    let own = hashed(&[&cell.id.to_string(), salt.1, &salt.0.to_string()]);
    Span {
        trace_id: trace(&cell.change),
        span_id: own.as_ref()[..8].to_vec(),
        parent_span_id: cell.id.0.to_be_bytes().to_vec(),
        name: name.to_owned(),
        kind: INTERNAL,
        start_time_unix_nano: end.saturating_sub(u64::try_from(took.as_nanos()).unwrap_or(0)),
        end_time_unix_nano: end,
        attributes,
    }
}

fn of_cell(cell: &Cell, engine: &Engine, standing: &Standing) -> Vec<KeyValue> {
    of_gate((cell.id, &engine.program().watches[cell.watch].gate.name), &cell.change, standing)
}

/// What every span of a gate says.
fn of_gate((cell, gate): (CellId, &Name), change: &Change, standing: &Standing) -> Vec<KeyValue> {
    let target = &change.target;
    let mut own = vec![
        KeyValue::new("backstop.gate", gate.as_str()),
        KeyValue::new("backstop.cell", cell.to_string()),
        KeyValue::new("backstop.change", change.id.0.as_str()),
        KeyValue::new("backstop.service", target.service.as_str()),
        KeyValue::new("backstop.version", change.version.as_str()),
        KeyValue::new("backstop.looks", standing.looks),
        KeyValue::new("backstop.verdict", standing.verdict.word()),
        KeyValue::new("backstop.confidence", standing.confidence()),
    ];
    let told = [("backstop.environment", &target.environment), ("backstop.cluster", &target.cluster)];
    own.extend(told.into_iter().filter_map(|(key, text)| Some(KeyValue::new(key, text.as_deref()?))));
    own
}

/// What an analysis of a canary says. What is not known is left out.
fn canary(change: &Change, analysis: &Analysis) -> Vec<KeyValue> {
    let rate = analysis.results.error_rate;
    let latency = analysis.results.p99_latency;
    let decision = match analysis.decision {
        Advice::Promote => "promote",
        Advice::Rollback => "rollback",
        Advice::Continue => "continue",
    };
    let known: [(&str, Option<Kind>); 11] = [
        ("canary.service", Some(change.target.service.as_str().into())),
        ("canary.version", Some(change.version.as_str().into())),
        ("canary.stable_version", change.previous.as_deref().map(Kind::from)),
        ("canary.error_rate.canary", rate.and_then(|own| own.canary).map(Kind::from)),
        ("canary.error_rate.stable", rate.and_then(|own| own.stable).map(Kind::from)),
        ("canary.error_rate.passed", rate.and_then(|own| own.passed).map(Kind::from)),
        ("canary.p99.canary_ms", latency.and_then(|own| own.canary_ms).map(Kind::from)),
        ("canary.p99.stable_ms", latency.and_then(|own| own.stable_ms).map(Kind::from)),
        ("canary.p99.passed", latency.and_then(|own| own.passed).map(Kind::from)),
        ("canary.decision", Some(decision.into())),
        ("canary.analysis_duration_min", Some(analysis.analysis_duration_minutes.into())),
    ];
    known.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key, value?))).collect()
}

/// The trace of a release.
fn trace(change: &Change) -> Vec<u8> {
    let target = &change.target;
    let (environment, cluster) = (target.environment.as_deref(), target.cluster.as_deref());
    let parts = [&change.id.0, &target.service, environment.unwrap_or_default(), cluster.unwrap_or_default()];
    hashed(&parts.map(|part: &str| part)).as_ref()[..16].to_vec()
}

/// With its length, no part can pass for a piece of another.
fn hashed(parts: &[&str]) -> digest::Digest {
    let mut hash = digest::Context::new(&digest::SHA256);
    for part in parts {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finish()
}

fn nanos(at: UnixMillis) -> u64 {
    u64::try_from(at.millis()).unwrap_or(0).saturating_mul(1_000_000)
}
