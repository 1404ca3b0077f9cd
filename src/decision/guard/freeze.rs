//! Freezes.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Nothing is changed by itself while a freeze holds it. Telling somebody changes nothing.
pub(super) fn frozen(case: &Case) -> Option<Held> {
    let changes = matches!(&case.wish, Wish::Do { kind, .. } if kind.changes_target());
    case.frozen.clone().filter(|_| changes).map(Held::Frozen)
}
