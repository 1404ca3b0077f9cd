//! Incidents as JSON.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::decision::{Claimant, Incident, LedTo};
use crate::engine::Engine;
use crate::signal::TargetKey;
use crate::surface::value;
use crate::unit::UnixMillis;

/// Incidents, as far as they are shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentsNow {
    /// Those that are open, and those that were a short while ago.
    pub incidents: Vec<IncidentNow>,
    /// How many more there are.
    pub left_out: usize,
}

/// An incident.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Incident)]
pub struct IncidentNow {
    /// What the alert is called.
    #[schema(examples("HighErrors"))]
    pub name: String,
    /// What tells it from every other.
    pub fingerprint: String,
    /// Whether it fires: `firing` or `resolved`.
    #[schema(examples("firing"))]
    pub status: &'static str,
    /// Since when it fires, or fired.
    #[schema(format = DateTime)]
    pub starts: String,
    /// When it was told of first.
    #[schema(format = DateTime)]
    pub told: String,
    /// When it was told of last; null of one that is over.
    #[schema(format = DateTime)]
    pub heard: Option<String>,
    /// When it was told that it is over.
    #[schema(format = DateTime)]
    pub resolved: Option<String>,
    /// Who told of it first.
    pub by: String,
    /// Whose it is, target by target: none, where it is nobody's; several, where it is not clear.
    pub targets: Vec<TargetNow>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
    /// What its rule says of it.
    pub annotations: BTreeMap<String, String>,
    /// Where there is more to read.
    pub link: Option<String>,
    /// How many more alerts there were that nobody told of together with it.
    pub left_out: u64,
    /// What each entry of `incidents` made of it.
    pub led: Vec<LedNow>,
}

/// A target.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetNow {
    /// The service.
    pub service: String,
    /// Its environment.
    pub environment: Option<String>,
    /// Its cluster.
    pub cluster: Option<String>,
}

/// What became of an incident by an entry of `incidents`.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedNow {
    /// The entry.
    pub rule: String,
    /// What it led to: `began`, `asked` or `nothing`.
    #[schema(examples("asked"))]
    pub to: &'static str,
    /// The gate and change that it led to.
    pub cell: Option<String>,
    /// Why it led to nothing.
    pub why: Option<String>,
}

/// Incidents, those that are open first.
pub fn shown(engine: &Engine, limit: usize) -> Value {
    let known = engine.incidents();
    let open = known.open().map(|open| (&open.incident, Some(open.heard)));
    let mut all: Vec<(&Incident, Option<UnixMillis>)> =
        open.chain(known.over().map(|incident| (incident, None))).collect();
    all.sort_by_key(|(incident, heard)| {
        (heard.is_none(), Reverse((incident.at, &incident.alert.fingerprint)))
    });
    let left_out = all.len().saturating_sub(limit);
    all.truncate(limit);
    let incidents = all.into_iter().map(|(incident, heard)| now(incident, heard)).collect();
    value(&IncidentsNow { incidents, left_out })
}

fn now(incident: &Incident, heard: Option<UnixMillis>) -> IncidentNow {
    let Incident { alert, of, at, by, left_out, resolved, led, .. } = incident;
    IncidentNow {
        name: alert.name().to_owned(),
        fingerprint: alert.fingerprint.0.clone(),
        status: if resolved.is_some() { "resolved" } else { "firing" },
        starts: alert.starts.to_string(),
        told: at.to_string(),
        heard: heard.map(|heard| heard.to_string()),
        resolved: resolved.map(|resolved| resolved.to_string()),
        by: by.clone(),
        targets: match of {
            Claimant::Target(one) => vec![target(one)],
            Claimant::Nobody => Vec::new(),
            Claimant::Several(several) => several.iter().map(target).collect(),
        },
        labels: alert.labels.clone(),
        annotations: alert.annotations.clone(),
        link: alert.link.clone(),
        left_out: *left_out,
        led: led.iter().map(|led| came(led.rule.to_string(), &led.to)).collect(),
    }
}

fn target(key: &TargetKey) -> TargetNow {
    let TargetKey { service, environment, cluster } = key.clone();
    TargetNow { service, environment, cluster }
}

fn came(rule: String, to: &LedTo) -> LedNow {
    let (to, cell, why) = match to {
        LedTo::Began(cell) => ("began", Some(cell), None),
        LedTo::Asked(cell) => ("asked", Some(cell), None),
        LedTo::Nothing(why) => ("nothing", None, Some(why.clone())),
    };
    LedNow { rule, to, cell: cell.map(ToString::to_string), why }
}
