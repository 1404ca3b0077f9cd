//! Evidence that is not strong enough to undo a release by itself.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Before/after evidence alone, and a threshold alone, stop at a pause.
pub(super) fn weak_evidence(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.weak.first().filter(|_| kind.takes_back()).map(|weak| Held::WeakEvidence(*weak))
}
