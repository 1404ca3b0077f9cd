//! The least confidence that the server file asks for an action of some kind, whatever a policy says.

use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// It is less sure than that. To touch what serves, it is the change that has to be to blame.
pub(super) fn below_floor(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    let floor = case.floor?;
    let sure = if kind.disturbs() { case.release.blames(floor) } else { case.release.reaches(floor) };
    (!sure).then_some(Held::BelowFloor(floor))
}
