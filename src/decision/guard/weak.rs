//! Evidence that is not strong enough to undo a release by itself.

use crate::decision::action::Kind;
use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Before/after evidence alone, and a threshold alone, stop at a pause.
pub(super) fn weak_evidence(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    let undoes = kind.changes_target() && !matches!(kind, Kind::Pause | Kind::Promote | Kind::Resume);
    case.weak.first().filter(|_| undoes).map(|weak| Held::WeakEvidence(*weak))
}
