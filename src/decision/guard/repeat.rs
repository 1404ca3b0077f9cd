//! Rollbacks of rollbacks.

use crate::decision::action::Kind;
use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// A change to a version that already ran here is somebody's rollback: it is never undone without a person.
pub(super) fn ran_before(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    let moves = kind.changes_target() && !matches!(kind, Kind::Promote | Kind::Resume);
    (moves && case.ran_before).then_some(Held::RanBefore)
}
