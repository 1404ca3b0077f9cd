//! Versions that were taken back already.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Somebody, or something that keeps the target as git says, brought again what was taken back: undoing it once more would
/// be a fight, and letting it go on would be to forget why. A person looks.
pub(super) fn taken_back(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.taken_back.filter(|_| kind.changes_target()).map(Held::TakenBack)
}
