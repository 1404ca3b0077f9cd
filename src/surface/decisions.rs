//! A decision with its grounds, as JSON.

use serde_json::{Value, json};

use crate::decision::{Authorship, DecisionId, Wish};
use crate::ledger::{Deed, DeedKind, Episode, rationale};
use crate::surface::http::shown_change;

/// A decision; nothing if the episode does not hold it.
pub fn shown(episode: &Episode, id: DecisionId) -> Option<Value> {
    let decided = episode.decision(id)?;
    let standing = decided.standing;
    let action = match &decided.case.wish {
        Wish::Nothing | Wish::Ask => None,
        Wish::Do { action, .. } => Some(action.to_string()),
    };
    Some(json!({
        "id": id.to_string(),
        "at": decided.at.to_string(),
        "gate": episode.gate.as_ref().map(ToString::to_string),
        "change": episode.change.as_ref().map(shown_change),
        "look": decided.look,
        "verdict": standing.verdict.word(),
        "confidence": decided.case.release.confidence(),
        "course": decided.ruling.course.to_string(),
        "action": action,
        "rule": decided.written.as_deref().map(written),
        "guards": decided.ruling.spoke.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "deeds": episode.deeds.iter().filter(|deed| belongs(episode, deed, id)).map(deed).collect::<Vec<_>>(),
        "rationale": rationale(episode, id),
    }))
}

/// Whether something that was done follows from a decision.
fn belongs(episode: &Episode, deed: &Deed, id: DecisionId) -> bool {
    episode.deeds.iter().any(|other| match &other.what {
        DeedKind::Intended(intention) => intention.decision == id && intention.key == deed.key,
        DeedKind::Retried(_) | DeedKind::Answered(..) | DeedKind::Closed(..) | DeedKind::Refused(_) => false,
    })
}

fn written(written: &Authorship) -> Value {
    let Authorship { path, head, commit, author, subject, changed } = written;
    json!({ "path": path, "head": head, "commit": commit, "author": author, "subject": subject, "changed": changed })
}

fn deed(deed: &Deed) -> Value {
    let (what, detail) = match &deed.what {
        DeedKind::Intended(intention) => ("intended", intention.action.to_string()),
        DeedKind::Retried(attempt) => ("retried", attempt.to_string()),
        DeedKind::Answered(_, answer) => ("answered", format!("{answer:?}")),
        DeedKind::Closed(outcome, why) => ("closed", format!("{outcome:?}: {why}")),
        DeedKind::Refused(why) => ("refused", why.to_string()),
    };
    json!({ "at": deed.at.to_string(), "key": deed.key.0, "what": what, "detail": detail })
}
