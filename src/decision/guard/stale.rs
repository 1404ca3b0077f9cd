//! Evidence of the past.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// The last look is more than two looks ago, as after an outage: whatever is true by now, nothing is changed for it.
pub(super) fn stale(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.stale.filter(|_| kind.changes_target()).map(Held::Stale)
}
