//! The alert that began a gate, or that asks for something.

use crate::decision::{Alarm, Occasion};
use crate::ledger::episode::{Decided, Episode};
use crate::signal::Provenance;
use crate::unit::escaped;

/// What an alert is called, fit to be shown: whoever wrote its rule chose the words.
pub(super) fn name(alarm: &Alarm) -> String {
    escaped(alarm.name.clone())
}

/// Which alert it was, and what it may do.
pub(super) fn passage(episode: &Episode, decided: &Decided) -> Vec<String> {
    let Some(alarm) = decided.case.alarm.as_deref().or(episode.alarm.as_deref()) else { return Vec::new() };
    let known = match alarm.provenance {
        Provenance::Authenticated => "who may tell of alerts",
        Provenance::Unauthenticated | Provenance::Inferred => "by nobody in particular",
    };
    let mut lines = vec![format!("{alarm}, {known}; heard of last at {}", alarm.heard)];
    if 0 < alarm.others {
        let alerts = if alarm.others == 1 { "alert asks" } else { "alerts ask" };
        lines.push(format!("{} other {alerts} for the same", alarm.others));
    }
    lines.push(if decided.occasion == Occasion::Alerted {
        format!("`{}` of `incidents` asks for it: nothing was judged", alarm.rule)
    } else {
        format!("`{}` of `incidents` began this gate, which counts from the change on", alarm.rule)
    });
    lines.into_iter().map(escaped).collect()
}
