//! Budgets that cannot be counted.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// The target does not say of what it is one, so whatever is spent there would be spent from nothing.
pub(super) fn unkeyed(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.unkeyed.filter(|_| kind.changes_target()).map(Held::Unkeyed)
}
