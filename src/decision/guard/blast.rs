//! The blast radius: what would be undone at once, and what may be the one cause of it.

use crate::decision::action::Kind;
use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// What the target depends on was changed as well and fails: undoing that one may heal them all.
pub(super) fn suspect(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    case.suspect.clone().filter(|_| kind.disturbs()).map(Held::Suspect)
}

/// Many changes are being undone at once: a shared cause is likelier than so many bad releases.
pub(super) fn shared_cause(case: &Case) -> Option<Held> {
    let limit = case.undone_at_once?;
    (is_rollback(case) && limit <= case.undone_now)
        .then_some(Held::SharedCause { undone: case.undone_now, limit })
}

/// A large part of the services would be undone at once.
pub(super) fn too_many(case: &Case) -> Option<Held> {
    case.share.filter(|share| is_rollback(case) && share.most < share.undone).map(Held::TooMany)
}

const fn is_rollback(case: &Case) -> bool {
    matches!(&case.wish, Wish::Do { kind: Kind::Rollback, .. })
}
