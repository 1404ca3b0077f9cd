//! The blast radius.

use crate::decision::action::Kind;
use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// Many changes are being undone at once: a shared cause is likelier than so many bad releases.
pub(super) fn shared_cause(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    let limit = case.undone_at_once?;
    (*kind == Kind::Rollback && limit <= case.undone_now)
        .then_some(Held::SharedCause { undone: case.undone_now, limit })
}
