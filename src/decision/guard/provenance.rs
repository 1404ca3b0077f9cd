//! Who told of the change.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;
use crate::signal::Provenance;

/// What was only inferred, or told by nobody known, leads to telling at most.
pub(super) fn unattested(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    (kind.changes_target() && case.provenance != Provenance::Authenticated).then_some(Held::Unattested)
}

/// The same for the alert that asks for it.
pub(super) fn unattested_alert(case: &Case) -> Option<Held> {
    let (Wish::Do { kind, .. }, Some(alarm)) = (&case.wish, &case.alarm) else { return None };
    (kind.changes_target() && alarm.provenance != Provenance::Authenticated).then_some(Held::UnattestedAlert)
}
