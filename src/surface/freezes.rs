//! Freezes, as JSON.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::decision::{During, Kind};
use crate::engine::Engine;
use crate::surface::value;
use crate::unit::UnixMillis;

/// Freezes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Freezes {
    /// Those that were announced, then those of the server file.
    pub freezes: Vec<FreezeShown>,
}

/// A freeze.
#[derive(Debug, Serialize, ToSchema)]
pub struct FreezeShown {
    /// What it is called.
    #[schema(examples("peak"))]
    pub freeze: String,
    /// Why there is one.
    pub why: String,
    /// Who announced it; null: it stands in the server file.
    pub by: Option<String>,
    /// When it begins; null: it is one of every week.
    pub from: Option<String>,
    /// When it is over, likewise.
    pub until: Option<String>,
    /// Whether it holds now.
    pub now: bool,
    /// What it holds back.
    #[schema(examples("rollback"))]
    pub holds: Vec<String>,
}

/// Those that were announced, then those of the server file.
pub fn shown(engine: &Engine, now: UnixMillis) -> Value {
    let words = |holds: &std::collections::BTreeSet<Kind>| holds.iter().map(Kind::to_string).collect();
    let announced = engine.past().announced().map(|known| FreezeShown {
        freeze: known.name.to_string(),
        why: known.why.clone(),
        by: Some(known.by.clone()),
        from: Some(known.from.to_string()),
        until: Some(known.until.to_string()),
        now: known.from <= now && now < known.until,
        holds: words(&known.holds),
    });
    let written = engine.program().freezes.iter().map(|freeze| {
        let once = match freeze.during {
            During::Once { from, until } => Some((from.to_string(), until.to_string())),
            During::Weekly { .. } => None,
        };
        let (from, until) = once.unzip();
        FreezeShown {
            freeze: freeze.name.to_string(),
            why: freeze.why.clone(),
            by: None,
            from,
            until,
            now: freeze.is_on(now),
            holds: words(&freeze.holds),
        }
    });
    value(&Freezes { freezes: announced.chain(written).collect() })
}
