//! What somebody said no to.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Somebody was asked about this very thing, and it is not to be done. Whoever wants it after all does it by hand.
pub(super) fn declined(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.declined.clone().filter(|_| kind.changes_target()).map(Held::Declined)
}
