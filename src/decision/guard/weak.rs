//! Evidence that is not strong enough to undo a release by itself.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Before/after evidence alone, and a threshold alone, stop at a pause: they are no reason to touch what serves.
pub(super) fn weak_evidence(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.weak.first().filter(|_| kind.disturbs()).map(|weak| Held::WeakEvidence(*weak))
}
