//! Changes that cannot be undone.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// What ran before may not bear what the change left behind, such as a table that lacks a column: whether it does, a person
/// knows.
pub(super) fn irreversible(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.irreversible.clone().filter(|_| kind.takes_back()).map(Held::Irreversible)
}
