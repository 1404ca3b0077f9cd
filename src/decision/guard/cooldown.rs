//! Cool-downs.

use crate::decision::action::Kind;
use crate::decision::case::{Case, Wish};
use crate::decision::ruling::Held;

/// The target was acted on a short while ago, for another change: escalation within one change is exempt.
pub(super) fn cooling_down(case: &Case) -> Option<Held> {
    let Wish::Do { kind, .. } = &case.wish else { return None };
    let since = case.last_acted?;
    let cooling = case.at < since.plus(case.cooldown);
    (cooling && kind.changes_target() && *kind != Kind::Promote)
        .then_some(Held::CoolingDown { since, cooldown: case.cooldown })
}
